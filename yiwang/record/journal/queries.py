"""Reading the journal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django.db.models import Max, Q, QuerySet

from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal import models
from yiwang.record.journal.entries import (
    FEED_COLUMNS,
    PUBLIC_COLUMNS,
    SELECT,
    Entry,
    feed_page,
    public_view,
    view,
)
from yiwang.record.journal.kept_queries import KeptQuery
from yiwang.record.journal.kinds import NOW
from yiwang.record.journal.leaf import HIDDEN_FIELDS, Opening


def _rows() -> QuerySet[models.Entry]:
    return models.Entry.objects.select_related(*SELECT)


def entry(entry_id: int) -> Entry:
    """The entry with this id. Raises LookupError."""
    row = _rows().filter(pk=entry_id).first()
    if row is None:
        raise LookupError(f"no entry {entry_id}")
    return view(row)


def recorded() -> int:
    """The id of the newest entry, 0 where there is none: whether anything was recorded between two looks."""
    newest: int | None = models.Entry.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def timeline(within: Ref, public_only: bool = True, after: int = 0) -> list[Entry]:
    """Entries about or within ``within``, oldest first; only what everybody may see now unless told otherwise.

    ``after`` is the id of an entry: only those are given that were recorded later.
    """
    rows = _rows().filter(Q(about=str(within)) | Q(within=str(within)), id__gt=after)
    if public_only:
        rows = rows.filter(Q(public=NOW) | Q(numbered__isnull=False))
    return [view(row) for row in rows.order_by("id")]


def public_digest(withins: Collection[Ref], kinds: Collection[str]) -> str:
    """A digest of all that everybody may see now of the entries of these kinds about or within ``withins``.

    Their leaves and what opens them are in it: with another entry, one that became public, was erased or changed in
    the table, it is another. Documents are in it by their digests alone.
    """
    subjects = [str(each) for each in withins]
    rows = models.Entry.objects.filter(Q(about__in=subjects) | Q(within__in=subjects), kind__in=kinds)
    rows = rows.filter(Q(public=NOW) | Q(numbered__isnull=False)).order_by("id")
    digest = hashlib.sha256()
    for each in rows.values_list("id", "leaf", "leaf_hash", "opening__hidden", "opening__private"):
        digest.update(
            dumps([part if isinstance(part, str | int | None) else bytes(part).hex() for part in each])
        )
    return digest.hexdigest()


def on_record(sha256: str) -> bool:
    """Whether an entry names the document, public or not."""
    return models.EntryDocument.objects.filter(sha256=sha256).exists()


def public_feed(after: int, limit: int) -> list[Entry]:
    """At most ``limit`` public entries with a ``number`` above ``after``, by number. A number never changes hands."""
    rows = models.Entry.objects.filter(numbered__number__gt=after).order_by("numbered__number")
    return [public_view(columns) for columns in rows.values_list(*PUBLIC_COLUMNS)[:limit]]


def feed_lines(after: int, limit: int) -> list[dict[str, Any]]:
    """The same as :func:`public_feed`, as the JSON that programs get, with what opens each leaf."""
    return feed_page(_feed(limit).rows(after))


@lru_cache(maxsize=128)
def _feed(limit: int) -> KeptQuery:
    return KeptQuery(
        lambda after: (
            models.Entry.objects.filter(numbered__number__gt=after)
            .order_by("numbered__number")
            .values_list(*FEED_COLUMNS)[:limit]
        )
    )


def entries_from(index: int, limit: int) -> list[Entry]:
    """At most ``limit`` entries whose place in the order is ``index`` or later, in order."""
    rows = _rows().filter(placed__index__gte=index).order_by("placed__index")[:limit]
    return [view(row) for row in rows]


def openings(entry_id: int) -> list[Opening]:
    """What opens the commitments of the entry's leaf; empty where there are none or they were erased."""
    row = models.Opening.objects.filter(pk=entry_id).first()
    if row is None:
        return []
    return [Opening(*each) for text in (row.hidden, row.private) for each in json.loads(text)]


def revealed(entry_id: int) -> dict[str, tuple[object, str]]:
    """Name → (value, salt in base64) of every fact kept back and every private value of the entry.

    For the room that owns the entry's subject, which decides who may see what. Empty after an erasure.
    """
    row = models.Opening.objects.filter(pk=entry_id).first()
    if row is None:
        return {}
    facts = [each for each in json.loads(row.hidden) if each[0] not in HIDDEN_FIELDS]
    return {name: (value, salt) for _, name, value, salt in facts + json.loads(row.private)}


def who(pseudonym: str) -> Actor | None:
    """The actor behind a pseudonym; None after an erasure. For those who may know: the edge checks that."""
    row = models.Pseudonym.objects.filter(pk=pseudonym).first()
    return None if row is None else Actor(row.person, row.organisation, row.role)
