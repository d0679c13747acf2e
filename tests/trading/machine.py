"""Random actors send random verbs at random instants, mostly around limits; after each act the invariants hold.

A refusal must leave no trace; what was handed in last is what is opened; only who may take a step takes it.
``tests/trading/test_machine.py`` runs it briefly, ``python -m bench.machine`` for long.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import objecting
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.refs import seeded_codes
from yiwang.record.journal.api import agenda, recorded
from yiwang.site.simulation import invariants
from yiwang.site.simulation.papers import stored_pdf

from .methods import SCORED
from .sitting import USUAL, register_experts, seats
from .turns import TURNS, Turns
from .world import CONTACT, ELSEWHERE, Market, market

PRICES = (499_000_000, 500_000_000, 500_000_000, 510_000_000, 520_000_000)
STAGES = (
    "registered", "announcing", "bidding", "closed", "opened", "evaluating", "reported", "publicity",
    "publicity-ended", "awarded", "contracted", "failed",
)  # fmt: skip
MICRO, SECOND, HOUR, DAY = (timedelta(**{n: 1}) for n in ("microseconds", "seconds", "hours", "days"))
# The stages in which most can go wrong come more often.
BEGINNINGS = (
    *STAGES,
    *("bidding",) * 5,
    *("publicity", "publicity-ended", "evaluating") * 2,
    "opened",
    "awarded",
)
NEAR = st.sampled_from((-SECOND, -MICRO, timedelta(), MICRO, SECOND, HOUR))
WHO = st.integers(0, 60)  # most of these are nobody: then the one who should act does
FEW = st.integers(0, 4)
REMEDIES = st.sampled_from(("", *objecting.REMEDIES, "nonsense"))


def during(*stages: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mostly tried in these stages; at every fifth act, whatever the stage."""
    return precondition(lambda machine: machine.stage in stages or machine.turn % 5 == 0)


def settle_market() -> None:
    """The market in which every example begins, once: founding it costs more than most examples."""
    MarketMachine.market = market()
    MarketMachine.experts = register_experts(MarketMachine.market)


def testing_block() -> transaction.Atomic:
    """A transaction around acts, which are durable otherwise: whatever happens in it is undone in the end."""
    block = transaction.atomic()
    block._from_testcase = True
    return block


