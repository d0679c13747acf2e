"""Decrypting together: the phone blinds C1, the server multiplies, the phone unblinds and checks C3."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.pure.sm import ciphertexts, hkdf, sm3
from yiwang.pure.sm.collaborative import messages
from yiwang.pure.sm.collaborative.ledger import Ledger
from yiwang.pure.sm.collaborative.messages import DECRYPT
from yiwang.pure.sm.collaborative.shares import PhoneShare, ServerShare
from yiwang.pure.sm.collaborative.signing import AcceptFactor, Record
from yiwang.pure.sm.errors import BadCiphertext, BadKey, ProtocolViolation
from yiwang.pure.sm.points import Point, SecretScalar, difference, multiple


class PhoneDecryption:
    """The phone's side of decrypting one ciphertext (DER). Raises Malformed or BadKey for one that is none."""

    def __init__(self, share: PhoneShare, ledger: Ledger, ciphertext: bytes) -> None:
        share.secret(DECRYPT)
        raw = ciphertexts.ciphertext_to_raw(ciphertext)
        self._share, self._ledger = share, ledger
        self._c1, self._c3, self._c2 = Point(raw[:65]), raw[65:97], raw[97:]
        self._nonce: SecretScalar | None = None
        self._session = ""

    def request(self, factor: Callable[[bytes], str]) -> bytes:
        """Message 1 with T1 = [w]C1. ``factor`` is given SM3(T1 ‖ sid)."""
        if self._session:
            raise ProtocolViolation("a decryption session begins once")
        nonce = SecretScalar.fresh()
        blinded = multiple(nonce, self._c1)
        session = messages.session_of(self._share.sid, blinded)
        self._ledger.begin(self._share.sid, session)
        self._nonce, self._session = nonce, session
        try:
            given = factor(messages.factor_binding(b"", blinded, self._share.sid))
        except BaseException:
            self.abandon()
            raise
        return messages.write("decrypt-1", self._share.sid, t1=blinded.octets.hex(), factor=given)

    def finish(self, answer: bytes) -> bytes:
        """The plaintext. The session is over whatever happens. Raises Malformed, BadKey, BadCiphertext or
        ProtocolViolation."""
        nonce, self._nonce = self._nonce, None
        if nonce is None:
            raise ProtocolViolation("no decryption session is open here")
        try:
            value = messages.read(answer, "decrypt-2", self._share.sid, "session", "t2")
            if value["session"] != self._session:
                raise ProtocolViolation("the server answers another session")
            t2 = messages.point(value["t2"], "t2")
            unblinding = nonce.times(self._share.secret(DECRYPT)).inverse()
            return self._opened(multiple(unblinding, t2))
        finally:
            self._ledger.end(self._share.sid, self._session)

    def _opened(self, sum_point: Point) -> bytes:
        """The plaintext from [1+d]C1."""
        try:
            shared = difference(sum_point, self._c1)
        except BadKey as error:
            raise BadCiphertext("the ciphertext does not open") from error
        stream = hkdf.kdf(shared.x + shared.y, len(self._c2))
        text = bytes(a ^ b for a, b in zip(self._c2, stream, strict=True))
        if not sm3.equal(sm3.digest(shared.x, text, shared.y), self._c3):
            raise BadCiphertext("the ciphertext does not open")
        return text

    def abandon(self) -> None:
        """Gives the session up: the nonce is forgotten."""
        self._nonce = None
        self._ledger.end(self._share.sid, self._session)


def answer_decryption(
    share: ServerShare, ledger: Ledger, request: bytes, accept_factor: AcceptFactor, record: Record
) -> bytes:
    """The server's side: T2 = [d2⁻¹]T1. The ledger limits how many; ``accept_factor`` may limit how often.

    Raises Malformed, BadKey (T1 off the curve) or ProtocolViolation.
    """
    value = messages.read(request, "decrypt-1", share.sid, "t1", "factor")
    blinded = messages.point(value["t1"], "t1")
    factor = messages.checked_factor(value["factor"])
    if not accept_factor(messages.factor_binding(b"", blinded, share.sid), factor):
        raise ProtocolViolation("the user's factor is not accepted")
    session = messages.session_of(share.sid, blinded)
    secret = share.secret(DECRYPT)
    ledger.begin(share.sid, session)
    try:
        t2 = multiple(secret.inverse(), blinded)
        record({"sid": share.sid, "session": session})
        return messages.write("decrypt-2", share.sid, session=session, t2=t2.octets.hex())
    finally:
        ledger.end(share.sid, session)
