"""Points and scalars of the SM2 curve (GB/T 32918.5): libcrypto's EC_POINT, never arithmetic of our own.

A point is always finite and on the curve: the constructor checks it, so that no later code has to. The curve has prime
order, so there is no small subgroup to check for.
"""

from __future__ import annotations

import ctypes
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from yiwang.pure.sm.errors import BadKey, Malformed
from yiwang.pure.sm.libcrypto import LibCrypto, libcrypto

FIELD = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
ORDER = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
_CONSTANT_TIME = 4  # BN_FLG_CONSTTIME
_UNCOMPRESSED = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A finite point on the curve as 65 bytes 04 ‖ x ‖ y (big-endian).

    Raises BadKey where the bytes are of another length or form, off the curve, or the point at infinity.
    """

    octets: bytes

    def __post_init__(self) -> None:
        if len(self.octets) != 65 or self.octets[0] != _UNCOMPRESSED:
            raise BadKey("a point has 65 bytes: 04, x, y")
        if (
            int.from_bytes(self.octets[1:33], "big") >= FIELD
            or int.from_bytes(self.octets[33:], "big") >= FIELD
        ):
            raise BadKey("a coordinate is not below the field's prime")
        lib = libcrypto()
        handle = lib.EC_POINT_new(lib.group)
        if not handle:
            raise MemoryError("EC_POINT_new")
        try:
            _read_into(lib, handle, self.octets)
        finally:
            lib.EC_POINT_clear_free(handle)

    @property
    def x(self) -> bytes:
        """The 32 bytes of the first coordinate."""
        return self.octets[1:33]

    @property
    def y(self) -> bytes:
        """The 32 bytes of the second coordinate."""
        return self.octets[33:]


class SecretScalar:
    """A secret number in [1, n−1]. It shows itself in no repr, compares in constant time and cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: int) -> None:
        if not 0 < value < ORDER:
            raise BadKey("a secret scalar lies in [1, n-1]")
        self._value = value

    @classmethod
    def fresh(cls) -> SecretScalar:
        """A uniformly random scalar from the operating system's generator."""
        return cls(secrets.randbelow(ORDER - 1) + 1)

    @classmethod
    def from_bytes(cls, octets: bytes) -> SecretScalar:
        """The scalar of 32 bytes, big-endian. Raises BadKey where the length or the range is wrong."""
        if len(octets) != 32:
            raise BadKey("a scalar has 32 bytes")
        return cls(int.from_bytes(octets, "big"))

    def expose(self) -> int:
        """The number itself: the caller keeps it out of logs and messages."""
        return self._value

    def expose_bytes(self) -> bytes:
        """The 32 bytes of the number, big-endian: the caller keeps them out of logs and messages."""
        return self._value.to_bytes(32, "big")

    def inverse(self) -> SecretScalar:
        """1/self mod n. Blinded, because Python's inversion takes a time that depends on the number."""
        blind = secrets.randbelow(ORDER - 1) + 1
        return SecretScalar(pow(self._value * blind % ORDER, -1, ORDER) * blind % ORDER)

    def times(self, other: SecretScalar) -> SecretScalar:
        """The product mod n (never 0: n is prime)."""
        return SecretScalar(self._value * other._value % ORDER)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretScalar) and secrets.compare_digest(
            self.expose_bytes(), other.expose_bytes()
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "SecretScalar(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a secret scalar is not pickled")


def _open_point(stack: ExitStack, octets: bytes | None = None) -> int:
    """A libcrypto point freed with ``stack``: parsed (BadKey where it is none) or uninitialised."""
    lib = libcrypto()
    handle = lib.EC_POINT_new(lib.group)
    if not handle:
        raise MemoryError("EC_POINT_new")
    stack.callback(lib.EC_POINT_clear_free, handle)
    if octets is not None:
        _read_into(lib, handle, octets)
    return int(handle)


def _read_into(lib: LibCrypto, handle: int | None, octets: bytes, context: int | None = None) -> None:
    """Parses a point into ``handle``. Raises BadKey where it is none."""
    if lib.EC_POINT_oct2point(lib.group, handle, octets, len(octets), context) != 1:
        lib.ERR_clear_error()
        raise BadKey("not a point of the SM2 curve")


def _open_number(stack: ExitStack, value: int) -> int:
    lib = libcrypto()
    handle = lib.BN_bin2bn(value.to_bytes(32, "big"), 32, None)
    if not handle:
        raise MemoryError("BN_bin2bn")
    lib.BN_set_flags(handle, _CONSTANT_TIME)
    stack.callback(lib.BN_clear_free, handle)
    return int(handle)


@contextmanager
def _scratch() -> Iterator[tuple[ExitStack, int]]:
    lib = libcrypto()
    with ExitStack() as stack:
        context = lib.BN_CTX_new()
        if not context:
            raise MemoryError("BN_CTX_new")
        stack.callback(lib.BN_CTX_free, context)
        yield stack, context


