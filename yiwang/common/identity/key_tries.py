"""How often programs may try: wrong keys by address, verbs by key. The same counters as for logins."""

from __future__ import annotations

from datetime import datetime

from yiwang.common.identity.queries import key_sha256
from yiwang.common.identity.throttle import KEY_VERBS, WRONG_KEY, note_tries, wait_seconds


def wrong_key_wait_seconds(address: str, now: datetime) -> int:
    """How long (real time) this address must wait before another key is looked at; 0 at once."""
    return wait_seconds([(WRONG_KEY, address)], now)


def note_wrong_key(address: str, now: datetime) -> None:
    """Counts a key that nobody has."""
    note_tries([(WRONG_KEY, address)], now)


def verb_wait_seconds(key: str, now: datetime) -> int:
    """Counts one verb under ``key``; how long to wait where it has had its share (0: go on)."""
    tries = [(KEY_VERBS, key_sha256(key))]
    wait = wait_seconds(tries, now)
    if not wait:
        note_tries(tries, now)
    return wait
