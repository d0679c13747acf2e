"""The part of /api/v1 for the lot's side: register, announce, clarify, open, award, contract, terminate.

Every route is the verb that the hall uses; what it may, the verb asks. A notice is drafted by one person and confirmed by
another one of the tenderee (D01): two keys.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_terms as terms
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import IDEMPOTENT, Code, NotFound, actor_of, done_once, lot_of
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import answer, finding_as_json, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding
from yiwang.record.journal.api import business_now

router = Router(tags=["tenders of my organisation"])
ONCE: dict[str, Any] = {"openapi_extra": IDEMPOTENT}
DRAFTS: dict[str, Callable[[Actor, str, datetime], notices.Notice]] = {
    "result-notice": trading.draft_result_notice,
    "failed-tender": trading.draft_failure_notice,
    "contract-notice": trading.draft_contract_notice,
}


def _drafted(
    request: HttpRequest, code: str, asked: Schema, draft: Callable[[Actor, datetime], notices.Notice]
) -> HttpResponse:
    """A notice of one of my lots, drafted once."""
    actor, at = actor_of(request), business_now()
    lot_of(actor, code)
    made = done_once(request, _said(asked), lambda: terms.notice_json(draft(actor, at), code))
    return answer(made, 201, private=True)


def stepped(
    request: HttpRequest,
    code: str,
    asked: Schema | None,
    take: Callable[[Actor, datetime], tuple[Finding, ...]],
) -> HttpResponse:
    """A step of one of my lots, taken once: where the lot is now, and what the law notes of it."""
    actor, at = actor_of(request), business_now()
    lot_of(actor, code)

    def run() -> dict[str, Any]:
        warnings = take(actor, at)
        return {
            "lot": code,
            "stage": trading.find_lot(code).stage,
            "at": iso(at),
            "warnings": [finding_as_json(each) for each in warnings],
        }

    return answer(done_once(request, {"lot": code, **_said(asked)}, run), private=True)


def _said(asked: Schema | None) -> dict[str, Any]:
    return asked.model_dump(mode="json") if asked is not None else {}


@router.post("/projects", response={201: terms.Registered}, operation_id="registerProject", **ONCE)
@operation(permissions.REGISTER_PROJECT)
def register_project(request: HttpRequest, new: terms.NewProjectIn) -> HttpResponse:
    """Registers a project with its lots."""
    actor, at = actor_of(request), business_now()

    def run() -> dict[str, Any]:
        project = trading.register_project(actor, new.facts(), at)
        lots = trading.project_page(project.code).lots
        return {"project": project.code, "lots": [each.code for each in lots]}

    return answer(done_once(request, _said(new), run), 201, private=True)


@router.get("/me/lots/{code}/notices", response=terms.NoticesInWork, operation_id="listMyNotices")
@operation(permissions.DRAFT_NOTICE)
def list_my_notices(request: HttpRequest, code: Code) -> HttpResponse:
    """All notices of one of my lots with their status, oldest first."""
    lot = lot_of(actor_of(request), code)
    found = notices.notices(about=lot.ref)
    return answer({"notices": [terms.notice_json(each, code) for each in found]}, private=True)


@router.post("/lots/{code}/tender-notice", response={201: terms.NoticeInWork}, operation_id="draftTenderNotice", **ONCE)  # fmt: skip
@operation(permissions.DRAFT_NOTICE)
def draft_tender_notice(request: HttpRequest, code: Code, new: terms.TermsIn) -> HttpResponse:
    """Drafts the tender notice from its terms; the papers are tokens of storeDocument; ``method`` says how bids are ranked."""
    return _drafted(
        request,
        code,
        new,
        lambda actor, at: trading.draft_tender_notice(actor, code, new.terms(actor), at),
    )


@router.post("/lots/{code}/clarifications", response={201: terms.NoticeInWork}, operation_id="draftClarification", **ONCE)  # fmt: skip
@operation(permissions.DRAFT_NOTICE)
def draft_clarification(request: HttpRequest, code: Code, new: terms.ClarificationIn) -> HttpResponse:
    """Drafts a clarification or an amendment of the documents; where too few days are left it moves the deadline."""

    def draft(actor: Actor, at: datetime) -> notices.Notice:
        if new.others:
            return trading.draft_clarification_together(actor, [code, *new.others], new.facts(actor), at)
        return trading.draft_clarification(actor, code, new.facts(actor), at)

    return _drafted(request, code, new, draft)


@router.post("/lots/{code}/corrections", response={201: terms.NoticeInWork}, operation_id="draftCorrection", **ONCE)  # fmt: skip
@operation(permissions.DRAFT_NOTICE)
def draft_correction(request: HttpRequest, code: Code, new: terms.CorrectionIn) -> HttpResponse:
    """Drafts a correction of a published notice of the lot, for other lots of that notice too where it says so."""

    def draft(actor: Actor, at: datetime) -> notices.Notice:
        said = (new.original, new.content, new.affects_bids, at, new.opening_place)
        if new.others:
            return trading.draft_correction_together(actor, [code, *new.others], *said)
        return trading.draft_correction(actor, code, *said)

    return _drafted(request, code, new, draft)


@router.post("/lots/{code}/postponements", response={201: terms.NoticeInWork}, operation_id="draftPostponement", **ONCE)  # fmt: skip
@operation(permissions.DRAFT_NOTICE)
def draft_postponement(request: HttpRequest, code: Code, new: terms.PostponementIn) -> HttpResponse:
    """Drafts the notice that puts deadline and opening off, for other lots of the tender notice too where it says so."""

    def draft(actor: Actor, at: datetime) -> notices.Notice:
        said = (new.reason, new.new_deadline_at, new.publish_at, at)
        if new.others:
            return trading.draft_postponement_together(actor, [code, *new.others], *said)
        return trading.draft_postponement(actor, code, *said)

    return _drafted(request, code, new, draft)


@router.post(
    "/lots/{code}/publicity", response={201: terms.NoticeInWork}, operation_id="draftPublicity", **ONCE
)
@operation(permissions.DRAFT_NOTICE)
def draft_publicity(request: HttpRequest, code: Code, new: terms.PublicityIn) -> HttpResponse:
    """Drafts the publicity of the shortlisted bidders."""
    return _drafted(
        request,
        code,
        new,
        lambda actor, at: trading.draft_publicity(actor, code, new.publish_at, new.until_on, new.contact, at),
    )


@router.post(
    "/lots/{code}/notices", response={201: terms.NoticeInWork}, operation_id="draftFromRecord", **ONCE
)
@operation(permissions.DRAFT_NOTICE)
def draft_from_record(request: HttpRequest, code: Code, new: terms.FromRecordIn) -> HttpResponse:
    """Drafts the notice of the result, of a failed or terminated tender, or of the contract, from the record."""
    return _drafted(request, code, new, lambda actor, at: DRAFTS[new.form](actor, code, at))


def _own_notice(actor: Actor, code: str) -> notices.Notice:
    """A notice of a lot of mine. Raises NotFound."""
    try:
        notice = notices.notice(code)
    except notices.UnknownNotice as error:
        raise NotFound from error
    if notice.about.room != "trading":
        raise NotFound
    lot_of(actor, notice.matters[0].code)
    return notice


@router.post(
    "/notices/{code}/confirmation", response=terms.NoticeInWork, operation_id="confirmNotice", **ONCE
)
@operation(permissions.CONFIRM_NOTICE)
def confirm_notice(request: HttpRequest, code: Code, given: terms.ConfirmationIn) -> HttpResponse:
    """The tenderee confirms a notice that somebody else wrote, and sets the instant of its publication."""
    actor, at = actor_of(request), business_now()
    lot = _own_notice(actor, code).matters[0].code

    def run() -> dict[str, Any]:
        return terms.notice_json(trading.confirm_notice(actor, code, given.publish_at, at), lot)

    return answer(done_once(request, _said(given), run), private=True)


@router.post(
    "/notices/{code}/taking-back", response=terms.NoticeInWork, operation_id="takeBackNotice", **ONCE
)
@operation(permissions.DRAFT_NOTICE)
def take_back_notice(request: HttpRequest, code: Code) -> HttpResponse:
    """Gives up a notice that is not published yet."""
    actor, at = actor_of(request), business_now()
    lot = _own_notice(actor, code).matters[0].code

    def run() -> dict[str, Any]:
        trading.take_back_notice(actor, code, at)
        return terms.notice_json(notices.notice(code), lot)

    return answer(done_once(request, {"notice": code}, run), private=True)


@router.post("/lots/{code}/opening", response=terms.Stepped, operation_id="openBids", **ONCE)
@operation(permissions.OPEN_BIDS)
def open_bids(request: HttpRequest, code: Code) -> HttpResponse:
    """Opens the bids of a closed lot; the opening record stands in /lots/CODE."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        trading.open_bids(actor, code, at)
        return ()

    return stepped(request, code, None, take)


