"""Who may be registered as somebody who sits on evaluation committees."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.common.identity.rules.register import name_findings
from yiwang.law import api as law
from yiwang.pure.kernel.codes import uscc_findings
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.words import Words

TECHNICAL, ECONOMIC, REPRESENTATIVE = "technical", "economic", "representative"
EXPERT_KINDS = (TECHNICAL, ECONOMIC, REPRESENTATIVE)
KIND_WORDS = {
    TECHNICAL: Words("技术专家", "technical expert"),
    ECONOMIC: Words("经济专家", "economic expert"),
    REPRESENTATIVE: Words("招标人代表", "tenderee's representative"),
}
ALSO_AT_MOST = 5
AWAY_AT_MOST = 366  # days; a house setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertFacts:
    """What is entered about an expert; ``years`` in the field, ``title`` the senior title (高级职称).

    ``standing`` says instead of a title on what the keeper of the list takes them for an equal; ``also`` are further
    specialties, ``city`` where they live ("" unknown).
    """

    name: str
    kind: str
    specialty: str
    title: str
    years: int
    employer: str
    employer_code: str
    also: tuple[str, ...] = ()
    city: str = ""
    standing: str = ""


def expert_findings(facts: ExpertFacts, on: date) -> Iterator[Finding]:
    """Objections to an expert: 招标投标法 37 wants eight years in the field and a senior title or its equal."""
    yield from name_findings(facts.name)
    if facts.kind not in EXPERT_KINDS:
        yield Finding("expert-kind", field="kind")
    if not 2 <= len(facts.specialty.strip()) <= 60:
        yield Finding("text-length", "", {"at_least": 2, "at_most": 60}, "specialty")
    if len(facts.also) > ALSO_AT_MOST or any(not 2 <= len(each.strip()) <= 60 for each in facts.also):
        yield Finding("expert-also", "", {"at_most": ALSO_AT_MOST, "longest": 60}, "also")
    if len(facts.city.strip()) > 40:
        yield Finding("text-length", "", {"at_least": 0, "at_most": 40}, "city")
    if len(facts.standing.strip()) > 200:
        yield Finding("text-length", "", {"at_least": 0, "at_most": 200}, "standing")
    if facts.employer_code:
        yield from uscc_findings(facts.employer_code, "employer_code")
    if facts.kind != REPRESENTATIVE:
        limit = law.limit("W17-years", on=on)
        if facts.years < limit.at_least:
            yield Finding("expert-years", limit.source, {"at_least": limit.at_least}, "years")
        if not facts.title.strip() and not facts.standing.strip():
            yield Finding("expert-title", limit.source, field="title")


def away_findings(until_on: date | None, today: date) -> Iterator[Finding]:
    """Somebody who is away comes back some day: not before today, within a year."""
    if until_on is not None and not today <= until_on <= today + timedelta(days=AWAY_AT_MOST):
        yield Finding("expert-away", "", {"at_most": AWAY_AT_MOST}, "until_on")


def avoidance_findings(organisation: str, reason: str, avoided: Collection[str]) -> Iterator[Finding]:
    """Objections to declaring an interest in ``organisation``, which is to be avoided from then on (招标条例 46)."""
    yield from uscc_findings(organisation, "organisation")
    if not 2 <= len(reason.strip()) <= 200:
        yield Finding("text-length", "", {"at_least": 2, "at_most": 200}, "reason")
    if organisation in avoided:
        yield Finding("avoided-already", "", {}, "organisation")
