"""Money: integers of fen (分) inside, ``Decimal`` yuan where a person writes it. Never float."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, localcontext

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
MAX_FEN = 2**53 - 1
_WRITTEN = re.compile(r"[+-]?([0-9]{1,24}(\.[0-9]{0,24})?|\.[0-9]{1,24})([eE][+-]?[0-9]{1,2})?")
_ALL_DIGITS = 60  # more than such a text has: nothing is rounded away before it is looked at


class NotMoney(ValueError):
    """The text is no amount in yuan with at most two decimals, or is out of range."""


def fen_from_yuan(text: str | Decimal | int) -> int:
    """Fen of an amount in yuan, exactly; at most two decimals, 0 … 90 万亿.

    Thousands separators, full-width forms and surrounding space are allowed. Raises NotMoney otherwise.
    """
    plain = f"{text:f}" if isinstance(text, Decimal) else unicodedata.normalize("NFKC", str(text))
    written = plain.replace(",", "").strip()
    if not _WRITTEN.fullmatch(written):
        raise NotMoney(str(text))
    with localcontext(prec=_ALL_DIGITS):
        fen = Decimal(written) * FEN_PER_YUAN
    if fen != int(fen) or not 0 <= fen <= MAX_FEN:
        raise NotMoney(str(text))
    return int(fen)


def yuan(fen: int) -> Decimal:
    """Yuan with two decimals of an amount in fen."""
    return (Decimal(fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))


def shown_yuan(fen: int) -> str:
    """``1,234,567.00``: yuan with thousands separators and two decimals, without the unit."""
    return f"{yuan(fen):,.2f}"


def shown_wan(fen: int) -> str:
    """万元 with thousands separators and six decimals cut to what is needed (at least two)."""
    text = f"{Decimal(fen) / FEN_PER_WAN:,.6f}"
    whole, decimals = text.split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def percent_of(fen: int, percent: Decimal) -> int:
    """``percent`` per cent of ``fen``, rounded half up to the fen."""
    return int((Decimal(fen) * percent / 100).to_integral_value(ROUND_HALF_UP))
