"""The time for complaints and for deciding them, counted by hand day after day, and what an order of the supervisor stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading.rules import complaining
from yiwang.business.trading.rules.complaint_facts import ComplaintFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import end_of, on_day_at
from yiwang.pure.kernel.words import Words

from .test_rules_properties import BIDDER, LOT, days_2026, hours, minutes, refusals, step, warnings

RULES_TESTED = (
    "W27",
    "W27-objection",
    "W27-refusal",
    "W28",
    "W28-accept",
    "W28-bad-faith",
    "W28-suspend",
    "W28-inquiry",
)
ON = date(2026, 3, 4)
WHY = Words("不计", "left out")
BODY = Actor("P-BODY", "91620502MA00000009", "supervisor")
spans = st.lists(st.tuples(st.integers(-6, 14), st.integers(0, 9)), max_size=3)
around = st.integers(-2, 2)


def pauses_from(day: date, given_spans: list[tuple[int, int]]) -> tuple[law.Pause, ...]:
    """Spans of (days after ``day``, length) as what does not count."""
    return tuple(
        law.Pause(day + timedelta(days=after), day + timedelta(days=after + length), WHY)
        for after, length in given_spans
    )


def last_day(start: date, number: int, counts) -> date:
    """The ``number``-th day after ``start`` that counts."""
    day, left = start, number
    while left:
        day += timedelta(days=1)
        left -= counts(day)
    return day


def outside(pauses: tuple[law.Pause, ...], day: date) -> bool:
    return not any(each.after_on < day <= each.until_on for each in pauses)


@given(days_2026, spans, around, hours, minutes)
def test_w27_ten_days_from_knowing_count_without_the_time_until_an_answer_and_move_past_days_off(
    learnt, objected, off, hour, minute
):
    pauses = pauses_from(learnt, objected)
    last = last_day(learnt, 10, lambda day: outside(pauses, day))
    while not law.is_working_day(last):
        last += timedelta(days=1)
    at = on_day_at(last + timedelta(days=off), hour, minute)
    about = ComplaintFacts(stage="not-made", learnt_on=learnt, objected=bool(objected), answers=pauses)
    facts = step(by=BIDDER, at=at, complaint=about)
    found = list(complaining.made_in_time_findings(facts))
    assert warnings(found) == (["W27"] if at >= end_of(last) else [])
    assert refusals(found) == [], "what is late is received: the supervisor decides"
    waiting = replace(facts, complaint=replace(about, awaited=True))
    assert list(complaining.made_in_time_findings(waiting)) == []


@given(st.sampled_from([date.min, date(1949, 10, 1), date(2026, 3, 5), date(9999, 12, 31)]))
def test_w27_any_day_that_can_be_typed_is_refused_late_or_in_time(learnt):
    facts = step(
        by=BIDDER,
        at=on_day_at(date(2026, 3, 4), 10),
        complaint=ComplaintFacts(stage="not-made", learnt_on=learnt),
    )
    found = [*complaining.made_in_time_findings(facts), *complaining.complete_findings(facts)]
    ahead = learnt > date(2026, 3, 4)
    assert ("complaint-learnt-later" in refusals(found)) is ahead
    assert warnings(found) == ([] if ahead else ["W27"])


@given(days_2026, spans, around, hours, minutes)
def test_w28_thirty_working_days_from_acceptance_count_without_appraisals(
    accepted, appraised, off, hour, minute
):
    pauses = pauses_from(accepted, appraised)
    last = last_day(accepted, 30, lambda day: outside(pauses, day) and law.is_working_day(day))
    at = on_day_at(last + timedelta(days=off), hour, minute)
    about = ComplaintFacts(stage="accepted", accepted_at=on_day_at(accepted, 10), appraisals=pauses)
    facts = step(by=BODY, at=at, complaint=about)
    found = list(complaining.decided_in_time_findings(facts))
    assert warnings(found) == (["W28"] if at >= end_of(last) else [])
    assert refusals(found) == []
    going_on = replace(facts, complaint=replace(about, appraising=True))
    assert list(complaining.decided_in_time_findings(going_on)) == []


@given(days_2026, around, hours, minutes)
def test_w28_accept_three_working_days_from_receipt(received, off, hour, minute):
    last = last_day(received, 3, law.is_working_day)
    at = on_day_at(last + timedelta(days=off), hour, minute)
    facts = step(
        by=BODY, at=at, received_at=on_day_at(received, 10), complaint=ComplaintFacts(stage="received")
    )
    found = list(complaining.accepted_in_time_findings(facts))
    assert warnings(found) == (["W28-accept"] if at >= end_of(last) else [])


@given(st.sampled_from(complaining.MATTERS), st.booleans())
def test_w27_objection_comes_first_about_documents_opening_and_result_alone(matter, objected):
    about = ComplaintFacts(stage="not-made", matter=matter, objected=objected)
    found = list(complaining.objection_first_findings(step(by=BIDDER, complaint=about)))
    needed = matter in ("documents", "opening", "result") and not objected
    assert warnings(found) == (["W27-objection"] if needed else [])
    assert refusals(found) == []


@given(
    st.sampled_from(
        ["no-interest", "late", "nothing-definite", "no-objection", "received-elsewhere", "", "busy"]
    )
)
def test_w27_refusal_needs_a_ground_of_the_law(ground):
    facts = step(by=BODY, ground=ground, reason="见附件。", complaint=ComplaintFacts(stage="received"))
    known = ground not in ("", "busy")
    assert refusals(complaining.refusal_findings(facts)) == ([] if known else ["refusal-ground-missing"])


@given(st.sampled_from(["invented-facts", "forged-papers", "unlawful-evidence", "", "rude"]))
def test_w28_bad_faith_is_one_of_three(ground):
    facts = step(by=BODY, ground=ground, complaint=ComplaintFacts(stage="accepted"))
    known = ground not in ("", "rude")
    assert refusals(complaining.bad_faith_findings(facts)) == ([] if known else ["bad-faith-ground-missing"])


# What goes on while the supervisor has a tender suspended: handing in, objecting, answering; notices that mend; its end.
GOES_ON = {
    "draft-notice", "return-notice", "announce", "take-documents", "submit-bid", "replace-bid", "withdraw-bid",
    "clarify", "postpone", "object", "answer-objection", "object-to-opening", "answer-opening-objection",
    "object-to-result", "answer-result-objection", "answer-committee", "ask-time", "extend-time", "publicise",
    "archive", "terminate", "annul-documents", "annul-by-order", "evaluate-again-by-order", "evaluate-anew-by-order", "retender", "forgo-tender", "report-award", "report-after-contract",
    "draft-prequalification", "return-prequalification", "announce-prequalification",
    "take-prequalification-documents", "submit-application", "replace-application", "withdraw-application",
    "clarify-prequalification", "postpone-prequalification", "object-to-prequalification", "answer-prequalification-objection",
}  # fmt: skip


@pytest.mark.parametrize("name", ["works-open", "works-open-prequalified"])
def test_w28_suspend_an_order_stops_every_step_but_those_written_down(name: str):
    procedure = law.procedure(name, on=ON)
    for each in procedure.steps:
        by = Actor(
            "P",
            {"tenderee": LOT.tenderee, "agency": LOT.agency}.get(each.by[0], BIDDER.organisation),
            each.by[0],
        )
        stopped = step(replace(LOT, stage=each.from_stages[0], stopped=True), by=by)
        # The other guards want facts of their own: asked alone, this one says whether the step stands still.
        alone = replace(each, guards=tuple(guard for guard in each.guards if guard == "not-stopped"))
        found = [finding.rule for finding in step_findings(alone, stopped)]
        assert found == ([] if each.id in GOES_ON else ["stopped-by-order"]), each.id
        running = replace(stopped, lot=replace(stopped.lot, stopped=False))
        assert step_findings(alone, running) == []


def test_w28_suspend_only_a_tender_that_goes_on_is_suspended_and_only_once():
    about = ComplaintFacts(stage="accepted")
    stages = [each.id for each in law.procedure("works-open-prequalified", on=ON).stages]
    over = {"registered", "pq-announcing", "contracted", "archived", "failed", "terminated"}
    for stage in stages:
        facts = step(replace(LOT, stage=stage), by=BODY, reason="必要。", complaint=about)
        assert refusals(complaining.needed_findings(facts)) == (
            ["nothing-to-suspend"] if stage in over else []
        )
    twice = step(replace(LOT, stage="bidding", stopped=True), by=BODY, reason="必要。", complaint=about)
    assert refusals(complaining.needed_findings(twice)) == ["stopped-already"]


def test_w28_inquiry_one_is_answered_before_the_next_and_only_by_who_was_asked():
    open_one = ComplaintFacts(stage="accepted", asked=True)
    asking = step(by=BODY, text="请说明。", complaint=open_one)
    assert refusals(complaining.asking_findings(asking)) == ["inquiry-open"]
    assert refusals(
        complaining.asked_findings(step(by=BIDDER, complaint=ComplaintFacts(stage="accepted")))
    ) == ["no-such-complaint"]
