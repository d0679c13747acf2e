"""Consortia (联合体): who they are, what each does, and what the bid of one needs (招标投标法 31, 招标条例 37). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from yiwang.business.trading.rules.facts import PartnerFacts, StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.codes import uscc_findings
from yiwang.pure.kernel.findings import Finding

LEAST, MOST = 2, 8
WHOLE = 100
TEXT_AT_MOST = 200


def consortium_findings(facts: StepFacts) -> Iterator[Finding]:
    """Objections to a bid of a consortium as it is handed in; about other bids nothing is said before the opening."""
    partners = facts.sheet.consortium if facts.sheet else ()
    if not partners:
        if facts.agreement:
            yield Finding("consortium-members-missing", field="consortium")
        return
    on = facts.lot.law_on
    if not facts.lot.consortium_allowed:
        yield Finding(
            "W-consortium-notice", law.rule("W-consortium-notice", on=on).source, field="consortium"
        )
    rule = law.rule("W-consortium-agreement", on=on)
    yield from _members_findings(partners, facts.by.organisation, rule.source)
    sides = {facts.lot.tenderee, facts.lot.agency} - {""}
    if sides & {each.code for each in partners[1:]}:
        yield Finding("agency-bids", law.rule("W-agency-bids", on=on).source, field="consortium")
    if not facts.agreement:
        yield Finding("W-consortium-agreement", rule.source, field="papers_agreement")


def consent_findings(
    facts: StepFacts, leader: str, *, known: bool, given: bool, bids: bool
) -> Iterator[Finding]:
    """Objections to a member's own word that it bids under ``leader``: while bids are handed in, once, and not beside a bid.

    ``known``: the leader has an account; ``given``: another word of the member stands; ``bids``: the member itself bids.
    """
    lot, on = facts.lot, facts.lot.law_on
    source = law.rule("W-consortium-agreement", on=on).source
    if (
        lot.stage != "bidding"
        or lot.deadline_at is None
        or (facts.at >= lot.deadline_at and not lot.postponed)
    ):
        yield Finding("consent-closed", source)
    if not lot.consortium_allowed:
        yield Finding("W-consortium-notice", law.rule("W-consortium-notice", on=on).source)
    if leader == facts.by.organisation:
        yield Finding("consent-to-oneself", source, field="leader")
    elif not known or leader in {lot.tenderee, lot.agency}:
        yield Finding("consent-leader-unknown", source, field="leader")
    twice = law.rule("W-consortium", on=on).source
    if given:
        yield Finding("consent-given", twice, field="leader")
    if bids:
        yield Finding("consent-beside-bid", twice)


def _members_findings(partners: Sequence[PartnerFacts], leader: str, source: str) -> Iterator[Finding]:
    if partners[0].code != leader:
        yield Finding("consortium-leader", source, field="consortium")
    if not LEAST <= len(partners) <= MOST:
        yield Finding("consortium-size", source, {"at_least": LEAST, "at_most": MOST}, "consortium")
    codes = [each.code for each in partners]
    if len(set(codes)) < len(codes):
        yield Finding("consortium-twice", source, field="consortium")
    for each in partners:
        yield from uscc_findings(each.code, "consortium")
        lengths = (len(each.name.strip()), len(each.work.strip()))
        if not (2 <= lengths[0] <= 120 and 2 <= lengths[1] <= TEXT_AT_MOST):
            yield Finding("consortium-work", source, {"at_most": TEXT_AT_MOST}, "consortium")
    shares = [each.percent for each in partners]
    if any(not 0 < each < WHOLE for each in shares) or sum(shares) != WHOLE:
        yield Finding("consortium-shares", source, {"sum": sum(shares)}, "consortium")


def taken_part_twice(bids: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Who takes part in more than one bid of a lot, alone or in a consortium, and in which.

    ``bids`` has for each bidder all that take part in its bid, itself included; all of the bids named are void
    (招标条例 37).
    """
    found: dict[str, list[str]] = {}
    for bidder, parties in bids.items():
        for each in dict.fromkeys(parties):
            found.setdefault(each, []).append(bidder)
    return {each: tuple(sorted(bidders)) for each, bidders in found.items() if len(bidders) > 1}
