"""The written report on a tender to the supervisor (招标投标法 47): drafted from the record, handed in once."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

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
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.files import api as files
from yiwang.record.journal.api import act

STEPS = {"awarded": "report-award", "contracted": "report-after-contract"}
MAX_REMARKS = 2000
MOST_ROWS = 500


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
        report = WrittenReport.objects.create(
            lot=lot,
            award=decided,
            document=stored.sha256,
            handed_in_at=at,
            late=any(each.rule == "W24" for each in warnings),
        )
        return report, warnings


def written_reports(actor: Actor, at: datetime) -> list[ReportRow]:
    """The awarded lots that the actor may see, with the last day of their report (W24); what is late in front."""
    require(actor, permissions.READ_WRITTEN_REPORTS)
    rows = []
    awards = Award.objects.filter(withdrawn_at=None, lot__in=lots_for(actor)).order_by("-sent_at")
    for each in awards.select_related("lot", "lot__project", "written_report")[:MOST_ROWS]:
        lot = each.lot
        clock = law.clock("W24", each.sent_at, on=lot.law_on or local_day(each.sent_at))
        report = each.written_report if hasattr(each, "written_report") else None
        late = report.late if report else at >= clock.result_at
        name = f"{lot.project.name}（{lot.name}）"
        rows.append(ReportRow(lot.code, name, clock.result_at, report.handed_in_at if report else None, late))
    return sorted(rows, key=lambda each: (each.handed_in_at is not None, not each.late, each.due_at))
