"""The part of /api/v1 in which bidders and tenderee speak about a tender: questions, objections, answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_shapes as shapes
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import (
    EMPTY_OR_WRITTEN,
    IDEMPOTENT,
    WRITTEN,
    Code,
    NotFound,
    Tokens,
    actor_of,
    done_once,
    lot_of,
    papers_of,
)
from yiwang.common.shell.api import answer, finding_as_json, operation
from yiwang.record.journal.api import business_now

router = Router(tags=["questions and objections"])

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=WRITTEN)]
Interest = Annotated[str, StringConstraints(max_length=500, pattern=EMPTY_OR_WRITTEN)]


class NewQuestion(Schema):
    """A question about the tender documents. Nobody is told who asked, the tenderee neither."""

    text: Text
    kept: Tokens = []


class NewObjection(Schema):
    """An objection and what it is about: the documents, the opening or the result that is publicised.

    ``interest``: how documents or result concern an organisation that did not take or bid.
    """

    matter: Literal["documents", "opening", "result"]
    text: Text
    interest: Interest = ""
    kept: Tokens = []


class NewAnswer(Schema):
    """The answer to an objection; ``amends``: the documents will change; ``remedy``: what an upheld objection to
    the result leads to ("" where it is dismissed)."""

    text: Text
    amends: bool = False
    remedy: Annotated[str, StringConstraints(max_length=40)] = ""


def _said(text: str) -> str:
    return text.replace("\r\n", "\n")


@router.get("/me/lots/{code}/questions", response=shapes.QuestionList, operation_id="listQuestions")
@operation(permissions.READ_LOT)
def list_questions(request: HttpRequest, code: Code) -> HttpResponse:
    """Questions about a lot that I may read, oldest first: bidders their own, the lot's side all, never who asked."""
    actor = actor_of(request)
    found = trading.questions_of(actor, lot_of(actor, code))
    return answer({"questions": [shapes.question_json(each) for each in found]}, private=True)


@router.post(
    "/lots/{code}/questions",
    response={201: shapes.Asked},
    operation_id="askQuestion",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.ASK)
def ask_question(
    request: HttpRequest,
    code: Code,
    asked: Form[NewQuestion],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Asks about the documents of a lot that my organisation has taken."""
    at, actor, text = business_now(), actor_of(request), _said(asked.text)
    sent = papers_of(actor, papers, asked.kept)

    def run() -> dict[str, Any]:
        made = trading.ask(actor, code, text, sent, at)
        return shapes.asked_json(made.code, made.asked_at)

    what = {"text": text, "papers": [list(each) for each in sent]}
    return answer(done_once(request, what, run), 201, private=True)


@router.get("/me/lots/{code}/objections", response=shapes.ObjectionList, operation_id="listObjections")
@operation(permissions.READ_LOT)
def list_objections(request: HttpRequest, code: Code) -> HttpResponse:
    """Objections in a lot that I may read, with answers and the time for them; never who objected."""
    actor = actor_of(request)
    found = trading.objections_of(actor, lot_of(actor, code))
    return answer({"objections": [shapes.objection_json(each) for each in found]}, private=True)


@router.post(
    "/lots/{code}/objections",
    response={201: shapes.Asked},
    operation_id="raiseObjection",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.OBJECT)
def raise_objection(
    request: HttpRequest,
    code: Code,
    raised: Form[NewObjection],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Objects to the documents, the opening or the result; until the answer the tender stands still."""
    at, actor, text = business_now(), actor_of(request), _said(raised.text)
    interest = _said(raised.interest)
    sent = papers_of(actor, papers, raised.kept)

    def run() -> dict[str, Any]:
        if raised.matter == "opening":
            made = trading.object_to_opening(actor, code, text, sent, at)
        else:
            verb = trading.object_to_result if raised.matter == "result" else trading.object_to_documents
            made = verb(actor, code, text, sent, at, interest)
        return shapes.asked_json(made.code, made.raised_at)

    what = {"matter": raised.matter, "text": text, "papers": [list(each) for each in sent]}
    what |= {"interest": interest} if interest else {}
    return answer(done_once(request, what, run), 201, private=True)


@router.post(
    "/objections/{code}/answer",
    response=shapes.Answered,
    operation_id="answerObjection",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.ANSWER)
def answer_objection(
    request: HttpRequest,
    code: Code,
    given: Form[NewAnswer],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Answers an objection in a lot of my organisation; warnings say what the law notes of it (W08 where late)."""
    at, actor, text = business_now(), actor_of(request), _said(given.text)
    try:
        trading.objection_of(actor, code)
    except trading.UnknownProject as error:
        raise NotFound from error
    sent = papers_of(actor, papers, [])

    def run() -> dict[str, Any]:
        made, warnings = trading.answer_objection(actor, code, text, sent, given.amends, at, given.remedy)
        return {
            **shapes.answered_json(made.code, at),
            "warnings": [finding_as_json(each) for each in warnings],
        }

    what = {
        "text": text,
        "amends": given.amends,
        "remedy": given.remedy,
        "papers": [list(each) for each in sent],
    }
    return answer(done_once(request, what, run), private=True)
