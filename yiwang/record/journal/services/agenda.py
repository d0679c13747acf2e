"""The agenda: duties that fall due at an instant of business time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.pure.kernel import canonical
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal import models
from yiwang.record.journal.acts import act, advisory_lock
from yiwang.record.journal.leaf import JSON


@dataclass(frozen=True, slots=True)
class Due:
    """A duty on the agenda. ``due_at`` is business time; ``retry_at`` (after a failure) real time."""

    key: str
    duty: str
    about: Ref
    due_at: datetime
    payload: Any
    attempts: int
    retry_at: datetime | None
    error: str


def due_of(row: models.Due) -> Due:
    return Due(
        key=row.key,
        duty=row.duty,
        about=Ref.parse(row.about),
        due_at=row.due_at,
        payload=json.loads(row.payload),
        attempts=row.attempts,
        retry_at=row.retry_at,
        error=row.error,
    )


def schedule(key: str, *, duty: str, about: Ref, due_at: datetime, payload: JSON = None) -> bool:
    """Puts ``duty`` on the agenda under ``key``, or moves it there while it is not done.

    Gives False, and changes nothing, where the duty of this key was done: readers may repeat themselves.
    """
    written = canonical.dumps({} if payload is None else payload).decode()
    fields = {"duty": duty, "about": str(about), "due_at": due_at, "payload": written}
    afresh = {"attempts": 0, "retry_at": None, "error": ""}
    with act():
        advisory_lock(f"due:{key}")
        row = models.Due.objects.filter(key=key).first()
        if row is None:
            models.Due.objects.create(key=key, **fields)
            return True
        return bool(models.Due.objects.filter(key=key, done_at=None).update(**fields, **afresh))


def cancel(key: str) -> bool:
    """Takes the duty of ``key`` off the agenda; False where it is done or not there."""
    with act():
        deleted, _ = models.Due.objects.filter(key=key, done_at=None).delete()
    return bool(deleted)


def agenda(about: Ref | None = None) -> list[Due]:
    """What is still to be done (about ``about``), the earliest first."""
    rows = models.Due.objects.filter(done_at=None)
    if about is not None:
        rows = rows.filter(about=str(about))
    return [due_of(row) for row in rows.order_by("due_at", "id")]


def next_due(until: datetime) -> datetime | None:
    """When the next duty up to ``until`` falls due; None where none does."""
    rows = models.Due.objects.filter(done_at=None, due_at__lte=until).order_by("due_at", "id")
    first: datetime | None = rows.values_list("due_at", flat=True).first()
    return first
