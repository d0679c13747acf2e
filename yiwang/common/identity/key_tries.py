"""How often programs may try: wrong keys by address, verbs by key. The same counters as for logins."""

from __future__ import annotations

from datetime import datetime

from yiwang.common.identity.queries import key_sha256
from yiwang.common.identity.throttle import KEY_VERBS, WRONG_KEY, note_tries, wait_seconds


def key_wait_seconds(key: str, address: str, now: datetime) -> int:
    """How long (real time) until ``key`` from ``address`` is looked at again; 0 at once."""
    return wait_seconds([(WRONG_KEY, address), (KEY_VERBS, key_sha256(key))], now)


def note_wrong_key(address: str, now: datetime) -> None:
    """Counts a key that nobody has."""
    note_tries([(WRONG_KEY, address)], now)


def note_key_verb(key: str, now: datetime) -> None:
    """Counts one verb under ``key``; with the last of its share the key waits."""
    note_tries([(KEY_VERBS, key_sha256(key))], now)
