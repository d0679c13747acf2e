"""How the experts of a committee are chosen: planned by the tenderee, drawn and called by the centre, answered by them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
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
    said_done,
    visible_lot,
)
from yiwang.doors.hall.forms.choosing import (
    YES,
    CallForm,
    PlanForm,
    SpecialForm,
    SubstituteForm,
    UnreachedForm,
    WantedForms,
    pool_choices,
)
from yiwang.pure.kernel.actors import AGENCY, CENTRE, SUPERVISOR, TENDEREE
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import business_now

READERS = (TENDEREE, AGENCY, CENTRE, SUPERVISOR)


def _to_panel(code: str) -> str:
    return reverse("hall:experts", args=[code])


@route(permissions.READ_LOT)
@require_GET
def experts(request: HttpRequest, code: str) -> HttpResponse:
    """How far the choice of the experts has come; names for the centre and the supervisor."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    if actor.role not in READERS:
        raise Http404(code)
    trading.note_reading(actor, code, "draw of experts", now)
    return render(
        request, "hall/experts.html", {"lot": lot, "panel": trading.panel_page(actor, lot), "now": now}
    )


@route(permissions.CHOOSE_EXPERTS)
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee says how many experts of which field are drawn, and who represents it."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    panel, listed = trading.panel_page(actor, lot), pool_choices()
    lines = WantedForms(posted(request), prefix="wanted", form_kwargs={"listed": listed})
    form = PlanForm(panel.held, posted(request))

    def wanted() -> list[trading.Wanted]:
        return [each for each in (line.wanted() for line in lines) if each is not None]

    def planned() -> Any:
        return trading.plan_expert_draw(actor, code, wanted(), form.named(), now)

    def preview() -> dict[str, Any]:
        people = dict(trading.representatives_listed())
        warnings = rehearsed(planned)
        return {"wanted": wanted(), "named": [people[each] for each in form.named()], "warnings": warnings}

    def take() -> str:
        note_warnings(request, planned())
        return _to_panel(code)

    return Guide(
        template="hall/plan_draw.html",
        preview_template="hall/plan_draw_preview.html",
        forms={"form": form, "lines": lines},
        preview=preview,
        take=take,
        context={"lot": lot, "panel": panel, "listed": listed, "now": now},
    ).answer(request)


@route(permissions.CHOOSE_EXPERTS)
def special(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee says why the lot is a special tender whose experts it names."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = SpecialForm(lot.law_on or local_day(now), posted(request))

    def named() -> str:
        typed = form.cleaned_data
        trading.name_experts_directly(actor, code, typed["cause"], typed["reason"], now)
        return _to_panel(code)

    return Guide(
        template="hall/special_tender.html",
        preview_template="hall/special_tender_preview.html",
        forms={"form": form},
        preview=lambda: {
            "url": rehearsed(named),
            "cause": dict(form.fields["cause"].choices)[form.cleaned_data["cause"]],
        },
        take=named,
        context={"lot": lot, "now": now},
    ).answer(request)


@route(permissions.EVALUATE)
def draw(request: HttpRequest, code: str) -> HttpResponse:
    """The draw is held: asked once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    return confirmed(
        request,
        "hall/draw_experts.html",
        {"lot": lot, "panel": trading.panel_page(actor, lot), "now": now},
        lambda: trading.hold_expert_draw(actor, code, now),
        lambda _: _to_panel(code),
    )


@route(permissions.EVALUATE)
def seat(request: HttpRequest, code: str) -> HttpResponse:
    """The committee is formed of those who were drawn and accepted, and of the tenderee's representatives."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    return confirmed(
        request,
        "hall/seat_experts.html",
        {"lot": lot, "panel": trading.panel_page(actor, lot), "now": now},
        lambda: trading.seat_drawn_experts(actor, code, now),
        lambda _: reverse("hall:evaluation", args=[code]),
    )


@route(permissions.EVALUATE)
def unreached(request: HttpRequest, code: str, ticket: str) -> HttpResponse:
    """An expert could not be reached: how it was tried, and the next is called."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = [
        row for each in trading.panel_page(actor, lot).draws for order in each.orders for row in order.tickets
    ]
    row = next((each for each in rows if each.code == ticket and each.status == "called"), None)
    if row is None:
        raise Http404(ticket)
    form = UnreachedForm(posted(request))

    def take() -> str:
        trading.note_unreached(actor, ticket, form.cleaned_data["note"], now)
        return _to_panel(code)

    return Guide(
        template="hall/unreached.html",
        preview_template="hall/unreached_preview.html",
        forms={"form": form},
        preview=lambda: {"url": rehearsed(take)},
        take=take,
        context={"lot": lot, "row": row, "now": now},
    ).answer(request)


@route(permissions.EVALUATE)
def substitute(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A drawn member cannot go on: the next in the order is called."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    member = lot.committee.filter(number=number, replaced_at=None).first()
    if member is None:
        raise Http404(str(number))
    form = SubstituteForm(posted(request))

    def take() -> str:
        trading.call_substitute(actor, code, number, form.cleaned_data["why"], now)
        return _to_panel(code)

    return Guide(
        template="hall/substitute.html",
        preview_template="hall/substitute_preview.html",
        forms={"form": form},
        preview=lambda: {
            "url": rehearsed(take),
            "cause": dict(form.fields["why"].choices)[form.cleaned_data["why"]],
        },
        take=take,
        context={"lot": lot, "member": member, "now": now},
    ).answer(request)


@route(permissions.SIT)
def call(request: HttpRequest, ticket: str) -> HttpResponse:
    """A drawn expert reads what is to be evaluated and who takes part, and answers."""
    actor, now = request.actor, business_now()
    shown = next((each for each in trading.calls_to(actor) if each.code == ticket), None)
    if shown is None:
        raise Http404(ticket)
    form = CallForm(posted(request) if shown.open else None)
    status = 200
    if request.method == "POST" and shown.open:
        status = REFUSED_STATUS
        if form.is_valid():
            typed = form.cleaned_data
            try:
                trading.answer_call(actor, ticket, typed["answer"] == YES, typed["why"], typed["note"], now)
                said_done(request)
                return redirect("hall:home")
            except Refused as refused:
                refuse_at_fields(form, refused)
    return render(request, "hall/call.html", {"call": shown, "form": form, "now": now}, status=status)
