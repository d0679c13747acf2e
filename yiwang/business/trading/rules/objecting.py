"""Objections to documents, opening and result: raised in time, answered in time, and nothing goes on before."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.findings import WARNING, Finding

# What an upheld objection to the result leads to, the heaviest first: where several were upheld, it decides.
RETENDER, RE_EVALUATION, NEW_PUBLICITY = "retender", "re-evaluation", "publicity"
REMEDIES = (RETENDER, RE_EVALUATION, NEW_PUBLICITY)


def heaviest_remedy(promised: Collection[str]) -> str:
    """Which of the remedies that were promised decides; "" where none was."""
    return next((each for each in REMEDIES if each in promised), "")


def objection_time_findings(facts: StepFacts) -> Iterator[Finding]:
    """W07 (prequalification W06): raised at the latest so many calendar days before the deadline, to that day's end."""
    lot = facts.lot
    if lot.deadline_at is None:
        yield Finding("timetable-missing")
        return
    rule = "W06" if lot.stage == "applying" else "W07"
    clock = law.clock(rule, lot.deadline_at, on=lot.law_on)
    if facts.at >= clock.result_at:
        yield Finding(
            rule,
            clock.limit.source,
            {
                "at_least_days": clock.limit.at_least,
                "latest_on": clock.result_on.isoformat(),
                "deadline": shown(lot.deadline_at),
            },
        )


def standing_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 22: potential bidders, who took the documents, or others whom they concern; the latter say how."""
    if not facts.taken and not facts.interest.strip():
        source = law.limit("W07", on=facts.lot.law_on).source
        yield Finding("documents-interest-missing", source, field="interest")


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


def was_opened_findings(facts: StepFacts) -> Iterator[Finding]:
    """W09: those present object to the opening, whose bids were unsealed before everybody's eyes."""
    if facts.by.organisation not in facts.bidders:
        yield Finding("bid-not-opened", law.rule("W09", on=facts.lot.law_on).source)
    if facts.lot.panel > 1:  # the opening is over: the lot waits for another committee alone
        yield Finding("opening-over", law.rule("W09", on=facts.lot.law_on).source)


def opening_answered_findings(facts: StepFacts) -> Iterator[Finding]:
    """W09: what is raised at the opening is answered there, before the bids go to the committee."""
    if facts.lot.suspended:
        yield Finding("opening-objection-open", law.rule("W09", on=facts.lot.law_on).source)


def publicity_running_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 54: objections to the result are raised while the publicity runs, to its last second."""
    until_at = facts.lot.publicity_until_at
    if until_at is None or facts.at >= until_at:
        yield Finding(
            "result-objection-late",
            law.limit("W21", on=facts.lot.law_on).source,
            {"until": shown(until_at) if until_at else "—"},
        )


def interest_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 54: bidders, or others whom the result concerns; the latter say in which way."""
    if facts.by.organisation not in facts.bidders and not facts.interest.strip():
        yield Finding("interest-missing", law.limit("W08", on=facts.lot.law_on).source, field="interest")


def result_answered_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 54: before the answer the tender is suspended; publicity does not end and nothing is awarded."""
    if facts.lot.suspended:
        yield Finding("result-objection-open", law.limit("W08", on=facts.lot.law_on).source)


def upheld_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only an objection that was found right undoes what was publicised."""
    if facts.remedy not in REMEDIES:
        yield Finding("remedy-missing", law.limit("W08", on=facts.lot.law_on).source, field="remedy")
