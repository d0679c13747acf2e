"""Interest of the bank on what was held, and whether a refund was noted rightly. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from yiwang.law import api as law
from yiwang.pure.kernel.findings import WARNING, Finding

RATE = "H-deposit-rate"
DAYS_OF_A_YEAR = 360  # how banks count the days of a year for current accounts


def interest_fen(principal_fen: int, from_on: date, to_on: date) -> int:
    """Interest of a current account on ``principal_fen`` for the days from ``from_on`` until before ``to_on``.

    Every day at the rate that was in force on it (a setting of the house); rounded half up to a fen at the end.
    """
    spans = law.limit_spans(RATE, from_on, to_on)
    shares = sum((row.share * days for row, days in spans), Fraction(0))
    return int(principal_fen * shares / DAYS_OF_A_YEAR + Fraction(1, 2))


def done_findings(
    arose_on: date, done_on: date, due_on: date | None, today: date, limit_id: str, on: date
) -> Iterator[Finding]:
    """A refund lies between its cause and today; after its last day it is noted all the same, as late."""
    if done_on < arose_on:
        yield Finding("refund-before-cause", params={"arose_on": arose_on.isoformat()}, field="done_on")
    if done_on > today:
        yield Finding("refund-in-the-future", field="done_on")
    if due_on is not None and done_on > due_on:
        source = law.limit(limit_id, on=on).source
        yield Finding("refund-late", source, {"due_on": due_on.isoformat()}, "done_on", WARNING)
