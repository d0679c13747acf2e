"""The order of entries and the numbers of the public feed.

SQLite has one writer, so an entry is placed in its own transaction. On PostgreSQL commits overtake each other:
``record`` leaves the entry in ``Pending`` and one sequencer at a time places what has been committed, so an entry
that commits late is placed late and never skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from yiwang.record.journal import models
from yiwang.record.journal.acts import act, is_postgres, try_lock
from yiwang.record.journal.kinds import AFTER, NOW, SILENCING

_PLACE = (
    'INSERT INTO journal_index ("index", entry_id) '
    'SELECT COALESCE(MAX("index"), -1) + 1, %s FROM journal_index RETURNING "index"'
)
_NUMBER = (
    "INSERT INTO journal_public (number, entry_id) "
    "SELECT COALESCE(MAX(number), 0) + 1, %s FROM journal_public RETURNING number"
)
_WAIT = "INSERT INTO journal_waiting (entry_id, matter, kind) VALUES (%s, %s, %s)"
_OPENED = (
    "DELETE FROM journal_waiting WHERE matter IN (%s, %s) AND kind = %s AND entry_id <> %s RETURNING entry_id"
)
_SILENCE = "DELETE FROM journal_waiting WHERE entry_id IN (SELECT id FROM journal_entry WHERE about = %s) AND entry_id < %s"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What placing an entry needs to know of it."""

    id: int
    kind: str
    about: str
    within: str
    public: str


def place(cursor: Any, entry: Unplaced) -> tuple[int, int | None]:
    """Gives ``entry`` its index and, where it is public now, its number; numbers what its kind opens.

    Entries that wait for this kind in this matter get their numbers right after it, oldest first. What is
    recorded after it waits for the next time: an entry is never published by something that came before it.
    A kind that silences takes what waits about its subject out of the queue for good.
    """
    cursor.execute(_PLACE, [entry.id])
    index = cursor.fetchone()[0]
    number = None
    if entry.public == NOW:
        cursor.execute(_NUMBER, [entry.id])
        number = cursor.fetchone()[0]
    elif entry.public.startswith(AFTER):
        cursor.execute(_WAIT, [entry.id, entry.within, entry.public.removeprefix(AFTER)])
    if entry.kind in SILENCING:
        cursor.execute(_SILENCE, [entry.about, entry.id])
    cursor.execute(_OPENED, [entry.about, entry.within, entry.kind, entry.id])
    for (opened,) in sorted(cursor.fetchall()):
        cursor.execute(_NUMBER, [opened])
    return index, number


def sequence(limit: int = 1000) -> int:
    """Places at most ``limit`` committed entries (PostgreSQL) and gives their count.

    0 also where another process is at it, and always on SQLite, where nothing is ever pending.
    """
    if not is_postgres():
        return 0
    with act(), connection.cursor() as cursor:
        if not try_lock("sequencer"):
            return 0
        rows = list(models.Pending.objects.select_related("entry").order_by("entry_id")[:limit])
        for row in rows:
            entry = row.entry
            place(cursor, Unplaced(entry.id, entry.kind, entry.about, entry.within, entry.public))
        models.Pending.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return len(rows)
