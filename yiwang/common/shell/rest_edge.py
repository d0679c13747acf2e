"""What the keyed routes of /api/v1 share in every room: the actor, and doing a thing once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import once

IDEMPOTENCY_HEADER = "Idempotency-Key"
KEY_LENGTH = 64
IDEMPOTENT: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": IDEMPOTENCY_HEADER,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[!-~]+$"},
            "description": "Repeat a request with its key: the first result is given again, nothing is done twice.",
        }
    ]
}


def actor_of(request: HttpRequest) -> Actor:
    """Who calls: set by site when it looked at the key."""
    actor: Actor = request.auth
    return actor


def done_once(
    request: HttpRequest, asked: Mapping[str, object], run: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The result of ``run``; under an Idempotency-Key the first one ever after, for this actor and address."""
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is None:
        return run()
    if not (0 < len(key) <= KEY_LENGTH and all("!" <= char <= "~" for char in key)):
        raise Refused([Finding("api-key-form", "", {}, IDEMPOTENCY_HEADER)])
    return once(f"api:{key}", actor_of(request), {"path": request.path, "asked": dict(asked)}, run)
