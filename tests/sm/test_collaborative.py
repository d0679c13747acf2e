"""Split keys between honest sides: ordinary signatures, ordinary ciphertexts, ordinary certificates."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sm.split import Pair, factor
from yiwang.pure.kernel import canonical
from yiwang.pure.sm import ciphertexts, points
from yiwang.pure.sm.collaborative import signing
from yiwang.pure.sm.collaborative.generation import confirm_trial, refresh_answer, refresh_request
from yiwang.pure.sm.collaborative.ledger import MemoryLedger
from yiwang.pure.sm.collaborative.shares import PhoneShare, ServerShare
from yiwang.pure.sm.collaborative.signing import PhoneSigning, message_digest
from yiwang.pure.sm.collaborative.split_signer import SplitSigner
from yiwang.pure.sm.errors import BadSignature, Malformed, ProtocolViolation
from yiwang.pure.sm.points import SecretScalar
from yiwang.pure.sm.x509 import requests
from yiwang.pure.sm.x509.paths import Policy, path_verdict
from yiwang.pure.sm.x509.testing_authority import TestAuthority

PAIR = Pair.make()


@settings(max_examples=15, deadline=None)
@given(document=st.binary(max_size=200))
def test_the_two_together_make_an_ordinary_signature(document):
    PAIR.phone.verifying_key().verify(document, PAIR.sign(document))


def test_openssl_verifies_a_signature_made_together(openssl, tmp_path):
    (tmp_path / "m").write_bytes(b"a bid")
    (tmp_path / "s").write_bytes(PAIR.sign(b"a bid"))
    (tmp_path / "p").write_bytes(PAIR.phone.verifying_key().to_pem())
    openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "p", "-in", tmp_path / "m", "-sigfile", tmp_path / "s",
        "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678",
    )  # fmt: skip


def test_the_digest_is_that_of_the_standard(vectors):
    example = vectors["sm2"]
    public = points.Point(bytes.fromhex("04" + example["x"] + example["y"]))
    assert message_digest(public, b"message digest").hex().upper() == example["e"]


def test_with_the_numbers_of_the_standard_the_signature_is_that_of_the_standard(vectors, monkeypatch):
    """(1+d)⁻¹ split into d1·d2 and k into w2 + w1/d2 gives r and s of GB/T 32918.5 to the last bit."""
    example = vectors["sm2"]
    d, k = int(example["d"], 16), int(example["k"], 16)
    order = points.ORDER
    d1 = SecretScalar.fresh()
    d2 = SecretScalar(pow(1 + d, -1, order) * pow(d1.expose(), -1, order) % order)
    w1 = SecretScalar.fresh()
    w2 = SecretScalar((k - w1.expose() * pow(d2.expose(), -1, order)) % order)
    public = points.Point(bytes.fromhex("04" + example["x"] + example["y"]))
    sid = PAIR.phone.sid
    pair = Pair(PhoneShare(sid, d1, public, tried=True), ServerShare(sid, d2, public, tried=True))
    fresh = iter([w1, w2])
    monkeypatch.setattr(signing.SecretScalar, "fresh", lambda: next(fresh))
    raw = ciphertexts.signature_to_raw(pair.sign(example["message"].encode()))
    assert raw.hex().upper() == example["r"] + example["s"]


def test_the_two_together_decrypt_what_anybody_encrypts():
    pair = Pair.make("decrypt")
    for text in (b"x", b"a session key " * 3):
        assert pair.decrypt(pair.phone.encryption_key().encrypt(text)) == text
    with pytest.raises(ProtocolViolation):
        pair.phone.verifying_key()


def test_a_share_for_one_purpose_does_not_serve_the_other():
    decrypting = Pair.make("decrypt")
    with pytest.raises(ProtocolViolation):
        PhoneSigning(decrypting.phone, decrypting.phone_ledger, b"m")
    with pytest.raises(ProtocolViolation):
        PAIR.decrypt(decrypting.phone.encryption_key().encrypt(b"text"))
    with pytest.raises(ProtocolViolation):
        PAIR.phone.encryption_key()


def test_a_key_signs_its_trial_before_anything_else_on_both_sides():
    pair = Pair.make(tried=False)
    with pytest.raises(ProtocolViolation):
        pair.sign(b"a bid")
    trial = pair.sign(pair.phone.trial)
    assert (pair.phone.tried, pair.server.tried) == (True, False)
    session = PhoneSigning(pair.phone, pair.phone_ledger, b"a bid")
    request = session.request(factor)
    with pytest.raises(ProtocolViolation):
        pair.answer(b"a bid", request)
    session.abandon()
    confirm_trial(pair.server, trial)
    pair.phone.verifying_key().verify(b"a bid", pair.sign(b"a bid"))


def test_a_trial_that_does_not_verify_destroys_the_servers_share():
    pair = Pair.make(tried=False)
    with pytest.raises(BadSignature):
        confirm_trial(pair.server, PAIR.sign(b"x"))
    with pytest.raises(ProtocolViolation):
        pair.sign(pair.phone.trial)


def test_a_split_key_gets_a_certificate():
    at = datetime(2026, 11, 1, tzinfo=UTC)
    authority = TestAuthority.create(at)
    signer = SplitSigner(PAIR.phone, PAIR.phone_ledger, PAIR.answer, factor)
    leaf = authority.issue(requests.make_request({"common_name": "李四"}, signer), "sign", at, 30)
    assert path_verdict(leaf, [authority.issuing], [authority.root], Policy(at, "sign", {})).good
    assert leaf.public_info == signer.public_info


def test_a_channel_that_breaks_leaves_no_session_open():
    def broken(document: bytes, request: bytes) -> bytes:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        SplitSigner(PAIR.phone, PAIR.phone_ledger, broken, factor).sign(b"m")
    assert PAIR.phone_ledger.open == {}
    PAIR.sign(b"m")


def test_refreshed_shares_sign_for_the_same_key_and_old_ones_no_longer_fit():
    pair = Pair.make()
    phone, message = refresh_request(pair.phone)
    fresh = Pair(phone, refresh_answer(pair.server, message))
    confirm_trial(fresh.server, fresh.sign(phone.trial))
    pair.phone.verifying_key().verify(b"after", fresh.sign(b"after"))
    mixed = Pair(pair.phone, fresh.server)
    with pytest.raises(BadSignature):
        mixed.sign(b"after")
    with pytest.raises(ProtocolViolation):
        refresh_answer(fresh.server, message)


def test_shares_come_back_from_storage_and_show_nothing():
    for share in (PAIR.phone, PAIR.server):
        stored = share.export_secret()
        again = type(share).restore(stored)
        assert (again.sid, again.public, again.epoch, again.tried) == (share.sid, share.public, 0, True)
        assert again.secret("sign") == share.secret("sign")
        assert canonical.loads(stored)["secret"] not in repr(share)
        with pytest.raises(TypeError):
            copy.copy(share)
    with pytest.raises(Malformed):
        ServerShare.restore(PAIR.phone.export_secret())


def test_revocation_destroys_the_servers_share():
    pair = Pair.make()
    pair.server.destroy()
    with pytest.raises(ProtocolViolation):
        pair.sign(b"m")
    assert "hidden" in repr(pair.server)


def test_every_signature_is_journalled_before_it_leaves():
    pair = Pair.make()
    pair.sign(b"m")
    digest = message_digest(pair.phone.public, b"m").hex()
    assert pair.journal[-1]["e"] == digest

    def full(entry: dict[str, str]) -> None:
        raise OSError("disk full")

    session = PhoneSigning(pair.phone, pair.phone_ledger, b"n")
    request = session.request(factor)
    with pytest.raises(OSError, match="disk full"):
        signing.answer_signing(pair.server, pair.server_ledger, b"n", request, lambda *_: True, full)
    session.abandon()


def test_a_key_has_a_cap_of_operations():
    pair = Pair.make()
    pair.phone_ledger = MemoryLedger(cap=2)
    pair.sign(b"1")
    pair.sign(b"2")
    with pytest.raises(ProtocolViolation, match="as many operations"):
        pair.sign(b"3")
