"""Making a split key: commit, answer, open, finish. Each side computes the public key itself."""

from __future__ import annotations

import secrets

from yiwang.pure.sm import sm3
from yiwang.pure.sm.collaborative import messages
from yiwang.pure.sm.collaborative.shares import PhoneShare, ServerShare
from yiwang.pure.sm.errors import BadKey, BadSignature, ProtocolViolation
from yiwang.pure.sm.points import Point, SecretScalar, base_multiple, difference, multiple
from yiwang.pure.sm.proofs import KnowledgeProof, knows, prove_knowledge
from yiwang.pure.sm.sm2 import need_points
from yiwang.pure.sm.strict import hex_bytes

_ONE = SecretScalar(1)


def _context(side: str, sid: str) -> bytes:
    return f"{side}|{sid}".encode()


def _commitment(sid: str, point: Point, proof: KnowledgeProof) -> str:
    """com = SM3(sid | P1 | proof)."""
    text = sid.encode() + b"|" + point.octets + proof.commitment.octets
    return sm3.digest(text, proof.answer.to_bytes(32, "big")).hex()


def _public(inverse: SecretScalar, other: Point) -> Point:
    """P = [own⁻¹]other − G. Raises ProtocolViolation at infinity (d would be 0)."""
    try:
        return difference(multiple(inverse, other), base_multiple(_ONE))
    except BadKey as error:
        raise ProtocolViolation("the common key would be the point at infinity") from error


class PhoneGeneration:
    """The phone's side: ``begin``, then ``open`` with the server's answer; then ``share``."""

    def __init__(self, user: str, device: str, purpose: str) -> None:
        need_points("a split key")
        self.sid = messages.checked_sid(f"{user}|{device}|{purpose}|{secrets.token_hex(16)}")
        self._secret = SecretScalar.fresh()
        self._inverse = self._secret.inverse()
        self._point = base_multiple(self._inverse)
        self._proof = prove_knowledge(self._inverse, self._point, _context("phone", self.sid))
        self._state = "new"
        self.share: PhoneShare | None = None

    def begin(self) -> bytes:
        """Message 1: the commitment alone."""
        self._step("new", "committed")
        return messages.write("key-1", self.sid, com=_commitment(self.sid, self._point, self._proof))

    def open(self, answer: bytes) -> bytes:
        """Message 3, once the server's proof holds. Raises Malformed, BadKey or ProtocolViolation."""
        self._step("committed", "over")
        value = messages.read(answer, "key-2", self.sid, "p2", "proof")
        p2 = messages.point(value["p2"], "p2")
        if not knows(p2, messages.proof(value["proof"]), _context("server", self.sid)):
            raise ProtocolViolation("the server does not prove that it knows its share")
        public = _public(self._inverse, p2)
        self.share = PhoneShare(self.sid, self._secret, public)
        return messages.write(
            "key-3", self.sid, p1=self._point.octets.hex(), proof=messages.proof_fields(self._proof)
        )

    def _step(self, expected: str, following: str) -> None:
        if self._state != expected:
            raise ProtocolViolation("this step was done already, or its turn has not come")
        self._state = following


class ServerGeneration:
    """The server's side: ``answer`` to message 1, then ``finish`` with message 3."""

    def __init__(self, user: str, device: str, purpose: str) -> None:
        need_points("a split key")
        self._expected = f"{user}|{device}|{purpose}|"
        self._secret = SecretScalar.fresh()
        self._inverse = self._secret.inverse()
        self._state = "new"
        self._sid = self._com = ""

    def answer(self, first: bytes) -> bytes:
        """Message 2. Raises Malformed or ProtocolViolation."""
        self._step("new", "answered")
        value = messages.read(first, "key-1", None, "com")
        self._sid = str(value["sid"])
        if not self._sid.startswith(self._expected):
            raise ProtocolViolation("the phone names another user, device or purpose")
        self._com = hex_bytes(value["com"], 32, "com").hex()
        p2 = base_multiple(self._inverse)
        proof = prove_knowledge(self._inverse, p2, _context("server", self._sid))
        return messages.write("key-2", self._sid, p2=p2.octets.hex(), proof=messages.proof_fields(proof))

    def finish(self, third: bytes) -> ServerShare:
        """The server's share, once message 3 opens the commitment and its proof holds."""
        self._step("answered", "over")
        value = messages.read(third, "key-3", self._sid, "p1", "proof")
        p1, proof = messages.point(value["p1"], "p1"), messages.proof(value["proof"])
        if not sm3.equal(_commitment(self._sid, p1, proof).encode(), self._com.encode()):
            raise ProtocolViolation("the phone opens another commitment than it gave")
        if not knows(p1, proof, _context("phone", self._sid)):
            raise ProtocolViolation("the phone does not prove that it knows its share")
        return ServerShare(self._sid, self._secret, _public(self._inverse, p1))

    def _step(self, expected: str, following: str) -> None:
        if self._state != expected:
            raise ProtocolViolation("this step was done already, or its turn has not come")
        self._state = following


def confirm_trial(share: ServerShare, signature: bytes) -> None:
    """The server's own look at the trial signature that the phone sends back; from then on the key may be used.

    Raises BadSignature where it does not verify.
    """
    try:
        share.verifying_key().verify(share.trial, signature)
    except BadSignature:
        share.destroy()
        raise
    share.tried = True


def refresh_request(share: PhoneShare) -> tuple[PhoneShare, bytes]:
    """A new share d1·t and the secret message with t for the server (over the authenticated channel only).

    The public key stays. The phone keeps the old share until the server has confirmed; then a trial signature follows.
    """
    factor = SecretScalar.fresh()
    made = PhoneShare(share.sid, share.secret(share.purpose).times(factor), share.public, share.epoch + 1)
    text = messages.write(
        "refresh", share.sid, epoch=share.epoch + 1, factor=messages.written(factor.expose())
    )
    return made, text


def refresh_answer(share: ServerShare, text: bytes) -> ServerShare:
    """The server's new share d2·t⁻¹. Raises Malformed or ProtocolViolation (another epoch)."""
    value = messages.read(text, "refresh", share.sid, "epoch", "factor")
    if type(value["epoch"]) is not int or value["epoch"] != share.epoch + 1:
        raise ProtocolViolation("the refresh is not the next one")
    factor = SecretScalar(messages.number(value["factor"], "refresh"))
    secret = share.secret(share.purpose).times(factor.inverse())
    return ServerShare(share.sid, secret, share.public, share.epoch + 1)
