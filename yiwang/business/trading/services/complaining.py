"""What the parties of a complaint do: complain to a supervisory body, withdraw, answer what it asks (招标条例 60, 62)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Complaint, Lot
from yiwang.business.trading.rules.complaint_facts import ComplaintFacts
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.services.complaints import (
    Papers,
    answer_pauses,
    facts_of,
    is_concerned,
    keep_warnings,
    locked_complaint,
    procedure_of_complaint,
    respondents_of,
    take_complaint_step,
)
from yiwang.business.trading.services.steps import lot_facts, require, settle, tell
from yiwang.business.trading.services.stopping import end_order, locked_with_lot
from yiwang.common.identity.api import organisations, parties
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, record


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """A complaint as its complainant states it. ``papers`` are (sha256, name); ``authority`` is whom it goes to."""

    matter: str
    respondent: str
    authority: str
    learnt_on: date | None
    text: str
    request: str
    papers: Papers
    interest: str = ""


def authorities() -> list[tuple[str, str]]:
    """The supervisory bodies to which one may complain, as (code, name)."""
    return [(each.code, each.name) for each in parties(SUPERVISOR)]


def complain(by: Actor, code: str, new: NewComplaint, at: datetime) -> tuple[Complaint, tuple[Finding, ...]]:
    """A bidder, the tenderee, or somebody who states an ``interest``, complains (招标条例 60). Raises Refused.

    Gives it with the warnings: made late (W27) or without the objection that comes first, it is received all the
    same, and the supervisor decides. Nobody but complainant and supervisor learns of it.
    """
    require(by, permissions.COMPLAIN)
    with act():
        lot = Lot.objects.select_related("project").filter(code=code).first()
        if lot is None:
            raise Refused([Finding("no-such-lot", params={"code": code[:40]})])
        refuse_if([] if lot.law_on else [Finding("wrong-stage-now")])
        facts = _facts(by, lot, new, at)
        warnings = refuse_if(
            [*step_findings(procedure_of_complaint(lot, at).step("complain"), facts), *_unknown(new)]
        )
        complaint = Complaint.objects.create(
            code=random_code("T"),
            lot=lot,
            matter=new.matter,
            complainant=by.organisation,
            respondent=new.respondent,
            authority=new.authority,
            interest=new.interest.strip(),
            learnt_on=new.learnt_on,
            text=new.text.strip(),
            request=new.request.strip(),
            papers=[list(each) for each in new.papers],
            made_at=at,
        )
        keep_warnings(complaint, "complain", warnings, at)
        record(
            kinds.COMPLAINT_MADE,
            about=complaint.ref,
            within=lot.ref,
            by=by,
            at=at,
            facts={"lot": code, "organisation": by.organisation, "authority": new.authority},
            documents=[sha256 for sha256, _ in new.papers],
            private={"text": complaint.text, "request": complaint.request, "respondent": new.respondent},
        )
        tell(lot, [new.authority], "complaint-made", at, complaint.code)
        return complaint, warnings


def _facts(by: Actor, lot: Lot, new: NewComplaint, at: datetime) -> StepFacts:
    objected, pauses, awaited = answer_pauses(lot, by.organisation, new.matter)
    return StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        text=new.text,
        interest=new.interest,
        papers=len(new.papers),
        subject=new.respondent,
        complaint=ComplaintFacts(
            stage="not-made",
            matter=new.matter,
            request=new.request,
            learnt_on=new.learnt_on,
            concerned=is_concerned(lot, by),
            objected=objected,
            answers=pauses,
            awaited=awaited,
            respondents=tuple(respondents_of(lot, by.organisation)),
        ),
    )


def _unknown(new: NewComplaint) -> list[Finding]:
    """A complaint goes to a supervisory body that is on the register."""
    found = organisations([new.authority]).get(new.authority)
    known = found is not None and found.admitted and SUPERVISOR in found.roles
    return [] if known else [Finding("authority-unknown", field="authority")]


def withdraw_complaint(by: Actor, code: str, at: datetime) -> None:
    """The complainant takes its complaint back before it is decided; with it a suspension that was ordered ends."""
    require(by, permissions.COMPLAIN)
    with act():
        complaint, lot = locked_with_lot(code)
        facts = facts_of(complaint, by, at)
        take_complaint_step(complaint, "withdraw-complaint", facts, kinds.COMPLAINT_WITHDRAWN)
        Complaint.objects.filter(pk=complaint.pk).update(ended_at=at)
        asked = complaint.inquiries.filter(answered_at=None).exists()
        settle(lot, complaint.code, "complaint-made", "complaint-asked")
        tell(lot, [complaint.authority], "complaint-withdrawn", at, complaint.code)
        if asked:
            tell(lot, [complaint.respondent], "complaint-withdrawn", at, complaint.code)
        end_order(complaint, lot, by, at)


def answer_complaint(by: Actor, code: str, text: str, papers: Papers, at: datetime) -> None:
    """The respondent answers what the supervisor asked (招标条例 62). Raises Refused."""
    require(by, permissions.ANSWER_SUPERVISOR)
    with act():
        complaint = locked_complaint(code)
        facts = facts_of(complaint, by, at, text=text, papers=len(papers))
        take_complaint_step(
            complaint,
            "answer-complaint",
            facts,
            kinds.RESPONDENT_ANSWERED,
            documents=[sha256 for sha256, _ in papers],
            private={"answer": text.strip()},
        )
        complaint.inquiries.filter(organisation=by.organisation, answered_at=None).update(
            answer=text.strip(), answer_papers=[list(each) for each in papers], answered_at=at
        )
        settle(complaint.lot, complaint.code, "complaint-asked")
        tell(complaint.lot, [complaint.authority], "complaint-answered", at, complaint.code)
