"""Exact decimal arithmetic: products and sums lose no digit, and a quotient is rounded once, half up. Pure."""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow

# Anything that would not fit is an error, never a silently rounded number.
EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


def product(*factors: Decimal | int) -> Decimal:
    """The exact product. Raises decimal.Inexact where it has more than 400 digits."""
    result = Decimal(1)
    for each in factors:
        result = EXACT.multiply(result, Decimal(each))
    return result


def total(*terms: Decimal | int) -> Decimal:
    """The exact sum. Raises decimal.Inexact where it has more than 400 digits."""
    result = Decimal(0)
    for each in terms:
        result = EXACT.add(result, Decimal(each))
    return result


def half_up(numerator: Decimal | int, denominator: Decimal | int, decimals: int) -> Decimal:
    """``numerator`` / ``denominator`` with ``decimals`` decimals, the exact half away from zero (四舍五入).

    Decided on whole numbers: a decimal quotient of limited precision could turn what lies just below a half into
    one. Raises ValueError unless the denominator is above zero.
    """
    if denominator <= 0:
        raise ValueError(f"not above zero: {denominator}")
    top, top_parts = Decimal(numerator).as_integer_ratio()
    bottom, bottom_parts = Decimal(denominator).as_integer_ratio()
    top, bottom = top * bottom_parts * 10**decimals, bottom * top_parts
    size = (2 * abs(top) + bottom) // (2 * bottom)
    return EXACT.scaleb(Decimal(-size if top < 0 else size), -decimals)
