"""The committee, its decisions, and 经评审的最低投标价法 in exact integers of fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yiwang.business.trading.rules.facts import BidFacts, MemberFacts, StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.findings import WARNING, Finding

EXPERT_KINDS = ("technical", "economic")
TIE_AT_MOST = 600


def committee_size_findings(facts: StepFacts) -> Iterator[Finding]:
    """W16: an odd number, at least five."""
    limit = law.limit("W16", on=facts.lot.law_on)
    size = len(facts.committee)
    if size < limit.at_least or size % 2 == 0:
        yield Finding("W16", limit.source, {"size": size, "at_least": limit.at_least}, "members")
    if not _told_apart(facts.committee):
        yield Finding("committee-names", field="members")


def _told_apart(members: Sequence[MemberFacts]) -> bool:
    """Whether every member has a name and sits once. Two persons of the register may have the same name; on paper
    nothing but the name says who somebody is."""
    names = [each.name.strip() for each in members]
    persons = [each.person for each in members if each.person]
    on_paper = [name for name, each in zip(names, members, strict=True) if not each.person]
    return (
        all(names) and len(set(persons)) == len(persons) and all(names.count(each) == 1 for each in on_paper)
    )


def committee_experts_findings(facts: StepFacts) -> Iterator[Finding]:
    """W16: technical and economic experts are at least two thirds, compared as exact fractions."""
    limit = law.limit("W16-experts", on=facts.lot.law_on)
    experts = sum(each.kind in EXPERT_KINDS for each in facts.committee)
    if facts.committee and experts < len(facts.committee) * limit.share:
        yield Finding(
            "W16-experts", limit.source, {"experts": experts, "size": len(facts.committee)}, "members"
        )


def conflict_findings(facts: StepFacts) -> Iterator[Finding]:
    """W17: nobody who works for a bidder sits on the committee; the supervisor's staff neither (招标条例 46)."""
    for member in facts.committee:
        if member.employer_code and member.employer_code in facts.bidders:
            yield Finding(
                "W17-conflict", law.rule("W17", on=facts.lot.law_on).source, {"name": member.name}, "members"
            )
        if member.supervises:
            source = law.rule("W-supervisor-sits", on=facts.lot.law_on).source
            yield Finding("supervisor-sits", source, {"name": member.name}, "members")


def lawful_ground_findings(facts: StepFacts) -> Iterator[Finding]:
    """W30: a bid is rejected on one of the seven grounds, and the reason is written."""
    rule = law.rule("W30", on=facts.lot.law_on)
    if facts.ground not in {each.id for each in rule.choices}:
        yield Finding("W30", rule.source, field="ground")
    if not facts.reason.strip():
        yield Finding("reason-missing", rule.source, field="reason")
    if facts.subject not in {each.bidder for each in facts.bids}:
        yield Finding("no-such-bid", field="bidder")


def lowest_first(bids: Sequence[BidFacts]) -> list[BidFacts]:
    """The valid bids by evaluated price, lowest first; equal prices stay in the order of the opening."""
    valid = [each for each in bids if each.status == "valid" and each.evaluated_fen is not None]
    return sorted(valid, key=lambda each: each.evaluated_fen or 0)


def ranking_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标投标法 41(2): the ranking follows the evaluated price; a tie is broken by what the documents say."""
    if facts.lot.method.scores:
        return
    rule = law.rule("W-lowest", on=facts.lot.law_on)
    ordered = lowest_first(facts.bids)
    by_bidder = {each.bidder: each for each in ordered}
    if not facts.ranking:
        yield Finding("ranking-missing", rule.source, field="ranking")
        return
    if len(set(facts.ranking)) < len(facts.ranking) or any(each not in by_bidder for each in facts.ranking):
        yield Finding("ranking-not-valid", rule.source, field="ranking")
        return
    prices = [by_bidder[each].evaluated_fen for each in facts.ranking]
    if prices != [each.evaluated_fen for each in ordered[: len(prices)]]:
        yield Finding("ranking-not-lowest", rule.source, {"lowest": ordered[0].bidder}, "ranking")
    tied = [each for each in ordered if each.evaluated_fen == ordered[0].evaluated_fen]
    if len(tied) > 1 and not facts.tie_break.strip():
        yield Finding("tie", rule.source, {"count": len(tied)}, "tie_break")


def at_most_three_findings(facts: StepFacts) -> Iterator[Finding]:
    """W20: at most three shortlisted bidders; what is said of a tie stands in the public entry, which has a limit."""
    limit = law.limit("W20", on=facts.lot.law_on)
    if len(facts.ranking) > limit.at_most:
        yield Finding("W20", limit.source, {"given": len(facts.ranking), "at_most": limit.at_most}, "ranking")
    if len(facts.tie_break) > TIE_AT_MOST:
        yield Finding("tie-long", params={"at_most": TIE_AT_MOST}, field="tie_break")


def every_bid_decided_findings(facts: StepFacts) -> Iterator[Finding]:
    """A report says of every bid whether it stands and at which evaluated price."""
    undecided = [each.bidder for each in facts.bids if each.status == "open"]
    if undecided:
        yield Finding("undecided", params={"count": len(undecided)}, field="ranking")
    valid = sum(each.status == "valid" for each in facts.bids)
    if not undecided and not valid:
        yield Finding(
            "nothing-valid", law.rule("W-all-rejected", on=facts.lot.law_on).source, field="ranking"
        )
    elif not undecided and valid < law.limit("W13", on=facts.lot.law_on).at_least:
        # 12号令 27: the committee may go on where competition is not clearly lacking; it has to say so.
        yield Finding(
            "few-valid", law.limit("W13", on=facts.lot.law_on).source, {"valid": valid}, "ranking", WARNING
        )


def reject_all_findings(facts: StepFacts) -> Iterator[Finding]:
    """W13, 招标投标法 42: all bids rejected, or too few valid and competition clearly lacking, with the reason."""
    if not facts.reason.strip():
        yield Finding(
            "reason-missing", law.rule("W-all-rejected", on=facts.lot.law_on).source, field="reason"
        )
    standing = sum(each.status != "rejected" for each in facts.bids)
    if standing >= law.limit("W13", on=facts.lot.law_on).at_least:
        yield Finding("W13", law.limit("W13", on=facts.lot.law_on).source, {"valid": standing}, "reason")
