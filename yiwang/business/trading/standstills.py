"""What is late although nobody was allowed to act: said with the days of the supervisor's order (招标条例 62)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q

from yiwang.business.trading.models import StopOrder
from yiwang.business.trading.rules.standing import Standstill, stood_still
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words

# The periods that run on although their step is forbidden while an order stands.
BESIDE_ORDERS = frozenset({"W21-start", "W23"})

type Standstills = Mapping[str, list[Standstill]]


def standstills_since(since_at: datetime) -> Standstills:
    """The days on which the supervisor had lots suspended, by the lot's code: orders are few, so all are read."""
    found: dict[str, list[Standstill]] = {}
    rows = StopOrder.objects.filter(Q(lifted_at=None) | Q(lifted_at__gte=since_at))
    for code, ordered_at, lifted_at in rows.values_list("lot__code", "ordered_at", "lifted_at"):
        lifted_on = local_day(lifted_at) if lifted_at else None
        found.setdefault(code, []).append(Standstill(local_day(ordered_at), lifted_on))
    return found


def late_words(words: Words, clock: law.Clock, standstills: list[Standstill], today: date) -> Words:
    """``words`` of something late; where an order stood meanwhile, with its days."""
    anchor_on = local_day(clock.anchor) if isinstance(clock.anchor, datetime) else clock.anchor
    said = stood_still(standstills, anchor_on, today) if clock.limit.id in BESIDE_ORDERS else {}
    if not said:
        return words
    return Words(
        f"{words.zh}（其间责令暂停：{said['stopped']}，{said['stopped_days']} 日）",
        f"{words.en} (suspended by order meanwhile: {said['stopped']}, {said['stopped_days']} days)",
    )
