"""The part of /api/v1 in which parties complain to the supervisor, read what became of it, and answer what they are asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_dialogue import Interest, Text
from yiwang.business.trading.rest_edge import (
    IDEMPOTENT,
    Code,
    NotFound,
    Tokens,
    actor_of,
    done_once,
    lot_of,
    papers_of,
)
from yiwang.business.trading.rest_shapes import PaperOut, WordsOfToDo, papers_json
from yiwang.common.shell.api import answer, finding_as_json, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

router = Router(tags=["complaints"])
Party = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]


class NewComplaintIn(Schema):
    """A complaint to a supervisory body: what about, of whom (``respondent``), to whom (``authority``), facts, request.

    ``interest``: how the tender concerns an organisation that takes no part in it. Papers are the proof, at least one.
    """

    matter: Literal["documents", "opening", "result", "other"]
    respondent: Party
    authority: Party
    learnt_on: date
    text: Text
    request: Text
    interest: Interest = ""
    kept: Tokens = []


class Explanation(Schema):
    """What the respondent answers the supervisor."""

    text: Text
    kept: Tokens = []


class Statement(Schema):
    """How the tenderee carried out what a decision orders."""

    text: Text


class Made(Schema):
    code: str
    at: datetime
    warnings: list[dict[str, Any]]


class Done(Schema):
    code: str
    at: datetime


class InquiryOut(Schema):
    text: str
    until_on: date | None
    asked_at: datetime
    answer: str
    papers: list[PaperOut]
    answered_at: datetime | None


class ComplaintOut(Schema):
    code: str
    lot: str
    side: str
    stage: str
    stage_words: WordsOfToDo
    matter: WordsOfToDo
    respondent: str
    authority: str
    text: str
    request: str
    papers: list[PaperOut]
    made_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    outcome: WordsOfToDo | None
    ground: WordsOfToDo | None
    reason: str
    decision_papers: list[PaperOut]
    correction: WordsOfToDo | None
    correction_source: str
    corrected_at: datetime | None
    corrected_how: str
    corrected_moot: bool
    inquiries: list[InquiryOut]
    warnings: list[dict[str, Any]]
    clock: dict[str, Any] | None


class ComplaintList(Schema):
    complaints: list[ComplaintOut]


class OrderOut(Schema):
    """What a decision orders my organisation, not carried out yet: the complaint, the body, the choice of rule W28-correction.

    ``done_by``: the steps of the lot's procedure that carry it out (none: state how); ``moot_by``: those that leave nothing
    of it to carry out, of which its body is told. ``refused``: why the step that only an order opens is refused now.
    """

    complaint: str
    authority: str
    correction: str
    words: WordsOfToDo
    source: str
    done_by: list[str]
    moot_by: list[str]
    refused: list[dict[str, Any]]


class OrderList(Schema):
    orders: list[OrderOut]


class AuthorityOut(Schema):
    code: str
    name: str


class AuthorityList(Schema):
    authorities: list[AuthorityOut]


def _words(words: Words | None) -> dict[str, str] | None:
    return {"zh": words.zh, "en": words.en} if words else None


def complaint_json(page: trading.ComplaintPage) -> dict[str, Any]:
    """A complaint as its reader may see it."""
    return {
        "code": page.code,
        "lot": page.lot,
        "side": page.side,
        "stage": page.stage,
        "stage_words": _words(page.stage_words),
        "matter": _words(page.matter),
        "respondent": page.respondent,
        "authority": page.authority,
        "text": page.text,
        "request": page.request,
        "papers": papers_json(page.papers),
        "made_at": iso(page.made_at),
        "accepted_at": iso(page.accepted_at) if page.accepted_at else None,
        "ended_at": iso(page.ended_at) if page.ended_at else None,
        "outcome": _words(page.outcome),
        "ground": _words(page.ground),
        "reason": page.reason,
        "decision_papers": papers_json(page.decision_papers),
        "correction": _words(page.correction),
        "correction_source": page.correction_source,
        "corrected_at": iso(page.corrected_at) if page.corrected_at else None,
        "corrected_how": page.corrected_how,
        "corrected_moot": page.corrected_moot,
        "inquiries": [
            {
                "text": each.text,
                "until_on": each.until_on.isoformat() if each.until_on else None,
                "asked_at": iso(each.asked_at),
                "answer": each.answer,
                "papers": papers_json(each.papers),
                "answered_at": iso(each.answered_at) if each.answered_at else None,
            }
            for each in page.inquiries
        ],
        "warnings": [finding_as_json(each) for each in page.warnings],
        "clock": page.clock.as_json() if page.clock else None,
    }


@router.get("/me/supervisors", response=AuthorityList, operation_id="listSupervisors")
@operation(permissions.READ_COMPLAINTS)
def list_supervisors(request: HttpRequest) -> HttpResponse:
    """The supervisory bodies to which one may complain."""
    actor_of(request)
    found = [{"code": code, "name": name} for code, name in trading.authorities()]
    return answer({"authorities": found}, private=True)


@router.get("/me/lots/{code}/complaints", response=ComplaintList, operation_id="listComplaints")
@operation(permissions.READ_COMPLAINTS)
def list_complaints(request: HttpRequest, code: Code) -> HttpResponse:
    """Complaints about a lot that I may know of: my own, those that I was asked about, those made to my body."""
    actor = actor_of(request)
    found = trading.complaints_of(actor, lot_of(actor, code))
    return answer({"complaints": [complaint_json(each) for each in found]}, private=True)


@router.get("/me/lots/{code}/orders", response=OrderList, operation_id="listOrders")
@operation(permissions.CARRY_OUT_DECISION)
def list_orders(request: HttpRequest, code: Code) -> HttpResponse:
    """What decisions on complaints order my organisation about a lot and is open, oldest first.

    Read it before a lot is ended: the steps in ``moot_by`` are ``terminate`` (operation terminate), ``annul-documents``
    (annulDocuments), ``annul-by-order`` (tenderAgain), ``declare-no-winner`` (declareNoWinner) and ``annul`` (answerObjection with
    the remedy ``retender``).
    """
    at, actor = business_now(), actor_of(request)
    lot = lot_of(actor, code)
    found = [_order_json(actor, lot, each, at) for each in trading.open_orders(actor, lot)]
    return answer({"orders": found}, private=True)


def _order_json(actor: Actor, lot: Any, order: trading.OpenOrder, at: datetime) -> dict[str, Any]:
    refused = trading.ordered_step_findings(actor, lot, order.correction_id, at)
    return {
        "complaint": order.code,
        "authority": order.body,
        "correction": order.correction_id,
        "words": _words(order.correction),
        "source": order.source,
        "done_by": list(order.done_by),
        "moot_by": list(order.moot_by),
        "refused": [finding_as_json(each) for each in refused],
    }


@router.post(
    "/lots/{code}/complaints",
    response={201: Made},
    operation_id="makeComplaint",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.COMPLAIN)
def make_complaint(
    request: HttpRequest,
    code: Code,
    made: Form[NewComplaintIn],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Complains to a supervisory body; ``warnings`` say what the law notes of it (late, no objection before)."""
    at, actor = business_now(), actor_of(request)
    lot_of(actor, code)
    new = trading.NewComplaint(
        matter=made.matter,
        respondent=made.respondent,
        authority=made.authority,
        learnt_on=made.learnt_on,
        text=_said(made.text),
        request=_said(made.request),
        papers=papers_of(actor, papers, made.kept),
        interest=_said(made.interest),
    )

    def run() -> dict[str, Any]:
        complaint, warnings = trading.complain(actor, code, new, at)
        found = [finding_as_json(each) for each in warnings]
        return {"code": complaint.code, "at": iso(complaint.made_at), "warnings": found}

    what = {
        "matter": new.matter,
        "respondent": new.respondent,
        "authority": new.authority,
        "learnt_on": made.learnt_on.isoformat(),
        "text": new.text,
        "request": new.request,
        "interest": new.interest,
        "papers": [list(each) for each in new.papers],
    }
    return answer(done_once(request, what, run), 201, private=True)


