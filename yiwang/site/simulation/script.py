"""What people do about one lot, one act after the other; each act is followed by the instant of the next.

A script is a generator: it acts through the verbs of trading and yields the instant at which it goes on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.site.simulation import (
    choosing,
    consortia,
    evaluations,
    line,
    payers,
    plans,
    prequalifying,
    sharing,
    voices,
)
from yiwang.site.simulation.papers import bid_papers, tender_papers
from yiwang.site.simulation.plans import Plan, working_day

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
else:
    from yiwang.site.simulation.line import trading  # the same verbs, over a line that may be troubled

Script = Iterator[datetime]
PATIENCE = 80
ROOMS = "一二三四五"
EXPERTS = ("technical", "technical", "economic", "technical", "representative")


class NotRefused(AssertionError):
    """Something unlawful went through."""


@dataclass
class World:
    """Who lives in the city, what time it is there, and what was rightly refused so far."""

    rng: random.Random
    now: datetime
    tenderees: list[tuple[Actor, Actor]] = field(default_factory=list)
    agencies: list[Actor] = field(default_factory=list)
    bidders: list[Actor] = field(default_factory=list)
    centre: list[Actor] = field(default_factory=list)
    supervisors: list[Actor] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    experts: list[str] = field(default_factory=list)
    judges: list[Actor] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def refused(self, rule: str) -> Iterator[None]:
        """What is tried inside must be refused for ``rule``. Raises NotRefused where it is not.

        In a troubled city its stage may have come meanwhile, so that it is lawful now.
        """
        try:
            yield
        except Refused as refused:
            if rule not in {each.rule for each in refused.findings}:
                raise
            self.refusals[rule] = self.refusals.get(rule, 0) + 1
        else:
            if line.trouble() is None or rule != "wrong-stage":
                raise NotRefused(rule)


@dataclass
class Tender:
    """One lot on its way: the plan, the parties, and the code it got."""

    world: World
    plan: Plan
    name: str
    content: str
    region: str
    hosts: tuple[Actor, Actor]
    agency: Actor | None
    estimate_fen: int
    code: str = ""
    notice: str = ""
    sibling: Tender | None = None
    begun_at: datetime | None = None

    @property
    def rng(self) -> random.Random:
        return self.world.rng

    @property
    def drafter(self) -> Actor:
        return self.agency or self.hosts[0]

    @property
    def ref(self) -> Ref:
        return Ref("trading", "lot", self.code)

    def begins_at(self) -> datetime:
        """So early that the shortest lawful way ends on the planned day."""
        if self.sibling is not None and self.sibling.begun_at is not None:
            return self.sibling.begun_at + timedelta(minutes=2)
        first = prequalifying.DAYS if self.plan.prequalify else timedelta(0)
        publish_on = working_day(self.plan.deadline_on - timedelta(days=22) - first, -1)
        day = working_day(publish_on - timedelta(days=1), -1)
        self.begun_at = on_day_at(day, 9, self.rng.randrange(0, 50))
        return self.begun_at

    def run(self) -> Script:
        """The whole life of the lot, as far as the plan goes."""
        yield self.begins_at()
        if self.sibling is not None and not self.sibling.code:
            return  # a troubled city: the project was never registered
        self.register()
        if self.plan.stop == plans.REGISTERED:
            return
        if self.plan.prequalify:
            yield from prequalifying.prequalify(self)
            if trading.find_lot(self.code).stage == "failed":
                yield self.world.now + timedelta(hours=2)
                failure = trading.draft_failure_notice(self.drafter, self.code, self.world.now)
                yield from self.publish(failure.code)
            if trading.find_lot(self.code).stage != "prequalified":
                return
        yield from self.announce(self.code, self.plan.bidders)
        if self.plan.stop in (plans.DRAFTED, plans.CONFIRMED, plans.RETURNED, plans.BIDDING, plans.CLOSED):
            return
        if self.plan.stop == plans.TERMINATED:
            reason = "项目资金计划调整，招标人决定终止招标。"
            trading.terminate(self.hosts[0], self.code, reason, self.world.now)
            yield self.world.now + timedelta(hours=1)
            yield from self.publish(
                trading.draft_failure_notice(self.drafter, self.code, self.world.now).code
            )
            voices.pay_back(self)
            return
        if trading.find_lot(self.code).stage == "failed":
            yield from self.fail()
            return
        yield from self.decide()

    def register(self) -> None:
        """The project with its lots; the sibling of a lot finds its own among those registered with it."""
        world = self.world
        if self.sibling is not None:
            self.code = trading.project_page(self.sibling.code[:17]).lots[1].code
            return
        project = trading.register_project(
            self.drafter,
            trading.NewProject(
                name=self.name,
                tenderee=self.hosts[0].organisation,
                agency=self.agency.organisation if self.agency else "",
                region=self.region,
                funds=self.rng.choice(("财政预算资金", "上级专项资金", "地方政府专项债券", "自筹资金")),
                approval=f"天发改投〔{world.now.year}〕{self.rng.randrange(10, 400)}号",
                state_funded=True,
                lots=[
                    trading.NewLot(
                        name=f"施工{number}标段",
                        content=self.content,
                        estimate_fen=self.estimate_fen,
                        period_days=self.rng.randrange(90, 360, 15),
                    )
                    for number in "一二三"[: self.plan.lots]
                ],
            ),
            world.now,
        )
        self.code = project.lots.order_by("code")[0].code

    def terms(self, publish_at: datetime, short_by: int = 0) -> trading.Terms:
        """Lawful terms for that publication; ``short_by`` days too short for a test of the law."""
        on = local_day(publish_at)
        earliest = law.clock("W03", publish_at, on=on).result_on
        deadline_on = earliest - timedelta(days=1) if short_by else max(earliest, self.plan.deadline_on)
        return trading.Terms(
            publish_at=publish_at,
            documents_from_at=publish_at,
            documents_until_on=law.clock("W01", publish_at, on=on).strict_on,
            deadline_at=on_day_at(deadline_on, 9, 30),
            opening_place=f"市公共资源交易中心二楼第{ROOMS[int(self.code[13:17]) % len(ROOMS)]}开标室（网上同步）",
            qualification="具备建筑工程施工总承包二级及以上资质，有效的安全生产许可证，项目经理具备相应注册建造师资格。",
            consortium_allowed=self.plan.consortium,
            ceiling_fen=self.estimate_fen,
            deposit_fen=min(self.estimate_fen // 100, 50_000_000),
            validity_days=90,
            period_days=180,
            method=evaluations.METHODS[self.plan.method],
            papers=tender_papers(self.name),
        )

    def announce(self, code: str, bidders: int) -> Script:
        """Draft, confirm, check, publish, and bids until the deadline."""
        world = self.world
        yield world.now + timedelta(hours=1)
        if self.plan.lots > 1 and sharing.in_work(trading.find_lot(code).tender_notice):
            yield from sharing.awaited(self, trading.find_lot(code).tender_notice)
            yield from self.announced(code, bidders)
            return
        publish_at = on_day_at(working_day(local_day(world.now) + timedelta(days=1)), 9)
        with world.refused("W03"):
            trading.draft_tender_notice(self.drafter, code, self.terms(publish_at, short_by=1), world.now)
        notice = sharing.tender_notice(self, code, publish_at)
        if self.plan.stop == plans.DRAFTED:
            return
        yield from self.confirm(notice.code, publish_at)
        if self.plan.stop == plans.CONFIRMED:
            return
        yield world.now + timedelta(minutes=40)
        if self.plan.stop == plans.RETURNED:
            trading.return_notice(
                world.centre[0], notice.code, "联系电话缺少区号，请补正后重新提交。", world.now
            )
            return
        trading.pass_notice(world.centre[0], notice.code, world.now)
        yield publish_at + timedelta(hours=3)
        yield from self.appeared(notice.code)
        yield from self.announced(code, bidders)

    def announced(self, code: str, bidders: int) -> Script:
        """The notice has appeared, and bids come in; or it was given back, and the lot is announced again."""
        if trading.find_lot(code).stage in ("registered", "prequalified"):
            yield from self.announce(code, bidders)
        else:
            yield from self.bidding(code, bidders)

    def confirm(self, notice: str, publish_at: datetime) -> Script:
        """The tenderee's second person confirms; the drafter's own confirmation is refused."""
        yield self.world.now + timedelta(minutes=35)
        if self.agency is None:
            with self.world.refused("D01"):
                trading.confirm_notice(self.hosts[0], notice, publish_at, self.world.now)
        trading.confirm_notice(self.hosts[1], notice, publish_at, self.world.now)

    def sheet(self, low_fen: int) -> trading.SheetFacts:
        return trading.SheetFacts(
            price_fen=low_fen,
            period_days=180 - self.rng.randrange(0, 20),
            deposit_fen=min(self.estimate_fen // 100, 50_000_000),
            quality="合格",
            manager=self.rng.choice(self.world.experts),
            manager_certificate=f"甘262{self.rng.randrange(10**8):08d}",
        )

    def price(self) -> int:
        """A price between 86 and 99 per cent of the estimate, in whole yuan."""
        return self.estimate_fen * self.rng.randrange(8600, 9900) // 10_000 // 100 * 100

    def bidding(self, code: str, bidders: int) -> Script:
        """Documents are taken, bids come in, one is replaced, one withdrawn, a late one refused."""
        world = self.world
        lot = trading.find_lot(code)
        if lot.deadline_at is None:
            raise ValueError(code)
        chosen = self.takers(code, bidders)
        for each in chosen:
            self.take_documents(each, code)
        yield from voices.about_documents(self, code, chosen)
        if self.plan.method:
            choosing.plan(self)
        lot = trading.find_lot(code)
        if lot.deadline_at is None:
            raise ValueError(code)
        takers, late = chosen[:bidders], chosen[bidders] if len(chosen) > bidders else None
        prices = [self.price() for _ in takers]
        if self.plan.tie and len(prices) > 1:
            prices[1] = prices[0] = min(prices)
        if self.plan.stepped:
            step = self.estimate_fen // 173  # no round amount
            prices = [min(prices) + number * step for number in range(len(prices))]
        window = lot.deadline_at - world.now
        moments = sorted(world.now + window * self.rng.randrange(500, 990) / 1000 for _ in takers)
        for moment, bidder, price in zip(moments, takers, prices, strict=True):
            yield moment
            near = self.plan.related and bidder in world.bidders[:2]  # one hand wrote for both
            papers, kinds = bid_papers(world.names[bidder.organisation], "孙编标" if near else "")
            joined = trading.prequalified_members(lot, bidder.organisation)
            if joined or (self.plan.consortium and bidder is takers[0]):
                consortia.submit(self, bidder, code, self.sheet(price), papers, kinds, chosen)
                continue
            trading.submit_bid(bidder, code, self.sheet(price), papers, world.now, paper_kinds=kinds)
            if self.rng.random() < 0.15:
                yield world.now + timedelta(minutes=7)
                trading.submit_bid(
                    bidder, code, self.sheet(price), papers, world.now, replace=True, paper_kinds=kinds
                )
        yield lot.deadline_at + timedelta(seconds=40)
        if late is not None:
            with world.refused("late-bid"):
                trading.submit_bid(late, code, self.sheet(self.price()), [], world.now)
        yield lot.deadline_at + timedelta(minutes=5)
        yield from self.past(code, "bidding")

    def invited(self, code: str) -> list[Actor]:
        """Who may bid: everybody, or those who passed the prequalification."""
        world, passed = self.world, prequalifying.passed(code)
        if not self.plan.prequalify:
            return world.bidders
        others = [each for each in world.bidders if each.organisation not in passed]
        with world.refused("not-prequalified"):
            trading.take_documents(others[0], code, world.now)
        return [each for each in world.bidders if each.organisation in passed]

    def takers(self, code: str, bidders: int) -> list[Actor]:
        """Who takes the documents, those who bid in front: two more than bid, of which one comes too late."""
        invited = self.invited(code)
        chosen = self.rng.sample(invited, min(len(invited), bidders + 2))
        if not self.plan.related:
            return chosen
        pair = self.world.bidders[:2]
        return [*pair, *(each for each in chosen if each not in pair)][: len(chosen)]

    def take_documents(self, bidder: Actor, code: str) -> None:
        """The documents of the lot; of a project with several lots those of all that are open, in one act."""
        lots = trading.project_page(code[:17]).lots if self.plan.lots > 1 else ()
        together = [each.code for each in lots if each.stage == "bidding"]
        if code in together and len(together) > 1:
            trading.take_documents_together(bidder, together, self.world.now)
        else:
            trading.take_documents(bidder, code, self.world.now)

    def fail(self) -> Script:
        """Too few bidders: the notice of failure, and the second attempt where one is planned."""
        world = self.world
        if self.plan.stop == plans.CLOSED:
            return
        yield world.now + timedelta(days=1)
        with world.refused("wrong-stage"):
            trading.open_bids(world.centre[1], self.code, world.now)
        if self.plan.lots > 1:
            yield from sharing.end_of_tender(self)
        if self.plan.retender:
            second = self.plan.voice == voices.SECOND_FAILURE
            yield from self.tender_again(2 if second else 4)
            if second:
                yield from voices.do_without(self)
            else:
                yield from self.decide()

    def tender_again(self, bidders: int) -> Script:
        """The notice that the tender failed, and the next attempt until its bids are in."""
        failure = trading.draft_failure_notice(self.drafter, self.code, self.world.now)
        yield from self.publish(failure.code)
        again = trading.retender(self.drafter, self.code, self.world.now)
        self.code = again.code
        yield from self.announce(again.code, bidders)

    def publish(self, notice: str) -> Script:
        """A notice goes its way and appears the next working morning."""
        publish_at = on_day_at(working_day(local_day(self.world.now) + timedelta(days=1)), 9)
        yield from self.confirm(notice, publish_at)
        yield self.world.now + timedelta(minutes=25)
        trading.pass_notice(self.world.centre[0], notice, self.world.now)
        yield publish_at + timedelta(minutes=1)
        yield from self.appeared(notice)

    def appeared(self, notice: str) -> Script:
        """Waits for the worker, who may be late, until a notice is published or, too late for its dates, given back."""
        for _ in range(PATIENCE):
            if notices.notice(notice).status != notices.SCHEDULED:
                return
            yield self.world.now + timedelta(hours=1)

    def past(self, code: str, stage: str) -> Script:
        """Waits for the worker until a lot has left ``stage``."""
        for _ in range(PATIENCE):
            if trading.find_lot(code).stage != stage:
                return
            yield self.world.now + timedelta(hours=1)

    def decide(self) -> Script:
        """Opening, evaluation, publicity, award, contract, archive."""
        world = self.world
        voices.open_bids(self)
        yield from voices.at_opening(self)
        if self.plan.related:
            payers.note_payers(self)
        if self.plan.stop == plans.OPENED:
            return
        yield world.now + timedelta(hours=1)
        if self.plan.method:
            signed = yield from evaluations.sit(self)
            if signed is not None:
                yield from self.after_report()
            return
        self.committee()
        yield world.now + timedelta(hours=2)
        ranking, tie = self.evaluate()
        if self.plan.stop == plans.EVALUATING:
            return
        yield world.now + timedelta(hours=1)
        if self.plan.stop == plans.REJECTED_ALL:
            trading.reject_all(world.centre[1], self.code, "全部投标均未实质响应招标文件要求。", world.now)
            return
        trading.receive_report(
            world.centre[1],
            self.code,
            ranking,
            "招标文件规定：价格相同的，以工期短者优先。" if tie else "",
            world.now,
        )
        yield from self.after_report()

    def after_report(self) -> Script:
        """Publicity, award, contract, archive."""
        if self.plan.stop == plans.REPORTED:
            return
        yield from self.publicise()
        if self.plan.retender and trading.find_lot(self.code).stage == "failed":  # by order of the supervisor
            voices.pay_back(self)
            yield from self.tender_again(4)
            yield from self.decide()
            return
        if self.plan.stop in (plans.PUBLICITY_DRAFTED, plans.PUBLICITY, plans.ENDED):
            return
        yield from self.finish()

    def committee(self) -> None:
        world = self.world
        names = self.rng.sample(world.experts, 5)
        members = [
            trading.MemberFacts(name=name, kind=kind, employer="省综合评标专家库")
            for name, kind in zip(names, EXPERTS, strict=True)
        ]
        with world.refused("W16"):
            trading.enter_committee(world.centre[1], self.code, members[:4], world.now, self.drawn)
        with world.refused("W-draw"):
            trading.enter_committee(world.centre[1], self.code, members, world.now)
        trading.enter_committee(world.centre[1], self.code, members, world.now, self.drawn)

    @property
    def drawn(self) -> trading.DrawnElsewhere:
        """Where the experts of a committee on paper were drawn."""
        return trading.DrawnElsewhere(pool="甘肃省综合评标专家库", record=f"GSPB-{self.code[-12:]}")

    def evaluate(self) -> tuple[list[str], bool]:
        """Every bid is rejected or priced; gives the lawful ranking, and whether several share the lowest price."""
        world = self.world
        rows = trading.opening_rows(trading.find_lot(self.code), everything=True)
        rejects = len(rows) if self.plan.stop == plans.REJECTED_ALL else self.plan.rejects
        rejected = {each.bidder for each in self.rng.sample(rows, min(rejects, len(rows)))}
        prices: dict[str, int] = {}
        for row in rows:
            if row.bidder in rejected:
                trading.reject_bid(
                    world.centre[1],
                    self.code,
                    row.bidder,
                    "not-responsive",
                    "未按招标文件要求响应工期。",
                    world.now,
                )
            else:
                prices[row.bidder] = row.price_fen
                trading.evaluate_bid(world.centre[1], self.code, row.bidder, row.price_fen, "", world.now)
        lowest = min(prices.values(), default=0)
        tie = list(prices.values()).count(lowest) > 1
        return sorted(prices, key=lambda each: prices[each])[:3], tie

    def publicise(self, again: bool = False) -> Script:
        """The publicity from its draft to its end; ``again`` after an objection was upheld."""
        world = self.world
        yield world.now + timedelta(hours=1)
        publish_at = on_day_at(working_day(local_day(world.now) + timedelta(days=1)), 9)
        until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
        contact = "异议请书面提交招标人及招标代理机构，联系方式见招标公告。"
        with world.refused("W21"):
            trading.draft_publicity(
                self.drafter, self.code, publish_at, until_on - timedelta(days=1), contact, world.now
            )
        notice = trading.find_lot(self.code).publicity_notice
        if self.plan.lots > 1 and sharing.in_work(notice):
            yield from sharing.awaited(self, notice)
        else:
            notice = sharing.publicity(self, publish_at, until_on, contact).code
            if self.plan.stop == plans.PUBLICITY_DRAFTED:
                return
            yield from self.publish(notice)
        if notices.notice(notice).status == notices.DROPPED:
            yield from self.publicise(again)
            return
        if not again:
            yield from voices.about_result(self)
        if self.plan.stop == plans.PUBLICITY or trading.find_lot(self.code).stage != "publicity":
            return
        with world.refused("wrong-stage"):
            trading.award(self.drafter, self.code, self.first(), world.now)
        yield on_day_at(until_on + timedelta(days=1), 10, 20)
        yield from self.past(self.code, "publicity")

    def ranking(self) -> list[str]:
        """Those in rank that were not passed over, the first in front: after a new evaluation, of the new one."""
        rows = trading.opening_rows(trading.find_lot(self.code), everything=True)
        left = {each.rank: each.bidder for each in rows if each.rank and not each.passed}
        return [left[rank] for rank in sorted(left)]

    def first(self) -> str:
        """The first in rank of those that were not passed over."""
        return self.ranking()[0]

    def finish(self) -> Script:
        world, ranking = self.world, self.ranking()
        if len(ranking) > 1:
            with world.refused("W22"):
                trading.award(self.drafter, self.code, ranking[1], world.now)
        yield from voices.about_award(self, ranking)
        decided = trading.award(self.drafter, self.code, self.first(), world.now)
        yield world.now + timedelta(hours=1)
        notice = trading.find_lot(self.code).result_notice
        if self.plan.lots > 1 and notice:
            yield from sharing.awaited(self, notice)
        else:
            yield from self.publish(sharing.result_notice(self).code)
        if self.plan.stop == plans.AWARDED:
            return
        days = self.rng.randrange(4, 14)  # lots of one project are signed together
        yield world.now + timedelta(days=days if self.plan.lots == 1 else 7)
        price = decided.bid.price_fen
        number = f"HT-{self.code[-10:]}"
        signed_on = local_day(world.now)
        with world.refused("W26"):
            trading.sign_contract(self.drafter, self.code, number, price, price // 5, signed_on, world.now)
        trading.sign_contract(self.drafter, self.code, number, price, price // 20, signed_on, world.now)
        if self.plan.stop == plans.CONTRACTED:
            return
        yield from voices.close_the_books(self)
        yield world.now + timedelta(days=2)
        voices.pay_back(self)
        yield world.now + timedelta(days=3)
        trading.archive(world.centre[0], self.code, world.now)
