"""What the verbs of the committee share: who sits, what is pending, and a note in the journal without a new stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yiwang.business.trading.models import CommitteeMember, Lot, Motion, Reviewer
from yiwang.business.trading.rules.facts import MemberFacts, StepFacts
from yiwang.business.trading.rules.sitting_facts import SeatFacts, SittingFacts
from yiwang.business.trading.services.steps import bid_facts, check_step, lot_facts
from yiwang.common.identity.api import experts, organisations
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import Entry, Kind, record


def seated(lot: Lot) -> list[CommitteeMember]:
    """The members that sit now, by number."""
    return list(lot.committee.filter(replaced_at=None).order_by("number", "id"))


def motions_of(lot: Lot) -> QuerySet[Motion]:
    """What was moved in this round of the evaluation, oldest first."""
    return Motion.objects.filter(lot=lot, round=lot.round).select_related("bid", "proposer")


def seat_ref(member: CommitteeMember) -> Ref:
    """The seat as a subject of the journal: numbers of the lot's own entries must not count what is secret."""
    return Ref("trading", "seat", f"{member.lot.code}-{member.number}")


def own_seat(lot: Lot, by: Actor) -> CommitteeMember:
    """The seat of whoever acts. Raises Refused where they do not sit on this committee now."""
    seat = lot.committee.filter(replaced_at=None, person=by.person).exclude(person="").first()
    if seat is None:
        raise Refused([Finding("not-seated")])
    return seat


def seat_facts(seat: CommitteeMember | Reviewer) -> MemberFacts:
    """Who sits there: as the register says where they have a login, else as entered."""
    if seat.person:
        return MemberFacts(name="", kind="", person=seat.person)
    return MemberFacts(
        name=seat.name, kind=seat.kind, employer=seat.employer, employer_code=seat.employer_code
    )


def newcomer_findings(
    leaving: CommitteeMember | Reviewer, person: str, on_paper: MemberFacts | None
) -> list[Finding]:
    """Who has a login is followed by who has one, who sits on paper by somebody whose name is written down."""
    if leaving.person:
        return [] if person and on_paper is None else [Finding("member-not-online", field="person")]
    if person or on_paper is None or on_paper.person or not on_paper.name.strip():
        return [Finding("member-not-on-paper", field="name")]
    return []


def sitting_facts(lot: Lot, **more: Any) -> SittingFacts:
    """The committee as the rules see it; ``more`` is what is about to be done."""
    seats = seated(lot)
    report = getattr(lot, "report", None)
    signed = set(report.signatures.values_list("member_id", flat=True)) if report else set()
    pending = [each.bidder for each in motions_of(lot).filter(decided_at=None)]
    return SittingFacts(
        online=any(each.person for each in seats),
        seats=tuple(
            SeatFacts(
                number=each.number,
                person=each.person,
                handed_in=each.handed_in_at is not None,
                asked_time=each.asked_time_at is not None,
                signed=each.pk in signed,
            )
            for each in seats
        ),
        pending=tuple(pending),
        review_ended_at=lot.review_ended_at,
        until_at=lot.evaluation_until_at,
        drawn_up=report is not None,
        **more,
    )


def sitting_step(lot: Lot, by: Actor, at: datetime, sitting: Mapping[str, Any], **more: Any) -> StepFacts:
    """The facts of a step of the committee."""
    return StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        bids=bid_facts(lot),
        sitting=sitting_facts(lot, **sitting),
        **more,
    )


def note(
    lot: Lot,
    step_id: str,
    facts: StepFacts,
    kind: Kind,
    about: Ref,
    said: Mapping[str, Any],
    documents: Sequence[str] = (),
    private: Mapping[str, Any] | None = None,
) -> Entry:
    """Takes a step that leaves the lot where it is, on record about a thing of its own. Raises Refused."""
    check_step(lot, step_id, facts)
    return record(
        kind,
        about=about,
        within=lot.ref,
        by=facts.by,
        at=facts.at,
        facts={"lot": lot.code, **said},
        documents=documents,
        private=private or {},
    )


def from_register(members: Sequence[MemberFacts]) -> list[MemberFacts]:
    """Members with a login as the register has them, whatever was typed beside; those on paper as typed."""
    known = {each.person: each for each in experts(each.person for each in members if each.person)}
    found = []
    for each in members:
        listed = known.get(each.person)
        if not each.person or listed is None:
            found.append(replace(each, told_apart="") if each.person else each)
            continue
        found.append(
            MemberFacts(
                name=listed.name,
                kind=listed.kind,
                employer=listed.employer,
                employer_code=listed.employer_code,
                person=listed.person,
                registered=True,
                years=listed.years,
            )
        )
    return _bound(found)


def _bound(members: Sequence[MemberFacts]) -> list[MemberFacts]:
    """The members with whether their employer is a supervisory body (an expert has no account with anybody)."""
    employers = organisations(each.employer_code for each in members if each.employer_code)
    return [
        replace(each, supervises=SUPERVISOR in employers[each.employer_code].roles)
        if each.employer_code in employers
        else each
        for each in members
    ]
