"""The libcrypto (OpenSSL 3 or later) that the interpreter already loads, through ctypes.

Only this module knows C prototypes of libcrypto. It hands out a library object with typed functions; callers own what
they allocate. A library without SM2 is passed over here, at start, and not found out at the first signature.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import importlib
from collections.abc import Iterator
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_uint, c_ulong, c_void_p
from typing import Any

from yiwang.pure.sm.errors import Unavailable

NID_SM2 = 1172
UNSIGNED_INTEGER = 2  # OSSL_PARAM_UNSIGNED_INTEGER: in the byte order of the machine
UTF8_STRING = 4
OCTET_STRING = 5

_PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "ERR_clear_error": (None, ()),
    "ERR_peek_last_error": (c_ulong, ()),
    "ERR_reason_error_string": (c_char_p, (c_ulong,)),
    "OpenSSL_version": (c_char_p, (c_int,)),
    "BN_bin2bn": (c_void_p, (c_char_p, c_int, c_void_p)),
    "BN_bn2binpad": (c_int, (c_void_p, c_char_p, c_int)),
    "BN_set_flags": (None, (c_void_p, c_int)),
    "BN_clear_free": (None, (c_void_p,)),
    "BN_CTX_new": (c_void_p, ()),
    "BN_CTX_free": (None, (c_void_p,)),
    "EC_GROUP_new_by_curve_name": (c_void_p, (c_int,)),
    "EC_POINT_new": (c_void_p, (c_void_p,)),
    "EC_POINT_clear_free": (None, (c_void_p,)),
    "EC_POINT_oct2point": (c_int, (c_void_p, c_void_p, c_char_p, c_size_t, c_void_p)),
    "EC_POINT_point2oct": (c_size_t, (c_void_p, c_void_p, c_int, c_char_p, c_size_t, c_void_p)),
    "EC_POINT_mul": (c_int, (c_void_p,) * 6),
    "EC_POINT_add": (c_int, (c_void_p,) * 5),
    "EC_POINT_invert": (c_int, (c_void_p,) * 3),
    "EC_POINT_is_at_infinity": (c_int, (c_void_p, c_void_p)),
    "EC_POINT_set_to_infinity": (c_int, (c_void_p, c_void_p)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_new_from_pkey": (c_void_p, (c_void_p, c_void_p, c_char_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_set_params": (c_int, (c_void_p, c_void_p)),
    "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
    "EVP_PKEY_generate": (c_int, (c_void_p, c_void_p)),
    "EVP_PKEY_fromdata_init": (c_int, (c_void_p,)),
    "EVP_PKEY_fromdata": (c_int, (c_void_p, c_void_p, c_int, c_void_p)),
    "EVP_PKEY_pairwise_check": (c_int, (c_void_p,)),
    "EVP_PKEY_get_bn_param": (c_int, (c_void_p, c_char_p, c_void_p)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_MD_CTX_copy_ex": (c_int, (c_void_p, c_void_p)),
    "EVP_DigestSignInit_ex": (
        c_int,
        (c_void_p, c_void_p, c_char_p, c_void_p, c_char_p, c_void_p, c_void_p),
    ),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit_ex": (
        c_int,
        (c_void_p, c_void_p, c_char_p, c_void_p, c_char_p, c_void_p, c_void_p),
    ),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    "EVP_PKEY_encrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_encrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_PKEY_decrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_decrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "BIO_new": (c_void_p, (c_void_p,)),
    "BIO_new_mem_buf": (c_void_p, (c_char_p, c_int)),
    "BIO_s_mem": (c_void_p, ()),
    "BIO_read": (c_int, (c_void_p, c_char_p, c_int)),
    "BIO_free": (c_int, (c_void_p,)),
    "EVP_CIPHER_fetch": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_CIPHER_free": (None, (c_void_p,)),
    "d2i_PKCS8PrivateKey_bio": (c_void_p, (c_void_p, c_void_p, c_void_p, c_char_p)),
    "i2d_PKCS8PrivateKey_bio": (
        c_int,
        (c_void_p, c_void_p, c_void_p, c_char_p, c_int, c_void_p, c_void_p),
    ),
    "EVP_PKEY_is_a": (c_int, (c_void_p, c_char_p)),
}
_OPTIONAL: dict[str, tuple[Any, tuple[Any, ...]]] = {
    # Deprecated since 3.0 and quick; where it is gone, combinations are added up two by two.
    "EC_POINTs_mul": (
        c_int,
        (c_void_p, c_void_p, c_void_p, c_size_t, POINTER(c_void_p), POINTER(c_void_p), c_void_p),
    ),
}


class Param(ctypes.Structure):
    """``OSSL_PARAM``: one named parameter of a provider call."""

    _fields_ = (
        ("key", c_char_p),
        ("kind", c_uint),
        ("value", c_void_p),
        ("size", c_size_t),
        ("returned", c_size_t),
    )


class Params:
    """An array of OSSL_PARAM that keeps its own buffers alive. Integers are given as unsigned numbers."""

    def __init__(self, *entries: tuple[bytes, int, bytes]) -> None:
        self._buffers = [ctypes.create_string_buffer(value, len(value) or 1) for _, _, value in entries]
        self.array = (Param * (len(entries) + 1))()
        for index, (key, kind, value) in enumerate(entries):
            self.array[index] = Param(key, kind, ctypes.addressof(self._buffers[index]), len(value), 0)


class LibCrypto:
    """A loaded libcrypto: every function of the table above as an attribute, and the SM2 group."""

    def __init__(self, library: ctypes.CDLL, origin: str) -> None:
        self.origin = origin
        for name, (result, arguments) in _PROTOTYPES.items():
            self._bind(library, name, result, arguments)
        for name, (result, arguments) in _OPTIONAL.items():
            if hasattr(library, name):
                self._bind(library, name, result, arguments)
        self.version = self.OpenSSL_version(0).decode("ascii", "replace")
        self.group = self.EC_GROUP_new_by_curve_name(NID_SM2)
        if not self.group:
            raise Unavailable(f"{origin}: {self.version} was built without SM2")

    def _bind(self, library: ctypes.CDLL, name: str, result: Any, arguments: tuple[Any, ...]) -> None:
        function = getattr(library, name, None)
        if function is None:
            raise Unavailable(f"{self.origin}: no {name}")
        function.restype = result
        function.argtypes = arguments
        setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:  # for the type checker: the table decides what there is
        raise AttributeError(name)

    def reason(self) -> str:
        """The library's last reason in its own words (never secret), and an empty error queue after it."""
        text = self.ERR_reason_error_string(self.ERR_peek_last_error())
        self.ERR_clear_error()
        return text.decode("ascii", "replace") if text else "no reason given"


