"""Signing together. One round: the phone's point and digest, the server's r and s1, and the phone finishes and verifies."""

from __future__ import annotations

import functools
from collections.abc import Callable

from yiwang.pure.sm import ciphertexts, sm3
from yiwang.pure.sm.collaborative import messages
from yiwang.pure.sm.collaborative.ledger import Ledger
from yiwang.pure.sm.collaborative.messages import SIGN
from yiwang.pure.sm.collaborative.shares import PhoneShare, ServerShare
from yiwang.pure.sm.errors import BadKey, BadSignature, ProtocolViolation
from yiwang.pure.sm.keys import IDENTITY
from yiwang.pure.sm.points import FIELD, ORDER, Point, SecretScalar, base_multiple, multiple, total
from yiwang.pure.sm.strict import hex_bytes

_A = FIELD - 3
_B = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93

Record = Callable[[dict[str, str]], None]
AcceptFactor = Callable[[bytes, str], bool]


@functools.cache
def _curve() -> bytes:
    """a ‖ b ‖ G as Z_A hashes them; [1]G is computed once, not written down."""
    generator = base_multiple(SecretScalar(1))
    return _A.to_bytes(32, "big") + _B.to_bytes(32, "big") + generator.x + generator.y


def message_digest(public: Point, message: bytes) -> bytes:
    """e = SM3(Z_A ‖ M) with the usual distinguishing id (GB/T 32918.2, 5.5 and 6.1): 32 bytes."""
    z = sm3.digest((len(IDENTITY) * 8).to_bytes(2, "big"), IDENTITY, _curve(), public.x, public.y)
    return sm3.digest(z, message)


class PhoneSigning:
    """The phone's side of one signature over a document that the phone itself has."""

    def __init__(self, share: PhoneShare, ledger: Ledger, document: bytes) -> None:
        share.secret(SIGN)
        if not share.tried and document != share.trial:
            raise ProtocolViolation("a key that has not been tried signs its trial text first")
        self._share, self._ledger, self._document = share, ledger, document
        self._digest = message_digest(share.public, document)
        self._nonce: SecretScalar | None = None
        self._session = ""

    def request(self, factor: Callable[[bytes], str]) -> bytes:
        """Message 1. ``factor`` is given SM3(e ‖ Q1 ‖ sid) and gives the user's factor for it.

        Raises ProtocolViolation where a session is open on the key or its cap is reached.
        """
        if self._session:
            raise ProtocolViolation("a signing session begins once")
        nonce = SecretScalar.fresh()
        first = base_multiple(nonce)
        session = messages.session_of(self._share.sid, first)
        self._ledger.begin(self._share.sid, session)
        self._nonce, self._session = nonce, session
        try:
            given = factor(messages.factor_binding(self._digest, first, self._share.sid))
        except BaseException:
            self.abandon()
            raise
        return messages.write(
            "sign-1", self._share.sid, e=self._digest.hex(), q1=first.octets.hex(), factor=given
        )

    def finish(self, answer: bytes) -> bytes:
        """The signature in DER, verified before it leaves this function.

        Whatever happens, the nonce is forgotten and the session over. Raises Malformed, BadSignature (the server's
        answer was not for this document: nothing is released) or ProtocolViolation.
        """
        nonce, self._nonce = self._nonce, None
        if nonce is None:
            raise ProtocolViolation("no signing session is open here")
        try:
            value = messages.read(answer, "sign-2", self._share.sid, "session", "r", "s1")
            if value["session"] != self._session:
                raise ProtocolViolation("the server answers another session")
            r, s1 = messages.number(value["r"], "r"), messages.number(value["s1"], "s1")
            secret = self._share.secret(SIGN).expose()
            s = (secret * (s1 + nonce.expose()) - r) % ORDER
            signature = self._verified(r, s)
        finally:
            self._ledger.end(self._share.sid, self._session)
        if self._document == self._share.trial:
            self._share.tried = True
        return signature

    def _verified(self, r: int, s: int) -> bytes:
        """The signature (r, s) in DER where it verifies for the document; BadSignature otherwise."""
        if not r or not s or (r + s) % ORDER == 0:
            raise BadSignature("the common signature is degenerate")
        signature = ciphertexts.signature_from_raw(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        self._share.verifying_key().verify(self._document, signature)
        return signature

    def abandon(self) -> None:
        """Gives the session up: the nonce is forgotten."""
        self._nonce = None
        self._ledger.end(self._share.sid, self._session)


def answer_signing(
    share: ServerShare,
    ledger: Ledger,
    document: bytes,
    request: bytes,
    accept_factor: AcceptFactor,
    record: Record,
) -> bytes:
    """The server's side: message 2 for a ``document`` that the server itself has.

    ``accept_factor`` is given SM3(e ‖ Q1 ‖ sid) and the user's factor; ``record`` writes the journal before anything
    leaves. Raises Malformed, BadKey (Q1 off the curve) or ProtocolViolation.
    """
    value = messages.read(request, "sign-1", share.sid, "e", "q1", "factor")
    first = messages.point(value["q1"], "q1")
    digest = message_digest(share.public, document)
    if not share.tried and document != share.trial:
        raise ProtocolViolation("a key that has not been tried signs its trial text first")
    if not sm3.equal(hex_bytes(value["e"], 32, "e"), digest):
        raise ProtocolViolation("the phone signs another document than the server has")
    factor = messages.checked_factor(value["factor"])
    if not accept_factor(messages.factor_binding(digest, first, share.sid), factor):
        raise ProtocolViolation("the user's factor is not accepted")
    session = messages.session_of(share.sid, first)
    secret = share.secret(SIGN)
    ledger.begin(share.sid, session)
    try:
        r, s1 = _second_half(secret, digest, first)
        record({"sid": share.sid, "session": session, "e": digest.hex(), "r": messages.written(r)})
        return messages.write(
            "sign-2", share.sid, session=session, r=messages.written(r), s1=messages.written(s1)
        )
    finally:
        ledger.end(share.sid, session)


def _second_half(secret: SecretScalar, digest: bytes, first: Point) -> tuple[int, int]:
    """(r, s1) with a fresh nonce w2: Q = [w2]G + [d2⁻¹]Q1, r = e + x(Q), s1 = d2(r + w2); never r = 0 or r + w2 = 0."""
    inverse = secret.inverse()
    while True:
        nonce = SecretScalar.fresh()
        try:
            point = total(base_multiple(nonce), multiple(inverse, first))
        except BadKey:
            continue  # the sum was the point at infinity: another nonce
        r = (int.from_bytes(digest, "big") + int.from_bytes(point.x, "big")) % ORDER
        if r and (r + nonce.expose()) % ORDER:
            return r, secret.expose() * (r + nonce.expose()) % ORDER


__all__ = ["AcceptFactor", "PhoneSigning", "Record", "answer_signing", "message_digest"]
