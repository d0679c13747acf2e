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
_DOCUMENT = "INSERT INTO journal_document (entry_id, sha256) VALUES (%s, %s)"
# PostgreSQL is a round trip away: entry, name, openings, documents and the place in the sequencer's queue in one.
_REST = (
    ", opening AS (INSERT INTO journal_opening (entry_id, hidden, private) SELECT id, %s, %s FROM made WHERE %s), "
    "named AS (INSERT INTO journal_document (entry_id, sha256) SELECT id, unnest(%s::varchar[]) FROM made), "
    "actor AS (INSERT INTO journal_pseudonym (pseudonym, about, person, organisation, role) "
    "SELECT %s, %s, %s, %s, %s WHERE %s) "
    "INSERT INTO journal_pending (entry_id) SELECT id FROM made RETURNING entry_id"
)
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
    begins: bool = False,
) -> Entry:
    """Records what happened, in the same transaction as the fact itself.

    ``about`` is what it happened to, ``within`` (``about`` where not given) the matter in which an ``after:KIND``
    waits; ``documents`` are SHA-256 in hexadecimal; ``private`` stands in the leaf as commitments for ever.
    ``begins`` says that this act drew the subject's random code, so that nothing can be known of it before: it
    spares the lock and the look back (were it untrue, the second entry of that number is an IntegrityError).
    Raises NotInAct, LeafTooLarge above 4 KB, NotCanonical, ValueError where a name is both fact and private.
    On PostgreSQL two acts that record about the same things in different order may wait for each other: hold
    the matter's lock first.
    """
    require_act()
    subject, kept = str(about), private or {}
    matter = subject if within is None else str(within)
    if kept.keys() & facts.keys():
        raise ValueError(f"{kind.name}: both fact and private: {sorted(kept.keys() & facts.keys())}")
    if not begins:
        advisory_lock(f"about:{subject}")
    with connection.cursor() as cursor:
        n, prev, known = (0, None, None) if begins else _before(cursor, subject, by)
        actor = known or random_code("A")
        naming = [actor, subject, by.person, by.organisation, by.role]
        content = Content(kind.name, subject, n + 1, prev, iso(at), actor, tuple(documents), facts, kept)
        leaf = public_leaf(content) if kind.public == NOW else hidden_leaf(content)
        hashed = leaf.hash
        instant = connection.ops.adapt_datetimefield_value(at)
        values = [kind.name, subject, matter, n + 1, instant, actor, kind.public, leaf.text, hashed]
        made = _inserted(cursor, values, leaf, documents, naming, known is None)
        row = Unplaced(made, kind.name, subject, matter, kind.public)
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


def _before(cursor: Any, about: str, by: Actor) -> tuple[int, str | None, str | None]:
    """Number and hash of the last entry (0, None before the first), and the random name of ``by`` in it all.

    The name is made on the first occasion (None until then); one for each actor and subject.
    """
    cursor.execute(_BEFORE, [about, by.person, by.organisation, by.role, about])
    return cursor.fetchone() or (0, None, None)


def _written(openings: tuple[Opening, ...]) -> str:
    return canonical.dumps([each.as_list() for each in openings]).decode()


def _inserted(
    cursor: Any, values: list[Any], leaf: Leaf, documents: Sequence[str], naming: list[str], unnamed: bool
) -> int:
    """The id of the new entry; what opens its commitments, its documents and a new name are kept beside it."""
    openings = [_written(leaf.hidden), _written(leaf.private)]
    kept = bool(leaf.hidden or leaf.private)
    if is_postgres():
        cursor.execute(_INSERT_ALL, [*values, *openings, kept, list(documents), *naming, unnamed])
        return int(cursor.fetchone()[0])
    if unnamed:
        cursor.execute(_NAME, naming)
    cursor.execute(_INSERT, values)
    entry_id = int(cursor.fetchone()[0])
    if kept:
        cursor.execute(_OPENING, [entry_id, *openings])
    if documents:
        cursor.executemany(_DOCUMENT, [[entry_id, each] for each in documents])
    return entry_id
