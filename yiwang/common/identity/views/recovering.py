"""Pages of recovering a login: recovery codes, and resets that two people decide."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.common.identity import sessions
from yiwang.common.identity.address import client_address
from yiwang.common.identity.forms import NewPasswordForm, PasswordForm, RecoveryForm, ResetForm
from yiwang.common.identity.permissions import BE_LOGGED_IN, RESET_LOGINS
from yiwang.common.identity.queries import recovery_codes_left, resets_for
from yiwang.common.identity.services.recovery import (
    ask_reset,
    change_password,
    decide_reset,
    end_other_sessions,
    make_recovery_codes,
    redeem_reset,
    use_recovery_code,
)
from yiwang.common.identity.timeouts import log_in_again
from yiwang.common.shell.api import PUBLIC, bilingual, posted, refusing, route
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import business_now, real_now


@route(BE_LOGGED_IN)
@never_cache
def codes(request: HttpRequest) -> HttpResponse:
    """How many recovery codes are left; new ones are made and shown on the answer alone."""
    if not sessions.is_recent(request, real_now()):
        return log_in_again(request)
    made = None
    if request.method == "POST":
        made = make_recovery_codes(request.actor, at=business_now())
    context = {"made": made, "left": recovery_codes_left(request.actor.person), "next": ""}
    return render(request, "identity/recovery_codes.html", context)


@sensitive_post_parameters("password", "password_again")
@route(BE_LOGGED_IN)
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """A new password, soon after logging in; every other session ends."""
    if not sessions.is_recent(request, real_now()):
        return log_in_again(request)
    form = PasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            change_password(request.actor, form.cleaned_data["password"], at=business_now())
            _enter_anew(request)
            messages.success(
                request,
                bilingual(
                    "密码已修改，其他设备已退出登录。",
                    "The password was changed and all other sessions ended.",
                ),
            )
            return redirect("identity:passkeys")
    return render(request, "identity/password.html", {"form": form}, status=422 if form.errors else 200)


def _enter_anew(request: HttpRequest) -> None:
    """The present session goes on, in the same role, where all sessions of the person were ended."""
    membership = request.session.get(sessions.MEMBERSHIP_KEY)
    sessions.enter(request, request.actor.person, real_now())
    if membership is not None:
        request.session[sessions.MEMBERSHIP_KEY] = membership


@route(BE_LOGGED_IN)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Every other session of the person ends."""
    end_other_sessions(request.actor, at=business_now())
    _enter_anew(request)
    messages.success(request, bilingual("其他设备已全部退出登录。", "All other sessions were ended."))
    return redirect("identity:passkeys")


@route(PUBLIC)
@never_cache
def recovery(request: HttpRequest) -> HttpResponse:
    """A recovery code in place of the second step; then a new second step is set up."""
    waiting = sessions.pending(request, real_now())
    if waiting is None:
        return redirect(settings.LOGIN_URL)
    form = RecoveryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            code = form.cleaned_data["code"]
            use_recovery_code(waiting.person, code, now=real_now(), at=business_now())
            messages.warning(
                request,
                bilingual(
                    "恢复码有效，原来的第二步验证已作废。请现在绑定新的。",
                    "The recovery code was accepted and your old second step is void. Set up a new one now.",
                ),
            )
            return redirect("identity:enrol")
    return render(request, "identity/recovery.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("password", "password_again")
@route(PUBLIC)
@never_cache
def redeem(request: HttpRequest) -> HttpResponse:
    """The owner of a login enters the reset code that they were handed, and a new password."""
    form = NewPasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        now = real_now()
        with refusing(form):
            person = redeem_reset(
                form.cleaned_data["code"],
                form.cleaned_data["password"],
                address=client_address(request),
                now=now,
                at=business_now(),
            )
            sessions.begin(request, person, "", now)
            return redirect("identity:enrol")
    return render(request, "identity/reset_redeem.html", {"form": form}, status=422 if form.errors else 200)


@route(RESET_LOGINS)
@never_cache
def resets(request: HttpRequest) -> HttpResponse:
    """Resets that wait for a second person, those decided lately, and asking for one."""
    form = ResetForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            given = form.cleaned_data
            ask_reset(request.actor, given["username"], given["reason"], at=business_now())
            messages.success(
                request,
                bilingual(
                    "已提交申请，须由另一位管理人员复核。", "Asked for: another administrator decides on it."
                ),
            )
            return redirect("identity:resets")
    context = {"form": form, "resets": resets_for(request.actor)}
    return render(request, "identity/resets.html", context, status=422 if form.errors else 200)


@route(RESET_LOGINS)
@never_cache
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Allows a reset, whose code is shown on the answer alone, or declines it."""
    allow = request.POST.get("decision") == "allow"
    findings: tuple[Finding, ...] = ()
    paper = ""
    try:
        paper = decide_reset(request.actor, code, allow, now=real_now(), at=business_now())
        if not allow:
            messages.success(request, bilingual("已不批准。", "Declined."))
            return redirect("identity:resets")
    except Refused as refused:
        findings = refused.findings
    context = {"form": ResetForm(), "resets": resets_for(request.actor), "paper": paper, "findings": findings}
    return render(request, "identity/resets.html", context, status=422 if findings else 200)
