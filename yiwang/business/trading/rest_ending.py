"""The part of /api/v1 for award by rank and its exceptions, refunds, what the committee asks, and who is in charge.

Every route is the verb that the hall uses; what it may, the verb asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_terms as terms
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import (
    EMPTY_OR_PRINTABLE,
    Code,
    NotFound,
    Tokens,
    actor_of,
    done_once,
    lot_of,
    papers_of,
)
from yiwang.business.trading.rest_hosting import ONCE, stepped
from yiwang.common.funds import api as funds
from yiwang.common.shell.api import answer, finding_as_json, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.papers.api import zipped
from yiwang.record.journal.api import business_now

router = Router(tags=["award, refunds and who is in charge"])
Ground = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]


class PassingIn(Schema):
    """A shortlisted bidder that is not awarded, on a ground of the law (W22); ``kept``: proofs (tokens of storeDocument)."""

    bidder: terms.Organisation
    ground: Ground
    reason: terms.Text
    kept: Tokens = []


class DoubtIn(Schema):
    """Why the original committee is to examine a candidate again (招标条例 56)."""

    bidder: terms.Organisation
    reason: terms.Text
    kept: Tokens = []


class ForgoingIn(Schema):
    """Why a lot that failed twice is not tendered again; ``approved`` needs the approval among ``kept``."""

    basis: Literal["approved", "own-decision"]
    reason: terms.Text
    kept: Tokens = []


class ChargeIn(Schema):
    """The person of my organisation who is in charge of the lot; "" for nobody."""

    person: Annotated[str, StringConstraints(max_length=16, pattern=r"^[A-Z0-9-]*$")] = ""


class LongerIn(Schema):
    """Until when the committee has time."""

    until_at: terms.Instant


class InCharge(Schema):
    lot: str
    person: str


class DoneIn(Schema):
    """The day on which a deposit went back."""

    done_on: terms.Day


class PayerIn(Schema):
    """Holder and number of the account that the deposit of a bid came from; empty where nothing is noted."""

    bidder: terms.Organisation
    payer: Annotated[str, StringConstraints(max_length=120, pattern=EMPTY_OR_PRINTABLE)]
    account: Annotated[str, StringConstraints(max_length=60, pattern=EMPTY_OR_PRINTABLE)] = ""


class PayersIn(Schema):
    payers: Annotated[list[PayerIn], Field(max_length=200)]


class RefundOut(Schema):
    """A deposit to be paid back; ``interest_fen`` as it would be today where it is open."""

    code: str
    lot: str
    creditor: str
    debtor: str
    cause: str
    principal_fen: int
    interest_fen: int
    arose_on: str
    due_at: str | None
    done_on: str | None
    late: bool


class RefundList(Schema):
    refunds: list[RefundOut]


class RefundNoted(RefundOut):
    warnings: list[dict[str, Any]]


class CommitteeInquiryOut(Schema):
    """What the committee asked my organisation in writing, and our answer (招标条例 52).

    ``ended``: the committee that asked was stood down by order, nothing has to be answered any more.
    """

    code: str
    lot: str
    about: dict[str, str]
    text: str
    asked_at: str
    answer: str
    accepted: bool | None
    answered_at: str | None
    ended: bool


class CommitteeInquiries(Schema):
    inquiries: list[CommitteeInquiryOut]


class InquiryAnswerIn(Schema):
    """The answer; ``accepted``: whether the corrected price is accepted, where arithmetic was asked about."""

    text: terms.Text
    accepted: bool | None = None


class InquiryAnswered(Schema):
    code: str
    answered_at: str


class SessionOpened(Schema):
    project: str
    lots: list[str]
    opened_at: str


class MessagesRead(Schema):
    """How many messages were new."""

    read: int
    at: str


@router.post("/lots/{code}/passings", response=terms.Stepped, operation_id="passOver", **ONCE)
@operation(permissions.AWARD)
def pass_over(request: HttpRequest, code: Code, given: PassingIn) -> HttpResponse:
    """The first candidate left is not awarded, before its letter or after it (招标条例 55); the next one may be."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        papers = papers_of(actor, [], given.kept)
        trading.pass_over(actor, code, given.bidder, given.ground, given.reason, papers, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/lots/{code}/no-winner", response=terms.Stepped, operation_id="declareNoWinner", **ONCE)
@operation(permissions.AWARD)
def declare_no_winner(request: HttpRequest, code: Code, given: terms.ReasonIn) -> HttpResponse:
    """After a candidate was passed over nobody else is awarded: the tender is held again (招标条例 55)."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        trading.declare_no_winner(actor, code, given.reason, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/lots/{code}/reexaminations", response=terms.Stepped, operation_id="orderReexamination", **ONCE)
@operation(permissions.AWARD)
def order_reexamination(request: HttpRequest, code: Code, given: DoubtIn) -> HttpResponse:
    """The original committee is asked about a candidate before the award letter (招标条例 56)."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        papers = papers_of(actor, [], given.kept)
        trading.order_reexamination(actor, code, given.bidder, given.reason, papers, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/lots/{code}/annulment", response=terms.Stepped, operation_id="annulDocuments", **ONCE)
@operation(permissions.TERMINATE)
def annul_documents(request: HttpRequest, code: Code, given: terms.ReasonIn) -> HttpResponse:
    """The documents break the law and that affects bids: amended, the tender is held again (招标条例 23)."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        trading.annul_documents(actor, code, given.reason, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/lots/{code}/forgoing", response=terms.Stepped, operation_id="forgoTender", **ONCE)
@operation(permissions.TERMINATE)
def forgo_tender(request: HttpRequest, code: Code, given: ForgoingIn) -> HttpResponse:
    """A lot whose tender failed a second time is not tendered any more (30号令 38)."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        papers = papers_of(actor, [], given.kept)
        trading.forgo_tender(actor, code, given.basis, given.reason, papers, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/projects/{code}/opening", response=SessionOpened, operation_id="openSession", **ONCE)
@operation(permissions.OPEN_BIDS)
def open_session(request: HttpRequest, code: Code) -> HttpResponse:
    """Opens all closed lots of a project that closed together, or none of them; each has its own record."""
    actor, at = actor_of(request), business_now()
    if not trading.projects_for(actor).filter(code=code).exists():
        raise NotFound

    def run() -> dict[str, Any]:
        return {"project": code, "lots": trading.open_session(actor, code, at), "opened_at": iso(at)}

    return answer(done_once(request, {"project": code}, run), private=True)


@router.post(
    "/projects/{code}/archive",
    response=bytes,
    operation_id="exportArchive",
    openapi_extra={
        "responses": {
            200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
@operation(permissions.EXPORT_ARCHIVE)
def export_archive(request: HttpRequest, code: Code) -> HttpResponseBase:
    """The archive of a project (一标一档) as a zip, made while it is sent. That it was taken away is on record."""
    actor = actor_of(request)
    try:
        whole = trading.export_archive(actor, code, business_now())
    except trading.UnknownProject as error:
        raise NotFound from error
    response = StreamingHttpResponse(zipped(whole), content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(whole.name)}.zip"
    response["Cache-Control"] = "private, no-store"
    return response


@router.post("/me/messages/reading", response=MessagesRead, operation_id="markMessagesRead", **ONCE)
@operation(permissions.READ_MESSAGES)
def mark_messages_read(request: HttpRequest) -> HttpResponse:
    """All that my organisation was told until now counts as read."""
    actor, at = actor_of(request), business_now()

    def run() -> dict[str, Any]:
        return {"read": trading.mark_messages_read(actor, at), "at": iso(at)}

    return answer(done_once(request, {}, run), private=True)


@router.post("/lots/{code}/charge", response=InCharge, operation_id="giveLot", **ONCE)
@operation(permissions.DIVIDE_WORK)
def give_lot(request: HttpRequest, code: Code, given: ChargeIn) -> HttpResponse:
    """Puts a person of my organisation in charge of a lot, or nobody."""
    actor, at = actor_of(request), business_now()
    lot_of(actor, code)

    def run() -> dict[str, Any]:
        trading.give_lots(actor, [code], given.person, at)
        return {"lot": code, "person": given.person}

    return answer(done_once(request, {"lot": code, "person": given.person}, run), private=True)


@router.post("/lots/{code}/evaluation-time", response=terms.Stepped, operation_id="extendTime", **ONCE)
@operation(permissions.ANSWER)
def extend_time(request: HttpRequest, code: Code, given: LongerIn) -> HttpResponse:
    """Extends the time of the evaluation where more than a third of the members asked for it (招标条例 48)."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        trading.extend_time(actor, code, given.until_at, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/lots/{code}/deposit-payers", response=terms.Stepped, operation_id="noteDepositPayers", **ONCE)
@operation(permissions.NOTE_PAYERS)
def note_deposit_payers(request: HttpRequest, code: Code, given: PayersIn) -> HttpResponse:
    """Who paid the deposits, after the opening and before the award: compared for the committee, never public (招标条例 40)."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        payers = [trading.PayerFacts(each.bidder, each.payer, each.account) for each in given.payers]
        trading.note_deposit_payers(actor, code, payers, at)
        return ()

    return stepped(request, code, given, take)


def _refund(each: funds.Refund) -> dict[str, Any]:
    plain = ("code", "creditor", "debtor", "cause", "principal_fen", "interest_fen", "late")
    return {
        **{name: getattr(each, name) for name in plain},
        "lot": each.about.code,
        "arose_on": each.arose_on.isoformat(),
        "due_at": iso(each.due_at) if each.due_at else None,
        "done_on": each.done_on.isoformat() if each.done_on else None,
    }


@router.get("/me/lots/{code}/refunds", response=RefundList, operation_id="listRefunds")
@operation(permissions.READ_LOT)
def list_refunds(request: HttpRequest, code: Code) -> HttpResponse:
    """The deposits of a lot to be paid back as far as I may see them: a bidder its own, the lot's side all."""
    actor, at = actor_of(request), business_now()
    found = trading.refunds_for(actor, at, lot_of(actor, code))
    return answer({"refunds": [_refund(each) for each in found]}, private=True)


@router.post("/refunds/{code}/payment", response=RefundNoted, operation_id="noteRefund", **ONCE)
@operation(funds.NOTE_REFUND)
def note_refund(request: HttpRequest, code: Code, given: DoneIn) -> HttpResponse:
    """Notes that a deposit went back on a day; what the law says about a late one is a warning (招标条例 57)."""
    actor, at = actor_of(request), business_now()

    def run() -> dict[str, Any]:
        noted, warnings = trading.note_refund(actor, code, given.done_on, at)
        return {**_refund(noted), "warnings": [finding_as_json(each) for each in warnings]}

    return answer(done_once(request, {"refund": code, **given.model_dump(mode="json")}, run), private=True)


@router.get("/me/lots/{code}/inquiries", response=CommitteeInquiries, operation_id="listInquiries")
@operation(permissions.BID)
def list_inquiries(request: HttpRequest, code: Code) -> HttpResponse:
    """What the committee asked my organisation in writing about its bid, oldest first."""
    actor = actor_of(request)
    found = trading.inquiries_to(actor, lot_of(actor, code))
    lines = [
        {
            "code": each.code,
            "lot": code,
            "about": {"zh": each.about.zh, "en": each.about.en},
            "text": each.text,
            "asked_at": iso(each.asked_at),
            "answer": each.answer,
            "accepted": each.accepted,
            "answered_at": iso(each.answered_at) if each.answered_at else None,
            "ended": each.ended,
        }
        for each in found
    ]
    return answer({"inquiries": lines}, private=True)


@router.post("/inquiries/{code}/answer", response=InquiryAnswered, operation_id="answerCommittee", **ONCE)
@operation(permissions.BID)
def answer_committee(request: HttpRequest, code: Code, given: InquiryAnswerIn) -> HttpResponse:
    """Answers the committee in writing; the substance of the bid cannot change (招标投标法 39)."""
    actor, at = actor_of(request), business_now()

    def run() -> dict[str, Any]:
        trading.answer_committee(actor, code, given.text.replace("\r\n", "\n"), given.accepted, at)
        return {"code": code, "answered_at": iso(at)}

    return answer(done_once(request, {"inquiry": code, **given.model_dump(mode="json")}, run), private=True)