def _candidates() -> Iterator[tuple[str, str | None]]:
    """(label, what to open). A handle of an extension module also finds the libcrypto it is linked with."""
    for module in ("_hashlib", "_ssl"):
        try:
            path = getattr(importlib.import_module(module), "__file__", None)
        except ImportError:
            continue
        if path:
            yield f"the interpreter's own ({module})", path
    yield "the interpreter itself", None
    for name in (ctypes.util.find_library("crypto"), "libcrypto.so.3", "libcrypto.3.dylib"):
        if name:
            yield name, name


def load() -> LibCrypto:
    """The first libcrypto here that has SM2. Raises Unavailable with every library tried and why it was not taken."""
    tried: list[str] = []
    for label, path in _candidates():
        try:
            return LibCrypto(ctypes.CDLL(path), label)
        except OSError as error:
            tried.append(f"{label}: {error}")
        except Unavailable as error:
            tried.append(str(error))
    raise Unavailable("no libcrypto with SM2: " + "; ".join(tried))


@functools.cache
def libcrypto() -> LibCrypto:
    """The libcrypto of this process. Raises Unavailable (again at every call) where there is none."""
    return load()


def available() -> bool:
    """Whether a libcrypto with SM2 can be loaded here."""
    try:
        libcrypto()
    except Unavailable:
        return False
    return True
