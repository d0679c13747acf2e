"""Handing in, replacing and withdrawing; the deadline."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.days import end_of, shown
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.money import MAX_FEN

MAX_PAPERS = 40
MAX_TEXT = 100


def before_deadline_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标投标法 28: what arrives after the deadline is refused; the instant of the last byte decides."""
    deadline_at, received_at = facts.lot.deadline_at, facts.received_at
    if deadline_at is None or received_at is None:
        yield Finding("timetable-missing")
    elif received_at >= deadline_at and facts.lot.stage == "bidding" and _on_hold(facts):
        yield Finding("deadline-suspended", hold_source(facts))
    elif received_at >= deadline_at:
        yield Finding(
            "late-bid",
            law.rule("W-late", on=facts.lot.law_on).source,
            {"deadline": shown(deadline_at, seconds=True), "received": shown(received_at, seconds=True)},
        )


def _on_hold(facts: StepFacts) -> bool:
    """Whether the deadline passed while the tender was suspended (招标条例 22, 62), or waits to be set anew."""
    return facts.lot.suspended or facts.lot.stopped or facts.lot.postponed


def hold_source(facts: StepFacts) -> str:
    """By which article the tender is on hold: an order of the supervisor (招标条例 62), or an objection (22)."""
    on = facts.lot.law_on
    return law.rule("W28-suspend", on=on).source if facts.lot.stopped else law.limit("W08", on=on).source


def documents_open_findings(facts: StepFacts) -> Iterator[Finding]:
    """W01: documents are handed out from their first issue to the end of the announced last day, for everybody alike."""
    lot = facts.lot
    if lot.documents_from_at is None or facts.at < lot.documents_from_at:
        yield Finding(
            "documents-not-yet",
            params={"from": shown(lot.documents_from_at, begins=True) if lot.documents_from_at else "—"},
        )
        return
    ends = [end_of(lot.documents_until_on)] if lot.documents_until_on else []
    until_at = min([*ends, *([lot.deadline_at] if lot.deadline_at else [])], default=None)
    if until_at is not None and facts.at >= until_at:
        source = law.limit("W01", on=lot.law_on).source
        yield Finding("documents-over", source, {"until": shown(until_at)})


def may_bid_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 13: the agency may not bid in what it runs; nor does the tenderee bid with itself."""
    if facts.by.organisation in (facts.lot.tenderee, facts.lot.agency):
        yield Finding("agency-bids", law.rule("W-agency-bids", on=facts.lot.law_on).source)


def sheet_findings(facts: StepFacts) -> Iterator[Finding]:
    """The opening sheet is complete and every figure is in range; the content is nobody's business yet."""
    sheet = facts.sheet
    if sheet is None:
        yield Finding("sheet-missing", field="price")
        return
    if not 0 < sheet.price_fen <= MAX_FEN:
        yield Finding("price-not-positive", field="price")
    if not 0 < sheet.period_days <= 36_500:
        yield Finding("period-out-of-range", field="period_days")
    if not 0 <= sheet.deposit_fen <= MAX_FEN:
        yield Finding("deposit-out-of-range", field="deposit")
    texts = (
        ("quality", sheet.quality),
        ("manager", sheet.manager),
        ("manager_certificate", sheet.manager_certificate),
    )
    for field, text in texts:
        if not text.strip() or len(text) > MAX_TEXT:
            yield Finding("sheet-text", params={"at_most": MAX_TEXT}, field=field)
    if facts.papers > MAX_PAPERS:
        yield Finding("too-many-papers", params={"at_most": MAX_PAPERS}, field="papers")


def first_envelope_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 51(4): one bid a bidder; a second one replaces the first, expressly."""
    if facts.own_envelopes:
        ground = law.rule("W30", on=facts.lot.law_on).choice("two-bids-or-prices")
        yield Finding("already-bid", ground.source)


def own_envelope_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only who has a bid can replace or withdraw it (招标投标法 29)."""
    if not facts.own_envelopes:
        yield Finding("no-bid-yet", law.rule("W-replace", on=facts.lot.law_on).source)


def deadline_reached_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标投标法 34: the opening is at the deadline, never before."""
    deadline_at = facts.lot.deadline_at
    if deadline_at is None or facts.at < deadline_at:
        yield Finding(
            "opened-early",
            law.rule("W-opening", on=facts.lot.law_on).source,
            {"deadline": shown(deadline_at, seconds=True) if deadline_at else "—"},
        )


def enough_bidders_findings(facts: StepFacts) -> Iterator[Finding]:
    """W11: fewer bidders than the law demands may not be opened."""
    limit = law.limit("W11", on=facts.lot.law_on)
    if facts.envelopes < limit.at_least:
        yield Finding("W11", limit.source, {"bidders": facts.envelopes, "at_least": limit.at_least})


def too_few_bidders_findings(facts: StepFacts) -> Iterator[Finding]:
    """A tender fails for want of bidders only when there is such a want (W11)."""
    limit = law.limit("W11", on=facts.lot.law_on)
    if facts.envelopes >= limit.at_least:
        yield Finding("not-too-few", limit.source, {"bidders": facts.envelopes, "at_least": limit.at_least})
