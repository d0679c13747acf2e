"""Clarifying and amending the documents: in time, or the deadline moves in the same act (W04; prequalification W05)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.days import days_between, local_day, shown
from yiwang.pure.kernel.findings import Finding

MOST_DAYS = 400  # no minimum of the law is a year long: what is not found until then is a mistake in the rows


def limit_of(stage: str) -> str:
    """W05 while applications to prequalify are handed in, else W04."""
    return "W05" if stage == "applying" else "W04"


def in_time(publish_at: datetime, deadline: datetime | date, on: date, limit: str = "W04") -> bool:
    """W04, W05: whether what appears at ``publish_at`` leaves the days of the law before ``deadline``."""
    return publish_at < law.clock(limit, deadline, on=on).result_at


def earliest_deadline_on(publish_at: datetime, on: date, limit: str = "W04") -> date:
    """The first day on which the deadline may lie after what may affect bids (applications) appears."""
    first = local_day(publish_at)
    for number in range(MOST_DAYS):
        day = first + timedelta(days=number)
        if in_time(publish_at, day, on, limit):
            return day
    raise ValueError(f"{limit} leaves no day within {MOST_DAYS} days of {first}")


def moved_deadline_findings(facts: StepFacts) -> Iterator[Finding]:
    """A deadline moves forward, and only where the law wants it to: bids may be affected, or it was postponed."""
    lot, moved = facts.lot, facts.new_deadline_at
    if moved is None:
        if lot.postponed:
            yield Finding("new-deadline-needed", field="deadline_at")
        return
    if lot.deadline_at is not None and moved <= lot.deadline_at:
        yield Finding("deadline-not-later", params={"deadline": shown(lot.deadline_at)}, field="deadline_at")
    if facts.publish_at is not None and moved <= facts.publish_at:
        yield Finding("deadline-not-ahead", field="deadline_at")
    if not facts.affects_bids and not lot.postponed:
        yield Finding("deadline-unmoved", field="deadline_at")


def clarification_period_findings(facts: StepFacts) -> Iterator[Finding]:
    """W04 (W05) where bids (applications) may be affected, by the deadline as it will be; without effect on them only "not after it"."""
    lot, publish_at = facts.lot, facts.publish_at
    deadline_at = facts.new_deadline_at or lot.deadline_at
    if deadline_at is None or publish_at is None:
        yield Finding("timetable-missing", field="publish_at")
        return
    if not facts.affects_bids:
        if publish_at >= deadline_at and not lot.postponed:
            yield Finding(
                "clarification-too-late", params={"deadline": shown(deadline_at)}, field="publish_at"
            )
        return
    rule = limit_of(lot.stage)
    if not in_time(publish_at, deadline_at, lot.law_on, rule):
        limit = law.limit(rule, on=lot.law_on)
        yield Finding(
            rule,
            limit.source,
            {
                "given_days": max(days_between(local_day(publish_at), local_day(deadline_at)), 0),
                "at_least_days": limit.at_least,
                "earliest_on": earliest_deadline_on(publish_at, lot.law_on, rule).isoformat(),
            },
            "deadline_at",
        )


def amendment_due_findings(facts: StepFacts) -> Iterator[Finding]:
    """A new deadline after an answer that amends the documents is set with that amendment, by W04."""
    if facts.lot.postponed and facts.amendment_due and not facts.affects_bids:
        yield Finding(
            "amendment-due",
            law.limit(limit_of(facts.lot.stage), on=facts.lot.law_on).source,
            field="affects_bids",
        )


def clarification_findings(facts: StepFacts) -> Iterator[Finding]:
    """All that the timetable has against a clarification that appears at ``facts.publish_at``."""
    yield from moved_deadline_findings(facts)
    yield from clarification_period_findings(facts)
    yield from amendment_due_findings(facts)
    if facts.publish_at is not None and facts.publish_at < facts.at - timedelta(minutes=1):
        yield Finding("publish-in-the-past", field="publish_at")
