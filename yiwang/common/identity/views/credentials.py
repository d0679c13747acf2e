"""Pages of credentials: the own ones entered once, the centre's verification, their papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.common.identity.credential_papers import papers_of, token_of
from yiwang.common.identity.credential_queries import (
    CredentialLine,
    credential,
    credentials_of,
    others_with_number,
    waiting_credentials,
)
from yiwang.common.identity.forms import CredentialForm, ReturnForm
from yiwang.common.identity.permissions import (
    KEEP_CREDENTIALS,
    REVIEW_ORGANISATIONS,
    SEE_CREDENTIALS,
    SEE_ORGANISATIONS,
)
from yiwang.common.identity.rules.credentials import (
    EXPIRED,
    EXPIRING,
    KIND_WORDS,
    KINDS,
    STATUS_WORDS,
    VALID,
)
from yiwang.common.identity.services.credentials import (
    return_credential,
    submit_credential,
    verify_credential,
    withdraw_credential,
)
from yiwang.common.shell.api import bilingual, not_found, posted, refusing, route, say
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.files import api as files
from yiwang.record.journal.api import business_now

VALIDITY_WORDS = {
    VALID: Words("有效", "valid"),
    EXPIRING: Words("即将到期", "expires soon"),
    EXPIRED: Words("已过期", "expired"),
}


def _own(actor: Actor, code: str) -> CredentialLine | None:
    line = credential(code)
    return line if line is not None and line.organisation == actor.organisation else None


def _shown(line: CredentialLine) -> dict[str, Any]:
    """A credential as lists show it."""
    state = line.validity(local_day(business_now()))
    return {
        "line": line,
        "kind": KIND_WORDS[line.kind],
        "status": STATUS_WORDS[line.newest.status],
        "state": state,
        "validity": VALIDITY_WORDS[state],
    }


@route(KEEP_CREDENTIALS)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The own credentials by kind, with what expires and what was returned."""
    lines = [_shown(each) for each in credentials_of(request.actor.organisation)]
    groups = [
        (kind, KIND_WORDS[kind], [each for each in lines if each["line"].kind == kind]) for kind in KINDS
    ]
    ending = [each for each in lines if each["state"] != VALID]
    return render(request, "identity/credentials.html", {"groups": groups, "ending": ending})


@route(KEEP_CREDENTIALS)
@never_cache
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A credential is entered with its papers and submitted for verification."""
    return _submitted(request, kind, None) if kind in KINDS else not_found(request)


@route(KEEP_CREDENTIALS)
@never_cache
def update(request: HttpRequest, code: str) -> HttpResponse:
    """A further version: renewed, or corrected after a return. The verified one counts until this one does."""
    line = _own(request.actor, code)
    return not_found(request) if line is None else _submitted(request, line.kind, line)


def _submitted(request: HttpRequest, kind: str, line: CredentialLine | None) -> HttpResponse:
    actor: Actor = request.actor
    form = CredentialForm(posted(request), kind=kind, initial=dict(line.newest.facts) if line else None)
    papers = (
        [files.Document(each["sha256"], each["size"], "", each["name"]) for each in line.newest.documents]
        if line
        else []
    )
    if request.method == "POST":
        papers, findings = papers_of(request, actor)
        if form.is_valid() and not findings:
            with refusing(form):
                code = line.code if line else ""
                submit_credential(actor, kind, form.facts(), papers, at=business_now(), code=code)
                messages.success(
                    request, bilingual("已提交，等待交易中心核验。", "Submitted; the centre verifies it.")
                )
                return redirect("identity:credentials")
        for each in findings:
            form.add_error("documents", say(each))
    context = {
        "form": form,
        "kind": KIND_WORDS[kind],
        "line": line,
        "papers": [(each, token_of(actor, each)) for each in papers],
    }
    return render(request, "identity/credential_form.html", context, status=422 if form.errors else 200)


@route(KEEP_CREDENTIALS)
@never_cache
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One credential with all its versions."""
    line = _own(request.actor, code)
    if line is None:
        return not_found(request)
    return render(request, "identity/credential.html", {**_shown(line), **_versions(line)})


def _versions(line: CredentialLine) -> dict[str, Any]:
    return {
        "versions": [(each, STATUS_WORDS[each.status], line.rows(each)) for each in line.versions],
    }


@route(KEEP_CREDENTIALS)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a credential off the register."""
    withdraw_credential(request.actor, code, at=business_now())
    messages.success(request, bilingual("已撤下。", "Withdrawn."))
    return redirect("identity:credentials")


@route(SEE_ORGANISATIONS)
@never_cache
def review_list(request: HttpRequest) -> HttpResponse:
    """What awaits verification, oldest first."""
    lines = [_shown(each) for each in waiting_credentials()]
    return render(request, "identity/credential_reviews.html", {"lines": lines})


@route(SEE_ORGANISATIONS)
@never_cache
def review_one(request: HttpRequest, code: str) -> HttpResponse:
    """One credential beside its papers: the centre verifies or returns it."""
    line = credential(code)
    if line is None:
        return not_found(request)
    sent = posted(request)
    form = ReturnForm(sent if sent is not None and sent.get("verdict") == "return" else None)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            if request.POST.get("verdict") == "verify":
                verify_credential(request.actor, code, at=business_now())
                messages.success(request, bilingual("已核验。", "Verified."))
                return redirect("identity:credential-reviews")
            if form.is_valid():
                return_credential(request.actor, code, form.cleaned_data["reasons"], at=business_now())
                messages.success(request, bilingual("已退回单位。", "Returned to the organisation."))
                return redirect("identity:credential-reviews")
        except Refused as refused:
            findings = refused.findings
    context = {
        **_shown(line),
        **_versions(line),
        "form": form,
        "findings": findings,
        "others": others_with_number(line),
        "may_review": line.waits and REVIEW_ORGANISATIONS.allows(request.actor),
    }
    failed = findings or form.errors
    return render(request, "identity/credential_review.html", context, status=422 if failed else 200)


@route(SEE_CREDENTIALS)
@never_cache
def document(request: HttpRequest, code: str, sha256: str) -> HttpResponse | FileResponse:
    """A paper of a credential, for its organisation, the centre and the supervision."""
    actor: Actor = request.actor
    line = credential(code) if SEE_ORGANISATIONS.allows(actor) else _own(actor, code)
    papers = [paper for each in line.versions for paper in each.documents] if line else []
    paper = next((each for each in papers if each["sha256"] == sha256), None)
    if paper is None:
        return not_found(request)
    response = FileResponse(files.open_document(sha256), as_attachment=True, filename=paper["name"])
    response["Content-Type"] = "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response
