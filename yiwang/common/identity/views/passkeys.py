"""Passkeys: the question to the browser, logging in with its answer, the own ones made and revoked."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.common.identity import ceremonies, sessions
from yiwang.common.identity.address import client_address
from yiwang.common.identity.forms import CodeForm, LoginForm, PasskeyForm
from yiwang.common.identity.models import Person
from yiwang.common.identity.permissions import BE_LOGGED_IN
from yiwang.common.identity.queries import own_events, passkeys_of, recovery_codes_left
from yiwang.common.identity.services.login import has_second_factor
from yiwang.common.identity.services.passkeys import (
    add_passkey,
    enrol_with_passkey,
    log_in_with_passkey,
    revoke_passkey,
)
from yiwang.common.identity.throttle import CHALLENGES, note_tries, wait_seconds
from yiwang.common.identity.timeouts import log_in_again
from yiwang.common.identity.views.entering import enrolled, entered
from yiwang.common.shell.api import PUBLIC, bilingual, not_found, posted, refusing, route
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import birth, business_now, real_now

ISSUER = Words("一网", "Yiwang")


def asked_at(request: HttpRequest) -> str:
    """The origin at which a request arrived."""
    return f"{request.scheme}://{request.get_host()}"


def issuer() -> str:
    """The name of the house as a device shows it beside a passkey."""
    language = get_language() or settings.LANGUAGE_CODE
    born = birth()
    return Words(born.centre or ISSUER.zh, born.centre_en or ISSUER.en).in_language(language)


@route(PUBLIC)
@never_cache
@require_POST
def question(request: HttpRequest) -> HttpResponse:
    """The options of a ceremony with a fresh challenge, as JSON, for the script of the page."""
    now = real_now()
    tries = [(CHALLENGES, client_address(request))]
    wait = wait_seconds(tries, now)
    if wait:
        return JsonResponse({"wait_minutes": -(-wait // 60)}, status=429)
    note_tries(tries, now)
    waiting = sessions.pending(request, now)
    if request.POST.get("use") == sessions.MAKE:
        code = request.actor.person if request.user.is_authenticated else waiting.person if waiting else ""
        person = Person.objects.filter(code=code, is_active=True).first()
        if person is None or (waiting and has_second_factor(person)):
            return JsonResponse({}, status=403)
        challenge = sessions.pose(request, sessions.MAKE, now)
        known = [ceremonies.Known(each.credential, each.transports) for each in passkeys_of(code)]
        options = ceremonies.making_options(challenge, code, person.username, person.name, issuer(), known)
    else:
        challenge = sessions.pose(request, sessions.LOG_IN, now)
        lines = passkeys_of(waiting.person) if waiting else []
        options = ceremonies.using_options(
            challenge, [ceremonies.Known(each.credential, each.transports) for each in lines]
        )
    return JsonResponse(json.loads(options))


@route(PUBLIC)
@never_cache
@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """A passkey as the whole login, as the second step after the password, or as the first second step made."""
    now, at = real_now(), business_now()
    waiting = sessions.pending(request, now)
    if waiting and not has_second_factor(Person.objects.get(code=waiting.person)):
        return _enrolled(request, waiting)
    form = CodeForm(posted(request)) if waiting else LoginForm(posted(request))
    form.full_clean()
    form.errors.clear()
    next_url = waiting.next_url if waiting else sessions.safe_next(request)
    with refusing(form):
        person = log_in_with_passkey(
            request.POST.get("credential", ""),
            sessions.posed(request, sessions.LOG_IN, now),
            asked_at=asked_at(request),
            address=client_address(request),
            now=now,
            at=at,
            person=waiting.person if waiting else "",
        )
        return entered(request, person, next_url)
    context = {"form": form, "next": next_url, "rehearsal": birth().rehearsal}
    if waiting:
        context |= {"passkeys": passkeys_of(waiting.person)}
        context |= {"app": Person.objects.get(code=waiting.person).totp_sealed != ""}
    page = "identity/one_time_code.html" if waiting else "identity/login.html"
    return render(request, page, context, status=422)


def _enrolled(request: HttpRequest, waiting: sessions.Pending) -> HttpResponse:
    form = PasskeyForm(posted(request))
    if form.is_valid():
        with refusing(form):
            enrol_with_passkey(
                waiting.person,
                form.cleaned_data["name"],
                form.cleaned_data["credential"],
                sessions.posed(request, sessions.MAKE, real_now()),
                asked_at=asked_at(request),
                at=business_now(),
            )
            return enrolled(request, waiting.person, waiting.next_url)
    return render(request, "identity/passkey_enrol.html", {"passkey_form": form}, status=422)


@route(BE_LOGGED_IN)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The own passkeys: named, when last used; a new one is added here, soon after logging in."""
    if not sessions.is_recent(request, real_now()):
        return log_in_again(request)
    form = PasskeyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            add_passkey(
                request.actor,
                form.cleaned_data["name"],
                form.cleaned_data["credential"],
                sessions.posed(request, sessions.MAKE, real_now()),
                asked_at=asked_at(request),
                at=business_now(),
            )
            messages.success(
                request,
                bilingual(
                    "已添加通行密钥，下次可直接用它登录。",
                    "The passkey was added; you can log in with it from now on.",
                ),
            )
            return redirect("identity:passkeys")
    context = {
        "form": form,
        "passkeys": passkeys_of(request.actor.person),
        "app": Person.objects.get(code=request.actor.person).totp_sealed != "",
        "codes_left": recovery_codes_left(request.actor.person),
        "events": own_events(request.actor.person),
    }
    return render(request, "identity/passkeys.html", context, status=422 if form.errors else 200)


@route(BE_LOGGED_IN)
@never_cache
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once, then the passkey opens nothing more."""
    line = next((each for each in passkeys_of(request.actor.person) if each.code == code), None)
    if line is None:
        return not_found(request)
    if request.method == "POST":
        revoke_passkey(request.actor, code, at=business_now())
        messages.success(request, bilingual("通行密钥已吊销。", "The passkey was revoked."))
        return redirect("identity:passkeys")
    return render(request, "identity/passkey_revoke.html", {"passkey": line})
