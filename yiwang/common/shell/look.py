"""Large type for whoever has no scripts: a cookie says so, and a small style sheet of its own follows it.

Pages are the same for everybody; only this sheet differs. Where scripts run they read the same cookie.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.common.shell.routes import PUBLIC, route

COOKIE = "yiwang-elder"
ON = "on"
_YEAR_SECONDS = 365 * 24 * 3600
_SHEET = """:root { font-size: 150%; --muted: var(--ink); --line: var(--edge); }
body { font-weight: 500; line-height: 1.8; }
.elder-hide { display: none; }
@media (max-width: 719px) { :root { font-size: 125%; } }
@media print { :root { font-size: 100%; } }
"""


def _back(request: HttpRequest) -> str:
    """Where the visitor came from: a path of this site, else the home page."""
    asked = request.POST.get("back") or request.GET.get("back") or "/"
    own = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None) and asked.isprintable()
    return asked if own else "/"


@route(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Large type or plain: chosen with a form, kept for a year in this browser."""
    back = _back(request)
    if request.method != "POST":
        english = back == "/en" or back.startswith("/en/")
        with override("en" if english else "zh-hans"):
            context = {"back": back, "large": request.COOKIES.get(COOKIE) == ON, "page_path": back}
            return render(request, "shell/look.html", context)
    response = HttpResponseRedirect(back)
    if request.POST.get("look") == "elder":
        response.set_cookie(COOKIE, ON, max_age=_YEAR_SECONDS, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


@route(PUBLIC)
@require_safe
def look_sheet(request: HttpRequest) -> HttpResponse:
    """The style sheet of whoever has no scripts: large where the cookie says so, else empty."""
    sheet = _SHEET if request.COOKIES.get(COOKIE) == ON else ""
    headers = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers=headers)
