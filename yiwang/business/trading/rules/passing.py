"""Award by rank and what lets the next one follow (W22); re-examination before the letter (招标条例 56). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.business.trading.rules.asking import few_papers_findings
from yiwang.business.trading.rules.facts import BidFacts, StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding

RE_EXAMINATION = "re-examination"


def candidates(bids: tuple[BidFacts, ...]) -> list[BidFacts]:
    """The shortlisted bidders that may still be awarded, first in rank first."""
    return sorted((each for each in bids if each.rank and not each.passed), key=lambda each: each.rank or 0)


def lawful_passing_findings(facts: StepFacts) -> Iterator[Finding]:
    """W22: who is passed over is the first that is left, for one of the cases of the law, proved by a document."""
    rule = law.rule("W22", on=facts.lot.law_on)
    left = candidates(facts.bids)
    if facts.subject not in {each.bidder for each in left}:
        yield Finding("not-a-candidate", rule.source, field="bidder")
    elif facts.subject != left[0].bidder:
        yield Finding("not-first-candidate", rule.source, field="bidder")
    if facts.ground not in {each.id for each in rule.choices}:
        yield Finding("passing-ground", rule.source, field="ground")
    if not facts.reason.strip():
        yield Finding("passing-reason-missing", rule.source, field="reason")
    if not facts.papers:
        yield Finding("passing-evidence-missing", rule.source, field="papers")
    yield from few_papers_findings(facts)


def some_passed_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 55: tendered again instead of awarded only where a candidate does not fulfil the conditions."""
    rule = law.rule("W22", on=facts.lot.law_on)
    if not any(each.passed for each in facts.bids):
        yield Finding("nobody-passed", rule.source)
    if not facts.reason.strip():
        yield Finding("passing-reason-missing", rule.source, field="reason")


def doubt_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 56: a candidate whose operations or finances changed, or that broke the law, and in which way."""
    source = law.rule("W-reexamination", on=facts.lot.law_on).source
    if facts.subject not in {each.bidder for each in candidates(facts.bids)}:
        yield Finding("not-a-candidate", source, field="bidder")
    if not facts.reason.strip():
        yield Finding("doubt-missing", source, field="reason")
    if facts.reexamining:
        yield Finding("reexamination-open", source)
    yield from few_papers_findings(facts)


def reexamination_open_findings(facts: StepFacts) -> Iterator[Finding]:
    """A conclusion answers a question that was put; the committee says why."""
    source = law.rule("W-reexamination", on=facts.lot.law_on).source
    if not facts.reexamining:
        yield Finding("no-reexamination", source)
    if not facts.reason.strip():
        yield Finding("conclusion-missing", source, field="reason")
    yield from few_papers_findings(facts)


def reexamination_concluded_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 56: no letter is sent and nobody passed over while the original committee examines again."""
    if facts.reexamining:
        yield Finding("reexamination-open", law.rule("W-reexamination", on=facts.lot.law_on).source)
