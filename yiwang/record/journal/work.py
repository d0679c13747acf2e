"""The worker's round: place what was committed, show it to the readers, do what is due.

Every step is one act together with the note that it was done, so killing the worker at any point loses nothing
and repeats nothing. A reader or duty that fails is tried again later and stands in nobody else's way.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from django.db import connection
from django.db.models import Q, QuerySet

from yiwang.record.journal import models
from yiwang.record.journal.acts import act, is_postgres, try_lock
from yiwang.record.journal.entries import Entry
from yiwang.record.journal.points import DUTY, READ, passing
from yiwang.record.journal.queries import entries_from
from yiwang.record.journal.services.agenda import Due, due_of
from yiwang.record.journal.services.clock import real_now
from yiwang.record.journal.services.sequence import sequence

log = logging.getLogger(__name__)

ROUND = 200  # entries and duties that a round does at most
BATCH = 50
BATCH_SECONDS = 0.1  # no batch of a reader keeps other writers waiting for longer than this and one entry
CANDIDATES = 20  # duties that a worker looks at for one that no other is at
FIRST_RETRY = timedelta(seconds=2)
LAST_RETRY = timedelta(minutes=30)
ERROR_LENGTH = 4000

Duty = Callable[[Due, datetime], None]


@dataclass(frozen=True, slots=True)
class LongDuty:
    """A duty of which most takes long and needs no lock: a page or a paper to be made.

    On SQLite, whose one writer keeps all others waiting, ``before`` comes before the act that does ``after`` and notes the
    duty as done; what it writes, it writes in acts of its own. Elsewhere both are in that act, which keeps other workers from
    doing the same and is in nobody's way. Both must be idempotent.
    """

    before: Callable[[Due, datetime], None]
    after: Callable[[Due, datetime], None]

    def __call__(self, due: Due, now: datetime) -> None:
        self.before(due, now)
        self.after(due, now)


@dataclass(frozen=True, slots=True)
class Reader:
    """``run`` sees every entry once in the order of the journal, inside an act of its own.

    It must be idempotent: what it does outside the database may be done again after a failure.
    """

    name: str
    run: Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Worked:
    """What a round did: entries placed or read, duties done, failures met."""

    entries: int
    dues: int
    failures: int

    def __add__(self, other: Worked) -> Worked:
        return Worked(self.entries + other.entries, self.dues + other.dues, self.failures + other.failures)

    @property
    def steps(self) -> int:
        return self.entries + self.dues + self.failures

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do (or nothing that could be done)."""
        return self.entries == 0 and self.dues == 0


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a reader is behind the journal: entries, and since when (business time) the oldest of them waits."""

    reader: str
    behind: int
    oldest_at: datetime | None
    failures: int
    error: str


NOTHING = Worked(0, 0, 0)


def backoff(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: doubling from two seconds to half an hour."""
    return min(FIRST_RETRY * 2 ** min(failures - 1, 30), LAST_RETRY)


def work(readers: Sequence[Reader], duties: Mapping[str, Duty], now: datetime, limit: int = ROUND) -> Worked:
    """Works until nothing is left to do now or ``limit`` entries and duties are done.

    ``now`` is business time: a duty may be late, never early. Duties are done in the order in which they fall
    due, and every reader has seen before each of them what stood in the journal when its turn came: what is
    recorded meanwhile, however much, keeps no duty waiting. Nor does the limit once the readers have seen that:
    a round that had as much to read as it may still does what is due.
    """
    total = NOTHING
    while total.steps < limit:
        done = Worked(sequence(), 0, 0)
        read, seen = _read_all(readers, limit, _last_index())
        done += read
        if seen:
            done += _do_next(duties, now)
        total += done
        if not done.steps:  # what failed waits for its time to be tried again: it does not come up twice
            break
    return total


def _last_index() -> int | None:
    """The place of the newest entry in the order; None where there is none."""
    with (
        connection.cursor() as cursor
    ):  # asked before and after everything: the object mapper costs ten times as much
        cursor.execute('SELECT MAX("index") FROM journal_index')
        last: int | None = cursor.fetchone()[0]
        return last


def _reason(error: Exception) -> str:
    return "".join(traceback.format_exception(error))[-ERROR_LENGTH:]


def _read_all(readers: Sequence[Reader], limit: int, end: int | None) -> tuple[Worked, bool]:
    """Shows at most ``limit`` entries to those readers that are behind ``end``, in turns of a batch each.

    Gives also whether nothing up to ``end`` is left that we could show them now.
    """
    total = NOTHING
    while behind := _behind(readers, end):
        if total.steps >= limit:
            return total, False
        done = NOTHING
        for reader in behind:
            done += _read_batch(reader, min(BATCH, limit))
        total += done
        if not done.steps:  # other workers are at them
            break
    return total, True


def _behind(readers: Sequence[Reader], end: int | None) -> list[Reader]:
    """The readers for whom there is something to read up to ``end`` and whose time it is."""
    if end is None or not readers:
        return []
    with connection.cursor() as cursor:  # mostly nobody is: found out without a model of each
        cursor.execute("SELECT name FROM journal_cursor WHERE next_index > %s", [end])
        done = {name for (name,) in cursor.fetchall()}
    if all(reader.name in done for reader in readers):
        return []
    real, cursors = real_now(), models.Cursor.objects.in_bulk([reader.name for reader in readers])
    waiting = []
    for reader in readers:
        cursor = cursors.get(reader.name) or models.Cursor(name=reader.name)
        if cursor.next_index <= end and not (cursor.retry_at and cursor.retry_at > real):
            waiting.append(reader)
    return waiting


