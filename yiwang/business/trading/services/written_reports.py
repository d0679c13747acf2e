"""The written report on a tender to the supervisor (招标投标法 47): drafted from the record, handed in once."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Award, Lot, WrittenReport
from yiwang.business.trading.queries import lots_for
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.passing import standing_award
from yiwang.business.trading.services.steps import (
    check_step,
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
)
from yiwang.business.trading.shapes import ReportRow
from yiwang.business.trading.texts import written_report
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.files import api as files
from yiwang.record.journal.api import act

STEPS = {"awarded": "report-award", "contracted": "report-after-contract"}
MAX_REMARKS = 2000


def drafted_report(lot: Lot, at: datetime) -> dict[str, Any]:
    """What the report says, from the record as it stands. Raises Refused before the award."""
    decided = standing_award(lot)
    if decided is None:
        raise Refused([Finding("wrong-stage-now")])
    return written_report(lot, decided, at)


def hand_in_written_report(
    by: Actor, code: str, remarks: str, at: datetime
) -> tuple[WrittenReport, tuple[Finding, ...]]:
    """Hands the report in to the supervisor; gives it with the warnings (W24 where late). Raises Refused.

    It is a document whose digest stands in the journal; what it says is for the lot's side and the supervisor.
    """
    require(by, permissions.AWARD)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        step = STEPS.get(lot.stage)
        if step is None:
            raise Refused([Finding("wrong-stage-now")])
        said = drafted_report(lot, at)
        decided = Award.objects.get(lot=lot, withdrawn_at=None)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            received_at=decided.sent_at,
            reported=WrittenReport.objects.filter(award=decided).exists(),
        )
        too_long = Finding("remarks-length", params={"at_most": MAX_REMARKS}, field="remarks")
        refuse_if([too_long] if len(remarks) > MAX_REMARKS else [])
        check_step(lot, step, facts)
        text = dumps({**said, "remarks": remarks.strip()})
        stored = files.store(
            io.BytesIO(text),
            name=f"{code}-written-report.json",
            max_bytes=len(text),
            types=("application/json",),
        )
        _, warnings = take_step(lot, step, facts, kinds.WRITTEN_REPORT, documents=[stored.sha256])
        decided.reported_at = at
        decided.save(update_fields=["reported_at"])
        report = WrittenReport.objects.create(
            lot=lot,
            award=decided,
            document=stored.sha256,
            handed_in_at=at,
            late=any(each.rule == "W24" for each in warnings),
        )
        return report, warnings


def written_reports(actor: Actor) -> QuerySet[Award]:
    """The standing awards of the lots that the actor may see; what their reports say is :func:`report_row`."""
    require(actor, permissions.READ_WRITTEN_REPORTS)
    awards = Award.objects.filter(withdrawn_at=None).select_related("lot__project", "written_report")
    return awards if actor.role == SUPERVISOR else awards.filter(lot__in=lots_for(actor).order_by())


def report_row(decided: Award, at: datetime) -> ReportRow:
    """Until when the report of an award is due (W24), when it came, and whether it is late at ``at``."""
    lot = decided.lot
    clock = law.clock("W24", decided.sent_at, on=lot.law_on or local_day(decided.sent_at))
    report = decided.written_report if hasattr(decided, "written_report") else None
    late = report.late if report else at >= clock.result_at
    name = f"{lot.project.name} · {lot.name}"
    return ReportRow(lot.code, name, clock.result_at, report.handed_in_at if report else None, late)


def reports_overdue(awards: QuerySet[Award], at: datetime) -> QuerySet[Award]:
    """Those of ``awards`` whose report has not come although its last day is over."""
    waiting = awards.filter(reported_at=None)
    return awards.filter(pk__in=[each.pk for each in waiting if report_row(each, at).late])
