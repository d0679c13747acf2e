"""The server's clock of business, for the countdowns of published pages, which hold nothing per second."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yiwang.common.shell.routes import PUBLIC, route
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import business_now


@route(PUBLIC)
@never_cache
@require_GET
def clock(request: HttpRequest) -> JsonResponse:
    """``{"now": RFC 3339}``."""
    return JsonResponse({"now": iso(business_now())})
