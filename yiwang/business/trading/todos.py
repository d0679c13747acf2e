"""My to-dos: what each person may or must do now, until when, and by which article.

However many lots there are, the number of queries is the same: what stands around them is read at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.business.trading.committee_todos import (
    AWAITED,
    COMPLETE,
    OPEN,
    PLANNED,
    USED_UP,
    choosing_of,
    need_time,
    open_calls,
    open_inquiries,
    open_votes,
    own_seats,
)
from yiwang.business.trading.complaint_todos import answer_steps, complaint_steps, correction_steps
from yiwang.business.trading.models import TENDER_PHASE, CommitteeMember, Envelope, Lot, Reexamination, Taking
from yiwang.business.trading.queries import lots_for
from yiwang.business.trading.review_todos import (
    Review,
    applicant_steps,
    centre_steps,
    closed_to,
    host_step,
    own_reviews,
    reviews_of,
)
from yiwang.business.trading.rules.asking import OPEN_STAGES
from yiwang.business.trading.services.sitting import motions_of
from yiwang.business.trading.shapes import ToDo
from yiwang.business.trading.standstills import STOPPED, with_orders
from yiwang.business.trading.surroundings import Surroundings, surroundings_of, unsettled
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import one_of
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, EXPERT, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import end_of, local_day, shown
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import KeptQuery

STEP_WORDS = {
    "draft-tender-notice": Words("编制招标公告", "Draft the tender notice"),
    "draft-invitation": Words("编制投标邀请书", "Draft the invitation to bid"),
    "enter-review-committee": Words("录入资格审查委员会", "Enter the review committee"),
    "review": Words("审查资格预审申请", "Review the applications"),
    "notify-results": Words("发出资格预审结果通知书", "Notify the applicants of the result"),
    "take-prequalification-documents": Words("获取资格预审文件", "Take the prequalification documents"),
    "apply": Words("递交资格预审申请", "Hand in an application to prequalify"),
    "replace-application": Words("已申请；可替换或撤回", "Applied; may be replaced or withdrawn"),
    "confirm-notice": Words("确认公告", "Confirm the notice"),
    "check-notice": Words("核验公告形式", "Check the form of the notice"),
    "open-bids": Words("开标", "Open the bids"),
    "enter-committee": Words("录入评标委员会", "Enter the evaluation committee"),
    "choose-experts": Words("编制专家抽取方案", "Plan the draw of experts"),
    "draw-experts": Words("抽取评标专家", "Draw the experts"),
    "await-experts": Words("等待抽中的专家答复", "Wait for the experts who were drawn"),
    "seat-experts": Words("组成评标委员会", "Form the evaluation committee"),
    "answer-call": Words("答复评标通知", "Answer the call to an evaluation"),
    "sit": Words("评标：查阅投标、表决", "Evaluate: read the bids, vote"),
    "score": Words("填写评分表", "Fill in my scoring sheet"),
    "sign-report": Words("在评标报告上签字", "Sign the evaluation report"),
    "extend-time": Words("延长评标时间", "Extend the time of the evaluation"),
    "answer-committee": Words("书面答复评标委员会", "Answer the committee in writing"),
    "evaluate": Words("录入评标结果", "Enter the evaluation"),
    "draft-publicity": Words("编制中标候选人公示", "Draft the publicity of the shortlisted bidders"),
    "award": Words("定标并发出中标通知书", "Decide the award and send the letter"),
    "draft-result-notice": Words("编制中标结果公告", "Draft the result notice"),
    "draft-failure-notice": Words("编制招标失败公告", "Draft the notice of the failed tender"),
    "retender": Words("重新招标", "Tender again"),
    "written-report": Words("提交招标投标情况书面报告", "Hand in the written report"),
    "draft-contract-notice": Words("编制合同订立公告", "Draft the contract notice"),
    "sign-contract": Words("登记合同", "Enter the contract"),
    "re-examine": Words("审查中标候选人（实施条例第五十六条）", "Re-examine a candidate (art. 56)"),
    "conclude-reexamination": Words("录入原评标委员会的审查结论", "Enter the committee's conclusion"),
    "archive": Words("归档", "Archive"),
    "refund": Words("退还投标保证金", "Pay deposits back"),
    "take-documents": Words("获取招标文件", "Take the tender documents"),
    "bid": Words("递交投标文件", "Hand in a bid"),
    "answer-questions": Words("答复提问，澄清招标文件", "Answer the questions, clarify the documents"),
    "answer-objection": Words("答复异议", "Answer an objection"),
    "answer-opening-objection": Words(
        "当场答复对开标的异议", "Answer an objection to the opening, on the spot"
    ),
    "amend-documents": Words("按异议答复修改招标文件", "Amend the documents as the answer says"),
    "set-deadline": Words("重新确定投标截止时间", "Set a new deadline"),
    "accept-complaint": Words("决定是否受理投诉", "Accept a complaint, or not"),
    "decide-complaint": Words("处理投诉", "Decide a complaint"),
    "lift-suspension": Words("恢复责令暂停的招标", "Let a suspended tender go on"),
    "carry-out-decision": Words("执行投诉处理决定", "Carry out the decision on a complaint"),
    "answer-complaint": Words("就投诉向行政监督部门说明", "Answer the supervisor about a complaint"),
    "replace-bid": Words("已递交；可替换或撤回", "Handed in; may be replaced or withdrawn"),
}

NEW_DEADLINE_AWAITED = Words(
    "招标因异议暂停，原截止时间已过；等待新的投标截止时间。",
    "Suspended by an objection, and the deadline has passed: a new one will be set.",
)

HOST_STEPS: dict[str, str] = {
    "registered": "draft-tender-notice",
    "prequalified": "draft-invitation",
    "closed": "open-bids",
    "reported": "draft-publicity",
    "publicity-ended": "award",
    "awarded": "sign-contract",
}
CENTRE_STEPS: dict[str, str] = {
    "closed": "open-bids",
    "opened": "enter-committee",
    "evaluating": "evaluate",
    "contracted": "archive",
}


OPENING_OPEN = Words(
    "对开标的异议尚未当场答复（招标投标法实施条例第四十四条）。",
    "An objection to the opening waits for its answer (Implementing Regulations of the Bidding Law, art. 44).",
)
REEXAMINING = Words(
    "原评标委员会正在审查确认（招标投标法实施条例第五十六条）。",
    "The original committee re-examines a candidate (Implementing Regulations of the Bidding Law, art. 56).",
)
RESULT_OPEN = Words(
    "对评标结果的异议尚未答复，招标暂停（招标投标法实施条例第五十四条）。",
    "An objection to the result waits for its answer: the tender is suspended (Implementing Regulations of the Bidding Law, art. 54).",
)


# What cannot be done while an order of the supervisor stands.
STANDING_STILL = frozenset(
    {
        "open-bids", "enter-committee", "choose-experts", "draw-experts", "await-experts", "seat-experts", "evaluate",
        "sit", "score", "sign-report", "draft-publicity", "award", "re-examine", "conclude-reexamination",
        "sign-contract", "enter-review-committee", "review", "notify-results",
    }
)  # fmt: skip


def _due(lot: Lot, step: str, around: Surroundings) -> law.Clock | None:
    """The clock of a step that has to be done by a day of the law."""
    if lot.law_on is None:
        return None
    if step == "draft-publicity" and lot.report_received_at:
        return law.clock("W21-start", lot.report_received_at, on=lot.law_on)
    if step == "sign-contract" and lot.pk in around.letters:
        return law.clock("W23", around.letters[lot.pk], on=lot.law_on)
    return None


def _todo(
    lot: Lot,
    step: str,
    due_at: datetime | None = None,
    notice: str = "",
    waiting: Words | None = None,
    clock: law.Clock | None = None,
    matter: str = "",
) -> ToDo:
    if due_at is None and clock is not None:
        due_at = clock.result_at
    if lot.stopped_at is not None and step in STANDING_STILL:
        waiting = STOPPED
    return ToDo(
        step, STEP_WORDS[step], lot.code, lot.name, lot.project.name, due_at, clock, notice, waiting, matter
    )


def todos(actor: Actor, at: datetime, lots: QuerySet[Lot] | None = None) -> list[ToDo]:
    """What the actor may do, the most urgent first; what is not due by a day comes last.

    ``lots`` narrows the question to some of the lots that the actor may see (see ``lots_for``).
    """
    makers = {
        TENDEREE: _host_todos,
        AGENCY: _host_todos,
        CENTRE: _centre_todos,
        BIDDER: _bidder_todos,
        EXPERT: _expert_todos,
        SUPERVISOR: _supervisor_todos,
    }
    maker = makers.get(actor.role)
    if maker is None:
        return []
    found = with_orders(list(maker(actor, at, lots_for(actor) if lots is None else lots)), at)
    return sorted(found, key=lambda each: (each.waiting is not None, each.due_at is None, each.due_at or at))


def _supervisor_todos(actor: Actor, at: datetime, lots: QuerySet[Lot]) -> Iterator[ToDo]:
    for lot, step, code, due_at, clock in complaint_steps(actor, lots):
        yield _todo(lot, step, due_at, clock=clock, matter=code)


def _answers_to_supervisor(actor: Actor, lots: QuerySet[Lot]) -> Iterator[ToDo]:
    for lot, step, code, due_at, clock in answer_steps(actor, lots):
        yield _todo(lot, step, due_at, clock=clock, matter=code)
    for lot, code, ordered, why in correction_steps(actor, lots):
        todo = _todo(lot, "carry-out-decision", waiting=why, matter=code)
        said = Words(f"{todo.words.zh}：{ordered.zh}", f"{todo.words.en}: {ordered.en}")
        yield replace(todo, words=said)


def _host_todos(actor: Actor, at: datetime, lots: QuerySet[Lot]) -> Iterator[ToDo]:
    yield from _answers_to_supervisor(actor, lots)
    live = unsettled(actor, lots)
    around = surroundings_of(live)
    choosing = choosing_of(each for each in live if each.stage == "opened")
    reviews = reviews_of(live)
    hurried = need_time(each for each in live if each.stage == "evaluating")
    told: set[str] = set()  # a notice of several lots is confirmed once
    for lot in live:
        for notice in around.living(lot):
            if (
                notice.status in ("draft", "returned")
                and actor.role == TENDEREE
                and actor.person not in notice.authors
                and notice.code not in told
            ):
                told.add(notice.code)
                yield _todo(lot, "confirm-notice", lot.publish_at, notice.code)
        yield from _host_steps(lot, around, at, reviews)
        if choosing.get(lot.pk) in (OPEN, USED_UP):
            yield _todo(lot, "choose-experts")
        if lot.pk in hurried:
            yield _todo(lot, "extend-time")


def _host_steps(
    lot: Lot, around: Surroundings, at: datetime, reviews: Mapping[int, Review]
) -> Iterator[ToDo]:
    drafted = around.drafted(lot)
    step = HOST_STEPS.get(lot.stage)
    if lot.pk in around.reexamined:
        yield _todo(lot, "award", waiting=REEXAMINING)
    elif step and not (step == "draft-publicity" and "candidates-publicity" in drafted):
        yield _todo(lot, step, clock=_due(lot, step, around))
    if lot.stage in ("awarded", "contracted") and "result-notice" not in drafted:
        yield _todo(lot, "draft-result-notice")
    if lot.stage == "contracted" and "contract-notice" not in drafted:
        yield _todo(lot, "draft-contract-notice")
    if lot.pk in around.letters and lot.pk not in around.reported:
        clock = law.clock("W24", around.letters[lot.pk], on=lot.law_on or local_day(lot.stage_since_at))
        yield _todo(lot, "written-report", clock=clock)
    yield from _objection_steps(lot, around)
    if str(lot.ref) in around.refunds:
        yield _todo(lot, "refund", around.refunds[str(lot.ref)])
    if lot.stage == "terminated" and "failed-tender" not in drafted:
        yield _todo(lot, "draft-failure-notice")
    if lot.stage in OPEN_STAGES:
        yield from _dialogue_steps(lot, around)
    if lot.stage == "reviewing":
        step, due_at, why = host_step(lot, reviews[lot.pk])
        yield _todo(lot, step, due_at, waiting=why)
    if lot.stage == "failed":
        if "failed-tender" not in drafted:
            yield _todo(lot, "draft-failure-notice")
        if lot.code not in around.retendered and lot.outcome != "not-tendered":
            yield _todo(lot, "retender")
    if lot.stage == "publicity" and lot.suspended_at is not None:
        yield _todo(lot, "award", waiting=RESULT_OPEN)
    elif lot.stage == "publicity" and lot.publicity_until_at and at < lot.publicity_until_at:
        until = shown(lot.publicity_until_at)
        yield _todo(
            lot,
            "award",
            lot.publicity_until_at,
            waiting=Words(
                f"公示至 {until}，期满后方可定标", f"Publicity runs until {until}; the award can follow then"
            ),
        )


def _objection_steps(lot: Lot, around: Surroundings) -> Iterator[ToDo]:
    """Objections that wait for their answer: by W08, those to the opening at once."""
    on = lot.law_on or local_day(lot.stage_since_at)
    for code, raised_at, at_once in around.open_objections.get(lot.pk, ()):
        if at_once:
            yield _todo(lot, "answer-opening-objection", raised_at, matter=code)
        else:
            yield _todo(lot, "answer-objection", clock=law.clock("W08", raised_at, on=on), matter=code)


MOVING = ("clarification", "postponement", "prequalification-clarification", "prequalification-postponement")


def _dialogue_steps(lot: Lot, around: Surroundings) -> Iterator[ToDo]:
    """What bidders wait for while the lot is open for bids."""
    drafted = any(each.form in MOVING for each in around.living(lot))
    if lot.postponed_at and not lot.suspended_at and not drafted:
        yield _todo(lot, "set-deadline")
    elif lot.pk in around.amendments and not drafted:
        yield _todo(lot, "amend-documents", lot.deadline_at)
    if lot.pk in around.questions:
        yield _todo(lot, "answer-questions", lot.deadline_at)


CHOOSING_STEPS = {
    PLANNED: "draw-experts",
    AWAITED: "await-experts",
    USED_UP: "await-experts",
    COMPLETE: "seat-experts",
}

# What a to-do of the centre says of its lot: one of many, so nothing else is read.
_TOLD = (
    "code", "name", "stage", "stage_since_at", "deadline_at", "suspended_at", "stopped_at", "project__name",
)  # fmt: skip


def _centre_todos(actor: Actor, at: datetime, lots: QuerySet[Lot]) -> Iterator[ToDo]:
    yield from _checks(lots)
    yield from _reexaminations(lots)
    for lot, step in centre_steps(lots):
        yield _todo(lot, step)
    # Without an order of the database: SQLite would walk all lots in that order to find these few.
    waiting = lots.filter(stage__in=CENTRE_STEPS).only(*_TOLD).order_by()
    ordered = sorted(waiting, key=lambda each: (each.stage_since_at, each.pk), reverse=True)
    choosing = choosing_of(each for each in ordered if each.stage == "opened")
    for lot in ordered:
        if lot.stage == "opened" and lot.suspended_at is not None:
            yield _todo(lot, "enter-committee", waiting=OPENING_OPEN)
            continue
        if choosing.get(lot.pk) in CHOOSING_STEPS:
            yield _todo(lot, CHOOSING_STEPS[choosing[lot.pk]])
            continue
        yield _todo(lot, CENTRE_STEPS[lot.stage], lot.deadline_at if lot.stage == "closed" else None)


_REEXAMINED = KeptQuery(
    lambda: (
        Reexamination.objects.filter(
            Exists(CommitteeMember.objects.filter(lot=OuterRef("lot"), replaced_at=None, person="")),
            concluded_at=None,
            lot__stage="publicity-ended",
        )
        .order_by("ordered_at", "id")
        .values_list("lot_id")
    )
)


def _reexaminations(lots: QuerySet[Lot]) -> Iterator[ToDo]:
    """The candidates that the original committee is asked about."""
    wanted = [lot for (lot,) in _REEXAMINED.rows()]
    known = lots.in_bulk(wanted) if wanted else {}
    for lot in wanted:
        if lot in known:
            yield _todo(known[lot], "conclude-reexamination")


def _checks(lots: QuerySet[Lot]) -> Iterator[ToDo]:
    """The notices that await the check of form, the one that appears first in front."""
    waiting = [each for each in notices.awaiting_check() if each.room == "trading"]
    about = lots.filter(code__in=[each.about for each in waiting])
    of_lots = {each.code: each for each in about.only(*_TOLD).order_by()}
    for notice in waiting:
        if notice.about in of_lots:
            yield _todo(of_lots[notice.about], "check-notice", notice.publish_at, notice.code)


def _expert_todos(actor: Actor, at: datetime, lots: QuerySet[Lot]) -> Iterator[ToDo]:
    """What a member has to do about each evaluation: vote, score, sign; else to read the bids or to wait."""
    for lot, ticket in open_calls(actor):
        yield _todo(lot, "answer-call", matter=ticket)
    yield from _own_reexaminations(actor, lots)
    for reviewed in own_reviews(actor, lots):
        yield _todo(reviewed, "review")
    for lot, seat in own_seats(actor, lots.filter(stage="evaluating")):
        report = getattr(lot, "report", None)
        if report is not None and not report.signatures.filter(member=seat).exists():
            yield _todo(lot, "sign-report", lot.evaluation_until_at)
        elif report is not None:
            continue
        elif open_votes(lot, seat) or lot.review_ended_at is None:
            yield _todo(lot, "sit", lot.evaluation_until_at)
        elif lot.method and seat.handed_in_at is None:
            yield _todo(lot, "score", lot.evaluation_until_at)


def _own_reexaminations(actor: Actor, lots: QuerySet[Lot]) -> Iterator[ToDo]:
    """The candidates that the members are asked about: to propose a conclusion, or to vote on one."""
    asked = lots.filter(
        stage="publicity-ended", reexaminations__in=Reexamination.objects.filter(concluded_at=None)
    )
    for lot, seat in own_seats(actor, asked):
        if open_votes(lot, seat) or not motions_of(lot).filter(decided_at=None).exists():
            yield _todo(lot, "re-examine")


# What a to-do of a bidder says of a lot that is open for bids, of which there are many.
_OFFERED = (*_TOLD, "documents_from_at", "documents_until_on", "postponed_at", "procedure")


def _bidder_todos(actor: Actor, at: datetime, lots: QuerySet[Lot]) -> Iterator[ToDo]:
    yield from _answers_to_supervisor(actor, lots)
    for lot, code in open_inquiries(actor, lots.filter(stage="evaluating")):
        yield _todo(lot, "answer-committee", lot.evaluation_until_at, matter=code)
    for lot, (step, due_at, why) in applicant_steps(actor, at, lots):
        yield _todo(lot, step, due_at, waiting=why)
    open_for_bids = lots.filter(stage="bidding", deadline_at__isnull=False)
    keys = list(open_for_bids.order_by().values_list("pk", flat=True))
    taken, standing = _own(keys, actor.organisation)
    # Of the many whose documents can be had no longer only one's own ask for anything.
    on_sale = Q(documents_until_on=None) | Q(documents_until_on__gte=local_day(at))
    own = one_of("pk", taken | standing)
    asking = open_for_bids.filter(Q(own) | on_sale | Q(documents_from_at__gt=at))
    running = list(asking.only(*_OFFERED))
    barred = closed_to(actor, running)
    for lot in running:
        if lot.pk in barred:
            continue
        if lot.deadline_at is None or lot.deadline_at <= at:
            if lot.postponed_at and lot.pk in taken:
                yield _todo(lot, "bid", waiting=NEW_DEADLINE_AWAITED)
        elif lot.pk in standing:
            yield _todo(lot, "replace-bid", lot.deadline_at)
        elif lot.pk in taken:
            yield _todo(lot, "bid", lot.deadline_at)
        elif lot.documents_from_at and at < lot.documents_from_at:
            begins = shown(lot.documents_from_at, begins=True)
            why = Words(f"招标文件自 {begins} 起可获取", f"The documents can be had from {begins}")
            yield _todo(lot, "take-documents", _sale_ends(lot), waiting=why)
        elif at < _sale_ends(lot):
            yield _todo(lot, "take-documents", _sale_ends(lot))


def _sale_ends(lot: Lot) -> datetime:
    """When the documents can be had no longer: the end of the announced last day, at the latest the deadline."""
    assert lot.deadline_at is not None  # asked of lots that are open for bids
    return min(end_of(lot.documents_until_on), lot.deadline_at) if lot.documents_until_on else lot.deadline_at


def _own(wanted: Sequence[int], organisation: str) -> tuple[set[int], set[int]]:
    """Of which lots (keys) the organisation took the documents, and in which its last envelope stands."""
    takings = Taking.objects.filter(one_of("lot", wanted), organisation=organisation, phase=TENDER_PHASE)
    envelopes = Envelope.objects.filter(one_of("lot", wanted), bidder=organisation).order_by("number")
    last = dict(envelopes.values_list("lot_id", "withdrawal"))
    return set(takings.values_list("lot_id", flat=True)), {
        lot for lot, withdrawal in last.items() if withdrawal is None
    }
