"""The committee at work: votes on motions, scoring sheets, time, replacement, signatures. Pure.

Nobody decides alone: a motion is carried by more than half of all members. Nobody sees a sheet of another before all
are handed in. What a replaced member did is void.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from yiwang.business.trading.rules.evaluation import reject_all_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.method_terms import MethodTerms
from yiwang.business.trading.rules.sitting_facts import SeatFacts, SittingFacts
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.money import MAX_FEN

TEXT_AT_MOST = 2000
APART_AT_LEAST, APART_AT_MOST = 10, 200
UNCLEAR = ("unclear-meaning", "obvious-slip", "arithmetic")
CORRECTIONS = ("words-over-figures", "unit-price", "decimal-point", "sum")
STANDS, FALLS = "stands", "falls"  # what a re-examination finds about a candidate
REPLACED_FOR = ("conflict", "absent", "health")
type Sheet = Mapping[str, Mapping[str, Decimal]]


def motion_outcome(members: int, in_favour: int, against: int) -> bool | None:
    """True: more than half of all members are for it. False: that can no longer come. None: votes are awaited."""
    if 2 * in_favour > members:
        return True
    return False if 2 * (members - against) <= members else None


def extension_due(members: int, asked: int, on: date) -> bool:
    """W18: more than a third of the members ask for more time, compared exactly."""
    return asked > members * law.limit("W18", on=on).share


def _sitting(facts: StepFacts) -> SittingFacts:
    if facts.sitting is None:
        raise ValueError("the committee was not looked at")
    return facts.sitting


def seat_of(facts: StepFacts) -> SeatFacts | None:
    """The seat of whoever acts; None where they do not sit on this committee now."""
    return next((each for each in _sitting(facts).seats if each.person == facts.by.person), None)


def seated_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only who sits on the committee now acts in it."""
    if not facts.by.person or seat_of(facts) is None:
        yield Finding("not-seated", law.rule("W17", on=facts.lot.law_on).source)


def registered_findings(facts: StepFacts) -> Iterator[Finding]:
    """A committee works online or on paper, all of it; who scores has a login. W17-years for the experts.

    On paper a namesake of who left is another person where it is written down what tells them apart.
    """
    limit = law.limit("W17-years", on=facts.lot.law_on)
    people = [each.person for each in facts.committee if each.person]
    if people and len(people) < len(facts.committee):
        yield Finding("committee-mixed", field="members")
    if facts.lot.method.scores and not people:
        yield Finding("committee-online", law.rule("W-best", on=facts.lot.law_on).source, field="members")
    if len(set(people)) < len(people):
        yield Finding("committee-twice", field="members")
    for each in facts.committee:
        said = each.told_apart.strip()
        if said and not (APART_AT_LEAST <= len(said) <= APART_AT_MOST and each.employer.strip()):
            params = {"name": each.name, "at_least": APART_AT_LEAST, "at_most": APART_AT_MOST}
            yield Finding("told-apart", params=params, field="members")
        if each.person and not each.registered:
            yield Finding("expert-not-listed", field="members")
        elif each.person and each.kind != "representative" and each.years < limit.at_least:
            yield Finding(
                "W17-years", limit.source, {"name": each.name, "at_least": limit.at_least}, "members"
            )


def on_paper_findings(facts: StepFacts) -> Iterator[Finding]:
    """Where the members work online, they decide by their votes: nobody enters a decision for them."""
    if _sitting(facts).online and facts.by.role == "centre":
        yield Finding("committee-decides", law.rule("W-evaluation", on=facts.lot.law_on).source)


def motion_findings(facts: StepFacts) -> Iterator[Finding]:
    """What is proposed: a rejection on a lawful ground (W30), or an arithmetical correction (W-arithmetic)."""
    sitting, motion = _sitting(facts), _sitting(facts).motion
    if motion is None:
        raise ValueError("no motion to look at")
    if motion.matter == "reject-all":
        yield from _rejecting_all_findings(facts)
        return
    if facts.subject not in {each.bidder for each in facts.bids}:
        yield Finding("no-such-bid", field="bidder")
    if not 0 < len(facts.reason.strip()) <= TEXT_AT_MOST:
        yield Finding("reason-missing", law.rule("W30", on=facts.lot.law_on).source, field="reason")
    if facts.subject in sitting.pending:
        yield Finding("motion-pending", field="bidder")
    if facts.subject in {each.bidder for each in facts.bids if each.status == "rejected"}:
        yield Finding("bid-rejected", field="bidder")
    if motion.matter == "reject":
        rule = law.rule("W30", on=facts.lot.law_on)
        if facts.ground not in {each.id for each in rule.choices}:
            yield Finding("W30", rule.source, field="ground")
        return
    rule = law.rule("W-arithmetic", on=facts.lot.law_on)
    if motion.basis not in CORRECTIONS:
        yield Finding("correction-basis", rule.source, field="basis")
    if motion.evaluated_fen is None or not 0 < motion.evaluated_fen <= MAX_FEN:
        yield Finding("evaluated-not-positive", field="evaluated")
    elif motion.evaluated_fen == motion.before_fen:
        yield Finding("correction-nothing", field="evaluated")
    if not motion.confirmed:
        yield Finding("correction-unconfirmed", rule.source, field="bidder")


