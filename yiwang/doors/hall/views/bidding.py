"""Taking documents, handing in, replacing and withdrawing a bid, the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity.api import organisation, usable_credentials
from yiwang.common.shell.api import posted, route, say
from yiwang.doors.hall.edge import (
    REFUSED_STATUS,
    Guide,
    bars_against,
    confirmed,
    new_key,
    reasons_of,
    refuse_at_fields,
    render,
    visible_lot,
)
from yiwang.doors.hall.forms.bidding import WITH_AGREEMENT, BidForm, partner_forms, partners_in
from yiwang.doors.hall.papers import Paper, papers_of, with_credentials
from yiwang.doors.hall.sharing import shared_bids
from yiwang.pure.kernel.actors import BIDDER, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.files import api as files
from yiwang.record.files.api import BID_TYPES
from yiwang.record.journal.api import business_now, once


@route(permissions.READ_LOT)
def documents(request: HttpRequest, code: str) -> HttpResponse:
    """The tender documents; a bidder is put on record as having taken them before the first download."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    listed = trading.documents_of(lot)
    bars: list[Finding] = []

    def take() -> None:
        trading.take_documents(actor, code, now)

    if request.method == "POST":
        try:
            take()
            return redirect("hall:documents", code=code)
        except Refused as refused:
            bars = reasons_of(refused)
    readable = bool(listed) and trading.may_read_tender_document(actor, lot, listed[0].sha256)
    may_take = actor.role == BIDDER and not readable
    if may_take and request.method != "POST":
        bars = bars_against(take)
    context = {
        "lot": lot,
        "now": now,
        "documents": listed,
        "readable": readable,
        "may_take": may_take,
        "bars": bars,
    }
    status = REFUSED_STATUS if request.method == "POST" else 200
    return render(request, "hall/documents.html", context, status=status)


