"""The published vectors of the national standards, on every library that serves them."""

from __future__ import annotations

import ctypes
import hashlib
import hmac
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yiwang.pure.sm import ciphertexts, hkdf, keys, libgcrypt, points, sm3, sm4
from yiwang.pure.sm.errors import BadSignature

GCM = [libgcrypt.GcryptSm4Gcm, sm4.CryptographySm4Gcm]


def key_of(vectors: dict[str, Any]) -> keys.SigningKey:
    return keys.SigningKey.from_secret(bytes.fromhex(vectors["sm2"]["d"]))


def test_the_public_key_of_the_standard_is_that_of_its_private_key(vectors):
    example = vectors["sm2"]
    assert key_of(vectors).public.octets == bytes.fromhex("04" + example["x"] + example["y"])


def test_the_signature_of_the_standard_verifies_and_no_other_does(vectors):
    example = vectors["sm2"]
    signature = ciphertexts.signature_from_raw(bytes.fromhex(example["r"] + example["s"]))
    public = key_of(vectors).public
    public.verify(example["message"].encode(), signature, example["id"].encode())
    for message, identity in (
        (b"message digesT", b"1234567812345678"),
        (b"message digest", b"1234567812345679"),
    ):
        with pytest.raises(BadSignature):
            public.verify(message, signature, identity)


def test_the_ciphertext_of_the_standard_opens(vectors):
    example = vectors["sm2_encryption"]
    raw = bytes.fromhex("04" + example["c1"] + example["c3"] + example["c2"])
    key = keys.DecryptionKey.from_secret(bytes.fromhex(vectors["sm2"]["d"]))
    assert key.decrypt(ciphertexts.ciphertext_from_raw(raw)) == example["message"].encode()


def test_points_and_kdf_reproduce_the_ciphertext_of_the_standard(vectors):
    example, message = vectors["sm2_encryption"], b"encryption standard"
    nonce = points.SecretScalar(int(vectors["sm2"]["k"], 16))
    public = points.Point(key_of(vectors).public.octets)
    shared = points.multiple(nonce, public)
    stream = hkdf.kdf(shared.x + shared.y, len(message))
    assert points.base_multiple(nonce).octets == bytes.fromhex("04" + example["c1"])
    assert bytes(a ^ b for a, b in zip(message, stream, strict=True)) == bytes.fromhex(example["c2"])
    assert sm3.digest(shared.x, message, shared.y) == bytes.fromhex(example["c3"])


def test_sm3_gives_the_digests_of_the_standard_and_of_a_million_a(vectors):
    example = vectors["sm3"]
    assert sm3.digest(b"abc").hex() == example["abc"]
    assert sm3.digest(*[b"abcd"] * 16).hex() == example["sixteen_abcd"]
    assert sm3.digest(b"a" * 1_000_000).hex() == example["million_a"]


def test_a_million_rounds_of_sm4_in_libgcrypt(vectors):
    example, library, handle = vectors["sm4"], libgcrypt.library(), ctypes.c_void_p()
    assert library.gcry_cipher_open(ctypes.byref(handle), 318, 1, 0) == 0
    assert library.gcry_cipher_setkey(handle, bytes.fromhex(example["key"]), 16) == 0
    block = ctypes.create_string_buffer(bytes.fromhex(example["key"]), 16)
    library.gcry_cipher_encrypt(handle, block, 16, None, 0)
    assert block.raw.hex() == example["once"]
    for _ in range(999_999):
        library.gcry_cipher_encrypt(handle, block, 16, None, 0)
    library.gcry_cipher_close(handle)
    assert block.raw.hex() == example["million"]


def test_a_million_rounds_of_sm4_in_cryptography(vectors):
    example = vectors["sm4"]
    block = bytes.fromhex(example["key"])
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    for _ in range(1_000_000):
        block = encryptor.update(block)
    assert block.hex() == example["million"]


@pytest.mark.parametrize("provider", GCM)
def test_sm4_gcm_of_rfc_8998_both_ways(provider, vectors):
    example = {name: bytes.fromhex(text) for name, text in vectors["sm4_gcm"].items()}
    buffer = bytearray(example["plaintext"])
    tag = provider(example["key"]).encrypt_in_place(example["iv"], buffer, len(buffer), example["aad"])
    assert (bytes(buffer), tag) == (example["ciphertext"], example["tag"])
    provider(example["key"]).decrypt_in_place(example["iv"], buffer, len(buffer), tag, example["aad"])
    assert buffer == example["plaintext"]


