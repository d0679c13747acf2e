"""Opening, committee, evaluation and report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import (
    REFUSED_STATUS,
    Guide,
    confirmed,
    note_warnings,
    refuse_at_fields,
    rehearsed,
    render,
    visible_lot,
)
from yiwang.doors.hall.forms.choosing import ElsewhereForm
from yiwang.doors.hall.forms.evaluating import (
    LEAST_MEMBERS,
    EvaluationForm,
    MemberForms,
    ReasonForm,
    ReportForm,
)
from yiwang.doors.hall.forms.sitting import listed_experts
from yiwang.doors.hall.views.bidding import download
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now


@route(permissions.OPEN_BIDS)
def open_bids(request: HttpRequest, code: str) -> HttpResponse:
    """Opens every standing envelope, asked once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    return confirmed(
        request,
        "hall/open.html",
        {"lot": lot, "now": now},
        lambda: trading.open_bids(actor, code, now),
        lambda _: reverse("hall:opening", args=[code]),
    )


@route(permissions.READ_LOT)
@require_GET
def opening(request: HttpRequest, code: str) -> HttpResponse:
    """The opening record, as it was read out."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    trading.note_reading(actor, code, "opening record", now)
    rows = trading.opening_rows(lot)
    context = {
        "lot": lot,
        "rows": rows,
        "objections": trading.opening_objections(lot),
        "may_object": lot.stage == "opened"
        and lot.panel == 1
        and any(row.bidder == actor.organisation for row in rows),
        "draw": trading.draw_shown(lot),
        "now": now,
    }
    return render(request, "hall/opening.html", context)


@route(permissions.EVALUATE)
def committee(request: HttpRequest, code: str) -> HttpResponse:
    """Enters the evaluation committee."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    typed = with_more_members(request)
    listed = listed_experts()
    shown = {"listed": listed, "online": bool(lot.method), "namesakes": lot.panel > 1}
    members = MemberForms(typed, prefix="members", form_kwargs=shown)
    form = ElsewhereForm(typed)

    def given() -> list[trading.MemberFacts]:
        found = [each.member() for each in members]
        return [each for each in found if each is not None]

    def preview() -> dict[str, Any]:
        entered = rehearsed(lambda: trading.enter_committee(actor, code, given(), now, form.elsewhere()))
        return {"given": entered}

    def take() -> str:
        trading.enter_committee(actor, code, given(), now, form.elsewhere())
        return reverse("hall:evaluation", args=[code])

    return Guide(
        template="hall/committee.html",
        edit="add_members" in request.POST,
        preview_template="hall/committee_preview.html",
        forms={"form": form, "members": members},
        preview=preview,
        take=take,
        context={
            "lot": lot,
            "now": now,
            "least": LEAST_MEMBERS,
            "listed": listed,
            "panel": trading.panel_page(actor, lot),
        },
    ).answer(request)


def with_more_members(request: HttpRequest) -> Any:
    """What was typed; with two more empty members where that was asked for."""
    sent = posted(request)
    if sent is None:
        return None
    typed = sent.copy()
    if "add_members" in typed:
        count = typed.get("members-TOTAL_FORMS", "")
        typed["members-TOTAL_FORMS"] = str(min(int(count) + 2, 15) if count.isdigit() else LEAST_MEMBERS)
    return typed


@route(permissions.EVALUATE)
@require_GET
def evaluation(request: HttpRequest, code: str) -> HttpResponse:
    """Every bid and what the committee decided about it."""
    now = business_now()
    lot = visible_lot(request.actor, code)
    rows = trading.opening_rows(lot, everything=True)
    undecided = sum(row.status == "open" for row in rows)
    context = {
        "lot": lot,
        "rows": rows,
        "undecided": undecided,
        "valid": sum(row.status == "valid" for row in rows),
        "page": trading.sitting_page(request.actor, code),
        "rounds": trading.rounds_for(request.actor, lot),
        "signs": trading.sign_lines(request.actor, lot),
        "consortia": [row for row in rows if row.consortium],
        "now": now,
    }
    return render(request, "hall/evaluation.html", context)


