"""Who may do what in which state of a works tender: written by hand, beside the law and not from it.

``who`` may do it in the states ``where``; everybody else, and everybody elsewhere, is refused. ``but`` has the refusals
of those who could do it otherwise, by state or by actor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tests.trading.methods import CRITERIA
from tests.trading.sitting import PRICES, seats
from tests.trading.walk import Walk, price, ranking, sheet
from tests.trading.world import CONTACT, ELSEWHERE
from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day

HOSTS = ("host", "colleague", "agency")
OWNERS = ("host", "colleague")
REVIEW = ("evaluating", "voted", "all-rejected")
SCORING = ("reviewed", "scored", "time-asked", "drawn-up", "signed")
EVALUATING = (*REVIEW, *SCORING)
BIDDING = ("bidding", "documents-objected")
BEFORE_OPENING = ("registered", "drafted", "confirmed", *BIDDING, "closed")
PUBLICITY = ("publicity", "result-objected")
DECIDING = ("publicity-ended", "reexamining", "passed-over")
ENDABLE = (*BEFORE_OPENING, "opened", "opening-objected", *EVALUATING, "reported", *PUBLICITY, *DECIDING)
STATES = (
    *ENDABLE, "terminated", "failed", "awarded", "contracted", "archived",
)  # fmt: skip
ANNOUNCED = tuple(each for each in STATES if each not in ("registered", "drafted", "confirmed"))
ANNULLABLE = tuple(each for each in ENDABLE if each in ANNOUNCED)

CHOOSING = (*BIDDING, "closed", "opened", "opening-objected")
WANTED = (
    trading.Wanted(kind="technical", specialty="建筑工程", count=3),
    trading.Wanted(kind="economic", specialty="建筑工程", count=1),
)
FOLLOWER = trading.MemberFacts(name="接替者", kind="technical", employer="某设计院")

type Call = Callable[[Walk, Actor], object]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as it is tried: the step of the procedure that it takes ("" for none), by whom, where."""

    name: str
    step: str
    who: tuple[str, ...]
    where: tuple[str, ...]
    call: Call
    but: Mapping[str, set[str]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset({"wrong-stage"})
    only: tuple[str, ...] = ()  # the actors whose trying means something, where others come upon older acts


def _clarification(walk: Walk) -> trading.NewClarification:
    return trading.NewClarification(
        content="以图纸为准。", affects_bids=False, publish_at=walk.later(1), new_deadline_at=None
    )


def _sheet(walk: Walk) -> dict[str, dict[str, str]]:
    return sheet(walk)


def _until(walk: Walk):
    return law.clock("W21", walk.later(1), on=local_day(walk.later(1))).result_on


def _tender_notice(walk: Walk) -> str:
    return trading.find_lot(walk.scored).tender_notice


def _now(name: str) -> frozenset[str]:
    return frozenset({"wrong-stage-now", name})


def _rejected(walk: Walk, by: Actor):
    return trading.propose_rejection(by, walk.scored, walk.bidder(0), "not-responsive", "不响应。", walk.now)


def _payers(walk: Walk) -> list[trading.PayerFacts]:
    return [trading.PayerFacts(walk.bidder(0), "天水鼎信劳务有限公司", "621700001234")]


STAGE_NOW = frozenset({"wrong-stage-now"})
# Every state but one: there is no notice, or it is confirmed already, or published (and its dates are over).
NO_NOTICE = frozenset(
    {
        "no-such-notice",
        "notice-cannot-confirm",
        "notice-not-confirmed",
        "notice-cannot-return",
        "notice-cannot-check",
        "notice-cannot-drop",
        "publish-in-the-past",
        "W21",
        "W21-start",
        "notice-publish-at",
        "documents-before-notice",
        "D01",
    }
)

VERBS = (
    # notices
    Verb("draft_tender_notice", "draft-notice", HOSTS, ("registered",),
         lambda w, by: trading.draft_tender_notice(by, w.scored, w.terms(w.scored), w.now)),
    Verb("confirm_notice", "", ("colleague",), ("drafted",),
         lambda w, by: trading.confirm_notice(by, w.notice, w.later(1), w.now),
         but={"host": {"D01"}, "host confirmed": {"D01", "notice-cannot-confirm"}},
         elsewhere=NO_NOTICE | {"publicity-day-differs"}),
    Verb("pass_notice", "", ("centre",), ("confirmed",),
         lambda w, by: trading.pass_notice(by, w.notice, w.now), elsewhere=NO_NOTICE),
    Verb("return_notice", "return-notice", ("centre",), ("confirmed",),
         lambda w, by: trading.return_notice(by, w.notice, "缺联系电话。", w.now), elsewhere=NO_NOTICE),
    Verb("take_back_notice", "return-notice", HOSTS, ("drafted", "confirmed"),
         lambda w, by: trading.take_back_notice(by, w.notice, w.now),
         but={"agency drafted": {"notice-editor"}, "agency confirmed": {"agency-takes-back"}}, elsewhere=NO_NOTICE),
    Verb("draft_clarification", "clarify", HOSTS, BIDDING,
         lambda w, by: trading.draft_clarification(by, w.scored, _clarification(w), w.now), elsewhere=STAGE_NOW),
    Verb("draft_postponement", "postpone", HOSTS, BIDDING,
         lambda w, by: trading.draft_postponement(by, w.scored, "系统维护。", w.later(40), w.later(1), w.now),
         elsewhere=STAGE_NOW),
    Verb("draft_correction", "", HOSTS, ANNOUNCED,
         lambda w, by: trading.draft_correction(by, w.scored, _tender_notice(w), "地点更正。", False, w.now),
         elsewhere=frozenset({"no-such-original"})),
    Verb("draft_publicity", "publicise", HOSTS, ("reported",),
         lambda w, by: trading.draft_publicity(by, w.scored, w.later(1), _until(w), CONTACT, w.now),
         elsewhere=frozenset({"wrong-stage-now", "report-missing", "notice-exists", "W21-start"})),
    Verb("draft_result_notice", "", HOSTS, ("awarded",),
         lambda w, by: trading.draft_result_notice(by, w.scored, w.now),
         but={"contracted": {"notice-exists"}}, elsewhere=STAGE_NOW),
    Verb("draft_failure_notice", "", HOSTS, ("failed", "terminated"),
         lambda w, by: trading.draft_failure_notice(by, w.scored, w.now), elsewhere=STAGE_NOW),
    Verb("draft_contract_notice", "", HOSTS, ("contracted", "archived"),
         lambda w, by: trading.draft_contract_notice(by, w.scored, w.now), elsewhere=STAGE_NOW),
    # bidders
    Verb("take_documents", "take-documents", ("fresh",), BIDDING,
         lambda w, by: trading.take_documents(by, w.scored, w.now), only=("fresh",)),
    Verb("submit_bid", "submit-bid", ("fresh",), BIDDING,
         lambda w, by: trading.submit_bid(by, w.scored, w.town.sheet(), w.proof, w.now),
         but={"bidder": {"already-bid"}}, elsewhere=frozenset({"wrong-stage", "late-bid"})),
    Verb("submit_bid replace", "replace-bid", ("bidder",), BIDDING,
         lambda w, by: trading.submit_bid(by, w.scored, w.town.sheet(), w.proof, w.now, replace=True),
         but={"fresh": {"no-bid-yet"}}, elsewhere=frozenset({"wrong-stage", "late-bid"})),
    Verb("withdraw_bid", "withdraw-bid", ("bidder",), BIDDING,
         lambda w, by: trading.withdraw_bid(by, w.scored, w.now),
         but={"fresh": {"no-bid-yet"}}, elsewhere=frozenset({"wrong-stage", "late-bid"})),
    Verb("withdraw_bids", "withdraw-bid", ("bidder",), BIDDING,
         lambda w, by: trading.withdraw_bids(by, [w.scored], w.now),
         but={"fresh": {"no-bid-yet"}}, elsewhere=frozenset({"wrong-stage", "late-bid"})),
    Verb("take_documents_together", "take-documents", ("fresh",), BIDDING,
         lambda w, by: trading.take_documents_together(by, [w.scored], w.now), only=("fresh",)),
    Verb("submit_bids", "submit-bid", ("fresh",), BIDDING,
         lambda w, by: trading.submit_bids(by, [trading.LotBid(w.scored, w.town.sheet(), w.proof)], w.now),
         but={"bidder": {"already-bid"}}, elsewhere=frozenset({"wrong-stage", "late-bid"})),
    Verb("ask", "", ("bidder",), BIDDING,
         lambda w, by: trading.ask(by, w.scored, "以哪一处为准？", [], w.now),
         but={"fresh": {"documents-not-taken"}}, elsewhere=frozenset({"questions-over", "documents-not-taken"})),
    Verb("object_to_documents", "object", ("bidder",), BIDDING,
         lambda w, by: trading.object_to_documents(by, w.scored, "不公平。", [], w.now),
         but={"fresh": {"documents-interest-missing"}}),
    Verb("object_to_opening", "object-to-opening", ("bidder",), ("opened", "opening-objected"),
         lambda w, by: trading.object_to_opening(by, w.scored, "有误。", [], w.now),
         but={"fresh": {"bid-not-opened"}}),
    Verb("object_to_result", "object-to-result", ("bidder",), PUBLICITY,
         lambda w, by: trading.object_to_result(by, w.scored, "不符。", [], w.now),
         but={"fresh": {"interest-missing"}}),
    Verb("answer_committee", "answer-committee", ("bidder",), ("evaluating", "all-rejected"),
         lambda w, by: trading.answer_committee(by, w.inquiry, "以图纸为准。", None, w.now),
         but={"fresh": {"inquiry-not-yours"}}, elsewhere=frozenset({"inquiry-not-yours", "inquiry-answered", "wrong-stage"})),
    Verb("answer_objection", "answer-objection", HOSTS,
         ("documents-objected", "opening-objected", "result-objected"),
         lambda w, by: trading.answer_objection(by, w.objection, "经核查，不成立。", [], False, w.now),
         elsewhere=frozenset({"no-such-objection"})),
    # opening
    Verb("open_bids", "open", ("centre", *HOSTS), ("closed",),
         lambda w, by: trading.open_bids(by, w.scored, w.now)),
    Verb("open_session", "open", ("centre", *HOSTS), ("closed",),
         lambda w, by: trading.open_session(by, w.scored[:17], w.now),
         elsewhere=frozenset({"nothing-to-open"})),
    # the committee
    Verb("plan_expert_draw", "", HOSTS, CHOOSING,
         lambda w, by: trading.plan_expert_draw(by, w.scored, WANTED, [w.experts[4].person], w.now),
         elsewhere=STAGE_NOW),
    Verb("name_experts_directly", "", HOSTS, CHOOSING,
         lambda w, by: trading.name_experts_directly(by, w.scored, "complex", "全省仅数名专家具备评审经验。", w.now),
         elsewhere=STAGE_NOW),
    Verb("hold_expert_draw", "", ("centre",), (),
         lambda w, by: trading.hold_expert_draw(by, w.scored, w.now),
         but={each: {"expert-draw-not-planned"} for each in ("opened", "opening-objected", *EVALUATING)},
         elsewhere=STAGE_NOW),
    Verb("enter_committee", "enter-committee", ("centre",), ("opened",),
         lambda w, by: trading.enter_committee(by, w.scored, seats(w.experts[:5]), w.now, ELSEWHERE),
         but={"opening-objected": {"opening-objection-open"}}),
    Verb("evaluate_bid", "evaluate-bid", ("centre",), EVALUATING,
         lambda w, by: trading.evaluate_bid(by, w.paper, w.bidder(0), PRICES[0], "", w.now),
         elsewhere=frozenset({"wrong-stage", "no-such-bid"})),
    Verb("evaluate_bid online", "evaluate-bid", ("centre",), (),
         lambda w, by: trading.evaluate_bid(by, w.scored, w.bidder(0), PRICES[0], "", w.now),
         but={each: {"committee-decides"} for each in EVALUATING},
         elsewhere=frozenset({"wrong-stage", "no-such-bid"})),
    Verb("reject_bid", "reject-bid", ("centre",), EVALUATING,
         lambda w, by: trading.reject_bid(by, w.paper, w.bidder(0), "not-responsive", "不响应。", w.now)),
    Verb("reject_bid online", "reject-bid", ("centre",), (),
         lambda w, by: trading.reject_bid(by, w.scored, w.bidder(0), "not-responsive", "不响应。", w.now),
         but={each: {"committee-decides"} for each in EVALUATING}),
    Verb("propose_rejection", "propose-motion", ("expert",), tuple(x for x in EVALUATING if x != "all-rejected"),
         _rejected, but={"guest": {"not-seated"}, "all-rejected": {"bid-rejected"}},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("propose_correction", "propose-motion", ("expert",), (),
         lambda w, by: trading.propose_correction(by, w.scored, w.bidder(0), "sum", 1, "合计有误。", w.now),
         but={each: {"correction-unconfirmed"} for each in EVALUATING}
         | {"all-rejected": {"bid-rejected", "correction-unconfirmed"}},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("propose_rejecting_all", "propose-motion", ("expert",), ("all-rejected",),
         lambda w, by: trading.propose_rejecting_all(by, w.scored, "全部否决。", w.now),
         but={"guest": {"not-seated"}, "evaluating": {"W13", "motions-first"}}
         | {each: {"W13"} for each in ("voted", *SCORING)},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("cast_vote", "vote", ("expert",), ("evaluating",),
         lambda w, by: trading.cast_vote(by, w.motion, True, "", w.now),
         but={"guest": {"not-seated"}} | {x: {"motion-decided", "voted-already"} for x in EVALUATING[1:]},
         elsewhere=frozenset({"wrong-stage", "no-such-motion"})),
    Verb("ask_bidder", "ask-bidder", ("expert",), EVALUATING,
         lambda w, by: trading.ask_bidder(by, w.scored, w.bidder(1), "obvious-slip", "是否笔误？", w.now),
         but={"guest": {"not-seated"}}, elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("end_review", "end-review", ("centre",), ("voted",),
         lambda w, by: trading.end_review(by, w.scored, w.now),
         but={"evaluating": {"motions-open"}, "all-rejected": {"nothing-valid"}}
         | {each: {"review-ended"} for each in SCORING}),
    Verb("save_sheet", "score", ("expert",), ("reviewed",),
         lambda w, by: trading.save_sheet(by, w.scored, {w.bidder(0): {CRITERIA[0].id: "20"}}, w.now),
         but={"guest": {"not-seated"}} | {each: {"review-first"} for each in REVIEW}
         | {each: {"sheet-handed-in"} for each in SCORING[1:]},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("hand_in_sheet", "score", ("expert",), ("reviewed",),
         lambda w, by: trading.hand_in_sheet(by, w.scored, _sheet(w), w.now),
         but={"guest": {"not-seated"}} | {each: {"review-first"} for each in REVIEW}
         | {each: {"sheet-handed-in"} for each in SCORING[1:]},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("ask_time", "ask-time", ("expert",), EVALUATING,
         lambda w, by: trading.ask_time(by, w.scored, w.now),
         but={"guest": {"not-seated"}}, elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("extend_time", "extend-time", HOSTS, ("time-asked",),
         lambda w, by: trading.extend_time(by, w.scored, w.now + timedelta(hours=2), w.now),
         but={each: {"W18-not-due"} for each in EVALUATING if each != "time-asked"}),
    Verb("replace_member", "replace-member", ("centre",), EVALUATING,
         lambda w, by: trading.replace_member(by, w.scored, 1, "health", w.experts[5].person, w.now, ELSEWHERE),
         elsewhere=frozenset({"wrong-stage", "no-such-member"})),
    Verb("replace_member on paper", "replace-member", ("centre",), EVALUATING,
         lambda w, by: trading.replace_member(by, w.paper, 1, "health", "", w.now, ELSEWHERE, FOLLOWER),
         elsewhere=frozenset({"wrong-stage", "no-such-member"})),
    Verb("draw_up_report", "draw-up-report", ("centre",), ("scored", "drawn-up", "signed"),
         lambda w, by: trading.draw_up_report(by, w.scored, ranking(w, w.scored), "", w.now),
         but={each: {"undecided", "sheets-missing", "ranking-not-valid"} for each in REVIEW}
         | {"all-rejected": {"nothing-valid", "sheets-missing", "ranking-not-valid"}}
         | {"reviewed": {"sheets-missing", "ranking-not-valid"}, "time-asked": {"W18"}}),
    Verb("sign_report", "sign-report", ("expert",), ("drawn-up",),
         lambda w, by: trading.sign_report(by, w.scored, w.now),
         but={"guest": {"not-seated"}, "signed": {"signed-already"}}
         | {each: {"report-not-drawn-up"} for each in (*REVIEW, *SCORING[:3])},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("dissent", "sign-report", ("expert",), ("drawn-up",),
         lambda w, by: trading.dissent(by, w.scored, "不同意技术得分。", w.now),
         but={"guest": {"not-seated"}, "signed": {"signed-already"}}
         | {each: {"report-not-drawn-up"} for each in (*REVIEW, *SCORING[:3])},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("deem_signed", "deem-signed", ("centre",), ("drawn-up",),
         lambda w, by: trading.deem_signed(by, w.scored, 1, "拒绝签字，也不说明。", w.now),
         but={"signed": {"signed-already"}}
         | {each: {"report-not-drawn-up"} for each in (*REVIEW, *SCORING[:3])},
         elsewhere=frozenset({"wrong-stage", "no-such-member"})),
    Verb("receive_report", "report", ("centre",), ("signed",),
         lambda w, by: trading.receive_report(by, w.scored, [], "", w.now),
         but={"drawn-up": {"signatures-missing"}}
         | {"time-asked": {"W18", "report-not-drawn-up", "ranking-missing"}}
         | {"scored": {"report-not-drawn-up", "ranking-missing"}}
         | {"reviewed": {"report-not-drawn-up", "ranking-missing", "sheets-missing"}}
         | {each: {"undecided", "report-not-drawn-up", "ranking-missing", "sheets-missing"} for each in REVIEW}
         | {"all-rejected": {"nothing-valid", "report-not-drawn-up", "ranking-missing", "sheets-missing"}}),
    Verb("receive_report paper", "report", ("centre",), SCORING,
         lambda w, by: trading.receive_report(by, w.paper, ranking(w, w.paper), "", w.now),
         but={each: {"undecided", "ranking-not-valid"} for each in REVIEW}
         | {"all-rejected": {"nothing-valid", "ranking-not-valid"}}),
    Verb("reject_all", "reject-all", ("centre",), ("all-rejected",),
         lambda w, by: trading.reject_all(by, w.paper, "全部否决。", w.now),
         but={each: {"W13"} for each in EVALUATING if each != "all-rejected"}),
    Verb("reject_all online", "reject-all", ("centre",), (),
         lambda w, by: trading.reject_all(by, w.scored, "全部否决。", w.now),
         but={each: {"W13", "committee-decides"} for each in EVALUATING}
         | {"all-rejected": {"committee-decides"}}),
    # the award
    Verb("award", "award", HOSTS, ("publicity-ended",),
         lambda w, by: trading.award(by, w.scored, ranking(w, w.scored)[0], w.now),
         but={"reexamining": {"reexamination-open"}, "passed-over": {"W22"}}),
    Verb("pass_over", "pass-over", HOSTS, ("publicity-ended", "awarded"),
         lambda w, by: trading.pass_over(by, w.scored, ranking(w, w.scored)[0], "gave-up", "放弃。", w.proof, w.now),
         but={"reexamining": {"reexamination-open"}, "passed-over": {"not-a-candidate"}}),
    Verb("declare_no_winner", "declare-no-winner", HOSTS, ("passed-over",),
         lambda w, by: trading.declare_no_winner(by, w.scored, "其余报价过高。", w.now),
         but={"reexamining": {"reexamination-open", "nobody-passed"}, "publicity-ended": {"nobody-passed"}}),
    Verb("order_reexamination", "order-reexamination", HOSTS, ("publicity-ended",),
         lambda w, by: trading.order_reexamination(by, w.scored, ranking(w, w.scored)[0], "财务变化。", [], w.now),
         but={"reexamining": {"reexamination-open"}, "passed-over": {"not-a-candidate"}}),
    Verb("propose_conclusion", "propose-conclusion", ("expert",), ("reexamining",),
         lambda w, by: trading.propose_conclusion(by, w.scored, True, "予以确认。", [], w.now),
         but={"guest": {"not-seated"}} | {x: {"no-reexamination"} for x in ("publicity-ended", "passed-over")},
         elsewhere=frozenset({"wrong-stage", "not-seated"})),
    Verb("conclude_reexamination", "conclude-reexamination", ("centre",), ("reexamining",),
         lambda w, by: trading.conclude_reexamination(by, w.paper, True, "予以确认。", w.proof, w.now),
         but={x: {"no-reexamination"} for x in ("publicity-ended", "passed-over")}),
    Verb("conclude_reexamination online", "conclude-reexamination", ("centre",), (),
         lambda w, by: trading.conclude_reexamination(by, w.scored, True, "予以确认。", w.proof, w.now),
         but={"reexamining": {"committee-decides"}}
         | {x: {"no-reexamination", "committee-decides"} for x in ("publicity-ended", "passed-over")}),
    Verb("note_deposit_payers", "", (*HOSTS, "centre"),
         ("opened", "opening-objected", *EVALUATING, "reported", *PUBLICITY, *DECIDING),
         lambda w, by: trading.note_deposit_payers(by, w.scored, _payers(w), w.now),
         elsewhere=frozenset({"wrong-stage-now", "no-such-bid"})),
    Verb("sign_contract", "contract", HOSTS, ("awarded",),
         lambda w, by: trading.sign_contract(by, w.scored, "HT-2", price(w, w.scored), 0, local_day(w.now), w.now),
         elsewhere=frozenset({"wrong-stage", "wrong-stage-now"})),
    Verb("hand_in_written_report", "report-award", HOSTS, ("awarded", "contracted"),
         lambda w, by: trading.hand_in_written_report(by, w.scored, "", w.now),
         elsewhere=STAGE_NOW),
    Verb("archive", "archive", ("centre",), ("contracted",),
         lambda w, by: trading.archive(by, w.scored, w.now),
         elsewhere=frozenset({"wrong-stage", "result-not-published"})),
    Verb("terminate", "terminate", OWNERS, ENDABLE,
         lambda w, by: trading.terminate(by, w.scored, "资金调整。", w.now)),
    Verb("annul_documents", "annul-documents", OWNERS, ANNULLABLE,
         lambda w, by: trading.annul_documents(by, w.scored, "排斥外地企业。", w.now)),
    Verb("retender", "retender", HOSTS, ("failed",),
         lambda w, by: trading.retender(by, w.scored, w.now)),
    Verb("forgo_tender", "forgo-tender", OWNERS, (),
         lambda w, by: trading.forgo_tender(by, w.scored, "own-decision", "不再招标。", w.proof, w.now),
         but={"failed": {"not-second-failure"}}),
)  # fmt: skip

# Verbs that are not about a stage: what they are about, and which test has them instead.
OTHERS = {
    "draft_prequalification": "prequalification (test_every_prequalification_verb)",
    "submit_application": "prequalification (test_every_prequalification_verb)",
    "withdraw_application": "prequalification (test_every_prequalification_verb)",
    "enter_review_committee": "prequalification (test_every_prequalification_verb)",
    "review_application": "prequalification (test_every_prequalification_verb)",
    "decide_application": "prequalification (test_every_prequalification_verb)",
    "replace_reviewer": "prequalification (test_every_prequalification_verb)",
    "notify_results": "prequalification (test_every_prequalification_verb)",
    "consent": "where a notice admits consortia (test_consents)",
    "take_consent_back": "where a notice admits consortia (test_consents)",
    "register_project": "begins a project (test_verbs)",
    "draft_tender_notice_together": "several lots (test_notices_together)",
    "draft_publicity_together": "several lots (test_notices_together)",
    "draft_result_notice_together": "several lots (test_notices_together)",
    "draft_correction_together": "several lots (test_notices_together)",
    "draft_postponement_together": "several lots (test_notices_together)",
    "draft_clarification_together": "several lots (test_notices_together)",
    "draft_failure_notice_together": "several lots (test_notices_together)",
    "draft_contract_notice_together": "several lots (test_notices_together)",
    "complain": "complaints (test_every_complaint_verb)",
    "withdraw_complaint": "complaints (test_every_complaint_verb)",
    "answer_complaint": "complaints (test_every_complaint_verb)",
    "accept_complaint": "complaints (test_every_complaint_verb)",
    "refuse_complaint": "complaints (test_every_complaint_verb)",
    "ask_respondent": "complaints (test_every_complaint_verb)",
    "order_suspension": "complaints (test_every_complaint_verb)",
    "lift_suspension": "complaints (test_every_complaint_verb)",
    "begin_appraisal": "complaints (test_every_complaint_verb)",
    "end_appraisal": "complaints (test_every_complaint_verb)",
    "decide_complaint": "complaints (test_every_complaint_verb)",
    "evaluate_again": "complaints (test_corrections)",
    "tender_again": "complaints (test_corrections)",
    "state_correction": "complaints (test_every_complaint_verb)",
    "evaluation_findings": "asks whether evaluate_again may be done (hall/test_orders_that_wait)",
    "new_tender_findings": "asks whether tender_again may be done (hall/test_orders_that_wait)",
    "ordered_step_findings": "asks whether what is ordered may be done (site/test_api_complaints)",
    "export_archive": "reads (hall/test_archive)",
    "export_timeline": "reads (test_verbs)",
    "note_reading": "reads (test_verbs)",
    "note_refund": "a debt, whatever the stage (test_refunds)",
    "give_lots": "the division of work (hall/test_dividing)",
    "note_absence": "the division of work (hall/test_dividing)",
    "end_absence": "the division of work (hall/test_dividing)",
    "answer_call": "of a drawn expert (test_expert_draw)",
    "note_unreached": "about a drawn expert (test_expert_draw)",
    "call_substitute": "about a drawn expert (test_expert_draw)",
    "seat_drawn_experts": "of a drawn committee (test_expert_draw)",
    "mark_message": "one's own messages (hall/test_messages)",
    "mark_messages_read": "one's own messages (hall/test_messages)",
}
