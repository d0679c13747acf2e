"""How the experts of a lot are chosen so far: what the verbs and the rules about it are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from yiwang.business.trading.models import (
    CommitteeMember,
    ExpertDraw,
    ExpertTicket,
    Inquiry,
    Lot,
    Reviewer,
)
from yiwang.business.trading.rules.complaining import ORDER
from yiwang.business.trading.rules.expert_draw import ACCEPTED, CALLED, Candidate, Ticket
from yiwang.business.trading.rules.facts import MemberFacts, StepFacts
from yiwang.business.trading.rules.panel_facts import DrawnElsewhere, PanelFacts, Wanted
from yiwang.business.trading.services.steps import lot_facts, taking_part
from yiwang.common.identity.api import ExpertLine, experts, organisations
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.sameness import key

REPRESENTATIVE = "representative"


def wanted_of(draw: ExpertDraw) -> tuple[Wanted, ...]:
    """What a draw is to draw."""
    return tuple(
        Wanted(kind=kind, specialty=specialty, count=count) for kind, specialty, count in draw.wanted
    )


def running_draw(lot: Lot) -> ExpertDraw | None:
    """The draw that is planned and not held yet; None where there is none."""
    return draws_of(lot).filter(held_at=None).first()


def draws_of(lot: Lot) -> QuerySet[ExpertDraw]:
    """The draws for the committee that the lot has or is to have; those for one that was stood down are not among them."""
    return lot.expert_draws.filter(panel=lot.panel)


def counting(inquiries: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """Those of ``inquiries`` that the present committee asked: the others ended with the committee that was stood down."""
    gone = CommitteeMember.objects.filter(lot=OuterRef("bid__lot"), replaced_why=ORDER)
    return inquiries.filter(~Exists(gone.filter(pk__gte=OuterRef("member"))))


def stood_down(lot: Lot) -> QuerySet[CommitteeMember]:
    """Who sat in a committee that an order stood down."""
    return lot.committee.filter(replaced_why=ORDER)


def stood_down_among[Person: (MemberFacts, ExpertLine)](
    lot: Lot, people: Iterable[Person]
) -> tuple[Person, ...]:
    """Those of ``people`` who were stood down by order."""
    return same_as(stood_down(lot), people)


def same_as[Person: (MemberFacts, ExpertLine)](
    seats: Iterable[CommitteeMember | Reviewer], people: Iterable[Person]
) -> tuple[Person, ...]:
    """Those of ``people`` who sat in ``seats``: the same login; where one of both sat or is to sit on paper, the same name."""
    gone = list(seats)
    logins, names = {each.person for each in gone if each.person}, {key(each.name) for each in gone}
    on_paper = {key(each.name) for each in gone if not each.person}
    return tuple(
        each
        for each in people
        if each.person in logins or key(each.name) in (on_paper if each.person else names)
    )


def names_stood_down(lot: Lot, members: Iterable[MemberFacts]) -> tuple[str, ...]:
    """The names of those about to sit who were stood down by order."""
    return _not_told_apart(stood_down_among(lot, members))


def namesakes(lot: Lot, members: Iterable[MemberFacts]) -> tuple[MemberFacts, ...]:
    """Those about to sit who have the name of somebody stood down and were told apart from them."""
    among = stood_down_among(lot, members)
    return tuple(each for each in among if statement_of(each))


def _not_told_apart(found: Iterable[MemberFacts]) -> tuple[str, ...]:
    """The names of those ``found`` of whom it is not said that they are another person."""
    return tuple(each.name for each in found if not statement_of(each))


def returning(
    seats: QuerySet[CommitteeMember] | QuerySet[Reviewer],
    leaving: CommitteeMember | Reviewer,
    new: MemberFacts,
) -> tuple[MemberFacts, ...]:
    """Who is to follow, where that is who leaves or was replaced there before (of an order see above)."""
    replaced = seats.filter(replaced_at__isnull=False).exclude(replaced_why=ORDER)
    return same_as([leaving, *replaced], [new])


def accepted_of(lot: Lot) -> list[ExpertTicket]:
    """Who was drawn for a lot and accepted, in the order in which they were called."""
    rows = ExpertTicket.objects.filter(draw__lot=lot, draw__panel=lot.panel, status=ACCEPTED)
    return list(rows.order_by("draw__number", "place", "turn"))


def representatives_of(lot: Lot) -> list[str]:
    """The persons whom the tenderee named to represent it, in the plan of the first draw for this committee."""
    draw = draws_of(lot).order_by("number").first()
    return list(draw.representatives) if draw else []


def panel_facts(
    lot: Lot,
    wanted: Sequence[Wanted] = (),
    tickets: Sequence[Ticket] | Sequence[tuple[ExpertLine, Ticket]] = (),
    representatives: Sequence[str] = (),
    pool: Sequence[ExpertLine] | None = None,
    elsewhere: DrawnElsewhere | None = None,
) -> PanelFacts:
    """The state of the choice; what is about to be done beside it. Tickets that are excluded fit nothing."""
    draws = list(draws_of(lot))
    held = [each for each in draws if each.held_at is not None]
    accepted = accepted_of(lot)
    needed = sum(each.count for each in wanted_of(held[0])) if held else 0
    waiting = ExpertTicket.objects.filter(draw__in=draws, status=CALLED).exists()
    missing = max(0, needed - len(accepted))
    flat = [each[1] if isinstance(each, tuple) else each for each in tickets]
    may = {each.person for each in pool or () if each.kind == REPRESENTATIVE}
    return PanelFacts(
        planned=any(each.held_at is None for each in draws),
        held=bool(held),
        direct=hasattr(lot, "direct_naming"),
        accepted=frozenset(each.person for each in accepted),
        seated=len(accepted),
        missing=missing,
        goes_on=waiting or not missing,
        wanted=tuple(wanted),
        fitting=tuple(sum(each.fits(want) and not each.excluded for each in flat) for want in wanted),
        representatives=len(representatives),
        strange_representatives=pool is not None and not set(representatives) <= may,
        elsewhere=elsewhere,
    )


def panel_step(lot: Lot, by: Actor, at: datetime, panel: PanelFacts, **more: Any) -> StepFacts:
    """The facts of a step about the choice of experts; the bidders are known from the opening on."""
    bidders = taking_part(lot)
    return StepFacts(at=at, by=by, lot=lot_facts(lot, at), bidders=bidders, panel=panel, **more)


def candidates_of(people: Iterable[str]) -> dict[str, Candidate]:
    """The persons of tickets as the draw asks about them now; who left the pool is not listed."""
    wanted = list(people)
    known = {each.person: each for each in experts(wanted)}
    employers = organisations(each.employer_code for each in known.values() if each.employer_code)
    found = {}
    for person in wanted:
        each = known.get(person)
        if each is None:
            found[person] = Candidate(listed=False)
            continue
        employer = employers.get(each.employer_code)
        found[person] = Candidate(
            years=each.years,
            titled=bool(each.title or each.standing),
            employer_code=each.employer_code,
            supervises=employer is not None and SUPERVISOR in employer.roles,
            avoids=frozenset(each.avoids),
            away_until_on=each.away_until_on,
        )
    return found


def drawn_members(lot: Lot) -> list[MemberFacts]:
    """The committee that follows from the draw: who accepted, then who represents the tenderee."""
    people = [*(each.person for each in accepted_of(lot)), *representatives_of(lot)]
    return [MemberFacts(name="", kind="", person=each) for each in people]


def how_chosen(panel: PanelFacts) -> dict[str, str]:
    """How the experts were chosen, as the record of the committee says it."""
    if panel.direct:
        return {"chosen": "named"}
    if panel.held:
        return {"chosen": "drawn"}
    if panel.elsewhere is None:
        return {}
    where = panel.elsewhere
    return {"chosen": "drawn-elsewhere", "pool": where.pool.strip(), "record": where.record.strip()}


def namesakes_said(members: Iterable[MemberFacts]) -> dict[str, int]:
    """How many members were told apart from who left with the same name, as the record says it; {}: nobody."""
    count = sum(bool(statement_of(each)) for each in members)
    return {"namesakes": count} if count else {}


def statement_of(member: MemberFacts) -> dict[str, str]:
    """What tells a member apart, among the private values of the record; {}: nobody had to."""
    said = member.told_apart.strip()
    return {"told_apart": said} if said else {}


def how_follows(panel: PanelFacts, new: MemberFacts) -> dict[str, str]:
    """The same of an expert who follows a member; a representative is the tenderee's to name."""
    return {} if new.kind == REPRESENTATIVE else how_chosen(panel)


def replacing_panel(
    lot: Lot, leaving: CommitteeMember, new: MemberFacts, elsewhere: DrawnElsewhere | None
) -> PanelFacts:
    """The same where a member is replaced: who stays was chosen before; a new representative is the tenderee's."""
    panel = replace(
        panel_facts(lot, elsewhere=elsewhere),
        stood_down=names_stood_down(lot, [new]),
        returning=_not_told_apart(returning(lot.committee.all(), leaving, new)),
    )
    staying = {each.person for each in lot.committee.filter(replaced_at=None) if each.person != new.person}
    if new.kind == REPRESENTATIVE:
        return replace(panel, direct=True)
    return replace(panel, accepted=panel.accepted | staying, missing=0)
