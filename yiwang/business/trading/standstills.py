"""What is late although nobody was allowed to act: said with the order of the supervisor and its days (招标条例 62)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from yiwang.business.trading.models import Lot, StopOrder
from yiwang.business.trading.parties import names
from yiwang.business.trading.rules.standing import Standstill, beside, stood_still
from yiwang.business.trading.shapes import LotPage, ToDo
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words

# The periods that run on although their step is forbidden while an order stands.
BESIDE_ORDERS = frozenset({"W21-start", "W23"})
_BACK = timedelta(days=400)

type Standstills = Mapping[str, list[Standstill]]

STOPPED = Words(
    "行政监督部门责令暂停招标投标活动，等待恢复（招标投标法实施条例第六十二条）。",
    "Suspended by order of the supervisor, until it is lifted (Implementing Regulations of the Bidding Law, art. 62).",
)
RUNS_ON = Words("法定期限照常计算，不因责令暂停延长。", "The period of the law runs on meanwhile.")


def standstills_since(since_at: datetime) -> Standstills:
    """The days on which the supervisor had lots suspended, by the lot's code: orders are few, so all are read."""
    return _read(StopOrder.objects.filter(Q(lifted_at=None) | Q(lifted_at__gte=since_at)))


def _read(rows: QuerySet[StopOrder]) -> Standstills:
    found: dict[str, list[Standstill]] = {}
    # The codes of lots are not joined: SQLite would walk all lots to find the orders of each.
    read = list(rows.values_list("lot_id", "ordered_at", "lifted_at", "complaint__authority"))
    lots = Lot.objects.filter(pk__in={lot for lot, *_ in read}).order_by()
    codes = dict(lots.values_list("pk", "code")) if read else {}
    bodies = names(authority for *_, authority in read) if read else {}
    for lot, ordered_at, lifted_at, authority in read:
        lifted_on = local_day(lifted_at) if lifted_at else None
        still = Standstill(local_day(ordered_at), lifted_on, bodies[authority])
        found.setdefault(codes[lot], []).append(still)
    return found


def beside_words(clock: law.Clock, standstills: Sequence[Standstill], today: date) -> Words | None:
    """Whose orders stood beside a period that ran on, and on which days up to ``today``; None where none did."""
    if clock.limit.id not in BESIDE_ORDERS:
        return None
    anchor_on = local_day(clock.anchor) if isinstance(clock.anchor, datetime) else clock.anchor
    said = stood_still(standstills, anchor_on, today)
    if not said:
        return None
    spans, days = said["stopped"], said["stopped_days"]
    bodies = "、".join(sorted({each.by for each in beside(standstills, anchor_on, today)}))
    return Words(
        f"其间{bodies}责令暂停：{spans}，{days} 日",
        f"suspended meanwhile by order of {bodies}: {spans}, {days} days",
    )


def late_words(words: Words, clock: law.Clock, standstills: Sequence[Standstill], today: date) -> Words:
    """``words`` of something late; where an order stood meanwhile, with the body and its days."""
    said = beside_words(clock, standstills, today)
    return Words(f"{words.zh}（{said.zh}）", f"{words.en} ({said.en})") if said else words


def stopped_words(standstills: Sequence[Standstill], today: date) -> Words:
    """That nothing goes on while an order stands: whose it is, since when, and how many days by ``today``."""
    standing = next((each for each in standstills if each.lifted_on is None), None)
    if standing is None:
        return STOPPED
    since, days = standing.ordered_on.isoformat(), (today - standing.ordered_on).days + 1
    return Words(
        f"{standing.by}责令暂停招标投标活动（{since} 起，第 {days} 日），等待恢复（招标投标法实施条例第六十二条）。",
        f"Suspended by order of {standing.by} (since {since}, day {days}), until it is lifted (Implementing Regulations of the Bidding Law, art. 62).",
    )


def with_orders(found: list[ToDo], at: datetime) -> list[ToDo]:
    """To-dos that an order keeps waiting, or whose period ran on beside one, with that order and its days."""
    if not any(each.waiting is STOPPED or _runs_on(each.clock) for each in found):
        return found
    stood, today = standstills_since(at - _BACK), local_day(at)
    return [_with_order(each, stood.get(each.lot, []), today) for each in found]


def _runs_on(clock: law.Clock | None) -> bool:
    return clock is not None and clock.limit.id in BESIDE_ORDERS


def _with_order(todo: ToDo, standstills: Sequence[Standstill], today: date) -> ToDo:
    if todo.waiting is STOPPED:
        beside = RUNS_ON if _runs_on(todo.clock) else None
        return replace(todo, waiting=stopped_words(standstills, today), beside=beside)
    if todo.clock is None or todo.waiting is not None or not standstills:
        return todo
    return replace(todo, beside=beside_words(todo.clock, standstills, today))


def orders_beside(stored: Lot, page: LotPage, at: datetime) -> tuple[Words | None, dict[str, Words]]:
    """Of the page of one lot: the order that stands now, and by limit what stood beside a period that ran on."""
    concerned = [each for each in page.clocks if each.limit.id in BESIDE_ORDERS]
    if page.stopped_at is None and not concerned:
        return None, {}
    standstills, today = _read(StopOrder.objects.filter(lot=stored)).get(stored.code, []), local_day(at)
    began_on = local_day(stored.publicity_from_at) if stored.publicity_from_at else None
    done_on = {"W21-start": began_on, "W23": page.contract_on}
    said = {
        each.limit.id: beside_words(each, standstills, min(done_on[each.limit.id] or today, today))
        for each in concerned
    }
    standing = stopped_words(standstills, today) if page.stopped_at else None
    return standing, {limit: words for limit, words in said.items() if words}
