"""Strict mode: the bidder's half of the key, kept on the phone and printed as a code that has been tried."""

from __future__ import annotations

import secrets
import unicodedata

from yiwang.pure.sm import sm3
from yiwang.pure.sm.errors import Malformed

SIZE = 20  # bytes
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_LENGTH = 36  # characters: 32 of the half, 4 to check


class Half:
    """The bidder's half: 20 secret bytes that show themselves only as a code."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        if len(octets) != SIZE:
            raise Malformed(f"a bidder's half has {SIZE} bytes")
        self._octets = octets

    @classmethod
    def fresh(cls) -> Half:
        """A random half."""
        return cls(secrets.token_bytes(SIZE))

    @classmethod
    def from_code(cls, code: str) -> Half:
        """The half of a printed code; case, full-width forms, spaces and hyphens do not matter. Raises Malformed for a slip."""
        plain = unicodedata.normalize("NFKC", code).upper()
        text = "".join(plain.replace("-", " ").split()).translate(_READ_AS)
        if len(text) != _LENGTH or any(char not in _ALPHABET for char in text):
            raise Malformed("a recovery code has nine groups of four letters and digits")
        number = 0
        for char in text[:32]:
            number = number * 32 + _ALPHABET.index(char)
        half = cls(number.to_bytes(SIZE, "big"))
        if half._check() != text[32:]:
            raise Malformed("the recovery code has a slip: its last group does not agree with the others")
        return half

    def _check(self) -> str:
        number = int.from_bytes(sm3.digest(b"yiwang/envelope/v1/code", self._octets)[:4], "big")
        return "".join(_ALPHABET[number >> shift & 31] for shift in (15, 10, 5, 0))

    def code(self) -> str:
        """Nine groups of four characters, for print."""
        number = int.from_bytes(self._octets, "big")
        text = "".join(_ALPHABET[number >> shift & 31] for shift in range(155, -1, -5)) + self._check()
        return "-".join(text[start : start + 4] for start in range(0, _LENGTH, 4))

    def expose_bytes(self) -> bytes:
        """The 20 bytes: the caller keeps them out of logs and messages."""
        return self._octets

    def __repr__(self) -> str:
        return "Half(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a bidder's half is not pickled")


class TriedHalf:
    """A half whose printed code has been typed in again: only such a half seals a bid."""

    __slots__ = ("half",)

    def __init__(self, half: Half, typed: str) -> None:
        if not sm3.equal(Half.from_code(typed).expose_bytes(), half.expose_bytes()):
            raise Malformed("the code typed in is not the one that was printed")
        self.half = half
