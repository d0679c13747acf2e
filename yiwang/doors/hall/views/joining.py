"""Where a public page sends whoever wants to bid."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import route
from yiwang.doors.hall.edge import ENTER_HALL, render


@route(ENTER_HALL)
@require_GET
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The lot, for whom the hall shows it; for everybody else why they cannot bid as who they are, and what to do.

    404 where the lot is not public yet, as for a code that does not exist.
    """
    if trading.lots_for(request.actor).filter(code=code).exists():
        return redirect("hall:lot", code)
    public = trading.every_lot().filter(code=code, law_on__isnull=False).select_related("project").first()
    if public is None:
        raise Http404(code)
    return render(request, "hall/join.html", {"lot": public, "project": public.project})
