"""The timetable and terms of a tender before its notice may go out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.days import days_between, local_day
from yiwang.pure.kernel.findings import WARNING, Finding
from yiwang.pure.kernel.money import shown_yuan


def bid_period_findings(facts: StepFacts) -> Iterator[Finding]:
    """W03: from the first issue of the documents to the deadline, calendar days, first day not counted."""
    lot = facts.lot
    if lot.documents_from_at is None or lot.deadline_at is None:
        yield Finding("timetable-missing", field="deadline_at")
        return
    clock = law.clock("W03", lot.documents_from_at, on=lot.law_on)
    if local_day(lot.deadline_at) < clock.result_on:
        yield Finding(
            "W03",
            clock.limit.source,
            {
                "given_days": days_between(local_day(lot.documents_from_at), local_day(lot.deadline_at)),
                "at_least_days": clock.limit.at_least,
                "earliest_on": clock.result_on.isoformat(),
            },
            "deadline_at",
        )


def sale_period_findings(facts: StepFacts) -> Iterator[Finding]:
    """W01: the window in which documents can be had; below the inclusive count refused, below the strict warned."""
    lot = facts.lot
    if lot.documents_from_at is None or lot.documents_until_on is None:
        yield Finding("timetable-missing", field="documents_until_on")
        return
    clock = law.clock("W01", lot.documents_from_at, on=lot.law_on)
    params = {"at_least_days": clock.limit.at_least, "last_on": clock.result_on.isoformat()}
    if lot.documents_until_on < clock.result_on:
        yield Finding("W01", clock.limit.source, params, "documents_until_on")
    elif lot.documents_until_on < clock.strict_on:
        yield Finding(
            "W01-strict",
            clock.limit.source,
            {**params, "strict_on": clock.strict_on.isoformat()},
            "documents_until_on",
            WARNING,
        )
    if lot.deadline_at is not None and lot.documents_until_on > local_day(lot.deadline_at):
        yield Finding("sale-after-deadline", field="documents_until_on")


def order_findings(facts: StepFacts) -> Iterator[Finding]:
    """The notice comes first, then the documents; neither lies in the past."""
    lot = facts.lot
    publish_at = facts.publish_at or lot.publish_at
    if publish_at is not None and publish_at < facts.at - timedelta(minutes=1):
        yield Finding("publish-in-the-past", field="publish_at")
    if publish_at is not None and lot.documents_from_at is not None and lot.documents_from_at < publish_at:
        yield Finding("documents-before-notice", field="documents_from_at")


def deposit_findings(facts: StepFacts) -> Iterator[Finding]:
    """W14: the deposit is at most a share of the estimate (and of the cap in fen where one is in force)."""
    lot = facts.lot
    yield from deposit_cap_findings(facts)
    limit = law.limit("W14", on=lot.law_on)
    at_most = int(lot.estimate_fen * limit.share)
    if lot.deposit_fen > at_most:
        yield Finding(
            "W14",
            limit.source,
            {
                "deposit_yuan": shown_yuan(lot.deposit_fen),
                "at_most_yuan": shown_yuan(at_most),
                "percent": limit.at_most,
            },
            "deposit_fen",
        )


def deposit_cap_findings(facts: StepFacts) -> Iterator[Finding]:
    """W14-cap: besides the share, a cap in fen for works and goods."""
    lot = facts.lot
    cap = law.limit("W14-cap", on=lot.law_on)
    if lot.deposit_fen > cap.at_most:
        yield Finding(
            "W14-cap",
            cap.source,
            {"deposit_yuan": shown_yuan(lot.deposit_fen), "at_most_yuan": shown_yuan(cap.at_most)},
            "deposit_fen",
        )


def terms_findings(facts: StepFacts) -> Iterator[Finding]:
    """The documents and terms without which nobody can bid (招标投标法 19, 招标条例 25)."""
    lot = facts.lot
    if lot.documents == 0:
        yield Finding("documents-missing", law.rule("W-documents", on=lot.law_on).source, field="documents")
    if lot.validity_days < 1:
        yield Finding("validity-missing", law.rule("W-validity", on=lot.law_on).source, field="validity_days")
    if lot.period_days < 1:
        yield Finding("period-missing", field="period_days")
    if lot.ceiling_fen is not None and lot.ceiling_fen <= 0:
        yield Finding("ceiling-not-positive", field="ceiling_fen")


def draft_findings(facts: StepFacts) -> list[Finding]:
    """All objections to a tender notice as drafted; ``publish_at`` may still be open."""
    return [
        *order_findings(facts),
        *bid_period_findings(facts),
        *sale_period_findings(facts),
        *deposit_findings(facts),
        *terms_findings(facts),
    ]
