"""The leaf: the canonical JSON of an entry, and the salted commitments in it. Pure.

Public now:  ``{v, kind, about, n, prev, at, actor, digests, facts, c}``; ``c`` commits to the private values.
Not (yet) public:  ``{v, at, c}``; ``c`` commits to everything else. The names of facts would tell the kind,
so they stand in numbered slots, filled up with random ones to a multiple of eight.

Commitment (../EVIDENCE, "Leaves"): base64(SHA-256(salt ‖ JCS([name, value]))), a salt of 128 random bits each.
The hash of a leaf is that of RFC 6962 § 2.1: SHA-256(0x00 ‖ leaf).
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.pure.kernel import canonical

VERSION = 1
MAX_BYTES = 4096
SALT_BYTES = 16
SLOTS = 8
HIDDEN_FIELDS = ("kind", "about", "n", "prev", "actor", "digests")

type JSON = bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None


class LeafTooLarge(ValueError):
    """An entry of more than 4 KB: longer text is a document. A bug of the caller, not of the user."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one commitment of a leaf: the field it stands in, the committed name and value, the salt."""

    slot: str
    name: str
    value: Any
    salt: str

    def as_list(self) -> list[Any]:
        return [self.slot, self.name, self.value, self.salt]


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says, before it is known who may see it."""

    kind: str
    about: str
    n: int
    prev: str | None
    at: str
    actor: str
    documents: tuple[str, ...]
    facts: Mapping[str, Any]
    private: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The bytes to be proved and what opens the commitments in them."""

    text: bytes
    hidden: tuple[Opening, ...]
    private: tuple[Opening, ...]

    @property
    def hash(self) -> str:
        return leaf_hash(self.text)


def leaf_hash(text: bytes) -> str:
    """The hash of a leaf in the Merkle log (RFC 6962 § 2.1), hexadecimal."""
    return hashlib.sha256(b"\x00" + text).hexdigest()


def commitment(name: str, value: JSON, salt: str) -> str:
    """The commitment to ``value`` under ``name``; ``salt`` in base64."""
    return b64encode(hashlib.sha256(b64decode(salt) + canonical.dumps([name, value])).digest()).decode()


def _openings(fields: Sequence[tuple[str, str, Any]]) -> tuple[Opening, ...]:
    salts = secrets.token_bytes(SALT_BYTES * len(fields))
    return tuple(
        Opening(slot, name, value, b64encode(salts[i * SALT_BYTES : (i + 1) * SALT_BYTES]).decode())
        for i, (slot, name, value) in enumerate(fields)
    )


def _commitments(openings: Sequence[Opening]) -> dict[str, str]:
    return {each.slot: commitment(each.name, each.value, each.salt) for each in openings}


def _written(body: Mapping[str, Any], kind: str) -> bytes:
    text = canonical.dumps(body)
    if len(text) > MAX_BYTES:
        raise LeafTooLarge(f"{kind}: a leaf of {len(text)} bytes; put longer text into a document")
    return text


def _digests(documents: Sequence[str]) -> list[dict[str, str]]:
    for sha256 in documents:
        if len(sha256) != 64 or sha256.strip("0123456789abcdef"):
            raise ValueError(f"not a SHA-256 in hexadecimal: {sha256!r}")
    return [{"sha256": sha256} for sha256 in documents]


def _body(content: Content) -> dict[str, Any]:
    return {
        "v": VERSION,
        "kind": content.kind,
        "about": content.about,
        "n": content.n,
        "prev": content.prev,
        "at": content.at,
        "actor": content.actor,
        "digests": _digests(content.documents),
        "facts": dict(content.facts),
    }


def public_leaf(content: Content) -> Leaf:
    """The leaf of an entry that everybody may see now. LeafTooLarge, NotCanonical."""
    private = _openings([(name, name, content.private[name]) for name in sorted(content.private)])
    return Leaf(_written(_body(content) | {"c": _commitments(private)}, content.kind), (), private)


def hidden_leaf(content: Content) -> Leaf:
    """The leaf of an entry that shows nothing but its instant. LeafTooLarge, NotCanonical."""
    body = _body(content)
    _written(body | {"c": {}}, content.kind)  # what will be opened one day keeps to the same 4 KB
    meta = [(field, field, body[field]) for field in HIDDEN_FIELDS]
    facts, private = sorted(content.facts), sorted(content.private)
    used = len(facts) + len(private)
    slots = [f"f{number}" for number in range(1, max(1, -(-used // SLOTS)) * SLOTS + 1)]
    hidden = _openings(
        meta + [(slot, name, content.facts[name]) for slot, name in zip(slots, facts, strict=False)]
    )
    kept = _openings(
        [
            (slot, name, content.private[name])
            for slot, name in zip(slots[len(facts) :], private, strict=False)
        ]
    )
    c = _commitments(hidden) | _commitments(kept)
    c |= {slot: b64encode(secrets.token_bytes(32)).decode() for slot in slots[used:]}
    return Leaf(_written({"v": VERSION, "at": content.at, "c": c}, content.kind), hidden, kept)


def opens(text: bytes, opening: Opening) -> bool:
    """Whether ``opening`` opens the commitment that the leaf ``text`` carries in its slot."""
    carried = canonical.loads(text)["c"].get(opening.slot)
    return carried is not None and carried == commitment(opening.name, opening.value, opening.salt)
