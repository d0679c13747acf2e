"""libgcrypt through ctypes: SM4-GCM at several times the speed of OpenSSL's. Only this module knows its prototypes."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
from ctypes import c_char_p, c_int, c_size_t, c_uint, c_void_p

from yiwang.pure.sm.errors import BadCiphertext, SmError, Unavailable

_SM4 = 318
_GCM = 9
_RESET = 4  # GCRYCTL_RESET
_NO_SECURE_MEMORY = 37  # GCRYCTL_DISABLE_SECMEM
_INITIALISED = 38  # GCRYCTL_INITIALIZATION_FINISHED
_IS_INITIALISED = 40  # GCRYCTL_INITIALIZATION_FINISHED_P
_TAG_SIZE = 16
_CHECKSUM = 10  # GPG_ERR_CHECKSUM
_OLDEST = b"1.9.0"  # the first with SM4

_PROTOTYPES = {
    "gcry_check_version": (c_char_p, (c_char_p,)),
    "gcry_cipher_open": (c_uint, (c_void_p, c_int, c_int, c_uint)),
    "gcry_cipher_close": (None, (c_void_p,)),
    "gcry_cipher_ctl": (c_uint, (c_void_p, c_int, c_void_p, c_size_t)),
    "gcry_cipher_setkey": (c_uint, (c_void_p, c_char_p, c_size_t)),
    "gcry_cipher_setiv": (c_uint, (c_void_p, c_char_p, c_size_t)),
    "gcry_cipher_authenticate": (c_uint, (c_void_p, c_char_p, c_size_t)),
    "gcry_cipher_encrypt": (c_uint, (c_void_p, c_void_p, c_size_t, c_void_p, c_size_t)),
    "gcry_cipher_decrypt": (c_uint, (c_void_p, c_void_p, c_size_t, c_void_p, c_size_t)),
    "gcry_cipher_gettag": (c_uint, (c_void_p, c_char_p, c_size_t)),
    "gcry_cipher_checktag": (c_uint, (c_void_p, c_char_p, c_size_t)),
}


@functools.cache
def library() -> ctypes.CDLL:
    """libgcrypt, initialised. Raises Unavailable where there is none that knows SM4."""
    tried = []
    for name in (ctypes.util.find_library("gcrypt"), "libgcrypt.so.20", "libgcrypt.20.dylib"):
        if not name:
            continue
        try:
            found = ctypes.CDLL(name)
        except OSError as error:
            tried.append(str(error))
            continue
        for function, (result, arguments) in _PROTOTYPES.items():
            bound = getattr(found, function)
            bound.restype, bound.argtypes = result, arguments
        if not found.gcry_check_version(_OLDEST):
            tried.append(f"{name}: older than {_OLDEST.decode()}")
            continue
        if not found.gcry_control(_IS_INITIALISED):
            found.gcry_control(_NO_SECURE_MEMORY, 0)
            found.gcry_control(_INITIALISED, 0)
        return found
    raise Unavailable("no libgcrypt with SM4: " + ("; ".join(tried) or "not installed"))


def version() -> str:
    """The version of libgcrypt in its own words."""
    return str(library().gcry_check_version(None).decode("ascii"))


class GcryptSm4Gcm:
    """One SM4-GCM key in libgcrypt. Not for two threads at once: each thread has its own."""

    __slots__ = ("_handle", "_library")

    def __init__(self, key: bytes) -> None:
        self._library = library()
        self._handle = ctypes.c_void_p()
        self._must(self._library.gcry_cipher_open(ctypes.byref(self._handle), _SM4, _GCM, 0))
        self._must(self._library.gcry_cipher_setkey(self._handle, key, len(key)))

    def __del__(self) -> None:
        if self._handle:
            self._library.gcry_cipher_close(self._handle)

    @staticmethod
    def _must(code: int) -> None:
        if code:
            raise SmError(f"libgcrypt says {code & 0xFFFF}")

    def _start(self, nonce: bytes, associated: bytes) -> None:
        self._must(self._library.gcry_cipher_ctl(self._handle, _RESET, None, 0))
        self._must(self._library.gcry_cipher_setiv(self._handle, nonce, len(nonce)))
        self._must(self._library.gcry_cipher_authenticate(self._handle, associated, len(associated)))

    def encrypt_in_place(self, nonce: bytes, buffer: bytearray, size: int, associated: bytes) -> bytes:
        """Encrypts the first ``size`` bytes of ``buffer`` where they stand; gives the tag of 16 bytes."""
        self._start(nonce, associated)
        place = (ctypes.c_char * len(buffer)).from_buffer(buffer)
        self._must(self._library.gcry_cipher_encrypt(self._handle, place, size, None, 0))
        tag = ctypes.create_string_buffer(16)
        self._must(self._library.gcry_cipher_gettag(self._handle, tag, 16))
        return tag.raw

    def decrypt_in_place(
        self, nonce: bytes, buffer: bytearray, size: int, tag: bytes, associated: bytes
    ) -> None:
        """Decrypts the first ``size`` bytes of ``buffer`` where they stand.

        Raises BadCiphertext where the tag is wrong; the buffer is then overwritten with zeros. The length of the tag
        is checked here: libgcrypt would take the first twelve bytes of one for the whole.
        """
        self._start(nonce, associated)
        place = (ctypes.c_char * len(buffer)).from_buffer(buffer)
        self._must(self._library.gcry_cipher_decrypt(self._handle, place, size, None, 0))
        code = self._library.gcry_cipher_checktag(self._handle, tag, len(tag))
        if code or len(tag) != _TAG_SIZE:
            ctypes.memset(place, 0, len(buffer))
            if not code or code & 0xFFFF == _CHECKSUM:
                raise BadCiphertext("SM4-GCM: the tag is wrong")
            self._must(code)
