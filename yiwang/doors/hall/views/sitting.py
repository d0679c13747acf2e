"""Pages of the members of a committee: what to vote on, the own sheet, the report to sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import HouseForm, posted, route, say
from yiwang.doors.hall.edge import (
    REFUSED_STATUS,
    Guide,
    confirmed,
    refuse_at_fields,
    rehearsed,
    render,
    said_done,
    visible_lot,
)
from yiwang.doors.hall.forms.evaluating import ReasonForm
from yiwang.doors.hall.forms.passing import STANDS, ConclusionForm
from yiwang.doors.hall.forms.sitting import (
    CorrectionForm,
    InquiryForm,
    RejectionForm,
    SheetForm,
    SigningForm,
    VoteForm,
)
from yiwang.doors.hall.papers import papers_of
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now


def papers_of_bids(
    lot: Any, rows: tuple[trading.OpeningRow, ...]
) -> list[tuple[trading.OpeningRow, tuple[tuple[str, str], ...]]]:
    """Every opened bid with (sha256, name) of its papers."""
    found = []
    for row in rows:
        envelope = trading.own_envelope(lot, row.bidder)
        found.append((row, trading.receipt_of(envelope).papers if envelope is not None else ()))
    return found


@route(permissions.SIT)
@require_GET
def sitting(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about an evaluation that a member needs, and what they have to do now."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = trading.opening_rows(lot, everything=True)
    context = {
        "lot": lot,
        "signs": trading.sign_lines(actor, lot),
        "consortia": [row for row in rows if row.consortium],
        "now": now,
        "page": trading.sitting_page(actor, code),
        "bids": papers_of_bids(lot, rows),
        "documents": trading.documents_of(lot),
        "draw": trading.draw_shown(lot),
        "rounds": trading.rounds_for(actor, lot),
    }
    return render(request, "hall/sitting.html", context)


def _row(lot: Any, bidder: str) -> trading.OpeningRow:
    rows = trading.opening_rows(lot, everything=True)
    row = next((each for each in rows if each.bidder == bidder), None)
    if row is None:
        raise Http404(bidder)
    return row


def _one_form(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    form: HouseForm,
    take: Callable[[], object],
    back: str,
) -> HttpResponse:
    """A form whose act is done at once: refused at its fields, or done and back."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                take()
                said_done(request)
                return redirect(back)
            except Refused as refused:
                refuse_at_fields(form, refused)
        status = REFUSED_STATUS
    return render(request, template, {**context, "form": form, "back": back}, status=status)


@route(permissions.SIT)
def propose(request: HttpRequest, code: str, bidder: str) -> HttpResponse:
    """A member proposes to reject a bid."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    initial = {"ground": request.GET.get("ground", "")[:40]}
    form = RejectionForm(lot.law_on or local_day(now), posted(request), initial=initial)

    def take() -> None:
        typed = form.cleaned_data
        trading.propose_rejection(actor, code, bidder, typed["ground"], typed["reason"], now)

    context = {"lot": lot, "row": _row(lot, bidder), "now": now}
    return _one_form(request, "hall/propose.html", context, form, take, reverse("hall:sitting", args=[code]))


@route(permissions.SIT)
def correct(request: HttpRequest, code: str, bidder: str) -> HttpResponse:
    """A member proposes a corrected price that the bidder accepted in writing."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = CorrectionForm(posted(request))

    def take() -> None:
        typed = form.cleaned_data
        trading.propose_correction(
            actor, code, bidder, typed["basis"], typed["evaluated"], typed["reason"], now
        )

    context = {"lot": lot, "row": _row(lot, bidder), "now": now}
    return _one_form(
        request, "hall/propose_correction.html", context, form, take, reverse("hall:sitting", args=[code])
    )


@route(permissions.SIT)
def reject_all(request: HttpRequest, code: str) -> HttpResponse:
    """A member proposes to reject all bids (招标投标法 42)."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = ReasonForm(posted(request))

    def take() -> None:
        trading.propose_rejecting_all(actor, code, form.cleaned_data["reason"], now)

    context = {"lot": lot, "rows": trading.opening_rows(lot, everything=True), "now": now}
    return _one_form(
        request, "hall/propose_rejecting_all.html", context, form, take, reverse("hall:sitting", args=[code])
    )


@route(permissions.SIT)
def conclude(request: HttpRequest, code: str) -> HttpResponse:
    """A member proposes what the re-examination of a candidate found (招标条例 56)."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = ConclusionForm(posted(request), request.FILES or None)
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    named = [(paper.sha256, paper.name) for paper in papers]

    def take() -> None:
        typed = form.cleaned_data
        trading.propose_conclusion(actor, code, typed["stands"] == STANDS, typed["reason"], named, now)

    context = {"lot": lot, "page": trading.sitting_page(actor, code), "papers": papers, "now": now}
    return _one_form(
        request, "hall/propose_conclusion.html", context, form, take, reverse("hall:sitting", args=[code])
    )


