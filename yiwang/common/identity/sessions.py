"""What the session knows between the password and the one-time code, and after it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login as django_login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from yiwang.common.identity.codes import new_secret
from yiwang.common.identity.keeping import KEPT
from yiwang.common.identity.middleware import MEMBERSHIP_KEY, valid_memberships
from yiwang.common.identity.models import Person
from yiwang.common.identity.rules.sessions import SessionFacts, is_fresh, seconds_left
from yiwang.pure.kernel.days import from_iso, iso

_PENDING = "identity.pending"
_CHALLENGE = "identity.challenge"
MAKE, LOG_IN = "make", "log-in"
SINCE, SEEN = "identity.since", "identity.seen"
TIMED_OUT = "identity.timed-out"
TOUCHED_EVERY = timedelta(minutes=1)
FRESH_SECONDS = 15 * 60
PENDING_FOR = timedelta(minutes=10)
CHALLENGED_FOR = timedelta(minutes=5)
_BACKEND = "yiwang.common.identity.login_store.PersonBackend"


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody has given the right password and not yet a one-time code; ``secret`` is offered for enrolment."""

    person: str
    next_url: str
    secret: str


def begin(request: HttpRequest, person: str, next_url: str, now: datetime) -> None:
    """After the right password: a new session, good for ten minutes (real time) of the second step."""
    before = _carried(request)
    request.session.flush()
    for name, value in before.items():
        request.session[name] = value
    request.session[_PENDING] = {
        "person": person,
        "next": next_url,
        "since": iso(now),
        "secret": new_secret(),
    }


def pending(request: HttpRequest, now: datetime) -> Pending | None:
    """The login under way in this session, None where there is none or it took too long."""
    kept = request.session.get(_PENDING)
    if kept is None or now - from_iso(kept["since"]) > PENDING_FOR:
        return None
    return Pending(kept["person"], kept["next"], kept["secret"])


def pose(request: HttpRequest, use: str, now: datetime) -> bytes:
    """A fresh challenge for a passkey, remembered in this session; it forgets the one before."""
    challenge = secrets.token_bytes(32)
    request.session[_CHALLENGE] = {"use": use, "challenge": challenge.hex(), "since": iso(now)}
    return challenge


def posed(request: HttpRequest, use: str, now: datetime) -> bytes | None:
    """The challenge of this session for ``use``, handed out once; None where there is none or it is too old."""
    kept = request.session.pop(_CHALLENGE, None)
    if kept is None or kept["use"] != use or now - from_iso(kept["since"]) > CHALLENGED_FOR:
        return None
    return bytes.fromhex(kept["challenge"])


def enter(request: HttpRequest, person: str, now: datetime) -> None:
    """The person is logged in, in a session with a new key.

    Where their last session in this browser had run out, they go on in its role, with what they had typed.
    """
    before = _carried(request)
    request.session.flush()
    django_login(request, Person.objects.get(code=person), backend=_BACKEND)
    request.session.cycle_key()
    request.session[SINCE] = request.session[SEEN] = iso(now)
    ended = before.get(TIMED_OUT)
    if ended and ended["person"] == person:
        request.session[MEMBERSHIP_KEY] = ended["membership"]
        if KEPT in before:
            request.session[KEPT] = before[KEPT]


def _carried(request: HttpRequest) -> dict[str, Any]:
    return {name: request.session[name] for name in (TIMED_OUT, KEPT) if name in request.session}


def _facts(request: HttpRequest, now: datetime) -> SessionFacts:
    since = request.session.get(SINCE)
    if since is None:
        since = request.session[SINCE] = request.session[SEEN] = iso(now)
    return SessionFacts(from_iso(since), from_iso(request.session[SEEN]))


def left(request: HttpRequest, now: datetime) -> int:
    """The seconds that a session has left; 0 where it has ended."""
    return seconds_left(
        _facts(request, now),
        now,
        idle_seconds=settings.SESSION_IDLE_SECONDS,
        most_seconds=settings.SESSION_MOST_SECONDS,
    )


def is_recent(request: HttpRequest, now: datetime) -> bool:
    """Whether the login is recent enough for changing how one logs in."""
    return is_fresh(_facts(request, now), now, FRESH_SECONDS)


def touch(request: HttpRequest, now: datetime) -> None:
    """The person did something now; written at most once a minute."""
    if now - _facts(request, now).seen_at >= TOUCHED_EVERY:
        request.session[SEEN] = iso(now)


def time_out(request: HttpRequest, now: datetime) -> None:
    """Ends the session. What stays in a new one, without any right: who it was, in which role, what was kept."""
    ended = {"person": request.user.code, "membership": request.session.get(MEMBERSHIP_KEY)}
    before = _carried(request)
    request.session.flush()
    request.session[TIMED_OUT] = ended
    if KEPT in before:
        request.session[KEPT] = before[KEPT]


def timed_out(request: HttpRequest) -> str:
    """The code of the person whose session ran out in this browser; "" where none did."""
    ended = request.session.get(TIMED_OUT)
    return str(ended["person"]) if ended else ""


def goes_on(request: HttpRequest) -> bool:
    """Whether the session has a role already, that of the one that ran out before."""
    return request.session.get(MEMBERSHIP_KEY) is not None


def choose(request: HttpRequest, person: str, organisation: str, role: str) -> bool:
    """From now on the session acts for ``organisation`` in ``role``; False where the person does not hold that."""
    for each in valid_memberships(person):
        if (each.organisation.code, each.role) == (organisation, role):
            request.session[MEMBERSHIP_KEY] = each.pk
            return True
    return False


def safe_next(request: HttpRequest) -> str:
    """The page to return to after login: one of this site, or ""."""
    url = request.POST.get("next") or request.GET.get("next", "")
    fine = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if fine else ""


def after_login(person: str, next_url: str, *, chosen: bool = False) -> str:
    """Where a person goes who has just logged in: to choose a role where they hold several and have ``chosen`` none."""
    memberships = valid_memberships(person)
    if len(memberships) > 1 and not chosen:
        return reverse("identity:choose", query={"next": next_url} if next_url else None)
    return next_url or start_page(bool(memberships) and memberships[0].organisation.status != "admitted")


def start_page(is_applicant: bool) -> str:
    """An applicant begins at the own registration, everybody else in the hall."""
    if is_applicant:
        return reverse("identity:my-organisation")
    try:
        return resolve_url(getattr(settings, "PLACES", {}).get("hall") or "/")
    except NoReverseMatch:
        return "/"
