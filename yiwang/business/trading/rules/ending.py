"""How a tender ends besides a contract, and what is told to the supervisor: second failure (W12), written report (W24). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.business.trading.rules.asking import few_papers_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import WARNING, Finding

# Failures that say something about the market; only after these the second one opens the choice of W12.
FAILURES = ("too-few-bidders", "all-rejected")
SECOND = 2


def second_failure_findings(facts: StepFacts) -> Iterator[Finding]:
    """W12: after the second failure the tenderee may do without a tender, where the project was approved by leave."""
    rule = law.rule("W12", on=facts.lot.law_on)
    if facts.lot.attempt < SECOND or facts.lot.outcome not in FAILURES:
        yield Finding("not-second-failure", rule.source, {"attempt": facts.lot.attempt})
    if facts.retendered:
        yield Finding("already-retendered")
    if facts.ground not in {each.id for each in rule.choices}:
        yield Finding("forgoing-basis", rule.source, field="basis")
    elif facts.ground == "approved" and not facts.papers:
        yield Finding("approval-missing-paper", rule.source, field="papers")
    if not facts.reason.strip():
        yield Finding("forgoing-reason-missing", rule.source, field="reason")
    yield from few_papers_findings(facts)


def written_report_findings(facts: StepFacts) -> Iterator[Finding]:
    """W24, as a warning: within fifteen calendar days of the decision; a late report is handed in, and is late."""
    if facts.reported:
        yield Finding("written-report-handed-in")
    if facts.received_at is None:
        return
    clock = law.clock("W24", facts.received_at, on=facts.lot.law_on)
    if local_day(facts.at) > clock.result_on:
        params = {"at_most_days": clock.limit.at_most, "latest_on": clock.result_on.isoformat()}
        yield Finding("W24", clock.limit.source, params, level=WARNING)
