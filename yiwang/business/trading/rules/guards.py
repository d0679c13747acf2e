"""The guards that procedures name, and the function that each one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from yiwang.business.trading.rules import (
    awarding,
    bidding,
    clarifying,
    consortium,
    ending,
    evaluation,
    expert_draw,
    methods,
    notice,
    objecting,
    passing,
    postponing,
    prequalifying,
    sitting,
    timetable,
)
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding

Guard = Callable[[StepFacts], Iterator[Finding]]

GUARDS: Mapping[str, Guard] = {
    "bid-period": timetable.bid_period_findings,
    "sale-period": timetable.sale_period_findings,
    "deposit-cap": timetable.deposit_findings,
    "terms-complete": timetable.terms_findings,
    "method-complete": methods.method_complete_findings,
    "notice-confirmed": notice.notice_confirmed_findings,
    "notice-checked": notice.notice_checked_findings,
    "clarification-in-time": clarifying.clarification_findings,
    "later-deadline": postponing.later_deadline_findings,
    "has-standing": objecting.standing_findings,
    "objection-in-time": objecting.objection_time_findings,
    "answer-in-time": objecting.answer_time_findings,
    "not-suspended": objecting.suspension_findings,
    "was-opened": objecting.was_opened_findings,
    "opening-answered": objecting.opening_answered_findings,
    "publicity-running": objecting.publicity_running_findings,
    "interest-stated": objecting.interest_findings,
    "result-answered": objecting.result_answered_findings,
    "objection-upheld": objecting.upheld_findings,
    "sale-open": bidding.documents_open_findings,
    "before-deadline": bidding.before_deadline_findings,
    "may-bid": bidding.may_bid_findings,
    "sheet-complete": bidding.sheet_findings,
    "consortium-lawful": consortium.consortium_findings,
    "one-bid": bidding.first_envelope_findings,
    "own-envelope": bidding.own_envelope_findings,
    "deadline-reached": bidding.deadline_reached_findings,
    "enough-bidders": bidding.enough_bidders_findings,
    "too-few-bidders": bidding.too_few_bidders_findings,
    "committee-size": evaluation.committee_size_findings,
    "committee-experts": evaluation.committee_experts_findings,
    "no-conflict": evaluation.conflict_findings,
    "lawful-ground": evaluation.lawful_ground_findings,
    "ranking-is-lowest": evaluation.ranking_findings,
    "at-most-three": evaluation.at_most_three_findings,
    "every-bid-decided": evaluation.every_bid_decided_findings,
    "may-reject-all": evaluation.reject_all_findings,
    "experts-drawn": expert_draw.drawn_findings,
    "committee-registered": sitting.registered_findings,
    "committee-on-paper": sitting.on_paper_findings,
    "seated": sitting.seated_findings,
    "lawful-motion": sitting.motion_findings,
    "lawful-conclusion": sitting.conclusion_findings,
    "may-vote": sitting.vote_findings,
    "nothing-to-vote": sitting.review_findings,
    "scoring-open": sitting.scoring_open_findings,
    "scores-complete": sitting.scores_complete_findings,
    "ranking-is-by-score": sitting.ranking_by_score_findings,
    "no-lots": methods.no_lots_findings,
    "time-granted": sitting.time_granted_findings,
    "extension-due": sitting.extension_findings,
    "replacement-lawful": sitting.replacement_findings,
    "unclear-only": sitting.inquiry_findings,
    "asked-bidder": sitting.answer_findings,
    "report-drawn-up": sitting.drawn_up_findings,
    "all-signed": sitting.all_signed_findings,
    "publicity-start": awarding.publicity_start_findings,
    "publicity-length": awarding.publicity_length_findings,
    "publicity-over": awarding.publicity_over_findings,
    "rank-one": awarding.rank_one_findings,
    "lawful-passing": passing.lawful_passing_findings,
    "some-passed": passing.some_passed_findings,
    "doubt-stated": passing.doubt_findings,
    "reexamination-open": passing.reexamination_open_findings,
    "reexamination-concluded": passing.reexamination_concluded_findings,
    "second-failure": ending.second_failure_findings,
    "written-report": ending.written_report_findings,
    "bids-valid": awarding.validity_findings,
    "contract-period": awarding.contract_period_findings,
    "contract-amount": awarding.contract_amount_findings,
    "performance-bond": awarding.performance_bond_findings,
    "reason-given": awarding.reason_findings,
    "unlawfulness-stated": awarding.unlawfulness_findings,
    "application-period": prequalifying.application_period_findings,
    "prequalification-terms": prequalifying.terms_findings,
    "before-application-deadline": prequalifying.before_application_deadline_findings,
    "one-application": prequalifying.first_application_findings,
    "own-application": prequalifying.own_application_findings,
    "application-complete": prequalifying.application_complete_findings,
    "application-clarification-in-time": clarifying.clarification_findings,
    "prequalification-objection-in-time": objecting.objection_time_findings,
    "application-deadline-reached": prequalifying.application_deadline_findings,
    "enough-applicants": prequalifying.enough_applicants_findings,
    "too-few-applicants": prequalifying.too_few_applicants_findings,
    "reviewer-seated": prequalifying.reviewer_findings,
    "lawful-reviewer": prequalifying.lawful_reviewer_findings,
    "decision-reasoned": prequalifying.decision_findings,
    "application-undecided": prequalifying.undecided_findings,
    "every-application-decided": prequalifying.every_application_findings,
    "enough-qualified": prequalifying.enough_qualified_findings,
    "too-few-qualified": prequalifying.too_few_qualified_findings,
    "passed-prequalification": prequalifying.passed_findings,
}


def step_findings(step: law.Step, facts: StepFacts) -> list[Finding]:
    """Every objection to taking ``step``: the wrong stage, the wrong role, and what each of its guards says."""
    found: list[Finding] = []
    if facts.lot.stage not in step.from_stages:
        found.append(Finding("wrong-stage", params={"step": step.title, "step_en": step.title_en}))
    if facts.by.role not in step.by:
        found.append(Finding("wrong-role", params={"step": step.title, "step_en": step.title_en}))
    if found:
        return found
    for name in step.guards:
        found += GUARDS[name](facts)
    return found