def _rejecting_all_findings(facts: StepFacts) -> Iterator[Finding]:
    """W13: all at once are rejected where the law lets it, and when no other decision waits for votes."""
    yield from reject_all_findings(facts)
    if len(facts.reason.strip()) > TEXT_AT_MOST:
        yield Finding("reason-missing", field="reason")
    if _sitting(facts).pending:
        yield Finding("motions-first", params={"count": len(_sitting(facts).pending)})


def conclusion_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 56: one conclusion at a time is voted on, that the candidate stands or that it falls."""
    sitting, motion = _sitting(facts), _sitting(facts).motion
    if motion is None:
        raise ValueError("no conclusion to look at")
    if motion.basis not in (STANDS, FALLS):
        yield Finding("conclusion-unknown", field="stands")
    if len(facts.reason.strip()) > TEXT_AT_MOST:
        yield Finding("conclusion-missing", field="reason")
    if facts.subject in sitting.pending:
        yield Finding("motion-pending")


def vote_findings(facts: StepFacts) -> Iterator[Finding]:
    """One vote a member on a motion that is not decided; who is against says why."""
    vote = _sitting(facts).vote
    if vote is None:
        raise ValueError("no vote to look at")
    if vote.decided:
        yield Finding("motion-decided")
    if vote.voted:
        yield Finding("voted-already")
    if not vote.in_favour and not facts.reason.strip():
        yield Finding("vote-reason", field="reason")


def review_findings(facts: StepFacts) -> Iterator[Finding]:
    """The preliminary review ends when nothing is left to be voted on and something is left to be ranked."""
    sitting = _sitting(facts)
    if not sitting.online:
        yield Finding("committee-on-paper")
    if sitting.review_ended_at is not None:
        yield Finding("review-ended")
    if sitting.pending:
        yield Finding("motions-open", params={"count": len(sitting.pending)})
    if facts.bids and all(each.status == "rejected" for each in facts.bids):
        yield Finding("nothing-valid", law.rule("W-all-rejected", on=facts.lot.law_on).source)


def points_of(text: str, decimals: int) -> Decimal | None:
    """Points as typed; None where they are no number of at most ``decimals`` decimals."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent if value.is_finite() else "n"
    if not isinstance(exponent, int) or -exponent > decimals or len(text.strip()) > 12:
        return None
    return value


def sheet_findings(
    method: MethodTerms, bidders: Sequence[str], sheet: Mapping[str, Mapping[str, str]], complete: bool
) -> Iterator[Finding]:
    """Objections to a sheet as typed: points outside the bounds of their criterion; with ``complete`` also gaps."""
    for bidder in bidders:
        for each in method.criteria:
            typed = sheet.get(bidder, {}).get(each.id, "").strip()
            field = f"{bidder}-{each.id}"
            if not typed:
                if complete:
                    yield Finding("points-missing", params={"title": each.title}, field=field)
                continue
            points = points_of(typed, method.score_decimals)
            params = {"title": each.title, "least": each.least, "full": each.full}
            if points is None:
                yield Finding("points-not-a-number", params={"decimals": method.score_decimals}, field=field)
            elif not each.least <= points <= each.full:
                yield Finding("points-out-of-range", params=params, field=field)


