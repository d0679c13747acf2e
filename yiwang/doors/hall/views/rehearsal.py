"""Moving the clock of a rehearsal forward. A real database has no such page."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import ENTER_HALL, REFUSED_STATUS, refuse_at_fields, render
from yiwang.doors.hall.forms.rehearsal import ClockForm
from yiwang.doors.hall.words import DUTIES
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import Due, advance_rehearsal, agenda, birth, business_now

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
SHOWN_DUE = 8


@route(ENTER_HALL)
def clock(request: HttpRequest) -> HttpResponse:
    """Shows the rehearsal clock and the agenda; POST moves the clock, never back."""
    if not birth().rehearsal:
        raise Http404("no rehearsal")
    now = business_now()
    due = agenda()
    form = ClockForm(posted(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            advance_rehearsal(_wanted(request, form, due, now), request.actor)
            return redirect(f"{reverse('hall:clock')}?moved=1")
        except Refused as refused:
            refuse_at_fields(form, refused)
    if form.errors:
        status = REFUSED_STATUS
    late = [each for each in due if each.due_at <= now]
    context = {
        "form": form,
        "now": now,
        "coming": [(each, DUTIES[each.duty]) for each in _coming(due, now)[:SHOWN_DUE]],
        "late": late,
        "catching_up": bool(late),
        "moved": "moved" in request.GET,
    }
    return render(request, "hall/clock.html", context, status=status)


def _coming(due: list[Due], now: datetime) -> list[Due]:
    """What falls due next in the life of a tender, the earliest first."""
    return [each for each in due if each.due_at > now and each.duty in DUTIES]


def _wanted(request: HttpRequest, form: ClockForm, due: list[Due], now: datetime) -> datetime:
    """The instant that was asked for. Raises Refused where none was."""
    by = request.POST.get("by", "")
    if by in STEPS:
        return now + STEPS[by]
    if by == "next":
        coming = _coming(due, now)
        if not coming:
            raise Refused([Finding("nothing-due")])
        return coming[0].due_at
    typed: datetime | None = form.cleaned_data["to"]
    if typed is None:
        raise Refused([Finding("clock-not-given", field="to")])
    return typed
