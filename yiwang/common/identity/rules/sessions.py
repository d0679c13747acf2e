"""When a session ends: after too long without a request, and after so long in any case (GB/T 22239-2019)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session logged in at ``since_at`` whose person last did something at ``seen_at`` (real time)."""

    since_at: datetime
    seen_at: datetime


def seconds_left(session: SessionFacts, now: datetime, *, idle_seconds: int, most_seconds: int) -> int:
    """How many whole seconds the session still has at ``now``; 0 where it has ended.

    It ends with the earlier of ``idle_seconds`` after the last request and ``most_seconds`` after the login.
    """
    until = min(
        session.seen_at + timedelta(seconds=idle_seconds), session.since_at + timedelta(seconds=most_seconds)
    )
    return max(0, int((until - now).total_seconds()))


def is_fresh(session: SessionFacts, now: datetime, fresh_seconds: int) -> bool:
    """Whether the login is so recent that who sits there may change how one logs in."""
    return now - session.since_at < timedelta(seconds=fresh_seconds)
