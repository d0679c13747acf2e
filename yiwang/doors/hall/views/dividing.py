"""The division of work in an organisation: who is in charge of lots, who is away, who acted for whom."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, refusing, route
from yiwang.doors.hall.edge import REFUSED_STATUS, render, said_done, visible_lot
from yiwang.doors.hall.forms.dividing import AbsenceForm, ChargeForm
from yiwang.doors.hall.lot_lists import lots_listing
from yiwang.pure.kernel.days import local_day
from yiwang.record.journal.api import business_now


@route(permissions.DIVIDE_WORK)
def charge(request: HttpRequest, code: str) -> HttpResponse:
    """Who is in charge of a lot."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    initial = {"person": trading.person_in_charge(actor, lot)}
    form = ChargeForm(trading.work_mates(actor), posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            trading.give_lots(actor, [code], form.cleaned_data["person"], now)
        if form.is_valid():
            said_done(request)
            return redirect("hall:lot", code=code)
    status = REFUSED_STATUS if request.method == "POST" else 200
    return render(request, "hall/charge.html", {"form": form, "lot": lot}, status=status)


@route(permissions.DIVIDE_WORK)
def give(request: HttpRequest) -> HttpResponse:
    """All lots that a filter of the list shows go to one person: shown first, then done."""
    actor, now = request.actor, business_now()
    shown = lots_listing(request).shown
    chosen = list(shown.found.order_by()[: trading.MOST_LOTS + 1])
    form = ChargeForm(trading.work_mates(actor), posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            trading.give_lots(actor, [each.code for each in chosen], form.cleaned_data["person"], now)
        if form.is_valid():
            said_done(request)
            return redirect(f"{reverse('hall:lots')}?{request.GET.urlencode()}")
    context = {
        "form": form,
        "lots": chosen[:50],
        "count": len(chosen),
        "too_many": len(chosen) > trading.MOST_LOTS,
        "most": trading.MOST_LOTS,
        "query": request.GET.urlencode(),
    }
    status = REFUSED_STATUS if request.method == "POST" else 200
    return render(request, "hall/give.html", context, status=status)


@route(permissions.DIVIDE_WORK)
def absence(request: HttpRequest) -> HttpResponse:
    """Who is away, and noting one's own absence."""
    actor, now = request.actor, business_now()
    today = local_day(now)
    mates = [each for each in trading.work_mates(actor) if each[0] != actor.person]
    form = AbsenceForm(mates, posted(request), initial={"since_on": today})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with refusing(form):
            trading.note_absence(actor, typed["deputy"], typed["since_on"], typed["until_on"], now)
        if form.is_valid():
            said_done(request)
            return redirect("hall:absence")
    status = REFUSED_STATUS if request.method == "POST" else 200
    context = {"form": form, "absences": trading.absences_of(actor, today), "alone": not mates}
    return render(request, "hall/absence.html", context, status=status)


@route(permissions.DIVIDE_WORK)
@require_POST
def absence_end(request: HttpRequest, number: int) -> HttpResponse:
    """One's own absence ends."""
    trading.end_absence(request.actor, number, business_now())
    said_done(request)
    return redirect("hall:absence")


@route(permissions.DIVIDE_WORK)
@require_GET
def own_acts(request: HttpRequest, code: str) -> HttpResponse:
    """What people of the own organisation did in a lot, and for whom they stood in."""
    lot = visible_lot(request.actor, code)
    return render(request, "hall/own_acts.html", {"lot": lot, "acts": trading.own_acts(request.actor, lot)})
