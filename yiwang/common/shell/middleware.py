"""What holds for every request: one look at the clock, and a refusal that no view turned into a form error is a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yiwang.common.shell.errors import refused
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import read_once


class OneClock:
    """A request looks once where the clock stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with read_once():
            return self.get_response(request)


class RefusalMiddleware:
    """Turns an uncaught Refused into 422 (403 where a permission is missing)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refused(request, exception.findings)
        return None