def _said(text: str) -> str:
    return text.replace("\r\n", "\n")


def _known(actor: Actor, code: str) -> None:
    """Raises NotFound where the actor may not know of the complaint."""
    try:
        trading.complaint_page(actor, code)
    except trading.UnknownProject as error:
        raise NotFound from error


@router.post(
    "/complaints/{code}/withdrawal",
    response=Done,
    operation_id="withdrawComplaint",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.COMPLAIN)
def withdraw_complaint(request: HttpRequest, code: Code) -> HttpResponse:
    """Takes my complaint back, until it is decided."""
    at, actor = business_now(), actor_of(request)
    _known(actor, code)

    def run() -> dict[str, Any]:
        trading.withdraw_complaint(actor, code, at)
        return {"code": code, "at": iso(at)}

    return answer(done_once(request, {"complaint": code}, run), private=True)


@router.post(
    "/complaints/{code}/answer",
    response=Done,
    operation_id="answerComplaint",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.ANSWER_SUPERVISOR)
def answer_complaint(
    request: HttpRequest,
    code: Code,
    given: Form[Explanation],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Answers what the supervisor asked my organisation about a complaint."""
    at, actor, text = business_now(), actor_of(request), _said(given.text)
    _known(actor, code)
    sent = papers_of(actor, papers, given.kept)

    def run() -> dict[str, Any]:
        trading.answer_complaint(actor, code, text, sent, at)
        return {"code": code, "at": iso(at)}

    what = {"text": text, "papers": [list(each) for each in sent]}
    return answer(done_once(request, what, run), private=True)


@router.post(
    "/complaints/{code}/correction",
    response=Done,
    operation_id="stateCorrection",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.CARRY_OUT_DECISION)
def state_correction(request: HttpRequest, code: Code, given: Form[Statement]) -> HttpResponse:
    """States how my organisation, the tenderee, carried out what the decision on a complaint orders."""
    at, actor, text = business_now(), actor_of(request), _said(given.text)
    _known(actor, code)

    def run() -> dict[str, Any]:
        trading.state_correction(actor, code, text, at)
        return {"code": code, "at": iso(at)}

    return answer(done_once(request, {"text": text}, run), private=True)


@router.post(
    "/complaints/{code}/new-tender",
    response=Done,
    operation_id="tenderAgain",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.CARRY_OUT_DECISION)
def tender_again(request: HttpRequest, code: Code) -> HttpResponse:
    """Ends the tender as the decision orders, to be held again: publicity, result and award letter are void."""
    at, actor = business_now(), actor_of(request)
    _known(actor, code)

    def run() -> dict[str, Any]:
        trading.tender_again(actor, code, at)
        return {"code": code, "at": iso(at)}

    return answer(done_once(request, {"complaint": code, "new": "tender"}, run), private=True)


@router.post(
    "/complaints/{code}/evaluation",
    response=Done,
    operation_id="evaluateAgain",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.CARRY_OUT_DECISION)
def evaluate_again(request: HttpRequest, code: Code) -> HttpResponse:
    """Evaluates again as the decision orders: ranking, publicity and award letter are void, a new round begins.

    By the same committee, or by a newly formed one where the decision orders that: all members stand down, and others are chosen.
    """
    at, actor = business_now(), actor_of(request)
    _known(actor, code)

    def run() -> dict[str, Any]:
        trading.evaluate_again(actor, code, at)
        return {"code": code, "at": iso(at)}

    return answer(done_once(request, {"complaint": code}, run), private=True)
