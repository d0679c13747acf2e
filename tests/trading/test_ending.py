"""The second failure (W12), the written report (W24), the contract notice: who, until when, what is public."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import ending
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import LOT, days_2026, hours, refusals, step, warnings
from .world import Market, market

RULES_TESTED = ("W12", "W24")

PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@given(
    st.integers(1, 3),
    st.sampled_from(("too-few-bidders", "all-rejected", "objection-upheld", "no-winner", "not-tendered", "")),
    st.booleans(),
    st.sampled_from(("approved", "own-decision", "", "by-lot")),
    st.integers(0, 1),
    st.sampled_from(("", "无人响应")),
)
def test_w12_leaves_the_choice_only_after_a_second_failure_of_the_market(
    attempt, outcome, again, basis, papers, reason
):
    lot = replace(LOT, attempt=attempt, outcome=outcome)
    facts = step(lot, ground=basis, papers=papers, reason=reason, retendered=again)
    second = attempt >= 2 and outcome in ("too-few-bidders", "all-rejected")
    wanted = [] if second else ["not-second-failure"]
    wanted += ["already-retendered"] * again
    wanted += ["forgoing-basis"] if basis not in ("approved", "own-decision") else []
    wanted += ["approval-missing-paper"] if basis == "approved" and not papers else []
    wanted += [] if reason else ["forgoing-reason-missing"]
    assert refusals(ending.second_failure_findings(facts)) == wanted


@given(days_2026, hours, st.integers(14, 16) | st.integers(0, 40), hours, st.booleans())
def test_w24_warns_after_fifteen_calendar_days_or_the_next_working_day_and_refuses_a_second_report(
    day, hour, later, at_hour, reported
):
    last_on = day + timedelta(days=15)
    while not law.is_working_day(last_on):
        last_on += timedelta(days=1)
    at = on_day_at(day + timedelta(days=later), at_hour)
    lot = replace(LOT, law_on=day)
    found = list(
        ending.written_report_findings(step(lot, at=at, received_at=on_day_at(day, hour), reported=reported))
    )
    assert refusals(found) == ["written-report-handed-in"] * reported
    assert warnings(found) == (["W24"] if local_day(at) > last_on else [])


@pytest.fixture
def town(db) -> Market:
    return market()


def failed(town: Market) -> None:
    """The lot of the town closes with two bidders."""
    town.announce()
    town.bid(PRICES[:2])
    town.close()
    assert town.stage == "failed"


def test_after_the_second_failure_the_tenderee_tenders_again_or_does_without_with_the_approval(town):
    town.register()
    failed(town)
    first = town.lot
    forgo = lambda papers=(), by=0: trading.forgo_tender(  # noqa: E731
        town.hosts[by], town.lot, "approved", "两次招标均无足够响应，改为直接发包。", list(papers), town.now
    )
    assert reasons(lambda: forgo([stored_pdf("批复")])) == {"not-second-failure"}
    town.lot = trading.retender(town.agency, first, town.now).code
    failed(town)
    pages = {each.code: each for each in trading.project_page(town.lot[:17]).lots}
    assert (pages[first].retendered_as, pages[town.lot].retender_of) == (town.lot, first)
    assert pages[town.lot].attempt == 2
    assert "已开标" not in {part.words.zh for page in pages.values() for part in page.progress}
    assert reasons(forgo) == {"approval-missing-paper"}
    with pytest.raises(Refused) as caught:
        trading.forgo_tender(town.agency, town.lot, "approved", "理由", [stored_pdf("批复")], town.now)
    assert [each.rule for each in caught.value.findings] == ["no-permission"]
    forgo([stored_pdf("批复")])
    assert reasons(lambda: trading.retender(town.agency, town.lot, town.now)) == {"tender-forgone"}
    assert "retender" not in {
        each.step for each in trading.todos(town.hosts[0], town.now) if each.lot == town.lot
    }
    notice = trading.draft_failure_notice(town.hosts[0], town.lot, town.now)
    assert notice.values["outcome"] == "not-tendered"
    sequence()
    assert timeline(trading.find_lot(town.lot).ref)[-1].facts["basis"] == "approved"


def test_after_the_second_failure_a_third_tender_is_lawful_too(town):
    town.register()
    failed(town)
    town.lot = trading.retender(town.agency, town.lot, town.now).code
    failed(town)
    assert trading.retender(town.agency, town.lot, town.now).attempt == 3


def test_the_written_report_is_drawn_up_from_the_record_handed_in_once_and_late_is_late(town):
    ranking = town.to_award(PRICES)
    assert reasons(lambda: trading.hand_in_written_report(town.agency, town.lot, "", town.now)) == {
        "wrong-stage-now"
    }
    trading.award(town.agency, town.lot, ranking[0], town.now)
    (todo,) = [each for each in trading.todos(town.agency, town.now) if each.step == "written-report"]
    assert todo.clock.limit.id == "W24"
    draft = trading.drafted_report(trading.find_lot(town.lot), town.now)
    assert [each["rank"] for each in draft["bidders"]] == [2, 1, 3]
    assert draft["award_price_fen"] == PRICES[1]
    town.work(todo.due_at)
    (row,) = (trading.report_row(each, town.now) for each in trading.written_reports(town.hosts[0]))
    assert trading.reports_overdue(trading.written_reports(town.supervisor), town.now).count() == 1
    assert (row.late, row.handed_in_at) == (True, None)
    report, late = trading.hand_in_written_report(town.agency, town.lot, "无其他事项。", town.now)
    assert (report.late, [each.rule for each in late]) == (True, ["W24"])
    again = reasons(lambda: trading.hand_in_written_report(town.agency, town.lot, "", town.now))
    assert again - {"W24"} == {"written-report-handed-in"}
    (row,) = (trading.report_row(each, town.now) for each in trading.written_reports(town.supervisor))
    assert not trading.reports_overdue(trading.written_reports(town.supervisor), town.now).exists()
    assert row.handed_in_at == town.now
    assert reasons(lambda: trading.written_reports(town.bidders[0])) == {"no-permission"}


def test_the_contract_is_published_from_the_record(town):
    ranking = town.to_award(PRICES)
    trading.award(town.agency, town.lot, ranking[0], town.now)
    assert reasons(lambda: trading.draft_contract_notice(town.agency, town.lot, town.now)) == {
        "wrong-stage-now"
    }
    trading.sign_contract(town.agency, town.lot, "HT-7", PRICES[1], 0, local_day(town.now), town.now)
    assert "draft-contract-notice" in {each.step for each in trading.todos(town.agency, town.now)}
    notice = trading.draft_contract_notice(town.agency, town.lot, town.now)
    assert (notice.values["contract_code"], notice.values["contract_price_fen"]) == ("HT-7", PRICES[1])
    town.publish(notice.code, on_day_at(local_day(town.now) + timedelta(days=1), 9))
    assert reasons(lambda: trading.draft_contract_notice(town.agency, town.lot, town.now)) == {
        "notice-exists"
    }
