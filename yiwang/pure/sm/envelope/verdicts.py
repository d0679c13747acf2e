"""Why a bid does not open, and whose fault the bytes show. Anyone with the published bytes comes to the same verdict."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.sm.errors import SmError

BIDDER = "bidder"
HOLDER = "holder"
PLATFORM = "platform"
NOBODY = "nobody"  # not yet decided: more holders, or the bidder's half, are needed

FAULTS: dict[str, str] = {
    "head": BIDDER,  # the head is not in the format
    "wrong-lot": BIDDER,  # sealed for another lot
    "wrong-holders": BIDDER,  # sealed to other keys or another threshold than the notice's
    "no-documents": BIDDER,  # documents were asked for and there are none
    "root": PLATFORM,  # the stored bytes are not those of the receipt
    "proof": HOLDER,  # a partial decryption whose proof does not hold, or for something else
    "too-few": NOBODY,  # fewer than the threshold have answered
    "share": BIDDER,  # a share's ciphertext is broken or belongs elsewhere
    "commitment": BIDDER,  # the shares do not give the committed master
    "derivation": BIDDER,  # some holder's share is not the one that follows from the master
    "half-missing": NOBODY,  # strict mode: the bidder has yet to give the half
    "half": BIDDER,  # strict mode: the half given is not the one committed to
    "chunk": BIDDER,  # a chunk as received does not decrypt under the committed key
    "sheet": BIDDER,  # the opening sheet is not in the format or is not the one of the header
    "signature": BIDDER,  # the bidder's signature inside does not verify
    "manifest": BIDDER,  # the list of documents is not in the format or is not the one of the header
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reason. ``holders`` are places (from 1) where the fault is a holder's, else empty."""

    code: str
    envelope: str
    part: str
    holders: tuple[int, ...] = ()

    @property
    def fault(self) -> str:
        """``bidder``, ``holder``, ``platform`` or ``nobody``."""
        return FAULTS[self.code]

    @property
    def finding(self) -> Finding:
        """The verdict as a finding: its sentence stands in this package's sentences.toml."""
        return Finding(
            f"envelope-{self.code}",
            "",
            {
                "envelope": self.envelope,
                "part": self.part,
                "fault": self.fault,
                "holders": ", ".join(str(place) for place in self.holders),
            },
        )


class DoesNotOpen(SmError):
    """A bid, or a part of one, does not open: ``verdict`` says why."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(f"{verdict.code} ({verdict.fault}) in {verdict.part} of {verdict.envelope}")
