"""Prequalification from its notice to the bids of those who passed, through the verbs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.trading.prequalifying import apply, applying, prequalified, terms
from tests.trading.world import ELSEWHERE, announced, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Told
from yiwang.pure.kernel.days import end_of
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import timeline
from yiwang.site.simulation.papers import stored_pdf

RULES_TESTED = (
    "W-consortium", "W01", "W02", "W10", "W-late", "W-prequalification-committee", "W-prequalification-result",
    "W-prequalification-standard", "H-prequalification-method",
)  # fmt: skip

pytestmark = pytest.mark.django_db


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def told(town, number: int) -> list[str]:
    rows = Told.objects.filter(organisation=town.bidders[number].organisation).order_by("id")
    return list(rows.values_list("matter", flat=True))


def test_those_who_passed_are_invited_and_bid_and_nobody_else_gets_documents_or_bids():
    town = prequalified()
    assert (town.stage, trading.find_lot(town.lot).deadline_at) == ("prequalified", None)
    assert told(town, 0) == ["prequalified"]
    assert told(town, 3) == ["not-prequalified"]
    town.announce()
    assert town.stage == "bidding"
    kinds = [each.kind for each in timeline(trading.find_lot(town.lot).ref)]
    assert "lot-invited" in kinds  # an invitation is not called a tender notice
    assert "lot-announced" not in kinds
    assert told(town, 0)[-1] == "invited"
    assert "invited" not in told(town, 3)
    assert trading.lot_page(trading.find_lot(town.lot)).notices
    for number in (3, 4):  # not passed, and never applied
        outsider = town.bidders[number]
        assert refused(lambda: trading.take_documents(outsider, town.lot, town.now)) == {"not-prequalified"}
        bid = stored_pdf("投标文件")
        assert refused(lambda: trading.submit_bid(outsider, town.lot, town.sheet(), [bid], town.now)) == {
            "not-prequalified"
        }
    town.bid([510_000_000, 520_000_000, 530_000_000])
    town.close()
    assert town.stage == "closed"


def test_with_two_that_passed_the_tender_is_held_again_and_everybody_is_told_why():
    town = prequalified((0, 1, 2), (True, True, False))
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.outcome) == ("failed", "too-few-qualified")
    assert told(town, 0) == ["prequalified", "prequalification-failed"]
    (line,) = trading.applications_of(town.bidders[2], lot)
    assert (line.passed, line.reasons) == (False, "近五年没有类似业绩。")
    notice = trading.draft_failure_notice(town.hosts[0], town.lot, town.now)
    assert notice.values["outcome"] == "too-few-qualified"
    again = trading.retender(town.hosts[0], town.lot, town.now)
    assert (again.stage, again.procedure, again.attempt) == ("registered", "works-open", 2)


def test_with_two_applicants_at_the_deadline_nothing_is_reviewed():
    town = applying()
    apply(town, (0, 1))
    town.close()
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.outcome) == ("failed", "too-few-applicants")
    assert told(town, 0) == ["prequalification-failed"]


def test_an_application_is_replaced_and_withdrawn_until_the_deadline_and_refused_after_it():
    town = applying()
    (first, *_) = apply(town, (0, 1, 2, 3))
    bidder, paper = town.bidders[0], [stored_pdf("补充")]
    assert refused(lambda: trading.submit_application(bidder, town.lot, paper, town.now)) == {
        "already-applied"
    }
    second = trading.submit_application(bidder, town.lot, paper, town.now, replace=True)
    assert second.code != first
    trading.withdraw_application(town.bidders[3], town.lot, town.now)
    assert refused(lambda: trading.withdraw_application(town.bidders[3], town.lot, town.now)) == {
        "no-application-yet"
    }
    last = town.deadline_at
    assert refused(lambda: trading.submit_application(town.bidders[4], town.lot, paper, last)) == {
        "late-application"
    }
    just = last - timedelta(microseconds=1)
    trading.submit_application(town.bidders[4], town.lot, paper, just)
    town.close()
    standing = trading.standing_applications(trading.find_lot(town.lot))
    assert [each.applicant for each in standing] == [town.bidders[n].organisation for n in (1, 2, 0, 4)]


def test_nobody_sees_an_application_before_the_deadline_but_its_applicant():
    town = applying()
    apply(town, (0, 1, 2))
    lot = trading.find_lot(town.lot)
    everybody = (*town.hosts, town.agency, town.staff.opener, town.supervisor, town.bidders[1])
    assert [len(trading.applications_of(each, lot)) for each in everybody] == [0, 0, 0, 0, 0, 1]
    town.close()
    lot = trading.find_lot(town.lot)
    assert [len(trading.applications_of(each, lot)) for each in everybody] == [3, 3, 3, 3, 3, 1]
    (mine,) = trading.applications_of(town.bidders[1], lot)
    assert (mine.passed, mine.told) == (None, False)


def test_where_state_funds_control_a_committee_decides():
    town = applying()
    codes = apply(town, (0, 1, 2))
    town.close()
    host, centre = town.hosts[0], town.staff.opener
    decision = (codes[0], True, "", None, town.now)
    assert refused(lambda: trading.decide_application(host, *decision)) == {"review-committee-missing"}
    assert refused(lambda: trading.decide_application(centre, *decision)) == {"review-committee-missing"}
    assert refused(lambda: trading.enter_review_committee(centre, town.lot, town.committee(4), town.now)) == {
        "W16",
        "W-draw",
    }
    trading.enter_review_committee(centre, town.lot, town.committee(), town.now, ELSEWHERE)
    assert refused(lambda: trading.decide_application(host, *decision)) == {"review-by-committee"}
    assert trading.decide_application(centre, *decision).passed
    assert refused(lambda: trading.decide_application(centre, *decision)) == {"application-decided"}
    assert refused(lambda: trading.notify_results(host, town.lot, town.now)) >= {"applications-undecided"}


def test_without_state_funds_the_tenderee_or_its_agency_reviews_and_gives_reasons():
    private = applying(state_funded=False)
    codes = apply(private, (0, 1, 2))
    private.close()
    assert refused(
        lambda: trading.decide_application(private.staff.opener, codes[0], True, "", None, private.now)
    ) == {"review-by-tenderee"}
    assert refused(
        lambda: trading.decide_application(private.hosts[0], codes[0], False, " ", None, private.now)
    ) == {"review-reason-missing"}
    assert trading.decide_application(private.agency, codes[0], True, "", None, private.now).passed


def test_the_lot_that_was_returned_is_free_to_be_tendered_with_postqualification():
    town = market()
    town.register()
    notice = trading.draft_prequalification(town.hosts[0], town.lot, terms(town), town.now)
    assert town.stage == "pq-announcing"
    trading.take_back_notice(town.hosts[0], notice.code, town.now)
    assert (town.stage, trading.find_lot(town.lot).procedure) == ("registered", "works-open")
    town.announce()
    assert town.stage == "bidding"


def test_a_prequalification_with_too_short_times_or_without_criteria_is_refused_with_every_reason():
    town = market()
    town.register()
    good = terms(town)
    bad = terms(
        town,
        documents_until_on=good.documents_until_on - timedelta(days=2),
        deadline_at=good.deadline_at - timedelta(days=3),
        criteria=" ",
        method="limited",
        most=2,
        papers=[],
    )
    assert refused(lambda: trading.draft_prequalification(town.hosts[0], town.lot, bad, town.now)) == {
        "W01", "W02", "prequalification-criteria-missing", "prequalification-most", "prequalification-documents-missing",
    }  # fmt: skip
    assert town.stage == "registered"


def test_documents_of_both_phases_are_kept_apart():
    town = prequalified()
    town.announce()
    lot, bidder = trading.find_lot(town.lot), town.bidders[0]
    assert not trading.has_taken(lot, bidder.organisation)
    assert [each.name for each in trading.documents_of(lot)] == [stored_pdf("招标文件")[1]]
    trading.take_documents(bidder, town.lot, town.now)
    assert trading.has_taken(lot, bidder.organisation)


def test_a_lot_without_prequalification_knows_none_of_it():
    town = announced()
    paper = [stored_pdf("申请")]
    assert refused(lambda: trading.submit_application(town.bidders[0], town.lot, paper, town.now)) == {
        "wrong-stage-now"
    }
    assert refused(lambda: trading.notify_results(town.hosts[0], town.lot, town.now)) == {"wrong-stage-now"}
    assert trading.applications_of(town.bidders[0], trading.find_lot(town.lot)) == ()


def test_the_documents_are_sold_to_the_end_of_their_last_day():
    town = applying()
    lot = trading.find_lot(town.lot)
    end = end_of(lot.documents_until_on)
    trading.take_documents(town.bidders[0], town.lot, end - timedelta(seconds=1))
    assert refused(lambda: trading.take_documents(town.bidders[1], town.lot, end)) == {"documents-over"}
