"""A refusal that no view turned into a form error becomes a page with all its reasons."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yiwang.common.shell.errors import refused
from yiwang.pure.kernel.findings import Refused


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
