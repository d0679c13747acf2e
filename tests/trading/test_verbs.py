"""The verbs of a works tender on a real database: what they do, and what they refuse with which article."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Envelope, Lot
from yiwang.business.trading.services.bidding import current_envelopes
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.canonical import loads
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.files import api as files
from yiwang.record.journal.api import Entry, once, public_feed, sequence, timeline

from .world import CONTACT, DUTIES, Market, market

RULES_TESTED = (
    "W11",
    "W-evaluation",
    "W22",
    "W-late",
    "W-secret-takers",
    "W-losers-told",
    "W-postqualification",
    "W-replace",
)

PRICES = [500_000_000, 490_000_000, 510_000_000, 505_000_000]


@pytest.fixture
def town(db) -> Market:
    return market()


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


def entries(lot: str, public_only: bool = True) -> list[Entry]:
    """The entries of a lot, placed first: on PostgreSQL the worker does that a moment after the commit."""
    sequence()
    return timeline(trading.find_lot(lot).ref, public_only)


def kinds(lot: str, public_only: bool = True) -> list[str]:
    return [each.kind for each in entries(lot, public_only)]


def test_a_tender_runs_from_registration_to_archive(town):
    ranking = town.to_award(PRICES)
    assert town.stage == "publicity-ended"
    assert ranking[0] == town.bidders[1].organisation
    trading.award(town.agency, town.lot, ranking[0], town.now)
    notice = trading.draft_result_notice(town.hosts[0], town.lot, town.now)
    town.publish(notice.code, on_day_at(local_day(town.now) + timedelta(days=1), 9))
    contract, warnings = trading.sign_contract(
        town.agency, town.lot, "HT-1", PRICES[1], PRICES[1] // 10, local_day(town.now), town.now
    )
    assert contract.amount_fen == PRICES[1]
    assert warnings == ()
    trading.archive(town.staff.checker, town.lot, town.now)
    assert town.stage == "archived"
    page = trading.lot_page(trading.find_lot(town.lot))
    assert page.winner is not None
    assert page.winner.rank == 1
    assert [each.state for each in page.progress] == ["done"] * len(page.progress)
    assert kinds(town.lot)[-1] == "lot-archived"


def test_a_timetable_a_day_too_short_is_refused_with_every_other_reason_and_nothing_is_kept(town):
    town.register()
    good = town.terms()
    bad = replace(
        good, deadline_at=good.deadline_at - timedelta(days=1), deposit_fen=12_000_001, qualification=" "
    )
    found = reasons(lambda: trading.draft_tender_notice(town.agency, town.lot, bad, town.now))
    assert found == {"W03", "W14", "qualification-missing"}
    assert town.stage == "registered"
    assert notices.notices(about=trading.find_lot(town.lot).ref) == []
    assert trading.find_lot(town.lot).deadline_at is None


def test_nobody_confirms_what_they_drafted_and_a_stranger_drafts_nothing(town):
    town.register(by_agency=False)
    terms = town.terms()
    notice = trading.draft_tender_notice(town.hosts[0], town.lot, terms, town.now)
    assert "D01" in reasons(
        lambda: trading.confirm_notice(town.hosts[0], notice.code, terms.publish_at, town.now)
    )
    assert "not-your-lot" in reasons(
        lambda: trading.draft_tender_notice(town.agency, town.lot, terms, town.now)
    )
    assert "no-permission" in reasons(
        lambda: trading.draft_tender_notice(town.bidders[0], town.lot, terms, town.now)
    )


def test_a_late_confirmation_that_would_shorten_the_bid_period_is_refused(town):
    town.register()
    terms = town.terms()
    notice = trading.draft_tender_notice(town.hosts[0], town.lot, terms, town.now)
    later = terms.publish_at + timedelta(days=2)
    found = reasons(lambda: trading.confirm_notice(town.hosts[1], notice.code, later, town.now))
    assert "documents-before-notice" in found


def test_a_notice_whose_instant_was_missed_by_days_is_returned_and_not_published(town):
    town.register()
    terms = town.terms()
    notice = trading.draft_tender_notice(town.hosts[0], town.lot, terms, town.now)
    trading.confirm_notice(town.hosts[1], notice.code, terms.publish_at, town.now)
    trading.pass_notice(town.staff.checker, notice.code, town.now)
    from yiwang.record.journal.api import work

    late = terms.publish_at + timedelta(days=3)
    while work((trading.READER,), DUTIES, late).dues:
        pass
    assert notices.notice(notice.code).status == "dropped"
    assert town.stage == "registered"
    assert "notice-published" not in kinds(town.lot)


def test_who_took_documents_and_how_many_is_in_no_public_entry(town):
    town.register()
    town.announce()
    sequence()
    before = [each.kind for each in public_feed(0, 1000)]
    for bidder in town.bidders:
        trading.take_documents(bidder, town.lot, town.now)
    sequence()
    after = public_feed(0, 1000)
    assert [each.kind for each in after] == before
    numbers = [each.n for each in entries(town.lot) if each.about == trading.find_lot(town.lot).ref]
    trading.terminate(town.hosts[0], town.lot, "资金调整", town.now)
    last = entries(town.lot)[-1]
    assert last.n == max(numbers) + 1, "a gap in the lot's numbers would betray the takers"


def test_before_the_opening_no_leaf_and_no_page_tells_a_price_or_a_bidder(town):
    town.register()
    town.announce()
    town.bid(PRICES)
    for entry in entries(town.lot, public_only=False):
        text = entry.leaf.decode()
        assert town.bidders[0].organisation not in text
        assert str(PRICES[0]) not in text
    page = trading.lot_page(trading.find_lot(town.lot), everything=True)
    assert page.records == ()
    envelope = Envelope.objects.filter(lot__code=town.lot).first()
    everybody = [*town.hosts, town.agency, *town.bidders, town.staff.opener, town.supervisor]
    assert not any(trading.may_read_bid_document(each, envelope) for each in everybody)


def test_after_the_opening_the_entries_of_the_bids_are_public_and_open_to_those_who_evaluate(town):
    town.to_evaluating(PRICES)
    assert kinds(town.lot).count("bid-submitted") == len(PRICES)
    envelope = Envelope.objects.filter(lot__code=town.lot).first()
    assert trading.may_read_bid_document(town.staff.opener, envelope)
    assert trading.may_read_bid_document(town.bidders[0], envelope)
    assert not trading.may_read_bid_document(town.bidders[1], envelope)
    assert not trading.may_read_bid_document(town.bidders[4], envelope)


def test_one_bid_a_bidder_replaced_and_withdrawn_until_the_deadline(town):
    town.register()
    town.announce()
    town.bid(PRICES)
    first = town.bidders[0]
    assert "already-bid" in reasons(lambda: trading.submit_bid(first, town.lot, town.sheet(), [], town.now))
    again = trading.submit_bid(first, town.lot, town.sheet(480_000_000), [], town.now, replace=True)
    assert again.number == 2
    trading.withdraw_bid(town.bidders[3], town.lot, town.now)
    standing = current_envelopes(trading.find_lot(town.lot))
    assert len(standing) == 3
    assert {each.sheet["price_fen"] for each in standing} == {480_000_000, PRICES[1], PRICES[2]}
    assert "no-bid-yet" in reasons(lambda: trading.withdraw_bid(town.bidders[3], town.lot, town.now))


def test_the_last_microsecond_before_the_deadline_is_in_time_and_the_deadline_is_late(town):
    town.register()
    town.announce()
    town.bid(PRICES[:3])
    in_time = town.deadline_at - timedelta(microseconds=1)
    trading.submit_bid(town.bidders[3], town.lot, town.sheet(), [], in_time)
    assert reasons(
        lambda: trading.submit_bid(town.bidders[4], town.lot, town.sheet(), [], town.deadline_at)
    ) == {"late-bid"}
    town.close()
    late = reasons(lambda: trading.submit_bid(town.bidders[4], town.lot, town.sheet(), [], town.now))
    assert late == {"late-bid"}


def test_what_arrived_in_time_but_meets_a_closed_lot_is_an_outage_on_record_and_never_late(town):
    town.register()
    town.announce()
    town.bid(PRICES)
    town.close()
    received_at = town.deadline_at - timedelta(seconds=1)
    late = town.bidders[4]

    def submit() -> dict[str, str]:
        trading.submit_bid(late, town.lot, town.sheet(), [], received_at)
        return {}

    assert reasons(submit) == {"outage"}
    assert kinds(town.lot).count("bid-outage") == 1
    assert reasons(lambda: once("key", late, {}, submit)) == {"outage"}
    assert kinds(town.lot).count("bid-outage") == 2


def test_closing_waits_for_the_deadline_and_lists_every_envelope(town):
    town.register()
    town.announce()
    town.bid(PRICES)
    trading.withdraw_bid(town.bidders[0], town.lot, town.now)
    town.work(town.deadline_at - timedelta(seconds=1))
    assert town.stage == "bidding"
    town.close()
    assert town.stage == "closed"
    reached = next(each for each in entries(town.lot) if each.kind == "deadline-reached")
    with files.open_document(reached.documents[0]) as file:
        listed = loads(file.read())
    assert [each["leaf"] for each in listed["envelopes"]] == [each.leaf_hash for each in town.receipts]
    assert [each["standing"] for each in listed["envelopes"]] == [False, True, True, True]


def test_two_bidders_fail_are_never_opened_and_the_tender_is_held_again(town):
    town.register()
    town.announce()
    town.bid(PRICES[:2])
    town.close()
    assert town.stage == "failed"
    assert "wrong-stage" in reasons(lambda: trading.open_bids(town.staff.opener, town.lot, town.now))
    assert kinds(town.lot).count("bid-submitted") == 0, "bids of a failed tender stay closed"
    notice = trading.draft_failure_notice(town.hosts[0], town.lot, town.now)
    assert notice.values["outcome"] == "too-few-bidders"
    again = trading.retender(town.agency, town.lot, town.now)
    assert (again.attempt, again.stage, again.retender_of) == (2, "registered", town.lot)
    assert "already-retendered" in reasons(lambda: trading.retender(town.agency, town.lot, town.now))


def test_qualification_is_judged_after_the_opening_and_a_rejection_names_its_ground(town):
    town.to_evaluating(PRICES)
    bidder = town.bidders[1].organisation
    opener = town.staff.opener
    assert "W30" in reasons(lambda: trading.reject_bid(opener, town.lot, bidder, "ugly", "不喜欢", town.now))
    trading.reject_bid(opener, town.lot, bidder, "not-qualified", "资质等级不足", town.now)
    for other, price in zip(town.bidders, PRICES, strict=False):
        if other.organisation != bidder:
            trading.evaluate_bid(opener, town.lot, other.organisation, price, "", town.now)
    ranking = [town.bidders[n].organisation for n in (0, 3, 2)]
    assert "ranking-not-valid" in reasons(
        lambda: trading.receive_report(opener, town.lot, [bidder, *ranking[:2]], "", town.now)
    )
    assert "ranking-not-lowest" in reasons(
        lambda: trading.receive_report(opener, town.lot, ranking[::-1], "", town.now)
    )
    trading.receive_report(opener, town.lot, ranking, "", town.now)
    hidden = trading.lot_page(trading.find_lot(town.lot))
    assert {each.status for each in hidden.records} == {""}, "the decision is not public before the publicity"


def test_a_report_needs_a_decision_on_every_bid(town):
    town.to_evaluating(PRICES)
    trading.evaluate_bid(town.staff.opener, town.lot, town.bidders[0].organisation, PRICES[0], "", town.now)
    found = reasons(
        lambda: trading.receive_report(
            town.staff.opener, town.lot, [town.bidders[0].organisation], "", town.now
        )
    )
    assert "undecided" in found


def test_all_rejected_fails_the_lot_and_everybody_is_told(town):
    town.to_evaluating(PRICES)
    for bidder in town.bidders[:4]:
        trading.reject_bid(
            town.staff.opener, town.lot, bidder.organisation, "not-responsive", "未响应", town.now
        )
    trading.reject_all(town.staff.opener, town.lot, "全部未实质响应", town.now)
    assert town.stage == "failed"
    assert all(trading.messages_for(each).filter(matter="lot-failed").exists() for each in town.bidders[:4])


def test_names_of_the_committee_are_secret_until_the_award(town):
    ranking = town.to_award(PRICES)
    assert "committee-entered" not in kinds(town.lot)
    for entry in entries(town.lot, public_only=False):
        assert "专家0" not in entry.leaf.decode()
    trading.award(town.agency, town.lot, ranking[0], town.now)
    assert "committee-entered" in kinds(town.lot)


def test_the_award_waits_for_the_publicity_goes_to_rank_one_and_every_loser_is_told(town):
    ranking = town.to_report(PRICES)
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    short = reasons(
        lambda: trading.draft_publicity(
            town.hosts[0], town.lot, publish_at, until_on - timedelta(days=1), CONTACT, town.now
        )
    )
    assert short == {"W21"}
    notice = trading.draft_publicity(town.hosts[0], town.lot, publish_at, until_on, CONTACT, town.now)
    town.publish(notice.code, publish_at)
    assert "wrong-stage" in reasons(lambda: trading.award(town.agency, town.lot, ranking[0], town.now))
    town.work(on_day_at(until_on + timedelta(days=1), 10))
    assert reasons(lambda: trading.award(town.agency, town.lot, ranking[1], town.now)) == {"W22"}
    trading.award(town.agency, town.lot, ranking[0], town.now)
    told = {each.organisation: trading.messages_for(each).first().matter for each in town.bidders[:4]}
    assert told.pop(ranking[0]) == "award-letter"
    assert set(told.values()) == {"not-chosen"}


def test_a_contract_at_another_price_or_with_too_high_a_bond_is_refused(town):
    ranking = town.to_award(PRICES)
    trading.award(town.agency, town.lot, ranking[0], town.now)
    today = local_day(town.now)
    found = reasons(
        lambda: trading.sign_contract(
            town.agency, town.lot, "", PRICES[1] + 1, PRICES[1] // 10 + 2, today, town.now
        )
    )
    assert found == {"contract-number-missing"}
    found = reasons(
        lambda: trading.sign_contract(town.agency, town.lot, "HT", PRICES[1] + 1, PRICES[1], today, town.now)
    )
    assert found == {"contract-amount", "W26"}
    assert "result-not-published" in reasons(lambda: trading.archive(town.staff.checker, town.lot, town.now))


def test_a_termination_gives_its_reason_and_stops_the_clock(town):
    town.register()
    town.announce()
    town.bid(PRICES)
    assert "reason-missing" in reasons(lambda: trading.terminate(town.hosts[0], town.lot, " ", town.now))
    trading.terminate(town.hosts[0], town.lot, "资金计划调整", town.now)
    town.close()
    assert town.stage == "terminated"
    assert trading.lot_page(trading.find_lot(town.lot)).records == ()


def test_an_agency_may_not_bid_in_its_own_tender_and_others_may_not_take_part_as_bidders(town):
    town.register()
    town.announce()
    disguised = replace(town.agency, role="bidder")
    assert "agency-bids" in reasons(
        lambda: trading.submit_bid(disguised, town.lot, town.sheet(), [], town.now)
    )
    assert "no-permission" in reasons(
        lambda: trading.submit_bid(town.agency, town.lot, town.sheet(), [], town.now)
    )


def test_what_a_supervisor_reads_is_on_record_but_leaves_no_gap(town):
    town.register()
    town.announce()
    trading.note_reading(town.supervisor, town.lot, "lot page", town.now)
    rows = trading.export_timeline(town.supervisor, town.lot, town.now)
    assert [each["kind"] for each in rows][:1] == ["project-registered"]
    hidden = [each.kind for each in entries(town.lot, public_only=False)]
    assert hidden.count("supervisor-read") == 2
    assert "supervisor-read" not in kinds(town.lot)


def test_everybody_finds_what_they_have_to_do(town):
    town.register()
    assert [each.step for each in trading.todos(town.agency, town.now)] == ["draft-tender-notice"]
    terms = town.terms()
    notice = trading.draft_tender_notice(town.agency, town.lot, terms, town.now)
    assert "confirm-notice" in [each.step for each in trading.todos(town.hosts[1], town.now)]
    trading.confirm_notice(town.hosts[1], notice.code, terms.publish_at, town.now)
    assert [each.step for each in trading.todos(town.staff.checker, town.now)] == ["check-notice"]
    trading.pass_notice(town.staff.checker, notice.code, town.now)
    town.work(terms.publish_at + timedelta(minutes=1))
    assert [each.step for each in trading.todos(town.bidders[0], town.now)] == ["take-documents"]
    town.bid(PRICES)
    assert [each.step for each in trading.todos(town.bidders[0], town.now)] == ["replace-bid"]
    town.close()
    assert [each.step for each in trading.todos(town.staff.opener, town.now)] == ["open-bids"]


def test_a_project_of_a_party_that_is_not_admitted_is_refused_with_every_reason(town):
    found = reasons(
        lambda: trading.register_project(
            town.hosts[0],
            trading.NewProject(
                name=" ", tenderee=town.bidders[0].organisation, agency="", region="110000", funds="", approval="",
                state_funded=True, lots=[],
            ),
            town.now,
        )
    )  # fmt: skip
    assert found == {
        "name-missing", "funds-missing", "approval-missing", "project-region-unknown", "lots-missing",
        "tenderee-not-admitted", "not-your-project",
    }  # fmt: skip


def test_the_law_of_the_first_day_is_fixed(town):
    town.register()
    town.announce()
    lot = Lot.objects.get(code=town.lot)
    assert lot.law_on == local_day(lot.publish_at)
