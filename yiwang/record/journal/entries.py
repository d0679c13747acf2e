"""An entry as other rooms see it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from yiwang.pure.kernel.days import from_iso
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal import models
from yiwang.record.journal.kinds import NOW
from yiwang.record.journal.leaf import HIDDEN_FIELDS


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal.

    ``index`` is its place in the order (None until the sequencer placed it), ``number`` its number in the
    public feed (None where it has none yet), ``kind`` the name of its kind, ``n`` its number within ``about``
    (from 1), ``actor`` a pseudonym. ``facts`` and ``documents`` (SHA-256, hexadecimal) are filled only where
    ``public`` (everybody may see them now); the owning room asks ``revealed``. ``leaf_hash`` is RFC 6962's.
    """

    id: int
    index: int | None
    number: int | None
    kind: str
    about: Ref
    within: Ref
    n: int
    at: datetime
    actor: str
    public: bool
    leaf: bytes
    leaf_hash: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


# One-to-one rows that a view needs besides the entry itself.
SELECT = ("placed", "numbered", "opening")


def _shown(
    declared: str, hidden: str | None, leaf: Mapping[str, Any], public: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The facts and documents that everybody may see; ``hidden`` is what opens them (None: nothing, or erased)."""
    if declared == NOW:
        facts, digests = leaf["facts"], leaf["digests"]
    elif public and hidden is not None:
        opened = {slot: (name, value) for slot, name, value, _ in json.loads(hidden)}
        digests = opened.pop("digests")[1]
        facts = {name: value for slot, (name, value) in opened.items() if slot not in HIDDEN_FIELDS}
    else:
        return {}, ()
    return facts, tuple(each["sha256"] for each in digests)


# The columns of a public entry, for :func:`public_view`: a page of the feed makes no model of each row.
PUBLIC_COLUMNS = (
    "id", "placed__index", "numbered__number", "kind", "about", "within", "n", "actor", "public", "leaf",
    "leaf_hash", "opening__hidden",
)  # fmt: skip


_ref = lru_cache(maxsize=4096)(Ref.parse)  # a page of the feed names the same lots again and again


def public_view(columns: tuple[Any, ...]) -> Entry:
    """The entry of PUBLIC_COLUMNS of a row that has a number in the public feed."""
    pk, index, number, kind, about, within, n, actor, declared, raw, leaf_hash, hidden = columns
    text = bytes(raw)
    leaf = json.loads(text)
    facts, documents = _shown(declared, hidden, leaf, True)
    return Entry(
        id=pk,
        index=index,
        number=number,
        kind=kind,
        about=_ref(about),
        within=_ref(within),
        n=n,
        at=from_iso(leaf["at"]),
        actor=actor,
        public=True,
        leaf=text,
        leaf_hash=leaf_hash,
        facts=facts,
        documents=documents,
    )


# The columns of an entry of the feed as programs get it, for :func:`feed_page`.
FEED_COLUMNS = (
    "numbered__number", "kind", "about", "within", "n", "public", "leaf", "leaf_hash", "opening__hidden",
)  # fmt: skip
_LEAF = FEED_COLUMNS.index("leaf")


def feed_page(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Entries of the public feed as JSON, of FEED_COLUMNS: what everybody may know, the leaf, and what opens it.

    ``openings`` hold slot, name, value and salt of each commitment of an entry that was kept back until now.
    """
    texts = [bytes(row[_LEAF]).decode() for row in rows]
    leaves = json.loads(f"[{','.join(texts)}]")  # one text is parsed quicker than a hundred
    return [_feed_line(*each) for each in zip(rows, texts, leaves, strict=True)]


def _feed_line(columns: tuple[Any, ...], text: str, leaf: Mapping[str, Any]) -> dict[str, Any]:
    number, kind, about, within, n, declared, _, leaf_hash, hidden = columns
    facts, documents = _shown(declared, hidden, leaf, True)
    return {
        "number": number,
        "kind": kind,
        "about": about,
        "within": within,
        "n": n,
        "at": leaf["at"],
        "facts": facts,
        "documents": documents,
        "leaf": text,
        "leaf_hash": leaf_hash,
        "openings": _openings(declared, hidden),
    }


def _openings(declared: str, hidden: str | None) -> list[dict[str, Any]]:
    found = [] if declared == NOW or hidden is None else json.loads(hidden)
    return [{"slot": slot, "name": name, "value": value, "salt": salt} for slot, name, value, salt in found]


def disclosed_openings(row: models.Entry) -> list[dict[str, Any]]:
    """What opens the leaf of a row that is public by now; nothing where its leaf was never closed."""
    if row.public != NOW and not hasattr(row, "numbered"):
        return []
    return _openings(row.public, row.opening.hidden if hasattr(row, "opening") else None)


def view(row: models.Entry) -> Entry:
    """The entry of a row that was selected together with SELECT."""
    text = bytes(row.leaf)
    leaf = json.loads(text)
    number = row.numbered.number if hasattr(row, "numbered") else None
    public = row.public == NOW or number is not None
    hidden = row.opening.hidden if hasattr(row, "opening") else None
    facts, documents = _shown(row.public, hidden, leaf, public)
    return Entry(
        id=row.id,
        index=row.placed.index if hasattr(row, "placed") else None,
        number=number,
        kind=row.kind,
        about=Ref.parse(row.about),
        within=Ref.parse(row.within),
        n=row.n,
        at=from_iso(leaf["at"]),
        actor=row.actor,
        public=public,
        leaf=text,
        leaf_hash=row.leaf_hash,
        facts=facts,
        documents=documents,
    )
