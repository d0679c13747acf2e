"""Each rule of a prequalification around its boundary. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.trading.test_rules_properties import (
    BIDDER,
    HOST,
    LOT,
    SHEET,
    days_2026,
    hours,
    minutes,
    refusals,
    step,
)
from yiwang.business.trading.rules import clarifying, objecting, prequalifying
from yiwang.business.trading.rules.facts import PartnerFacts
from yiwang.business.trading.rules.review_facts import ApplicationFacts, ReviewFacts
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.codes import uscc_of
from yiwang.pure.kernel.days import end_of, on_day_at, start_of

RULES_TESTED = (
    "W02", "W05", "W06", "W10", "W-consortium", "W-late", "W-prequalification-committee",
    "W-prequalification-result", "W-prequalification-standard", "H-prequalification-method",
)  # fmt: skip

APPLYING = replace(LOT, stage="applying", procedure="works-open-prequalified")
REVIEW = ReviewFacts(criteria="资质、业绩均合格。")
points = st.decimals(min_value=0, max_value=100, places=2)


def reviewed(**more: object) -> ReviewFacts:
    return replace(REVIEW, **more)


@given(days_2026, st.integers(3, 7) | st.integers(0, 60), hours, minutes)
def test_w02_counts_calendar_days_from_the_end_of_the_sale_and_not_that_day(day, later, hour, minute):
    deadline_at = on_day_at(day + timedelta(days=later), hour, minute)
    lot = replace(APPLYING, documents_until_on=day, deadline_at=deadline_at, law_on=day)
    found = refusals(prequalifying.application_period_findings(step(lot, review=REVIEW)))
    assert found == (["W02"] if later < 5 else [])


@given(days_2026, st.integers(1, 5) | st.integers(0, 30), hours, minutes, hours)
def test_w05_refuses_an_amendment_with_fewer_than_three_days_left(day, before, hour, minute, at_hour):
    deadline_at = on_day_at(day, hour, minute)
    publish_at = on_day_at(day - timedelta(days=before), at_hour)
    lot = replace(APPLYING, deadline_at=deadline_at, law_on=day)
    facts = step(lot, at=publish_at, publish_at=publish_at, affects_bids=True, review=REVIEW)
    found = refusals(clarifying.clarification_period_findings(facts))
    assert found == (["W05"] if before < 3 else [])


@given(days_2026, hours, minutes)
def test_w05_proposes_the_earliest_day_that_it_accepts(day, hour, minute):
    publish_at = on_day_at(day, hour, minute)
    earliest = clarifying.earliest_deadline_on(publish_at, day, "W05")
    assert (earliest - day).days == 3
    assert not clarifying.in_time(publish_at, earliest - timedelta(days=1), day, "W05")


@given(days_2026, st.integers(0, 5), st.sampled_from((0, 1, 86_399)))
def test_w06_takes_objections_to_the_end_of_the_second_day_before_the_deadline(day, before, seconds):
    at = start_of(day - timedelta(days=before)) + timedelta(seconds=seconds)
    lot = replace(APPLYING, deadline_at=on_day_at(day, 9, 30), law_on=day)
    found = refusals(objecting.objection_time_findings(step(lot, at=at, by=BIDDER)))
    assert found == (["W06"] if before < 2 else [])


@given(st.integers(-2, 2))
def test_an_application_is_refused_from_the_instant_of_its_deadline_on(off):
    deadline_at = on_day_at(date(2026, 3, 16), 9, 30)
    lot = replace(APPLYING, deadline_at=deadline_at)
    facts = step(lot, by=BIDDER, received_at=deadline_at + timedelta(microseconds=off), review=REVIEW)
    expected = [] if off < 0 else ["late-application"]
    assert refusals(prequalifying.before_application_deadline_findings(facts)) == expected
    suspended = replace(facts, lot=replace(lot, suspended=True))
    expected = [] if off < 0 else ["deadline-suspended"]
    assert refusals(prequalifying.before_application_deadline_findings(suspended)) == expected
    early = step(lot, at=deadline_at + timedelta(microseconds=off), review=REVIEW)
    expected = ["applications-open"] if off < 0 else []
    assert refusals(prequalifying.application_deadline_findings(early)) == expected


@given(st.integers(0, 6), st.integers(0, 3))
def test_w10_decides_between_going_on_and_tendering_again(passing, failing):
    applications = [ApplicationFacts(applicant=f"P{n}", passed=True) for n in range(passing)]
    applications += [ApplicationFacts(applicant=f"F{n}", passed=False) for n in range(failing)]
    facts = step(APPLYING, review=reviewed(applications=tuple(applications)), envelopes=passing)
    enough = bool(refusals(prequalifying.enough_qualified_findings(facts)))
    too_few = bool(refusals(prequalifying.too_few_qualified_findings(facts)))
    assert (enough, too_few) == (passing < 3, passing >= 3)
    assert bool(refusals(prequalifying.enough_applicants_findings(facts))) is (passing < 3)
    assert bool(refusals(prequalifying.too_few_applicants_findings(facts))) is (passing >= 3)
    assert not refusals(prequalifying.every_application_findings(facts))
    waiting = reviewed(applications=(*applications, ApplicationFacts(applicant="W")))
    found = refusals(prequalifying.every_application_findings(replace(facts, review=waiting)))
    assert found == ["applications-undecided"]


@given(st.lists(points, min_size=1, max_size=8), st.integers(3, 6))
def test_of_a_limited_number_nobody_passes_before_somebody_with_more_points_and_equals_pass_together(
    given_points, most
):
    applications = [
        ApplicationFacts(applicant=f"P{n}", passed=True, points=each) for n, each in enumerate(given_points)
    ]
    passed = set(prequalifying.qualified("limited", most, applications))
    assert len(passed) >= min(most, len(applications))
    inside = [each.points for each in applications if each.applicant in passed]
    outside = [each.points for each in applications if each.applicant not in passed]
    assert not outside or min(inside) > max(outside)
    assert len([each for each in inside if each > min(inside)]) < most
    assert set(prequalifying.qualified("qualified", 0, applications)) == {
        each.applicant for each in applications
    }


@given(
    st.booleans(),
    st.sampled_from(((), ("",) * 5, ("P-1", "P-2"))),
    st.sampled_from(("tenderee", "agency", "centre", "expert")),
)
def test_exactly_one_side_decides_about_applications(state_funded, reviewers, role):
    lot = replace(APPLYING, stage="reviewing", state_funded=state_funded)
    facts = step(lot, by=Actor("P-1", "X", role), review=reviewed(reviewers=reviewers))
    found = refusals(prequalifying.lawful_reviewer_findings(facts))
    if not reviewers:
        lawful = not state_funded and role in ("tenderee", "agency")
    elif any(reviewers):
        lawful = role == "expert"
    else:
        lawful = role in ("centre", "expert")
    assert (not found) is lawful


@given(
    points | st.sampled_from((Decimal("-0.01"), Decimal("100.01"))),
    st.booleans(),
    st.sampled_from(("", "  ", "没有业绩。")),
)
def test_who_fails_is_told_why_and_points_lie_between_0_and_100(given_points, passes, reason):
    review = reviewed(passes=passes, points=given_points, method="limited", most=3)
    found = refusals(prequalifying.decision_findings(step(APPLYING, review=review, reason=reason)))
    expected = set() if passes or reason.strip() else {"review-reason-missing"}
    expected |= set() if 0 <= given_points <= 100 else {"review-points-range"}
    assert set(found) == expected


@given(st.booleans(), st.integers(0, 11), st.booleans(), st.integers(0, 41))
def test_an_application_has_papers_and_a_consortium_other_members_where_any_is_accepted(
    accepted, others, twice, papers
):
    members = tuple(uscc_of(f"91620502MA{n:07d}") for n in range(50, 50 + others))
    members += members[:1] if twice else ()
    facts = step(
        APPLYING, by=BIDDER, papers=papers, review=reviewed(consortium_allowed=accepted, members=members)
    )
    found = set(refusals(prequalifying.application_complete_findings(facts)))
    has_papers = 0 < papers <= 40
    assert ("application-papers" in found) is not has_papers
    assert ("consortium-not-accepted" in found) is (bool(members) and not accepted)
    assert ("member-twice" in found) is (bool(others) and twice)
    assert ("too-many-members" in found) is (len(members) > prequalifying.MOST_MEMBERS)
    own = replace(
        facts, review=reviewed(consortium_allowed=True, members=(BIDDER.organisation, HOST.organisation))
    )
    found = set(refusals(prequalifying.application_complete_findings(replace(own, papers=1))))
    assert {"member-twice", "agency-bids"} <= found


@given(st.sets(st.sampled_from((BIDDER.organisation, HOST.organisation, "91620502MA0000099X"))))
def test_only_who_passed_gets_documents_and_bids(passed):
    facts = step(LOT, by=BIDDER, review=reviewed(qualified=tuple(passed)))
    expected = [] if BIDDER.organisation in passed else ["not-prequalified"]
    assert refusals(prequalifying.passed_findings(facts)) == expected


MEMBERS = [f"91620502MA000009{n}X" for n in range(4)]


@given(st.sets(st.sampled_from(MEMBERS)), st.sets(st.sampled_from(MEMBERS)))
def test_a_consortium_bids_with_exactly_the_members_that_it_prequalified_with(applied, named):
    partners = [PartnerFacts(code=BIDDER.organisation, name="牵头人", work="主体", percent=50)]
    partners += [PartnerFacts(code=each, name="成员", work="机电", percent=10) for each in sorted(named)]
    sheet = replace(SHEET, consortium=tuple(partners) if named else ())
    review = reviewed(qualified=(BIDDER.organisation,), members=tuple(sorted(applied)))
    found = list(prequalifying.passed_findings(step(LOT, by=BIDDER, review=review, sheet=sheet)))
    expected = {
        "consortium-member-left": "、".join(sorted(applied - named)),
        "consortium-member-added": "、".join(sorted(named - applied)),
    }
    assert {each.rule: each.params["codes"] for each in found} == {k: v for k, v in expected.items() if v}
    assert all("第三十七条" in each.source for each in found)
    taking = step(LOT, by=BIDDER, review=review)
    assert refusals(prequalifying.passed_findings(taking)) == [], "documents are had by the leader alone"


def test_the_documents_say_criteria_and_a_method_that_lets_three_pass():
    def found(documents: int = 1, **more: object) -> list[str]:
        return refusals(
            prequalifying.terms_findings(
                step(replace(APPLYING, documents=documents), review=reviewed(**more))
            )
        )

    assert found() == found(method="limited", most=3) == []
    assert found(documents=0) == ["prequalification-documents-missing"]
    assert found(criteria=" ") == ["prequalification-criteria-missing"]
    assert found(method="by-lot") == ["prequalification-method-unknown"]
    assert found(method="limited", most=2) == ["prequalification-most"]
    assert end_of(date(2026, 3, 9)) == start_of(date(2026, 3, 10))
