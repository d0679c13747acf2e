"""An entry as other rooms see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    row: models.Entry, leaf: Mapping[str, Any], public: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    if row.public == NOW:
        facts, digests = leaf["facts"], leaf["digests"]
    elif public and hasattr(row, "opening"):
        hidden = {slot: (name, value) for slot, name, value, _ in json.loads(row.opening.hidden)}
        digests = hidden.pop("digests")[1]
        facts = {name: value for slot, (name, value) in hidden.items() if slot not in HIDDEN_FIELDS}
    else:
        return {}, ()
    return facts, tuple(each["sha256"] for each in digests)


def view(row: models.Entry) -> Entry:
    """The entry of a row that was selected together with SELECT."""
    text = bytes(row.leaf)
    leaf = json.loads(text)
    number = row.numbered.number if hasattr(row, "numbered") else None
    public = row.public == NOW or number is not None
    facts, documents = _shown(row, leaf, public)
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
