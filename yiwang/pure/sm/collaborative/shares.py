"""The two halves of a split key, at rest."""

from __future__ import annotations

from typing import Self

from yiwang.pure.kernel import canonical
from yiwang.pure.sm.collaborative.messages import (
    DECRYPT,
    SIGN,
    VERSION,
    checked_sid,
    number,
    point,
    purpose_of,
    written,
)
from yiwang.pure.sm.errors import Malformed, ProtocolViolation
from yiwang.pure.sm.keys import EncryptionKey, VerifyingKey
from yiwang.pure.sm.points import Point, SecretScalar
from yiwang.pure.sm.strict import strict_object


class _Share:
    """A secret factor of one split key. ``epoch`` counts the refreshes; ``tried`` tells that a signature was made."""

    __slots__ = ("_secret", "epoch", "public", "sid", "tried")
    side = ""

    def __init__(
        self, sid: str, secret: SecretScalar, public: Point, epoch: int = 0, tried: bool = False
    ) -> None:
        self.sid = checked_sid(sid)
        self._secret: SecretScalar | None = secret
        self.public = public
        self.epoch = epoch
        self.tried = tried

    @property
    def purpose(self) -> str:
        """``sign`` or ``decrypt``: a share serves one of them only."""
        return purpose_of(self.sid)

    def secret(self, purpose: str) -> SecretScalar:
        """The factor, for a step of the protocol. Raises ProtocolViolation for the other purpose or once destroyed."""
        if self._secret is None:
            raise ProtocolViolation("the key was revoked: its share is destroyed")
        if purpose != self.purpose:
            raise ProtocolViolation(f"a share for {self.purpose} does not {purpose}")
        return self._secret

    def destroy(self) -> None:
        """Forgets the factor for good (revocation; the caller deletes what is stored)."""
        self._secret = None

    @property
    def trial(self) -> bytes:
        """The text that both sides sign before the key is used for anything else."""
        return b"yiwang/split/v1/trial|" + self.sid.encode()

    def export_secret(self) -> bytes:
        """Everything in canonical JSON, secret included: the caller encrypts it before it is stored."""
        return canonical.dumps(
            {
                "v": VERSION,
                "side": self.side,
                "sid": self.sid,
                "secret": written(self.secret(self.purpose).expose()),
                "public": self.public.octets.hex(),
                "epoch": self.epoch,
                "tried": self.tried,
            }
        )

    @classmethod
    def restore(cls, text: bytes) -> Self:
        """The share of :meth:`export_secret`. Raises Malformed or BadKey."""
        fields = {"v", "side", "sid", "secret", "public", "epoch", "tried"}
        value = strict_object(text, fields, "share", 4096)
        if (
            type(value["v"]) is not int
            or value["v"] != VERSION
            or value["side"] != cls.side
            or type(value["tried"]) is not bool
        ):
            raise Malformed("share: another version or side")
        if type(value["epoch"]) is not int or value["epoch"] < 0:
            raise Malformed("share: epoch")
        secret = SecretScalar(number(value["secret"], "share"))
        return cls(
            checked_sid(value["sid"]), secret, point(value["public"], "share"), value["epoch"], value["tried"]
        )

    def verifying_key(self) -> VerifyingKey:
        """The ordinary key that verifies what both sides sign. ProtocolViolation for a share that decrypts."""
        self.secret(SIGN)
        return VerifyingKey(self.public.octets)

    def encryption_key(self) -> EncryptionKey:
        """The ordinary key to encrypt to. ProtocolViolation for a share that signs."""
        self.secret(DECRYPT)
        return EncryptionKey(self.public.octets)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.sid}, hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a share is not pickled")


class PhoneShare(_Share):
    """d1."""

    __slots__ = ()
    side = "phone"


class ServerShare(_Share):
    """d2."""

    __slots__ = ()
    side = "server"
