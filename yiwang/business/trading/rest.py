"""The part of /api/v1 that needs a key: what my organisation does and knows in its lots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import File, Form, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_shapes as shapes
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import answer, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.files import api as files
from yiwang.record.journal.api import business_now, once

router = Router(tags=["my organisation"])

MOST = 200
IDEMPOTENCY_HEADER = "Idempotency-Key"
KEY_LENGTH = 64
_SALT = "yiwang.trading.rest.papers"
PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
_KEPT_SECONDS = 7 * 24 * 3600
IDEMPOTENT: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": IDEMPOTENCY_HEADER,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[!-~]+$"},
            "description": "Repeat a request with its key: the first result is given again, nothing is done twice.",
        }
    ]
}

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


class Sheet(Schema):
    """The opening sheet (开标一览表) and tokens of papers that were stored before."""

    price_fen: Annotated[int, Field(ge=0, lt=2**53)]
    period_days: Annotated[int, Field(ge=1, le=36_500)]
    deposit_fen: Annotated[int, Field(ge=0, lt=2**53)]
    quality: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
    manager: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]
    manager_certificate: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
    kept: Annotated[
        list[Annotated[str, StringConstraints(max_length=1000)]],
        Field(max_length=50, description="Tokens that storeDocument gave to your organisation."),
    ] = []

    def facts(self) -> trading.SheetFacts:
        return trading.SheetFacts(**self.model_dump(exclude={"kept"}))


class NotFound(Refused):
    """Nothing that this organisation may see is there."""

    def __init__(self) -> None:
        super().__init__([Finding("api-not-found")])


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # set by site when it looked at the key
    return actor


def _lot(actor: Actor, code: str) -> Any:
    lot = trading.lots_for(actor).filter(code=code).first()
    if lot is None:
        raise NotFound
    return lot


def _once(
    request: HttpRequest, asked: Mapping[str, object], run: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The result of ``run``; under an Idempotency-Key the first one ever after, for this actor and address."""
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is None:
        return run()
    if not (0 < len(key) <= KEY_LENGTH and all("!" <= char <= "~" for char in key)):
        raise Refused([Finding("api-key-form", "", {}, IDEMPOTENCY_HEADER)])
    return once(f"api:{key}", _actor(request), {"path": request.path, "asked": dict(asked)}, run)


def _stored(upload: UploadedFile, field: str) -> files.Document:
    try:
        return files.store(
            upload.file,
            name=upload.name or "",
            max_bytes=settings.MAX_DOCUMENT_BYTES,
            types=files.BID_TYPES,
        )
    except Refused as refused:
        raise Refused(
            Finding(each.rule, each.source, each.params, field) for each in refused.findings
        ) from refused


def _papers(actor: Actor, uploads: list[UploadedFile], tokens: list[str]) -> list[tuple[str, str]]:
    """(sha256, name) of every paper, each content once. Refused with every file and token that is not good."""
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for place, token in enumerate(tokens, 1):
        try:
            owner, sha256, name = signing.loads(token, salt=_SALT, max_age=_KEPT_SECONDS)
        except (signing.BadSignature, ValueError):
            owner, sha256, name = "", "", ""
        if owner != actor.organisation or not files.exists(sha256):
            findings.append(Finding("api-token", "", {"place": place}, "kept"))
        else:
            found[sha256] = name
    for upload in uploads:
        try:
            document = _stored(upload, "papers")
            found[document.sha256] = document.name
        except Refused as refused:
            findings += refused.findings
    if findings:
        raise Refused(findings)
    return list(found.items())


@router.get("/me", response=shapes.Me, operation_id="readMe")
@operation(permissions.READ_LOT)
def read_me(request: HttpRequest) -> HttpResponse:
    """As whom the key acts."""
    actor = _actor(request)
    shown = {"person": actor.person, "organisation": actor.organisation, "role": actor.role}
    return answer(shown, private=True)


@router.get("/me/todos", response=shapes.ToDoList, operation_id="listToDos")
@operation(permissions.READ_LOT)
def list_todos(request: HttpRequest) -> HttpResponse:
    """What I may or must do, the most urgent first; where the law sets the day, with its explanation."""
    found = trading.todos(_actor(request), business_now())
    return answer({"todos": [shapes.todo_json(each) for each in found]}, private=True)


