"""The one place where a lot's stage changes: compare and set, after the guards of the procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yiwang.business.trading.models import Lot, LotDocument, Told, Warned
from yiwang.business.trading.rules.facts import BidFacts, LotFacts, StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.rules.methods import terms_from_json
from yiwang.business.trading.rules.standing import Standstill
from yiwang.law import api as law
from yiwang.pure.kernel.actors import (
    AGENCY,
    CENTRE,
    SYSTEM,
    TENDEREE,
    Actor,
    Permission,
    permission_findings,
)
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import Entry, KeptQuery, Kind, record


class StageMoved(RuntimeError):
    """Somebody else took a step between our look and our update although we hold the lot's row: a bug."""


def require(by: Actor, needed: Permission) -> None:
    """Raises Refused where the actor's role lacks the permission."""
    refuse_if(permission_findings(by, needed))


def locked_lot(code: str) -> Lot:
    """The lot with its row locked until the end of the transaction. Raises Refused where there is none."""
    lot = Lot.objects.select_for_update(of=("self",)).select_related("project").filter(code=code).first()
    if lot is None:
        raise Refused([Finding("no-such-lot", params={"code": code[:40]})])
    return lot


def require_party(by: Actor, lot: Lot) -> None:
    """Raises Refused unless the actor acts for this lot's tenderee or agency (the centre and system pass).

    In the role that the organisation has in this lot: an agency that is a tenderee elsewhere does not become the
    tenderee here, and confirms or terminates nothing in its place (招标投标法 15).
    """
    if by.role in (CENTRE, SYSTEM):
        return
    own = {TENDEREE: lot.project.tenderee, AGENCY: lot.project.agency}.get(by.role, "")
    if not own or by.organisation != own:
        raise Refused([Finding("not-your-lot")])


_DOCUMENTS = KeptQuery(
    lambda lot, phase: LotDocument.objects.filter(lot_id=lot, phase=phase).values_list("pk")
)


def hosts_of(lot: Lot) -> list[str]:
    """The tenderee of a lot and, where there is one, its agency."""
    return [each for each in (lot.project.tenderee, lot.project.agency) if each]


def lot_facts(lot: Lot, at: datetime) -> LotFacts:
    """The lot as the rules see it; a lot without a notice is under the law of today."""
    return LotFacts(
        code=lot.code,
        stage=lot.stage,
        procedure=lot.procedure,
        law_on=lot.law_on or local_day(lot.publish_at or at),
        tenderee=lot.project.tenderee,
        agency=lot.project.agency,
        estimate_fen=lot.estimate_fen,
        ceiling_fen=lot.ceiling_fen,
        deposit_fen=lot.deposit_fen,
        validity_days=lot.validity_days,
        period_days=lot.period_days,
        state_funded=lot.project.state_funded,
        documents=len(_DOCUMENTS.rows(lot.pk, lot.phase)),
        publish_at=lot.publish_at,
        documents_from_at=lot.documents_from_at,
        documents_until_on=lot.documents_until_on,
        deadline_at=lot.deadline_at,
        report_received_at=lot.report_received_at,
        publicity_from_at=lot.publicity_from_at,
        publicity_until_at=lot.publicity_until_at,
        suspended=waits_for_answer(lot),
        stopped=lot.stopped_at is not None,
        standstills=standstills_of(lot) if lot.stage in _PERIODS_RUN_ON else (),
        postponed=lot.postponed_at is not None,
        attempt=lot.attempt,
        panel=lot.panel,
        outcome=lot.outcome,
        method=terms_from_json(lot.method),
        consortium_allowed=lot.consortium_allowed,
    )


# The stages in which a period runs on while an order stands: W21-start and W23.
_PERIODS_RUN_ON = ("reported", "awarded")


def standstills_of(lot: Lot) -> tuple[Standstill, ...]:
    """The days on which the supervisor had the lot suspended, oldest first."""
    return tuple(
        Standstill(local_day(ordered_at), local_day(lifted_at) if lifted_at else None)
        for ordered_at, lifted_at in lot.orders.values_list("ordered_at", "lifted_at")
    )


def waits_for_answer(lot: Lot) -> bool:
    """Whether a lot is suspended by an objection, whatever the supervisor ordered besides."""
    if lot.suspended_at is None:
        return False
    return lot.stopped_at is None or lot.objections.filter(answered_at=None).exists()


def stop_findings(lot: Lot) -> list[Finding]:
    """招标条例 62, for what is no step of the procedure: nothing goes on while the supervisor's order stands."""
    if lot.stopped_at is None:
        return []
    source = law.rule("W28-suspend", on=lot.law_on or local_day(lot.stopped_at)).source
    return [Finding("stopped-by-order", source)]


