"""What all verbs of a complaint share: its facts, its one place where the stage changes, whom it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yiwang.business.trading.models import Complaint, Lot, Objection
from yiwang.business.trading.rules.complaining import OBJECTED_FIRST
from yiwang.business.trading.rules.complaint_facts import ComplaintFacts
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.guards import GUARDS, step_findings
from yiwang.business.trading.services.steps import StageMoved, hosts_of, lot_facts
from yiwang.law import api as law
from yiwang.pure.kernel.actors import TENDEREE, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import Kind, record

PROCEDURE = "works-complaint"
WHOSE = ("own-complaint", "addressed-to-us", "asked-about-complaint", "correction-ours")
Papers = Sequence[tuple[str, str]]
ANSWER_AWAITED = Words("异议答复期间不计入", "the time until an objection is answered does not count")
APPRAISED = Words("检验、检测、鉴定、专家评审时间不计入", "the time of an appraisal does not count")
# What was objected to, for each matter of a complaint that an objection has to come before.
OBJECTIONS = {
    "documents": (Objection.DOCUMENTS, Objection.PREQUALIFICATION),
    "opening": (Objection.OPENING,),
    "result": (Objection.RESULT,),
}


def procedure_of_complaint(lot: Lot, at: datetime) -> law.Procedure:
    """How complaints run by the law under which the lot began."""
    return law.procedure(PROCEDURE, on=lot.law_on or local_day(at))


def takes_part(lot: Lot, organisation: str) -> bool:
    """Whether an organisation runs the tender, took its documents, applied or handed in a bid."""
    return organisation in hosts_of(lot) or (
        lot.takings.filter(organisation=organisation).exists()
        or lot.envelopes.filter(bidder=organisation).exists()
        or lot.applications.filter(applicant=organisation).exists()
    )


def respondents_of(lot: Lot, complainant: str) -> list[str]:
    """Who may be complained of: who runs the tender, and the bidders once their bids were opened; never oneself."""
    opened = lot.bids.order_by("place").values_list("bidder", flat=True)
    return [each for each in dict.fromkeys([*hosts_of(lot), *opened]) if each != complainant]


def answer_pauses(lot: Lot, complainant: str, matter: str) -> tuple[bool, tuple[law.Pause, ...], bool]:
    """Whether the complainant objected in the matter before, the times until it was answered, and whether one is awaited."""
    if matter not in OBJECTED_FIRST:
        return False, (), False
    rows = list(lot.objections.filter(objector=complainant, matter__in=OBJECTIONS[matter]))
    pauses = tuple(
        law.Pause(local_day(each.raised_at), local_day(each.answered_at), ANSWER_AWAITED)
        for each in rows
        if each.answered_at is not None
    )
    return bool(rows), pauses, any(each.answered_at is None for each in rows)


def facts_of(complaint: Complaint, by: Actor, at: datetime, **more: Any) -> StepFacts:
    """A stored complaint as the rules see it; ``more`` are facts of the step."""
    lot = complaint.lot
    objected, pauses, awaited = answer_pauses(lot, complaint.complainant, complaint.matter)
    about = {name: more.pop(name) for name in ("outcome", "correction") if name in more}
    return StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        received_at=complaint.made_at,
        complaint=ComplaintFacts(
            stage=complaint.stage,
            matter=complaint.matter,
            request=complaint.request,
            learnt_on=complaint.learnt_on,
            objected=objected,
            answers=pauses,
            awaited=awaited,
            own=by.organisation == complaint.complainant,
            ours=by.organisation == complaint.authority,
            asked=_asked(complaint, by),
            accepted_at=complaint.accepted_at,
            appraisals=appraisals_of(complaint),
            appraising=complaint.appraisals.filter(ended_at=None).exists(),
            ordered=complaint.orders.filter(lifted_at=None).exists(),
            corrects=by.role == TENDEREE and by.organisation == complaint.corrector,
            corrected=complaint.corrected_at is not None,
            **about,
        ),
        **more,
    )


def _asked(complaint: Complaint, by: Actor) -> bool:
    """Whether an inquiry is open: to the actor's organisation, or, for the body itself, to anybody."""
    waiting = complaint.inquiries.filter(answered_at=None)
    if by.organisation != complaint.authority:
        waiting = waiting.filter(organisation=by.organisation)
    return waiting.exists()


def appraisals_of(complaint: Complaint) -> tuple[law.Pause, ...]:
    """The appraisals of a complaint that have ended: the days after the first, to the end of the last."""
    return tuple(
        law.Pause(local_day(each.begun_at), local_day(each.ended_at), APPRAISED)
        for each in complaint.appraisals.all()
        if each.ended_at is not None
    )


def locked_complaint(code: str) -> Complaint:
    """The complaint, its row locked. Raises Refused where there is none."""
    rows = Complaint.objects.select_for_update(of=("self",)).select_related("lot__project")
    complaint = rows.filter(code=code).first()
    if complaint is None:
        raise Refused([Finding("no-such-complaint")])
    return complaint


def take_complaint_step(
    complaint: Complaint,
    step_id: str,
    facts: StepFacts,
    kind: Kind,
    said: Mapping[str, Any] | None = None,
    documents: Sequence[str] = (),
    private: Mapping[str, Any] | None = None,
) -> tuple[Finding, ...]:
    """Takes a step of a locked complaint and records it; gives the warnings. Raises Refused with every reason.

    Never public: entries stand about the complaint, so that no gap in the lot's own numbers betrays it.
    """
    step = procedure_of_complaint(complaint.lot, facts.at).step(step_id)
    # Whose it is not learns nothing else of it, not even in which stage it is.
    refuse_if([finding for name in WHOSE if name in step.guards for finding in GUARDS[name](facts)])
    warnings = refuse_if(step_findings(step, facts))
    changed = Complaint.objects.filter(pk=complaint.pk, stage=facts.stage).update(stage=step.to_stage)
    if changed != 1:
        raise StageMoved(complaint.code)
    complaint.stage = step.to_stage
    keep_warnings(complaint, step_id, warnings, facts.at)
    record(
        kind,
        about=complaint.ref,
        within=complaint.lot.ref,
        by=facts.by,
        at=facts.at,
        facts={"lot": complaint.lot.code, "organisation": facts.by.organisation, **(said or {})},
        documents=documents,
        private=private or {},
    )
    return warnings


def keep_warnings(complaint: Complaint, step: str, warnings: Sequence[Finding], at: datetime) -> None:
    """What the law notes of a step stays with the complaint, for complainant and supervisor to read."""
    if not warnings:
        return
    kept = [{"step": step, "rule": each.rule, "source": each.source, "params": each.as_json()["params"]} for each in warnings]  # fmt: skip
    complaint.warnings = [*complaint.warnings, *kept]
    Complaint.objects.filter(pk=complaint.pk).update(warnings=complaint.warnings)


def is_concerned(lot: Lot, by: Actor) -> bool:
    """Whether the actor takes part in the tender; a tenderee only in its own."""
    return (
        lot.project.tenderee == by.organisation if by.role == TENDEREE else takes_part(lot, by.organisation)
    )