@route(permissions.READ_LOT)
@require_GET
def document(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """One tender document. Who has not taken the documents is sent to where that is done."""
    actor = request.actor
    lot = visible_lot(actor, code)
    name = next((each.name for each in trading.documents_of(lot) if each.sha256 == sha256), None)
    if name is None:
        raise Http404(sha256)
    if not trading.may_read_tender_document(actor, lot, sha256):
        return redirect("hall:documents", code=code)
    trading.note_reading(actor, code, "tender document", business_now())
    return download(sha256, name)


def download(sha256: str, name: str) -> FileResponse:
    """A stored document as a file to keep; never shown inside the site's own pages."""
    response = FileResponse(files.open_document(sha256), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response


@route(permissions.BID)
def bid(request: HttpRequest, code: str) -> HttpResponse:
    """Hands in a bid."""
    return _bid(request, code, replace=False)


@route(permissions.BID)
def bid_replace(request: HttpRequest, code: str) -> HttpResponse:
    """Hands in another bid in place of the standing one."""
    return _bid(request, code, replace=True)


def _bid(request: HttpRequest, code: str, *, replace: bool) -> HttpResponse:
    # The body is read to its last byte before the clock is: received_at decides (招标投标法 28).
    uploads = request.FILES
    received_at = business_now()
    actor = request.actor
    lot = visible_lot(actor, code)
    members = trading.prequalified_members(lot, actor.organisation)
    form = BidForm(
        posted(request),
        uploads or None,
        initial={"key": new_key(), "deposit": lot.deposit_fen},
        register=usable_credentials(actor.organisation, local_day(received_at)),
        consortia=lot.consortium_allowed and (bool(members) or not lot.prequalifies),
    )
    if members and lot.consortium_allowed:
        form.as_prequalified()
    partners = partner_forms(posted(request), members)
    papers, findings = (
        papers_of(request, actor, BID_TYPES, kinds=WITH_AGREEMENT) if request.method == "POST" else ([], [])
    )
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    if request.method == "POST" and form.is_valid():
        try:
            papers = with_credentials(actor, papers, form.chosen_credentials(), received_at)
        except Refused as refused:
            refuse_at_fields(form, refused)

    def sheet() -> trading.SheetFacts:
        own = (actor.organisation, organisation(actor.organisation).name)
        return form.sheet(form.consortium(own, partners_in(partners)))

    def hand_in() -> str:
        return _handed_in(actor, code, form, sheet(), papers, received_at, replace)

    return Guide(
        template="hall/bid.html",
        preview_template="hall/bid_preview.html",
        forms={"form": form, "partners": partners} if partners.is_bound else {"form": form},
        preview=lambda: {"sheet": sheet()},
        take=hand_in,
        context={
            "lot": lot,
            "papers": papers,
            "now": received_at,
            "replace": replace,
            "open_yet": _open_yet(lot, received_at),
            "sharing": None if replace else shared_bids(actor, lot.project.code, received_at),
            "prequalified_with": members,
            "partners": partners,
        },
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _handed_in(
    actor: Actor,
    code: str,
    form: BidForm,
    sheet: trading.SheetFacts,
    papers: list[Paper],
    received_at: datetime,
    replace: bool,
) -> str:
    """Submits under the key of the form, so that a repeated click gives the same receipt; the receipt's URL."""
    named = [(paper.sha256, paper.name) for paper in papers]
    asked = {
        "lot": code,
        "sheet": sheet.as_json(),
        "papers": [sha256 for sha256, _ in named],
        "kinds": [paper.kind for paper in papers],
        "replace": replace,
    }

    kinds = {paper.sha256: paper.kind for paper in papers if paper.kind}

    def submit() -> dict[str, str]:
        receipt = trading.submit_bid(
            actor, code, sheet, named, received_at, replace=replace, paper_kinds=kinds
        )
        return {"envelope": receipt.envelope}

    once(form.cleaned_data["key"], actor, asked, submit)
    return reverse("hall:receipt", args=[code])


@route(permissions.BID)
@require_GET
def own_bid(request: HttpRequest, code: str) -> HttpResponse:
    """The standing bid of my organisation, with what can still be done about it."""
    actor, now = request.actor, business_now()
    lot, receipt = _standing(actor, code)
    context = {"lot": lot, "receipt": receipt, "now": now, "open_yet": _open_yet(lot, now)}
    return render(request, "hall/own_bid.html", context)


def _open_yet(lot: Any, at: datetime) -> bool:
    """Whether bids can still be handed in, replaced or withdrawn."""
    return lot.stage == "bidding" and lot.deadline_at is not None and at < lot.deadline_at


def _standing(actor: Actor, code: str) -> tuple[Any, trading.Receipt]:
    """The lot and the receipt of the actor's standing bid. Http404 where there is none."""
    lot = visible_lot(actor, code)
    envelope = trading.own_envelope(lot, actor.organisation)
    if envelope is None:
        raise Http404(code)
    return lot, trading.receipt_of(envelope)


@route(permissions.BID)
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt of the standing bid, to print and keep."""
    lot, shown = _standing(request.actor, code)
    context = {"lot": lot, "receipt": shown, "bidder": organisation(shown.bidder), "now": business_now()}
    return render(request, "hall/receipt.html", context)


@route(permissions.BID)
@require_GET
def receipt_json(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt as a file for programs."""
    _, shown = _standing(request.actor, code)
    response = JsonResponse(shown.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="receipt-{shown.envelope}.json"'
    return response


@route(permissions.BID)
def bid_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraws the standing bid, asked once."""
    received_at = business_now()
    actor = request.actor
    lot, standing = _standing(actor, code)

    return confirmed(
        request,
        "hall/bid_withdraw.html",
        {"lot": lot, "receipt": standing, "now": received_at},
        lambda: trading.withdraw_bid(actor, code, received_at),
        lambda _: reverse("hall:lot", args=[code]),
    )
