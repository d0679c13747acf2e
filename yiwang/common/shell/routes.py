"""The permission of a view, declared where it is routed and enforced before it runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url

from yiwang.common.shell.errors import forbidden
from yiwang.pure.kernel.actors import ROLES, VISITOR, Permission, permission

PUBLIC = permission("public", *ROLES)


class Routed(Protocol):
    """A view that says who may call it; the test that walks all routes reads ``permission``."""

    permission: Permission

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def route(needed: Permission) -> Callable[[Callable[..., HttpResponseBase]], Routed]:
    """Declares and enforces ``needed`` of the view below it.

    A visitor without the permission is sent to the login and comes back to this page; anybody else
    without it sees the page 403. The verb behind the view checks again, with whose matter it is.
    """

    def declare(view: Callable[..., HttpResponseBase]) -> Routed:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor
            if needed.allows(actor):
                return view(request, *args, **kwargs)
            if actor.role == VISITOR:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            return forbidden(request)

        checked.permission = needed  # type: ignore[attr-defined]
        return cast(Routed, checked)

    return declare
