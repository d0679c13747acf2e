"""What a reader with the statutes in hand, or with ill will, would try: each try is refused or leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import awarding, bidding, evaluation, objecting
from yiwang.business.trading.rules.facts import MemberFacts
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.days import end_of, local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import public_feed, sequence
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import LOT, days_2026, refusals, step, warnings
from .world import CONTACT, ELSEWHERE, Market, market

RULES_TESTED = ("W01", "W07", "W27", "W-forfeit", "W-unlawful-documents", "W-supervisor-sits", "W-validity")
PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@given(st.integers(-2, 2), st.integers(1, 120))
def test_w_validity_runs_from_the_deadline_whose_own_day_does_not_count(seconds, days):
    lot = replace(LOT, validity_days=days)
    until_on = local_day(LOT.deadline_at) + timedelta(days=days)
    at = end_of(until_on) + timedelta(seconds=seconds)
    found = list(awarding.validity_findings(step(lot, at=at)))
    assert refusals(found) == []
    assert warnings(found) == (["validity-over"] if seconds >= 0 else [])


@given(days_2026, st.integers(-2, 2))
def test_w01_documents_are_had_to_the_end_of_the_announced_day_and_never_after_the_deadline(day, seconds):
    opens = on_day_at(day, 9)
    lot = replace(
        LOT,
        law_on=day,
        documents_from_at=opens,
        documents_until_on=day + timedelta(days=5),
        deadline_at=on_day_at(day + timedelta(days=20), 9),
    )
    at = end_of(lot.documents_until_on) + timedelta(seconds=seconds)
    assert refusals(bidding.documents_open_findings(step(lot, at=at))) == ["documents-over"] * (seconds >= 0)
    early = opens + timedelta(seconds=seconds)
    assert refusals(bidding.documents_open_findings(step(lot, at=early))) == ["documents-not-yet"] * (
        seconds < 0
    )
    short = replace(lot, deadline_at=on_day_at(day + timedelta(days=3), 9))
    at = short.deadline_at + timedelta(seconds=seconds)
    assert refusals(bidding.documents_open_findings(step(short, at=at))) == ["documents-over"] * (
        seconds >= 0
    )


@given(st.booleans(), st.sampled_from(("", "  ", "拟作为分包人参与")))
def test_w07_who_took_the_documents_or_states_an_interest_may_object_to_them(taken, interest):
    found = refusals(objecting.standing_findings(step(LOT, taken=taken, interest=interest)))
    assert found == ([] if taken or interest.strip() else ["documents-interest-missing"])


@given(st.booleans())
def test_w_supervisor_sits_the_staff_of_the_supervisor_never_does(supervises):
    member = MemberFacts(name="甲", kind="technical", supervises=supervises)
    found = refusals(evaluation.conflict_findings(step(committee=(member,))))
    assert found == (["supervisor-sits"] if supervises else [])


@pytest.fixture
def town(db) -> Market:
    made = market()
    made.register()
    return made


def bidding_now(town: Market) -> None:
    town.announce()
    town.bid(PRICES)


def test_an_agency_that_is_a_tenderee_elsewhere_does_nothing_in_place_of_this_tenderee(town):
    town.announce()
    posing = replace(town.agency, role="tenderee")
    own_notice = trading.draft_postponement(
        town.agency, town.lot, "场地检修。", town.deadline_at + timedelta(days=3),
        on_day_at(local_day(town.now) + timedelta(days=1), 9), town.now,
    )  # fmt: skip
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    for verb in (
        lambda by: trading.terminate(by, town.lot, "不办了。", town.now),
        lambda by: trading.annul_documents(by, town.lot, "资格条件违法。", town.now),
        lambda by: trading.confirm_notice(by, own_notice.code, publish_at, town.now),
    ):
        assert reasons(lambda verb=verb: verb(posing)) == {"not-your-lot"}
    other_way = replace(town.hosts[0], role="agency")
    assert reasons(lambda: trading.award(other_way, town.lot, "", town.now)) == {"not-your-lot"}
    trading.confirm_notice(town.hosts[1], own_notice.code, publish_at, town.now)


def test_nobody_takes_the_documents_after_the_announced_last_day_and_no_list_asks_for_it(town):
    town.announce()
    lot = trading.find_lot(town.lot)
    offered = lambda: [each.step for each in trading.todos(town.bidders[0], town.now)]  # noqa: E731
    assert offered() == ["take-documents"]
    town.work(end_of(lot.documents_until_on))
    assert reasons(lambda: trading.take_documents(town.bidders[0], town.lot, town.now)) == {"documents-over"}
    assert offered() == []
    assert town.now < town.deadline_at


def test_somebody_concerned_objects_to_the_documents_without_having_taken_them(town):
    town.announce()
    objector = town.bidders[4]
    with_interest = lambda why: trading.object_to_documents(  # noqa: E731
        objector, town.lot, "要求本地业绩。", [], town.now, why
    )
    assert reasons(lambda: with_interest("")) == {"documents-interest-missing"}
    code = with_interest("拟作为分包人参与。").code
    assert trading.find_lot(town.lot).suspended_at == town.now
    trading.answer_objection(town.hosts[0], code, "维持原要求。", [], False, town.now)
    (line,) = trading.objections_of(objector, trading.find_lot(town.lot))
    assert (line.complaint.id, line.complaint.at_most) == ("W27", 10)
    (theirs,) = trading.objections_of(town.hosts[0], trading.find_lot(town.lot))
    assert (theirs.interest, theirs.complaint) == ("拟作为分包人参与。", None)


def test_a_bid_that_was_withdrawn_or_replaced_never_becomes_public_and_those_that_were_opened_do(town):
    town.announce()
    town.bid([*PRICES, 480_000_000])
    gone, replaced = town.receipts[3], town.receipts[0]
    trading.withdraw_bid(town.bidders[3], town.lot, town.now)
    again = trading.submit_bid(
        town.bidders[0], town.lot, town.sheet(495_000_000), [stored_pdf("新")], town.now, replace=True
    )
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    sequence()
    public = [each for each in public_feed(0, 1000) if each.kind == "bid-submitted"]
    assert {each.about.code for each in public} == {
        again.envelope,
        *(each.envelope for each in town.receipts[1:3]),
    }
    text = "".join(
        f"{each.facts} {each.about}" for each in public_feed(0, 1000) if each.about.room == "trading"
    )
    assert town.bidders[3].organisation not in text
    assert gone.envelope not in text
    assert replaced.envelope not in text


def test_the_deposit_of_a_winner_that_does_not_sign_is_not_among_those_to_be_returned(town):
    first, second, _ = _awarded(town)
    trading.award(town.agency, town.lot, first, town.now)
    proof = [stored_pdf("催告函")]
    trading.pass_over(town.agency, town.lot, first, "no-performance-bond", "经催告未交。", proof, town.now)
    trading.award(town.agency, town.lot, second, town.now)
    price = {each.bidder: each.price_fen for each in trading.opening_rows(trading.find_lot(town.lot), True)}
    trading.sign_contract(town.agency, town.lot, "HT-1", price[second], 0, local_day(town.now), town.now)
    town.work(town.now + timedelta(minutes=1))
    lot = trading.find_lot(town.lot)
    owed = {each.creditor for each in trading.refunds_for(town.hosts[0], town.now, lot)}
    assert owed == {each.organisation for each in town.bidders[:3]} - {first}
    assert [each.bid.bidder for each in trading.forfeits(lot)] == [first]


def _awarded(town: Market) -> list[str]:
    """The registered lot of the town, evaluated and publicised; its ranking."""
    bidding_now(town)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    trading.enter_committee(town.staff.opener, town.lot, town.committee(), town.now, ELSEWHERE)
    for bidder, price in zip(town.bidders, PRICES, strict=False):
        trading.evaluate_bid(town.staff.opener, town.lot, bidder.organisation, price, "", town.now)
    ranking = [town.bidders[n].organisation for n in sorted(range(3), key=lambda n: PRICES[n])]
    trading.receive_report(town.staff.opener, town.lot, ranking, "", town.now)
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    until_on = local_day(publish_at) + timedelta(days=7)
    notice = trading.draft_publicity(town.hosts[0], town.lot, publish_at, until_on, CONTACT, town.now)
    later = publish_at + timedelta(days=1)
    differs = lambda: trading.confirm_notice(town.hosts[1], notice.code, later, town.now)  # noqa: E731
    assert reasons(differs) == {"publicity-day-differs"}
    town.publish(notice.code, publish_at)
    town.work(end_of(until_on) + timedelta(minutes=1))
    return ranking


def test_the_staff_of_the_supervisor_may_not_be_entered_into_the_committee(town):
    bidding_now(town)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    members = town.committee()
    members[0] = replace(members[0], employer_code=town.supervisor.organisation)
    entering = lambda: trading.enter_committee(town.staff.opener, town.lot, members, town.now, ELSEWHERE)  # noqa: E731
    assert reasons(entering) == {"supervisor-sits"}
    members[0] = replace(members[0], employer_code="")
    entering()


def test_unlawful_documents_end_a_tender_that_is_held_again_and_nothing_of_it_stays_open(town):
    town.announce()
    town.bid(PRICES[:2])
    trading.object_to_documents(town.bidders[0], town.lot, "排斥外地企业。", [], town.now)
    reason = "资格条件要求在本市纳税，排斥外地企业。"
    assert reasons(lambda: trading.annul_documents(town.agency, town.lot, reason, town.now)) == {
        "no-permission"
    }
    assert reasons(lambda: trading.annul_documents(town.hosts[0], town.lot, " ", town.now)) == {
        "unlawfulness-missing"
    }
    trading.annul_documents(town.hosts[0], town.lot, reason, town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.outcome, lot.suspended_at) == ("failed", "unlawful-documents", None)
    steps = {each.step for each in trading.todos(town.hosts[0], town.now)}
    assert steps == {"draft-failure-notice", "retender"}
    told = [trading.messages_for(each).filter(matter="documents-annulled").count() for each in town.bidders]
    assert told == [1, 1, 0, 0, 0]
    notice = trading.draft_failure_notice(town.hosts[0], town.lot, town.now)
    assert (notice.values["outcome"], reason in notice.values["reason"]) == ("unlawful-documents", True)
    town.publish(notice.code, on_day_at(local_day(town.now) + timedelta(days=1), 9))
    assert notices.notice(notice.code).status == "published"
    assert trading.retender(town.hosts[0], town.lot, town.now).attempt == 2
    town.work(lot.deadline_at + timedelta(minutes=1))
    assert town.stage == "failed"


def test_a_terminated_tender_is_suspended_no_more_and_its_objector_is_told(town):
    town.announce()
    trading.object_to_documents(town.bidders[4], town.lot, "排斥外地企业。", [], town.now, "拟分包。")
    trading.terminate(town.hosts[0], town.lot, "资金取消。", town.now)
    assert trading.find_lot(town.lot).suspended_at is None
    assert "answer-objection" not in {each.step for each in trading.todos(town.hosts[0], town.now)}
    assert [each.matter for each in trading.messages_for(town.bidders[4])] == ["lot-terminated"]
    assert not [each for each in trading.watched(town.supervisor, town.now) if each.kind == "suspended"]
