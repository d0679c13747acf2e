"""Fuzzes every parser of ``yiwang.pure.sm``: ``python -m bench.fuzz_sm [--seconds 600] [--jobs 2] [NAME …]``.

A parser may raise this package's own errors and nothing else; whatever else it raises is a finding and becomes a
test (``bench.fuzzing``).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from bench import fuzzing

AT = datetime(2026, 11, 1, tzinfo=UTC)
Parser = Callable[[bytes], object]


def _key_parsers() -> dict[str, tuple[Parser, list[bytes]]]:
    from yiwang.pure.sm import ciphertexts
    from yiwang.pure.sm.envelope.recovery import Half
    from yiwang.pure.sm.keys import DecryptionKey, SigningKey, VerifyingKey

    key, decryption = SigningKey.generate(), DecryptionKey.generate()
    text = decryption.public.encrypt(b"text")
    return {
        "private-key-der": (
            lambda raw: SigningKey.from_der(raw, lambda: b"pw"),
            [key.to_der(), key.to_der(b"pw"), decryption.to_der()],
        ),
        "private-key-pem": (
            lambda raw: SigningKey.from_pem(raw, lambda: b"pw"),
            [key.to_pem(), key.to_pem(b"pw"), key.to_sec1_pem()],
        ),
        "public-key-der": (VerifyingKey.from_der, [key.public.to_der()]),
        "signature": (ciphertexts.signature_to_raw, [key.sign(b"m")]),
        "ciphertext": (decryption.decrypt, [text]),
        "ciphertext-raw": (ciphertexts.ciphertext_from_raw, [ciphertexts.ciphertext_to_raw(text)]),
        "recovery-code": (
            lambda raw: Half.from_code(raw.decode("utf-8", "replace")),
            [Half.fresh().code().encode()],
        ),
    }


def _envelope_parsers() -> dict[str, tuple[Parser, list[bytes]]]:
    from yiwang.pure.sm.envelope import contents
    from yiwang.pure.sm.envelope.closing import ClosingList
    from yiwang.pure.sm.envelope.head import Head
    from yiwang.pure.sm.envelope.partial import Partial, Refusal, answer_from_json
    from yiwang.pure.sm.envelope.sealing import seal
    from yiwang.pure.sm.envelope.storage import EnvelopeFile
    from yiwang.pure.sm.envelope.terms import Terms
    from yiwang.pure.sm.keys import DecryptionKey
    from yiwang.pure.sm.points import SecretScalar, base_multiple
    from yiwang.pure.sm.proofs import Pair, prove_equalities

    terms = Terms("lot-1", 2, tuple(DecryptionKey.generate().public for _ in range(3)))
    out = io.BytesIO()
    sealed = seal(out, terms, {"price_fen": 1}, [], contents.Unsigned())
    secret = SecretScalar.fresh()
    base = base_multiple(SecretScalar.fresh())
    point = base_multiple(secret)
    proof = prove_equalities(secret, point, [Pair(b"", base, base)] * 3)[0]
    name = sealed.head.envelope
    answers = [Partial("lot-1", name, "sheet", 1, base, proof), Refusal("lot-1", name, "sheet", 1, "broken")]
    signed = contents.statement("lot-1", name, {"price_fen": 1}, None, bytes(16))
    listed = contents.manifest([contents.Entry("a.pdf", 3), contents.Entry("乙", 0)], bytes(16))
    return {
        "head": (Head.parse, [sealed.head.to_bytes()]),
        "envelope": (lambda raw: EnvelopeFile.of(raw).root, [out.getvalue()]),
        "terms": (Terms.from_json, [terms.to_json()]),
        "closing-list": (ClosingList.from_json, [ClosingList.of("lot-1", [(name, sealed.root)]).to_json()]),
        "answer": (answer_from_json, [each.to_json() for each in answers]),
        "sheet": (
            lambda raw: contents.parse_sheet(raw, "lot-1", name),
            [contents.sheet_payload(signed, contents.Unsigned())],
        ),
        "manifest": (contents.parse_manifest, [listed.text]),
    }


def _certificate_parsers() -> dict[str, tuple[Parser, list[bytes]]]:
    from yiwang.pure.sm.keys import SigningKey
    from yiwang.pure.sm.x509 import certificates, requests, revocation, timestamps
    from yiwang.pure.sm.x509.paths import Policy
    from yiwang.pure.sm.x509.signing import KeySigner
    from yiwang.pure.sm.x509.testing_authority import TestAuthority

    ca = TestAuthority.create(AT)
    request = requests.make_request({"common_name": "x"}, KeySigner(SigningKey.generate()))
    leaf = ca.issue(request, "sign", AT, 30)
    asked = revocation.ask_status(leaf.serial, ca.issuing)
    before = ca.revocation_list(AT), ca.status(asked.octets, AT)
    ca.revoke(leaf.serial, AT, "key_compromise")
    timed = timestamps.ask_time(b"d")
    policy = Policy(AT, "timestamp", {})
    return {
        "certificate": (certificates.read_certificate, [leaf.octets, ca.root.octets, ca.stamping.octets]),
        "request": (requests.read_request, [request]),
        "revocation-list": (
            lambda raw: revocation.read_list(raw, ca.issuing),
            [before[0], ca.revocation_list(AT)],
        ),
        "status-question": (lambda raw: revocation.read_question(raw, ca.issuing), [asked.octets]),
        "status-answer": (
            lambda raw: revocation.read_answer(raw, asked, ca.issuing, AT),
            [before[1], ca.status(asked.octets, AT)],
        ),
        "time-question": (timestamps.read_time_question, [timed.octets]),
        "time-answer": (
            lambda raw: timestamps.read_time_answer(raw, timed, [ca.issuing], [ca.root], policy),
            [ca.timestamp(timed.octets, AT)],
        ),
    }


def _split_parsers() -> dict[str, tuple[Parser, list[bytes]]]:
    from yiwang.pure.sm.collaborative import messages
    from yiwang.pure.sm.collaborative.generation import PhoneGeneration, ServerGeneration
    from yiwang.pure.sm.collaborative.ledger import MemoryLedger
    from yiwang.pure.sm.collaborative.shares import PhoneShare
    from yiwang.pure.sm.collaborative.signing import PhoneSigning, answer_signing

    phone, server = PhoneGeneration("u", "d", "sign"), ServerGeneration("u", "d", "sign")
    first = phone.begin()
    second = server.answer(first)
    share = server.finish(phone.open(second))
    signing = PhoneSigning(phone.share, MemoryLedger(), share.trial)
    request = signing.request(lambda _: "f")

    def key_two(raw: bytes) -> object:
        again = PhoneGeneration("u", "d", "sign")
        again.sid, again._state = phone.sid, "committed"
        return again.open(raw)

    return {
        "message-key-1": (lambda raw: ServerGeneration("u", "d", "sign").answer(raw), [first]),
        "message-key-2": (key_two, [second]),
        "message-sign-1": (
            lambda raw: answer_signing(
                share, MemoryLedger(), share.trial, raw, lambda *_: True, lambda _: None
            ),
            [request],
        ),
        "message-sign-2": (
            lambda raw: messages.read(raw, "sign-2", share.sid, "session", "r", "s1"),
            [answer_signing(share, MemoryLedger(), share.trial, request, lambda *_: True, lambda _: None)],
        ),
        "share": (PhoneShare.restore, [phone.share.export_secret()]),
    }


def parsers() -> dict[str, tuple[Parser, list[bytes]]]:
    """Every parser by name, with inputs to begin from."""
    return {**_key_parsers(), **_envelope_parsers(), **_certificate_parsers(), **_split_parsers()}


def load(name: str, instrumented: Callable[[list[str]], AbstractContextManager[Any]]) -> fuzzing.Target:
    """The target of one parser, and the inputs to begin from."""
    with instrumented(["yiwang", "asn1crypto", "json"]):
        from yiwang.pure.sm.errors import SmError

        parse, seeds = parsers()[name]

    def target(raw: bytes) -> None:
        try:
            parse(raw)
        except SmError:
            return

    return target, seeds


if __name__ == "__main__":
    sys.exit(fuzzing.main("bench.fuzz_sm", __doc__, lambda: list(parsers()), load))
