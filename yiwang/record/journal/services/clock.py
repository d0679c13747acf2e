"""The one business clock and the stamp of the database's birth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal import models
from yiwang.record.journal.acts import act
from yiwang.record.journal.kept_queries import KeptQuery

REHEARSAL = "rehearsal"
REAL = "real"


class Unborn(LookupError):
    """The database has not been founded."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What a database is, for ever: ``kind`` rehearsal or real; ``code`` tells it from every other database."""

    kind: str
    born_at: datetime
    code: str
    centre: str
    centre_en: str
    region: str

    @property
    def rehearsal(self) -> bool:
        return self.kind == REHEARSAL


def real_now() -> datetime:
    """Real time (UTC): for retries and limits of rate, never for business."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the real clock


_known: ContextVar[dict[KeptQuery, tuple[Any, ...] | None] | None] = ContextVar(
    "yiwang_clock_known", default=None
)


@contextmanager
def read_once() -> Iterator[None]:
    """What is done within reads the birth, and where the clock stands, once: a request asks for them many times."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def _row(query: KeptQuery) -> tuple[Any, ...] | None:
    known = _known.get()
    if known is None:
        return query.first()
    if query not in known:
        known[query] = query.first()
    return known[query]


def _read_again() -> None:
    known = _known.get()
    if known is not None:
        known.clear()


_BIRTH = KeptQuery(
    lambda: models.Birth.objects.order_by("pk").values_list(
        "kind", "born_at", "code", "centre", "centre_en", "region"
    )[:1]
)


def birth() -> Birth:
    """The stamp of this database. Raises Unborn."""
    row = _row(_BIRTH)
    if row is None:
        raise Unborn(
            "this database has not been founded: run `yiwang setup`, or `yiwang demo` for a rehearsal"
        )
    return Birth(*row)


def found(kind: str, at: datetime, *, centre: str = "", centre_en: str = "", region: str = "") -> Birth:
    """Stamps a new database ``rehearsal`` or ``real``; a rehearsal's clock stands at ``at``.

    Refused(database-founded) where it has a stamp: that is for ever.
    """
    with act():
        if models.Birth.objects.exists():
            raise Refused([Finding("database-founded", "", {"kind": birth().kind})])
        code = random_code("H", 16)
        row = models.Birth.objects.create(
            kind=kind, born_at=at, code=code, centre=centre, centre_en=centre_en, region=region
        )
        if kind == REHEARSAL:
            models.Clock.objects.create(birth=row, shows=at, set_at=real_now(), running=False)
        _read_again()
    return birth()


_CLOCK = KeptQuery(
    lambda: models.Clock.objects.order_by("birth_id").values_list("shows", "set_at", "running")[:1]
)


def _shown(shows: datetime, set_at: datetime, running: bool, now: datetime) -> datetime:
    passed = now - set_at
    return shows + passed if running and passed.total_seconds() > 0 else shows


def business_now() -> datetime:
    """The instant of business: real time, or the rehearsal clock, the same for all processes.

    Only edges (views, commands, the worker) call this, once, and pass it down.
    """
    clock = _row(_CLOCK)
    now = real_now()
    if clock is None:
        return now
    shows, set_at, running = clock
    return _shown(shows, set_at, running, now)


def advance_rehearsal(to: datetime, by: Actor, *, running: bool | None = None) -> None:
    """Sets the rehearsal clock to ``to``; from there it runs or stands as before, or as ``running`` says.

    Refused(clock-real) in a real database, Refused(clock-backwards) before the instant that it shows.
    """
    with act():
        clock = models.Clock.objects.select_for_update().first()
        if clock is None:
            raise Refused([Finding("clock-real", "", {"role": by.role})])
        now = real_now()
        shown = _shown(clock.shows, clock.set_at, clock.running, now)
        if to < shown:
            raise Refused([Finding("clock-backwards", "", {"now": iso(shown), "to": iso(to)}, "to")])
        clock.shows, clock.set_at = to, now
        clock.running = clock.running if running is None else running
        clock.save()
        _read_again()
