"""Publicity of the shortlisted bidders, award decision, contract, termination."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.passing import candidates
from yiwang.business.trading.rules.standing import stood_still
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, shown
from yiwang.pure.kernel.findings import WARNING, Finding
from yiwang.pure.kernel.money import shown_yuan


def publicity_start_findings(facts: StepFacts) -> Iterator[Finding]:
    """W21: it starts at the latest three calendar days after the report came. Late is recorded, not undone."""
    received_at = facts.lot.report_received_at
    publish_at = facts.publish_at
    if received_at is None or publish_at is None:
        yield Finding("report-missing", field="publish_at")
        return
    clock = law.clock("W21-start", received_at, on=facts.lot.law_on)
    if publish_at >= clock.result_at:
        yield _late(clock, facts, local_day(received_at), local_day(publish_at), "publish_at")


def _late(clock: law.Clock, facts: StepFacts, after_on: date, on: date, field: str) -> Finding:
    """A period that has passed, as a warning; where the supervisor had the tender suspended meanwhile it says when."""
    lot, limit = facts.lot, clock.limit
    latest = {"latest_on": clock.result_on.isoformat()}
    stopped = stood_still(lot.standstills, after_on, on)
    if not stopped:
        return Finding(limit.id, limit.source, latest, field, WARNING)
    source = f"{limit.source}；{law.rule('W28-suspend', on=lot.law_on).source}"
    return Finding(f"{limit.id}-stopped", source, latest | stopped, field, WARNING)


def publicity_length_findings(facts: StepFacts) -> Iterator[Finding]:
    """W21: it runs at least three calendar days; a last day that is off moves on (民法典 203)."""
    publish_at, until_at = facts.publish_at, facts.publicity_until_at
    if publish_at is None or until_at is None:
        yield Finding("publicity-missing", field="publicity_until_on")
        return
    clock = law.clock("W21", publish_at, on=facts.lot.law_on).certain()
    if until_at < clock.result_at:
        yield Finding(
            "W21",
            clock.limit.source,
            {"at_least_days": clock.limit.at_least, "last_on": clock.result_on.isoformat()},
            "publicity_until_on",
        )


def publicity_over_findings(facts: StepFacts) -> Iterator[Finding]:
    """W21: nothing is decided before the announced period has run."""
    until_at = facts.lot.publicity_until_at
    if until_at is None or facts.at < until_at:
        yield Finding(
            "publicity-running",
            law.limit("W21", on=facts.lot.law_on).source,
            {"until": shown(until_at) if until_at else "—"},
        )


def rank_one_findings(facts: StepFacts) -> Iterator[Finding]:
    """W22: where state funds control, the first in rank is awarded of those that were not passed over."""
    left = candidates(facts.bids)
    first = left[0].bidder if left else ""
    if facts.subject != first and (
        facts.lot.state_funded or facts.subject not in {each.bidder for each in left}
    ):
        yield Finding("W22", law.rule("W22", on=facts.lot.law_on).source, {"first": first or "—"}, "bidder")


def valid_until_on(deadline_at: datetime, validity_days: int) -> date:
    """招标条例 25: the validity of bids runs from the deadline; its own day does not count."""
    return local_day(deadline_at) + timedelta(days=validity_days)


def validity_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 25: after its validity a bid binds nobody. An award then is recorded, and the winner may decline it."""
    lot = facts.lot
    if lot.deadline_at is None or lot.validity_days < 1:
        return
    until_on = valid_until_on(lot.deadline_at, lot.validity_days)
    if local_day(facts.at) > until_on:
        source = law.rule("W-validity", on=lot.law_on).source
        yield Finding("validity-over", source, {"until_on": until_on.isoformat()}, level=WARNING)


def contract_period_findings(facts: StepFacts) -> Iterator[Finding]:
    """W23: within thirty calendar days of the award letter. A late contract is recorded as late, not refused."""
    if facts.signed_on is None or facts.received_at is None:
        yield Finding("contract-day-missing", field="signed_on")
        return
    clock = law.clock("W23", facts.received_at, on=facts.lot.law_on)
    if facts.signed_on < local_day(facts.received_at):
        yield Finding("contract-before-letter", clock.limit.source, field="signed_on")
    if facts.signed_on > local_day(facts.at):
        yield Finding("contract-in-the-future", field="signed_on")
    if facts.signed_on > clock.result_on:
        yield _late(clock, facts, local_day(facts.received_at), facts.signed_on, "signed_on")


def contract_amount_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标投标法 46: the contract follows the bid; no other price."""
    price = next((each.price_fen for each in facts.bids if each.bidder == facts.subject), 0)
    if facts.amount_fen != price:
        yield Finding(
            "contract-amount",
            law.limit("W23", on=facts.lot.law_on).source,
            {"price_yuan": shown_yuan(price)},
            "amount",
        )


def performance_bond_findings(facts: StepFacts) -> Iterator[Finding]:
    """W26: at most a tenth of the contract."""
    limit = law.limit("W26", on=facts.lot.law_on)
    at_most = int(facts.amount_fen * limit.share)
    if facts.bond_fen > at_most:
        yield Finding(
            "W26", limit.source, {"at_most_yuan": shown_yuan(at_most), "percent": limit.at_most}, "bond"
        )


def unlawfulness_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 23: documents that break the law are amended and the tender is held again; it is said what they break."""
    if not facts.reason.strip():
        source = law.rule("W-unlawful-documents", on=facts.lot.law_on).source
        yield Finding("unlawfulness-missing", source, field="reason")


def reason_findings(facts: StepFacts) -> Iterator[Finding]:
    """A termination gives its reason (招标条例 31)."""
    if not facts.reason.strip():
        yield Finding("reason-missing", law.rule("W-termination", on=facts.lot.law_on).source, field="reason")
