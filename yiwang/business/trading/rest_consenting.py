"""The part of /api/v1 in which members of a consortium say by their own key that they take part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from yiwang.business.trading import api as trading
from yiwang.business.trading import rest_terms as terms
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import IDEMPOTENT, Code, actor_of, done_once, lot_of
from yiwang.common.shell.api import answer, operation
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import business_now

router = Router(tags=["my organisation"])
ONCE: dict[str, Any] = {"openapi_extra": IDEMPOTENT}


class ConsentIn(Schema):
    """The organisation that leads the consortium."""

    leader: terms.Organisation


class ConsentOut(Schema):
    """That ``member`` takes part in the consortium that ``leader`` leads."""

    lot: str
    member: str
    member_name: str
    leader: str
    leader_name: str
    given_at: str


class Consents(Schema):
    """What my organisation said, and what others said of a consortium that it leads."""

    given: ConsentOut | None
    received: list[ConsentOut]


class TakenBack(Schema):
    lot: str
    taken_back_at: str


def _line(each: trading.ConsentLine) -> dict[str, Any]:
    plain = ("lot", "member", "member_name", "leader", "leader_name")
    return {**{name: getattr(each, name) for name in plain}, "given_at": iso(each.given_at)}


@router.get("/me/lots/{code}/consents", response=Consents, operation_id="readConsents")
@operation(permissions.BID)
def read_consents(request: HttpRequest, code: Code) -> HttpResponse:
    """What my organisation said, and what members said to it as their leader; nobody else reads it before the opening."""
    actor = actor_of(request)
    found = trading.consents_of(actor, lot_of(actor, code))
    given = next((each for each in found if each.member == actor.organisation), None)
    received = [_line(each) for each in found if each.leader == actor.organisation]
    return answer({"given": _line(given) if given else None, "received": received}, private=True)


@router.post("/lots/{code}/consent", response={201: ConsentOut}, operation_id="consent", **ONCE)
@operation(permissions.BID)
def consent(request: HttpRequest, code: Code, given: ConsentIn) -> HttpResponse:
    """Says that my organisation bids in a consortium; offered, not demanded: the agreement is what the law asks for."""
    actor, at = actor_of(request), business_now()
    lot = lot_of(actor, code)

    def run() -> dict[str, Any]:
        trading.consent(actor, code, given.leader, at)
        return _line(
            next(each for each in trading.consents_of(actor, lot) if each.member == actor.organisation)
        )

    return answer(done_once(request, {"lot": code, "leader": given.leader}, run), 201, private=True)


@router.post("/lots/{code}/consent/withdrawal", response=TakenBack, operation_id="takeConsentBack", **ONCE)
@operation(permissions.BID)
def take_consent_back(request: HttpRequest, code: Code) -> HttpResponse:
    """Takes back what my organisation said, before the deadline."""
    actor, at = actor_of(request), business_now()

    def run() -> dict[str, Any]:
        trading.take_consent_back(actor, code, at)
        return {"lot": code, "taken_back_at": iso(at)}

    return answer(done_once(request, {"lot": code}, run), private=True)
