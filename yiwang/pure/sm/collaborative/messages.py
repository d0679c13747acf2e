"""The messages between phone and server: strict canonical JSON, so that a browser can be the other side."""

from __future__ import annotations

import re

from yiwang.pure.kernel import canonical
from yiwang.pure.sm import sm3
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.points import ORDER, Point
from yiwang.pure.sm.proofs import KnowledgeProof
from yiwang.pure.sm.strict import hex_bytes, strict_object

VERSION = 1
SIGN = "sign"
DECRYPT = "decrypt"
MAX_MESSAGE = 16_384
MAX_FACTOR = 8_192  # characters of the user's factor

_SID = re.compile(r"[A-Za-z0-9._-]{1,64}\|[A-Za-z0-9._-]{1,64}\|(sign|decrypt)\|[0-9a-f]{32}\Z")


def checked_sid(value: object) -> str:
    """``value`` where it is ``user|device|purpose|random``; Malformed otherwise."""
    if not isinstance(value, str) or not _SID.match(value):
        raise Malformed("the name of a split key is user|device|purpose|32 hexadecimal digits")
    return value


def purpose_of(sid: str) -> str:
    """``sign`` or ``decrypt``."""
    return sid.split("|")[2]


def write(kind: str, sid: str, **fields: object) -> bytes:
    """The message of ``kind`` about the key ``sid``."""
    return canonical.dumps({"v": VERSION, "type": kind, "sid": sid, **fields})


def read(text: bytes, kind: str, sid: str | None, *fields: str) -> dict[str, object]:
    """The message of ``kind`` with exactly ``fields`` besides the common ones. Raises Malformed for anything else,
    for another key than ``sid`` (where given), and for any field too many."""
    value = strict_object(text, {"v", "type", "sid", *fields}, f"message {kind}", MAX_MESSAGE)
    if type(value["v"]) is not int or value["v"] != VERSION or value["type"] != kind:
        raise Malformed(f"message {kind}: another version or type")
    if checked_sid(value["sid"]) != sid and sid is not None:
        raise Malformed(f"message {kind}: about another key")
    return value


def point(value: object, what: str) -> Point:
    """The point in 65 bytes of hexadecimal digits. Raises Malformed, or BadKey where it is off the curve."""
    return Point(hex_bytes(value, 65, what))


def number(value: object, what: str) -> int:
    """A number in [0, n−1] in 32 bytes of hexadecimal digits. Raises Malformed."""
    found = int.from_bytes(hex_bytes(value, 32, what), "big")
    if found >= ORDER:
        raise Malformed(f"{what}: not below n")
    return found


def written(value: int) -> str:
    """A number mod n as 32 bytes of hexadecimal digits."""
    return value.to_bytes(32, "big").hex()


def proof_fields(proof: KnowledgeProof) -> dict[str, object]:
    """A proof of knowledge as an object."""
    return {"commitment": proof.commitment.octets.hex(), "answer": written(proof.answer)}


def proof(value: object) -> KnowledgeProof:
    """The proof in an object. Raises Malformed or BadKey."""
    if not isinstance(value, dict) or set(value) != {"commitment", "answer"}:
        raise Malformed("a proof has a commitment and an answer")
    return KnowledgeProof(point(value["commitment"], "proof"), number(value["answer"], "proof"))


def session_of(sid: str, first: Point) -> str:
    """The name of a session: it follows from the phone's point, so that a point used twice is a session used twice."""
    return sm3.digest(b"session", sid.encode(), b"\0", first.octets)[:16].hex()


def factor_binding(digest: bytes, first: Point, sid: str) -> bytes:
    """SM3(e ‖ Q1 ‖ sid): what the user's factor (a passkey's assertion, say) is given for."""
    return sm3.digest(digest, first.octets, sid.encode())


def checked_factor(value: object) -> str:
    """The user's factor as text. Raises Malformed where it is none or too long."""
    if not isinstance(value, str) or len(value) > MAX_FACTOR:
        raise Malformed("the user's factor is a text of at most 8192 characters")
    return value