def _read_batch(reader: Reader, limit: int) -> Worked:
    """One act: some entries and the cursor behind them. A failing entry is undone alone and ends the batch."""
    with act():
        cursor = _cursor_of(reader)
        if cursor is None or (cursor.retry_at and cursor.retry_at > real_now()):
            return NOTHING  # another worker is at it, or it is not yet time to try again
        read, failures, started = 0, 0, perf_counter()
        for entry in entries_from(cursor.next_index, limit):
            if not _shown_to(reader, entry, cursor):
                failures = 1
                break
            read += 1
            if perf_counter() - started > BATCH_SECONDS:
                break
        cursor.save()
    return Worked(read, 0, failures)


def _cursor_of(reader: Reader) -> models.Cursor | None:
    """Where a reader stands, held until the end of the act; None where another worker holds it."""
    held = models.Cursor.objects.select_for_update(skip_locked=True).filter(pk=reader.name)
    cursor = held.first()
    if cursor is None and not models.Cursor.objects.filter(pk=reader.name).exists():
        models.Cursor.objects.get_or_create(name=reader.name)
        cursor = held.first()
    return cursor


def _shown_to(reader: Reader, entry: Entry, cursor: models.Cursor) -> bool:
    try:
        with act():
            reader.run(entry)
    except Exception as error:  # kept and tried again: one reader must not stop the others
        log.exception("reader %s failed at entry %s (%s)", reader.name, entry.index, entry.kind)
        cursor.failures += 1
        cursor.retry_at = real_now() + backoff(cursor.failures)
        cursor.error = _reason(error)
        return False
    passing(READ)
    assert entry.index is not None
    cursor.next_index, cursor.failures, cursor.retry_at, cursor.error = entry.index + 1, 0, None, ""
    return True


def _do_next(duties: Mapping[str, Duty], now: datetime) -> Worked:
    """Does the earliest duty that is due, known to us and that no other worker is at."""
    if not _is_due(now):
        return NOTHING
    for row in _free(duties, now)[:CANDIDATES]:  # a read costs other writers nothing
        done = _do(row, duties, now)
        if done is not None:
            return done
    return NOTHING


def _is_due(now: datetime) -> bool:
    """Whether anything at all is due, known to us or not: mostly nothing is, and that is to be found out quickly."""
    with connection.cursor() as cursor:
        instant = connection.ops.adapt_datetimefield_value(now)
        cursor.execute("SELECT 1 FROM journal_due WHERE done_at IS NULL AND due_at <= %s LIMIT 1", [instant])
        return cursor.fetchone() is not None


def _do(row: models.Due, duties: Mapping[str, Duty], now: datetime) -> Worked | None:
    """Does a duty and notes it as done, in one act; None where another worker is at it, or it is no longer due.

    The lock is on its name and not on its row: a verb that moves or cancels the duty while it holds its lot never waits
    for a worker that waits for the lot. What was moved or cancelled meanwhile is not noted as done.
    """
    duty, due = duties[row.duty], due_of(row)
    try:
        if isinstance(duty, LongDuty) and not is_postgres():
            duty.before(due, now)
            duty = duty.after
        with act():
            if not try_lock(f"duty:{row.key}") or not _free(duties, now).filter(pk=row.pk).exists():
                return None
            passing(DUTY)
            duty(due, now)
            mine = models.Due.objects.filter(pk=row.pk, done_at=None, due_at=row.due_at)
            mine.update(done_at=now, error="")
    except Exception as error:  # kept and tried again: one duty must not stop the others
        log.exception("duty %s failed", row.key)
        _put_off(row, error)
        return Worked(0, 0, 1)
    return Worked(0, 1, 0)


def _free(duties: Mapping[str, Duty], now: datetime) -> QuerySet[models.Due]:
    return models.Due.objects.filter(
        Q(retry_at=None) | Q(retry_at__lte=real_now()),
        done_at=None,
        due_at__lte=now,
        duty__in=list(duties),
    ).order_by("due_at", "id")


def _put_off(row: models.Due, error: Exception) -> None:
    attempts = row.attempts + 1
    with act():
        models.Due.objects.filter(pk=row.pk, attempts=row.attempts, done_at=None).update(
            attempts=attempts, retry_at=real_now() + backoff(attempts), error=_reason(error)
        )


def lag(readers: Sequence[Reader]) -> list[Lag]:
    """How far each reader is behind what has been placed in the order."""
    end = _last_index()
    behind = []
    for reader in readers:
        cursor = models.Cursor.objects.filter(pk=reader.name).first() or models.Cursor(name=reader.name)
        waiting = 0 if end is None else max(0, end + 1 - cursor.next_index)
        oldest = entries_from(cursor.next_index, 1)
        oldest_at = oldest[0].at if oldest else None
        behind.append(Lag(reader.name, waiting, oldest_at, cursor.failures, cursor.error))
    return behind