def _row(lot: Any, bidder: str) -> trading.OpeningRow:
    row = next((each for each in trading.opening_rows(lot, everything=True) if each.bidder == bidder), None)
    if row is None:
        raise Http404(bidder)
    return row


@route(permissions.EVALUATE)
def evaluate(request: HttpRequest, code: str, bidder: str) -> HttpResponse:
    """What the committee decided about one bid."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    row = _row(lot, bidder)
    initial = {"evaluated": row.evaluated_fen or row.price_fen}
    form = EvaluationForm(_law_on(lot, now), posted(request), initial=initial)
    context = {"lot": lot, "row": row, "form": form, "papers": _papers(lot, bidder), "now": now}
    if request.method != "POST":
        return render(request, "hall/evaluate.html", context)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            if typed["decision"] == "valid":
                trading.evaluate_bid(actor, code, bidder, typed["evaluated"], typed["note"], now)
            else:
                trading.reject_bid(actor, code, bidder, typed["ground"], typed["reason"], now)
            return redirect("hall:evaluation", code=code)
        except Refused as refused:
            refuse_at_fields(form, refused)
    return render(request, "hall/evaluate.html", context, status=REFUSED_STATUS)


def _law_on(lot: Any, now: datetime) -> Any:
    return lot.law_on or local_day(now)


def _papers(lot: Any, bidder: str) -> tuple[tuple[str, str, Words], ...]:
    """(sha256, name, kind) of the papers of an opened bid."""
    envelope = trading.own_envelope(lot, bidder)
    return tuple(trading.receipt_of(envelope).listed) if envelope is not None else ()


@route(permissions.READ_LOT)
@require_GET
def bid_paper(request: HttpRequest, code: str, bidder: str, sha256: str) -> HttpResponseBase:
    """A paper of an opened bid. Before the opening there is no such page for anybody."""
    actor = request.actor
    lot = visible_lot(actor, code)
    envelope = trading.own_envelope(lot, bidder)
    if envelope is None or not trading.may_read_bid_document(actor, envelope):
        raise Http404(sha256)
    name = next((name for digest, name in trading.receipt_of(envelope).papers if digest == sha256), None)
    if name is None:
        raise Http404(sha256)
    trading.note_reading(actor, code, "bid document", business_now())
    return download(sha256, name)


@route(permissions.EVALUATE)
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The evaluation report: the ranking, the lowest evaluated price proposed first."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = trading.opening_rows(lot, everything=True)
    ordered = sorted(
        (row for row in rows if row.status == "valid" and row.evaluated_fen is not None),
        key=lambda row: row.evaluated_fen or 0,
    )
    proposed = dict(zip(("first", "second", "third"), (row.bidder for row in ordered), strict=False))
    form = ReportForm(ordered, posted(request), initial=proposed)
    tied = [row for row in ordered if row.evaluated_fen == ordered[0].evaluated_fen]

    def receive() -> Any:
        typed = form.cleaned_data
        return trading.receive_report(actor, code, form.ranking(), typed["tie_break"], now)

    def preview() -> dict[str, Any]:
        warnings = rehearsed(receive)
        by_bidder = {row.bidder: row for row in ordered}
        return {"ranked": [by_bidder[each] for each in form.ranking()], "warnings": warnings}

    def take() -> str:
        note_warnings(request, receive())
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/report.html",
        preview_template="hall/report_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={
            "lot": lot,
            "rows": rows,
            "ordered": ordered,
            "tied": tied if len(tied) > 1 else [],
            "now": now,
        },
        names={"ranking": "first"},
    ).answer(request)


@route(permissions.EVALUATE)
def reject_all(request: HttpRequest, code: str) -> HttpResponse:
    """The committee rejects all bids: the reason, then asked once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = ReasonForm(posted(request))

    def reject() -> str:
        trading.reject_all(actor, code, form.cleaned_data["reason"], now)
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/reject_all.html",
        preview_template="hall/reject_all_preview.html",
        forms={"form": form},
        preview=lambda: {"url": rehearsed(reject)},
        take=reject,
        context={"lot": lot, "rows": trading.opening_rows(lot, everything=True), "now": now},
    ).answer(request)