def package_vectors(name: str) -> list[dict[str, str]]:
    """The entries of a file of ``cryptography-vectors``: from one KEY to the next."""
    path = Path(cryptography_vectors.__file__).parent / "ciphers" / "SM4" / name
    entries: list[dict[str, str]] = []
    for line in path.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            field, value = (part.strip() for part in line.split("=", 1))
            if field == "COUNT":
                entries.append({})
            entries[-1][field.lower()] = value
    return entries


def test_sm4_gcm_vectors_of_the_vector_package():
    entries = package_vectors("rfc8998.txt")
    assert entries
    for entry in entries:
        field = {name: bytes.fromhex(value) for name, value in entry.items() if name != "count"}
        for provider in GCM:
            buffer = bytearray(field["plaintext"])
            tag = provider(field["key"]).encrypt_in_place(field["iv"], buffer, len(buffer), field["aad"])
            assert (bytes(buffer), tag) == (field["ciphertext"], field["tag"])


@pytest.mark.parametrize(("mode", "number"), [("ecb", 1), ("cbc", 3), ("cfb", 2), ("ofb", 5), ("ctr", 6)])
def test_the_libgcrypt_we_use_passes_every_mode_of_the_vector_package(mode, number):
    library = libgcrypt.library()
    entries = package_vectors(f"draft-ribose-cfrg-sm4-10-{mode}.txt")
    assert entries
    if mode == "ctr":
        library.gcry_cipher_setctr.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    for entry in entries:
        field = {name: bytes.fromhex(value) for name, value in entry.items() if name != "count"}
        handle = ctypes.c_void_p()
        assert library.gcry_cipher_open(ctypes.byref(handle), 318, number, 0) == 0
        library.gcry_cipher_setkey(handle, field["key"], 16)
        if mode == "ctr":
            library.gcry_cipher_setctr(handle, field["iv"], 16)
        elif mode != "ecb":
            library.gcry_cipher_setiv(handle, field["iv"], 16)
        text = ctypes.create_string_buffer(field["plaintext"], len(field["plaintext"]))
        library.gcry_cipher_encrypt(handle, text, len(text), None, 0)
        library.gcry_cipher_close(handle)
        assert text.raw == field["ciphertext"]


def test_hkdf_gives_the_vectors_of_rfc_5869_when_it_runs_over_sha256():
    secret, salt, info = b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA))
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert hkdf._hkdf("sha256", 32, secret, salt, info, 42).hex() == expected
    long = bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100))
    assert hkdf._hkdf("sha256", 32, *long, 82).hex().startswith("b11e398dc80327a1c8e7f78c596a4934")


def test_hkdf_and_the_kdf_of_sm2_agree_with_openssl(openssl):
    for length in (1, 32, 33, 100):
        ours = hkdf.hkdf_sm3(b"s" * 32, b"info", length, b"salt")
        theirs = openssl(
            "kdf", "-keylen", length, "-binary", "-kdfopt", "digest:SM3", "-kdfopt", "key:" + "s" * 32,
            "-kdfopt", "salt:salt", "-kdfopt", "info:info", "HKDF",
        ).stdout  # fmt: skip
        assert ours == theirs
        theirs = openssl(
            "kdf",
            "-keylen",
            length,
            "-binary",
            "-kdfopt",
            "digest:SM3",
            "-kdfopt",
            "secret:" + "s" * 64,
            "X963KDF",
        ).stdout
        assert hkdf.kdf(b"s" * 64, length) == theirs


def test_hmac_sm3_is_hmac_over_sm3():
    key, message = b"k" * 32, b"message"
    inner = bytes(byte ^ 0x36 for byte in key.ljust(64, b"\0"))
    outer = bytes(byte ^ 0x5C for byte in key.ljust(64, b"\0"))
    assert sm3.mac(key, message) == sm3.digest(outer, sm3.digest(inner, message))
    assert sm3.mac(key, message) == hmac.new(key, message, lambda: hashlib.new("sm3")).digest()
