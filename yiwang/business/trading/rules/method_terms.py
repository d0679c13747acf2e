"""What the documents say about evaluation, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

LOWEST = "lowest-evaluated-price"
TECHNICAL, COMMERCIAL = "technical", "commercial"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionTerms:
    """A criterion that the experts score, from ``least`` to ``full`` points.

    ``objective``: what follows from papers alone, so that every expert gives the same. ``part`` is technical or
    commercial.
    """

    id: str
    title: str
    part: str
    objective: bool
    full: Decimal
    least: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodTerms:
    """The method with its parameters; ``id`` is that of the law's row (``law/evaluation``).

    ``price_full`` is F, ``above`` E1, ``below`` E2 (``rules/scoring.py``). ``down`` (variant C), ``k`` and ``q`` (D)
    are the options of the coefficients; where there are several, one is drawn at the opening. ``tie`` is what the
    documents provide where totals and prices are equal.
    """

    id: str = LOWEST
    price_full: Decimal = Decimal(0)
    above: Decimal = Decimal(0)
    below: Decimal = Decimal(0)
    trim_from: int = 5
    trim_each: int = 1
    down: tuple[Decimal, ...] = ()
    k: tuple[Decimal, ...] = ()
    q: tuple[Decimal, ...] = ()
    criteria: tuple[CriterionTerms, ...] = ()
    deviation_decimals: int = 2
    score_decimals: int = 2
    tie: str = ""

    @property
    def scores(self) -> bool:
        """Whether bids are scored; else the lowest evaluated price is first."""
        return self.id != LOWEST


LOWEST_PRICE = MethodTerms()
