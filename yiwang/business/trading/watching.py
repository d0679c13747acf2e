"""Reads for the supervisor and the centre: every lot that stands still, is late, or was warned of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.business.trading.calendar import owed
from yiwang.business.trading.complaints import complaints_due
from yiwang.business.trading.models import Lot, Warned
from yiwang.business.trading.queries import lots_for, standing_still
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import WARNING, Finding
from yiwang.pure.kernel.words import Words

SUSPENDED, LATE, WARNED = "suspended", "late", "warned"
_BACK = timedelta(days=400)
_READ = ("code", "name", "project__name", "project__tenderee", "project__agency")  # of a lot
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


def _watched(lot: Lot, kind: str, since_at: datetime, source: str, words: Words | None = None, finding: Finding | None = None, due_at: datetime | None = None, days_late: int | None = None) -> Watched:  # fmt: skip
    project = lot.project
    return Watched(
        kind, lot.code, lot.name, project.name, project.tenderee, project.agency, words, finding, source,
        since_at, due_at, days_late,
    )  # fmt: skip


def watched(actor: Actor, now: datetime) -> list[Watched]:
    """All of it, the newest first. Warnings go back 400 days."""
    found = [*_suspended(now), *_late(actor, now), *_late_complaints(actor, now), *_warned(now)]
    return sorted(found, key=lambda each: each.since_at, reverse=True)


def _suspended(now: datetime) -> Iterator[Watched]:
    for lot in standing_still(Lot.objects.select_related("project")):
        since_at = lot.suspended_at or lot.postponed_at
        assert since_at is not None
        if lot.stopped_at is not None:
            source = law.rule("W28-suspend", on=lot.law_on or local_day(now)).source
            words = Words("行政监督部门责令暂停", "Suspended by order of the supervisor")
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


def _late(actor: Actor, now: datetime) -> Iterator[Watched]:
    overdue = owed(actor, lots_for(actor), now)
    read = Lot.objects.select_related("project").only(*_READ)
    lots = read.in_bulk({each.lot for each in overdue}, field_name="code")
    for each in overdue:
        if each.clock is not None:
            days = (local_day(now) - each.on).days
            yield _watched(
                lots[each.lot], LATE, each.at, each.clock.limit.source, each.words, None, each.at, days
            )


LATE_COMPLAINTS = {
    "received": Words("尚未决定是否受理投诉", "A complaint is neither accepted nor refused"),
    "accepted": Words("尚未作出投诉处理决定", "A complaint is not decided"),
}


def _late_complaints(actor: Actor, now: datetime) -> Iterator[Watched]:
    """What the actor's own body owes; nobody else learns that there is a complaint."""
    for row, lot, clock in complaints_due(actor):
        if clock is not None and clock.result_at <= now:
            late_on = local_day(clock.result_at - timedelta(seconds=1))
            days, words = (local_day(now) - late_on).days, LATE_COMPLAINTS[row.stage]
            yield _watched(lot, LATE, clock.result_at, clock.limit.source, words, None, clock.result_at, days)


def _warned(now: datetime) -> Iterator[Watched]:
    rows = Warned.objects.select_related("lot", "lot__project").filter(at__gte=now - _BACK)
    rows = rows.only("rule", "source", "params", "at", *(f"lot__{each}" for each in _READ))
    for row in rows[:MOST_WARNINGS]:
        finding = Finding(row.rule, row.source, row.params, level=WARNING)
        yield _watched(row.lot, WARNED, row.at, row.source, None, finding)
