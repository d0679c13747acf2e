"""Slowing down guessing: counters in a table, in real time, so that a restart forgives nothing.

A key is a hash under the key of the house: the table says neither who was tried nor from where.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from yiwang.common.identity.models import Attempt
from yiwang.record.journal.api import KeptQuery, act

MINUTE = 60
FORGET_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries in ``window_seconds``; the last of them locks the key for ``lock_seconds``."""

    name: str
    most: int
    window_seconds: int
    lock_seconds: int


# One address guessing at one login is stopped early. A login as a whole is stopped late and briefly, so that
# nobody can lock a bidder out for long before a deadline; behind it stands the one-time code.
LOGIN_FROM_ADDRESS = Limit("login-from-address", 5, 15 * MINUTE, 15 * MINUTE)
LOGIN = Limit("login", 30, 15 * MINUTE, 5 * MINUTE)
ADDRESS = Limit("address", 100, 15 * MINUTE, 15 * MINUTE)
ONE_TIME_CODE = Limit("one-time-code", 5, 15 * MINUTE, 15 * MINUTE)
# Each question to a passkey of a visitor opens a session; a person asks a few times.
CHALLENGES = Limit("challenges", 60, 15 * MINUTE, 15 * MINUTE)
# Codes from paper have 80 bits; a mistyped one is tried again a few times.
RESET_CODES = Limit("reset-codes", 10, 15 * MINUTE, 15 * MINUTE)
REGISTRATION = Limit("registration", 10, 60 * MINUTE, 60 * MINUTE)

# A key has 256 bits: guessing is hopeless, but each guess costs; a mistyped one is tried a few times.
WRONG_KEY = Limit("wrong-key", 30, 15 * MINUTE, 15 * MINUTE)
KEY_VERBS = Limit("key-verbs", 120, MINUTE, MINUTE)


def _key(limit: Limit, subject: str) -> str:
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"{limit.name}\0{subject}".encode(), hashlib.sha256).hexdigest()


_LOCKED_UNTIL = KeptQuery(
    lambda key, now: Attempt.objects.filter(key=key, locked_until_at__gt=now).values_list("locked_until_at")
)


def wait_seconds(tries: list[tuple[Limit, str]], now: datetime) -> int:
    """How long from ``now`` (real time) until all of ``tries`` (limit and subject) may be tried; 0 at once."""
    until = [each for limit, subject in tries for (each,) in _LOCKED_UNTIL.rows(_key(limit, subject), now)]
    return max((int((each - now).total_seconds()) + 1 for each in until), default=0)


def note_tries(tries: list[tuple[Limit, str]], now: datetime) -> bool:
    """Counts one try of each; True where one of them is locked by it. In a transaction of its own."""
    with act():
        locked = [_note(limit, subject, now) for limit, subject in tries]  # every one counts
    return any(locked)


def _note(limit: Limit, subject: str, now: datetime) -> bool:
    key = _key(limit, subject)
    window = timedelta(seconds=limit.window_seconds)
    further = Attempt.objects.filter(
        key=key, since_at__gt=now - window, count__lt=limit.most - 1, locked_until_at__isnull=True
    )
    if further.update(count=F("count") + 1):  # the common case, in one statement
        return False
    row, fresh = Attempt.objects.select_for_update().get_or_create(key=key, defaults={"since_at": now})
    if fresh:  # the table forgets as it grows
        Attempt.objects.filter(since_at__lt=now - FORGET_AFTER).delete()
    over = now - row.since_at >= window
    served = row.locked_until_at is not None and row.locked_until_at <= now
    if over or served:
        row.count, row.since_at, row.locked_until_at = 0, now, None
    row.count += 1
    locked = row.count >= limit.most
    if locked:
        row.locked_until_at = now + timedelta(seconds=limit.lock_seconds)
    row.save()
    return locked


def forget_tries(tries: list[tuple[Limit, str]]) -> None:
    """After a success the counters of the keys begin again."""
    with act():
        Attempt.objects.filter(key__in=[_key(limit, subject) for limit, subject in tries]).delete()
