"""Secret keys in files: the form of Go's note package, ``PRIVATE+KEY+name+keyid+base64(kind ‖ seed)``.

For a person's own machine and for tests; a log in production signs where its operator keeps keys. The file is
readable by its owner alone. Kinds of our own have no such form: their keys are made where their mathematics is.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.ed25519 import Ed25519Signer
from yiwang.pure.tlog.keys import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, ED25519, Signer, check_name
from yiwang.pure.tlog.lines import base64_bytes, base64_text, limited
from yiwang.pure.tlog.mldsa import MldsaSigner
from yiwang.pure.tlog.refusals import NOTE, refused

SEED_BYTES = 32
SOURCE = f"{NOTE} (secret form of golang.org/x/mod/sumdb/note)"
_PREFIX = b"PRIVATE+KEY+"


def signer_of(name: str, kind: bytes, seed: bytes) -> Ed25519Signer | MldsaSigner:
    """The signer of a kind assigned by C2SP. Refused (``kind-unknown``, ``mldsa-unavailable``) otherwise."""
    if kind == COSIGNATURE_MLDSA44:
        return MldsaSigner(name, seed)
    if kind not in (ED25519, COSIGNATURE_ED25519):
        refused("kind-unknown", SOURCE, line=1, kind=kind.hex())
    return Ed25519Signer(name, seed, cosigner=kind == COSIGNATURE_ED25519)


def make_key(path: Path, name: str, kind: bytes) -> Signer:
    """A new key in the new file ``path`` (mode 0600). Refused (``key-file``) where the file exists."""
    check_name(name)
    seed = secrets.token_bytes(SEED_BYTES)
    signer = signer_of(name, kind, seed)
    text = f"PRIVATE+KEY+{name}+{signer.vkey.id.hex()}+{base64_text(kind + seed)}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        refused("key-file", SOURCE, file=str(path), why=error.strerror)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    return signer


def parse_key(raw: bytes, file: str = "-") -> Ed25519Signer | MldsaSigner:
    """The signer of a key file's bytes. Refused without a byte of it in the refusal."""
    line = limited(raw, 1024, SOURCE).removesuffix(b"\n")
    parts = line.removeprefix(_PREFIX).split(b"+", 2)
    if not line.startswith(_PREFIX) or len(parts) != 3 or line.count(b"\n"):
        refused("key-file", SOURCE, file=file, why="PRIVATE+KEY+name+id+base64")
    material = _secret(parts[2], file)
    if len(material) != 1 + SEED_BYTES:
        refused("key-file", SOURCE, file=file, why=f"{len(material)} != {1 + SEED_BYTES}")
    try:
        name = parts[0].decode("utf-8")
    except UnicodeDecodeError:
        refused("key-file", SOURCE, file=file, why="UTF-8")
    signer = signer_of(name, material[:1], material[1:])
    if signer.vkey.id.hex().encode() != parts[1]:
        refused("key-file", SOURCE, file=file, why="id")
    return signer


def read_key(path: Path) -> Ed25519Signer | MldsaSigner:
    """The signer of the key file ``path``. Refused (``key-file``) where it cannot be read or others may read it."""
    try:
        raw = path.read_bytes()
        mode = path.stat().st_mode
    except OSError as error:
        refused("key-file", SOURCE, file=str(path), why=error.strerror)
    if mode & 0o077:
        refused("key-file", SOURCE, file=str(path), why="chmod 600")
    return parse_key(raw, str(path))


def _secret(text: bytes, file: str) -> bytes:
    try:
        return base64_bytes(text, SOURCE, 1)
    except Refused:
        pass  # its finding would quote the secret
    refused("key-file", SOURCE, file=file, why="base64")
