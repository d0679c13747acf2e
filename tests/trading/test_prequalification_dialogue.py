"""Questions, amendments and objections while applications are handed in; what a suspension does to the deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.trading.prequalifying import apply, applying, decide
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Told
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import timeline
from yiwang.site.simulation.papers import stored_pdf

RULES_TESTED = ("W05", "W06", "W08")

pytestmark = pytest.mark.django_db


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def amendment(town, publish_at, new_deadline_at=None, answers=()) -> trading.NewClarification:
    return trading.NewClarification(
        content="业绩以竣工验收日期为准。",
        affects_bids=True,
        publish_at=publish_at,
        new_deadline_at=new_deadline_at,
        papers=[stored_pdf("资格预审文件修改")],
        answers=answers,
    )


def test_an_amendment_in_time_leaves_the_deadline_and_a_late_one_moves_it_or_is_refused():
    town = applying()
    apply(town, (0, 1, 2))
    question = trading.ask(town.bidders[1], town.lot, "以哪个日期为准？", [], town.now)
    deadline_at = town.deadline_at
    latest_on = local_day(deadline_at) - timedelta(days=3)
    late_at = on_day_at(latest_on + timedelta(days=1), 9)
    host, lot = town.hosts[0], town.lot
    assert refused(lambda: trading.draft_clarification(host, lot, amendment(town, late_at), town.now)) == {
        "W05"
    }
    later_at = deadline_at + timedelta(days=2)
    notice = trading.draft_clarification(
        host, lot, amendment(town, late_at, later_at, [question.code]), town.now
    )
    assert notice.form == "prequalification-clarification"
    assert "资格预审文件" in notice.title
    town.work(late_at - timedelta(hours=1))
    town.publish(notice.code, late_at)
    stored = trading.find_lot(lot)
    assert stored.deadline_at == later_at
    assert stored_pdf("资格预审文件修改")[1] in [each.name for each in trading.documents_of(stored)]
    told = Told.objects.filter(matter="application-deadline-moved").values_list("organisation", flat=True)
    assert set(told) == {town.bidders[n].organisation for n in (0, 1, 2)}
    town.work(deadline_at + timedelta(minutes=1))
    assert town.stage == "applying"
    town.close()
    assert town.stage == "reviewing"
    page = trading.lot_page(trading.find_lot(lot))
    assert page.prequalification.deadline_at == later_at
    assert page.deadline_at is None


def test_an_objection_suspends_until_its_answer_and_the_deadline_that_passed_is_set_anew():
    town = applying()
    apply(town, (0, 1, 2))
    deadline_at = town.deadline_at
    last_at = law.clock("W06", deadline_at, on=local_day(town.now)).result_at
    with_papers = trading.find_lot(town.lot)
    assert trading.has_taken(with_papers, town.bidders[0].organisation)
    assert refused(
        lambda: trading.object_to_documents(town.bidders[0], town.lot, "有地域限制。", [], last_at)
    ) == {"W06"}
    town.work(last_at - timedelta(hours=2))
    objection = trading.object_to_documents(town.bidders[0], town.lot, "有地域限制。", [], town.now)
    assert objection.matter == "prequalification"
    (mark,) = trading.lot_page(trading.find_lot(town.lot)).objections
    assert (mark.matter, mark.answered_at) == ("prequalification", None)
    town.work(deadline_at + timedelta(minutes=1))
    stored = trading.find_lot(town.lot)
    assert (stored.stage, stored.postponed_at is not None) == ("applying", True)
    assert refused(
        lambda: trading.submit_application(town.bidders[3], town.lot, [stored_pdf("申请")], town.now)
    ) == {"deadline-suspended"}
    _, warnings = trading.answer_objection(town.hosts[0], objection.code, "予以修改。", [], True, town.now)
    assert [each.rule for each in warnings] == []
    assert trading.find_lot(town.lot).suspended_at is None
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    again_at = on_day_at(local_day(publish_at) + timedelta(days=4), 9, 30)
    new = amendment(town, publish_at, again_at)
    assert refused(
        lambda: trading.draft_clarification(town.hosts[0], town.lot, amendment(town, publish_at), town.now)
    ) >= {"new-deadline-needed"}
    town.publish(trading.draft_clarification(town.hosts[0], town.lot, new, town.now).code, publish_at)
    town.close()
    assert town.stage == "reviewing"


def test_nobody_learns_who_objected_or_applied_from_what_is_public():
    town = applying()
    apply(town, (0, 1, 2))
    trading.object_to_documents(town.bidders[0], town.lot, "有地域限制。", [], town.now)
    lot = trading.find_lot(town.lot)
    for reader in (*town.hosts, town.supervisor):
        (line,) = trading.objections_of(reader, lot)
        assert not line.mine
    assert trading.objections_of(town.bidders[1], lot) == ()
    published = [each.form for each in notices.notices(about=lot.ref, status="published")]
    assert published == ["prequalification-notice"]


def test_a_question_of_the_prequalification_waits_for_no_answer_in_the_tender_after_it():
    town = applying()
    codes = apply(town, (0, 1, 2))
    trading.ask(town.bidders[0], town.lot, "以哪个日期为准？", [], town.now)
    todo = [each.step for each in trading.todos(town.hosts[0], town.now)]
    assert "answer-questions" in todo
    town.close()
    decide(town, codes, (True, True, True))
    trading.notify_results(town.hosts[0], town.lot, town.now)
    town.announce()
    assert "answer-questions" not in [each.step for each in trading.todos(town.hosts[0], town.now)]


def test_a_prequalification_ends_with_its_reason_and_every_applicant_is_told():
    town = applying()
    apply(town, (0, 1))
    trading.terminate(town.hosts[0], town.lot, "项目资金计划调整。", town.now)
    assert town.stage == "terminated"
    assert Told.objects.filter(matter="lot-terminated").count() == 2
    assert trading.draft_failure_notice(town.hosts[0], town.lot, town.now).values["outcome"] == "terminated"
    town.work(town.deadline_at + timedelta(days=1))
    assert town.stage == "terminated"


def test_the_deadline_for_applications_is_put_off_without_a_change_of_the_documents_and_everybody_is_told():
    town = applying()
    apply(town, (0, 1, 2))
    host, lot, deadline_at = town.hosts[0], town.lot, town.deadline_at
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    later_at = deadline_at + timedelta(days=3)

    def draft(moved=later_at, reason="证明材料调取需要时间。"):
        return trading.draft_postponement(host, lot, reason, moved, publish_at, town.now)

    assert refused(lambda: draft(deadline_at, "")) == {"deadline-not-later", "correction-length"}
    notice = draft()
    assert (notice.form, notice.corrects) == ("prequalification-postponement", town.notice)
    assert "资格预审延期公告" in notice.title
    assert refused(draft) == {"notice-exists"}
    late = trading.NewClarification(
        content="以验收日期为准。", affects_bids=False, publish_at=publish_at, new_deadline_at=None
    )
    assert refused(lambda: trading.draft_clarification(host, lot, late, town.now)) == {"notice-exists"}
    documents = [each.sha256 for each in trading.documents_of(trading.find_lot(lot))]
    town.publish(notice.code, publish_at)
    assert [each.sha256 for each in trading.documents_of(trading.find_lot(lot))] == documents
    assert trading.find_lot(lot).deadline_at == later_at
    told = Told.objects.filter(matter="applications-postponed").values_list("organisation", flat=True)
    assert sorted(told) == sorted(town.bidders[n].organisation for n in (0, 1, 2))
    assert [each.kind for each in timeline(trading.find_lot(lot).ref)][-1] == "prequalification-postponed"
    town.work(deadline_at + timedelta(minutes=1))
    assert town.stage == "applying"
    town.close()
    assert town.stage == "reviewing"


def test_a_deadline_that_passed_under_an_objection_is_set_anew_by_a_postponement_too():
    town = applying()
    apply(town, (0, 1, 2))
    town.work(town.deadline_at - timedelta(days=2, hours=1))
    objection = trading.object_to_documents(town.bidders[0], town.lot, "有地域限制。", [], town.now)
    deadline_at = town.deadline_at
    town.work(deadline_at + timedelta(hours=1))
    assert trading.find_lot(town.lot).postponed_at is not None
    trading.answer_objection(town.hosts[0], objection.code, "不成立。", [], False, town.now)
    todo = {each.step for each in trading.todos(town.hosts[0], town.now)}
    assert "set-deadline" in todo
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    later_at = publish_at + timedelta(days=2)
    notice = trading.draft_postponement(
        town.hosts[0], town.lot, "异议已答复。", later_at, publish_at, town.now
    )
    assert "set-deadline" not in {each.step for each in trading.todos(town.hosts[0], town.now)}
    town.publish(notice.code, publish_at)
    assert (trading.find_lot(town.lot).deadline_at, trading.find_lot(town.lot).postponed_at) == (
        later_at,
        None,
    )
