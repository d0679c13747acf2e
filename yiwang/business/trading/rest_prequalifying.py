"""The part of /api/v1 for prequalification: its notice, applications, the tenderee's review, the result."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_terms as terms
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import (
    EMPTY_OR_WRITTEN,
    IDEMPOTENT,
    Code,
    Credentials,
    NotFound,
    Tokens,
    actor_of,
    done_once,
    lot_of,
    papers_of,
    with_credentials,
)
from yiwang.common.shell.api import answer, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import business_now

router = Router(tags=["prequalification"])
ONCE: dict[str, Any] = {"openapi_extra": IDEMPOTENT}


class PrequalificationIn(Schema):
    """Timetable and terms of a prequalification; ``most`` only where a limited number passes."""

    publish_at: terms.Instant
    documents_from_at: terms.Instant
    documents_until_on: terms.Day
    deadline_at: terms.Instant
    qualification: terms.Text
    consortium_allowed: bool = False
    method: Literal["qualified", "limited"] = "qualified"
    most: Annotated[int, Field(ge=0, le=50)] = 0
    criteria: terms.Text
    kept: Tokens = []

    def facts(self, actor: Actor) -> trading.PrequalificationTerms:
        """What the verb takes. Raises Refused with every token that is not good."""
        papers = papers_of(actor, [], self.kept)
        return trading.PrequalificationTerms(**self.model_dump(exclude={"kept"}), papers=papers)


class MemberIn(Schema):
    """Another member of the consortium that my organisation leads."""

    code: terms.Organisation
    name: terms.Name


class ApplicationIn(Schema):
    """Papers of an application (tokens of storeDocument); ``replace``: in place of the standing one.

    ``credentials``: verified records of my organisation that go along, as they are now.
    """

    kept: Tokens = []
    credentials: Credentials = []
    members: Annotated[list[MemberIn], Field(max_length=20)] = []
    replace: bool = False


class DecisionIn(Schema):
    """What is found about an application; ``reason`` where it does not pass, ``points`` where the number is limited."""

    passes: bool
    reason: Annotated[str, StringConstraints(max_length=500, pattern=EMPTY_OR_WRITTEN)] = ""
    points: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)] | None = None


class MemberOut(Schema):
    code: str
    name: str


class ApplicationOut(Schema):
    """An application; ``passed`` and ``reasons`` once they are decided, for its applicant once it was told."""

    code: str
    applicant: str
    name: str
    members: list[MemberOut]
    received_at: str
    leaf_hash: str
    papers: list[str]
    passed: bool | None
    points: str
    reasons: str
    told: bool


class ApplicationList(Schema):
    applications: list[ApplicationOut]


class Applied(Schema):
    """An application that was handed in: its code, the instant of receipt, the record in the journal."""

    application: str
    lot: str
    number: int
    received_at: str
    leaf_hash: str


class ApplicationEnded(Schema):
    lot: str
    withdrawn_at: str


class Decided(Schema):
    application: str
    passes: bool
    decided_at: str


class ResultSent(Schema):
    """``stage``: prequalified, or failed where too few passed."""

    lot: str
    stage: str
    notified_at: str


def _line(each: trading.ApplicationLine) -> dict[str, Any]:
    plain = ("code", "applicant", "name", "leaf_hash", "passed", "points", "reasons", "told")
    return {
        **{name: getattr(each, name) for name in plain},
        "members": [{"code": code, "name": name} for code, name in each.members],
        "received_at": iso(each.received_at),
        "papers": [paper.sha256 for paper in each.papers],
    }


@router.post("/lots/{code}/prequalification-notice", response={201: terms.NoticeInWork}, operation_id="draftPrequalification", **ONCE)  # fmt: skip
@operation(permissions.DRAFT_NOTICE)
def draft_prequalification(request: HttpRequest, code: Code, new: PrequalificationIn) -> HttpResponse:
    """Drafts the prequalification notice of a registered lot; who passes is invited by its tender notice later."""
    actor, at = actor_of(request), business_now()
    lot_of(actor, code)

    def run() -> dict[str, Any]:
        notice = trading.draft_prequalification(actor, code, new.facts(actor), at)
        publish_at = notice.publish_at
        return {
            "code": notice.code,
            "form": notice.form,
            "lot": code,
            "status": notice.status,
            "publish_at": iso(publish_at) if publish_at else None,
        }

    return answer(done_once(request, new.model_dump(mode="json"), run), 201, private=True)


@router.get("/me/lots/{code}/applications", response=ApplicationList, operation_id="listApplications")
@operation(permissions.READ_LOT)
def list_applications(request: HttpRequest, code: Code) -> HttpResponse:
    """Applications that I may read: a bidder its own, the lot's side all of them after the deadline."""
    actor = actor_of(request)
    found = trading.applications_of(actor, lot_of(actor, code))
    return answer({"applications": [_line(each) for each in found]}, private=True)


