"""A small market with one lot, driven through the verbs to the stage that a test needs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.kept import kept
from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.codes import uscc_of
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.record.journal.api import found
from yiwang.site.simulation.papers import stored_pdf
from yiwang.site.simulation.people import Staff, admit, establish_house
from yiwang.site.simulation.running import work_through

DUTIES = {**notices.DUTIES, **trading.DUTIES}
START = on_day_at(date(2026, 3, 2), 10)
CONTACT = "书面提交招标人，电话 0938-8000000"
ELSEWHERE = trading.DrawnElsewhere(pool="甘肃省综合评标专家库", record="2026-0316")


def code(serial: int) -> str:
    return uscc_of(f"91620502MA{serial:07d}")


@dataclass
class Market:
    """Who is there, what time it is, and the one lot."""

    hosts: tuple[Actor, Actor]
    agency: Actor
    bidders: list[Actor]
    staff: Staff
    supervisor: Actor
    operator: Actor
    now: datetime = START
    lot: str = ""
    notice: str = ""
    receipts: list[trading.Receipt] = field(default_factory=list)

    def work(self, until: datetime) -> None:
        """Lets the worker do all that is due until then."""
        for _ in work_through((trading.READER,), DUTIES, self.now, until):
            pass
        self.now = until

    @property
    def stage(self) -> str:
        return trading.find_lot(self.lot).stage

    def register(self, state_funded: bool = True, by_agency: bool = True) -> str:
        project = trading.register_project(
            self.agency if by_agency else self.hosts[0],
            trading.NewProject(
                name="麦积区中学教学楼新建工程",
                tenderee=self.hosts[0].organisation,
                agency=self.agency.organisation if by_agency else "",
                region="620503",
                funds="财政预算资金",
                approval="天发改投〔2026〕1号",
                state_funded=state_funded,
                lots=[
                    trading.NewLot(
                        name="施工", content="新建教学楼", estimate_fen=600_000_000, period_days=180
                    )
                ],
            ),
            self.now,
        )
        self.lot = trading.project_page(project.code).lots[0].code
        return self.lot

    def terms(self, **change: object) -> trading.Terms:
        publish_at = on_day_at(local_day(self.now) + timedelta(days=1), 9)
        on = local_day(publish_at)
        return trading.Terms(
            **{
                "publish_at": publish_at,
                "documents_from_at": publish_at,
                "documents_until_on": law.clock("W01", publish_at, on=on).strict_on,
                "deadline_at": on_day_at(law.clock("W03", publish_at, on=on).result_on, 9, 30),
                "opening_place": "第三开标室",
                "qualification": "施工总承包二级",
                "consortium_allowed": False,
                "ceiling_fen": 600_000_000,
                "deposit_fen": 6_000_000,
                "validity_days": 90,
                "period_days": 180,
                "papers": [stored_pdf("招标文件")],
                **change,
            }
        )

    def announce(self) -> None:
        terms = self.terms()
        notice = trading.draft_tender_notice(self.hosts[0], self.lot, terms, self.now)
        self.publish(notice.code, terms.publish_at)

    def publish(self, notice: str, publish_at: datetime) -> None:
        trading.confirm_notice(self.hosts[1], notice, publish_at, self.now)
        trading.pass_notice(self.staff.checker, notice, self.now)
        self.work(publish_at + timedelta(minutes=1))

    @property
    def deadline_at(self) -> datetime:
        deadline = trading.find_lot(self.lot).deadline_at
        assert deadline is not None
        return deadline

    def sheet(self, price_fen: int = 500_000_000) -> trading.SheetFacts:
        return trading.SheetFacts(
            price_fen=price_fen, period_days=170, deposit_fen=6_000_000, quality="合格", manager="李雷",
            manager_certificate="甘262000000001",
        )  # fmt: skip

    def bid(self, prices: Sequence[int]) -> None:
        for bidder, price in zip(self.bidders, prices, strict=False):
            trading.take_documents(bidder, self.lot, self.now)
            paper = stored_pdf(f"投标文件{price}")
            self.receipts.append(trading.submit_bid(bidder, self.lot, self.sheet(price), [paper], self.now))

    def close(self) -> None:
        self.work(self.deadline_at + timedelta(seconds=10))

    def committee(self, size: int = 5) -> list[trading.MemberFacts]:
        kinds = ("technical", "economic", "technical", "technical", "representative", "technical", "economic")
        return [trading.MemberFacts(name=f"专家{n}", kind=kind) for n, kind in enumerate(kinds[:size])]

    def to_evaluating(self, prices: Sequence[int]) -> None:
        self.register()
        self.announce()
        self.bid(prices)
        self.close()
        trading.open_bids(self.staff.opener, self.lot, self.now)
        trading.enter_committee(self.staff.opener, self.lot, self.committee(), self.now, ELSEWHERE)

    def to_report(self, prices: Sequence[int]) -> list[str]:
        self.to_evaluating(prices)
        for bidder, price in zip(self.bidders, prices, strict=False):
            trading.evaluate_bid(self.staff.opener, self.lot, bidder.organisation, price, "", self.now)
        order = sorted(range(len(prices)), key=lambda n: prices[n])[:3]
        ranking = [self.bidders[n].organisation for n in order]
        trading.receive_report(self.staff.opener, self.lot, ranking, "", self.now)
        return ranking

    def to_award(self, prices: Sequence[int]) -> list[str]:
        ranking = self.to_report(prices)
        publish_at = on_day_at(local_day(self.now) + timedelta(days=1), 9)
        until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
        notice = trading.draft_publicity(self.hosts[0], self.lot, publish_at, until_on, CONTACT, self.now)
        self.publish(notice.code, publish_at)
        self.work(on_day_at(until_on + timedelta(days=1), 10))
        return ranking


def market() -> Market:
    """Founds a rehearsal database and admits everybody."""
    return kept("a market", _market)


def announced() -> Market:
    """A market whose one lot is open for bids."""
    return kept("a market with a lot open for bids", _announced)


def _announced() -> Market:
    made = market()
    made.register()
    made.announce()
    return made


def _market() -> Market:
    found("rehearsal", START)
    house = establish_house(random.Random(7), START)
    staff = Staff(*house["centre"][:2])

    def party(serial: int, name: str, role: str, people: int) -> tuple[Actor, ...]:
        return admit(staff, code(serial), name, "620502", role, people, START)

    first, second = party(1, "麦积区惠民建设管理中心", "tenderee", 2)
    return Market(
        (first, second),
        party(2, "陇上信达工程咨询有限公司", "agency", 1)[0],
        [party(10 + n, f"第{n}建筑工程有限公司", "bidder", 1)[0] for n in range(1, 6)],
        staff,
        house["supervisor"][0],
        house["operator"][0],
    )
