"""What members of consortia said by their own login: for the member and its leader, after the opening for who judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yiwang.business.trading.models import Lot
from yiwang.business.trading.parties import names
from yiwang.pure.kernel.actors import BIDDER, Actor


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """That ``member`` bids in the consortium that ``leader`` leads, as it said at ``given_at``."""

    lot: str
    member: str
    member_name: str
    leader: str
    leader_name: str
    given_at: datetime


def consents_of(actor: Actor, lot: Lot) -> tuple[ConsentLine, ...]:
    """What the actor's organisation said, and what was said to it as leader; oldest first."""
    if actor.role != BIDDER:
        return ()
    own = Q(member=actor.organisation) | Q(leader=actor.organisation)
    rows = list(lot.consents.filter(own, over_at=None).order_by("given_at", "id"))
    known = names(code for each in rows for code in (each.member, each.leader))
    return tuple(
        ConsentLine(lot.code, each.member, known[each.member], each.leader, known[each.leader], each.given_at)
        for each in rows
    )


def confirmed_members(lot: Lot) -> set[tuple[str, str]]:
    """(leader, member) of all that stood at the deadline: for those who may see whose bids were opened."""
    return set(lot.consents.filter(over_at=None).values_list("leader", "member"))
