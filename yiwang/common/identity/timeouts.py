"""Sessions end by themselves; what was typed meanwhile comes back with its author."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from yiwang.common.identity import keeping, sessions
from yiwang.common.shell.api import bilingual
from yiwang.pure.kernel.actors import ANYONE
from yiwang.record.journal.api import real_now


def to_login_and_back(request: HttpRequest, person: str) -> HttpResponse:
    """Sends ``person`` (code) to the login and back to this page, with what this POST typed."""
    response = redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    if request.method == "POST":
        keeping.keep(request, person, response, real_now())
    return response


def log_in_again(request: HttpRequest) -> HttpResponse:
    """Ends a session that is too old for what is wanted: after a new login the page goes on."""
    person = request.user.code
    sessions.time_out(request, real_now())
    return to_login_and_back(request, person)


class SessionLimits:
    """Ends a session that stood idle or lasted too long (``YIWANG_SESSION_IDLE_MINUTES``, ``YIWANG_SESSION_HOURS``).

    Who it was and in which role stays in a session without rights, so that the next login goes on in its place.
    A view marked ``passive`` does not count as activity.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.session_left = None
        request.kept = None
        if request.user.is_authenticated:
            now = real_now()
            request.session_left = sessions.left(request, now)
            if request.session_left == 0:
                sessions.time_out(request, now)
                request.user = AnonymousUser()
                request.session_left = None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.user.is_authenticated:
            now = real_now()
            if not getattr(view, "passive", False):
                sessions.touch(request, now)
                request.session_left = sessions.left(request, now)
            self._restore(request)
            return None
        needed = getattr(view, "permission", None)
        person = sessions.timed_out(request)
        if request.method != "POST" or not person or needed is None or needed.allows(ANYONE):
            return None
        return to_login_and_back(request, person)

    def _restore(self, request: HttpRequest) -> None:
        if keeping.KEPT not in request.session:
            return
        found = keeping.kept_for(request, request.user.code, real_now())
        if found is None:
            return
        if request.method == "POST":
            keeping.forget(request)
        elif request.method == "GET":
            request.kept, files = found
            messages.warning(
                request,
                bilingual(
                    "登录曾超时。您填写的内容已恢复，请核对后重新提交。",
                    "Your session had ended. What you typed is back: check it and send it again.",
                )
                if not files
                else bilingual(
                    "登录曾超时。您填写的内容已恢复，附件没有保留，请重新选择附件，核对后提交。",
                    "Your session had ended. What you typed is back, but not the files: choose them again, check and send.",
                ),
            )