@route(permissions.SIT)
def ask_bidder(request: HttpRequest, code: str, bidder: str) -> HttpResponse:
    """A member asks a bidder in writing."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = InquiryForm(posted(request))

    def take() -> None:
        typed = form.cleaned_data
        trading.ask_bidder(actor, code, bidder, typed["unclear"], typed["text"], now)

    context = {"lot": lot, "row": _row(lot, bidder), "now": now}
    return _one_form(
        request, "hall/ask_bidder.html", context, form, take, reverse("hall:sitting", args=[code])
    )


@route(permissions.SIT)
def vote(request: HttpRequest, code: str, motion: str) -> HttpResponse:
    """A member votes on what was proposed."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    page = trading.sitting_page(actor, code)
    shown = next((each for each in page.motions if each.code == motion), None)
    if shown is None:
        raise Http404(motion)
    form = VoteForm(posted(request))

    def take() -> None:
        typed = form.cleaned_data
        trading.cast_vote(actor, motion, typed["vote"] == "yes", typed["reason"], now)

    context = {"lot": lot, "motion": shown, "now": now}
    return _one_form(request, "hall/vote.html", context, form, take, reverse("hall:sitting", args=[code]))


@route(permissions.SIT)
def ask_time(request: HttpRequest, code: str) -> HttpResponse:
    """A member finds the time too short."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    return confirmed(
        request,
        "hall/ask_time.html",
        {"lot": lot, "now": now},
        lambda: trading.ask_time(actor, code, now),
        lambda _: reverse("hall:sitting", args=[code]),
    )


@route(permissions.SIT)
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The own scoring sheet: kept as far as it is filled in, handed in once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    page = trading.sitting_page(actor, code)
    form = SheetForm(page.to_score, page.criteria, page.sheet, page.judged, posted(request))
    back = reverse("hall:sitting", args=[code])
    if request.method == "POST" and request.POST.get("stage") == "save" and form.is_valid():
        try:
            trading.save_sheet(actor, code, form.sheet(), now)
            said_done(request)
            return redirect("hall:sheet", code=code)
        except Refused as refused:
            refuse_at_fields(form, refused)
            context = {"lot": lot, "page": page, "form": form, "now": now}
            return render(request, "hall/sheet.html", context, status=REFUSED_STATUS)

    def preview() -> dict[str, Any]:
        rehearsed(lambda: trading.hand_in_sheet(actor, code, form.sheet(), now))
        typed = form.sheet()
        titles = [each.title for each in page.criteria]
        lines = [
            (
                name,
                [(title, typed[bidder][each.id]) for title, each in zip(titles, page.criteria, strict=True)],
            )
            for bidder, name in page.to_score
        ]
        return {"lines": lines}

    def take() -> str:
        trading.hand_in_sheet(actor, code, form.sheet(), now)
        return back

    return Guide(
        template="hall/sheet.html",
        preview_template="hall/sheet_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={"lot": lot, "page": page, "now": now},
    ).answer(request)


@route(permissions.SIT)
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """The report as drawn up: signed, or dissent in writing; asked once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = SigningForm(posted(request))

    def act_on_it() -> str:
        if form.cleaned_data["how"] == "dissent":
            trading.dissent(actor, code, form.cleaned_data["text"], now)
        else:
            trading.sign_report(actor, code, now)
        return reverse("hall:sitting", args=[code])

    return Guide(
        template="hall/sign.html",
        preview_template="hall/sign_preview.html",
        forms={"form": form},
        preview=lambda: {"url": rehearsed(act_on_it)},
        take=act_on_it,
        context={
            "lot": lot,
            "page": trading.sitting_page(actor, code),
            "report": trading.evaluation_report_of(lot),
            "now": now,
        },
    ).answer(request)