def _octets(lib: LibCrypto, handle: int, context: int | None = None) -> bytes | None:
    """The 65 bytes of a libcrypto point; None for the point at infinity, which libcrypto writes as one byte."""
    buffer = ctypes.create_string_buffer(65)
    written = lib.EC_POINT_point2oct(lib.group, handle, _UNCOMPRESSED, buffer, 65, context)
    if written == 1:
        return None
    if written != 65:
        raise Malformed(f"a point cannot be written: {lib.reason()}")
    return buffer.raw


def _trusted(octets: bytes | None) -> Point:
    """A Point of bytes that libcrypto itself computed: not parsed a second time. BadKey at infinity."""
    if octets is None:
        raise BadKey("the point at infinity")
    point = object.__new__(Point)
    object.__setattr__(point, "octets", octets)
    return point


def base_multiple(scalar: SecretScalar) -> Point:
    """[scalar]G, by libcrypto's ladder for secret scalars."""
    return _multiplied(scalar, None)


def multiple(scalar: SecretScalar, point: Point) -> Point:
    """[scalar]point, by libcrypto's ladder for secret scalars."""
    return _multiplied(scalar, point.octets)


def _multiplied(scalar: SecretScalar, octets: bytes | None) -> Point:
    """[scalar] times a point, or times G for None. Without the stack of the others: holders do it thousands of times."""
    lib = libcrypto()
    context, out = lib.BN_CTX_new(), lib.EC_POINT_new(lib.group)
    given: int | None = None if octets is None else lib.EC_POINT_new(lib.group)
    number = lib.BN_bin2bn(scalar.expose_bytes(), 32, None)
    try:
        if not (context and out and number and (given or octets is None)):
            raise MemoryError("EC_POINT_mul")
        lib.BN_set_flags(number, _CONSTANT_TIME)
        if octets is None:
            done = lib.EC_POINT_mul(lib.group, out, number, None, None, context)
        else:
            _read_into(lib, given, octets, context)
            done = lib.EC_POINT_mul(lib.group, out, None, given, number, context)
        if done != 1:
            raise Malformed(f"[k]P: {lib.reason()}")
        return _trusted(_octets(lib, out, context))
    finally:
        lib.BN_clear_free(number)
        lib.EC_POINT_clear_free(given)
        lib.EC_POINT_clear_free(out)
        lib.BN_CTX_free(context)


def total(first: Point, second: Point) -> Point:
    """first + second. Raises BadKey where the sum is the point at infinity."""
    lib = libcrypto()
    with _scratch() as (stack, context):
        left, right = _open_point(stack, first.octets), _open_point(stack, second.octets)
        if lib.EC_POINT_add(lib.group, left, left, right, context) != 1:
            raise Malformed(f"P+Q: {lib.reason()}")
        return _trusted(_octets(lib, left, context))


def negative(point: Point) -> Point:
    """−point."""
    mirrored = FIELD - int.from_bytes(point.y, "big")  # y is never 0: the order is odd
    return _trusted(point.octets[:33] + mirrored.to_bytes(32, "big"))


def difference(first: Point, second: Point) -> Point:
    """first − second. Raises BadKey where they are equal."""
    return total(first, negative(second))


def combination(base: int, terms: Sequence[tuple[int, Point]]) -> Point | None:
    """[base]G + Σ [k]P over ``terms``; None for the point at infinity.

    For public numbers only: the time depends on them. Numbers are taken mod n and may be negative.
    """
    lib = libcrypto()
    with _scratch() as (stack, context):
        out = _open_point(stack)
        first = _open_number(stack, base % ORDER)
        numbers = [_open_number(stack, scalar % ORDER) for scalar, _ in terms]
        handles = [_open_point(stack, point.octets) for _, point in terms]
        if hasattr(lib, "EC_POINTs_mul"):
            array = ctypes.c_void_p * len(terms)
            done = lib.EC_POINTs_mul(
                lib.group, out, first, len(terms), array(*handles), array(*numbers), context
            )
        else:
            done = _added_up(stack, out, first, list(zip(numbers, handles, strict=True)), context)
        if done != 1:
            raise Malformed(f"a combination of points: {lib.reason()}")
        octets = _octets(lib, out, context)
        return None if octets is None else _trusted(octets)


def _added_up(stack: ExitStack, out: int, base: int, terms: list[tuple[int, int]], context: int) -> int:
    """What EC_POINTs_mul does, for a libcrypto without it. Gives 1 on success."""
    lib = libcrypto()
    part = _open_point(stack)
    done = lib.EC_POINT_mul(lib.group, out, base, None, None, context)
    for number, handle in terms:
        done &= lib.EC_POINT_mul(lib.group, part, None, handle, number, context)
        done &= lib.EC_POINT_add(lib.group, out, out, part, context)
    return int(done)
