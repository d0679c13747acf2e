"""Two lots of one project walked once through the whole procedure: one scored by members online, one decided on paper.

Each place where the walk rests is a state in which verbs are tried. What is done inside :func:`detour` is undone when
the walk goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from tests.trading.methods import SCORED
from tests.trading.sitting import PRICES, USUAL, register_experts, seats
from tests.trading.world import CONTACT, ELSEWHERE, Market, code
from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.actors import APPLICANT, Actor
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.record.journal.api import act
from yiwang.site.simulation.papers import stored_pdf
from yiwang.site.simulation.people import admit

NOBODYS = "X-000000000000"


@dataclass
class Walk:
    """Where the two lots are, and the codes of what verbs refer to."""

    town: Market
    actors: dict[str, Actor] = field(default_factory=dict)
    experts: list[Actor] = field(default_factory=list)
    scored: str = ""
    paper: str = ""
    notice: str = NOBODYS
    motion: str = NOBODYS
    inquiry: str = NOBODYS
    objection: str = NOBODYS
    proof: tuple[tuple[str, str], ...] = ()
    orders: dict[str, list[str]] = field(default_factory=dict)

    @property
    def now(self):
        return self.town.now

    @property
    def lots(self) -> tuple[str, str]:
        return self.scored, self.paper

    def bidder(self, number: int) -> str:
        return self.town.bidders[number].organisation

    def terms(self, lot: str) -> trading.Terms:
        more = {"method": SCORED} if lot == self.scored else {}
        return self.town.terms(papers=self.proof, **more)

    def later(self, days: int, hour: int = 9):
        return on_day_at(local_day(self.now) + timedelta(days=days), hour)


def begin(town: Market) -> Walk:
    """The people of the walk, and the project with its two lots."""
    walk = Walk(town, experts=register_experts(town), proof=(stored_pdf("证明材料"),))
    (stranger,) = admit(town.staff, code(70), "清水县水务局", "620521", "tenderee", 1, town.now)
    walk.actors = {
        "host": town.hosts[0],
        "colleague": town.hosts[1],
        "agency": town.agency,
        "stranger": stranger,
        "bidder": town.bidders[0],
        "fresh": town.bidders[4],
        "centre": town.staff.opener,
        "supervisor": town.supervisor,
        "operator": town.operator,
        "expert": walk.experts[0],
        "guest": walk.experts[6],
        "applicant": Actor("P-APPLICANT0000", "", APPLICANT),
    }
    lots = [
        trading.NewLot(name=name, content="新建教学楼", estimate_fen=600_000_000, period_days=180)
        for name in ("一标段", "二标段")
    ]
    project = trading.register_project(
        town.hosts[0],
        trading.NewProject(
            name="麦积区中学教学楼新建工程", tenderee=town.hosts[0].organisation,
            agency=town.agency.organisation, region="620503", funds="财政预算资金",
            approval="天发改投〔2026〕1号", state_funded=True, lots=lots,
        ),
        town.now,
    )  # fmt: skip
    walk.scored, walk.paper = (each.code for each in trading.project_page(project.code).lots)
    return walk


class _Undone(Exception):
    pass


@contextmanager
def detour() -> Iterator[None]:
    """What happens inside is undone."""
    try:
        with act():
            yield
            raise _Undone
    except _Undone:
        pass


def states(walk: Walk) -> Iterator[str]:
    """The names of the states, while the walk stands in each of them."""
    yield "registered"
    yield from _to_bids(walk)
    yield from _to_committee(walk)
    yield from _to_report(walk)
    yield from _to_the_end(walk)


def _publish(walk: Walk, codes: list[str], publish_at) -> None:
    for each in codes:
        trading.confirm_notice(walk.town.hosts[1], each, publish_at, walk.now)
        trading.pass_notice(walk.town.staff.checker, each, walk.now)
    walk.town.work(publish_at + timedelta(minutes=1))


def _to_bids(walk: Walk) -> Iterator[str]:
    town, host = walk.town, walk.town.hosts[0]
    drafts = [trading.draft_tender_notice(host, lot, walk.terms(lot), walk.now).code for lot in walk.lots]
    publish_at = walk.later(1)
    walk.notice = drafts[0]
    yield "drafted"
    for each in drafts:
        trading.confirm_notice(town.hosts[1], each, publish_at, walk.now)
    yield "confirmed"
    for each in drafts:
        trading.pass_notice(town.staff.checker, each, walk.now)
    town.work(publish_at + timedelta(minutes=1))
    for lot in walk.lots:
        for bidder, price in zip(town.bidders, PRICES, strict=False):
            trading.take_documents(bidder, lot, walk.now)
            trading.submit_bid(bidder, lot, town.sheet(price), [stored_pdf(f"投标文件{price}")], walk.now)
    yield "bidding"
    with detour():
        walk.objection = trading.object_to_documents(
            town.bidders[1], walk.scored, "业绩要求过高。", [], walk.now
        ).code
        yield "documents-objected"
    with detour():
        trading.terminate(host, walk.scored, "资金计划调整。", walk.now)
        yield "terminated"
    walk.objection = NOBODYS
    deadline_at = trading.find_lot(walk.scored).deadline_at
    town.work(deadline_at + timedelta(seconds=10))
    yield "closed"


def _to_committee(walk: Walk) -> Iterator[str]:
    town, centre, experts = walk.town, walk.town.staff.opener, walk.experts
    trading.open_session(centre, walk.scored[:17], walk.now)
    yield "opened"
    with detour():
        walk.objection = trading.object_to_opening(
            town.bidders[1], walk.scored, "唱标有误。", [], walk.now
        ).code
        yield "opening-objected"
    walk.objection = NOBODYS
    trading.enter_committee(centre, walk.scored, seats(experts[:5]), walk.now, ELSEWHERE)
    trading.enter_committee(centre, walk.paper, town.committee(), walk.now, ELSEWHERE)
    walk.motion = trading.propose_rejection(
        experts[1], walk.scored, walk.bidder(2), "not-responsive", "工期不符。", walk.now
    ).code
    walk.inquiry = trading.ask_bidder(
        experts[1], walk.scored, walk.bidder(0), "unclear-meaning", "以哪一处为准？", walk.now
    ).code
    yield "evaluating"
    with detour():
        for number in (0, 1, 2):
            _carry(walk, walk.motion if number == 2 else _reject(walk, number))
            trading.reject_bid(
                centre, walk.paper, walk.bidder(number), "not-responsive", "不响应。", walk.now
            )
        yield "all-rejected"
        _carry(walk, trading.propose_rejecting_all(experts[0], walk.scored, "全部否决。", walk.now).code)
        trading.reject_all(centre, walk.paper, "全部否决。", walk.now)
        yield "failed"


def _reject(walk: Walk, number: int) -> str:
    return trading.propose_rejection(
        walk.experts[0], walk.scored, walk.bidder(number), "not-responsive", "不响应。", walk.now
    ).code


def _carry(walk: Walk, motion: str) -> None:
    for each in walk.experts[:3]:
        trading.cast_vote(each, motion, True, "", walk.now)


def _to_report(walk: Walk) -> Iterator[str]:
    town, centre = walk.town, walk.town.staff.opener
    for each in walk.experts[:3]:
        trading.cast_vote(each, walk.motion, False, "可以接受。", walk.now)
    trading.answer_committee(town.bidders[0], walk.inquiry, "以图纸为准。", None, walk.now)
    yield "voted"
    trading.end_review(centre, walk.scored, walk.now)
    for number, price in enumerate(PRICES):
        trading.evaluate_bid(centre, walk.paper, walk.bidder(number), price, "", walk.now)
    _calculate(walk, walk.paper)
    yield "reviewed"
    for each in walk.experts[:5]:
        trading.hand_in_sheet(each, walk.scored, sheet(walk), walk.now)
    _calculate(walk, walk.scored)
    yield "scored"
    with detour():
        for each in walk.experts[1:3]:
            trading.ask_time(each, walk.scored, walk.now)
        yield "time-asked"
    trading.draw_up_report(centre, walk.scored, ranking(walk, walk.scored), "", walk.now)
    yield "drawn-up"
    for each in walk.experts[:5]:
        trading.sign_report(each, walk.scored, walk.now)
    yield "signed"
    for lot in walk.lots:
        trading.receive_report(centre, lot, ranking(walk, walk.paper), "", walk.now)
    yield "reported"


def sheet(walk: Walk) -> dict[str, dict[str, str]]:
    return {walk.bidder(number): dict(USUAL) for number in range(3)}


def ranking(walk: Walk, lot: str) -> list[str]:
    """The lawful order of a lot: of the scored one by its calculation, on paper by the price; any, before there is one."""
    return walk.orders.get(lot, [walk.bidder(number) for number in range(3)])


def _calculate(walk: Walk, lot: str) -> None:
    made = trading.calculation_now(trading.find_lot(lot), scored_only=False)
    walk.orders[lot] = [each.bidder for each in made.order[:3]]


def price(walk: Walk, lot: str) -> int:
    """The price of the first in rank, in fen."""
    first = ranking(walk, lot)[0]
    return next(fen for number, fen in enumerate(PRICES) if walk.bidder(number) == first)


def _to_the_end(walk: Walk) -> Iterator[str]:
    town, host = walk.town, walk.town.hosts[0]
    publish_at = walk.later(1)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    drafts = [
        trading.draft_publicity(host, lot, publish_at, until_on, CONTACT, walk.now).code for lot in walk.lots
    ]
    walk.notice = drafts[0]
    _publish(walk, drafts, publish_at)
    yield "publicity"
    with detour():
        walk.objection = trading.object_to_result(
            town.bidders[1], walk.scored, "业绩不符。", [], walk.now
        ).code
        yield "result-objected"
    walk.objection = NOBODYS
    town.work(on_day_at(until_on + timedelta(days=1), 10))
    yield "publicity-ended"
    with detour():
        for lot in walk.lots:
            first = ranking(walk, lot)[0]
            trading.order_reexamination(host, lot, first, "财务状况变化。", [], walk.now)
        yield "reexamining"
    with detour():
        proof = [stored_pdf("放弃函")]
        trading.pass_over(
            host, walk.scored, ranking(walk, walk.scored)[0], "gave-up", "放弃。", proof, walk.now
        )
        yield "passed-over"
    for lot in walk.lots:
        trading.award(host, lot, ranking(walk, lot)[0], walk.now)
    yield "awarded"
    results = [trading.draft_result_notice(host, lot, walk.now).code for lot in walk.lots]
    _publish(walk, results, walk.later(1))
    for lot in walk.lots:
        trading.sign_contract(host, lot, "HT-1", price(walk, lot), 0, local_day(walk.now), walk.now)
    yield "contracted"
    for lot in walk.lots:
        trading.archive(town.staff.opener, lot, walk.now)
    yield "archived"
