"""Strict canonical JSON: exactly the fields expected, in exactly one form. Shared by envelopes and split keys."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yiwang.pure.kernel import canonical
from yiwang.pure.sm.errors import Malformed


def strict_object(text: bytes, fields: set[str], what: str, limit: int) -> dict[str, object]:
    """The object with exactly ``fields`` in canonical JSON of at most ``limit`` bytes. Raises Malformed."""
    if len(text) > limit:
        raise Malformed(f"{what}: longer than {limit} bytes")
    try:
        value = canonical.loads(text)
    except (canonical.NotCanonical, RecursionError) as error:
        raise Malformed(f"{what}: not canonical JSON") from error
    return exact(value, fields, what)


def exact(value: object, fields: set[str] | Sequence[str], what: str) -> dict[str, object]:
    """``value`` where it is an object with exactly ``fields``; Malformed otherwise."""
    if not isinstance(value, dict) or set(value) != set(fields):
        raise Malformed(f"{what}: must have exactly {', '.join(sorted(fields))}")
    return value


def hex_bytes(text: object, size: int, what: str) -> bytes:
    """``size`` bytes of lower-case hexadecimal digits. Raises Malformed."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9a-f]*", text) or len(text) != 2 * size:
        raise Malformed(f"{what}: {size} bytes in lower-case hexadecimal")
    return bytes.fromhex(text)