@router.post("/lots/{code}/award", response=terms.Stepped, operation_id="decideAward", **ONCE)
@operation(permissions.AWARD)
def decide_award(request: HttpRequest, code: Code, given: terms.AwardIn) -> HttpResponse:
    """Decides the award and sends the letter."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        trading.award(actor, code, given.bidder, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/lots/{code}/contract", response=terms.Stepped, operation_id="signContract", **ONCE)
@operation(permissions.CONTRACT)
def sign_contract(request: HttpRequest, code: Code, given: terms.ContractIn) -> HttpResponse:
    """Records the written contract."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        return trading.sign_contract(
            actor, code, given.number, given.amount_fen, given.bond_fen, given.signed_on, at
        )[1]

    return stepped(request, code, given, take)


@router.post("/lots/{code}/written-report", response=terms.Stepped, operation_id="handInWrittenReport", **ONCE)  # fmt: skip
@operation(permissions.AWARD)
def hand_in_written_report(request: HttpRequest, code: Code, given: terms.RemarksIn) -> HttpResponse:
    """Hands the written report on the award in to the supervisor."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        return trading.hand_in_written_report(actor, code, given.remarks, at)[1]

    return stepped(request, code, given, take)


@router.post("/lots/{code}/termination", response=terms.Stepped, operation_id="terminate", **ONCE)
@operation(permissions.TERMINATE)
def terminate(request: HttpRequest, code: Code, given: terms.ReasonIn) -> HttpResponse:
    """Ends a tender before its award."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        trading.terminate(actor, code, given.reason, at)
        return ()

    return stepped(request, code, given, take)


@router.post("/lots/{code}/retender", response={201: terms.Retendered}, operation_id="retender", **ONCE)
@operation(permissions.RETENDER)
def retender(request: HttpRequest, code: Code) -> HttpResponse:
    """A new lot in place of one that failed."""
    actor, at = actor_of(request), business_now()
    lot_of(actor, code)

    def run() -> dict[str, Any]:
        lot = trading.retender(actor, code, at)
        return {"lot": lot.code, "attempt": lot.attempt, "of": code}

    return answer(done_once(request, {"lot": code}, run), 201, private=True)
