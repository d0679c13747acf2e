"""A split key as a Signer of certificate requests and of bids: both sides in one process, for the server's own tests
and for a client that carries the messages itself."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.pure.sm.collaborative.ledger import Ledger
from yiwang.pure.sm.collaborative.shares import PhoneShare
from yiwang.pure.sm.collaborative.signing import PhoneSigning

Carry = Callable[[bytes, bytes], bytes]  # (document, message 1) → message 2, by whatever channel


class SplitSigner:
    """Signs with the phone's share; ``carry`` takes the document and message 1 to the server and brings message 2."""

    algorithm = "sm2_sm3"

    def __init__(
        self,
        share: PhoneShare,
        ledger: Ledger,
        carry: Carry,
        factor: Callable[[bytes], str],
        certificate: bytes = b"",
    ) -> None:
        self._share, self._ledger, self._carry, self._factor = share, ledger, carry, factor
        self.certificate = certificate

    @property
    def public_info(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return self._share.verifying_key().to_der()

    def sign(self, message: bytes) -> bytes:
        """A DER signature over ``message``, verified on the phone. Raises what the two sides raise."""
        session = PhoneSigning(self._share, self._ledger, message)
        request = session.request(self._factor)
        try:
            answer = self._carry(message, request)
        except BaseException:
            session.abandon()
            raise
        return session.finish(answer)
