"""Pages on which an organisation declares its head and who controls or manages it, and the centre verifies that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from yiwang.common.identity.forms import TiesForm
from yiwang.common.identity.permissions import KEEP_CREDENTIALS, REVIEW_ORGANISATIONS
from yiwang.common.identity.queries import organisation
from yiwang.common.identity.rules.credentials import RETURNED, STATUS_WORDS, SUBMITTED
from yiwang.common.identity.services.ties import declare_ties, return_ties, verify_ties
from yiwang.common.identity.ties_queries import newest_ties, verified_ties, waiting_ties
from yiwang.common.shell.api import bilingual, posted, refusing, route
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import business_now


@route(KEEP_CREDENTIALS)
@never_cache
def my_ties(request: HttpRequest) -> HttpResponse:
    """The head of the organisation, and who controls or manages it: declared, verified by the centre."""
    actor = request.actor
    line = newest_ties(actor.organisation)
    initial = (
        {"head": line.head, "controllers": _listed(line.controllers), "managers": _listed(line.managers)}
        if line
        else {}
    )
    form = TiesForm(posted(request), initial=initial, known=line is not None)
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            declare_ties(actor, form.facts(), at=business_now())
            messages.success(
                request, bilingual("已提交，等待交易中心核验。", "Submitted; the centre verifies it.")
            )
            return redirect("identity:ties")
    context = {
        "form": form,
        "party": organisation(actor.organisation),
        "line": line,
        "status": STATUS_WORDS[line.status] if line else None,
        "returned": line is not None and line.status == RETURNED,
        "open": line is not None and line.status == SUBMITTED,
        "verified": verified_ties([actor.organisation]).get(actor.organisation),
    }
    return render(request, "identity/ties.html", context, status=422 if form.errors else 200)


def _listed(rows: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{code} {name}" for code, name in rows)


@route(REVIEW_ORGANISATIONS)
@never_cache
def ties_reviews(request: HttpRequest) -> HttpResponse:
    """The declarations that await verification; each is compared with the register of companies and decided here."""
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        code = request.POST.get("organisation", "")[:18]
        try:
            if request.POST.get("decision") == "verify":
                verify_ties(request.actor, code, at=business_now())
            else:
                return_ties(request.actor, code, request.POST.get("reason", "")[:600], at=business_now())
            messages.success(request, bilingual("已办理。", "Done."))
            return redirect("identity:ties-reviews")
        except Refused as refused:
            findings = refused.findings
    context = {
        "lines": waiting_ties(),
        "findings": findings,
        "typed": request.POST.get("reason", ""),
        "about": request.POST.get("organisation", ""),
    }
    return render(request, "identity/ties_reviews.html", context, status=422 if findings else 200)
