"""The part of /api/v1 that needs a key: what my organisation does and knows in its lots."""

from __future__ import annotations

from typing import Annotated, Any

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, field_validator

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_shapes as shapes
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_complaining import router as complaining
from yiwang.business.trading.rest_consenting import router as consenting
from yiwang.business.trading.rest_dialogue import router as dialogue
from yiwang.business.trading.rest_edge import (
    CREDENTIALS_KIND,
    IDEMPOTENT,
    PRINTABLE,
    SALT,
    Code,
    Credentials,
    Digest,
    NotFound,
    Tokens,
    actor_of,
    done_once,
    lot_of,
    stored,
    with_credentials,
)
from yiwang.business.trading.rest_ending import router as ending
from yiwang.business.trading.rest_experts import router as choosing
from yiwang.business.trading.rest_hosting import router as hosting
from yiwang.business.trading.rest_notices_together import router as notices_together
from yiwang.business.trading.rest_prequalifying import router as prequalifying
from yiwang.business.trading.rest_report import router as reporting
from yiwang.business.trading.rest_together import PartnerIn, bid_papers
from yiwang.business.trading.rest_together import router as together
from yiwang.common.shell.api import answer, operation
from yiwang.record.files import api as files
from yiwang.record.journal.api import business_now

router = Router(tags=["my organisation"])

ROUTERS = (
    router,
    dialogue,
    complaining,
    together,
    notices_together,
    hosting,
    choosing,
    prequalifying,
    ending,
    consenting,
    reporting,
)
MOST = 200


_MEMBERS = TypeAdapter(Annotated[list[PartnerIn], Field(max_length=8)])


class Sheet(Schema):
    """The opening sheet (开标一览表) and tokens of papers that were stored before.

    ``consortium``: its members as JSON, my organisation as the leader in front, where the lot admits consortia;
    ``agreement`` are the tokens of their agreement. ``credentials``: verified records that go along.
    """

    price_fen: Annotated[int, Field(ge=0, lt=2**53)]
    period_days: Annotated[int, Field(ge=1, le=36_500)]
    deposit_fen: Annotated[int, Field(ge=0, lt=2**53)]
    quality: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
    manager: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]
    manager_certificate: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
    kept: Tokens = []
    consortium: Annotated[
        str,
        Field(
            max_length=10_000,
            description="A JSON list of members, each with code, name, work and percent; empty: alone.",
        ),
    ] = ""
    agreement: Tokens = []
    credentials: Credentials = []

    @field_validator("consortium")
    @classmethod
    def members_are_json(cls, typed: str) -> str:
        """What is typed, where it is empty or a list of members. Raises ValueError with each place that is not."""
        try:
            _MEMBERS.validate_json(typed or "[]")
        except ValidationError as wrong:
            said = [f"{'.'.join(map(str, each['loc']))} {each['msg']}".strip() for each in wrong.errors()]
            raise ValueError("; ".join(said)) from None
        return typed

    def facts(self) -> trading.SheetFacts:
        members = tuple(each.facts() for each in _MEMBERS.validate_json(self.consortium or "[]"))
        typed = self.model_dump(exclude={"kept", "consortium", "agreement", "credentials"})
        return trading.SheetFacts(**typed, consortium=members)


@router.get("/me", response=shapes.Me, operation_id="readMe")
@operation(permissions.READ_LOT)
def read_me(request: HttpRequest) -> HttpResponse:
    """As whom the key acts."""
    actor = actor_of(request)
    shown = {"person": actor.person, "organisation": actor.organisation, "role": actor.role}
    return answer(shown, private=True)


@router.get("/me/todos", response=shapes.ToDoList, operation_id="listToDos")
@operation(permissions.READ_LOT)
def list_todos(request: HttpRequest) -> HttpResponse:
    """What I may or must do, the most urgent first; where the law sets the day, with its explanation."""
    found = trading.todos(actor_of(request), business_now())
    return answer({"todos": [shapes.todo_json(each) for each in found]}, private=True)


@router.get("/me/lots", response=shapes.MyLotList, operation_id="listMyLots")
@operation(permissions.READ_LOT)
def list_my_lots(request: HttpRequest) -> HttpResponse:
    """My organisation's lots, newest first, at most 200; for bidders those in which they took part."""
    found = trading.my_lots(actor_of(request)).order_by("-pk")[:MOST]
    return answer({"lots": [shapes.my_lot_json(each) for each in found]}, private=True)


@router.get("/me/messages", response=shapes.MessageList, operation_id="listMessages")
@operation(permissions.READ_LOT)
def list_messages(request: HttpRequest) -> HttpResponse:
    """What my organisation was told, newest first, at most 200. Reading them here marks nothing as read."""
    found = trading.messages_for(actor_of(request))[:MOST]
    return answer({"messages": [shapes.message_json(each) for each in found]}, private=True)


