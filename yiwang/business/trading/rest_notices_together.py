"""The part of /api/v1 in which one notice is drafted for several lots of a project: for all of them, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_terms as terms
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import IDEMPOTENT, actor_of, done_once, lot_of
from yiwang.business.trading.rest_together import LotCode, LotsIn
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import answer, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.record.journal.api import business_now

router = Router(tags=["tenders of my organisation"])


class LotTermsIn(terms.TermsIn):
    """The terms of one of the lots; all appear at the same ``publish_at``."""

    lot: LotCode


class TermsTogetherIn(Schema):
    """Lots of one project that are announced in one notice."""

    lots: Annotated[list[LotTermsIn], Field(min_length=1, max_length=20)]


class PublicityTogetherIn(terms.PublicityIn):
    """The same days and the same address of objections for all of the lots."""

    lots: Annotated[list[LotCode], Field(min_length=1, max_length=20)]


def _drafted(
    request: HttpRequest,
    asked: Schema,
    lots: Sequence[str],
    draft: Callable[[Actor, datetime], notices.Notice],
) -> HttpResponse:
    """A notice of several of my lots, drafted once."""
    actor, at = actor_of(request), business_now()
    for code in lots:
        lot_of(actor, code)
    made = done_once(
        request, asked.model_dump(mode="json"), lambda: terms.notice_json(draft(actor, at), sorted(lots)[0])
    )
    return answer(made, 201, private=True)


@router.post(
    "/tender-notices",
    response={201: terms.NoticeInWork},
    operation_id="draftTenderNoticeTogether",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.DRAFT_NOTICE)
def draft_tender_notice(request: HttpRequest, new: TermsTogetherIn) -> HttpResponse:
    """Drafts one tender notice for several lots of a project. A refusal names its lot: `field` is `LOT.field`."""

    def draft(actor: Actor, at: datetime) -> notices.Notice:
        given = [trading.LotTerms(each.lot, each.terms(actor)) for each in new.lots]
        return trading.draft_tender_notice_together(actor, given, at)

    return _drafted(request, new, [each.lot for each in new.lots], draft)


@router.post(
    "/publicities",
    response={201: terms.NoticeInWork},
    operation_id="draftPublicityTogether",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.DRAFT_NOTICE)
def draft_publicity(request: HttpRequest, new: PublicityTogetherIn) -> HttpResponse:
    """Drafts one publicity of the shortlisted bidders of several lots whose reports are in."""
    return _drafted(
        request,
        new,
        new.lots,
        lambda actor, at: trading.draft_publicity_together(
            actor, new.lots, new.publish_at, new.until_on, new.contact, at
        ),
    )


@router.post(
    "/result-notices",
    response={201: terms.NoticeInWork},
    operation_id="draftResultNoticeTogether",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.DRAFT_NOTICE)
def draft_result_notice(request: HttpRequest, new: LotsIn) -> HttpResponse:
    """Drafts one result notice for several awarded lots, filled from the record."""
    return _from_record(request, new, trading.draft_result_notice_together)


@router.post(
    "/failure-notices",
    response={201: terms.NoticeInWork},
    operation_id="draftFailureNoticeTogether",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.DRAFT_NOTICE)
def draft_failure_notice(request: HttpRequest, new: LotsIn) -> HttpResponse:
    """Drafts one notice that the tenders of several lots failed or were terminated, filled from the record."""
    return _from_record(request, new, trading.draft_failure_notice_together)


@router.post(
    "/contract-notices",
    response={201: terms.NoticeInWork},
    operation_id="draftContractNoticeTogether",
    openapi_extra=IDEMPOTENT,
)
@operation(permissions.DRAFT_NOTICE)
def draft_contract_notice(request: HttpRequest, new: LotsIn) -> HttpResponse:
    """Drafts one notice of the contracts of several lots, filled from the record."""
    return _from_record(request, new, trading.draft_contract_notice_together)


def _from_record(
    request: HttpRequest, new: LotsIn, verb: Callable[[Actor, Sequence[str], datetime], notices.Notice]
) -> HttpResponse:
    return _drafted(request, new, new.lots, lambda actor, at: verb(actor, new.lots, at))
