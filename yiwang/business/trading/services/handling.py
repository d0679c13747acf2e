"""What the supervisory body does with a complaint (招标条例 61, 62): accepts it or not, inquires, suspends, decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Appraisal, Complaint, ComplaintInquiry
from yiwang.business.trading.rules.complaining import BAD_FAITH, NOTHING, UPHELD
from yiwang.business.trading.services.complaints import (
    Papers,
    facts_of,
    locked_complaint,
    take_complaint_step,
)
from yiwang.business.trading.services.steps import require, settle, tell
from yiwang.business.trading.services.stopping import end_order, locked_with_lot, put_order
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import end_of, local_day
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.record.journal.api import act

Warnings = tuple[Finding, ...]
LONGEST_WAIT = timedelta(days=60)


def accept_complaint(by: Actor, code: str, at: datetime) -> Warnings:
    """The body accepts a complaint; from now it has its time for the decision (W28). Gives the warnings. Raises Refused."""
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint = locked_complaint(code)
        facts = facts_of(complaint, by, at)
        warnings = take_complaint_step(complaint, "accept-complaint", facts, kinds.COMPLAINT_ACCEPTED)
        Complaint.objects.filter(pk=complaint.pk).update(accepted_at=at)
        settle(complaint.lot, complaint.code, "complaint-made")
        tell(complaint.lot, [complaint.complainant], "complaint-accepted", at, complaint.code)
        return warnings


def refuse_complaint(by: Actor, code: str, ground: str, reason: str, at: datetime) -> Warnings:
    """The body does not accept a complaint, on a ground of the law (W27-refusal). Gives the warnings. Raises Refused."""
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint = locked_complaint(code)
        facts = facts_of(complaint, by, at, ground=ground, reason=reason)
        said, private = {"ground": ground}, {"reason": reason.strip()}
        warnings = take_complaint_step(
            complaint, "refuse-complaint", facts, kinds.COMPLAINT_REFUSED, said, private=private
        )
        Complaint.objects.filter(pk=complaint.pk).update(ended_at=at, ground=ground, reason=reason.strip())
        settle(complaint.lot, complaint.code, "complaint-made")
        tell(complaint.lot, [complaint.complainant], "complaint-refused", at, complaint.code)
        return warnings


def ask_respondent(by: Actor, code: str, text: str, until_on: date | None, at: datetime) -> None:
    """The body asks the respondent for an answer (招标条例 62), by a day that it sets or without one. Raises Refused.

    From now on the respondent reads facts and request of the complaint, not who made it.
    """
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint = locked_complaint(code)
        refuse_if(_day_findings(until_on, local_day(at)))
        facts = facts_of(complaint, by, at, text=text)
        said = {"until": until_on.isoformat() if until_on else ""}
        take_complaint_step(
            complaint, "ask-respondent", facts, kinds.RESPONDENT_ASKED, said, private={"text": text.strip()}
        )
        ComplaintInquiry.objects.create(
            complaint=complaint,
            organisation=complaint.respondent,
            text=text.strip(),
            until_on=until_on,
            asked_at=at,
        )
        due_at = end_of(until_on) if until_on else None
        tell(complaint.lot, [complaint.respondent], "complaint-asked", at, complaint.code, due_at=due_at)


def _day_findings(until_on: date | None, today: date) -> list[Finding]:
    """The day that the body sets lies ahead, and not so far that nobody would wait for it."""
    lawful = until_on is None or today < until_on <= today + LONGEST_WAIT
    return (
        []
        if lawful
        else [Finding("inquiry-day-passed", params={"at_most": LONGEST_WAIT.days}, field="until_on")]
    )


def order_suspension(by: Actor, code: str, reason: str, at: datetime) -> None:
    """The body orders the tender to be suspended while it handles the complaint (招标条例 62). Raises Refused."""
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint, lot = locked_with_lot(code)
        facts = facts_of(complaint, by, at, reason=reason)
        take_complaint_step(
            complaint, "order-suspension", facts, kinds.SUSPENSION_ORDERED, private={"reason": reason.strip()}
        )
        put_order(complaint, lot, by, reason, at)


def lift_suspension(by: Actor, code: str, at: datetime) -> None:
    """The body lets the tender go on, before its decision or after it. Raises Refused."""
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint, lot = locked_with_lot(code)
        step = "lift-after-decision" if complaint.stage == "decided" else "lift-suspension"
        take_complaint_step(complaint, step, facts_of(complaint, by, at), kinds.SUSPENSION_LIFTED)
        end_order(complaint, lot, by, at)


def begin_appraisal(by: Actor, code: str, text: str, at: datetime) -> None:
    """Something is inspected, tested, appraised or reviewed by experts: its time does not count (招标条例 61)."""
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint = locked_complaint(code)
        facts = facts_of(complaint, by, at, text=text)
        private = {"text": text.strip()}
        take_complaint_step(complaint, "begin-appraisal", facts, kinds.APPRAISAL_BEGUN, private=private)
        Appraisal.objects.create(complaint=complaint, text=text.strip(), begun_at=at)


def end_appraisal(by: Actor, code: str, at: datetime) -> None:
    """The result of the appraisal is there: the time for the decision runs again. Raises Refused."""
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint = locked_complaint(code)
        take_complaint_step(complaint, "end-appraisal", facts_of(complaint, by, at), kinds.APPRAISAL_ENDED)
        complaint.appraisals.filter(ended_at=None).update(ended_at=at)


def decide_complaint(
    by: Actor,
    code: str,
    outcome: str,
    reason: str,
    papers: Papers,
    at: datetime,
    ground: str = "",
    keeps_suspension: bool = False,
    correction: str = "",
) -> Warnings:
    """The body decides in writing: upheld, dismissed, or rejected for bad faith on a ``ground`` (招标条例 61).

    A suspension that it ordered ends with the decision, unless it upholds the complaint and ``keeps_suspension``
    until what it found is mended. An upheld one says what the tenderee has to correct (``correction``, a choice of
    W28-correction). Gives the warnings (W28 where late). Raises Refused.
    """
    require(by, permissions.HANDLE_COMPLAINTS)
    with act():
        complaint, lot = locked_with_lot(code)
        facts = facts_of(
            complaint,
            by,
            at,
            outcome=outcome,
            reason=reason,
            ground=ground,
            papers=len(papers),
            correction=correction,
        )
        bad_faith = outcome == BAD_FAITH
        warnings = take_complaint_step(
            complaint,
            "reject-bad-faith" if bad_faith else "decide-complaint",
            facts,
            kinds.COMPLAINT_DECIDED,
            {"outcome": outcome, "ground": ground if bad_faith else "", "correction": correction},
            documents=[sha256 for sha256, _ in papers],
            private={"reason": reason.strip()},
        )
        Complaint.objects.filter(pk=complaint.pk).update(
            ended_at=at,
            outcome=outcome,
            ground=ground if bad_faith else "",
            reason=reason.strip(),
            decision_papers=[list(each) for each in papers],
            correction=correction,
            corrector=lot.project.tenderee if correction not in ("", NOTHING) else "",
        )
        settle(lot, complaint.code, "complaint-asked")
        tell(lot, [complaint.complainant, complaint.respondent], "complaint-decided", at, complaint.code)
        if correction not in ("", NOTHING):
            tell(lot, [lot.project.tenderee], "correction-ordered", at, complaint.code)
        if not (keeps_suspension and outcome == UPHELD):
            end_order(complaint, lot, by, at)
        return warnings
