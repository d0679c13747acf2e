"""The calendar: what falls on which day in my lots, on a desk, on a phone, and in other programs."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import PUBLIC, route
from yiwang.doors.hall import ics
from yiwang.doors.hall.calendars import (
    addresses_of,
    days_of,
    feed,
    listed_days,
    make_address,
    reader_behind,
    revoke_address,
)
from yiwang.doors.hall.edge import language, render, said_done
from yiwang.doors.hall.rows import event_rows
from yiwang.doors.hall.rules import LIST, VIEWS, earlier_day, shown_days
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now, real_now

VIEW_WORDS = {
    "list": Words("列表", "List"),
    "week": Words("周", "Week"),
    "day": Words("日", "Day"),
}
FURTHEST = timedelta(days=36_500)
WEEKDAYS = tuple(
    Words(zh, en)
    for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
)


def _asked_day(request: HttpRequest, today: date) -> date:
    """The day in the address; today where there is none, it is no day, or further away than anything can be due."""
    try:
        asked = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return asked if abs(asked - today) <= FURTHEST else today


@route(permissions.READ_LOT)
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Days with openings and ends of periods; ``view`` and ``on`` stand in the address."""
    now = business_now()
    today = local_day(now)
    view = request.GET.get("view", LIST)
    view = view if view in VIEWS else LIST
    on = _asked_day(request, today)
    first, last = shown_days(view, on)
    days = (listed_days if view == LIST else days_of)(request.actor, first, last)
    last = days[-1].on
    shown = [each for each in days if each.events] if view == LIST else days
    context = {
        "view": view,
        "views": [(each, VIEW_WORDS[each]) for each in VIEWS],
        "days": [(each, WEEKDAYS[each.on.weekday()], event_rows(each.events)) for each in shown],
        "first": first,
        "last": last,
        "on": on,
        "today": today,
        "earlier": earlier_day(view, on),
        "later": last + timedelta(days=1),
        "addresses": addresses_of(request.actor),
        "meets": any(each.meets for day in days for each in day.events),
    }
    return render(request, "hall/calendar.html", context)


@route(permissions.READ_LOT)
@require_POST
def new_address(request: HttpRequest) -> HttpResponse:
    """Makes a secret address and shows it once."""
    secret = make_address(request.actor, business_now())
    url = settings.ORIGIN + reverse("hall:calendar-feed", args=[secret])
    return render(request, "hall/calendar_address.html", {"address": url})


@route(permissions.READ_LOT)
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """A secret address works no more."""
    revoke_address(request.actor, number, real_now())
    said_done(request)
    return redirect("hall:calendar")


@route(PUBLIC)
@never_cache
@require_GET
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a secret address, for programs; whoever has the address reads it, nobody else."""
    actor = reader_behind(secret)
    if actor is None:
        raise Http404
    response = HttpResponse(feed(actor, business_now(), language()), content_type=ics.CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="yiwang.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
