"""The holder's device. It answers once the lot is closed, for what is in the witnessed closing list, and for nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.sm import sm3
from yiwang.pure.sm.envelope import masters, merkle
from yiwang.pure.sm.envelope.closing import ClosingList, ClosingWitness
from yiwang.pure.sm.envelope.head import Head, terms_broken
from yiwang.pure.sm.envelope.partial import BROKEN, ELSEWHERE, Answer, Partial, Refusal, proof_context
from yiwang.pure.sm.envelope.terms import Terms
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.keys import DecryptionKey
from yiwang.pure.sm.points import SecretScalar, multiple
from yiwang.pure.sm.proofs import Pair, prove_equalities
from yiwang.pure.sm.sm2 import need_points


class Pins(Protocol):
    """The device's memory: the one closing list it has answered for, lot by lot."""

    def pin(self, lot: str, root: bytes) -> bool:
        """Remembers ``root`` as the only one of ``lot``, for good; False where another is remembered already."""
        ...


@dataclass(slots=True)
class MemoryPins:
    """Pins that end with the process: for tests and rehearsals."""

    roots: dict[str, bytes] = field(default_factory=dict)

    def pin(self, lot: str, root: bytes) -> bool:
        """As the Protocol says."""
        return self.roots.setdefault(lot, root) == root


@dataclass(frozen=True, slots=True)
class FolderPins:
    """Pins as one file a lot in a folder, written once."""

    folder: Path

    def pin(self, lot: str, root: bytes) -> bool:
        """As the Protocol says; the file is on disk before this gives True."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{lot}.pin"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return sm3.equal(path.read_text("ascii").strip().encode(), root.hex().encode())
        with os.fdopen(handle, "w") as file:
            file.write(root.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        return True


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the platform shows a device of one envelope: the head's bytes and their path to the root of the receipt."""

    head: bytes
    path: tuple[bytes, ...]

    @classmethod
    def of(cls, head: bytes, leaves: Sequence[bytes]) -> Submitted:
        """From the leaf hashes kept since receipt."""
        return cls(head, merkle.first_path(leaves))


class HolderDevice:
    """Holder ``place`` (from 1) of ``terms``. Raises Refused where the key is not the one in the terms."""

    def __init__(
        self, key: DecryptionKey, place: int, terms: Terms, witness: ClosingWitness, pins: Pins
    ) -> None:
        need_points("a partial decryption")
        if not 1 <= place <= len(terms.keys) or key.public != terms.keys[place - 1]:
            raise Refused([Finding("holder-not-in-terms", "", {"lot": terms.lot, "holder": place})])
        self._key, self._place, self._terms = key, place, terms
        self._witness, self._pins = witness, pins

    def answers(self, part: str, closing: ClosingList, submitted: Sequence[Submitted]) -> list[Answer]:
        """One answer for each of ``submitted``, in order: all of the part called ``part``.

        Raises Refused with all reasons, and answers nothing, where the closing list is not the witnessed one or not the
        one answered before, or where an envelope is not in it, stands twice, or shares a point with another.
        """
        refuse_if(self._closing_findings(closing))
        heads: list[Head] = []
        findings: list[Finding] = []
        for each in submitted:
            try:
                head = Head.parse(each.head)
                root = merkle.root_from_first(merkle.leaf(each.head), each.path, 1 + head.chunks)
            except Malformed as error:
                findings.append(Finding("envelope-unreadable", "", {"reason": str(error)}))
                continue
            heads.append(head)
            findings += self._envelope_findings(head, root, part, closing)
        refuse_if([*findings, *_repetitions(heads)])
        if not self._pins.pin(closing.lot, closing.root):
            raise Refused([Finding("closing-other", "", {"lot": closing.lot})])
        secret = self._key.scalar()
        opened = [self._opened(head, part, secret) for head in heads]
        pairs = [each for each in opened if isinstance(each, Pair)]
        proofs = iter(prove_equalities(secret, self._terms.keys[self._place - 1].point, pairs))
        return [
            Partial(head.lot, head.envelope, part, self._place, each.result, next(proofs))
            if isinstance(each, Pair)
            else each
            for head, each in zip(heads, opened, strict=True)
        ]

    def _closing_findings(self, closing: ClosingList) -> list[Finding]:
        if closing.lot != self._terms.lot:
            return [Finding("closing-wrong-lot", "", {"lot": closing.lot, "expected": self._terms.lot})]
        if not self._witness.confirms(closing.lot, closing.root):
            return [Finding("closing-not-witnessed", "", {"lot": closing.lot})]
        return []

    def _envelope_findings(self, head: Head, root: bytes, part: str, closing: ClosingList) -> list[Finding]:
        code = terms_broken(head, self._terms)
        if code is None and head.part(part) is None:
            code = "no-documents"
        found = []
        if code is not None:
            found.append(Finding(f"device-{code}", "", {"envelope": head.envelope}))
        if not closing.holds(head.envelope, root):
            found.append(Finding("envelope-not-closed", "", {"envelope": head.envelope}))
        return found

    def _opened(self, head: Head, part: str, secret: SecretScalar) -> Pair | Refusal:
        """C1 and D of this holder's share, still to be proved; or why the device keeps D to itself."""
        chosen = head.part(part)
        assert chosen is not None
        header, place = chosen.header, self._place
        share = header.shares[place - 1]
        result = multiple(secret, share.c1)
        opened = masters.opened_share(share, result)
        if opened is None:
            return Refusal(head.lot, head.envelope, part, place, BROKEN)
        if opened[1] != masters.share_context(masters.Frame.of(header).digest, place):
            return Refusal(head.lot, head.envelope, part, place, ELSEWHERE)
        return Pair(proof_context(header, place), share.c1, result)


def _repetitions(heads: Sequence[Head]) -> list[Finding]:
    """Envelopes that stand twice, and points C1 that stand in two envelopes: one of them copied the other."""
    found: list[Finding] = []
    names: set[str] = set()
    seen: dict[bytes, str] = {}
    for head in heads:
        if head.envelope in names:
            found.append(Finding("envelope-twice", "", {"envelope": head.envelope}))
        names.add(head.envelope)
        parts = [part for part in (head.sheet, head.documents) if part is not None]
        for share in (share for part in parts for share in part.header.shares):
            other = seen.setdefault(share.c1.octets, head.envelope)
            if other != head.envelope:
                params = {"envelope": head.envelope, "other": other}
                found.append(Finding("share-copied", "", params))
                break
    return found
