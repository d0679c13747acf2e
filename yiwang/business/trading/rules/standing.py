"""The days on which a tender stood still by order of the supervisor (招标条例 62), beside a period that ran on.

No statute says that a period stops for it: 招标条例 60 and 61 take days out of other periods, and name which. So the
period runs, what is late is said to be late, and the same sentence says on which days nobody was allowed to act.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Standstill:
    """From the day of the order to the day on which it was lifted, both included; None: it stands. ``by``: the body's name."""

    ordered_on: date
    lifted_on: date | None = None
    by: str = ""


def beside(orders: Iterable[Standstill], after_on: date, until_on: date) -> list[Standstill]:
    """The orders that stood on a day in (after_on, until_on]."""
    return [
        each
        for each in orders
        if max(each.ordered_on, after_on + timedelta(days=1)) <= min(each.lifted_on or until_on, until_on)
    ]


def stood_still(orders: Iterable[Standstill], after_on: date, until_on: date) -> dict[str, object]:
    """What a sentence says of the orders in (after_on, until_on]: ``stopped`` the spans, ``stopped_days`` the days touched.

    Empty where the tender stood still on none of these days.
    """
    spans, days = [], set()
    for each in beside(orders, after_on, until_on):
        begins = max(each.ordered_on, after_on + timedelta(days=1))
        ends = min(each.lifted_on or until_on, until_on)
        spans.append(f"{each.ordered_on.isoformat()}–{each.lifted_on.isoformat() if each.lifted_on else ''}")
        days |= {begins + timedelta(days=n) for n in range((ends - begins).days + 1)}
    return {"stopped": "、".join(spans), "stopped_days": len(days)} if days else {}
