"""The two lines of a log: SM2 beside Ed25519, put together as the platform does, and checked by the openssl program."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.tlog.outside import missing
from tests.tlog.worlds import AT, LOG_KEY, ORIGIN, memory_log, policy
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.sm import api as sm
from yiwang.pure.tlog.api import (
    SM2_SM3,
    Note,
    OwnSigner,
    VKey,
    checkpoint_verdict,
    open_note,
    parse_note,
    parse_policy,
    sign_checkpoint,
    verifier_of,
)


class Sm2Scheme:
    """What a caller of both packages writes: ten lines."""

    kind = SM2_SM3

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        try:
            sm.VerifyingKey(public).verify(message, signature)
        except (sm.BadKey, sm.BadSignature):
            return False
        return True


@pytest.fixture(scope="module")
def signing() -> sm.SigningKey:
    return sm.SigningKey.generate()


def signer_of(signing: sm.SigningKey) -> OwnSigner:
    return OwnSigner(VKey(ORIGIN, SM2_SM3, signing.public.octets), signing.sign)


def test_both_lines_verify_and_each_alone_is_refused_where_the_text_was_changed(signing):
    note = parse_note(sign_checkpoint(memory_log(300), [LOG_KEY, signer_of(signing)], AT).raw)
    sm2 = verifier_of(signer_of(signing).vkey, [Sm2Scheme()])
    assert len(open_note(note, [verifier_of(LOG_KEY.vkey), sm2]).known) == 2
    changed = Note(note.text.replace(b"\n300\n", b"\n301\n"), note.lines)
    for verifier in (verifier_of(LOG_KEY.vkey), sm2):
        with pytest.raises(Refused):
            open_note(changed, [verifier])
    for bent in (b"", b"\x30", bytes(70), note.lines[1].signature + b"\x00", note.lines[0].signature):
        assert not sm2.verify(note.text, bent)
    assert not verifier_of(VKey(ORIGIN, SM2_SM3, b"\x04" + bytes(64)), [Sm2Scheme()]).verify(note.text, b"x")


def test_a_policy_can_trust_either_line(signing):
    note = sign_checkpoint(memory_log(300), [LOG_KEY, signer_of(signing)], AT)
    only = parse_policy(f"log {signer_of(signing).vkey.text}\nquorum none\n".encode())
    assert checkpoint_verdict(note, only, [Sm2Scheme()]).holds
    assert not checkpoint_verdict(note, only).holds
    assert checkpoint_verdict(note, dataclasses.replace(policy(), quorum=b"none")).holds


@pytest.mark.outside
def test_the_openssl_program_verifies_both_lines(signing, tmp_path):
    openssl = shutil.which("openssl")
    if openssl is None:
        missing("openssl")
    note = sign_checkpoint(memory_log(300), [LOG_KEY, signer_of(signing)], AT)
    ed25519 = Ed25519PublicKey.from_public_bytes(LOG_KEY.vkey.public)
    keys = (ed25519.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), signing.public.to_pem())
    sm2_words = ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    for line, pem, words in zip(note.lines, keys, ([], sm2_words), strict=True):
        for text, expected in ((note.text, 0), (note.text + b"more\n", 1)):
            assert _verified(openssl, tmp_path, pem, text, line.signature, words) == expected


def _verified(openssl: str, folder: Path, pem: bytes, text: bytes, signature: bytes, words: list[str]) -> int:
    for name, body in (("key", pem), ("text", text), ("signature", signature)):
        (folder / name).write_bytes(body)
    command = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "text"]
    done = subprocess.run(
        [*command, "-sigfile", "signature", *words], cwd=folder, capture_output=True, timeout=30
    )
    return int(done.returncode != 0)
