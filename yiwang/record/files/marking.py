"""Files whose marks were made in another way, with another key, or never are looked at again: a few at a time, by the worker."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.files.marks import Marks, marks, state_of_the_art
from yiwang.record.files.models import StoredDocument
from yiwang.record.files.shelves import NoDocument, shelf
from yiwang.record.journal.api import Due, Duty, act, agenda, hold_lock, schedule

MARK_DUTY = "files-mark-again"
AT_ONCE = 10  # files: what is lawful waits no longer than these take


def begin_marking(now: datetime) -> None:
    """Puts the looking on the agenda where any file awaits it, and it is not there yet. Asked when the worker starts.

    Each beginning has a number of its own: files may come to be of an older state again, from a server that was not
    started anew yet or a copy of the database.
    """
    state = state_of_the_art()
    if not _waiting(state).exists():
        return
    with act():
        hold_lock(about := Ref("files", "marks", state))
        if not agenda(about):
            _go_on(state, random_code("M"), "", now)


def _waiting(state: str) -> QuerySet[StoredDocument]:
    """Asked as two ranges, for which the index serves."""
    return StoredDocument.objects.filter(Q(marked_by__lt=state) | Q(marked_by__gt=state))


def _go_on(state: str, begun: str, after: str, now: datetime) -> None:
    schedule(
        f"marks:{state}:{begun}:{after}",
        duty=MARK_DUTY,
        about=Ref("files", "marks", state),
        due_at=now,
        payload={"state": state, "begun": begun, "after": after},
    )


def mark_due(due: Due, now: datetime) -> None:
    """The duty that makes the marks of the next files, in the order of their digests. StoreDown: tried again later."""
    state, begun, after = (due.payload[each] for each in ("state", "begun", "after"))
    if state != state_of_the_art():
        return  # another began since
    rows = list(_waiting(state).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
    for row in rows:
        made = _marks_of(row, state)
        StoredDocument.objects.filter(pk=row.pk).update(
            author_mark=made.author, source_mark=made.source, marked_by=made.made_by
        )
    if rows:
        with act():
            _go_on(state, begun, rows[-1].pk, now)


def _marks_of(row: StoredDocument, state: str) -> Marks:
    """Of a content that is not there what is known stays; nobody can look at it."""
    try:
        with shelf().open(row.sha256) as file:
            return marks(file, row.media_type)
    except NoDocument:
        return Marks(row.author_mark, row.source_mark, state)


DUTIES: dict[str, Duty] = {MARK_DUTY: mark_due}
