"""Each rule of the sitting committee around its boundary, and every step of it by every role."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.methods import SCORED
from yiwang.business.trading.rules import sitting
from yiwang.business.trading.rules.facts import BidFacts, LotFacts, MemberFacts, StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.rules.panel_facts import PanelFacts
from yiwang.business.trading.rules.sitting_facts import (
    MotionFacts,
    SeatFacts,
    SigningFacts,
    SittingFacts,
    VoteFacts,
)
from yiwang.common.shell.speech import say
from yiwang.law import api as law
from yiwang.pure.kernel.actors import ROLES, Actor
from yiwang.pure.kernel.days import on_day_at

RULES_TESTED = (
    "W17",
    "W17-years",
    "W18",
    "W19",
    "W-replaced",
    "W-unclear",
    "W-arithmetic",
    "W-best",
    "W-tie",
    "W30",
)
ON = date(2026, 3, 25)
AT = on_day_at(ON, 14)
BIDDERS = ("B1", "B2", "B3")
LOT = LotFacts(
    code="L", stage="evaluating", procedure="works-open", law_on=ON, tenderee="T", agency="A",
    estimate_fen=600_000_000, method=SCORED,
)  # fmt: skip
BIDS = tuple(
    BidFacts(bidder=each, price_fen=100 + n, status="valid", evaluated_fen=100 + n, points=D(90 - n))
    for n, each in enumerate(BIDDERS)
)
EXPERT = Actor("P1", "", "expert")


def seats(count: int = 5, **more: object) -> tuple[SeatFacts, ...]:
    return tuple(SeatFacts(number=n, person=f"P{n}", **more) for n in range(1, count + 1))


def facts(by: Actor = EXPERT, sits: SittingFacts | None = None, **more: object) -> StepFacts:
    table = sits or SittingFacts(online=True, seats=seats(), review_ended_at=AT)
    return StepFacts(**{"at": AT, "by": by, "lot": LOT, "bids": BIDS, "sitting": table, **more})


def rules(findings) -> list[str]:
    return [each.rule for each in findings]


@given(st.integers(1, 15), st.integers(0, 15), st.integers(0, 15))
def test_a_motion_is_carried_by_more_than_half_of_all_and_fails_when_that_cannot_come(members, a, b):
    in_favour = min(a, members)
    against = min(b, members - in_favour)
    outcome = sitting.motion_outcome(members, in_favour, against)
    left = members - in_favour - against
    if outcome is True:
        assert Fraction(in_favour, members) > Fraction(1, 2)
    elif outcome is False:
        assert Fraction(in_favour + left, members) <= Fraction(1, 2)
    else:
        assert left > 0
        assert Fraction(in_favour, members) <= Fraction(1, 2) < Fraction(in_favour + left, members)


@given(st.integers(1, 20), st.integers(0, 20))
def test_w18_is_due_above_a_third_and_not_at_it(members, asked):
    assert sitting.extension_due(members, min(asked, members), ON) == (3 * min(asked, members) > members)


@pytest.mark.parametrize(("asked", "due"), [(1, []), (2, ["W18"]), (5, ["W18"])])
def test_w18_nothing_is_concluded_while_time_is_owed(asked, due):
    table = SittingFacts(online=True, seats=(*seats(5)[asked:], *seats(asked, asked_time=True)))
    assert rules(sitting.time_granted_findings(facts(sits=table))) == due


@given(st.integers(-3, 3), st.booleans())
def test_an_extension_ends_later_than_now_and_than_before(minutes, planned):
    until = AT + timedelta(minutes=1) if planned else None
    table = SittingFacts(online=True, seats=seats(5, asked_time=True), until_at=until)
    found = rules(sitting.extension_findings(facts(sits=table, publish_at=AT + timedelta(minutes=minutes))))
    assert found == ([] if minutes > (1 if planned else 0) else ["extension-later"])


@given(st.integers(0, 9) | st.integers(0, 60), st.sampled_from(["technical", "economic", "representative"]))
def test_w17_years_counts_for_experts_and_not_for_the_representative(years, kind):
    member = MemberFacts(name="甲", kind=kind, person="P1", registered=True, years=years)
    short = kind != "representative" and years < law.limit("W17-years", on=ON).at_least
    assert rules(sitting.registered_findings(facts(committee=(member,)))) == (["W17-years"] if short else [])


points = st.decimals(D("-1"), D("30"), places=3) | st.sampled_from([D("9.99"), D("10"), D("25"), D("25.01")])


@given(points)
def test_points_are_within_their_bounds_and_have_the_decimals_of_the_documents(value):
    typed = {each: {"c1": str(value), "c2": "5", "c3": "5"} for each in BIDDERS}
    found = {each.rule for each in sitting.sheet_findings(SCORED, BIDDERS, typed, complete=True)}
    if value != value.quantize(D("0.01")) or len(str(value).rstrip()) - str(value).find(".") > 3:
        assert found == {"points-not-a-number"}
    else:
        assert found == (set() if D(10) <= value <= D(25) else {"points-out-of-range"})


@given(st.sets(st.sampled_from([(b, c) for b in BIDDERS for c in ("c1", "c2", "c3")])))
def test_a_sheet_that_is_handed_in_has_no_gap_and_one_that_is_kept_may(gaps):
    full = {b: {c: "10" if c == "c1" else "5" for c in ("c1", "c2", "c3")} for b in BIDDERS}
    for bidder, criterion in gaps:
        full[bidder][criterion] = " "
    assert rules(sitting.sheet_findings(SCORED, BIDDERS, full, complete=False)) == []
    missing = rules(sitting.sheet_findings(SCORED, BIDDERS, full, complete=True))
    assert missing == ["points-missing"] * len(gaps)


@given(st.sampled_from(["c1", "c2", "c3"]), st.sampled_from(["5", "6", "10"]))
def test_after_handing_in_only_objective_items_change(criterion, value):
    before = {"B1": {"c1": "10", "c2": "5", "c3": "5"}}
    after = {"B1": {**before["B1"], criterion: value}}
    found = rules(sitting.changed_judgement_findings(SCORED, before, after))
    assert found == (["judgement-is-final"] if criterion == "c1" and value != "10" else [])


@given(st.lists(st.tuples(st.integers(80, 82), st.integers(100, 102)), min_size=3, max_size=3))
def test_the_ranking_follows_total_then_price_and_a_tie_needs_its_words(drawn):
    bids = tuple(
        BidFacts(bidder=f"B{n}", price_fen=price, status="valid", evaluated_fen=price, points=D(total))
        for n, (total, price) in enumerate(drawn, 1)
    )
    lawful = sorted(bids, key=lambda each: (-each.points, each.evaluated_fen))
    ranking = tuple(each.bidder for each in lawful)
    tied = (
        len([b for b in bids if (b.points, b.evaluated_fen) == (lawful[0].points, lawful[0].evaluated_fen)])
        > 1
    )
    found = rules(sitting.ranking_by_score_findings(facts(bids=bids, ranking=ranking)))
    assert found == (["tie-by-score"] if tied else [])
    said = {
        each.rule: say(each, "en")
        for each in sitting.ranking_by_score_findings(facts(bids=bids, ranking=ranking))
    }
    assert all("highest total" in each and "lowest" not in each for each in said.values())
    assert (
        rules(sitting.ranking_by_score_findings(facts(bids=bids, ranking=ranking, tie_break="工期短者")))
        == []
    )
    keys = [(each.points, each.evaluated_fen) for each in lawful]
    back = "ranking-not-by-score" in rules(
        sitting.ranking_by_score_findings(facts(bids=bids, ranking=ranking[::-1], tie_break="工期短者"))
    )
    assert back == (keys != keys[::-1])


@given(st.integers(0, 5))
def test_w19_all_must_have_spoken(signed):
    table = SittingFacts(
        online=True, drawn_up=True, seats=(*seats(5, signed=True)[:signed], *seats(5)[signed:])
    )
    assert rules(sitting.all_signed_findings(facts(sits=table))) == (
        [] if signed == 5 else ["signatures-missing"]
    )


def test_on_paper_the_centre_answers_for_the_signatures():
    table = SittingFacts(online=False, seats=tuple(replace(each, person="") for each in seats()))
    assert rules(sitting.all_signed_findings(facts(sits=table))) == []
    assert rules(sitting.on_paper_findings(facts(by=Actor("C", "O", "centre"), sits=table))) == []


@pytest.mark.parametrize(
    ("motion", "more", "found"),
    [
        (MotionFacts(matter="reject"), {"ground": "not-qualified", "reason": "过期"}, []),
        (MotionFacts(matter="reject"), {"ground": "mood", "reason": "过期"}, ["W30"]),
        (MotionFacts(matter="reject"), {"ground": "not-qualified", "reason": " "}, ["reason-missing"]),
        (MotionFacts(matter="reject"), {"ground": "not-qualified", "reason": "过" * 2001}, ["reason-missing"]),
        (MotionFacts(matter="reject"), {"ground": "not-qualified", "reason": "过期", "subject": "B9"}, ["no-such-bid"]),
        (
            MotionFacts(matter="correct", basis="sum", before_fen=100, evaluated_fen=99, confirmed=True),
            {"reason": "汇总"},
            [],
        ),
        (
            MotionFacts(matter="correct", basis="mood", before_fen=100, evaluated_fen=100, confirmed=False),
            {"reason": "汇总"},
            ["correction-basis", "correction-nothing", "correction-unconfirmed"],
        ),
        (
            MotionFacts(matter="correct", basis="sum", before_fen=100, evaluated_fen=0, confirmed=True),
            {"reason": "汇总"},
            ["evaluated-not-positive"],
        ),
    ],
)  # fmt: skip
def test_what_a_member_may_propose(motion, more, found):
    table = SittingFacts(online=True, seats=seats(), motion=motion)
    assert rules(sitting.motion_findings(facts(sits=table, **{"subject": "B1", **more}))) == found


@pytest.mark.parametrize(
    ("why", "found"),
    [("conflict", []), ("absent", []), ("health", []), ("", ["W-replaced"]), ("mood", ["W-replaced"])],
)
def test_a_member_is_replaced_for_a_cause_of_the_law_only(why, found):
    assert rules(sitting.replacement_findings(facts(reason=why))) == found


@given(st.lists(st.sampled_from(["专家1", "专家2"]), max_size=2))
def test_who_evaluates_anew_is_not_one_whose_conclusions_are_void(names):
    asked = facts(reason="health", panel=PanelFacts(returning=tuple(names)))
    found = list(sitting.replacement_findings(asked))
    assert rules(found) == ["member-returns"] * bool(names)
    for each in found:
        assert "第四十八条" in each.source
        assert all(name in say(each, "zh") for name in names)


@pytest.mark.parametrize(
    ("unclear", "text", "found"),
    [
        ("unclear-meaning", "请说明", []),
        ("obvious-slip", "请说明", []),
        ("arithmetic", "x" * 2000, []),
        ("better-price", "请说明", ["W-unclear"]),
        ("arithmetic", "x" * 2001, ["inquiry-length"]),
        ("arithmetic", " ", ["inquiry-length"]),
    ],
)
def test_what_the_committee_may_ask_a_bidder(unclear, text, found):
    assert rules(sitting.inquiry_findings(facts(subject="B1", ground=unclear, text=text))) == found


# --- every step of the committee, by every role ----------------------------------------------------------

TABLE = SittingFacts(
    online=True, seats=seats(), review_ended_at=AT, drawn_up=True, motion=MotionFacts(matter="reject"),
    vote=VoteFacts(in_favour=True), signing=SigningFacts(how="signed"),
)  # fmt: skip
MORE = {"subject": "B1", "ground": "not-qualified", "reason": "过期", "text": "请说明"}
STEPS = {
    "propose-motion": {"expert"},
    "vote": {"expert"},
    "ask-bidder": {"expert"},
    "answer-committee": {"bidder"},
    "end-review": {"centre"},
    "score": {"expert"},
    "ask-time": {"expert"},
    "extend-time": {"tenderee", "agency"},
    "replace-member": {"centre"},
    "draw-up-report": {"centre"},
    "sign-report": {"expert"},
    "deem-signed": {"centre"},
    "report": {"centre"},
    "reject-bid": {"centre", "expert"},
    "evaluate-bid": {"centre", "expert"},
    "reject-all": {"centre", "expert"},
    "enter-committee": {"centre"},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step_id", sorted(STEPS))
def test_a_step_of_the_committee_is_refused_to_every_role_but_its_own(step_id, role):
    step = law.procedure("works-open", on=ON).step(step_id)
    stage = step.from_stages[0]
    asked = facts(by=Actor("P1", "B1", role), sits=TABLE, lot=replace(LOT, stage=stage), **MORE)
    assert ("wrong-role" in rules(step_findings(step, asked))) == (role not in STEPS[step_id])


@pytest.mark.parametrize("stage", ["opened", "reported", "publicity", "failed"])
@pytest.mark.parametrize("step_id", sorted(STEPS.keys() - {"enter-committee"}))
def test_a_step_of_the_committee_is_taken_while_it_evaluates_and_never_else(step_id, stage):
    step = law.procedure("works-open", on=ON).step(step_id)
    role = sorted(STEPS[step_id])[0]
    asked = facts(by=Actor("P1", "B1", role), sits=TABLE, lot=replace(LOT, stage=stage), **MORE)
    assert "wrong-stage" in rules(step_findings(step, asked))


@pytest.mark.parametrize(
    "step_id", ["propose-motion", "vote", "ask-bidder", "score", "ask-time", "sign-report"]
)
def test_an_expert_without_a_seat_takes_no_step(step_id):
    step = law.procedure("works-open", on=ON).step(step_id)
    asked = facts(by=Actor("P9", "", "expert"), sits=TABLE, **MORE)
    assert "not-seated" in rules(step_findings(step, asked))