class MarketMachine(Turns, RuleBasedStateMachine):
    """One market with one lot, and those that follow from it."""

    market: ClassVar[Market]
    experts: ClassVar[list[Actor]]
    met: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self._block = testing_block()
        self._block.__enter__()
        self._codes = seeded_codes(random.Random(1))
        self._codes.__enter__()
        self.town = replace(self.market, receipts=[])
        self.town.register()
        self.lots = [self.town.lot]
        self.handed_in: dict[tuple[str, str], int] = {}
        self.watch = invariants.Watch()
        self.stage, self.turn = "registered", 0

    def teardown(self) -> None:
        self._codes.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._block.__exit__(None, None, None)

    # who, where, when

    @property
    def lot(self) -> Any:
        return trading.find_lot(self.lots[-1])

    @property
    def now(self) -> datetime:
        return self.town.now

    def who(self, number: int, rightly: Actor) -> Actor:
        town = self.town
        everybody = [
            *town.hosts, town.agency, *town.bidders, town.staff.checker, town.staff.opener, town.supervisor,
            town.operator, *self.experts,
        ]  # fmt: skip
        return everybody[number] if number < len(everybody) else rightly

    def opened(self) -> list[str]:
        return [each.bidder for each in trading.opening_rows(self.lot, everything=True)]

    def last_notice(self, *statuses: str) -> str:
        found = [each.code for each in notices.notices(about=self.lot.ref) if each.status in statuses]
        return found[-1] if found else f"{self.lots[-1]}-99"

    def act(self, verb: Callable[..., Any], by: Actor, *arguments: Any, **named: Any) -> Any:
        """Sends a verb; None where it is refused. What it leaves must be lawful, or nothing at all."""
        self.turn += 1
        before, rows = recorded(), self._rows()
        try:
            answer = verb(by, *arguments, **named)
        except Refused as refused:
            rules = {each.rule for each in refused.findings}
            self.met[f"{verb.__name__} refused"] += 1
            event(f"{verb.__name__} refused")
            if "outage" not in rules:
                self.untouched(before, rows, f"{verb.__name__} was refused ({refused})")
            return None
        except (notices.UnknownNotice, trading.UnknownProject):
            return None
        self.met[verb.__name__] += 1
        event(verb.__name__)
        self.look()
        return answer

    def untouched(self, before: int, rows: list[dict[str, Any]], what: str) -> None:
        assert recorded() == before, f"{what} and left an entry"
        assert self._rows() == rows, f"{what} and changed its lot"

    def _rows(self) -> list[dict[str, Any]]:
        every = [trading.find_lot(code) for code in self.lots]
        return [{name: value for name, value in vars(each).items() if name[0] != "_"} for each in every]

    def look(self) -> None:
        self.watch.check(self.lots)
        self.stage = self.lot.stage
        for code in self.lots:
            for row in trading.opening_rows(trading.find_lot(code), everything=True):
                assert self.handed_in.get((code, row.bidder)) == row.price_fen, (
                    "opened what was not handed in last"
                )

    def until(self, instant: datetime, working: bool) -> None:
        """Time passes; without a worker what falls due waits until the next time."""
        self.turn += 1
        if instant <= self.now:
            return
        if working:
            self.town.work(instant)
        else:
            self.town.now = instant
        self.look()

    # the lawful way

    @initialize(beginning=st.sampled_from((*BEGINNINGS, *TURNS)), few=st.integers(0, 7), scored=st.booleans())
    def brought_to(self, beginning: str, few: int, scored: bool) -> None:
        """Most of a tender's life is far from its beginning, and its turns are seldom met by chance."""
        self.scored, stage = scored, TURNS.get(beginning, beginning)
        self.few = few == 7 or stage == "failed"
        for _ in range(14):
            if self.lot.stage == stage:
                break
            self.go_on()
        if self.lot.stage == "bidding":
            for place in range(4):
                self.take(99, place)
                if place:
                    self.bid(99, place, timedelta(), False)
        if beginning in TURNS and self.lot.stage == stage:
            self.take_turn(beginning)
            self.met[f"turn {beginning}"] += 1

    @during()
    @rule()
    def go_on(self) -> None:
        """What should lawfully come next, by those who should do it."""
        getattr(self, "_on_" + self.lot.stage.replace("-", "_"), lambda: None)()

    def _on_registered(self) -> None:
        self.draft(99, 0)

    def _on_announcing(self) -> None:
        self._publish(self.last_notice("draft", "confirmed", "scheduled"))

    def _publish(self, code: str, at: datetime | None = None) -> None:
        notice = next((each for each in notices.notices(about=self.lot.ref) if each.code == code), None)
        if notice is None:
            return
        publish_at = notice.publish_at or at or self.lot.publish_at
        if notice.status == "draft":
            self.act(trading.confirm_notice, self.town.hosts[1], code, publish_at, self.now)
        if notice.status in ("draft", "confirmed"):
            self.act(trading.pass_notice, self.town.staff.checker, code, self.now)
        self.until(publish_at + SECOND, working=True)

    def _on_bidding(self) -> None:
        lot = self.lot
        for each in lot.objections.filter(answered_at=None):
            self.act(trading.answer_objection, self.town.hosts[0], each.code, "不成立", [], False, self.now)
        if lot.postponed_at or trading.amendment_due(lot):
            self.clarify(99, True, 3)
            self._publish(self.last_notice("draft"), self.now + 2 * HOUR)
            return
        for place in range(2 if self.few else 4):
            self.take(99, place)
            self.bid(99, place, timedelta(), False)
        self.until(self.lot.deadline_at + 20 * SECOND, working=True)

    def _on_closed(self) -> None:
        self.open(99)

    def _on_opened(self) -> None:
        for each in self.lot.objections.filter(answered_at=None):
            self.answer(99, 0, False, "")
        self.enter_committee(99, 5)

    def _on_evaluating(self) -> None:
        if not self.scored:
            for place in range(len(self.opened())):
                self.evaluate(99, place, 0)
            self.report(99, 0, True)
            return
        self.end_review(99)
        for place in range(5):
            self.score(99, place, "20", True)
        self.draw_up(99, False)
        for place in range(5):
            self.sign_report(99, place, "sign")
        self.report(99, 0, False)

    def _on_reported(self) -> None:
        self.draft_publicity(99, 0)
        self._publish(self.last_notice("draft", "confirmed", "scheduled"), self.lot.publicity_from_at)

    def _on_publicity(self) -> None:
        for _ in self.lot.objections.filter(answered_at=None):
            self.answer(99, 0, False, "")
        self.until(self.lot.publicity_until_at + SECOND, working=True)

    def _on_publicity_ended(self) -> None:
        rows = [row for row in trading.opening_rows(self.lot, everything=True) if row.rank]
        for row in sorted(rows, key=lambda row: row.rank):
            if self.act(trading.award, self.town.hosts[0], self.lots[-1], row.bidder, self.now):
                return

    def _on_awarded(self) -> None:
        if self.act(trading.draft_result_notice, self.town.hosts[0], self.lots[-1], self.now):
            self._publish(self.last_notice("draft"), self.now + DAY)
        self.sign(99, 0, 0)

    def _on_contracted(self) -> None:
        self.archive(99)

    def _on_failed(self) -> None:
        self.retender(99)

    # time

    @during()
    @rule(hours=st.sampled_from((1, 5, 24, 73, 240)), working=st.booleans())
    def wait(self, hours: int, working: bool) -> None:
        self.until(self.now + hours * HOUR, working)

    @during()
    @rule(off=NEAR, working=st.booleans())
    def wait_for_the_deadline(self, off: timedelta, working: bool) -> None:
        if self.lot.deadline_at:
            self.until(self.lot.deadline_at + off, working)

    @rule(off=NEAR, working=st.booleans())
    def wait_for_the_agenda(self, off: timedelta, working: bool) -> None:
        due = [each.due_at for each in agenda() if each.due_at > self.now]
        if due:
            self.until(min(due) + off, working)

    # before the deadline

    @during("registered")
    @rule(who=WHO, short=st.integers(-1, 1))
    def draft(self, who: int, short: int) -> None:
        terms = self.town.terms(method=SCORED) if self.scored else self.town.terms()
        terms = replace(terms, deadline_at=terms.deadline_at + short * DAY)
        self.act(
            trading.draft_tender_notice, self.who(who, self.town.hosts[0]), self.lots[-1], terms, self.now
        )

    @during("announcing", "reported", "awarded", "bidding")
    @rule(who=WHO, off=NEAR)
    def confirm(self, who: int, off: timedelta) -> None:
        publish_at = (self.lot.publish_at or self.now) + off
        code = self.last_notice("draft")
        self.act(trading.confirm_notice, self.who(who, self.town.hosts[1]), code, publish_at, self.now)

    @during("announcing", "reported", "awarded", "bidding")
    @rule(who=WHO, verb=st.sampled_from(("pass", "return", "back")))
    def handle_notice(self, who: int, verb: str) -> None:
        code = self.last_notice("draft", "confirmed", "scheduled", "returned")
        checker, host = self.who(who, self.town.staff.checker), self.who(who, self.town.hosts[0])
        if verb == "pass":
            self.act(trading.pass_notice, checker, code, self.now)
        elif verb == "return":
            self.act(trading.return_notice, checker, code, "要素不全", self.now)
        else:
            self.act(trading.take_back_notice, host, code, self.now)

    @during("bidding")
    @rule(who=WHO, place=FEW)
    def take(self, who: int, place: int) -> None:
        self.act(trading.take_documents, self.who(who, self.town.bidders[place]), self.lots[-1], self.now)

    @during("bidding")
    @rule(
        who=WHO, place=FEW, before=st.sampled_from((timedelta(), MICRO, SECOND, HOUR)), replaces=st.booleans()
    )
    def bid(self, who: int, place: int, before: timedelta, replaces: bool) -> None:
        by, code = self.who(who, self.town.bidders[place]), self.lots[-1]
        price = PRICES[place] + len(self.handed_in) * 100 * replaces
        answer = self.act(
            trading.submit_bid, by, code, self.town.sheet(price), [], self.now - before, replace=replaces
        )
        if answer is not None:
            self.handed_in[code, by.organisation] = price

    @during("bidding")
    @rule(who=WHO, place=FEW)
    def withdraw(self, who: int, place: int) -> None:
        by = self.who(who, self.town.bidders[place])
        before = recorded()
        self.act(trading.withdraw_bid, by, self.lots[-1], self.now)
        if recorded() != before:
            del self.handed_in[self.lots[-1], by.organisation]

    @during("bidding")
    @rule(who=WHO, place=FEW)
    def ask(self, who: int, place: int) -> None:
        self.act(
            trading.ask, self.who(who, self.town.bidders[place]), self.lots[-1], "工期起算？", [], self.now
        )

    @during("bidding")
    @rule(who=WHO, affects=st.booleans(), days=st.integers(-1, 20))
    def clarify(self, who: int, affects: bool, days: int) -> None:
        publish_at = self.now + 2 * HOUR
        new = None
        if days >= 0:
            base = (
                law.clock("W04", publish_at, on=local_day(publish_at)).result_on
                if affects
                else local_day(publish_at)
            )
            new = on_day_at(base + timedelta(days=days), 9, 30)
        wanted = trading.NewClarification(
            content="工期改为二百日。", affects_bids=affects, publish_at=publish_at, new_deadline_at=new
        )
        self.act(
            trading.draft_clarification, self.who(who, self.town.hosts[0]), self.lots[-1], wanted, self.now
        )

    @during("bidding")
    @rule(who=WHO, days=st.integers(-1, 9))
    def put_off(self, who: int, days: int) -> None:
        new = (self.lot.deadline_at or self.now) + days * DAY
        self.act(
            trading.draft_postponement, self.who(who, self.town.hosts[0]), self.lots[-1], "场地停电", new,
            self.now + HOUR, self.now,
        )  # fmt: skip

    @rule(hours=st.sampled_from((1, 2, 26)))
    def publish_the_draft(self, hours: int) -> None:
        self._publish(self.last_notice("draft"), self.now + hours * HOUR)

    # objections

    @during("bidding", "opened", "publicity")
    @rule(
        who=WHO, place=FEW, matter=st.sampled_from(("documents", "opening", "result")), interest=st.booleans()
    )
    def object(self, who: int, place: int, matter: str, interest: bool) -> None:
        by, verb = self.who(who, self.town.bidders[place]), getattr(trading, f"object_to_{matter}")
        named = {"interest": "分包商"} if interest and matter == "result" else {}
        self.act(verb, by, self.lots[-1], "对评分有异议", [], self.now, **named)

    @during("bidding", "opened", "publicity")
    @rule(who=WHO, place=FEW, amends=st.booleans(), remedy=REMEDIES)
    def answer(self, who: int, place: int, amends: bool, remedy: str) -> None:
        every = list(self.lot.objections.order_by("id"))
        waiting = [each for each in every if each.answered_at is None] or every
        if waiting:
            code = waiting[place % len(waiting)].code
            self.act(
                trading.answer_objection, self.who(who, self.town.hosts[0]), code, "答复如下", [], amends, self.now,
                remedy,
            )  # fmt: skip

    # opening and evaluation

    @during("closed")
    @rule(who=WHO)
    def open(self, who: int) -> None:
        self.act(trading.open_bids, self.who(who, self.town.staff.opener), self.lots[-1], self.now)

    @during("opened")
    @rule(who=WHO, size=st.integers(3, 7))
    def enter_committee(self, who: int, size: int) -> None:
        members = seats(self.experts[:size]) if self.scored else self.town.committee(size)
        self.act(
            trading.enter_committee,
            self.who(who, self.town.staff.opener),
            self.lots[-1],
            members,
            self.now,
            ELSEWHERE,
        )

    @during("evaluating")
    @rule(who=WHO, place=FEW, more=st.sampled_from((0, 0, -499_000_000, 1)))
    def evaluate(self, who: int, place: int, more: int) -> None:
        rows = trading.opening_rows(self.lot, everything=True)
        row = rows[place % len(rows)] if rows else None
        bidder, price = (row.bidder, row.price_fen) if row else (self.town.bidders[0].organisation, 1)
        note = "算术修正" if more == 1 else ""
        by = self.who(who, self.town.staff.opener)
        self.act(trading.evaluate_bid, by, self.lots[-1], bidder, price + more, note, self.now)

    @during("evaluating")
    @rule(who=WHO, place=FEW, ground=st.sampled_from(("not-responsive", "not-qualified", "because")))
    def reject(self, who: int, place: int, ground: str) -> None:
        bidder = self.town.bidders[place].organisation
        by = self.who(who, self.town.staff.opener)
        self.act(trading.reject_bid, by, self.lots[-1], bidder, ground, "未响应工期", self.now)

    @during("evaluating")
    @rule(who=WHO, seed=st.integers(0, 99), lawful=st.booleans())
    def report(self, who: int, seed: int, lawful: bool) -> None:
        rows, rng = list(trading.opening_rows(self.lot, everything=True)), random.Random(seed)
        if lawful:
            rows = sorted((row for row in rows if row.evaluated_fen), key=lambda row: row.evaluated_fen or 0)
        else:
            rng.shuffle(rows)
        ranking = [row.bidder for row in rows][: 3 if lawful else rng.randrange(5)]
        by = self.who(who, self.town.staff.opener)
        self.act(trading.receive_report, by, self.lots[-1], ranking, "按工期短者优先", self.now)

    @during("evaluating")
    @rule(who=WHO)
    def reject_all(self, who: int) -> None:
        self.act(
            trading.reject_all, self.who(who, self.town.staff.opener), self.lots[-1], "均不响应", self.now
        )

    # a committee that sits online

    @during("evaluating")
    @rule(who=WHO)
    def end_review(self, who: int) -> None:
        self.act(trading.end_review, self.who(who, self.town.staff.opener), self.lots[-1], self.now)

    @during("evaluating")
    @rule(who=WHO, place=FEW, points=st.sampled_from(("20", "25", "25.01", "9.99", "x")), whole=st.booleans())
    def score(self, who: int, place: int, points: str, whole: bool) -> None:
        every = self.opened()
        typed = {bidder: {**USUAL, "c1": points} for bidder in (every if whole else every[:1])}
        self.act(trading.hand_in_sheet, self.who(who, self.experts[place]), self.lots[-1], typed, self.now)

    @during("evaluating")
    @rule(who=WHO, place=FEW, ground=st.sampled_from(("not-responsive", "because")))
    def propose(self, who: int, place: int, ground: str) -> None:
        every = self.opened()
        bidder = every[place % len(every)] if every else "x"
        by = self.who(who, self.experts[place])
        self.act(trading.propose_rejection, by, self.lots[-1], bidder, ground, "工期不符", self.now)

    @during("evaluating")
    @rule(who=WHO, place=FEW, in_favour=st.booleans())
    def vote(self, who: int, place: int, in_favour: bool) -> None:
        motions = [motion.code for bid in self.lot.bids.all() for motion in bid.motions.order_by("id")]
        by = self.who(who, self.experts[place])
        self.act(trading.cast_vote, by, motions[-1] if motions else "M-0", in_favour, "理由", self.now)

    @during("evaluating")
    @rule(who=WHO, upside=st.booleans())
    def draw_up(self, who: int, upside: bool) -> None:
        made = trading.calculation_now(self.lot) if self.scored and self.lot.stage == "evaluating" else None
        ranking = (
            [each.bidder for each in made.order[:3]] if made and not made.findings else self.opened()[:3]
        )
        by = self.who(who, self.town.staff.opener)
        self.act(
            trading.draw_up_report,
            by,
            self.lots[-1],
            ranking[::-1] if upside else ranking,
            "技术高者",
            self.now,
        )

    @during("evaluating")
    @rule(who=WHO, place=FEW, how=st.sampled_from(("sign", "dissent", "deemed")))
    def sign_report(self, who: int, place: int, how: str) -> None:
        by, code = self.who(who, self.experts[place]), self.lots[-1]
        if how == "sign":
            self.act(trading.sign_report, by, code, self.now)
        elif how == "dissent":
            self.act(trading.dissent, by, code, "不同意技术得分", self.now)
        else:
            centre = self.who(who, self.town.staff.opener)
            self.act(trading.deem_signed, centre, code, place + 1, "拒绝签字且不说明", self.now)

    @during("evaluating")
    @rule(who=WHO, place=FEW, spare=st.integers(4, 6), drawn=st.booleans())
    def replace_member(self, who: int, place: int, spare: int, drawn: bool) -> None:
        """By a login or, on paper, by a name; an expert who was drawn nowhere follows nobody."""
        by, person = self.who(who, self.town.staff.opener), self.experts[spare].person if self.scored else ""
        named = None if self.scored else replace(self.town.committee(7)[spare], employer="某设计院")
        where = ELSEWHERE if drawn else None
        self.act(
            trading.replace_member, by, self.lots[-1], place + 1, "health", person, self.now, where, named
        )

    @during("evaluating")
    @rule(who=WHO, place=FEW, hours=st.sampled_from((0, 5)))
    def time_is_short(self, who: int, place: int, hours: int) -> None:
        if hours:
            by, until_at = self.who(who, self.town.hosts[0]), self.now + hours * HOUR
            self.act(trading.extend_time, by, self.lots[-1], until_at, self.now)
        else:
            self.act(trading.ask_time, self.who(who, self.experts[place]), self.lots[-1], self.now)

    # result

    @during("publicity-ended", "publicity", "awarded")
    @rule(who=WHO, place=FEW, stands=st.booleans(), concludes=st.booleans())
    def reexamine(self, who: int, place: int, stands: bool, concludes: bool) -> None:
        code, papers = self.lots[-1], [stored_pdf("复核材料")]
        if concludes:
            by = self.who(who, self.town.staff.opener)
            self.act(trading.conclude_reexamination, by, code, stands, "能够履约", papers, self.now)
        else:
            by, bidder = self.who(who, self.town.hosts[0]), self.town.bidders[place].organisation
            self.act(trading.order_reexamination, by, code, bidder, "财务变化", papers, self.now)

    @rule(who=WHO, place=FEW)
    def pay_back(self, who: int, place: int) -> None:
        owed = [each.code for each in trading.refunds_for(self.town.staff.checker, self.now, self.lot)]
        by = self.who(who, self.town.staff.checker)
        code = owed[place % len(owed)] if owed else "R-0"
        self.act(trading.note_refund, by, code, local_day(self.now), self.now)

    @during("closed", "opened", "evaluating", "reported", "awarded")
    @rule(who=WHO, place=FEW, account=st.sampled_from(("", "7", "62170000123", "62170000456")))
    def note_a_payer(self, who: int, place: int, account: str) -> None:
        bidder = self.town.bidders[place].organisation
        by, given = self.who(who, self.town.hosts[0]), [trading.PayerFacts(bidder, "某劳务公司", account)]
        self.act(trading.note_deposit_payers, by, self.lots[-1], given, self.now)

    @rule(who=WHO)
    def correct_a_notice(self, who: int) -> None:
        by, original = self.who(who, self.town.hosts[0]), self.last_notice("published")
        self.act(trading.draft_correction, by, self.lots[-1], original, "联系电话更正", False, self.now)

    @during("reported")
    @rule(who=WHO, days=st.integers(-1, 1))
    def draft_publicity(self, who: int, days: int) -> None:
        publish_at = on_day_at(local_day(self.now) + DAY, 9)
        until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on + days * DAY
        by = self.who(who, self.town.hosts[0])
        self.act(trading.draft_publicity, by, self.lots[-1], publish_at, until_on, CONTACT, self.now)

    @rule(who=WHO, form=st.sampled_from(("result", "failure")))
    def draft_notice(self, who: int, form: str) -> None:
        verb = getattr(trading, f"draft_{form}_notice")
        self.act(verb, self.who(who, self.town.hosts[0]), self.lots[-1], self.now)

    @during("publicity-ended")
    @rule(who=WHO, place=FEW)
    def award(self, who: int, place: int) -> None:
        bidder = self.town.bidders[place].organisation
        self.act(trading.award, self.who(who, self.town.hosts[0]), self.lots[-1], bidder, self.now)

    @during("publicity-ended", "awarded")
    @rule(
        who=WHO,
        place=FEW,
        ground=st.sampled_from(("gave-up", "no-performance-bond", "unlawful-conduct", "x")),
    )
    def pass_over(self, who: int, place: int, ground: str) -> None:
        bidder = self.town.bidders[place].organisation
        by, papers = self.who(who, self.town.hosts[0]), [stored_pdf("放弃声明")]
        self.act(trading.pass_over, by, self.lots[-1], bidder, ground, "书面放弃", papers, self.now)

    @during("publicity-ended")
    @rule(who=WHO)
    def declare_no_winner(self, who: int) -> None:
        self.act(
            trading.declare_no_winner, self.who(who, self.town.hosts[0]), self.lots[-1], "无人可定", self.now
        )

    @during("awarded")
    @rule(who=WHO, more=st.sampled_from((0, 0, 100)), bond=st.sampled_from((0, 10, 11)))
    def sign(self, who: int, more: int, bond: int) -> None:
        winner = trading.lot_page(self.lot).winner
        price = (winner.price_fen if winner else 100) + more
        by, on = self.who(who, self.town.hosts[0]), local_day(self.now)
        self.act(trading.sign_contract, by, self.lots[-1], "HT-1", price, price * bond // 100, on, self.now)

    @during("contracted")
    @rule(who=WHO)
    def archive(self, who: int) -> None:
        self.act(trading.archive, self.who(who, self.town.staff.checker), self.lots[-1], self.now)

    @rule(who=WHO, sure=st.integers(0, 9))
    def terminate(self, who: int, sure: int) -> None:
        if sure == 0:
            self.act(
                trading.terminate, self.who(who, self.town.hosts[0]), self.lots[-1], "资金取消", self.now
            )

    @during("failed")
    @rule(who=WHO, basis=st.sampled_from(("approved", "own-decision", "x")))
    def forgo(self, who: int, basis: str) -> None:
        by, papers = self.who(who, self.town.hosts[0]), [stored_pdf("批复")]
        self.act(trading.forgo_tender, by, self.lots[-1], basis, "两次失败", papers, self.now)

    @during("failed")
    @rule(who=WHO)
    def retender(self, who: int) -> None:
        again = self.act(trading.retender, self.who(who, self.town.hosts[0]), self.lots[-1], self.now)
        if again is not None:
            self.lots.append(again.code)
