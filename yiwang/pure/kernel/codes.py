"""Codes of the trade: 统一社会信用代码, regions (GB/T 2260), the works codes of 17, 20 and 23 characters."""

from __future__ import annotations

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from yiwang.pure.kernel.findings import Finding

USCC_SOURCE = "GB 32100-2015"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

REGIONS: dict[str, tuple[str, str]] = {
    "620500": ("天水市", "Tianshui"),
    "620502": ("秦州区", "Qinzhou"),
    "620503": ("麦积区", "Maiji"),
    "620521": ("清水县", "Qingshui"),
    "620522": ("秦安县", "Qin'an"),
    "620523": ("甘谷县", "Gangu"),
    "620524": ("武山县", "Wushan"),
    "620525": ("张家川回族自治县", "Zhangjiachuan"),
}


def uscc_findings(code: str, field: str = "code") -> list[Finding]:
    """Objections to a 统一社会信用代码: length, alphabet, check character (GB 32100-2015)."""
    try:
        uscc.validate(code)
    except ValidationError:
        return [Finding("uscc", USCC_SOURCE, {"code": code[:40]}, field)]
    return []


def uscc_of(body: str) -> str:
    """The 18-character code of a 17-character body (used for invented parties). ValueError on a bad body."""
    if len(body) != 17 or any(char not in _ALPHABET for char in body):
        raise ValueError(f"not the body of a code: {body}")
    return body + str(uscc.calc_check_digit(body))


PROJECT_CODE_LENGTH = 17  # the code of a lot begins with that of its project


def project_code(platform: str, year: int, serial: int) -> str:
    """17 characters: platform code of 11 (letter and ten digits), year of two, serial of four.

    The make-up of the last six is not confirmed by a primary text: it is a setting of the house.
    """
    if len(platform) != 11 or not 0 < serial < 10_000:
        raise ValueError(f"platform {platform!r}, serial {serial}")
    return f"{platform}{year % 100:02d}{serial:04d}"


def lot_code(project: str, tender: int, lot: int) -> str:
    """23 characters: project code of 17, tender project of 3, lot (标段) of 3."""
    if len(project) != 17 or not 0 < tender < 1000 or not 0 < lot < 1000:
        raise ValueError(f"{project!r}, {tender}, {lot}")
    return f"{project}{tender:03d}{lot:03d}"
