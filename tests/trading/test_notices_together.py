"""One notice for several lots of a project: one text for the public, each lot on its own record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules.together import MOST_TOGETHER, lots_findings, one_notice_findings
from yiwang.common.notices import api as notices
from yiwang.common.notices.presentation import plain_text
from yiwang.common.notices.rules import missing_findings
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.simulation.invariants import lot_objections
from yiwang.site.simulation.papers import stored_pdf

from .test_corrections import upheld
from .world import CONTACT, ELSEWHERE, Market, market

PRICES = [500_000_000, 490_000_000, 510_000_000]
NAMES = ("施工一标段", "施工二标段", "绿化")


def found(call) -> set[tuple[str, str]]:
    """Field and rule of everything that stands in the way."""
    with pytest.raises(Refused) as caught:
        call()
    return {(each.field, each.rule) for each in caught.value.findings}


@pytest.fixture
def town(db) -> Market:
    return market()


@pytest.fixture
def lots(town) -> list[str]:
    return registered(town)


def registered(town: Market) -> list[str]:
    """Three registered lots of one project."""
    new = trading.NewProject(
        name="麦积区中学迁建工程", tenderee=town.hosts[0].organisation, agency=town.agency.organisation,
        region="620503", funds="财政预算资金", approval="天发改投〔2026〕2号", state_funded=True,
        lots=[
            trading.NewLot(name=name, content=f"{name}的全部内容", estimate_fen=600_000_000, period_days=180)
            for name in NAMES
        ],
    )  # fmt: skip
    project = trading.register_project(town.agency, new, town.now)
    return [each.code for each in trading.project_page(project.code).lots]


def draft(town: Market, codes, **change) -> notices.Notice:
    """One tender notice for these lots; ``change`` for the last of them."""
    terms = [trading.LotTerms(each, town.terms()) for each in codes[:-1]]
    terms.append(trading.LotTerms(codes[-1], town.terms(**change)))
    return trading.draft_tender_notice_together(town.agency, terms, town.now)


def announced(town: Market, codes) -> notices.Notice:
    notice = draft(town, codes, ceiling_fen=550_000_000)
    town.publish(notice.code, town.terms().publish_at)
    return notices.notice(notice.code)


def stages(codes) -> list[str]:
    return [trading.find_lot(each).stage for each in codes]


def reported(town: Market, codes) -> None:
    """Bids in each of the lots, opened and evaluated, with the report of each."""
    for code in codes:
        for bidder, price in zip(town.bidders, PRICES, strict=False):
            trading.take_documents(bidder, code, town.now)
            trading.submit_bid(bidder, code, town.sheet(price), [stored_pdf(f"{code}{price}")], town.now)
    town.lot = codes[0]
    town.close()
    trading.open_session(town.staff.opener, codes[0][:17], town.now)
    for code in codes:
        trading.enter_committee(town.staff.opener, code, town.committee(), town.now, ELSEWHERE)
        for bidder, price in zip(town.bidders, PRICES, strict=False):
            trading.evaluate_bid(town.staff.opener, code, bidder.organisation, price, "", town.now)
        ranking = [town.bidders[each].organisation for each in (1, 0, 2)]
        trading.receive_report(town.staff.opener, code, ranking, "", town.now)


def publicity(town: Market, codes) -> notices.Notice:
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    on = trading.find_lot(codes[0]).law_on
    until_on = law.clock("W21", publish_at, on=on).strict_on
    return trading.draft_publicity_together(town.agency, codes, publish_at, until_on, CONTACT, town.now)


# --- the rules -------------------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from([f"C62050000012600010010{n:02}" for n in range(25)]), max_size=25),
    st.integers(1, 2),
)
def test_lots_go_together_when_they_are_of_one_project_once_each_and_neither_too_few_nor_too_many(
    codes, at_least
):
    expected = set()
    expected |= {"no-lots-chosen"} if not codes else set()
    expected |= {"too-few-lots"} if 0 < len(set(codes)) < at_least else set()
    expected |= {"lot-twice"} if len(set(codes)) < len(codes) else set()
    expected |= {"too-many-lots"} if len(codes) > MOST_TOGETHER else set()
    assert {each.rule for each in lots_findings(codes, at_least)} == expected
    other = [*codes, "C6205000001260002001001"]
    assert ("lots-of-one-project" in {each.rule for each in lots_findings(other)}) is bool(codes)


@given(
    st.lists(st.sampled_from([None, "P-01", "P-02"]), max_size=3),
    st.lists(st.sampled_from(["old", "new"]), max_size=3),
    st.lists(st.sampled_from([1, 2]), max_size=3),
)
def test_one_notice_says_it_for_all_or_they_are_told_to_go_apart(overtaken, forms, instants):
    expected = set()
    expected |= {"lots-overtake-apart"} if len(set(overtaken)) > 1 else set()
    expected |= {"lots-under-other-law"} if len(set(forms)) > 1 else set()
    expected |= {"lots-appear-apart"} if len(set(instants)) > 1 else set()
    assert {each.rule for each in one_notice_findings(overtaken, forms, instants)} == expected


# --- one tender notice -----------------------------------------------------------------------------------------


def test_one_tender_notice_announces_all_its_lots_each_on_its_own_record(town, lots):
    notice = announced(town, lots)
    assert stages(lots) == ["bidding"] * 3
    assert notice.code == f"{lots[0][:17]}-01"
    assert notice.title == "麦积区中学迁建工程（施工一标段、施工二标段、绿化）招标公告"
    assert {trading.find_lot(each).tender_notice for each in lots} == {notice.code}
    assert [each.code for each in notices.notices(about=trading.find_lot(lots[2]).ref)] == [notice.code]
    assert [trading.find_lot(each).ceiling_fen for each in lots] == [600_000_000, 600_000_000, 550_000_000]
    assert notice.values["tenderee_name"], "said once for all"
    assert [each.values["lot_code"] for each in notice.parts] == lots
    assert json.loads(notice.body)["parts"][2]["values"]["ceiling_price_fen"] == 550_000_000
    assert all(each in plain_text(notice) for each in lots), "found by the code of every lot"
    sequence()
    for code in lots:
        entries = [each for each in timeline(trading.find_lot(code).ref) if each.kind == "lot-announced"]
        assert [each.facts["notice"] for each in entries] == [notice.code]
        assert not list(lot_objections(code))
    assert [each.kind for each in timeline(trading.find_lot(lots[0]).project.ref)].count(
        "notice-published"
    ) == 1


def test_what_differs_stands_in_a_table_of_the_lots_and_what_is_long_under_the_name_of_each(town, lots):
    notice = announced(town, lots)
    rows = notices.detailed_rows(notice, "zh-hans")
    table = next(each.table for each in rows if each.key == "lots")
    assert table.heads == (
        "标段名称", "标段编号", "计划工期（日历天）", "最高投标限价（元）", "投标保证金（元）",
    )  # fmt: skip
    assert [each[:2] for each in table.rows] == list(zip(NAMES, lots, strict=True))
    assert table.rows[2][3] == "5,500,000.00"
    assert [each.section for each in rows if each.section] == list(NAMES)
    assert [each.text for each in rows if each.key == "content"] == [f"{each}的全部内容" for each in NAMES]
    assert sum(each.key == "bid_deadline_at" for each in rows) == 1
    blocks = notices.notice_paper(notice, "en").blocks
    assert any("施工二标段" in getattr(each, "caption", "") for each in blocks)


def test_every_reason_of_every_lot_is_said_at_once_and_no_lot_moves(town, lots):
    early = town.terms().publish_at + timedelta(days=5)
    one = trading.LotTerms(lots[0], town.terms(qualification="", deadline_at=early))
    two = trading.LotTerms(lots[1], town.terms(deposit_fen=60_000_000))
    said = found(lambda: trading.draft_tender_notice_together(town.agency, [one, two], town.now))
    assert (f"{lots[0]}.qualification", "qualification-missing") in said
    assert any(field.startswith(lots[0]) and rule == "W03" for field, rule in said)
    assert any(field.startswith(lots[1]) and rule == "W14" for field, rule in said)
    assert stages(lots) == ["registered"] * 3
    apart = trading.LotTerms(lots[1], town.terms(publish_at=early))
    assert found(lambda: trading.draft_tender_notice_together(town.agency, [one, apart], town.now)) == {
        ("publish_at", "lots-appear-apart")
    }
    assert found(lambda: draft(town, lots[:1])) == {("lots", "too-few-lots")}
    assert found(lambda: draft(town, [lots[0], "C6205000001260001009009"])) == {
        ("C6205000001260001009009", "no-such-lot")
    }


def test_required_fields_are_asked_of_every_lot_and_those_missing_are_listed_for_each(town, lots):
    notice = draft(town, lots)
    on = notice.law_on
    parts = [notices.Part(each.about, each.title, {**each.values, "content": ""}) for each in notice.parts]
    values = {key: value for key, value in notice.values.items() if key != "place"}
    missing = list(missing_findings(law.notice_form("tender-notice", on), values, parts))
    assert [each.field for each in missing] == ["place", *(f"{each}.content" for each in lots)]
    assert all(each.source for each in missing)
    assert missing[1].params["label_zh"] == "施工一标段：招标内容"


def test_only_the_parties_of_the_lots_draft_a_notice_for_them(town, lots):
    at = town.now
    publish_at, until_on = town.terms().publish_at, local_day(town.terms().publish_at)
    given = [trading.LotTerms(each, town.terms()) for each in lots]
    verbs = [
        lambda by: trading.draft_tender_notice_together(by, given, at),
        lambda by: trading.draft_publicity_together(by, lots, publish_at, until_on, CONTACT, at),
        lambda by: trading.draft_result_notice_together(by, lots, at),
        lambda by: trading.draft_failure_notice_together(by, lots, at),
        lambda by: trading.draft_contract_notice_together(by, lots, at),
        lambda by: trading.draft_clarification_together(by, lots, clarification(town), at),
        lambda by: trading.draft_correction_together(by, lots, "N-1", "更正。", False, at),
        lambda by: trading.draft_postponement_together(by, lots, "补充。", publish_at, publish_at, at),
    ]
    stranger = replace(town.agency, organisation=town.bidders[0].organisation)
    for verb in verbs:
        assert found(lambda: verb(town.bidders[0])) == {("", "no-permission")}
        assert found(lambda: verb(stranger)) == {(each, "not-your-lot") for each in lots}


def test_a_lot_that_ends_before_its_notice_appears_gives_the_others_theirs_back(town, lots):
    notice = draft(town, lots)
    trading.terminate(town.hosts[0], lots[1], "资金调整。", town.now)
    assert notices.notice(notice.code).status == "dropped"
    assert stages(lots) == ["registered", "terminated", "registered"]
    again = draft(town, [lots[0], lots[2]])
    assert again.code.endswith("-02")


def test_a_notice_of_several_lots_is_returned_or_taken_back_for_all_of_them(town, lots):
    notice = draft(town, lots)
    trading.take_back_notice(town.agency, notice.code, town.now)
    assert stages(lots) == ["registered"] * 3
    second = draft(town, lots)
    trading.confirm_notice(town.hosts[1], second.code, town.terms().publish_at, town.now)
    trading.return_notice(town.staff.checker, second.code, "缺少联系电话。", town.now)
    assert stages(lots) == ["registered"] * 3


def test_the_tenderee_has_one_to_do_for_one_notice_and_the_centre_too(town, lots):
    notice = draft(town, lots)
    own = [each for each in trading.todos(town.hosts[1], town.now) if each.step == "confirm-notice"]
    assert [each.notice for each in own] == [notice.code]
    trading.confirm_notice(town.hosts[1], notice.code, town.terms().publish_at, town.now)
    checks = [each for each in trading.todos(town.staff.checker, town.now) if each.step == "check-notice"]
    assert [(each.notice, each.lot) for each in checks] == [(notice.code, lots[0])]


def test_such_a_notice_is_corrected_and_a_deadline_put_off_for_one_lot(town, lots):
    notice = announced(town, lots)
    correction = trading.draft_correction(
        town.agency, lots[1], notice.code, "联系电话更正。", False, town.now
    )
    assert (correction.about.code, correction.corrects) == (lots[1], notice.code)
    deadline = trading.find_lot(lots[2]).deadline_at
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    later = trading.draft_postponement(
        town.agency, lots[2], "清单需要补充。", deadline + timedelta(days=7), publish_at, town.now
    )
    town.publish(later.code, publish_at)
    assert [trading.find_lot(each).deadline_at for each in lots] == [
        deadline,
        deadline,
        deadline + timedelta(days=7),
    ]


def test_the_deadlines_of_lots_that_share_a_notice_are_put_off_in_one_and_it_is_corrected_in_one(town, lots):
    notice = announced(town, lots)
    deadline = trading.find_lot(lots[0]).deadline_at
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    moved = deadline + timedelta(days=7)
    said = found(
        lambda: trading.draft_postponement_together(town.agency, lots, "", deadline, publish_at, town.now)
    )
    assert said == {
        (f"{code}.{field}", rule)
        for code in lots
        for field, rule in (("reason", "correction-length"), ("deadline_at", "deadline-not-later"))
    }
    later = trading.draft_postponement_together(
        town.agency, lots[:2], "补充清单。", moved, publish_at, town.now
    )
    assert later.corrects == notice.code
    town.publish(later.code, publish_at)
    assert [trading.find_lot(each).deadline_at for each in lots] == [moved, moved, deadline]
    wrong = trading.draft_correction_together(
        town.agency, lots, notice.code, "联系电话更正。", False, town.now
    )
    assert (wrong.corrects, len(wrong.parts)) == (notice.code, 3)
    alone = found(
        lambda: trading.draft_correction_together(town.agency, lots, later.code, "更正。", False, town.now)
    )
    assert (lots[2] + ".original", "no-such-original") in alone
    assert not [each for code in lots for each in lot_objections(code)]


# --- one publicity, one result notice --------------------------------------------------------------------------


def test_one_publicity_and_one_result_notice_for_lots_that_are_ready_together(town, lots):
    announced(town, lots)
    reported(town, lots)
    shown = publicity(town, lots)
    assert [each.values["candidates"][0]["rank"] for each in shown.parts] == [1, 1, 1]
    assert shown.values["publicity_starts_on"], "said once for all"
    town.publish(shown.code, trading.find_lot(lots[0]).publicity_from_at)
    assert stages(lots) == ["publicity"] * 3
    assert {trading.find_lot(each).publicity_notice for each in lots} == {shown.code}
    town.work(trading.find_lot(lots[0]).publicity_until_at + timedelta(minutes=1))
    assert stages(lots) == ["publicity-ended"] * 3
    winner = town.bidders[1].organisation
    trading.award(town.hosts[0], lots[0], winner, town.now)
    assert found(lambda: trading.draft_result_notice_together(town.agency, lots[:2], town.now)) == {
        (lots[1], "wrong-stage-now")
    }
    for code in lots[1:]:
        trading.award(town.hosts[0], code, winner, town.now)
    result = trading.draft_result_notice_together(town.agency, lots, town.now)
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    town.publish(result.code, publish_at)
    published = notices.notices(about=trading.find_lot(lots[1]).ref, status="published")
    assert [each.form for each in published] == ["tender-notice", "candidates-publicity", "result-notice"]
    sequence()
    assert not [objection for code in lots for objection in lot_objections(code)]
    assert found(lambda: trading.draft_result_notice_together(town.agency, lots, town.now)) == {
        (each, "notice-exists") for each in lots
    }


def test_an_upheld_objection_to_one_lot_leaves_the_publicity_of_the_others_alone(town, lots):
    announced(town, lots)
    reported(town, lots)
    shown = publicity(town, lots)
    town.publish(shown.code, trading.find_lot(lots[0]).publicity_from_at)
    assert found(lambda: publicity(town, lots)) >= {(each, "wrong-stage-now") for each in lots}
    loser = town.bidders[2]
    objection = trading.object_to_result(loser, lots[1], "第一候选人业绩不实，请核实。", [], town.now)
    assert [trading.find_lot(each).suspended_at is None for each in lots] == [True, False, True]
    town.work(trading.find_lot(lots[0]).publicity_until_at + timedelta(minutes=1))
    assert stages(lots) == ["publicity-ended", "publicity", "publicity-ended"]
    assert objection.lot.code == lots[1]
    assert date.fromisoformat(shown.values["publicity_ends_on"]) == local_day(
        trading.find_lot(lots[0]).publicity_until_at - timedelta(seconds=1)
    )


# --- clarifications, failures, contracts -------------------------------------------------------------------------


def clarification(town: Market, *answers: str, **change) -> trading.NewClarification:
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    said = {"content": "清单第三项的数量以图纸为准。", "affects_bids": False, "publish_at": publish_at,
            "new_deadline_at": None, "answers": answers}  # fmt: skip
    return trading.NewClarification(**{**said, **change})


def asked(town: Market, code: str, bidder: int = 0) -> str:
    trading.take_documents(town.bidders[bidder], code, town.now)
    return trading.ask(town.bidders[bidder], code, "清单第三项的数量是多少？", [], town.now).code


def test_one_clarification_answers_questions_of_several_lots_and_is_part_of_the_documents_of_each(town, lots):
    notice = announced(town, lots)
    questions = {code: asked(town, code, place) for place, code in enumerate(lots[:2])}
    paper = stored_pdf("补充图纸")
    new = clarification(town, *questions.values(), papers=[paper])
    shared = trading.draft_clarification_together(town.agency, lots[:2], new, town.now)
    assert (shared.corrects, shared.form, len(shared.parts)) == (notice.code, "clarification", 2)
    assert shared.values["content"] == "清单第三项的数量以图纸为准。", "said once for all"
    assert found(
        lambda: trading.draft_clarification(town.agency, lots[1], clarification(town), town.now)
    ) == {("", "notice-exists")}
    town.publish(shared.code, new.publish_at)
    for place, code in enumerate(lots[:2]):
        lot = trading.find_lot(code)
        assert paper[0] in {each.sha256 for each in trading.documents_of(lot)}
        (own,) = trading.questions_of(town.agency, lot)
        assert (own.code, own.answered_in) == (questions[code], shared.code)
        told = trading.messages_for(town.bidders[place]).filter(matter="documents-clarified")
        assert [each.lot.code for each in told] == [code]
    assert paper[0] not in {each.sha256 for each in trading.documents_of(trading.find_lot(lots[2]))}
    sequence()
    for code in lots[:2]:
        said = [each for each in timeline(trading.find_lot(code).ref) if each.kind == "lot-clarified"]
        assert [each.facts["notice"] for each in said] == [shared.code]
    assert not [each for code in lots for each in lot_objections(code)]


def test_an_amendment_of_several_lots_moves_all_of_their_deadlines_or_says_why_it_cannot(town, lots):
    announced(town, lots)
    deadline = trading.find_lot(lots[0]).deadline_at
    town.work(deadline - timedelta(days=10))
    short = clarification(town, affects_bids=True)
    said = found(lambda: trading.draft_clarification_together(town.agency, lots, short, town.now))
    assert said == {(f"{code}.deadline_at", "W04") for code in lots}
    moved = deadline + timedelta(days=14)
    new = clarification(town, affects_bids=True, new_deadline_at=moved)
    shared = trading.draft_clarification_together(town.agency, lots, new, town.now)
    town.publish(shared.code, new.publish_at)
    assert [trading.find_lot(each).deadline_at for each in lots] == [moved] * 3
    town.lot = lots[0]
    town.close()
    assert stages(lots) == ["failed"] * 3, "closed at the new deadline, without a bid"


def test_a_question_of_another_lot_and_lots_announced_apart_are_told(town, lots):
    announced(town, lots[:2])
    alone = trading.draft_tender_notice(town.hosts[0], lots[2], town.terms(), town.now)
    town.publish(alone.code, town.terms().publish_at)
    strange = asked(town, lots[2])
    new = clarification(town, strange)
    assert found(lambda: trading.draft_clarification_together(town.agency, lots[:2], new, town.now)) == {
        (f"{lots[0]}.answers", "no-such-question")
    }
    together = clarification(town)
    assert found(lambda: trading.draft_clarification_together(town.agency, lots, together, town.now)) == {
        ("lots", "lots-announced-apart")
    }


def test_a_lot_that_ends_takes_a_shared_clarification_back_for_the_others_who_are_told(town, lots):
    announced(town, lots)
    shared = trading.draft_clarification_together(town.agency, lots[:2], clarification(town), town.now)
    trading.terminate(town.hosts[0], lots[1], "资金调整。", town.now)
    assert notices.notice(shared.code).status == "dropped"
    assert trading.messages_for(town.agency).filter(matter="notice-returned").exists()
    again = trading.draft_clarification(town.agency, lots[0], clarification(town), town.now)
    assert again.about.code == lots[0]


@pytest.mark.parametrize("correction", ["evaluate-again", "tender-again"])
def test_an_order_about_one_lot_takes_a_shared_publicity_back_for_the_others_who_are_told(
    town, lots, correction
):
    announced(town, lots)
    reported(town, lots)
    shared = publicity(town, lots[:2])
    town.lot = lots[1]
    bidder = town.bidders[1].organisation
    code = upheld(town, correction, respondent=bidder, matter="other")
    carry_out = trading.evaluate_again if correction == "evaluate-again" else trading.tender_again
    carry_out(town.hosts[0], code, town.now)
    assert notices.notice(shared.code).status == "dropped"
    assert trading.messages_for(town.agency).filter(matter="notice-returned").exists()
    assert stages(lots) == [
        "reported",
        "evaluating" if correction == "evaluate-again" else "failed",
        "reported",
    ]
    assert publicity(town, [lots[0], lots[2]]).status == "draft"


@pytest.mark.parametrize("how", ["passed-over", "evaluate-again", "tender-again"])
def test_a_winner_that_goes_takes_a_shared_result_notice_back_for_the_others_who_are_told(town, lots, how):
    announced(town, lots)
    reported(town, lots)
    shown = publicity(town, lots)
    town.publish(shown.code, trading.find_lot(lots[0]).publicity_from_at)
    town.work(trading.find_lot(lots[0]).publicity_until_at + timedelta(minutes=1))
    winner = town.bidders[1].organisation
    for code in lots:
        trading.award(town.hosts[0], code, winner, town.now)
    shared = trading.draft_result_notice_together(town.agency, lots[:2], town.now)
    alone = trading.draft_result_notice(town.agency, lots[2], town.now)
    town.lot = lots[1]
    if how == "passed-over":
        paper = [stored_pdf("放弃中标函")]
        trading.pass_over(town.agency, lots[1], winner, "gave-up", "来函放弃中标。", paper, town.now)
    else:
        code = upheld(town, how, respondent=winner, matter="other")
        carry_out = trading.evaluate_again if how == "evaluate-again" else trading.tender_again
        carry_out(town.hosts[0], code, town.now)
    assert notices.notice(shared.code).status == "dropped"
    assert notices.notice(alone.code).status == "draft"
    told = trading.messages_for(town.agency).filter(matter="notice-returned")
    assert [each.lot.code for each in told] == [lots[0]]
    assert trading.draft_result_notice(town.agency, lots[0], town.now).status == "draft"
    assert stages(lots)[::2] == ["awarded", "awarded"]


def test_one_notice_says_that_the_tenders_of_several_lots_failed_each_with_its_reason(town, lots):
    announced(town, lots)
    town.bid([])
    for bidder, price in zip(town.bidders, PRICES, strict=False):
        trading.take_documents(bidder, lots[0], town.now)
        trading.submit_bid(bidder, lots[0], town.sheet(price), [stored_pdf(f"{price}")], town.now)
    trading.terminate(town.hosts[0], lots[2], "资金调整，不再建设。", town.now)
    town.lot = lots[0]
    town.close()
    assert stages(lots) == ["closed", "failed", "terminated"]
    ready = trading.lots_ready(town.agency, lots[0][:17])["failed-tender"]
    assert [each.code for each in ready] == lots[1:]
    assert found(lambda: trading.draft_failure_notice_together(town.agency, lots, town.now)) == {
        (lots[0], "wrong-stage-now")
    }
    notice = trading.draft_failure_notice_together(town.agency, lots[1:], town.now)
    assert [each.values["outcome"] for each in notice.parts] == ["too-few-bidders", "terminated"]
    assert "资金调整，不再建设" in notice.parts[1].values["reason"]
    town.publish(notice.code, on_day_at(local_day(town.now) + timedelta(days=1), 9))
    for code in lots[1:]:
        published = notices.notices(about=trading.find_lot(code).ref, status="published")
        assert [each.form for each in published] == ["tender-notice", "failed-tender"]
    assert trading.lots_ready(town.agency, lots[0][:17])["failed-tender"] == []
    assert found(lambda: trading.draft_failure_notice_together(town.agency, lots[1:], town.now)) == {
        (each, "notice-exists") for each in lots[1:]
    }


def test_a_lot_that_ended_before_it_was_announced_waits_for_no_notice_of_its_end(town, lots):
    for code in lots[:2]:
        trading.terminate(town.hosts[0], code, "资金调整。", town.now)
    assert trading.lots_ready(town.agency, lots[0][:17])["failed-tender"] == []


def test_one_notice_names_the_contracts_of_several_lots(town, lots):
    announced(town, lots[:2])
    reported(town, lots[:2])
    shown = publicity(town, lots[:2])
    town.publish(shown.code, trading.find_lot(lots[0]).publicity_from_at)
    town.work(trading.find_lot(lots[0]).publicity_until_at + timedelta(minutes=1))
    for place, code in enumerate(lots[:2]):
        trading.award(town.hosts[0], code, town.bidders[1].organisation, town.now)
        trading.sign_contract(town.hosts[0], code, f"合-{place}", PRICES[1], 0, local_day(town.now), town.now)
    assert [each.code for each in trading.lots_ready(town.agency, lots[0][:17])["contract-notice"]] == lots[
        :2
    ]
    notice = trading.draft_contract_notice_together(town.agency, lots[:2], town.now)
    assert [each.values["contract_code"] for each in notice.parts] == ["合-0", "合-1"]
    assert {each.values["contractor_name"] for each in notice.parts} == {"第2建筑工程有限公司"}
    town.publish(notice.code, on_day_at(local_day(town.now) + timedelta(days=1), 9))
    assert found(lambda: trading.draft_contract_notice_together(town.agency, lots[:2], town.now)) == {
        (each, "notice-exists") for each in lots[:2]
    }
