"""Names of parties as pages and notices show them."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.common.identity.api import Party, organisations


def party(code: str) -> Party | None:
    """The organisation with this code; None for "" and for codes that nobody has."""
    return organisations([code]).get(code) if code else None


def names(codes: Iterable[str]) -> dict[str, str]:
    """Names by code, in one query; a code that nobody has stands for itself."""
    wanted = set(codes) - {""}
    found = organisations(wanted)
    return {code: found[code].name if code in found else code for code in wanted}
