"""Several lots of a project opened in one session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import route
from yiwang.doors.hall.edge import confirmed, visible_lot
from yiwang.record.journal.api import business_now


@route(permissions.OPEN_BIDS)
def open_session(request: HttpRequest, code: str) -> HttpResponse:
    """Opens every lot of the project that waits for the same opening, asked once."""
    actor, now = request.actor, business_now()
    first = trading.lots_for(actor).filter(project__code=code).order_by("code").first()
    lot = visible_lot(actor, first.code if first else code)

    return confirmed(
        request,
        "hall/open_session.html",
        {"project": lot.project, "lots": trading.lots_of_session(code), "now": now},
        lambda: trading.open_session(actor, code, now),
        lambda _: reverse("hall:project", args=[code]),
    )
