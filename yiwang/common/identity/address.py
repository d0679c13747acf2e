"""Where a request came from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where the request came from: the header that ``settings.CLIENT_ADDRESS_HEADER`` names (set by a proxy of
    the house, never by default), else the peer."""
    header = getattr(settings, "CLIENT_ADDRESS_HEADER", "")
    return (header and request.headers.get(header, "")) or request.META.get("REMOTE_ADDR", "")
