"""Objections to the tender documents: raised in time (W07), answered in time (W08), nothing goes on before."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.findings import WARNING, Finding


def objection_time_findings(facts: StepFacts) -> Iterator[Finding]:
    """W07: raised at the latest on the day that lies so many calendar days before the deadline, to its end."""
    lot = facts.lot
    if lot.deadline_at is None:
        yield Finding("timetable-missing")
        return
    clock = law.clock("W07", lot.deadline_at, on=lot.law_on)
    if facts.at >= clock.result_at:
        yield Finding(
            "W07",
            clock.limit.source,
            {
                "at_least_days": clock.limit.at_least,
                "latest_on": clock.result_on.isoformat(),
                "deadline": shown(lot.deadline_at),
            },
        )


def answer_time_findings(facts: StepFacts) -> Iterator[Finding]:
    """W08, as a warning: a late answer is better than none, and it alone ends the suspension.

    ``facts.received_at`` is the instant at which the objection was raised.
    """
    if facts.received_at is None:
        return
    clock = law.clock("W08", facts.received_at, on=facts.lot.law_on)
    if facts.at >= clock.result_at:
        params = {"at_most_days": clock.limit.at_most, "latest_on": clock.result_on.isoformat()}
        yield Finding("W08", clock.limit.source, params, level=WARNING)


def suspension_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 22: before the answer the tender is suspended; it is neither closed nor opened."""
    if facts.lot.suspended or facts.lot.postponed:
        yield Finding("suspended", law.limit("W08", on=facts.lot.law_on).source)
