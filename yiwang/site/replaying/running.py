"""Every contract side by side on one time line, each act a verb; then what came of it, with the reason."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import end_of, local_day, on_day_at
from yiwang.pure.kernel.findings import REFUSAL, Finding, Refused
from yiwang.record.files import api as files
from yiwang.record.journal.api import Duty, act
from yiwang.site.replaying.records import REJECTED, RecordedBid, RecordedContract, scale
from yiwang.site.simulation.city import credit_code
from yiwang.site.simulation.papers import pdf
from yiwang.site.simulation.people import Staff, admit
from yiwang.site.simulation.plans import working_day
from yiwang.site.simulation.running import work_through

EQUAL, DIFFERS, REFUSED, SKIPPED = "equal", "differs", "refused", "skipped"
BEGINS_ON = date(2025, 3, 3)
LONGEST_NAME = 100
DRAWN = trading.DrawnElsewhere(pool="原项目所用的评标专家库", record="按原记录")
NO_REASON = "按原记录否决，原记录未载明理由。As recorded, none given."


@dataclass
class Case:
    """One contract on its way: where its lot stands, and the outcome once it is known."""

    contract: RecordedContract
    hosts: tuple[Actor, Actor]
    bidders: tuple[Actor, ...]
    lot: str = ""
    notice: str = ""
    outcome: str = ""
    reason: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def going(self) -> bool:
        return not self.outcome

    def end(self, outcome: str, reason: str) -> None:
        self.outcome, self.reason = outcome, reason

    @property
    def scale(self) -> int:
        return scale(amount for bid in self.contract.bids for amount in (bid.opening, bid.evaluated))

    def handed_in(self, bid: RecordedBid) -> int:
        """The price on the opening sheet in the smallest unit: the evaluated amount, else the opening one.

        A rejected bid of which the record has no amount is handed in at the smallest price there is.
        """
        amount = bid.evaluated if bid.evaluated is not None else bid.opening
        if bid.status == REJECTED:
            amount = bid.opening
        return max(1, int((amount or 0) * self.scale))


def skipped(contract: RecordedContract) -> str:
    """Why a contract cannot be replayed; "" where it can."""
    if len(contract.awarded) != 1:
        return f"原记录有 {len(contract.awarded)} 个中标人 / the record has {len(contract.awarded)} awards"
    if len(contract.bids) < 3:
        return ""  # the law refuses it, whatever the prices are
    if any(each.evaluated is None for each in contract.responsive):
        return "有的有效投标没有评审价 / a responsive bid has no evaluated price in the record"
    if len({each.currency for each in contract.responsive}) > 1:
        return "评审价币种不一 / evaluated prices in several currencies"
    return ""


class Replay:
    """All cases and the staff that serves them; :meth:`run` takes them from registration to award."""

    def __init__(
        self,
        contracts: Sequence[RecordedContract],
        staff: Staff,
        duties: Mapping[str, Duty],
        tell: Callable[[str], None],
    ) -> None:
        self.staff, self.duties, self.tell = staff, duties, tell
        self.now = on_day_at(BEGINS_ON, 9)
        self._rng = random.Random(0)  # noqa: S311 - invented codes, the same in every run
        self._parties: dict[tuple[str, str], tuple[Actor, ...]] = {}
        self.cases = [self._case(each) for each in contracts]
        document = pdf("招标文件 Tender documents")
        kept = files.store(
            io.BytesIO(document), name="documents.pdf", max_bytes=len(document), types=files.DOCUMENT_TYPES
        )
        self._paper = (kept.sha256, "招标文件.pdf")

    def _party(self, name: str, role: str, people: int) -> tuple[Actor, ...]:
        if (name, role) not in self._parties:
            code = credit_code(self._rng, "620500", role == "tenderee")
            self._parties[name, role] = admit(self.staff, code, name, "620500", role, people, self.now)
        return self._parties[name, role]

    def _case(self, contract: RecordedContract) -> Case:
        first, second = self._party(f"招标人 {contract.country}", "tenderee", 2)
        bidders: list[Actor] = []
        for number, bid in enumerate(contract.bids, 1):
            known = len(bid.bidder) > 1 and not bid.bidder.startswith("Bidder ")
            name = bid.bidder if known else f"Bidder {number}"
            actor = self._party(name, "bidder", 1)[0]
            if actor in bidders:  # the same name twice in one contract: two rows, two bidders
                actor = self._party(f"{name}（{number}）", "bidder", 1)[0]
            bidders.append(actor)
        return Case(contract, (first, second), tuple(bidders))

    def run(self) -> list[Case]:
        """Takes every case as far as it goes and gives all with their outcomes."""
        for case in self.cases:
            why = skipped(case.contract)
            if why:
                case.end(SKIPPED, why)
        phases: list[tuple[str, Callable[[Case], None], Callable[[], datetime]]] = [
            ("登记 register", self._register, lambda: self.now + timedelta(hours=1)),
            ("公告 announce", self._announce, lambda: self._publish_at + timedelta(minutes=1)),
            ("投标 bid", self._bid, lambda: self._deadline_at + timedelta(minutes=1)),
            ("开标 open", self._open, lambda: self.now + timedelta(hours=1)),
            ("评标 evaluate", self._evaluate, lambda: self.now + timedelta(hours=1)),
            ("公示 publicise", self._publicise, lambda: end_of(self._until_on) + timedelta(hours=10)),
            ("定标 award", self._award, lambda: self.now + timedelta(hours=1)),
        ]
        for title, phase, following in phases:
            self.tell(title)
            for case in self.cases:
                if case.going:
                    self._attempt(case, phase)
            start, self.now = self.now, following()
            for _ in work_through((trading.READER,), self.duties, start, self.now):
                pass
        return self.cases

    def _attempt(self, case: Case, phase: Callable[[Case], None]) -> None:
        try:
            with act():  # one commit a case and phase
                phase(case)
        except Refused as refused:
            case.end(REFUSED, "; ".join(_said(each) for each in refused.findings if each.level == REFUSAL))

    @property
    def _publish_at(self) -> datetime:
        return on_day_at(working_day(BEGINS_ON + timedelta(days=1)), 9)

    @property
    def _deadline_at(self) -> datetime:
        on = local_day(self._publish_at)
        return on_day_at(law.clock("W03", self._publish_at, on=on).result_on, 9, 30)

    @property
    def _publicity_at(self) -> datetime:
        return on_day_at(working_day(local_day(self._deadline_at) + timedelta(days=1)), 9)

    @property
    def _until_on(self) -> date:
        return law.clock("W21", self._publicity_at, on=local_day(self._publicity_at)).result_on

    def _register(self, case: Case) -> None:
        contract, host = case.contract, case.hosts[0]
        estimate = max([case.handed_in(each) for each in contract.bids])
        project = trading.register_project(
            host,
            trading.NewProject(
                name=" ".join(f"{contract.country} {contract.project} {contract.code}".split())[
                    :LONGEST_NAME
                ],
                tenderee=host.organisation,
                agency="",
                region="620500",
                funds="世界银行贷款 World Bank financed",
                approval=contract.project or "原记录未载明 not recorded",
                state_funded=True,
                lots=[
                    trading.NewLot(
                        name=contract.code, content=contract.code, estimate_fen=estimate, period_days=180
                    )
                ],
            ),
            self.now,
        )
        case.lot = trading.project_page(project.code).lots[0].code

    def _announce(self, case: Case) -> None:
        publish_at = self._publish_at
        terms = trading.Terms(
            publish_at=publish_at,
            documents_from_at=publish_at,
            documents_until_on=law.clock("W01", publish_at, on=local_day(publish_at)).strict_on,
            deadline_at=self._deadline_at,
            opening_place="网上 online",
            qualification="按原招标文件 As in the original documents",
            consortium_allowed=True,
            ceiling_fen=None,
            deposit_fen=0,
            validity_days=90,
            period_days=180,
            papers=[self._paper],
        )
        notice = trading.draft_tender_notice(case.hosts[0], case.lot, terms, self.now)
        self._publish(case, notice.code, publish_at)

    def _publish(self, case: Case, notice: str, publish_at: datetime) -> None:
        trading.confirm_notice(case.hosts[1], notice, publish_at, self.now)
        trading.pass_notice(self.staff.checker, notice, self.now)

    def _bid(self, case: Case) -> None:
        for bidder, bid in zip(case.bidders, case.contract.bids, strict=True):
            sheet = trading.SheetFacts(
                price_fen=case.handed_in(bid),
                period_days=180,
                deposit_fen=0,
                quality="合格 accepted",
                manager="原记录未载明 not recorded",
                manager_certificate="原记录未载明 not recorded",
            )
            trading.submit_bid(bidder, case.lot, sheet, [], self.now)

    def _open(self, case: Case) -> None:
        if trading.find_lot(case.lot).stage == "failed":
            count = len(case.contract.bids)
            limit = law.limit("W11", on=BEGINS_ON)
            case.end(
                REFUSED,
                f"投标人 {count} 个，少于 {limit.at_least} 个，不得开标（{limit.source}）"
                f" / {count} bidders, fewer than {limit.at_least}: may not be opened",
            )
            return
        trading.open_bids(self.staff.opener, case.lot, self.now)

    def _evaluate(self, case: Case) -> None:
        members = [
            trading.MemberFacts(name=f"专家{number}", kind=kind)
            for number, kind in enumerate(
                ("technical", "technical", "economic", "economic", "representative")
            )
        ]
        trading.enter_committee(self.staff.opener, case.lot, members, self.now, DRAWN)
        prices: dict[str, int] = {}
        for bidder, bid in zip(case.bidders, case.contract.bids, strict=True):
            code = bidder.organisation
            if bid.status == REJECTED:
                trading.reject_bid(self.staff.opener, case.lot, code, "not-responsive", NO_REASON, self.now)
                continue
            amount = int((bid.evaluated or 0) * case.scale)
            if amount <= 0:
                raise Refused([Finding("evaluated-not-positive")])
            prices[code] = amount
            trading.evaluate_bid(self.staff.opener, case.lot, code, amount, "", self.now)
        ranking = sorted(prices, key=lambda each: prices[each])[:3]
        warnings = trading.receive_report(self.staff.opener, case.lot, ranking, "", self.now)
        case.warnings += [each.rule for each in warnings]

    def _publicise(self, case: Case) -> None:
        notice = trading.draft_publicity(
            case.hosts[0], case.lot, self._publicity_at, self._until_on, "书面 in writing", self.now
        )
        self._publish(case, notice.code, self._publicity_at)

    def _award(self, case: Case) -> None:
        rows = trading.opening_rows(trading.find_lot(case.lot), everything=True)
        first = next(each for each in rows if each.rank == 1)
        trading.award(case.hosts[0], case.lot, first.bidder, self.now)
        awarded = case.contract.awarded[0]
        recorded = case.bidders[case.contract.bids.index(awarded)].organisation
        if first.bidder == recorded:
            case.end(EQUAL, "")
        else:
            case.end(
                DIFFERS,
                "原记录授予的不是最低评审价：另有评标标准，原记录未载明"
                " / the record awards another than the lowest evaluated price: other criteria, none given",
            )


def _said(finding: Finding) -> str:
    from yiwang.common.shell.api import say  # sentences are the edge's matter

    return f"{say(finding, 'zh-hans')} / {say(finding, 'en')}"
