"""The answers of a holder's device: a partial decryption with its proof, or a refusal; and how anyone checks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.pure.kernel import canonical
from yiwang.pure.sm.envelope.head import Head, Header, checked_envelope
from yiwang.pure.sm.envelope.terms import PARTS, VERSION, Terms, checked_lot
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.points import ORDER, Point
from yiwang.pure.sm.proofs import MAX_PATH, EqualityClaim, EqualityProof, Pair, false_claims
from yiwang.pure.sm.shamir import MAX_HOLDERS
from yiwang.pure.sm.strict import hex_bytes, strict_object

BROKEN = "broken"  # C3 does not agree: nobody made this ciphertext by the rules
ELSEWHERE = "elsewhere"  # the share says that it belongs to another envelope, part or holder
_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Partial:
    """D = [x]C1 for one share of one part, with its proof. ``holder`` is the place from 1."""

    lot: str
    envelope: str
    part: str
    holder: int
    result: Point
    proof: EqualityProof

    def to_json(self) -> bytes:
        """Canonical JSON, as it is published."""
        return canonical.dumps(
            {
                "v": VERSION,
                "lot": self.lot,
                "envelope": self.envelope,
                "part": self.part,
                "holder": self.holder,
                "result": self.result.octets.hex(),
                "a": self.proof.a.octets.hex(),
                "b": self.proof.b.octets.hex(),
                "answer": self.proof.answer.to_bytes(32, "big").hex(),
                "path": [each.hex() for each in self.proof.path],
            }
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """The device says that the share is ``broken`` or belongs ``elsewhere``, and keeps D to itself.

    Publishing D for a broken share would make the device an oracle: a bidder who sends C1 + [r]G of a rival's share
    could compute the rival's from the answer.
    """

    lot: str
    envelope: str
    part: str
    holder: int
    reason: str

    def to_json(self) -> bytes:
        """Canonical JSON, as it is published (signed by the holder's certificate around it)."""
        return canonical.dumps(
            {
                "v": VERSION,
                "lot": self.lot,
                "envelope": self.envelope,
                "part": self.part,
                "holder": self.holder,
                "refused": self.reason,
            }
        )


Answer = Partial | Refusal


def answer_from_json(text: bytes) -> Answer:
    """The Partial or Refusal in canonical JSON. Raises Malformed or BadKey."""
    common = {"v", "lot", "envelope", "part", "holder"}
    if b'"refused"' in text:
        value = strict_object(text, common | {"refused"}, "refusal", _LIMIT)
        if value["refused"] not in (BROKEN, ELSEWHERE):
            raise Malformed("refusal: reason")
        lot, envelope, part, holder = _named(value)
        return Refusal(lot, envelope, part, holder, str(value["refused"]))
    value = strict_object(text, common | {"result", "a", "b", "answer", "path"}, "partial decryption", _LIMIT)
    lot, envelope, part, holder = _named(value)
    result, a, b = (
        Point(hex_bytes(value[name], 65, f"partial decryption: {name}")) for name in ("result", "a", "b")
    )
    answer = int.from_bytes(hex_bytes(value["answer"], 32, "partial decryption: answer"), "big")
    if answer >= ORDER:
        raise Malformed("partial decryption: answer out of range")
    path = value["path"]
    if not isinstance(path, list) or len(path) > MAX_PATH:
        raise Malformed("partial decryption: path")
    proof = EqualityProof(
        a, b, answer, tuple(hex_bytes(each, 32, "partial decryption: path") for each in path)
    )
    return Partial(lot, envelope, part, holder, result, proof)


def _named(value: dict[str, object]) -> tuple[str, str, str, int]:
    part, holder = value["part"], value["holder"]
    if type(value["v"]) is not int or value["v"] != VERSION or part not in PARTS:
        raise Malformed("answer: version or part")
    if type(holder) is not int or not 1 <= holder <= MAX_HOLDERS:
        raise Malformed("answer: holder")
    return checked_lot(value["lot"]), checked_envelope(value["envelope"]), str(part), holder


def proof_context(header: Header, holder: int) -> bytes:
    """What a proof is bound to besides the points: canonical JSON of the purpose, the lot, the envelope, the part, the
    holder's place, SM3 of the header and the whole ciphertext of the share."""
    return canonical.dumps(
        {
            "purpose": "yiwang/envelope/v1/partial-decryption",
            "lot": header.lot,
            "envelope": header.envelope,
            "part": header.part,
            "holder": holder,
            "header": header.digest.hex(),
            "share": header.shares[holder - 1].raw.hex(),
        }
    )


@dataclass(frozen=True, slots=True)
class Case:
    """One part of one envelope and what the holders have answered for it, by place from 1."""

    head: Head
    terms: Terms
    part: str
    answers: Mapping[int, Answer]

    def claim(self, place: int, answer: Partial) -> EqualityClaim | None:
        """What ``answer`` must prove to stand at ``place``; None where it is for something else altogether."""
        part = self.head.part(self.part)
        if part is None or not 1 <= place <= len(self.terms.keys):
            return None
        named = (answer.lot, answer.envelope, answer.part, answer.holder)
        if named != (self.head.lot, self.head.envelope, self.part, place):
            return None
        pair = Pair(proof_context(part.header, place), part.header.shares[place - 1].c1, answer.result)
        return EqualityClaim(self.terms.keys[place - 1].point, pair, answer.proof)


def bad_answers(cases: list[Case]) -> list[tuple[int, int]]:
    """(position of the case, place of the holder) of every partial decryption whose proof does not hold.

    Checked in batches over all the cases together; refusals prove nothing and are not looked at.
    """
    bad: list[tuple[int, int]] = []
    claims: list[EqualityClaim] = []
    sources: list[tuple[int, int]] = []
    for number, case in enumerate(cases):
        for place, answer in case.answers.items():
            if isinstance(answer, Refusal):
                continue
            claim = case.claim(place, answer)
            if claim is None:
                bad.append((number, place))
            else:
                claims.append(claim)
                sources.append((number, place))
    bad += [sources[position] for position in false_claims(claims)]
    return sorted(bad)
