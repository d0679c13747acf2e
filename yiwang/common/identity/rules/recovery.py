"""Who may ask for a login to be reset and who may allow it: never one person alone, never the person themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yiwang.pure.kernel.findings import Finding

ASKED, ALLOWED, DECLINED, USED = "asked", "allowed", "declined", "used"
RESET_STATUSES = (ASKED, ALLOWED, DECLINED, USED)
RECOVERY_CODES = 10
FOUR_EYES = "GB/T 22239-2019"


@dataclass(frozen=True, slots=True)
class ResetFacts:
    """A reset that is asked for or to be decided. ``by`` is who acts now; ``entitled`` whether they are of the house
    or administer an organisation of ``person``; ``status`` is that of the person's open reset ("" where none is)."""

    person: str
    by: str
    entitled: bool
    asked_by: str = ""
    status: str = ""


def asking_findings(reset: ResetFacts, reason: str) -> Iterator[Finding]:
    """Objections to asking for a reset."""
    if not reset.entitled:
        yield Finding("reset-not-entitled", "", {}, "username")
    if reset.by == reset.person:
        yield Finding("not-oneself", "", {}, "username")
    if reset.status == ASKED:
        yield Finding("reset-asked-already", "", {}, "username")
    if not 5 <= len(reason.strip()) <= 300:
        yield Finding("text-length", "", {"at_least": 5, "at_most": 300}, "reason")


def deciding_findings(reset: ResetFacts) -> Iterator[Finding]:
    """Objections to deciding on a reset: a second pair of eyes, and not those of the person."""
    if reset.status != ASKED:
        yield Finding("reset-decided")
    if not reset.entitled:
        yield Finding("reset-not-entitled")
    if reset.by in (reset.asked_by, reset.person):
        yield Finding("reset-four-eyes", FOUR_EYES)
