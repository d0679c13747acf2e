"""Complaints to the supervisor (招标条例 60-62): received, accepted or not, inquired into, suspended for, decided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.kept import kept
from tests.trading.world import CONTACT, Market, announced, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Told
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import public_feed, sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

pytestmark = pytest.mark.django_db
RULES_TESTED = (
    "W27-objection",
    "W27-refusal",
    "W28-inquiry",
    "W28-suspend",
    "W28-bad-faith",
    "W28-accept",
    "W28",
    "W28-correction",
)
PRICES = [500_000_000, 490_000_000, 510_000_000]


def complaint(town: Market, **change: object) -> trading.NewComplaint:
    return trading.NewComplaint(
        **{
            "matter": "other",
            "respondent": town.hosts[0].organisation,
            "authority": town.supervisor.organisation,
            "learnt_on": local_day(town.now),
            "text": "招标人向个别潜在投标人透露标底。",
            "request": "责令改正，重新招标。",
            "papers": [stored_pdf("录音文字稿")],
            **change,
        }
    )


def made(town: Market, by: Actor | None = None, **change: object) -> str:
    return trading.complain(by or town.bidders[0], town.lot, complaint(town, **change), town.now)[0].code


def accepted(town: Market, **change: object) -> str:
    code = made(town, **change)
    trading.accept_complaint(town.supervisor, code, town.now)
    return code


def rules(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@pytest.fixture
def town() -> Market:
    return announced()


@pytest.fixture
def town_at_report() -> tuple[Market, list[str]]:
    return kept("a market with an evaluation report", _reported)


def _reported() -> tuple[Market, list[str]]:
    town = market()
    return town, town.to_report(PRICES)


def test_a_complaint_is_made_accepted_suspended_for_and_decided(town):
    town.bid(PRICES)
    code = made(town)
    body = town.supervisor
    assert trading.accept_complaint(body, code, town.now) == ()
    trading.order_suspension(body, code, "调查期间不宜开标。", town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stopped_at, lot.suspended_at) == (town.now, town.now)
    assert rules(lambda: trading.open_bids(town.staff.opener, town.lot, town.now)) == {"wrong-stage"}
    trading.decide_complaint(body, code, "dismissed", "查无实据。", [], town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stopped_at, lot.suspended_at, lot.stage) == (None, None, "bidding")
    _, page = trading.complaint_page(town.bidders[0], code)
    assert (page.stage, page.outcome.zh, page.reason) == ("decided", "投诉不成立，驳回", "查无实据。")
    town.close()
    assert town.stage == "closed"


def test_while_an_order_stands_bids_come_in_but_nothing_closes_and_the_deadline_is_set_anew(town):
    town.bid(PRICES[:2])
    code = accepted(town)
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    trading.take_documents(town.bidders[2], town.lot, town.now)
    trading.submit_bid(town.bidders[2], town.lot, town.sheet(), [stored_pdf("投标文件")], town.now)
    town.close()
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.postponed_at is not None) == ("bidding", True)
    assert rules(lambda: trading.withdraw_bid(town.bidders[2], town.lot, town.now)) == {"deadline-suspended"}
    trading.lift_suspension(town.supervisor, code, town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stopped_at, lot.suspended_at, lot.stage) == (None, None, "bidding")
    assert lot.postponed_at is not None, "a new deadline has to be set"


def test_an_order_and_an_objection_hold_a_tender_independently(town):
    town.bid(PRICES)
    code = accepted(town)
    objection = trading.object_to_documents(town.bidders[1], town.lot, "业绩要求过高。", [], town.now).code
    since = trading.find_lot(town.lot).suspended_at
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    trading.answer_objection(town.hosts[0], objection, "维持。", [], False, town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.suspended_at, lot.stopped_at) == (since, town.now)
    assert not trading.waits_for_answer(lot)
    again = trading.object_to_documents(town.bidders[2], town.lot, "工期过短。", [], town.now).code
    trading.lift_suspension(town.supervisor, code, town.now)
    lot = trading.find_lot(town.lot)
    assert lot.stopped_at is None
    assert lot.suspended_at is not None, "an objection still waits"
    trading.answer_objection(town.hosts[0], again, "维持。", [], False, town.now)
    assert trading.find_lot(town.lot).suspended_at is None


def test_a_publicity_is_held_back_by_an_order_and_one_that_runs_does_not_end(town_at_report):
    town, report = town_at_report
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    notice = trading.draft_publicity(town.hosts[0], town.lot, publish_at, until_on, CONTACT, town.now)
    trading.confirm_notice(town.hosts[1], notice.code, publish_at, town.now)
    trading.pass_notice(town.staff.checker, notice.code, town.now)
    code = accepted(town, matter="opening")
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    town.work(publish_at + timedelta(minutes=1))
    assert (town.stage, notices.notice(notice.code).status) == ("reported", notices.DROPPED)
    again = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    later = law.clock("W21", again, on=local_day(again)).result_on
    drafting = lambda: trading.draft_publicity(town.hosts[0], town.lot, again, later, CONTACT, town.now)  # noqa: E731
    assert "stopped-by-order" in rules(drafting)
    trading.lift_suspension(town.supervisor, code, town.now)
    town.publish(drafting().code, again)
    assert town.stage == "publicity"
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    town.work(on_day_at(later + timedelta(days=3), 10))
    assert town.stage == "publicity"
    assert rules(lambda: trading.award(town.hosts[0], town.lot, report[0], town.now)) == {"wrong-stage"}
    trading.decide_complaint(
        town.supervisor, code, "bad-faith", "材料系伪造。", [], town.now, "forged-papers"
    )
    assert town.stage == "publicity-ended", "with the decision the order ends, and the publicity that has run"
    trading.award(town.hosts[0], town.lot, report[0], town.now)


def test_what_an_objection_was_promised_happens_once_the_order_is_lifted(town_at_report):
    town, _ = town_at_report
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    notice = trading.draft_publicity(town.hosts[0], town.lot, publish_at, until_on, CONTACT, town.now)
    town.publish(notice.code, publish_at)
    objection = trading.object_to_result(town.bidders[1], town.lot, "不符。", [], town.now).code
    code = accepted(town, matter="opening")
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    trading.answer_objection(town.hosts[0], objection, "有误。", [], False, town.now, "publicity")
    assert town.stage == "publicity"
    trading.lift_suspension(town.supervisor, code, town.now)
    assert town.stage == "reported"


def test_the_committee_does_not_go_on_while_an_order_stands():
    town = market()
    town.to_evaluating(PRICES)
    code = accepted(town, matter="opening")
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    first = town.bidders[0].organisation
    by = town.staff.opener
    assert rules(lambda: trading.evaluate_bid(by, town.lot, first, PRICES[0], "", town.now)) == {
        "stopped-by-order"
    }
    assert "stopped-by-order" in rules(
        lambda: trading.reject_bid(by, town.lot, first, "not-responsive", "不响应。", town.now)
    )
    waits = [each for each in trading.todos(by, town.now) if each.lot == town.lot]
    assert [each.step for each in waits if each.waiting] == ["evaluate"]
    trading.terminate(town.hosts[0], town.lot, "资金计划调整。", town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stopped_at, lot.suspended_at) == (None, None)


def test_withdrawing_ends_the_order_and_not_even_a_pseudonym_says_who_complained(town):
    town.bid(PRICES)
    code = accepted(town)
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    trading.withdraw_complaint(town.bidders[0], code, town.now)
    assert trading.find_lot(town.lot).suspended_at is None
    while sequence():
        pass
    entries = timeline(trading.find_lot(town.lot).ref)
    kinds = [each.kind for each in entries]
    assert kinds[-2:] == ["lot-stopped", "lot-resumed"]
    text = "".join(each.leaf.decode() for each in public_feed(0, 1000))
    assert code not in text
    assert "透露标底" not in text
    assert not [
        each
        for each in public_feed(0, 1000)
        if each.kind.startswith(("complaint", "suspension", "respondent"))
    ]


def test_what_is_told_and_kept_of_a_complaint_stays_with_its_sides(town):
    code = made(town, interest="拟分包。")
    for each in (town.hosts[0], town.agency, town.staff.opener, town.bidders[1], town.operator):
        assert not trading.complaints_for(each).exists()
        assert trading.complaints_of(each, trading.find_lot(town.lot)) == ()
    told = {each.organisation for each in Told.objects.filter(document=code)}
    assert told == {town.supervisor.organisation}
    trading.accept_complaint(town.supervisor, code, town.now)
    trading.ask_respondent(town.supervisor, code, "请说明。", None, town.now)
    _, theirs = trading.complaint_page(town.hosts[0], code)
    assert (theirs.complainant, theirs.papers, theirs.interest, theirs.warnings) == ("", (), "", ())
    trading.answer_complaint(town.hosts[1], code, "没有。", [], town.now)
    _, own = trading.complaint_page(town.bidders[0], code)
    assert own.inquiries == ()
    trading.decide_complaint(
        town.supervisor, code, "upheld", "属实，责令改正。", [], town.now, correction="none"
    )
    assert trading.complaint_page(town.hosts[0], code)[1].reason == "属实，责令改正。"


def test_archives_hold_complaints_for_whom_they_concern_alone(town):
    code = accepted(town, interest="拟分包。")
    project = town.lot[:17]

    def paths(by: Actor) -> list[str]:
        made_archive = trading.export_archive(by, project, town.now)
        return [each.path for each in made_archive.members if code in each.path]

    assert len(paths(town.supervisor)) == 2, "the complaint, and its proof"
    for each in (town.hosts[0], town.agency, town.staff.opener):
        assert paths(each) == []
    trading.ask_respondent(town.supervisor, code, "请说明。", None, town.now)
    assert len(paths(town.hosts[0])) == 1, "without the proof"
    trading.decide_complaint(town.supervisor, code, "dismissed", "查无实据。", [], town.now)
    for each in (town.supervisor, town.hosts[0]):
        assert [path for path in paths(each) if path.endswith("投诉处理决定书.pdf")]


def test_a_day_for_the_answer_that_has_passed_or_that_nobody_would_wait_for_is_refused(town):
    code = accepted(town, interest="拟分包。")
    for day in (local_day(town.now), local_day(town.now) + timedelta(days=61), date.max):
        asked = rules(
            lambda day=day: trading.ask_respondent(town.supervisor, code, "请说明。", day, town.now)
        )
        assert asked == {"inquiry-day-passed"}
    trading.ask_respondent(
        town.supervisor, code, "请说明。", local_day(town.now) + timedelta(days=60), town.now
    )


def test_late_steps_of_the_body_are_recorded_as_late(town):
    town.bid(PRICES)
    code = made(town)
    town.now += timedelta(days=14)
    (seen,) = [each for each in trading.watched(town.supervisor, town.now) if each.kind == "late"]
    assert (seen.lot, seen.days_late) == (town.lot, 11)
    assert [each for each in trading.watched(town.staff.opener, town.now) if each.kind == "late"] == []
    (late,) = trading.accept_complaint(town.supervisor, code, town.now)
    assert late.rule == "W28-accept"
    town.now += timedelta(days=60)
    (late,) = trading.decide_complaint(town.supervisor, code, "dismissed", "查无实据。", [], town.now)
    assert late.rule == "W28"
    page = trading.complaint_page(town.supervisor, code)[1]
    assert [each.rule for each in page.warnings] == ["W28-accept", "W28"]
    assert trading.complaint_page(town.bidders[0], code)[1].warnings == ()


def test_the_tenderee_complains_about_a_bidder_and_the_days_stand_in_the_calendar(town_at_report):
    town, _ = town_at_report
    wrong = rules(lambda: made(town, town.hosts[0]))
    assert wrong == {"respondent-unknown"}
    code = made(town, town.hosts[0], respondent=town.bidders[1].organisation)
    until = town.now + timedelta(days=90)
    (event,) = [
        each
        for each in trading.events(town.supervisor, town.now, until)
        if each.matter.startswith("complaint")
    ]
    assert event.matter == "complaint-accept-due"
    trading.accept_complaint(town.supervisor, code, town.now)
    trading.ask_respondent(
        town.supervisor, code, "请说明。", local_day(town.now) + timedelta(days=3), town.now
    )
    (asked,) = [
        each
        for each in trading.events(town.bidders[1], town.now, until)
        if each.matter.startswith("complaint")
    ]
    assert asked.matter == "complaint-answer-due"
    (todo,) = [each for each in trading.todos(town.bidders[1], town.now) if each.step == "answer-complaint"]
    assert todo.matter == code
    steps = [each.step for each in trading.todos(town.supervisor, town.now)]
    assert steps == ["decide-complaint"]
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    trading.decide_complaint(
        town.supervisor,
        code,
        "upheld",
        "属实，责令改正。",
        [],
        town.now,
        keeps_suspension=True,
        correction="other",
    )
    assert trading.find_lot(town.lot).stopped_at is not None
    assert [each.step for each in trading.todos(town.supervisor, town.now)] == ["lift-suspension"]