def bid_facts(lot: Lot) -> tuple[BidFacts, ...]:
    """The opened bids of a lot in the order of the opening."""
    return tuple(
        BidFacts(
            bidder=each.bidder,
            price_fen=each.price_fen,
            status=each.status,
            evaluated_fen=each.evaluated_fen,
            rank=each.rank,
            passed=hasattr(each, "passing"),
            points=each.points,
        )
        for each in lot.bids.select_related("passing")
    )


def taking_part(lot: Lot) -> tuple[str, ...]:
    """Who takes part in the opened bids of a lot: the bidders and the members of their consortia."""
    return tuple(dict.fromkeys(code for each in lot.bids.all() for code in each.parties))


def procedure_of(lot: Lot, at: datetime) -> law.Procedure:
    """The procedure by the law under which the lot began."""
    return law.procedure(lot.procedure, on=lot.law_on or local_day(lot.publish_at or at))


def check_step(lot: Lot, step_id: str, facts: StepFacts) -> tuple[Finding, ...]:
    """The warnings of a step that may be taken. Raises Refused with every reason where it may not."""
    step = procedure_of(lot, facts.at).step(step_id)
    return refuse_if(step_findings(step, facts))


def take_step(
    lot: Lot,
    step_id: str,
    facts: StepFacts,
    kind: Kind,
    entry_facts: Mapping[str, Any] | None = None,
    documents: Sequence[str] = (),
    private: Mapping[str, Any] | None = None,
) -> tuple[Entry, tuple[Finding, ...]]:
    """Takes a step of the lot's procedure and records it; gives the entry and the warnings.

    Raises Refused with every reason. ``lot`` must come from :func:`locked_lot` in the same transaction.
    """
    warnings = check_step(lot, step_id, facts)
    step = procedure_of(lot, facts.at).step(step_id)
    if lot.stage != step.to_stage:
        changed = Lot.objects.filter(pk=lot.pk, stage=lot.stage).update(
            stage=step.to_stage, stage_since_at=facts.at
        )
        if changed != 1:
            raise StageMoved(lot.code)
    before, lot.stage, lot.stage_since_at = lot.stage, step.to_stage, facts.at
    said: dict[str, Any] = {"step": step_id, "from": before, "to": step.to_stage, "project": lot.project.code}
    said |= dict(entry_facts or {})
    if warnings:
        said["warnings"] = [each.rule for each in warnings]
        _keep(lot, step_id, warnings, facts.at)
    entry = record(
        kind,
        about=lot.ref,
        by=facts.by,
        at=facts.at,
        facts=said,
        documents=documents,
        private=private or {},
    )
    return entry, warnings


def _keep(lot: Lot, step: str, warnings: Sequence[Finding], at: datetime) -> None:
    """Keeps what was warned of where the supervisor's list finds it."""
    Warned.objects.bulk_create(
        Warned(
            lot=lot,
            step=step,
            rule=each.rule,
            source=each.source[:200],
            params=each.as_json()["params"],
            at=at,
        )
        for each in warnings
    )


def tell(
    lot: Lot,
    organisations: Sequence[str],
    matter: str,
    at: datetime,
    document: str = "",
    person: str = "",
    due_at: datetime | None = None,
) -> None:
    """Leaves word for organisations in the hall, or for one ``person`` of one; ``document`` is what it is about.

    ``due_at``: until when it asks for an act, where that does not follow from lot and matter.
    """
    due_at = due_at or told_due_at(lot, matter, at)
    Told.objects.bulk_create(
        Told(
            lot=lot,
            organisation=each,
            matter=matter,
            told_at=at,
            document=document,
            due_at=due_at,
            person=person,
        )
        for each in organisations
    )


def settle(lot: Lot, document: str, *matters: str) -> None:
    """What was told about ``document`` asks for no act any more: it was done, or nothing of it is left to do."""
    Told.objects.filter(lot=lot, matter__in=matters, document=document, due_at__isnull=False).update(
        due_at=None
    )


def told_due_at(lot: Lot, matter: str, at: datetime) -> datetime | None:
    """Until when what is told asks for an act: an instant of the lot, or a period of the law from now."""
    if matter in _TOLD_CLOCKS:
        return law.clock(_TOLD_CLOCKS[matter], at, on=lot.law_on or local_day(at)).result_at
    field = _TOLD_UNTIL.get(matter)
    due_at: datetime | None = getattr(lot, field) if field else None
    return due_at


_TOLD_CLOCKS = {
    "objection-raised": "W08",
    "result-objected": "W08",
    "prequalification-objected": "W08",
    "award-letter": "W23",
    "complaint-made": "W28-accept",
}
_TOLD_UNTIL = {
    "question-asked": "deadline_at",
    "documents-clarified": "deadline_at",
    "deadline-moved": "deadline_at",
    "prequalification-clarified": "deadline_at",
    "application-deadline-moved": "deadline_at",
    "lot-postponed": "deadline_at",
    "invited": "deadline_at",
    "candidates-publicised": "publicity_until_at",
}
