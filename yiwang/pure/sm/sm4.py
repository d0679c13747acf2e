"""SM4-GCM (GB/T 32907-2016; RFC 8998 for the mode): libgcrypt where it is, else ``cryptography``.

Nonces are the caller's duty to keep apart and therefore nobody's outside this package: the envelope counts its chunks
under a key that is used once.
"""

from __future__ import annotations

import functools
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yiwang.pure.sm import libgcrypt
from yiwang.pure.sm.errors import BadCiphertext, Unavailable

KEY_SIZE = 16
NONCE_SIZE = 12
TAG_SIZE = 16


class Sm4Gcm(Protocol):
    """One key, many nonces, buffers changed where they stand. For one thread at a time."""

    def encrypt_in_place(self, nonce: bytes, buffer: bytearray, size: int, associated: bytes) -> bytes: ...
    def decrypt_in_place(
        self, nonce: bytes, buffer: bytearray, size: int, tag: bytes, associated: bytes
    ) -> None: ...


class CryptographySm4Gcm:
    """SM4-GCM by the package ``cryptography``. Raises Unavailable where its OpenSSL has no SM4."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)
        try:
            Cipher(self._key, modes.GCM(bytes(NONCE_SIZE))).encryptor()
        except UnsupportedAlgorithm as error:
            raise Unavailable("SM4-GCM: neither libgcrypt nor cryptography has it here") from error

    def encrypt_in_place(self, nonce: bytes, buffer: bytearray, size: int, associated: bytes) -> bytes:
        """As libgcrypt's."""
        encryptor = Cipher(self._key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        view = memoryview(buffer)
        view[:size] = encryptor.update(view[:size])
        encryptor.finalize()
        return bytes(encryptor.tag)

    def decrypt_in_place(
        self, nonce: bytes, buffer: bytearray, size: int, tag: bytes, associated: bytes
    ) -> None:
        """As libgcrypt's. Raises BadCiphertext; the buffer is then overwritten with zeros."""
        view = memoryview(buffer)
        try:
            if len(tag) != TAG_SIZE:
                raise InvalidTag
            decryptor = Cipher(self._key, modes.GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(associated)
            view[:size] = decryptor.update(view[:size])
            decryptor.finalize()
        except (InvalidTag, ValueError) as error:
            view[:] = bytes(len(view))
            raise BadCiphertext("SM4-GCM: the tag is wrong") from error


@functools.cache
def provider() -> type[libgcrypt.GcryptSm4Gcm] | type[CryptographySm4Gcm]:
    """The class that serves SM4-GCM in this process. Raises Unavailable where there is none."""
    try:
        libgcrypt.library()
    except Unavailable:
        CryptographySm4Gcm(bytes(KEY_SIZE))
        return CryptographySm4Gcm
    return libgcrypt.GcryptSm4Gcm


def sm4_gcm(key: bytes) -> Sm4Gcm:
    """SM4-GCM under a key of 16 bytes. ValueError for another length, Unavailable without a library."""
    if len(key) != KEY_SIZE:
        raise ValueError("an SM4 key has 16 bytes")
    return provider()(key)


def seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Ciphertext ‖ tag of a short ``plaintext``. For vectors and small things; nonces of 12 bytes."""
    if len(nonce) != NONCE_SIZE:
        raise ValueError("a nonce has 12 bytes")
    if not plaintext:
        raise ValueError("nothing to encrypt")
    buffer = bytearray(plaintext)
    tag = sm4_gcm(key).encrypt_in_place(nonce, buffer, len(buffer), associated)
    return bytes(buffer) + tag


def unseal(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """The plaintext of ciphertext ‖ tag. Raises BadCiphertext where anything was changed."""
    if len(nonce) != NONCE_SIZE or len(sealed) <= TAG_SIZE:
        raise BadCiphertext("SM4-GCM: the lengths are wrong")
    buffer = bytearray(sealed[:-TAG_SIZE])
    sm4_gcm(key).decrypt_in_place(nonce, buffer, len(buffer), sealed[-TAG_SIZE:], associated)
    return bytes(buffer)
