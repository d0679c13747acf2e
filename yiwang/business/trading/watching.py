"""Reads for the supervisor and the centre: every lot that stands still, is late, or was warned of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.business.trading.calendar import CountedLot, NamedLot, owed, read_lots
from yiwang.business.trading.complaints import complaints_due
from yiwang.business.trading.models import Lot, Warned
from yiwang.business.trading.queries import lots_for, standing_still
from yiwang.business.trading.standstills import Standstills, late_words, standstills_since, stopped_words
from yiwang.common.shell.api import one_of
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import WARNING, Finding
from yiwang.pure.kernel.words import Words

SUSPENDED, LATE, WARNED = "suspended", "late", "warned"
_BACK = timedelta(days=400)
MOST_WARNINGS = 2000


@dataclass(frozen=True, slots=True)
class Watched:
    """Something about a lot that asks for a look. ``words`` or ``finding`` says what, ``source`` by which article.

    ``since_at`` is when it began, ``due_at`` the instant that passed (None where none did).
    """

    kind: str
    lot: str
    lot_name: str
    project: str
    tenderee: str
    agency: str
    words: Words | None
    finding: Finding | None
    source: str
    since_at: datetime
    due_at: datetime | None
    days_late: int | None


def _watched(lot: NamedLot, kind: str, since_at: datetime, source: str, words: Words | None = None, finding: Finding | None = None, due_at: datetime | None = None, days_late: int | None = None) -> Watched:  # fmt: skip
    return Watched(
        kind, lot.code, lot.name, lot.project, lot.tenderee, lot.agency, words, finding, source,
        since_at, due_at, days_late,
    )  # fmt: skip


def watched(actor: Actor, now: datetime) -> list[Watched]:
    """All of it, the newest first. Warnings go back 400 days."""
    stood = standstills_since(now - _BACK)
    found = [*_suspended(stood, now), *_late(actor, stood, now), *_late_complaints(actor, now), *_warned(now)]
    return sorted(found, key=lambda each: each.since_at, reverse=True)


def _suspended(stood: Standstills, now: datetime) -> Iterator[Watched]:
    today = local_day(now)
    for lot in read_lots(standing_still(Lot.objects.all()), CountedLot):
        since_at = lot.suspended_at or lot.postponed_at
        assert since_at is not None
        if lot.stopped_at is not None:
            source = law.rule("W28-suspend", on=lot.law_on or local_day(now)).source
            words = stopped_words(stood.get(lot.code, []), today)
            yield _watched(lot, SUSPENDED, lot.stopped_at, source, words)
        elif lot.suspended_at is not None:
            source = law.limit("W08", on=lot.law_on or local_day(now)).source
            yield _watched(
                lot,
                SUSPENDED,
                since_at,
                source,
                Words("有异议待答复，招标暂停", "Suspended until an objection is answered"),
            )
        else:
            source = law.limit("W07", on=lot.law_on or local_day(now)).source
            words = Words(
                "暂停期间截止时间已过，等待新的截止时间",
                "The deadline passed in suspension: a new one has to be set",
            )
            yield _watched(lot, SUSPENDED, since_at, source, words)


def _late(actor: Actor, stood: Standstills, now: datetime) -> Iterator[Watched]:
    today = local_day(now)
    for lot, each in owed(actor, lots_for(actor), now):
        if each.clock is not None:
            words = late_words(each.words, each.clock, stood.get(lot.code, []), today)
            days = (today - each.on).days
            yield _watched(lot, LATE, each.at, each.clock.limit.source, words, None, each.at, days)


LATE_COMPLAINTS = {
    "received": Words("尚未决定是否受理投诉", "A complaint is neither accepted nor refused"),
    "accepted": Words("尚未作出投诉处理决定", "A complaint is not decided"),
}


def _late_complaints(actor: Actor, now: datetime) -> Iterator[Watched]:
    """What the actor's own body owes; nobody else learns that there is a complaint."""
    late = [
        (row, clock)
        for row, _, clock in complaints_due(actor)
        if clock is not None and clock.result_at <= now
    ]
    lots = _lots({row.lot_id for row, _ in late})
    for row, clock in late:
        late_on = local_day(clock.result_at - timedelta(seconds=1))
        days, words = (local_day(now) - late_on).days, LATE_COMPLAINTS[row.stage]
        lot, source = lots[row.lot_id], clock.limit.source
        yield _watched(lot, LATE, clock.result_at, source, words, None, clock.result_at, days)


def _lots(keys: Collection[int]) -> dict[int, NamedLot]:
    read = read_lots(Lot.objects.filter(one_of("pk", keys)), NamedLot) if keys else []
    return {each.pk: each for each in read}


def _warned(now: datetime) -> Iterator[Watched]:
    rows = Warned.objects.filter(at__gte=now - _BACK)
    read = list(rows.values_list("lot_id", "rule", "source", "params", "at")[:MOST_WARNINGS])
    lots = _lots({row[0] for row in read})
    for pk, rule, source, params, at in read:
        yield _watched(lots[pk], WARNED, at, source, None, Finding(rule, source, params, level=WARNING))
