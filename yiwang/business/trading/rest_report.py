"""The part of /api/v1 for the evaluation report: the lot's side reads it once it was handed in (招标投标法 40)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import Code, NotFound, actor_of, lot_of
from yiwang.common.shell.api import answer, operation
from yiwang.pure.kernel.actors import AGENCY, TENDEREE
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

router = Router(tags=["award, refunds and who is in charge"])


class ReportWords(Schema):
    zh: str
    en: str


class ReportBidOut(Schema):
    """A bid as the report has it. Fen; ``ground`` and ``reason`` where it was rejected, ``points`` where bids are scored."""

    bidder: str
    name: str
    price_fen: int
    evaluated_fen: int | None
    status: str
    ground: ReportWords | None
    reason: str
    points: str
    rank: int | None


class ReportMemberOut(Schema):
    """A member by number, without a name, and what they did: signed, dissent (``text``), deemed, paper."""

    number: int
    kind: str
    how: str
    text: str


class EvaluationReportOut(Schema):
    """``calculation`` as GET /lots/CODE/calculation gives it, with the points of every member's sheet."""

    lot: str
    method: ReportWords
    received_at: str
    sha256: str
    bids: list[ReportBidOut]
    members: list[ReportMemberOut]
    ranking: list[str]
    tie_break: str
    calculation: dict[str, Any]


def _words(words: Words | None) -> dict[str, str] | None:
    return {"zh": words.zh, "en": words.en} if words else None


def report_json(report: trading.EvaluationReport) -> dict[str, Any]:
    """The report field by field; the members by their numbers."""
    plain = ("bidder", "name", "price_fen", "evaluated_fen", "status", "reason", "points", "rank")
    return {
        "lot": report.lot,
        "method": _words(report.method),
        "received_at": iso(report.received_at) if report.received_at else "",
        "sha256": report.sha256,
        "bids": [
            {**{name: getattr(each, name) for name in plain}, "ground": _words(each.ground)}
            for each in report.bids
        ],
        "members": [
            {"number": each.number, "kind": each.kind, "how": each.how, "text": each.text}
            for each in report.members
            if each.replaced_at is None
        ],
        "ranking": list(report.ranking),
        "tie_break": report.tie_break,
        "calculation": trading.calculation_json(report.calculation),
    }


@router.get(
    "/me/lots/{code}/evaluation-report", response=EvaluationReportOut, operation_id="readEvaluationReport"
)
@operation(permissions.READ_LOT)
def read_evaluation_report(request: HttpRequest, code: Code) -> HttpResponse:
    """The evaluation report of one of my lots, for tenderee and agency once it was handed in; that it was read is on record."""
    actor, at = actor_of(request), business_now()
    lot = lot_of(actor, code)
    if actor.role not in (TENDEREE, AGENCY) or lot.report_received_at is None or not lot.committee.exists():
        raise NotFound
    trading.note_reading(actor, code, "evaluation report", at)
    return answer(report_json(trading.evaluation_report_of(lot)), private=True)
