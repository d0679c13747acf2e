"""References between rooms, and the public codes that they carry."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_PART = re.compile(r"[a-z][a-z0-9-]*\Z")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A thing of another room: room, kind and its public code. Never a primary key.

    Raises ValueError where a part has characters that a reference may not have.
    """

    room: str
    kind: str
    code: str

    def __post_init__(self) -> None:
        if not (_PART.match(self.room) and _PART.match(self.kind) and _CODE.match(self.code)):
            raise ValueError(f"not a reference: {self.room}:{self.kind}:{self.code}")

    def __str__(self) -> str:
        return f"{self.room}:{self.kind}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """The reference written as ``room:kind:code``; ValueError otherwise."""
        parts = text.split(":")
        if len(parts) != 3:
            raise ValueError(f"not a reference: {text}")
        return cls(*parts)


_seeded: ContextVar[random.Random | None] = ContextVar("seeded_codes", default=None)


@contextmanager
def seeded_codes(source: random.Random) -> Iterator[None]:
    """Within the block codes come from ``source`` and can be guessed: for simulations, so that runs compare."""
    token = _seeded.set(source)
    try:
        yield
    finally:
        _seeded.reset(token)


def random_code(prefix: str, length: int = 12) -> str:
    """A public code that cannot be guessed: ``prefix-`` and ``length`` characters of 5 bits each."""
    source = _seeded.get()
    pick = secrets.choice if source is None else source.choice
    return f"{prefix}-" + "".join(pick(_ALPHABET) for _ in range(length))
