"""Where a request came from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where the request came from: the header that ``settings.CLIENT_ADDRESS_HEADER`` names (set by a proxy of
    the house, never by default), else the peer.

    Of a list only the last address counts, which the proxy nearest to us put there: what stands before it is what
    a client claims, and whoever could choose it would outrun every lock.
    """
    header = getattr(settings, "CLIENT_ADDRESS_HEADER", "")
    claimed = request.headers.get(header, "") if header else ""
    return claimed.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
