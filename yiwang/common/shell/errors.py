"""The pages that say what went wrong, in the language of the address. Site names them as handlers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import get_language_from_path, override

from yiwang.pure.kernel.findings import Finding, Refused

NO_PERMISSION = "no-permission"
STORE_DOWN = "store-down"


def _page(
    request: HttpRequest, status: int, findings: Sequence[Finding] = (), **context: object
) -> HttpResponse:
    # Who has logged in keeps name, menu and messages at hand, and is not asked to log in.
    frame = "shell/hall.html" if getattr(request, "chip", None) else "shell/base.html"
    given = {"findings": findings, "frame": frame, **context}
    body = loader.render_to_string(f"shell/errors/{status}.html", given, request=request)
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read; 422 with the reasons where it was refused before any view ran."""
    if isinstance(exception, Refused):
        return refused(request, exception.findings)
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this role may not do this."""
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is from another session; what was typed is kept by the browser."""
    return _page(request, 403, expired=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing is at this address."""
    return _page(request, 404)


def refused(request: HttpRequest, findings: Sequence[Finding]) -> HttpResponse:
    """422 with every reason; 403 where the reason is a missing permission, 503 where documents cannot be reached."""
    if any(each.rule == STORE_DOWN for each in findings):
        response = _page(request, 422, findings)
        response.status_code = 503
        return response
    status = 403 if any(each.rule == NO_PERMISSION for each in findings) else 422
    return _page(request, status, findings)


def too_many(request: HttpRequest, wait_seconds: int) -> HttpResponse:
    """429: tried too often; says when to come back (also as Retry-After)."""
    response = _page(request, 429, wait_minutes=max(1, -(-wait_seconds // 60)))
    response["Retry-After"] = str(wait_seconds)
    return response


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """500: rendered without context processors, so that it needs neither session nor database."""
    with override(get_language_from_path(request.path_info) or "zh-hans"):
        return HttpResponse(
            loader.render_to_string("shell/errors/500.html", {"path": request.path}), status=500
        )
