"""SM2 by libcrypto's EVP: generate, open, sign, verify, encrypt, decrypt, and password-protected PKCS#8."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from contextlib import ExitStack

from yiwang.pure.sm import points
from yiwang.pure.sm.errors import BadCiphertext, BadKey, BadSignature, Malformed, SmError
from yiwang.pure.sm.libcrypto import (
    OCTET_STRING,
    UNSIGNED_INTEGER,
    UTF8_STRING,
    Params,
    libcrypto,
)

_PUBLIC_ONLY = 0x86  # EVP_PKEY_PUBLIC_KEY: parameters and public key
_PAIR = 0x87  # EVP_PKEY_KEYPAIR


class Handle:
    """Owns one EVP_PKEY and frees it."""

    __slots__ = ("_free", "pkey")

    def __init__(self, pkey: int) -> None:
        self.pkey = pkey
        self._free = libcrypto().EVP_PKEY_free

    def __del__(self) -> None:
        self._free(self.pkey)


def _context(stack: ExitStack, key: Handle | None = None) -> int:
    lib = libcrypto()
    if key is None:
        handle = lib.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    else:
        handle = lib.EVP_PKEY_CTX_new_from_pkey(None, key.pkey, None)
    if not handle:
        raise SmError(f"no SM2 context: {lib.reason()}")
    stack.callback(lib.EVP_PKEY_CTX_free, handle)
    return int(handle)


def _imported(public: bytes, secret: bytes | None) -> Handle:
    lib = libcrypto()
    entries = [(b"group", UTF8_STRING, b"SM2"), (b"pub", OCTET_STRING, public)]
    if secret is not None:
        number = int.from_bytes(secret, "big").to_bytes(32, sys.byteorder)
        entries.append((b"priv", UNSIGNED_INTEGER, number))
    params = Params(*entries)
    with ExitStack() as stack:
        context = _context(stack)
        out = ctypes.c_void_p()
        kind = _PUBLIC_ONLY if secret is None else _PAIR
        if (
            lib.EVP_PKEY_fromdata_init(context) != 1
            or lib.EVP_PKEY_fromdata(context, ctypes.byref(out), kind, params.array) != 1
            or out.value is None
        ):
            raise BadKey(f"not an SM2 key: {lib.reason()}")
        return Handle(out.value)


class _Template:
    """An EVP_MD_CTX begun for one key and one id: copied for each message, which is quicker than beginning again.

    Copying only reads it, so threads may share it.
    """

    __slots__ = ("_free", "context", "identity")

    def __init__(self, begin: Callable[..., int], key: Handle, identity: bytes) -> None:
        lib = libcrypto()
        self.identity = identity
        self.context = int(lib.EVP_MD_CTX_new())
        self._free = lib.EVP_MD_CTX_free
        params = Params((b"distid", OCTET_STRING, identity))
        inner = ctypes.c_void_p()  # owned by the context; 3.0 takes no id in the init itself
        begun = begin(self.context, ctypes.byref(inner), b"SM3", None, None, key.pkey, None)
        if begun != 1 or lib.EVP_PKEY_CTX_set_params(inner, params.array) != 1:
            raise SmError(f"SM2 cannot start: {lib.reason()}")

    def __del__(self) -> None:
        self._free(self.context)

    def copy(self) -> int:
        """A context for one message: the caller frees it."""
        lib = libcrypto()
        context = int(lib.EVP_MD_CTX_new())
        if lib.EVP_MD_CTX_copy_ex(context, self.context) != 1:
            lib.EVP_MD_CTX_free(context)
            raise SmError(f"SM2 cannot start: {lib.reason()}")
        return context


class PublicMaterial:
    """A public key opened by libcrypto: 65 bytes, on the curve."""

    __slots__ = ("_key", "_template", "octets")

    def __init__(self, octets: bytes) -> None:
        self.octets = points.Point(octets).octets
        self._key = _imported(octets, None)
        self._template: _Template | None = None

    def verify(self, message: bytes, signature: bytes, identity: bytes) -> None:
        """Raises BadSignature unless ``signature`` (DER) is one of this key over ``message``."""
        lib, held = libcrypto(), self._template
        if held is None or held.identity != identity:
            held = self._template = _Template(lib.EVP_DigestVerifyInit_ex, self._key, identity)
        context = held.copy()
        try:
            if lib.EVP_DigestVerify(context, signature, len(signature), message, len(message)) != 1:
                lib.ERR_clear_error()
                raise BadSignature("the SM2 signature does not verify")
        finally:
            lib.EVP_MD_CTX_free(context)

    def encrypt(self, message: bytes) -> bytes:
        """The SM2 ciphertext of ``message`` in DER (GM/T 0009)."""
        lib = libcrypto()
        with ExitStack() as stack:
            context = _context(stack, self._key)
            size = ctypes.c_size_t()
            if (
                lib.EVP_PKEY_encrypt_init(context) != 1
                or lib.EVP_PKEY_encrypt(context, None, ctypes.byref(size), message, len(message)) != 1
            ):
                raise SmError(f"SM2 encryption cannot start: {lib.reason()}")
            out = ctypes.create_string_buffer(size.value)
            if lib.EVP_PKEY_encrypt(context, out, ctypes.byref(size), message, len(message)) != 1:
                raise SmError(f"SM2 encryption: {lib.reason()}")
            return out.raw[: size.value]


class PrivateMaterial:
    """A private key opened by libcrypto. ``octets`` is its public point; the secret stays in libcrypto."""

    __slots__ = ("_key", "_template", "octets")

    def __init__(self, key: Handle, octets: bytes) -> None:
        self._key = key
        self._template: _Template | None = None
        self.octets = octets

    def sign(self, message: bytes, identity: bytes) -> bytes:
        """A signature (DER) over ``message``; the nonce is libcrypto's."""
        lib, held = libcrypto(), self._template
        if held is None or held.identity != identity:
            held = self._template = _Template(lib.EVP_DigestSignInit_ex, self._key, identity)
        context = held.copy()
        try:
            out = ctypes.create_string_buffer(80)
            size = ctypes.c_size_t(80)
            if lib.EVP_DigestSign(context, out, ctypes.byref(size), message, len(message)) != 1:
                raise SmError(f"SM2 signing: {lib.reason()}")
            return out.raw[: size.value]
        finally:
            lib.EVP_MD_CTX_free(context)

    def decrypt(self, ciphertext: bytes) -> bytes:
        """The plaintext of a DER ciphertext. Raises BadCiphertext."""
        lib = libcrypto()
        with ExitStack() as stack:
            context = _context(stack, self._key)
            size = ctypes.c_size_t(len(ciphertext))
            out = ctypes.create_string_buffer(len(ciphertext))
            if (
                lib.EVP_PKEY_decrypt_init(context) != 1
                or lib.EVP_PKEY_decrypt(context, out, ctypes.byref(size), ciphertext, len(ciphertext)) != 1
            ):
                lib.ERR_clear_error()
                raise BadCiphertext("the SM2 ciphertext does not open with this key")
            return out.raw[: size.value]

    def scalar(self) -> points.SecretScalar:
        """The secret number, for the protocols of this package that need it."""
        lib = libcrypto()
        number = ctypes.c_void_p()
        if lib.EVP_PKEY_get_bn_param(self._key.pkey, b"priv", ctypes.byref(number)) != 1:
            raise SmError(f"the key does not give its number: {lib.reason()}")
        try:
            out = ctypes.create_string_buffer(32)
            if lib.BN_bn2binpad(number, out, 32) != 32:
                raise BadKey("a secret number has 32 bytes")
            return points.SecretScalar.from_bytes(out.raw)
        finally:
            lib.BN_clear_free(number)

    def protected(self, password: bytes) -> bytes:
        """EncryptedPrivateKeyInfo in DER: PBES2, PBKDF2-HMAC-SHA256, AES-256-CBC, as libcrypto writes it."""
        lib = libcrypto()
        with ExitStack() as stack:
            cipher = lib.EVP_CIPHER_fetch(None, b"AES-256-CBC", None)
            stack.callback(lib.EVP_CIPHER_free, cipher)
            memory = lib.BIO_new(lib.BIO_s_mem())
            stack.callback(lib.BIO_free, memory)
            done = lib.i2d_PKCS8PrivateKey_bio(
                memory, self._key.pkey, cipher, password, len(password), None, None
            )
            if done != 1:
                raise SmError(f"the key cannot be written: {lib.reason()}")
            out = ctypes.create_string_buffer(4096)
            size = lib.BIO_read(memory, out, 4096)
            return out.raw[:size]


