"""The part of /api/v1 in which one act of a bidder is about several lots: all of them, or none."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_shapes as shapes
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import (
    CREDENTIALS_KIND,
    IDEMPOTENT,
    PRINTABLE,
    Credentials,
    Tokens,
    actor_of,
    done_once,
    papers_of,
    with_credentials,
)
from yiwang.common.shell.api import answer, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import business_now

router = Router(tags=["several lots at once"])

LotCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class LotsIn(Schema):
    """Lots of one project."""

    lots: Annotated[list[LotCode], Field(min_length=1, max_length=20)]


class PartnerIn(Schema):
    """A member of a consortium: what it takes over, and its share of the work in percent."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
    name: Annotated[str, StringConstraints(min_length=2, max_length=120, pattern=PRINTABLE)]
    work: Annotated[str, StringConstraints(min_length=2, max_length=200, pattern=PRINTABLE)]
    percent: Annotated[int, Field(ge=1, le=99)]

    def facts(self) -> trading.PartnerFacts:
        return trading.PartnerFacts(**self.model_dump())


type Sent = tuple[list[UploadedFile], list[str]]  # files of this request, tokens of those stored before


def bid_papers(actor: Actor, papers: Sent, agreement: Sent) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The papers of a bid with the agreement of a consortium, and by digest what each of the latter is.

    Raises Refused with every file and token that is not good.
    """
    agreed = papers_of(actor, *agreement, field="agreement")
    found = dict([*agreed, *papers_of(actor, *papers)])
    return list(found.items()), {sha256: trading.AGREEMENT for sha256, _ in agreed}


class LotBidIn(Schema):
    """A bid in one of the lots: its opening sheet, and tokens of papers that were stored before.

    ``consortium``: its members, my organisation as the leader in front, where the lot admits consortia; ``agreement``
    are the tokens of their agreement. ``replace``: in place of the bid that stands in the lot.
    """

    lot: LotCode
    price_fen: Annotated[int, Field(ge=0, lt=2**53)]
    period_days: Annotated[int, Field(ge=1, le=36_500)]
    deposit_fen: Annotated[int, Field(ge=0, lt=2**53)]
    quality: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
    manager: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]
    manager_certificate: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
    kept: Tokens = []
    consortium: Annotated[list[PartnerIn], Field(max_length=8)] = []
    agreement: Tokens = []
    credentials: Credentials = []
    replace: bool = False

    def bid(self, actor: Actor, at: datetime) -> trading.LotBid:
        """What the verb takes. Refused where a token or a record is not good."""
        typed = self.model_dump(exclude={"lot", "kept", "consortium", "agreement", "credentials", "replace"})
        members = tuple(each.facts() for each in self.consortium)
        papers, kinds = bid_papers(actor, ([], self.kept), ([], self.agreement))
        papers, frozen = with_credentials(actor, papers, self.credentials, at)
        kinds |= dict.fromkeys(frozen, CREDENTIALS_KIND)
        sheet = trading.SheetFacts(**typed, consortium=members)
        return trading.LotBid(self.lot, sheet, papers, kinds, self.replace)


class BidsIn(Schema):
    """One bid a lot, in lots of one project."""

    bids: Annotated[list[LotBidIn], Field(min_length=1, max_length=20)]


class TakenLot(Schema):
    lot: str
    taking: str
    taken_at: Any


class TakenLots(Schema):
    taken: list[TakenLot]


@router.post("/taking", response=TakenLots, operation_id="takeDocumentsTogether", openapi_extra=IDEMPOTENT)
@operation(permissions.TAKE_DOCUMENTS)
def take_documents(request: HttpRequest, asked: LotsIn) -> HttpResponse:
    """Puts on record that my organisation takes the documents of these lots: all, or none with every reason."""
    actor, at = actor_of(request), business_now()

    def run() -> dict[str, Any]:
        taken = trading.take_documents_together(actor, asked.lots, at)
        rows = [{"lot": each.lot.code, "taking": each.code, "taken_at": iso(each.taken_at)} for each in taken]
        return {"taken": rows}

    return answer(done_once(request, asked.model_dump(mode="json"), run), private=True)


@router.post("/bids", response={201: shapes.ReceiptList}, operation_id="submitBids", openapi_extra=IDEMPOTENT)
@operation(permissions.BID)
def submit_bids(request: HttpRequest, asked: BidsIn) -> HttpResponse:
    """Hands in or replaces a bid in each of these lots, one receipt a lot: all, or none with every reason."""
    received_at, actor = business_now(), actor_of(request)
    bids = [each.bid(actor, received_at) for each in asked.bids]

    def run() -> dict[str, Any]:
        return {"receipts": [each.as_json() for each in trading.submit_bids(actor, bids, received_at)]}

    return answer(done_once(request, asked.model_dump(mode="json"), run), 201, private=True)


class WithdrawnLots(Schema):
    withdrawn: list[shapes.Withdrawn]


@router.post(
    "/bids/withdrawals", response=WithdrawnLots, operation_id="withdrawBids", openapi_extra=IDEMPOTENT
)
@operation(permissions.BID)
def withdraw_bids(request: HttpRequest, asked: LotsIn) -> HttpResponse:
    """Withdraws my standing bids in these lots before their deadlines: all, or none with every reason."""
    received_at, actor = business_now(), actor_of(request)

    def run() -> dict[str, Any]:
        trading.withdraw_bids(actor, asked.lots, received_at)
        return {"withdrawn": [shapes.withdrawn_json(each, received_at) for each in sorted(asked.lots)]}

    return answer(done_once(request, asked.model_dump(mode="json"), run), private=True)
