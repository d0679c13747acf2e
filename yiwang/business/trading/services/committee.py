"""The sitting of the committee: its preliminary review, its time, and the replacement of a member."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Bid, CommitteeMember, Lot, Vote
from yiwang.business.trading.rules.facts import MemberFacts
from yiwang.business.trading.rules.panel_facts import DrawnElsewhere
from yiwang.business.trading.rules.sitting import extension_due
from yiwang.business.trading.services.deciding import counted, settle_motion
from yiwang.business.trading.services.panel import how_follows, namesakes_said, replacing_panel, statement_of
from yiwang.business.trading.services.sitting import (
    from_register,
    motions_of,
    newcomer_findings,
    note,
    own_seat,
    seat_facts,
    seat_ref,
    seated,
    sitting_step,
)
from yiwang.business.trading.services.standing_down import tell_of_namesakes
from yiwang.business.trading.services.steps import (
    locked_lot,
    require,
    require_party,
    take_step,
    taking_part,
    tell,
)
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import act, record


def end_review(by: Actor, code: str, at: datetime) -> None:
    """The preliminary review is over: what nobody moved to reject or correct stands at its price. Raises Refused."""
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        take_step(lot, "end-review", sitting_step(lot, by, at, {}), kinds.REVIEW_ENDED)
        for bid in lot.bids.filter(status=Bid.OPEN):
            record(
                kinds.BID_EVALUATED,
                about=lot.ref,
                by=by,
                at=at,
                facts={"bidder": bid.bidder, "evaluated_fen": bid.price_fen},
            )
            bid.status, bid.evaluated_fen, bid.evaluation_note = Bid.VALID, bid.price_fen, ""
            bid.save(update_fields=["status", "evaluated_fen", "evaluation_note"])
        Lot.objects.filter(pk=lot.pk).update(review_ended_at=at)


def ask_time(by: Actor, code: str, at: datetime) -> CommitteeMember:
    """A member finds the time too short; asking twice changes nothing. Raises Refused (W18)."""
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        seat = own_seat(lot, by)
        if seat.asked_time_at is not None:
            return seat
        note(
            lot,
            "ask-time",
            sitting_step(lot, by, at, {}),
            kinds.TIME_ASKED,
            seat_ref(seat),
            {"member": seat.number},
        )
        seat.asked_time_at = at
        seat.save(update_fields=["asked_time_at"])
        seats = seated(lot)
        asked = sum(each.asked_time_at is not None for each in seats)
        on = sitting_step(lot, by, at, {}).lot.law_on
        if extension_due(len(seats), asked, on) and not extension_due(len(seats), asked - 1, on):
            # The tenderee learns that more time is needed, not who asked for it.
            tell(lot, [each for each in (lot.project.tenderee, lot.project.agency) if each], "more-time", at)
        return seat


def extend_time(by: Actor, code: str, until_at: datetime, at: datetime) -> None:
    """The tenderee extends the time where more than a third of the members asked for it (W18). Raises Refused."""
    require(by, permissions.ANSWER)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        facts = sitting_step(lot, by, at, {}, publish_at=until_at)
        asked = sum(each.asked_time_at is not None for each in seated(lot))
        take_step(lot, "extend-time", facts, kinds.TIME_EXTENDED, {"asked": asked, "until": iso(until_at)})
        Lot.objects.filter(pk=lot.pk).update(evaluation_until_at=until_at, time_extended_at=at)
        lot.committee.update(asked_time_at=None)


def replace_member(
    by: Actor,
    code: str,
    number: int,
    why: str,
    person: str,
    at: datetime,
    elsewhere: DrawnElsewhere | None = None,
    on_paper: MemberFacts | None = None,
) -> CommitteeMember:
    """Replaces member ``number`` by ``person`` for a lawful cause (招标条例 48); gives the new member. Raises Refused.

    Sheet, votes and signature of who leaves are void; the new member evaluates anew, and a report drawn up before is
    none any more. A member without a login is followed by another one, ``on_paper`` (``person`` is "" then): what the
    committee concluded with it is entered anew. An expert is followed by one who was drawn too, here or ``elsewhere`` (招标条例 46).
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        leaving = lot.committee.filter(number=number, replaced_at=None).first()
        if leaving is None:
            raise Refused([Finding("no-such-member", field="number")])
        refuse_if(newcomer_findings(leaving, person, on_paper))
        staying = [seat_facts(each) for each in seated(lot) if each.pk != leaving.pk]
        *listed, new = from_register([*staying, on_paper or MemberFacts(name="", kind="", person=person)])
        panel = replacing_panel(lot, leaving, new, elsewhere)
        facts = sitting_step(
            lot,
            by,
            at,
            {},
            reason=why,
            committee=(*listed, new),
            bidders=taking_part(lot),
            panel=panel,
        )
        last = lot.committee.aggregate(last=Max("number"))["last"] or 0
        said = {"out": leaving.number, "in": last + 1, "why": why}
        said |= how_follows(panel, new) | namesakes_said([new])
        private = {"leaving": leaving.name, "new": new.name, **statement_of(new)}
        take_step(lot, "replace-member", facts, kinds.MEMBER_REPLACED, said, private=private)
        tell_of_namesakes(lot, [new], at)
        leaving.replaced_at, leaving.replaced_why = at, why
        leaving.save(update_fields=["replaced_at", "replaced_why"])
        seat = CommitteeMember.objects.create(
            lot=lot, name=new.name.strip(), kind=new.kind, employer=new.employer.strip(),
            employer_code=new.employer_code, person=new.person, number=last + 1, replaces=leaving.number,
            told_apart=new.told_apart.strip(),
        )  # fmt: skip
        _void(lot, leaving, by, at)
        return seat


def _reopen(bids: QuerySet[Bid]) -> None:
    """What was decided about them is void."""
    bids.update(status=Bid.OPEN, evaluated_fen=None, evaluation_note="", ground="", ground_note="")


def _void(lot: Lot, leaving: CommitteeMember, by: Actor, at: datetime) -> None:
    """The votes of who left count no more, what they decided is voted on again; on paper all is entered anew."""
    if not leaving.person:
        _reopen(lot.bids.all())
    moved = motions_of(lot)
    Vote.objects.filter(motion__in=moved, member=leaving).update(void=True)
    lot.bids.update(points=None)
    report = getattr(lot, "report", None)
    if report is not None:
        report.delete()
    for motion in moved.filter(votes__member=leaving).exclude(carried=False):
        in_favour, _ = counted(motion)
        if motion.carried and 2 * in_favour > len(seated(lot)):
            continue
        if motion.carried:
            _reopen(lot.bids.filter(pk=motion.bid_id))
            Lot.objects.filter(pk=lot.pk).update(review_ended_at=None)
        motion.decided_at = motion.carried = None
        motion.save(update_fields=["decided_at", "carried"])
        settle_motion(lot, motion, by, at)
