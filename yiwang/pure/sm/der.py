"""DER by ``asn1crypto``: the object identifiers of the national algorithms and one strict way to read.

Strict: no trailing bytes, and the bytes are exactly what writing the parsed value gives, so that every value has one form.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from asn1crypto import algos, core, keys

from yiwang.pure.sm.errors import Malformed, SmError

_PARSER_ERRORS = (
    ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RecursionError,
)  # fmt: skip
SM2_CURVE = "1.2.156.10197.1.301"
SM3 = "1.2.156.10197.1.401"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
CURVE = "sm2p256v1"
SIGNATURE_ALGORITHM = "sm2_sm3"


def _register(kind: type[Any], oid: str, name: str) -> None:
    kind._map[oid] = name
    if kind._reverse_map is not None:
        kind._reverse_map[name] = oid


keys.NamedCurve.register(CURVE, SM2_CURVE, 32)
_register(algos.DigestAlgorithmId, SM3, "sm3")
_register(algos.SignedDigestAlgorithmId, SM2_WITH_SM3, SIGNATURE_ALGORITHM)


class Sm2Signature(core.Sequence):  # type: ignore[misc]
    """GM/T 0009-2012 7.3: r, s."""

    _fields = [("r", core.Integer), ("s", core.Integer)]


class Sm2Ciphertext(core.Sequence):  # type: ignore[misc]
    """GM/T 0009-2012 7.2: the point's two coordinates, C3, C2."""

    _fields = [("x", core.Integer), ("y", core.Integer), ("c3", core.OctetString), ("c2", core.OctetString)]


class Sec1PrivateKey(core.Sequence):  # type: ignore[misc]
    """RFC 5915, section 3, with the number as the 32 bytes it is written with."""

    _fields = [
        ("version", core.Integer),
        ("private_key", core.OctetString),
        ("parameters", keys.ECDomainParameters, {"explicit": 0, "optional": True}),
        ("public_key", keys.ECPointBitString, {"explicit": 1, "optional": True}),
    ]


class Pkcs8PrivateKey(core.Sequence):  # type: ignore[misc]
    """RFC 5208, section 5, with the key inside left as the bytes that it is.

    asn1crypto's own class reads the key inside as a number and writes it back without the zeros that it began with:
    one key in 256 would not be the same again.
    """

    _fields = [
        ("version", core.Integer),
        ("private_key_algorithm", keys.PrivateKeyAlgorithm),
        ("private_key", core.OctetString),
        ("attributes", keys.Attributes, {"implicit": 0, "optional": True}),
    ]


@contextmanager
def strictly(what: str) -> Iterator[None]:
    """Turns what asn1crypto raises on malformed input into Malformed.

    It parses lazily and raises errors of many kinds, AttributeError for types that it does not model among them
    (fuzzing found INSTANCE OF and REAL): so whatever touches a parsed structure stands inside this.
    """
    try:
        yield
    except SmError:
        raise
    except _PARSER_ERRORS as error:
        raise Malformed(f"{what}: not DER: {type(error).__name__}") from error


def guarded[**Given, Result](what: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Puts the whole of a reading function inside :func:`strictly`."""

    def wrap(function: Callable[Given, Result]) -> Callable[Given, Result]:
        @functools.wraps(function)
        def inner(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            with strictly(what):
                return function(*args, **kwargs)

        return inner

    return wrap


def read[Structure: core.Asn1Value](kind: type[Structure], der: bytes, what: str) -> Structure:
    """``der`` parsed as ``kind``. Raises Malformed where it is not exactly the DER form of one."""
    with strictly(what):
        value: Structure = kind.load(der, strict=True)
        _walk(value, 0)
        again = value.dump(force=True)
    if again != der:
        raise Malformed(f"{what}: not in the one canonical DER form")
    return value


def _walk(value: Any, depth: int) -> None:
    """Parses what asn1crypto would otherwise parse lazily, so that errors come out here."""
    if depth > 40:
        raise ValueError("nested too deeply")
    if isinstance(value, core.Choice):
        _walk(value.chosen, depth + 1)
    elif isinstance(value, core.Any):
        _walk(value.parsed, depth + 1)
    elif isinstance(value, core.ParsableOctetString | core.ParsableOctetBitString):
        pass  # opaque here: the extension or key inside is read by whoever knows it
    elif isinstance(value, core.Sequence | core.SequenceOf | core.Set | core.SetOf):
        for index in range(len(value)):
            _walk(value[index], depth + 1)
    elif not isinstance(value, core.Void):
        _ = value.native


def algorithm() -> algos.SignedDigestAlgorithm:
    """``sm2-with-sm3`` without parameters, as OpenSSL writes it."""
    return algos.SignedDigestAlgorithm({"algorithm": SIGNATURE_ALGORITHM})


def digest_algorithm() -> algos.DigestAlgorithm:
    """``sm3`` without parameters."""
    return algos.DigestAlgorithm({"algorithm": "sm3"})


def public_key_info(octets: bytes) -> keys.PublicKeyInfo:
    """SubjectPublicKeyInfo of 65 bytes: id-ecPublicKey on the SM2 curve."""
    return keys.PublicKeyInfo(
        {
            "algorithm": {"algorithm": "ec", "parameters": keys.ECDomainParameters("named", CURVE)},
            "public_key": keys.ECPointBitString(octets),
        }
    )


def point_of(info: keys.PublicKeyInfo) -> bytes:
    """The point's bytes in a SubjectPublicKeyInfo. Raises Malformed where it is not on the SM2 curve by name."""
    if info.algorithm != "ec":
        raise Malformed("the public key is not on a curve")
    parameters = info["algorithm"]["parameters"]
    if parameters.name != "named" or parameters.chosen.dotted != SM2_CURVE:
        raise Malformed("the public key is not on the SM2 curve")
    return bytes(info["public_key"].native)


def first_of(sequence: bytes, what: str) -> core.Asn1Value:
    """The first element of a DER sequence, to tell what kind of file it is. Raises Malformed."""
    with strictly(what):
        return core.Sequence.load(sequence, strict=True)[0]


__all__ = [
    "Sec1PrivateKey",
    "Sm2Ciphertext",
    "Sm2Signature",
    "algorithm",
    "digest_algorithm",
    "first_of",
    "guarded",
    "point_of",
    "public_key_info",
    "read",
    "strictly",
]
