"""What waits for whom while a committee sits online."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count, Q, QuerySet

from yiwang.business.trading.models import CommitteeMember, Inquiry, Lot
from yiwang.business.trading.rules.sitting import extension_due
from yiwang.business.trading.services.sitting import motions_of
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day


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
    rows = Inquiry.objects.filter(bid__bidder=actor.organisation, answered_at=None, bid__lot__in=lots)
    for each in rows.select_related("bid__lot__project"):
        yield each.bid.lot, each.code