@router.post("/lots/{code}/application", response={201: Applied}, operation_id="submitApplication", **ONCE)
@operation(permissions.APPLY)
def submit_application(request: HttpRequest, code: Code, given: ApplicationIn) -> HttpResponse:
    """Hands in an application to prequalify. The instant at which the last byte arrived is the time of receipt."""
    received_at, actor = business_now(), actor_of(request)
    papers, _ = with_credentials(actor, papers_of(actor, [], given.kept), given.credentials, received_at)
    members = [(each.code, each.name) for each in given.members]

    def run() -> dict[str, Any]:
        made = trading.submit_application(
            actor, code, papers, received_at, members=members, replace=given.replace
        )
        return {
            "application": made.code,
            "lot": code,
            "number": made.number,
            "received_at": iso(made.received_at),
            "leaf_hash": made.leaf_hash,
        }

    asked = {"papers": [list(each) for each in papers], "members": members, "replace": given.replace}
    return answer(done_once(request, asked, run), 201, private=True)


@router.post("/lots/{code}/application/withdrawal", response=ApplicationEnded, operation_id="withdrawApplication", **ONCE)  # fmt: skip
@operation(permissions.APPLY)
def withdraw_application(request: HttpRequest, code: Code) -> HttpResponse:
    """Withdraws the standing application before the deadline."""
    received_at, actor = business_now(), actor_of(request)

    def run() -> dict[str, Any]:
        trading.withdraw_application(actor, code, received_at)
        return {"lot": code, "withdrawn_at": iso(received_at)}

    return answer(done_once(request, {"lot": code}, run), private=True)


@router.post("/applications/{code}/decision", response=Decided, operation_id="decideApplication", **ONCE)
@operation(permissions.REVIEW)
def decide_application(request: HttpRequest, code: Code, given: DecisionIn) -> HttpResponse:
    """Records whether an applicant passes, where the tenderee reviews; where state funds control a committee does."""
    actor, at = actor_of(request), business_now()
    try:
        trading.application_of(actor, code)
    except trading.UnknownProject as error:
        raise NotFound from error

    def run() -> dict[str, Any]:
        trading.decide_application(actor, code, given.passes, given.reason, given.points, at)
        return {"application": code, "passes": given.passes, "decided_at": iso(at)}

    return answer(done_once(request, given.model_dump(mode="json"), run), private=True)


@router.post("/lots/{code}/applications/result", response=ResultSent, operation_id="notifyApplicants", **ONCE)
@operation(permissions.NOTIFY_APPLICANTS)
def notify_results(request: HttpRequest, code: Code) -> HttpResponse:
    """Tells every applicant the result with the reasons; where fewer than three passed the lot fails."""
    actor, at = actor_of(request), business_now()
    lot_of(actor, code)

    def run() -> dict[str, Any]:
        lot = trading.notify_results(actor, code, at)
        return {"lot": code, "stage": lot.stage, "notified_at": iso(at)}

    return answer(done_once(request, {"lot": code}, run), private=True)
