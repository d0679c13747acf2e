"""Recording one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from yiwang.pure.kernel import canonical
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.journal.acts import advisory_lock, is_postgres, require_act
from yiwang.record.journal.entries import Entry
from yiwang.record.journal.kinds import NOW, Kind
from yiwang.record.journal.leaf import JSON, Content, Leaf, Opening, hidden_leaf, public_leaf
from yiwang.record.journal.services.sequence import Unplaced, place

# The first entry about a subject is also its actors' first occasion, so one query answers both questions.
_BEFORE = (
    "SELECT n, leaf_hash, (SELECT pseudonym FROM journal_pseudonym "
    "WHERE about = %s AND person = %s AND organisation = %s AND role = %s) "
    "FROM journal_entry WHERE about = %s ORDER BY n DESC LIMIT 1"
)
_NAME = (
    "INSERT INTO journal_pseudonym (pseudonym, about, person, organisation, role) VALUES (%s, %s, %s, %s, %s)"
)
_INSERT = (
    "INSERT INTO journal_entry (kind, about, within, n, at, actor, public, leaf, leaf_hash) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"
)
_OPENING = "INSERT INTO journal_opening (entry_id, hidden, private) VALUES (%s, %s, %s)"
# PostgreSQL is a round trip away: entry, openings and the place in the sequencer's queue in one.
_REST = (
    ", opening AS (INSERT INTO journal_opening (entry_id, hidden, private) SELECT id, %s, %s FROM made WHERE %s) "
    "INSERT INTO journal_pending (entry_id) SELECT id FROM made RETURNING entry_id"
)
_DOCUMENT = "INSERT INTO journal_document (entry_id, sha256) VALUES (%s, %s)"
_INSERT_ALL = f"WITH made AS ({_INSERT})" + _REST


def record(
    kind: Kind,
    *,
    about: Ref,
    by: Actor,
    at: datetime,
    facts: Mapping[str, JSON],
    documents: Sequence[str] = (),
    private: Mapping[str, JSON] | None = None,
    within: Ref | None = None,
) -> Entry:
    """Records what happened, in the same transaction as the fact itself.

    ``about`` is what it happened to, ``within`` (``about`` where not given) the matter in which an ``after:KIND``
    waits; ``documents`` are SHA-256 in hexadecimal; ``private`` stands in the leaf as commitments for ever.
    Raises NotInAct, LeafTooLarge above 4 KB, NotCanonical, ValueError where a name is both fact and private.
    On PostgreSQL two acts that record about the same things in different order may wait for each other: hold
    the matter's lock first.
    """
    require_act()
    subject, kept = str(about), private or {}
    matter = subject if within is None else str(within)
    if kept.keys() & facts.keys():
        raise ValueError(f"{kind.name}: both fact and private: {sorted(kept.keys() & facts.keys())}")
    advisory_lock(f"about:{subject}")
    with connection.cursor() as cursor:
        n, prev, actor = _before(cursor, subject, by)
        content = Content(kind.name, subject, n + 1, prev, iso(at), actor, tuple(documents), facts, kept)
        leaf = public_leaf(content) if kind.public == NOW else hidden_leaf(content)
        hashed = leaf.hash
        instant = connection.ops.adapt_datetimefield_value(at)
        values = [kind.name, subject, matter, n + 1, instant, actor, kind.public, leaf.text, hashed]
        row = Unplaced(_inserted(cursor, values, leaf), kind.name, subject, matter, kind.public)
        if documents:
            cursor.executemany(_DOCUMENT, [[row.id, each] for each in documents])
        index, number = (None, None) if is_postgres() else place(cursor, row)
    return Entry(
        id=row.id,
        index=index,
        number=number,
        kind=kind.name,
        about=about,
        within=within or about,
        n=n + 1,
        at=at,
        actor=actor,
        public=kind.public == NOW,
        leaf=leaf.text,
        leaf_hash=hashed,
        facts=dict(facts) if kind.public == NOW else {},
        documents=tuple(documents) if kind.public == NOW else (),
    )


def _before(cursor: Any, about: str, by: Actor) -> tuple[int, str | None, str]:
    """Number and hash of the last entry (0, None before the first), and the random name of ``by`` in it all.

    The name is made on the first occasion; one for each actor and subject.
    """
    key = [about, by.person, by.organisation, by.role]
    cursor.execute(_BEFORE, [*key, about])
    n, prev, name = cursor.fetchone() or (0, None, None)
    if name is None:
        name = random_code("A")
        cursor.execute(_NAME, [name, *key])
    return n, prev, name


def _written(openings: tuple[Opening, ...]) -> str:
    return canonical.dumps([each.as_list() for each in openings]).decode()


def _inserted(cursor: Any, values: list[Any], leaf: Leaf) -> int:
    """The id of the new entry; what opens its commitments is kept beside it."""
    openings = [_written(leaf.hidden), _written(leaf.private)]
    kept = bool(leaf.hidden or leaf.private)
    if is_postgres():
        cursor.execute(_INSERT_ALL, [*values, *openings, kept])
        return int(cursor.fetchone()[0])
    cursor.execute(_INSERT, values)
    entry_id = int(cursor.fetchone()[0])
    if kept:
        cursor.execute(_OPENING, [entry_id, *openings])
    return entry_id
