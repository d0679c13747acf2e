"""Lists kept under a name of one's own, and forgotten."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import route
from yiwang.doors.hall.edge import said_done
from yiwang.doors.hall.saved import PAGES, drop_view, save_view
from yiwang.record.journal.api import business_now


@route(permissions.READ_LOT)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keeps the list in front of the reader under a name."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    save_view(request.actor, page, request.POST.get("name", ""), query, business_now())
    said_done(request)
    return redirect(f"{reverse(PAGES[page])}?{query}")


@route(permissions.READ_LOT)
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Forgets a saved list."""
    drop_view(request.actor, number)
    page = request.POST.get("page", "lots")
    return redirect(PAGES.get(page, "hall:lots"))
