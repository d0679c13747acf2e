"""Canonical JSON: RFC 8785 restricted so that ``json.dumps(sort_keys=True)`` agrees with it.

Allowed: objects with keys of the Basic Multilingual Plane, arrays, strings without lone surrogates,
integers with |n| < 2**53, booleans, null. No floats: money is fen, coefficients are strings.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

LIMIT = 2**53


class NotCanonical(ValueError):
    """The value cannot be written as restricted canonical JSON; the message names the place."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
_PLAIN = (bool, type(None))


def _fits(value: Any) -> bool:
    """Whether :func:`_check` would pass: the quick way for what is plain and ASCII, which most values are."""
    kind = type(value)
    if kind is str:
        return bool(value.isascii()) or not any(0xD800 <= ord(char) <= 0xDFFF for char in value)
    if kind is int:
        return bool(-LIMIT < value < LIMIT)
    if kind is dict:
        return all(type(key) is str and key.isascii() for key in value) and all(map(_fits, value.values()))
    if kind is list or kind is tuple:
        return all(map(_fits, value))
    return kind in _PLAIN


def _check(value: Any, place: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if not -LIMIT < value < LIMIT:
            raise NotCanonical(f"{place}: integer out of range")
    elif isinstance(value, str):
        if not value.isascii() and any(0xD800 <= ord(char) <= 0xDFFF for char in value):
            raise NotCanonical(f"{place}: lone surrogate")
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            _check(each, f"{place}[{index}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str) or (
                not key.isascii() and any(ord(char) > 0xFFFF or 0xD800 <= ord(char) <= 0xDFFF for char in key)
            ):
                raise NotCanonical(f"{place}: key {key!r}")
            _check(each, f"{place}.{key}")
    else:
        raise NotCanonical(f"{place}: {type(value).__name__}")


def dumps(value: Any) -> bytes:
    """The one UTF-8 form of ``value``. Raises NotCanonical where it has none."""
    if not _fits(value):
        _check(value, "$")
    return _ENCODER.encode(value).encode()


def digest(value: Any) -> str:
    """SHA-256 (hexadecimal) of the canonical form of ``value``."""
    return hashlib.sha256(dumps(value)).hexdigest()


def written_again(value: Any) -> bytes:
    """The canonical form of a value that :func:`loads` gave or :func:`dumps` took: not checked a second time."""
    return _ENCODER.encode(value).encode()


def loads(text: bytes | str) -> Any:
    """The value of a canonical text. Raises NotCanonical where the text is not its own canonical form."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        value = _DECODER.decode(raw.decode())
        # In ASCII only numbers can be wrong, and the decoder has seen them: an escape never comes back as it was.
        same = _ENCODER.encode(value).encode("utf-8", "surrogatepass") if raw.isascii() else dumps(value)
    except NotCanonical:
        raise
    except ValueError as error:  # also an integer of more digits than Python reads
        raise NotCanonical(str(error)) from error
    if same != raw:
        raise NotCanonical("$: not in canonical form")
    return value


def _no_float(text: str) -> Any:
    raise NotCanonical(f"a number that is no integer: {text}")


def _integer(text: str) -> int:
    value = int(text)
    if not -LIMIT < value < LIMIT:
        raise NotCanonical(f"integer out of range: {text[:40]}")
    return value


_DECODER = json.JSONDecoder(parse_float=_no_float, parse_int=_integer, parse_constant=_no_float)
