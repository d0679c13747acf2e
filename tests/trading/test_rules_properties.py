"""Each rule of the works tender around its boundary, at every hour of the local day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading.rules import awarding, bidding, evaluation, notice, timetable
from yiwang.business.trading.rules.facts import BidFacts, LotFacts, MemberFacts, SheetFacts, StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import end_of, local_day, on_day_at, start_of
from yiwang.pure.kernel.findings import REFUSAL, WARNING

RULES_TESTED = (
    "W01", "W03", "W11", "W13", "W14", "W14-cap", "W16", "W16-experts", "W17", "W20", "W21", "W21-start", "W22",
    "W23", "W26", "W30", "W-late", "W-opening", "W-replace", "W-lowest", "W-all-rejected", "W-termination",
    "W-agency-bids", "W-documents", "W-validity", "W-contract-terms", "W-notice", "W-notice-signed",
)  # fmt: skip

HOST = Actor("P-HOST", "91620502MA00000001", "tenderee")
BIDDER = Actor("P-BID", "91620502MA00000002", "bidder")
ISSUED = on_day_at(date(2026, 3, 4), 9)
LOT = LotFacts(
    code="L", stage="registered", procedure="works-open", law_on=date(2026, 3, 4), tenderee=HOST.organisation,
    agency="91620502MA00000003", estimate_fen=600_000_000, documents=1, validity_days=90, period_days=100,
    publish_at=ISSUED, documents_from_at=ISSUED, documents_until_on=date(2026, 3, 9),
    deadline_at=on_day_at(date(2026, 3, 24), 9, 30),
)  # fmt: skip

hours = st.integers(0, 23)
minutes = st.sampled_from((0, 1, 29, 59))
days_2026 = st.dates(date(2026, 1, 2), date(2026, 9, 1)) | st.sampled_from(
    (
        date(2026, 2, 13),
        date(2026, 2, 14),
        date(2026, 2, 24),
        date(2026, 4, 30),
        date(2026, 5, 5),
        date(2026, 6, 18),
    )
)


def step(lot: LotFacts = LOT, **more: object) -> StepFacts:
    return StepFacts(
        at=more.pop("at", ISSUED - timedelta(hours=20)), by=more.pop("by", HOST), lot=lot, **more
    )


def refusals(findings) -> list[str]:
    return [each.rule for each in findings if each.level == REFUSAL]


def warnings(findings) -> list[str]:
    return [each.rule for each in findings if each.level == WARNING]


@given(days_2026, hours, minutes, st.integers(18, 22) | st.integers(0, 400), hours, minutes)
def test_w03_counts_calendar_days_and_not_hours(day, hour, minute, given_days, to_hour, to_minute):
    issued_at = on_day_at(day, hour, minute)
    deadline_at = on_day_at(day + timedelta(days=given_days), to_hour, to_minute)
    lot = replace(LOT, documents_from_at=issued_at, deadline_at=deadline_at, law_on=day)
    assert refusals(timetable.bid_period_findings(step(lot))) == (["W03"] if given_days < 20 else [])


@given(days_2026, hours, st.integers(3, 7) | st.integers(0, 40))
def test_w01_refuses_below_five_days_counted_inclusively_and_warns_below_the_strict_count(day, hour, later):
    lot = replace(
        LOT, documents_from_at=on_day_at(day, hour), documents_until_on=day + timedelta(days=later), law_on=day,
        deadline_at=on_day_at(day + timedelta(days=60), 9),
    )  # fmt: skip
    found = list(timetable.sale_period_findings(step(lot)))
    assert refusals(found) == (["W01"] if later < 4 else [])
    assert warnings(found) == (["W01-strict"] if later == 4 else [])


@given(st.integers(100_000, 400_000_000_00), st.integers(-2, 2))
def test_w14_compares_the_deposit_with_two_per_cent_exactly(estimate_fen, off):
    deposit = estimate_fen * 2 // 100 + off
    lot = replace(LOT, estimate_fen=estimate_fen, deposit_fen=max(deposit, 0))
    expected = ["W14"] if lot.deposit_fen * 100 > estimate_fen * 2 else []
    assert [each for each in refusals(timetable.deposit_findings(step(lot))) if each == "W14"] == expected


@given(st.integers(-2, 2))
def test_w14_cap_stands_beside_the_share(off):
    lot = replace(LOT, estimate_fen=100_000_000_000, deposit_fen=80_000_000 + off)
    assert refusals(timetable.deposit_findings(step(lot))) == (["W14-cap"] if off > 0 else [])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"documents": 0}, "documents-missing"),
        ({"validity_days": 0}, "validity-missing"),
        ({"period_days": 0}, "period-missing"),
        ({"ceiling_fen": 0}, "ceiling-not-positive"),
    ],
)
def test_a_tender_without_its_terms_is_refused(change, rule):
    assert refusals(timetable.terms_findings(step(LOT))) == []
    assert refusals(timetable.terms_findings(step(replace(LOT, **change)))) == [rule]


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_the_notice_comes_first_and_lies_ahead(publish_off, documents_off):
    at = ISSUED
    publish_at = at + timedelta(hours=publish_off)
    lot = replace(LOT, documents_from_at=publish_at + timedelta(hours=documents_off))
    found = refusals(timetable.order_findings(step(lot, at=at, publish_at=publish_at)))
    assert ("publish-in-the-past" in found) == (publish_off < 0)
    assert ("documents-before-notice" in found) == (documents_off < 0)


def test_every_reason_is_given_at_once():
    lot = replace(
        LOT, deadline_at=ISSUED + timedelta(days=3), documents_until_on=local_day(ISSUED), deposit_fen=99_000_000,
        documents=0, validity_days=0,
    )  # fmt: skip
    found = refusals(timetable.draft_findings(step(lot)))
    assert {"W01", "W03", "W14", "W14-cap", "documents-missing", "validity-missing"} <= set(found)


@given(st.integers(-3, 3), st.integers(0, 999_999))
def test_the_instant_of_receipt_decides_to_the_microsecond(seconds, microseconds):
    received_at = LOT.deadline_at + timedelta(seconds=seconds, microseconds=microseconds)
    found = refusals(bidding.before_deadline_findings(step(received_at=received_at, by=BIDDER)))
    assert found == (["late-bid"] if received_at >= LOT.deadline_at else [])


def test_a_bid_at_the_very_deadline_is_late_and_one_microsecond_before_is_not():
    at = LOT.deadline_at
    assert refusals(bidding.before_deadline_findings(step(received_at=at, by=BIDDER))) == ["late-bid"]
    before = at - timedelta(microseconds=1)
    assert refusals(bidding.before_deadline_findings(step(received_at=before, by=BIDDER))) == []


@given(st.integers(-2, 2))
def test_nothing_is_opened_before_the_deadline(seconds):
    at = LOT.deadline_at + timedelta(seconds=seconds)
    assert refusals(bidding.deadline_reached_findings(step(at=at))) == (
        ["opened-early"] if seconds < 0 else []
    )


@given(st.integers(0, 6) | st.integers(0, 500))
def test_w11_three_bidders_open_and_two_fail(bidders):
    facts = step(envelopes=bidders)
    assert refusals(bidding.enough_bidders_findings(facts)) == (["W11"] if bidders < 3 else [])
    assert refusals(bidding.too_few_bidders_findings(facts)) == (["not-too-few"] if bidders >= 3 else [])


@pytest.mark.parametrize("organisation", [LOT.tenderee, LOT.agency])
def test_the_tenderee_and_its_agency_may_not_bid(organisation):
    assert refusals(bidding.may_bid_findings(step(by=Actor("P-X", organisation, "bidder")))) == [
        "agency-bids"
    ]
    assert refusals(bidding.may_bid_findings(step(by=BIDDER))) == []


@given(st.integers(0, 1))
def test_one_bid_a_bidder_and_only_an_own_bid_can_be_replaced(own):
    facts = step(by=BIDDER, own_envelopes=own)
    assert refusals(bidding.first_envelope_findings(facts)) == (["already-bid"] if own else [])
    assert refusals(bidding.own_envelope_findings(facts)) == ([] if own else ["no-bid-yet"])


SHEET = SheetFacts(
    price_fen=500, period_days=10, deposit_fen=0, quality="合格", manager="张三", manager_certificate="甘1"
)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"price_fen": 0}, "price-not-positive"),
        ({"price_fen": 2**53}, "price-not-positive"),
        ({"period_days": 0}, "period-out-of-range"),
        ({"deposit_fen": -1}, "deposit-out-of-range"),
        ({"manager": "  "}, "sheet-text"),
        ({"quality": "x" * 101}, "sheet-text"),
    ],
)
def test_an_opening_sheet_out_of_range_is_refused_at_its_field(change, rule):
    assert refusals(bidding.sheet_findings(step(by=BIDDER, sheet=SHEET))) == []
    found = list(bidding.sheet_findings(step(by=BIDDER, sheet=replace(SHEET, **change))))
    assert refusals(found) == [rule]
    assert found[0].field


def members(experts: int, others: int) -> tuple[MemberFacts, ...]:
    every = [MemberFacts(name=f"e{n}", kind="technical") for n in range(experts)]
    return (*every, *(MemberFacts(name=f"r{n}", kind="representative") for n in range(others)))


@given(st.integers(0, 9), st.integers(0, 9))
def test_w16_the_committee_is_five_or_more_and_odd_with_two_thirds_experts(experts, others):
    facts = step(committee=members(experts, others))
    size = experts + others
    assert ("W16" in refusals(evaluation.committee_size_findings(facts))) == (size < 5 or size % 2 == 0)
    few = size > 0 and experts * 3 < size * 2
    assert refusals(evaluation.committee_experts_findings(facts)) == (["W16-experts"] if few else [])


@pytest.mark.parametrize(
    ("named", "distinct"),
    [
        ((("张伟", "P-1"), ("张伟", "P-2")), True),  # two persons of the register
        ((("张伟", "P-1"), ("张伟", "P-1")), False),
        ((("张伟", "P-1"), ("李伟", "P-1")), False),
        ((("张伟", ""), ("张伟", "")), False),
        ((("张伟", ""), (" 张伟 ", "P-1")), False),  # on paper nothing but the name tells them apart
        ((("张伟", ""), ("李伟", "")), True),
        ((("买买提·艾力", ""), ("𠮷伟", "P-1")), True),
        (((" ", "P-1"), ("李伟", "P-2")), False),
    ],
)
def test_every_member_has_a_name_and_sits_once(named, distinct):
    committee = tuple(MemberFacts(name=name, kind="technical", person=person) for name, person in named)
    found = refusals(evaluation.committee_size_findings(step(committee=committee)))
    assert ("committee-names" not in found) == distinct


def test_what_is_said_of_a_tie_fits_into_the_public_entry():
    for length, fits in ((0, True), (evaluation.TIE_AT_MOST, True), (evaluation.TIE_AT_MOST + 1, False)):
        found = refusals(evaluation.at_most_three_findings(step(tie_break="并" * length)))
        assert found == ([] if fits else ["tie-long"])


@given(st.sampled_from(("", BIDDER.organisation, "91620502MA00000009")))
def test_w17_a_bidders_employee_may_not_sit_on_the_committee(employer):
    member = MemberFacts(name="甲", kind="technical", employer_code=employer)
    facts = step(committee=(member,), bidders=(BIDDER.organisation,))
    expected = ["W17-conflict"] if employer == BIDDER.organisation else []
    assert refusals(evaluation.conflict_findings(facts)) == expected


def bid(name: str, price: int, status: str = "valid", rank: int | None = None) -> BidFacts:
    return BidFacts(bidder=name, price_fen=price, status=status, evaluated_fen=price, rank=rank)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6), st.randoms())
def test_only_an_order_by_evaluated_price_is_a_lawful_ranking(prices, rng):
    bids = tuple(bid(f"b{n}", price) for n, price in enumerate(prices))
    order = [each.bidder for each in bids]
    rng.shuffle(order)
    ranking = tuple(order[:3])
    by_name = {each.bidder: each.evaluated_fen for each in bids}
    lawful = [by_name[each] for each in ranking] == sorted(prices)[: len(ranking)]
    found = refusals(evaluation.ranking_findings(step(bids=bids, ranking=ranking, tie_break="documents")))
    assert ("ranking-not-lowest" in found) == (not lawful)


@given(st.integers(1, 3), st.booleans())
def test_a_tie_needs_what_the_documents_say(equal, told):
    bids = (*(bid(f"b{n}", 10) for n in range(equal)), bid("c", 11), bid("d", 12))
    ranking = tuple(each.bidder for each in bids[:2])
    found = refusals(
        evaluation.ranking_findings(
            step(bids=bids, ranking=ranking, tie_break="工期短者优先" if told else "")
        )
    )
    assert found == (["tie"] if equal > 1 and not told else [])


@given(st.integers(0, 6))
def test_w20_at_most_three_are_shortlisted(count):
    facts = step(ranking=tuple(f"b{n}" for n in range(count)))
    assert refusals(evaluation.at_most_three_findings(facts)) == (["W20"] if count > 3 else [])


@given(st.integers(0, 5), st.integers(0, 5))
def test_w13_all_may_be_rejected_only_when_too_few_stand(valid, rejected):
    bids = tuple(bid(f"v{n}", 5) for n in range(valid)) + tuple(
        bid(f"r{n}", 5, "rejected") for n in range(rejected)
    )
    found = refusals(evaluation.reject_all_findings(step(bids=bids, reason="缺乏竞争")))
    assert found == (["W13"] if valid >= 3 else [])
    assert "reason-missing" in refusals(evaluation.reject_all_findings(step(bids=bids)))


@given(st.integers(0, 5), st.integers(0, 2))
def test_a_report_decides_every_bid_and_says_when_few_are_valid(valid, undecided):
    bids = tuple(bid(f"v{n}", 5) for n in range(valid)) + tuple(
        bid(f"o{n}", 5, "open") for n in range(undecided)
    )
    found = list(evaluation.every_bid_decided_findings(step(bids=bids)))
    assert ("undecided" in refusals(found)) == (undecided > 0)
    assert ("nothing-valid" in refusals(found)) == (undecided == 0 and valid == 0)
    assert ("few-valid" in warnings(found)) == (undecided == 0 and 0 < valid < 3)


@pytest.mark.parametrize("ground", [each.id for each in law.rule("W30", on=date(2026, 3, 4)).choices])
def test_w30_a_rejection_has_one_of_seven_grounds_and_a_reason(ground):
    facts = step(bids=(bid("a", 5),), subject="a", ground=ground, reason="未响应")
    assert refusals(evaluation.lawful_ground_findings(facts)) == []
    assert refusals(evaluation.lawful_ground_findings(replace(facts, reason=" "))) == ["reason-missing"]
    assert refusals(evaluation.lawful_ground_findings(replace(facts, ground="dislike"))) == ["W30"]
    assert refusals(evaluation.lawful_ground_findings(replace(facts, subject="nobody"))) == ["no-such-bid"]


def test_w30_knows_exactly_seven_grounds():
    assert len(law.rule("W30", on=date(2026, 3, 4)).choices) == 7


@given(days_2026, hours, st.integers(1, 6) | st.integers(0, 60))
def test_w21_publicity_starts_within_three_calendar_days_of_the_report(day, hour, later):
    lot = replace(LOT, report_received_at=on_day_at(day, hour), law_on=day)
    facts = step(lot, publish_at=on_day_at(day + timedelta(days=later), 9))
    found = list(awarding.publicity_start_findings(facts))
    assert refusals(found) == []
    last_on = day + timedelta(days=3)
    while not law.is_working_day(last_on):
        last_on += timedelta(days=1)
    assert warnings(found) == (["W21-start"] if day + timedelta(days=later) > last_on else [])


@given(days_2026, hours, st.integers(0, 12))
def test_w21_publicity_runs_three_days_and_ends_on_a_working_day(day, hour, later):
    publish_at = on_day_at(day, hour)
    last_on = day + timedelta(days=3)
    while not law.is_working_day(last_on):
        last_on += timedelta(days=1)
    until_at = end_of(day + timedelta(days=later))
    facts = step(replace(LOT, law_on=day), publish_at=publish_at, publicity_until_at=until_at)
    expected = ["W21"] if until_at < end_of(last_on) else []
    assert refusals(awarding.publicity_length_findings(facts)) == expected


def test_w21_before_labour_day_runs_over_the_whole_holiday():
    publish_at = on_day_at(date(2023, 4, 28), 9)
    lot = replace(LOT, law_on=date(2023, 4, 28))
    short = step(lot, publish_at=publish_at, publicity_until_at=end_of(date(2023, 5, 3)))
    enough = step(lot, publish_at=publish_at, publicity_until_at=end_of(date(2023, 5, 4)))
    assert refusals(awarding.publicity_length_findings(short)) == ["W21"]
    assert refusals(awarding.publicity_length_findings(enough)) == []


@given(st.integers(-2, 2))
def test_no_award_before_the_publicity_is_over(seconds):
    until_at = start_of(date(2026, 4, 10))
    facts = step(replace(LOT, publicity_until_at=until_at), at=until_at + timedelta(seconds=seconds))
    assert refusals(awarding.publicity_over_findings(facts)) == (["publicity-running"] if seconds < 0 else [])


@given(st.booleans(), st.sampled_from(("first", "second", "unranked")))
def test_w22_where_state_funds_control_only_the_first_is_awarded(state_funded, subject):
    bids = (bid("first", 5, rank=1), bid("second", 6, rank=2), bid("unranked", 7))
    found = refusals(
        awarding.rank_one_findings(step(replace(LOT, state_funded=state_funded), bids=bids, subject=subject))
    )
    allowed = subject == "first" or (subject == "second" and not state_funded)
    assert found == ([] if allowed else ["W22"])


@given(days_2026, hours, st.integers(28, 32) | st.integers(-3, 60))
def test_w23_a_contract_after_thirty_days_is_recorded_as_late(day, hour, later):
    sent_at = on_day_at(day, hour)
    signed_on = day + timedelta(days=later)
    facts = step(
        replace(LOT, law_on=day),
        received_at=sent_at,
        signed_on=signed_on,
        at=on_day_at(day + timedelta(days=90), 9),
    )
    found = list(awarding.contract_period_findings(facts))
    assert refusals(found) == (["contract-before-letter"] if later < 0 else [])
    last_on = law.clock("W23", sent_at, on=day).result_on
    assert warnings(found) == (["W23"] if signed_on > last_on else [])
    assert (last_on - day).days >= 30


@given(st.integers(1, 10**12), st.integers(-2, 2))
def test_w26_the_bond_is_at_most_a_tenth_exactly(amount_fen, off):
    bond = max(amount_fen // 10 + off, 0)
    found = refusals(awarding.performance_bond_findings(step(amount_fen=amount_fen, bond_fen=bond)))
    assert found == (["W26"] if bond * 10 > amount_fen else [])


@given(st.integers(-2, 2))
def test_the_contract_is_at_the_price_of_the_bid(off):
    facts = step(bids=(bid("a", 500),), subject="a", amount_fen=500 + off)
    assert refusals(awarding.contract_amount_findings(facts)) == (["contract-amount"] if off else [])


@given(st.sampled_from(("", "draft", "confirmed", "scheduled", "published", "returned", "dropped")))
def test_a_step_that_publishes_needs_a_confirmed_and_checked_notice(status):
    facts = step(notice_status=status)
    confirmed = status in ("confirmed", "scheduled", "published")
    assert refusals(notice.notice_confirmed_findings(facts)) == (
        [] if confirmed else ["notice-not-confirmed"]
    )
    checked = status in ("scheduled", "published")
    assert refusals(notice.notice_checked_findings(facts)) == ([] if checked else ["notice-not-checked"])


@given(st.text(max_size=5))
def test_a_termination_gives_its_reason(reason):
    found = refusals(awarding.reason_findings(step(reason=reason)))
    assert found == ([] if reason.strip() else ["reason-missing"])
