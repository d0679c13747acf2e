"""Which deposits go back when: after a withdrawal, a contract, a termination, a failure; who sees it, who notes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yiwang.business.trading import api as trading
from yiwang.business.trading.services.refunding import owe_refunds
from yiwang.common.funds import api as funds
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import timeline

from .world import Market, market, stored_pdf

RULES_TESTED = ("W15", "W25", "W-termination")

PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@pytest.fixture
def town(db) -> Market:
    return market()


def bidding(town: Market) -> None:
    town.register()
    town.announce()
    town.bid(PRICES)


def seen(town: Market, actor) -> list[funds.Refund]:
    return trading.refunds_for(actor, town.now, trading.find_lot(town.lot))


def settle(town: Market) -> None:
    town.work(town.now + timedelta(minutes=1))


def test_a_withdrawn_deposit_goes_back_in_five_days_without_telling_the_tenderee_who_bid(town):
    bidding(town)
    trading.withdraw_bid(town.bidders[0], town.lot, town.now)
    settle(town)
    (own,) = seen(town, town.bidders[0])
    assert (own.cause, own.principal_fen, own.interest_fen) == (funds.WITHDRAWN, 6_000_000, 0)
    assert own.due_at == law.clock("W15", town.now, on=local_day(town.now)).result_at
    assert [len(seen(town, each)) for each in (town.staff.opener, town.hosts[0], town.supervisor)] == [
        1,
        0,
        0,
    ]
    noting = lambda by: trading.note_refund(by, own.code, local_day(town.now), town.now)  # noqa: E731
    assert reasons(lambda: noting(town.hosts[0])) == {"refund-not-yours"}
    noting(town.staff.opener)
    assert reasons(lambda: noting(town.staff.opener)) == {"refund-done"}
    town.work(town.deadline_at + timedelta(seconds=10))
    causes = sorted(each.cause for each in seen(town, town.hosts[0]))
    assert causes == [funds.FAILED, funds.FAILED, funds.WITHDRAWN]


def test_who_withdraws_twice_on_one_day_is_owed_both_deposits_each_of_them_once(town):
    bidding(town)
    bidder = town.bidders[0]
    trading.withdraw_bid(bidder, town.lot, town.now)
    settle(town)
    trading.submit_bid(bidder, town.lot, town.sheet(PRICES[0]), [stored_pdf("再次投标")], town.now)
    trading.withdraw_bid(bidder, town.lot, town.now)
    settle(town)
    owed = seen(town, bidder)
    assert [(each.cause, each.principal_fen, each.arose_on) for each in owed] == [
        (funds.WITHDRAWN, 6_000_000, local_day(town.now))
    ] * 2
    about = trading.find_lot(town.lot).ref
    read = [each for each in timeline(about, public_only=False) if each.kind == "bid-withdrawn"]
    assert len(read) == 2
    for entry in read:
        owe_refunds(entry)
    assert seen(town, bidder) == owed, "read again, an entry owes nothing more"
    trading.note_refund(town.staff.opener, owed[0].code, local_day(town.now), town.now)
    assert [each.done_on is None for each in seen(town, bidder)] == [True, False]


def test_after_the_contract_everybody_gets_the_deposit_back_with_interest_and_late_is_late(town):
    ranking = town.to_award(PRICES)
    trading.award(town.agency, town.lot, ranking[0], town.now)
    signed_on = local_day(town.now)
    trading.sign_contract(town.agency, town.lot, "HT-1", PRICES[1], 0, signed_on, town.now)
    settle(town)
    due = seen(town, town.hosts[0])
    assert len(due) == 3
    clock = law.clock("W25", signed_on, on=signed_on)
    assert {(each.due_at, each.late) for each in due} == {(clock.result_at, False)}
    (todo,) = [each for each in trading.todos(town.hosts[0], town.now) if each.step == "refund"]
    assert todo.due_at == clock.result_at
    trading.note_refund(town.agency, due[0].code, signed_on, town.now)
    stranger = town.bidders[4]
    assert reasons(lambda: trading.note_refund(stranger, due[1].code, signed_on, town.now)) == {
        "no-permission"
    }
    town.work(clock.result_at + timedelta(hours=1))
    assert [each.late for each in seen(town, town.supervisor)].count(True) == 2
    done, late = trading.note_refund(town.hosts[0], due[1].code, local_day(town.now), town.now)
    assert [each.rule for each in late] == ["refund-late"]
    assert done.late
    received_on = local_day(town.receipts[0].received_at)
    assert done.interest_fen == funds.interest_fen(done.principal_fen, received_on, local_day(town.now))


def test_a_termination_is_announced_with_its_reason_and_owes_deposits_with_interest(town):
    bidding(town)
    trading.terminate(town.hosts[0], town.lot, "项目资金计划调整。", town.now)
    settle(town)
    owed = seen(town, town.hosts[0])
    assert [(each.cause, each.due_at, each.principal_fen) for each in owed] == [
        (funds.TERMINATED, None, 6_000_000)
    ] * 3
    steps = {each.step for each in trading.todos(town.hosts[0], town.now)}
    assert steps == {"draft-failure-notice", "refund"}
    notice = trading.draft_failure_notice(town.hosts[0], town.lot, town.now)
    assert notice.values["reason"] == "项目资金计划调整。"
    assert "利息" in notice.values["refund"]
    town.publish(notice.code, on_day_at(local_day(town.now) + timedelta(days=1), 9))
    assert {each.step for each in trading.todos(town.hosts[0], town.now)} == {"refund"}


def test_a_failed_tender_owes_the_deposits_of_those_who_bid(town):
    town.register()
    town.announce()
    town.bid(PRICES[:2])
    town.close()
    settle(town)
    assert [(each.cause, each.due_at) for each in seen(town, town.hosts[0])] == [(funds.FAILED, None)] * 2
