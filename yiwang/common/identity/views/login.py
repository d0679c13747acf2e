"""Pages of logging in, choosing a role and logging out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout as django_logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.common.identity import codes, sessions
from yiwang.common.identity.address import client_address
from yiwang.common.identity.forms import CodeForm, LoginForm, PasskeyForm
from yiwang.common.identity.models import Person
from yiwang.common.identity.permissions import BE_LOGGED_IN
from yiwang.common.identity.queries import members, passkeys_of, rehearsal_people
from yiwang.common.identity.rules.register import MEMBERSHIP_ROLES, ROLE_WORDS
from yiwang.common.identity.services.login import (
    check_code,
    check_password,
    enrol,
    has_second_factor,
    note_entry,
)
from yiwang.common.identity.views.entering import enrolled, entered
from yiwang.common.shell.api import PUBLIC, posted, refusing, route
from yiwang.pure.kernel.actors import EXPERT
from yiwang.record.journal.api import birth, business_now, real_now

ISSUER = "Yiwang"
SEATS = (*MEMBERSHIP_ROLES, EXPERT)


@sensitive_post_parameters("password")
@route(PUBLIC)
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Step one: login name and password."""
    if request.user.is_authenticated:
        return redirect(sessions.after_login(request.user.code, sessions.safe_next(request)))
    form = LoginForm(posted(request))
    if request.method == "POST" and form.is_valid():
        now = real_now()
        with refusing(form):
            person = check_password(
                request,
                form.cleaned_data["username"],
                form.cleaned_data["password"],
                address=client_address(request),
                now=now,
                at=business_now(),
            )
            sessions.begin(request, person, sessions.safe_next(request), now)
            return redirect(_second_step(person))
    context = {"form": form, "next": sessions.safe_next(request), "rehearsal": birth().rehearsal}
    context["timed_out"] = bool(sessions.timed_out(request))
    return render(request, "identity/login.html", context, status=422 if form.errors else 200)


def _second_step(person: str) -> str:
    tied = has_second_factor(Person.objects.get(code=person))
    return "identity:one-time-code" if tied else "identity:enrol"


@route(PUBLIC)
@never_cache
def one_time_code(request: HttpRequest) -> HttpResponse:
    """Step two: the one-time code."""
    waiting = sessions.pending(request, real_now())
    if waiting is None:
        return redirect(settings.LOGIN_URL)
    if _second_step(waiting.person) != "identity:one-time-code":
        return redirect("identity:enrol")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            check_code(waiting.person, form.cleaned_data["code"], now=real_now(), at=business_now())
            return entered(request, waiting.person, waiting.next_url)
    context = {
        "form": form,
        "app": Person.objects.get(code=waiting.person).totp_sealed != "",
        "passkeys": passkeys_of(waiting.person),
        "recoverable": True,
    }
    return render(request, "identity/one_time_code.html", context, status=422 if form.errors else 200)


@route(PUBLIC)
@never_cache
def enrolment(request: HttpRequest) -> HttpResponse:
    """Step two at the first login: the authenticator app is tied to the person."""
    waiting = sessions.pending(request, real_now())
    if waiting is None:
        return redirect(settings.LOGIN_URL)
    if _second_step(waiting.person) != "identity:enrol":
        return redirect("identity:one-time-code")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        with refusing(form):
            enrol(waiting.person, waiting.secret, code, now=real_now(), at=business_now())
            return enrolled(request, waiting.person, waiting.next_url)
    person = Person.objects.get(code=waiting.person)
    context = {
        "form": form,
        "passkey_form": PasskeyForm(),
        "secret": waiting.secret,
        "image": codes.enrolment_image(waiting.secret, person.username, birth().centre or ISSUER),
    }
    return render(request, "identity/enrol.html", context, status=422 if form.errors else 200)


@route(PUBLIC)
@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """How long the session still lasts, for the page's warning; a POST prolongs it, a look does not."""
    now = real_now()
    inside = request.user.is_authenticated
    if inside and request.method == "POST":
        sessions.touch(request, now)
    return JsonResponse(
        {
            "left": sessions.left(request, now) if inside else 0,
            "who": request.actor.person if inside else "",
            "token": get_token(request),
        }
    )


session.passive = True  # type: ignore[attr-defined]


@route(PUBLIC)
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Where a login in a second window ends: the page in the first one goes on."""
    return render(request, "identity/back.html")


@route(PUBLIC)
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    django_logout(request)
    return redirect(settings.LOGIN_URL)


@route(BE_LOGGED_IN)
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Who holds several roles says for whom and in which they act now."""
    person = request.actor.person
    next_url = sessions.safe_next(request)
    held = members(person)
    if request.method == "POST":
        organisation, _, role = request.POST.get("as", "").partition(":")
        if sessions.choose(request, person, organisation, role):
            return redirect(next_url or sessions.start_page(is_applicant=role == "applicant"))
    context = {"held": [(each, ROLE_WORDS[each.role]) for each in held], "next": next_url}
    return render(request, "identity/choose.html", context)


@route(PUBLIC)
@never_cache
def enter_as(request: HttpRequest) -> HttpResponse:
    """In a rehearsal database anybody enters as anybody; in a real one this page does not exist."""
    if not birth().rehearsal:
        raise Http404
    if request.method == "POST":
        person, _, rest = request.POST.get("as", "").partition(":")
        organisation, _, role = rest.partition(":")
        if not any((each.organisation, each.role) == (organisation, role) for each in members(person)):
            raise Http404
        note_entry(person, business_now())
        sessions.enter(request, person, real_now())
        sessions.choose(request, person, organisation, role)
        return redirect(sessions.safe_next(request) or sessions.start_page(role == "applicant"))
    people = rehearsal_people()
    groups = [(ROLE_WORDS[role], [each for each in people if each.role == role]) for role in SEATS]
    context = {"groups": [group for group in groups if group[1]], "next": sessions.safe_next(request)}
    return render(request, "identity/enter_as.html", context)