def changed_judgement_findings(
    method: MethodTerms, before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> Iterator[Finding]:
    """Handed in once: after that only what is objective may still be settled."""
    for bidder, given in before.items():
        for each in method.criteria:
            if not each.objective and bidder in after and after[bidder].get(each.id) != given.get(each.id):
                yield Finding("judgement-is-final", params={"title": each.title}, field=f"{bidder}-{each.id}")


def scoring_open_findings(facts: StepFacts) -> Iterator[Finding]:
    """Sheets are filled in after the preliminary review, and handed in once."""
    sitting = _sitting(facts)
    seat = seat_of(facts)
    if not facts.lot.method.scores:
        yield Finding("nothing-to-score")
    elif sitting.review_ended_at is None or any(each.status == "open" for each in facts.bids):
        yield Finding("review-first")
    if seat is not None and seat.handed_in:
        yield Finding("sheet-handed-in")


def scores_complete_findings(facts: StepFacts) -> Iterator[Finding]:
    """A report on scores follows when every member has handed in."""
    if not facts.lot.method.scores:
        return
    missing = sum(not each.handed_in for each in _sitting(facts).seats)
    if missing or not _sitting(facts).seats:
        yield Finding(
            "sheets-missing", law.rule("W-best", on=facts.lot.law_on).source, {"count": missing}, "ranking"
        )


def ranking_by_score_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标投标法 41(1): the ranking is the order of the calculation; equal bids as the documents provide (W-tie)."""
    if not facts.lot.method.scores:
        return
    rule = law.rule("W-best", on=facts.lot.law_on)
    if not facts.ranking:
        yield Finding("ranking-missing", rule.source, field="ranking")
        return
    keys = {each.bidder: (each.points, each.evaluated_fen) for each in facts.bids if each.points is not None}
    ordered = sorted(keys, key=lambda each: (-(keys[each][0] or Decimal(0)), keys[each][1] or 0))
    if len(set(facts.ranking)) < len(facts.ranking) or any(each not in keys for each in facts.ranking):
        yield Finding("ranking-not-valid", rule.source, field="ranking")
        return
    wanted = [keys[each] for each in ordered[: len(facts.ranking)]]
    if [keys[each] for each in facts.ranking] != wanted:
        yield Finding("ranking-not-by-score", rule.source, field="ranking")
    tied = [each for each in ordered if keys[each] == keys[ordered[0]]]
    if len(tied) > 1 and not facts.tie_break.strip():
        source = law.rule("W-tie", on=facts.lot.law_on).source
        yield Finding("tie-by-score", source, {"count": len(tied)}, "tie_break")


def time_granted_findings(facts: StepFacts) -> Iterator[Finding]:
    """W18: where more than a third asked for more time, nothing is concluded before it was granted."""
    sitting = _sitting(facts)
    asked = sum(each.asked_time for each in sitting.seats)
    if extension_due(len(sitting.seats), asked, facts.lot.law_on):
        yield Finding("W18", law.limit("W18", on=facts.lot.law_on).source, {"asked": asked})


def extension_findings(facts: StepFacts) -> Iterator[Finding]:
    """The time is extended where more than a third ask, to an instant that lies ahead and later than before."""
    sitting = _sitting(facts)
    asked = sum(each.asked_time for each in sitting.seats)
    source = law.limit("W18", on=facts.lot.law_on).source
    if not extension_due(len(sitting.seats), asked, facts.lot.law_on):
        yield Finding("W18-not-due", source, {"asked": asked})
    before = sitting.until_at
    if facts.publish_at is None or facts.publish_at <= max(before or facts.at, facts.at):
        yield Finding("extension-later", source, field="until_at")


def replacement_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 48: a member is replaced on a conflict, for being absent, or for health; never as one likes.

    Who follows evaluates anew: nobody does whose conclusions are void.
    """
    source = law.rule("W-replaced", on=facts.lot.law_on).source
    if facts.reason not in REPLACED_FOR:
        yield Finding("W-replaced", source, field="why")
    if facts.panel is not None and facts.panel.returning:
        yield Finding("member-returns", source, {"names": "、".join(facts.panel.returning)}, "members")


def inquiry_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 52: asked in writing, about what is unclear, a slip of the pen or of the sum, and nothing else."""
    rule = law.rule("W-unclear", on=facts.lot.law_on)
    if facts.ground not in UNCLEAR:
        yield Finding("W-unclear", rule.source, field="unclear")
    if not 0 < len(facts.text.strip()) <= TEXT_AT_MOST:
        yield Finding("inquiry-length", rule.source, {"at_most": TEXT_AT_MOST}, "text")
    if facts.subject not in {each.bidder for each in facts.bids}:
        yield Finding("no-such-bid", field="bidder")


def answer_findings(facts: StepFacts) -> Iterator[Finding]:
    """The bidder that was asked answers once, in writing."""
    rule = law.rule("W-unclear", on=facts.lot.law_on)
    if facts.subject != facts.by.organisation:
        yield Finding("inquiry-not-yours", rule.source)
    if not 0 < len(facts.text.strip()) <= TEXT_AT_MOST:
        yield Finding("inquiry-length", rule.source, {"at_most": TEXT_AT_MOST}, "text")


def drawn_up_findings(facts: StepFacts) -> Iterator[Finding]:
    """There is a report to sign, and this member has not yet said anything about it; dissent says why (W19)."""
    rule = law.rule("W19", on=facts.lot.law_on)
    sitting = _sitting(facts)
    if not sitting.drawn_up:
        yield Finding("report-not-drawn-up", rule.source)
    elif sitting.signing is not None and sitting.signing.done:
        yield Finding("signed-already", rule.source)
    if sitting.signing is not None and sitting.signing.how == "dissent" and not facts.text.strip():
        yield Finding("dissent-reasons", rule.source, field="text")


def all_signed_findings(facts: StepFacts) -> Iterator[Finding]:
    """W19: before the report goes to the tenderee every member has signed, dissented, or is taken to agree."""
    sitting = _sitting(facts)
    if not sitting.online:
        return
    rule = law.rule("W19", on=facts.lot.law_on)
    if not sitting.drawn_up:
        yield Finding("report-not-drawn-up", rule.source)
        return
    missing = sum(not each.signed for each in sitting.seats)
    if missing:
        yield Finding("signatures-missing", rule.source, {"count": missing})
