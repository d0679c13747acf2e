"""A whole committee stands down by order (招标条例 70): its members are told, and what it waited for ends with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from yiwang.business.trading.models import Complaint, DirectNaming, ExpertTicket, Inquiry, Lot
from yiwang.business.trading.rules.complaining import NEW_COMMITTEE
from yiwang.business.trading.rules.expert_draw import ACCEPTED, CALLED
from yiwang.business.trading.rules.facts import MemberFacts
from yiwang.business.trading.services.panel import counting, draws_of, namesakes
from yiwang.business.trading.services.sitting import seated
from yiwang.business.trading.services.steps import tell


def stand_down(lot: Lot, why: str, at: datetime) -> None:
    """All members leave, another committee is to be chosen. ``lot`` is locked.

    Told is that they sit no more, and that the body ordered it, which is public; never for what complaint.
    """
    members = [each.person for each in seated(lot) if each.person]
    calls = ExpertTicket.objects.filter(draw__in=draws_of(lot), status__in=(CALLED, ACCEPTED))
    waiting = calls.exclude(person__in=members).values_list("person", flat=True)
    for matter, people in (("stood-down", members), ("call-ended", sorted(set(waiting)))):
        for person in people:
            tell(lot, [""], matter, at, person=person)  # an expert acts for no organisation
    unanswered = counting(Inquiry.objects.filter(bid__lot=lot, answered_at=None))
    for bidder, code in unanswered.values_list("bid__bidder", "code"):
        tell(lot, [bidder], "inquiry-ended", at, code)
    lot.committee.filter(replaced_at=None).update(replaced_at=at, replaced_why=why, asked_time_at=None)
    Lot.objects.filter(pk=lot.pk).update(panel=F("panel") + 1)
    # Said of the committee that is no more; it stays on record.
    DirectNaming.objects.filter(lot=lot).delete()


def tell_of_namesakes(lot: Lot, members: Iterable[MemberFacts], at: datetime) -> None:
    """The bodies that ordered the new committee learn that a namesake of who stood down sits on it (招标条例 70).

    Who it is, and what tells them apart, they read with the members of the committee.
    """
    if not namesakes(lot, members):
        return
    ordered = Complaint.objects.filter(lot=lot, correction=NEW_COMMITTEE).order_by("id")
    for authority, code in dict(ordered.values_list("authority", "code")).items():
        tell(lot, [authority], "namesake-seated", at, code)
