"""The end of every way in: the session begins, the owner hears what happened to their login meanwhile."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yiwang.common.identity import sessions
from yiwang.common.identity.kinds import (
    ADMINISTRATOR_APPOINTED,
    LOGIN_RESET,
    PASSKEY_COPIED,
    RECOVERY_USED,
    RESET_ALLOWED,
    RESET_DECLINED,
)
from yiwang.common.identity.services.recovery import make_recovery_codes, told
from yiwang.common.shell.api import bilingual
from yiwang.pure.kernel.actors import APPLICANT, Actor
from yiwang.pure.kernel.days import from_iso, shown
from yiwang.record.journal.api import business_now, real_now

_WORDS = {
    each.name: each.words
    for each in (
        ADMINISTRATOR_APPOINTED,
        LOGIN_RESET,
        PASSKEY_COPIED,
        RECOVERY_USED,
        RESET_ALLOWED,
        RESET_DECLINED,
    )
}


def entered(request: HttpRequest, person: str, next_url: str) -> HttpResponse:
    """Begins the session of ``person`` (code) and goes where they wanted."""
    _begin(request, person)
    return redirect(sessions.after_login(person, next_url, chosen=sessions.goes_on(request)))


def enrolled(request: HttpRequest, person: str, next_url: str) -> HttpResponse:
    """The same after a second step was tied: first the recovery codes, shown this once."""
    made = make_recovery_codes(Actor(person, "", APPLICANT), at=business_now())
    _begin(request, person)
    next_url = sessions.after_login(person, next_url, chosen=sessions.goes_on(request))
    return render(request, "identity/recovery_codes.html", {"made": made, "next": next_url})


def _begin(request: HttpRequest, person: str) -> None:
    sessions.enter(request, person, real_now())
    for each in told(person):
        words, when = _WORDS[each["event"]], shown(from_iso(each["at"]))
        messages.warning(
            request,
            bilingual(
                f"安全提醒：{when} 您的登录有变动（{words.zh}）。如非本人所为，请立即联系交易中心。",
                f"Security notice: at {when} your login was changed ({words.en}). If it was not you, call the centre at once.",
            ),
        )
