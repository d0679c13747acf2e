"""Award by rank and its exceptions: a candidate passed over, nobody awarded, a candidate examined again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, route, say
from yiwang.doors.hall.edge import Guide, rehearsed, sees_everything, visible_lot
from yiwang.doors.hall.forms.passing import STANDS, ConclusionForm, DoubtForm, NoWinnerForm, PassingForm
from yiwang.doors.hall.papers import papers_of
from yiwang.doors.hall.views.bidding import download
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now

Named = list[tuple[str, str]]


def left_of(lot: Any) -> list[trading.OpeningRow]:
    """The shortlisted bidders that may still be awarded, first in rank first."""
    rows = trading.opening_rows(lot, everything=True)
    return sorted((row for row in rows if row.rank and not row.passed), key=lambda row: row.rank or 0)


def _guided(
    request: HttpRequest,
    lot: Any,
    form: Any,
    pages: str,
    verb: Callable[[Named], object],
    shown: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """A form with papers, its preview, and the verb once it is confirmed; ``pages`` is the stem of both templates."""
    papers, findings = (
        papers_of(request, request.actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    )
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    named = [(paper.sha256, paper.name) for paper in papers]

    def take() -> str:
        verb(named)
        return reverse("hall:lot", args=[lot.code])

    def preview() -> dict[str, Any]:
        rehearsed(lambda: verb(named))
        return {"typed": form.cleaned_data, **shown()}

    return Guide(
        template=f"hall/{pages}.html",
        preview_template=f"hall/{pages}_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={"lot": lot, "papers": papers, "left": left_of(lot), "now": business_now()},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _name(rows: list[trading.OpeningRow], bidder: str) -> str:
    return next((row.name for row in rows if row.bidder == bidder), "")


@route(permissions.AWARD)
def pass_over(request: HttpRequest, code: str) -> HttpResponse:
    """The first candidate left is not awarded, before its letter or after it (招标条例 55)."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = left_of(lot)
    initial = {"bidder": rows[0].bidder if rows else ""}
    on = lot.law_on or local_day(now)
    form = PassingForm(rows, on, posted(request), request.FILES or None, initial=initial)

    def verb(named: Named) -> object:
        typed = form.cleaned_data
        return trading.pass_over(actor, code, typed["bidder"], typed["ground"], typed["reason"], named, now)

    def shown() -> dict[str, Any]:
        ground = dict(form.fields["ground"].choices)[form.cleaned_data["ground"]]
        return {"name": _name(rows, form.cleaned_data["bidder"]), "ground": ground}

    return _guided(request, lot, form, "pass_over", verb, shown)


@route(permissions.AWARD)
def no_winner(request: HttpRequest, code: str) -> HttpResponse:
    """After somebody was passed over nobody else is awarded: the tender is held again."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = NoWinnerForm(posted(request))

    def verb(named: Named) -> object:
        trading.declare_no_winner(actor, code, form.cleaned_data["reason"], now)
        return None

    def shown() -> dict[str, Any]:
        return {"moot": trading.orders_made_moot(actor, lot, "declare-no-winner")}

    return _guided(request, lot, form, "no_winner", verb, shown)


@route(permissions.AWARD)
def reexamine(request: HttpRequest, code: str) -> HttpResponse:
    """The original committee is asked about a candidate before the award letter (招标条例 56)."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = left_of(lot)
    initial = {"bidder": rows[0].bidder if rows else ""}
    form = DoubtForm(rows, posted(request), request.FILES or None, initial=initial)

    def verb(named: Named) -> object:
        typed = form.cleaned_data
        return trading.order_reexamination(actor, code, typed["bidder"], typed["reason"], named, now)

    return _guided(
        request, lot, form, "reexamine", verb, lambda: {"name": _name(rows, form.cleaned_data["bidder"])}
    )


@route(permissions.EVALUATE)
def conclude_reexamination(request: HttpRequest, code: str) -> HttpResponse:
    """The centre enters what the original committee found."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = ConclusionForm(posted(request), request.FILES or None)

    def verb(named: Named) -> object:
        typed = form.cleaned_data
        stands = typed["stands"] == STANDS
        return trading.conclude_reexamination(actor, code, stands, typed["reason"], named, now)

    def shown() -> dict[str, Any]:
        return {"stands": form.cleaned_data["stands"] == STANDS}

    return _guided(request, lot, form, "reexamined", verb, shown)


@route(permissions.READ_LOT)
@require_GET
def passing_paper(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A document that proves why somebody was passed over: for the lot's side, the centre and the supervisor."""
    lot = visible_lot(request.actor, code)
    if not sees_everything(request.actor):
        raise Http404(code)
    try:
        return download(*trading.passing_paper(lot, sha256))
    except Refused as error:
        raise Http404(code) from error
