"""The part of /api/v1 for the choice of experts: the pool by numbers, the plan of a draw, a special tender.

Who is drawn is told to no program: names stay with the centre until the result is fixed (招标投标法 37).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.business.trading.rest_edge import PRINTABLE, Code, actor_of, lot_of
from yiwang.business.trading.rest_hosting import ONCE, stepped
from yiwang.business.trading.rest_terms import Stepped, Text
from yiwang.common.shell.api import answer, operation
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding

router = Router(tags=["tenders of my organisation"])
Kind = Literal["technical", "economic"]
Specialty = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]
Person = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,16}$")]


class WantedIn(Schema):
    """So many experts of a kind and of a specialty by its name in the pool."""

    kind: Kind
    specialty: Specialty
    count: Annotated[int, Field(ge=1, le=30)]


class PlanIn(Schema):
    """A plan: the experts to be drawn, and the persons who represent the tenderee (those listed in the choice)."""

    wanted: Annotated[list[WantedIn], Field(min_length=1, max_length=8)]
    representatives: Annotated[list[Person], Field(max_length=10)] = []


class SpecialIn(Schema):
    """Why the experts of a lot are named directly (招标条例 47)."""

    cause: Literal["complex", "professional", "state-demand"]
    reason: Text


class PoolOut(Schema):
    kind: str
    specialty: str
    count: int


class RepresentativeOut(Schema):
    person: str
    name: str


class DrawOut(Schema):
    """A draw, in its ``state``: planned; calling (answers are awaited); complete; used-up (seats are empty, a further draw is
    planned); stood-down: it was for a committee that was stood down by order, and its numbers count for the present one no more.
    """

    number: int
    state: trading.DrawState
    planned_at: datetime
    held_at: datetime | None
    commitment: str
    wanted: list[PoolOut]
    accepted: list[int]


class ChoiceOut(Schema):
    """How the experts of a lot are chosen so far: every draw, the oldest first; ``accepted`` counts by what is ``wanted``.

    ``complete`` and ``missing`` are those of the committee that the lot has or is to have.
    """

    special: bool
    complete: bool
    missing: int
    draws: list[DrawOut]
    pool: list[PoolOut]
    representatives: list[RepresentativeOut]


@router.get("/me/lots/{code}/experts", response=ChoiceOut, operation_id="getChoiceOfExperts")
@operation(permissions.CHOOSE_EXPERTS)
def get_choice(request: HttpRequest, code: Code) -> HttpResponse:
    """How the experts of one of my lots are chosen, and what the pool has: numbers, never who."""
    actor = actor_of(request)
    lot = lot_of(actor, code)
    page = trading.panel_page(actor, lot)
    shown = ChoiceOut(
        special=page.cause is not None,
        complete=page.complete,
        missing=page.missing,
        draws=[
            DrawOut(
                number=each.number,
                state=each.state,
                planned_at=each.planned_at,
                held_at=each.held_at,
                commitment=each.commitment,
                wanted=[PoolOut(kind=o.kind_id, specialty=o.specialty, count=o.count) for o in each.orders],
                accepted=[order.accepted for order in each.orders],
            )
            for each in page.draws
        ],
        pool=[
            PoolOut(kind=each.kind, specialty=each.specialty, count=each.count)
            for each in trading.pool_lines()
        ],
        representatives=[
            RepresentativeOut(person=person, name=name) for person, name in trading.representatives_listed()
        ],
    )
    return answer(shown.model_dump(mode="json"), private=True)


@router.post("/lots/{code}/expert-draw", response=Stepped, operation_id="planExpertDraw", **ONCE)
@operation(permissions.CHOOSE_EXPERTS)
def plan_draw(request: HttpRequest, code: Code, given: PlanIn) -> HttpResponse:
    """Plans the draw of the experts; the digest of its secret is public at once, the draw follows the opening."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        wanted = [trading.Wanted(**each.model_dump()) for each in given.wanted]
        return trading.plan_expert_draw(actor, code, wanted, given.representatives, at)

    return stepped(request, code, given, take)


@router.post("/lots/{code}/special-tender", response=Stepped, operation_id="nameExpertsDirectly", **ONCE)
@operation(permissions.CHOOSE_EXPERTS)
def special_tender(request: HttpRequest, code: Code, given: SpecialIn) -> HttpResponse:
    """Says that a lot is a special tender whose experts are named; the reason is public."""

    def take(actor: Actor, at: datetime) -> tuple[Finding, ...]:
        trading.name_experts_directly(actor, code, given.cause, given.reason, at)
        return ()

    return stepped(request, code, given, take)
