"""What waits for whom while a committee sits online."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from yiwang.business.trading.models import (
    CommitteeMember,
    DirectNaming,
    ExpertDraw,
    ExpertTicket,
    Inquiry,
    Lot,
)
from yiwang.business.trading.rules.expert_draw import ACCEPTED, CALLED
from yiwang.business.trading.rules.sitting import extension_due
from yiwang.business.trading.services.panel import counting
from yiwang.business.trading.services.sitting import motions_of
from yiwang.common.shell.api import one_of
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.record.journal.api import KeptQuery, Numbers


def own_seats(actor: Actor, lots: QuerySet[Lot]) -> Iterator[tuple[Lot, CommitteeMember]]:
    """The lots on whose committee the actor sits now, each with the seat."""
    seats = CommitteeMember.objects.filter(person=actor.person, replaced_at=None, lot__in=lots)
    for seat in seats.select_related("lot__project", "lot__report"):
        yield seat.lot, seat


def open_votes(lot: Lot, seat: CommitteeMember) -> bool:
    """Whether a motion waits for the vote of this member."""
    return motions_of(lot).filter(decided_at=None).exclude(votes__member=seat).exists()


def need_time(lots: Iterable[Lot]) -> set[int]:
    """The lots (ids) of whose committee more than a third asks for more time (W18), in one query."""
    days = {lot.pk: lot.law_on or local_day(lot.stage_since_at) for lot in lots}
    counted = CommitteeMember.objects.filter(lot_id__in=days, replaced_at=None).values("lot_id")
    rows = counted.annotate(size=Count("id"), asked=Count("id", filter=Q(asked_time_at__isnull=False)))
    return {
        row["lot_id"]
        for row in rows
        if row["asked"] and extension_due(row["size"], row["asked"], days[row["lot_id"]])
    }


def open_inquiries(actor: Actor, lots: QuerySet[Lot]) -> Iterator[tuple[Lot, str]]:
    """What the committee asked the actor's organisation and waits for: the lot and the code."""
    rows = counting(
        Inquiry.objects.filter(bid__bidder=actor.organisation, answered_at=None, bid__lot__in=lots)
    )
    for each in rows.select_related("bid__lot__project"):
        yield each.bid.lot, each.code


# How far the choice of the experts has come; a special tender, whose experts are named, has none of these.
OPEN, PLANNED, AWAITED, USED_UP, COMPLETE = "open", "planned", "awaited", "used-up", "complete"


_NAMED = KeptQuery(lambda lots: DirectNaming.objects.filter(one_of("lot_id", lots)).values_list("lot_id"))
_DRAWS = KeptQuery(
    lambda lots: (
        ExpertDraw.objects.filter(one_of("lot_id", lots), panel=F("lot__panel"))
        .order_by("number")
        .values_list("lot_id", "held_at", "wanted")
    )
)
_ANSWERS = KeptQuery(
    lambda lots: (
        ExpertTicket.objects.filter(
            one_of("draw__lot_id", lots), draw__panel=F("draw__lot__panel"), status__in=(ACCEPTED, CALLED)
        )
        .values("draw__lot_id")
        .annotate(
            accepted=Count("id", filter=Q(status=ACCEPTED)), called=Count("id", filter=Q(status=CALLED))
        )
        .values_list("draw__lot_id", "accepted", "called")
    )
)


def choosing_of(lots: Iterable[Lot]) -> dict[int, str]:
    """How far each lot (by id) has come with choosing its experts, in three queries whatever their number."""
    wanted = [each.pk for each in lots]
    if not wanted:
        return {}
    numbers = Numbers(",".join(map(str, wanted)))
    named = {lot for (lot,) in _NAMED.rows(numbers)}
    draws: dict[int, list[_Draw]] = {}
    for lot, held_at, asked in _DRAWS.rows(numbers):
        draws.setdefault(lot, []).append(_Draw(held_at, asked))
    answers = {lot: _Answers(accepted, called) for lot, accepted, called in _ANSWERS.rows(numbers)}
    none = _Answers(0, 0)
    return {lot: _chosen(draws.get(lot, []), answers.get(lot, none)) for lot in wanted if lot not in named}


class _Draw(NamedTuple):
    """When a draw was held (None: not yet), and what is wanted: [kind, specialty, count]."""

    held_at: datetime | None
    wanted: list[tuple[str, str, int]]


class _Answers(NamedTuple):
    """How many of those drawn for a lot will come, and how many have not answered."""

    accepted: int
    called: int


def _chosen(draws: list[_Draw], answers: _Answers) -> str:
    if not draws:
        return OPEN
    if draws[-1].held_at is None:
        return PLANNED
    if answers.called:
        return AWAITED
    needed = sum(count for _, _, count in draws[0].wanted)
    return COMPLETE if answers.accepted >= needed else USED_UP


def open_calls(actor: Actor) -> Iterator[tuple[Lot, str]]:
    """The calls that wait for an answer of an expert who was drawn: the lot and the ticket."""
    rows = ExpertTicket.objects.filter(
        person=actor.person,
        status=CALLED,
        draw__panel=F("draw__lot__panel"),
        draw__lot__stage__in=("opened", "evaluating"),
    )
    for each in rows.select_related("draw__lot__project").order_by("called_at", "id"):
        yield each.draw.lot, each.code
