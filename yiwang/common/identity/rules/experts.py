"""Who may be registered as somebody who sits on evaluation committees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertFacts:
    """What is entered about an expert; ``years`` in the field, ``title`` the senior title (高级职称)."""

    name: str
    kind: str
    specialty: str
    title: str
    years: int
    employer: str
    employer_code: str


def expert_findings(facts: ExpertFacts, on: date) -> Iterator[Finding]:
    """Objections to an expert: 招标投标法 37 wants eight years in the field and a senior title or its equal."""
    yield from name_findings(facts.name)
    if facts.kind not in EXPERT_KINDS:
        yield Finding("expert-kind", field="kind")
    if not 2 <= len(facts.specialty.strip()) <= 60:
        yield Finding("text-length", "", {"at_least": 2, "at_most": 60}, "specialty")
    if facts.employer_code:
        yield from uscc_findings(facts.employer_code, "employer_code")
    if facts.kind != REPRESENTATIVE:
        limit = law.limit("W17-years", on=on)
        if facts.years < limit.at_least:
            yield Finding("expert-years", limit.source, {"at_least": limit.at_least}, "years")
        if not facts.title.strip():
            yield Finding("expert-title", limit.source, field="title")
