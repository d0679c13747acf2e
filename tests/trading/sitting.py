"""A market whose committee works online: registered experts, their sheets, their report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal as D

from tests.trading.methods import CRITERIA, FLOATING, SCORED
from tests.trading.world import CONTACT, ELSEWHERE, Market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.law import api as law
from yiwang.pure.kernel.actors import EXPERT, Actor
from yiwang.pure.kernel.days import local_day, on_day_at

KINDS = ("technical", "technical", "economic", "technical", "representative", "technical", "economic")
PRICES = [500_000_000, 490_000_000, 510_000_000]
# Criterion → points, the same for every bidder unless a test says otherwise.
USUAL = {"c1": "20", "c2": "8", "c3": "5"}


def register_experts(town: Market, count: int = 7) -> list[Actor]:
    """Registered people who may sit, each as the actor that they log in as."""
    found = []
    for number in range(count):
        facts = identity.ExpertFacts(
            name=f"专家{number + 1}", kind=KINDS[number], specialty="建筑工程", title="高级工程师",
            years=8 + number, employer="甘肃某大学", employer_code="",
        )  # fmt: skip
        code = identity.register_expert(town.staff.opener, f"expert{number + 1}", None, facts, at=town.now)
        found.append(Actor(code, "", EXPERT))
    return found


def seats(experts: Sequence[Actor]) -> list[trading.MemberFacts]:
    return [trading.MemberFacts(name="", kind="", person=each.person) for each in experts]


def to_sitting(
    town: Market,
    prices: Sequence[int] = PRICES,
    method: trading.MethodTerms = SCORED,
    state_funded: bool = True,
) -> list[Actor]:
    """A lot whose committee of five sits online; the experts, two of them in reserve."""
    experts = register_experts(town)
    town.register(state_funded=state_funded)
    terms = town.terms(method=method)
    notice = trading.draft_tender_notice(town.hosts[0], town.lot, terms, town.now)
    town.publish(notice.code, terms.publish_at)
    town.bid(prices)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    trading.enter_committee(town.staff.opener, town.lot, seats(experts[:5]), town.now, ELSEWHERE)
    return experts


def sheet(town: Market, **points: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """A complete sheet; ``points`` by number of the bidder (``b0={"c1": "22"}``) differ from the usual."""
    bidders = [row.bidder for row in rows(town) if row.status != "rejected"]
    codes = [each.organisation for each in town.bidders]
    return {bidder: {**USUAL, **points.get(f"b{codes.index(bidder)}", {})} for bidder in bidders}


def rows(town: Market) -> tuple[trading.OpeningRow, ...]:
    return trading.opening_rows(trading.find_lot(town.lot), everything=True)


def score(town: Market, experts: Sequence[Actor], **points: Mapping[str, str]) -> None:
    """The review ends and all of them hand in."""
    trading.end_review(town.staff.opener, town.lot, town.now)
    for each in experts:
        trading.hand_in_sheet(each, town.lot, sheet(town, **points), town.now)


def order(town: Market) -> list[str]:
    """The lawful ranking as the calculation gives it."""
    made = trading.calculation_now(trading.find_lot(town.lot))
    assert made is not None
    assert made.findings == ()
    return [each.bidder for each in made.order[:3]]


def draw_up(town: Market, tie_break: str = "") -> list[str]:
    ranking = order(town)
    trading.draw_up_report(town.staff.opener, town.lot, ranking, tie_break, town.now)
    return ranking


def hand_in(town: Market, experts: Sequence[Actor], tie_break: str = "") -> list[str]:
    """Drawn up, signed by all, handed in; the ranking."""
    ranking = draw_up(town, tie_break)
    for each in experts:
        trading.sign_report(each, town.lot, town.now)
    trading.receive_report(town.staff.opener, town.lot, [], "", town.now)
    return ranking


def publicise(town: Market) -> None:
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    notice = trading.draft_publicity(town.hosts[0], town.lot, publish_at, until_on, CONTACT, town.now)
    town.publish(notice.code, publish_at)


def uphold(town: Market) -> None:
    """An objection to the result is upheld: the same committee evaluates again."""
    raised = trading.object_to_result(town.bidders[2], town.lot, "第一名的业绩不符。", [], town.now)
    trading.answer_objection(
        town.hosts[0], raised.code, "属实，重新评审。", [], False, town.now, "re-evaluation"
    )


def first_round(town: Market, **points: Mapping[str, str]) -> tuple[list[Actor], list[str]]:
    """Scored by five, one bid rejected by votes, publicised, and undone by an objection."""
    experts = to_sitting(town, method=FLOATING)
    sitting = experts[:5]
    motion = trading.propose_rejection(
        sitting[0], town.lot, town.bidders[2].organisation, "not-responsive", "工期不符。", town.now
    )
    for each in sitting[:3]:
        trading.cast_vote(each, motion.code, True, "", town.now)
    score(town, sitting, **points)
    ranking = hand_in(town, sitting)
    publicise(town)
    uphold(town)
    return experts, ranking


def award(town: Market, bidder: str, decide: bool = True) -> None:
    """Publicity and award after a report that is in; without ``decide`` the publicity alone."""
    publicise(town)
    town.work(on_day_at(local_day(trading.find_lot(town.lot).publicity_until_at) + timedelta(days=1), 10))
    if decide:
        trading.award(town.hosts[0], town.lot, bidder, town.now)


def full() -> D:
    return sum((each.full for each in CRITERIA), D(0))