class LibcryptoSm2:
    """SM2 by the libcrypto of this process."""

    has_points = True

    @property
    def name(self) -> str:
        """The version in the library's own words, and where it was found."""
        lib = libcrypto()
        return f"{lib.version}, {lib.origin}"

    def generate(self) -> PrivateMaterial:
        """A fresh pair from libcrypto's generator."""
        lib = libcrypto()
        with ExitStack() as stack:
            context = _context(stack)
            out = ctypes.c_void_p()
            if (
                lib.EVP_PKEY_keygen_init(context) != 1
                or lib.EVP_PKEY_generate(context, ctypes.byref(out)) != 1
                or out.value is None
            ):
                raise SmError(f"no SM2 key: {lib.reason()}")
            made = PrivateMaterial(Handle(out.value), b"")
        made.octets = points.base_multiple(made.scalar()).octets
        return made

    def open_private(self, secret: bytes, public: bytes | None) -> PrivateMaterial:
        """The key of 32 secret bytes. Raises BadKey where it is out of range or ``public`` is not its point.

        GB/T 32918.1 6.1 wants d in [1, n−2]: n−1 has no inverse of 1+d.
        """
        scalar = points.SecretScalar.from_bytes(secret)
        if scalar.expose() > points.ORDER - 2:
            raise BadKey("an SM2 private key lies in [1, n-2]")
        octets = points.base_multiple(scalar).octets
        if public is not None and public != octets:
            raise BadKey("the public key in the file is not that of the private key")
        return PrivateMaterial(_imported(octets, secret), octets)

    def open_public(self, octets: bytes) -> PublicMaterial:
        """The key of 65 bytes. Raises BadKey where they are no point of the curve."""
        return PublicMaterial(octets)

    def open_protected(self, der: bytes, password: bytes) -> PrivateMaterial:
        """The key in an EncryptedPrivateKeyInfo. Raises BadKey for a wrong password or another kind of key."""
        lib = libcrypto()
        if len(der) > 65536:
            raise Malformed("a protected key has at most 64 KiB")
        with ExitStack() as stack:
            memory = lib.BIO_new_mem_buf(der, len(der))
            stack.callback(lib.BIO_free, memory)
            pkey = lib.d2i_PKCS8PrivateKey_bio(memory, None, None, password)
            if not pkey:
                lib.ERR_clear_error()
                raise BadKey("the password is wrong or this is no protected private key")
            opened = Handle(pkey)
            if lib.EVP_PKEY_is_a(pkey, b"SM2") != 1:
                raise BadKey("a private key, but not of SM2")
        secret = PrivateMaterial(opened, b"").scalar()
        return self.open_private(secret.expose_bytes(), None)
