"""How often programs may try: wrong keys by address, verbs by key.

Wrong keys are guesses: they are counted where logins are, and a restart forgives nothing. Verbs of a good key are
only kept at a measure: each server process counts them for itself, so that no verb pays for a second commit.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from yiwang.common.identity.queries import key_sha256
from yiwang.common.identity.throttle import KEY_VERBS, WRONG_KEY, Limit, note_tries, wait_seconds

_MOST_KEYS = 10_000


class Measure:
    """What was asked in the running window of a limit, by key: when it began, and how often. In this process alone."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[datetime, int]] = {}
        self._lock = threading.Lock()

    def count(self, limit: Limit, key: str, now: datetime) -> None:
        """Once more of ``key``."""
        with self._lock:
            since, count = self._windows.get(key, (now, 0))
            if now - since >= timedelta(seconds=limit.window_seconds):
                since, count = now, 0
            if len(self._windows) >= _MOST_KEYS:
                self._windows.clear()
            self._windows[key] = (since, count + 1)

    def wait_seconds(self, limit: Limit, key: str, now: datetime) -> int:
        """How long until ``key`` may ask again; 0 at once."""
        since, count = self._windows.get(key, (now, 0))
        end = since + timedelta(seconds=limit.window_seconds)
        return int((end - now).total_seconds()) + 1 if count >= limit.most and now < end else 0


_VERBS = Measure()


def key_wait_seconds(key: str, address: str, now: datetime) -> int:
    """How long (real time) until ``key`` from ``address`` is looked at again; 0 at once."""
    return max(
        wait_seconds([(WRONG_KEY, address)], now), _VERBS.wait_seconds(KEY_VERBS, key_sha256(key), now)
    )


def note_wrong_key(address: str, now: datetime) -> None:
    """Counts a key that nobody has."""
    note_tries([(WRONG_KEY, address)], now)


def note_key_verb(key: str, now: datetime) -> None:
    """Counts one verb under ``key``; after its share of a minute the key waits."""
    _VERBS.count(KEY_VERBS, key_sha256(key), now)
