"""``yiwang sm keygen|sign|verify|encrypt|decrypt``."""

from __future__ import annotations

import argparse

from asn1crypto import pem

from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.sm.cli_edge import password, small_file, write_new
from yiwang.pure.sm.keys import MAX_MESSAGE, DecryptionKey, EncryptionKey, SigningKey, VerifyingKey
from yiwang.pure.sm.x509.certificates import read_pem


def write_pair(args: argparse.Namespace, key: SigningKey | DecryptionKey) -> None:
    """Writes the private key (readable by its owner alone) and, where asked, the public one."""
    secret = None if args.no_password else password(args, again=True)
    write_new(args.out, key.to_pem(secret), 0o600)
    if args.public is not None:
        write_new(args.public, key.public.to_pem())


def keygen(args: argparse.Namespace) -> int:
    """Makes a key pair and prints the public key's fingerprint."""
    key = SigningKey.generate() if args.use == "sign" else DecryptionKey.generate()
    write_pair(args, key)
    print(key.public.fingerprint)
    return 0


def signing_key(args: argparse.Namespace) -> SigningKey:
    """The signing key of ``--key``; the password is asked for only where there is one."""
    return SigningKey.from_pem(small_file(args.key), lambda: password(args))


def decryption_key(args: argparse.Namespace) -> DecryptionKey:
    """The decryption key of ``--key``; the password is asked for only where there is one."""
    return DecryptionKey.from_pem(small_file(args.key), lambda: password(args))


def _public_der(text: bytes) -> bytes:
    """SubjectPublicKeyInfo of a public key or of a certificate in PEM."""
    if pem.detect(text) and b"-----BEGIN CERTIFICATE-----" in text:
        return read_pem(text).public_info
    return VerifyingKey.from_pem(text).to_der()


def sign(args: argparse.Namespace) -> int:
    """Signs a file."""
    write_new(args.out, signing_key(args).sign(small_file(args.file)))
    return 0


def verify(args: argparse.Namespace) -> int:
    """Verifies a signature; prints whose it is."""
    key = VerifyingKey.from_der(_public_der(small_file(args.key)))
    key.verify(small_file(args.file), small_file(args.signature))
    print(f"签名成立 / good signature: {key.fingerprint}")
    return 0


def encrypt(args: argparse.Namespace) -> int:
    """Encrypts a file of at most 64 KiB."""
    key = EncryptionKey.from_der(_public_der(small_file(args.key)))
    text = small_file(args.file)
    if not 0 < len(text) <= MAX_MESSAGE:
        raise Refused([Finding("sm-too-long", "", {"most": MAX_MESSAGE, "size": len(text)})])
    write_new(args.out, key.encrypt(text))
    return 0


def decrypt(args: argparse.Namespace) -> int:
    """Decrypts a file."""
    write_new(args.out, decryption_key(args).decrypt(small_file(args.file)), 0o600)
    return 0
