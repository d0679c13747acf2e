"""The centre gives an organisation a new administrator: asking, and deciding on what a colleague asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.common.identity.forms import AdministratorForm
from yiwang.common.identity.permissions import APPOINT_ADMINISTRATORS
from yiwang.common.identity.queries import administrator_requests
from yiwang.common.identity.services.administrators import ask_administrator, decide_administrator
from yiwang.common.shell.api import bilingual, posted, refusing, route
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import business_now


@route(APPOINT_ADMINISTRATORS)
@never_cache
def requests(request: HttpRequest) -> HttpResponse:
    """Requests that wait for a second person, those decided lately, and asking for one."""
    form = AdministratorForm(
        posted(request), initial={"organisation": request.GET.get("organisation", "")[:18]}
    )
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            given = form.cleaned_data
            ask_administrator(
                request.actor, given["organisation"], given["username"], given["reason"], at=business_now()
            )
            messages.success(
                request,
                bilingual(
                    "已提交，须由另一位工作人员复核。", "Asked for: a colleague of yours decides on it."
                ),
            )
            return redirect("identity:administrators")
    return _page(request, form, ())


@route(APPOINT_ADMINISTRATORS)
@never_cache
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Makes the person administrator, or declines."""
    allow = request.POST.get("decision") == "allow"
    try:
        decide_administrator(request.actor, code, allow, at=business_now())
    except Refused as refused:
        return _page(request, AdministratorForm(), refused.findings)
    said = ("已指定，相关人员会收到通知。", "Done: those concerned are told.")
    messages.success(request, bilingual(*said) if allow else bilingual("已不批准。", "Declined."))
    return redirect("identity:administrators")


def _page(request: HttpRequest, form: AdministratorForm, findings: tuple[Finding, ...]) -> HttpResponse:
    context = {"form": form, "requests": administrator_requests(request.actor), "findings": findings}
    failed = findings or form.errors
    return render(request, "identity/administrators.html", context, status=422 if failed else 200)