@router.get("/me/receipts", response=shapes.ReceiptList, operation_id="listReceipts")
@operation(permissions.BID)
def list_receipts(request: HttpRequest) -> HttpResponse:
    """The receipts of my standing bids, newest lots first."""
    actor = actor_of(request)
    lots = trading.my_lots(actor).order_by("-pk")[:MOST]
    standing = [each for each in (trading.own_envelope(lot, actor.organisation) for lot in lots) if each]
    return answer({"receipts": [trading.receipt_of(each).as_json() for each in standing]}, private=True)


@router.post(
    "/documents", response={201: shapes.Kept}, operation_id="storeDocument", openapi_extra=IDEMPOTENT
)
@operation(permissions.STORE_DOCUMENT)
def store_document(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Stores a paper ahead of a bid or a notice; the token lets your organisation use it within seven days."""
    actor = actor_of(request)
    document = stored(file, "file")

    def run() -> dict[str, Any]:
        token = signing.dumps([actor.organisation, document.sha256, document.name], salt=SALT)
        return {
            "sha256": document.sha256,
            "name": document.name,
            "size": document.size,
            "media_type": document.media_type,
            "token": token,
        }

    return answer(done_once(request, {"sha256": document.sha256}, run), 201, private=True)


@router.post(
    "/lots/{code}/taking",
    response=shapes.TakenDocuments,
    operation_id="takeDocuments",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.TAKE_DOCUMENTS)
def take_documents(request: HttpRequest, code: Code) -> HttpResponse:
    """Puts on record that my organisation takes the tender documents, and lists them. Again changes nothing."""
    actor, at = actor_of(request), business_now()

    def run() -> dict[str, Any]:
        taking = trading.take_documents(actor, code, at)
        return shapes.taking_json(taking.code, taking.taken_at, trading.documents_of(lot_of(actor, code)))

    return answer(done_once(request, {"lot": code}, run), private=True)


@router.get(
    "/lots/{code}/documents/{sha256}",
    response=bytes,
    operation_id="readDocument",
    openapi_extra={
        "responses": {
            200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
@operation(permissions.READ_LOT)
def read_document(request: HttpRequest, code: Code, sha256: Digest) -> HttpResponseBase:
    """One tender document, for whom it is on record as having taken them."""
    actor = actor_of(request)
    lot = lot_of(actor, code)
    name = next((each.name for each in trading.documents_of(lot) if each.sha256 == sha256), None)
    if name is None or not trading.may_read_tender_document(actor, lot, sha256):
        raise NotFound
    response = FileResponse(files.open_document(sha256), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response


@router.post(
    "/lots/{code}/bid", response={201: shapes.ReceiptOut}, operation_id="submitBid", openapi_extra=IDEMPOTENT
)
@operation(permissions.BID)
def submit_bid(
    request: HttpRequest,
    code: Code,
    sheet: Form[Sheet],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
    agreement_papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Hands in a bid; the receipt names the record in the journal. The last byte's arrival is the time of receipt."""
    return _submit(request, code, sheet, (papers, agreement_papers), replace=False)


@router.post(
    "/lots/{code}/bid/replacement",
    response={201: shapes.ReceiptOut},
    operation_id="replaceBid",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.BID)
def replace_bid(
    request: HttpRequest,
    code: Code,
    sheet: Form[Sheet],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
    agreement_papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Hands in another bid in place of the standing one, before the deadline."""
    return _submit(request, code, sheet, (papers, agreement_papers), replace=True)


def _submit(
    request: HttpRequest,
    code: str,
    sheet: Sheet,
    uploads: tuple[list[UploadedFile], list[UploadedFile]],
    *,
    replace: bool,
) -> HttpResponse:
    # The form was read to its last byte before this view ran: received_at decides (招标投标法 28).
    received_at = business_now()
    actor = actor_of(request)
    papers, kinds = bid_papers(actor, (uploads[0], sheet.kept), (uploads[1], sheet.agreement))
    papers, frozen = with_credentials(actor, papers, sheet.credentials, received_at)
    kinds |= dict.fromkeys(frozen, CREDENTIALS_KIND)
    facts = sheet.facts()
    asked = {"sheet": facts.as_json(), "papers": [list(each) for each in papers], "replace": replace}
    asked |= {"kinds": kinds} if kinds else {}

    def run() -> dict[str, Any]:
        done = trading.submit_bid(actor, code, facts, papers, received_at, replace=replace, paper_kinds=kinds)
        return done.as_json()

    return answer(done_once(request, asked, run), 201, private=True)


@router.post(
    "/lots/{code}/bid/withdrawal",
    response=shapes.Withdrawn,
    operation_id="withdrawBid",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.BID)
def withdraw_bid(request: HttpRequest, code: Code) -> HttpResponse:
    """Withdraws the standing bid before the deadline."""
    received_at, actor = business_now(), actor_of(request)

    def run() -> dict[str, Any]:
        trading.withdraw_bid(actor, code, received_at)
        return shapes.withdrawn_json(code, received_at)

    return answer(done_once(request, {"lot": code}, run), private=True)
