"""Strict reading of the small texts: numbers, base64, characters. Every refusal says where and which rule.

Lines count from 1, columns and bytes from 1 and 0. One value has one spelling: what is read is what is written.
"""

from __future__ import annotations

import base64
import binascii
import re

from yiwang.pure.tlog.hashing import HASH_BYTES
from yiwang.pure.tlog.proofs import MAX_SIZE
from yiwang.pure.tlog.refusals import refused

_CONTROL = re.compile("[\\x00-\\x09\\x0b-\\x1f]")
_DECIMAL = re.compile(rb"0|[1-9][0-9]{0,18}")


def decimal(text: bytes, source: str, line: int) -> int:
    """A number from 0 to 2^63 - 1 in ASCII digits without leading zeroes. Refused (``decimal``) otherwise."""
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_SIZE:
        refused("decimal", source, line=line, text=shown(text))
    return int(text)


def base64_bytes(text: bytes, source: str, line: int) -> bytes:
    """The bytes of standard base64 with padding in its one canonical spelling. Refused (``base64``) otherwise."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = None
    if raw is None or base64.b64encode(raw) != text:
        refused("base64", source, line=line, text=shown(text))
    return raw


def hash_bytes(text: bytes, source: str, line: int) -> bytes:
    """32 bytes in base64. Refused (``base64``, ``hash-line``) otherwise."""
    raw = base64_bytes(text, source, line)
    if len(raw) != HASH_BYTES:
        refused("hash-line", source, line=line, length=len(raw))
    return raw


def base64_text(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(raw).decode("ascii")


def decoded(raw: bytes, source: str, line: int = 1) -> str:
    """UTF-8 text without control characters but newline; ``line`` is the number of its first. Refused (``not-utf8``, ``control-character``)."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        refused("not-utf8", source, byte=error.start)
    bad = _CONTROL.search(text)
    if bad:
        before = text[: bad.start()]
        column = bad.start() - before.rfind("\n")
        refused("control-character", source, line=line + before.count("\n"), column=column, code=ord(bad[0]))
    return text


def limited(raw: bytes, limit: int, source: str) -> bytes:
    """``raw`` where it has at most ``limit`` bytes. Refused (``too-large``) otherwise."""
    if len(raw) > limit:
        refused("too-large", source, length=len(raw), limit=limit)
    return raw


def shown(text: bytes) -> str:
    """The first 60 bytes as a sentence can show them."""
    return text[:60].decode("utf-8", "backslashreplace")