@router.get("/me/lots", response=shapes.MyLotList, operation_id="listMyLots")
@operation(permissions.READ_LOT)
def list_my_lots(request: HttpRequest) -> HttpResponse:
    """My organisation's lots, newest first, at most 200; for bidders those in which they took part."""
    found = trading.my_lots(_actor(request)).order_by("-pk")[:MOST]
    return answer({"lots": [shapes.my_lot_json(each) for each in found]}, private=True)


@router.get("/me/messages", response=shapes.MessageList, operation_id="listMessages")
@operation(permissions.READ_LOT)
def list_messages(request: HttpRequest) -> HttpResponse:
    """What my organisation was told, newest first, at most 200. Reading them here marks nothing as read."""
    found = trading.messages_for(_actor(request))[:MOST]
    return answer({"messages": [shapes.message_json(each) for each in found]}, private=True)


@router.get("/me/receipts", response=shapes.ReceiptList, operation_id="listReceipts")
@operation(permissions.BID)
def list_receipts(request: HttpRequest) -> HttpResponse:
    """The receipts of my standing bids, newest lots first."""
    actor = _actor(request)
    lots = trading.my_lots(actor).order_by("-pk")[:MOST]
    standing = [each for each in (trading.own_envelope(lot, actor.organisation) for lot in lots) if each]
    return answer({"receipts": [trading.receipt_of(each).as_json() for each in standing]}, private=True)


@router.post(
    "/documents", response={201: shapes.Kept}, operation_id="storeDocument", openapi_extra=IDEMPOTENT
)
@operation(permissions.BID)
def store_document(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Stores a paper ahead of a bid; the token lets your organisation hand it in within seven days."""
    actor = _actor(request)
    document = _stored(file, "file")

    def run() -> dict[str, Any]:
        token = signing.dumps([actor.organisation, document.sha256, document.name], salt=_SALT)
        return {
            "sha256": document.sha256,
            "name": document.name,
            "size": document.size,
            "media_type": document.media_type,
            "token": token,
        }

    return answer(_once(request, {"sha256": document.sha256}, run), 201, private=True)


@router.post(
    "/lots/{code}/taking",
    response=shapes.TakenDocuments,
    operation_id="takeDocuments",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.TAKE_DOCUMENTS)
def take_documents(request: HttpRequest, code: Code) -> HttpResponse:
    """Puts on record that my organisation takes the tender documents, and lists them. Again changes nothing."""
    actor, at = _actor(request), business_now()

    def run() -> dict[str, Any]:
        taking = trading.take_documents(actor, code, at)
        return shapes.taking_json(taking.code, taking.taken_at, trading.documents_of(_lot(actor, code)))

    return answer(_once(request, {"lot": code}, run), private=True)


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
    actor = _actor(request)
    lot = _lot(actor, code)
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
) -> HttpResponse:
    """Hands in a bid; the receipt names the record in the journal. The last byte's arrival is the time of receipt."""
    return _submit(request, code, sheet, papers, replace=False)


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
) -> HttpResponse:
    """Hands in another bid in place of the standing one, before the deadline."""
    return _submit(request, code, sheet, papers, replace=True)


def _submit(
    request: HttpRequest, code: str, sheet: Sheet, uploads: list[UploadedFile], *, replace: bool
) -> HttpResponse:
    # The form was read to its last byte before this view ran: received_at decides (招标投标法 28).
    received_at = business_now()
    actor = _actor(request)
    papers = _papers(actor, uploads, sheet.kept)
    facts = sheet.facts()
    asked = {"sheet": facts.as_json(), "papers": [list(each) for each in papers], "replace": replace}

    def run() -> dict[str, Any]:
        return trading.submit_bid(actor, code, facts, papers, received_at, replace=replace).as_json()

    return answer(_once(request, asked, run), 201, private=True)


@router.post(
    "/lots/{code}/bid/withdrawal",
    response=shapes.Withdrawn,
    operation_id="withdrawBid",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.BID)
def withdraw_bid(request: HttpRequest, code: Code) -> HttpResponse:
    """Withdraws the standing bid before the deadline."""
    received_at, actor = business_now(), _actor(request)

    def run() -> dict[str, Any]:
        trading.withdraw_bid(actor, code, received_at)
        return shapes.withdrawn_json(code, received_at)

    return answer(_once(request, {"lot": code}, run), private=True)
