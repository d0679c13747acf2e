"""The written report to the supervisor; doing without a tender after the second failure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import Choice, Column, address, listing, posted, route, say
from yiwang.doors.hall.beside import READERS
from yiwang.doors.hall.edge import (
    REFUSED_STATUS,
    Guide,
    note_warnings,
    refuse_at_fields,
    rehearsed,
    render,
    visible_lot,
)
from yiwang.doors.hall.forms.reporting import ForgoForm, RemarksForm
from yiwang.doors.hall.list_pages import answered
from yiwang.doors.hall.lot_lists import of_lots_named
from yiwang.doors.hall.names import NameBook
from yiwang.doors.hall.papers import papers_of
from yiwang.law import api as law
from yiwang.pure.kernel.days import from_iso, local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.files import api as files
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now


def _readable(report: dict[str, Any]) -> dict[str, Any]:
    """The report with its instants read back."""
    instants = {name: from_iso(report[name]) for name in ("deadline", "decided_at") if report.get(name)}
    return {**report, **instants}


def _report(lot: Any, page: trading.LotPage, now: datetime) -> dict[str, Any] | None:
    """The report as handed in, or as it would be drawn up now; None before the award."""
    if page.written_report is not None:
        with files.open_document(page.written_report.document) as stream:
            return _readable(json.load(stream))
    try:
        return _readable(trading.drafted_report(lot, now))
    except Refused:
        return None


@route(permissions.READ_LOT)
def written_report(request: HttpRequest, code: str) -> HttpResponse:
    """The written report: for the lot's side, which hands it in, and for the supervisor, which reads it."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    if actor.role not in READERS:
        raise Http404(code)
    page = trading.lot_page(lot, everything=True)
    may = permissions.AWARD.allows(actor) and page.written_report is None
    form = RemarksForm(posted(request)) if may else None
    status = 200
    if form is not None and request.method == "POST":
        status = REFUSED_STATUS
        if form.is_valid():
            try:
                _, warnings = trading.hand_in_written_report(actor, code, form.cleaned_data["remarks"], now)
                note_warnings(request, warnings)
                return redirect("hall:written-report", code=code)
            except Refused as refused:
                refuse_at_fields(form, refused)
    trading.note_reading(actor, code, "written report", now)
    context = {
        "lot": lot,
        "now": now,
        "line": page.written_report,
        "report": _report(lot, page, now),
        "clock": next((each for each in page.clocks if each.limit.id == "W24"), None),
        "form": form,
    }
    return render(request, "hall/written_report.html", context, status=status)


@route(permissions.READ_WRITTEN_REPORTS)
@require_GET
def written_reports(request: HttpRequest) -> HttpResponse:
    """Of every awarded lot whether its report was handed in, and until when it is due: those that wait first."""
    now, book = business_now(), NameBook()

    def narrow(rows: Any, state: str) -> Any:
        if state == "overdue":
            return trading.reports_overdue(rows, now)
        if state == "late":
            return rows.filter(written_report__late=True)
        return rows.filter(reported_at__isnull=state == "open")

    shown = listing(
        request,
        trading.written_reports(request.actor),
        _columns(book, now),
        search=of_lots_named,
        choices=[Choice("state", Words("状态", "State"), list(STATES.items()), narrow=narrow, first="open")],
        order="decided",
    )

    def learn(found: Sequence[Any]) -> None:
        book.learn(code for row in found for code in (row.lot.tenderee, row.lot.agency))

    return answered(request, "written_reports", shown, learn)


STATES = {
    "open": Words("待提交", "not handed in"),
    "overdue": Words("逾期未提交", "overdue"),
    "done": Words("已提交", "handed in"),
    "late": Words("逾期提交", "handed in late"),
}


def _columns(book: NameBook, now: datetime) -> list[Column]:
    def row_of(decided: Any) -> trading.ReportRow:
        return trading.report_row(decided, now)

    def state(decided: Any) -> Words:
        row = row_of(decided)
        if row.handed_in_at:
            return STATES["late" if row.late else "done"]
        return STATES["overdue"] if row.late else Words("未到期", "not due yet")

    return [
        Column(
            "lot",
            Words("标段", "Lot"),
            lambda each: row_of(each).name,
            sort="lot__project__name",
            link=lambda each: address("hall:written-report", each.lot.code),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.lot.code, sort="lot__code", under="lot"),
        book.column("tenderee", Words("招标人", "Tenderee"), lambda each: each.lot.tenderee, "lot__tenderee"),
        book.column(
            "agency", Words("代理机构", "Agency"), lambda each: each.lot.agency, "lot__agency", "tenderee"
        ),
        Column("decided", Words("定标", "Awarded"), lambda each: each.sent_at, sort="sent_at"),
        Column("due", Words("最迟", "Due"), lambda each: row_of(each).due_at),
        Column("state", Words("状态", "State"), state, under="due"),
        Column(
            "handed_in",
            Words("提交", "Handed in"),
            lambda each: row_of(each).handed_in_at,
            sort="written_report__handed_in_at",
        ),
    ]


@route(permissions.TERMINATE)
def forgo(request: HttpRequest, code: str) -> HttpResponse:
    """After the second failure the tenderee does without a tender (W12)."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    on = lot.law_on or local_day(now)
    form = ForgoForm(on, posted(request), request.FILES or None)
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    named = [(paper.sha256, paper.name) for paper in papers]

    def decide() -> str:
        typed = form.cleaned_data
        trading.forgo_tender(actor, code, typed["basis"], typed["reason"], named, now)
        return address("hall:lot", code)

    def preview() -> dict[str, Any]:
        basis = dict(form.fields["basis"].choices)[form.cleaned_data["basis"]]
        return {"url": rehearsed(decide), "typed": form.cleaned_data, "basis": basis}

    return Guide(
        template="hall/forgo.html",
        preview_template="hall/forgo_preview.html",
        forms={"form": form},
        preview=preview,
        take=decide,
        context={"lot": lot, "papers": papers, "rule": law.rule("W12", on=on), "now": now},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)
