"""Experts are drawn: planned by the tenderee, held by the centre after the opening, called one after the other.

The centre decides nothing here: the plan says how many of whom, the keys of the tickets say who comes in which order.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import DirectNaming, ExpertDraw, ExpertTicket, Lot
from yiwang.business.trading.rules.expert_draw import (
    ACCEPTED,
    CALLED,
    DECLINED,
    REPLACED,
    UNREACHED,
    Ticket,
    answer_findings,
    commitment_of,
    excluded_for,
    first_calls,
    holding_findings,
    next_in,
    orders_of,
    plan_findings,
    special_findings,
)
from yiwang.business.trading.rules.panel_facts import Wanted
from yiwang.business.trading.rules.sitting import replacement_findings
from yiwang.business.trading.services.panel import (
    candidates_of,
    draws_of,
    panel_facts,
    panel_step,
    running_draw,
    stood_down_among,
    wanted_of,
)
from yiwang.business.trading.services.sitting import seated
from yiwang.business.trading.services.steps import locked_lot, require, require_party, stop_findings, tell
from yiwang.common.identity.api import ExpertLine, experts
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import JSON, act, record, timeline

SECRET_LENGTH = 52  # of 5 bits each: 260 bits
PLANNABLE = ("bidding", "closed", "opened", "evaluating")


def _stage_findings(lot: Lot, *stages: str) -> list[Finding]:
    found = [] if lot.stage in stages else [Finding("wrong-stage-now")]
    return [*found, *stop_findings(lot)]


def plan_expert_draw(
    by: Actor, code: str, wanted: Sequence[Wanted], representatives: Sequence[str], at: datetime
) -> tuple[Finding, ...]:
    """The tenderee says how many experts of which specialty are to be drawn, and who represents it. Gives the warnings.

    The house throws the secret and the tickets. A plan that was not drawn yet is replaced by a new one. Raises Refused.
    """
    require(by, permissions.CHOOSE_EXPERTS)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        asked = [
            Wanted(kind=each.kind, specialty=each.specialty.strip(), count=each.count) for each in wanted
        ]
        earlier = draws_of(lot).filter(held_at__isnull=False).order_by("number").first()
        refuse_if(_stage_findings(lot, *(PLANNABLE if earlier else PLANNABLE[:3])))
        named = list(earlier.representatives if earlier else dict.fromkeys(representatives))
        pool = experts()
        tickets = _tickets(pool, asked, lot)
        facts = panel_step(lot, by, at, panel_facts(lot, asked, tickets, named, pool))
        warnings = refuse_if(plan_findings(facts))
        lot.expert_draws.filter(held_at=None).delete()
        draw = _planned(lot, asked, named, at)
        for person, ticket in tickets:
            ExpertTicket.objects.create(
                draw=draw, code=ticket.code, person=person.person, kind=ticket.kind,
                specialties=list(ticket.specialties),
            )  # fmt: skip
        _record_plan(draw, by, [each for _, each in tickets], at)
        return warnings


def _tickets(
    pool: Sequence[ExpertLine], wanted: Sequence[Wanted], lot: Lot
) -> list[tuple[ExpertLine, Ticket]]:
    """A fresh ticket for everybody in the pool who fits something that is wanted and had none in an earlier draw.

    For a newly formed committee everybody has one but those who were stood down by order.
    """
    earlier = draws_of(lot).filter(held_at__isnull=False)
    had = set(ExpertTicket.objects.filter(draw__in=earlier).values_list("person", flat=True))
    had |= {each.person for each in stood_down_among(lot, pool)}
    made = [
        (each, Ticket(code=random_code("Q"), kind=each.kind, specialties=each.specialties))
        for each in pool
        if each.person not in had
    ]
    fitting = [(each, ticket) for each, ticket in made if any(ticket.fits(want) for want in wanted)]
    return sorted(fitting, key=lambda pair: pair[1].code)


def _planned(lot: Lot, wanted: Sequence[Wanted], representatives: list[str], at: datetime) -> ExpertDraw:
    number = lot.expert_draws.count() + 1
    secret = random_code("D", SECRET_LENGTH)
    return ExpertDraw.objects.create(
        lot=lot,
        number=number,
        panel=lot.panel,
        wanted=[each.as_json() for each in wanted],
        representatives=representatives,
        secret=secret,
        commitment=commitment_of(lot.code, number, secret),
        planned_at=at,
    )


def _stored(name: str, said: Mapping[str, object]) -> str:
    text = dumps(said)
    stored = files.store(io.BytesIO(text), name=name, max_bytes=len(text), types=("application/json",))
    return stored.sha256


def _record_plan(draw: ExpertDraw, by: Actor, tickets: Sequence[Ticket], at: datetime) -> None:
    """The plan with its tickets, and whose they are: the second document is told to nobody, its salt keeps it so."""
    code = draw.lot.code
    plan = _stored(
        f"{code}-experts-{draw.number}.json",
        {
            "v": 1, "lot": code, "draw": draw.number, "commitment": draw.commitment, "wanted": draw.wanted,
            "tickets": [[each.code, each.kind, list(each.specialties)] for each in tickets],
        },
    )  # fmt: skip
    record(
        kinds.EXPERT_DRAW_PLANNED,
        about=draw.ref,
        within=draw.lot.ref,
        by=by,
        at=at,
        facts={"lot": code, "draw": draw.number, "wanted": draw.wanted, "commitment": draw.commitment},
        documents=[plan],
    )
    people = {each.code: each.person for each in draw.tickets.all()}
    whose = _stored(
        f"{code}-experts-{draw.number}-people.json", {"v": 1, "salt": random_code("S", 26), "people": people}
    )
    record(
        kinds.EXPERT_TICKETS, about=draw.ref, within=draw.lot.ref, by=by, at=at,
        facts={"lot": code, "draw": draw.number}, documents=[whose],
    )  # fmt: skip


def hold_expert_draw(by: Actor, code: str, at: datetime) -> ExpertDraw:
    """Draws: the secret is told, who may not come is left out with the reason, the first of each order are called.

    The same secret and opening give the same order whoever presses the button. Raises Refused.
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        refuse_if(_stage_findings(lot, "opened", "evaluating"))
        draw = running_draw(lot)
        wanted = wanted_of(draw) if draw else ()
        rows = list(draw.tickets.all()) if draw else []
        step = panel_step(lot, by, at, panel_facts(lot, wanted))
        left_out = {
            person: excluded_for(each, step, local_day(at))
            for person, each in candidates_of(row.person for row in rows).items()
        }
        tickets = [
            Ticket(
                code=row.code,
                kind=row.kind,
                specialties=tuple(row.specialties),
                excluded=left_out[row.person],
            )
            for row in rows
        ]
        refuse_if(holding_findings(panel_step(lot, by, at, panel_facts(lot, wanted, tickets))))
        assert draw is not None  # else refused
        _draw(lot, draw, wanted, tickets, by, at)
        return draw


def _draw(
    lot: Lot, draw: ExpertDraw, wanted: Sequence[Wanted], tickets: Sequence[Ticket], by: Actor, at: datetime
) -> None:
    opened = [each for each in timeline(lot.ref, public_only=False) if each.kind == kinds.BIDS_OPENED.name]
    draw.opening = opened[-1].documents[0]
    orders = orders_of(lot.code, draw.number, draw.secret, draw.opening, wanted, tickets)
    draw.orders, draw.held_at = [list(each) for each in orders], at
    draw.save(update_fields=["opening", "orders", "held_at"])
    excluded = {each.code: each.excluded for each in tickets if each.excluded}
    for ticket, why in excluded.items():
        draw.tickets.filter(code=ticket).update(excluded=why)
    said: dict[str, object] = {
        "v": 1, "lot": lot.code, "draw": draw.number, "secret": draw.secret, "opening": draw.opening,
        "excluded": excluded, "orders": draw.orders,
    }  # fmt: skip
    record(
        kinds.EXPERT_DRAW_HELD,
        about=draw.ref,
        within=lot.ref,
        by=by,
        at=at,
        facts={"lot": lot.code, "draw": draw.number, "excluded": len(excluded), "tickets": len(tickets)},
        documents=[_stored(f"{lot.code}-experts-{draw.number}-drawn.json", said)],
    )
    for place, ticket in first_calls(orders, wanted):
        _call(draw, place, ticket, by, at)


def _call(draw: ExpertDraw, place: int, ticket: str, by: Actor, at: datetime) -> None:
    turn = draw.tickets.filter(turn__isnull=False).count() + 1
    draw.tickets.filter(code=ticket).update(place=place, turn=turn, status=CALLED, called_at=at)
    record(
        kinds.EXPERT_CALLED,
        about=draw.ref,
        within=draw.lot.ref,
        by=by,
        at=at,
        facts={"lot": draw.lot.code, "draw": draw.number, "ticket": ticket, "place": place},
    )


def _call_next(draw: ExpertDraw, place: int, by: Actor, at: datetime) -> bool:
    """The next in the order of that place; whether anybody was left in it."""
    called = set(draw.tickets.filter(turn__isnull=False).values_list("code", flat=True))
    ticket = next_in(draw.orders[place], called)
    if ticket is not None:
        _call(draw, place, ticket, by, at)
    return ticket is not None


def _answered(
    ticket: ExpertTicket, by: Actor, at: datetime, status: str, why: str = "", note: str = ""
) -> None:
    """What became of a call, on record; who does not come is followed by the next in the order."""
    draw = ticket.draw
    ticket.status, ticket.why, ticket.note, ticket.answered_at = status, why, note.strip(), at
    ticket.save(update_fields=["status", "why", "note", "answered_at"])
    said: dict[str, JSON] = {
        "lot": draw.lot.code,
        "draw": draw.number,
        "ticket": ticket.code,
        "answer": status,
    }
    record(
        kinds.EXPERT_ANSWERED,
        about=draw.ref,
        within=draw.lot.ref,
        by=by,
        at=at,
        facts=said | ({"why": why} if why else {}),
        private={"note": note.strip()} if note.strip() else {},
    )
    if status != ACCEPTED and ticket.place is not None and not _call_next(draw, ticket.place, by, at):
        sides = [each for each in (draw.lot.project.tenderee, draw.lot.project.agency) if each]
        tell(draw.lot, sides, "experts-used-up", at)


def _locked_ticket(code: str) -> ExpertTicket:
    """A called ticket, with its lot held. Raises Refused."""
    known = ExpertTicket.objects.select_related("draw__lot").filter(code=code).exclude(status="").first()
    if known is None:
        raise Refused([Finding("no-such-call")])
    lot = locked_lot(known.draw.lot.code)
    refuse_if(_stage_findings(lot, "opened", "evaluating"))
    if known.draw.panel != lot.panel:  # for a committee that was stood down
        raise Refused([Finding("no-such-call")])
    return ExpertTicket.objects.select_related("draw__lot__project").get(pk=known.pk)


def answer_call(by: Actor, ticket: str, accepts: bool, why: str, note: str, at: datetime) -> None:
    """A drawn expert accepts, or declines and says why; then the next in the order is called. Raises Refused."""
    require(by, permissions.SIT)
    with act():
        row = _locked_ticket(ticket)
        if row.person != by.person:
            raise Refused([Finding("no-such-call")])
        refuse_if(answer_findings(row.status, accepts, why, note))
        _answered(row, by, at, ACCEPTED if accepts else DECLINED, "" if accepts else why, note)


def note_unreached(by: Actor, ticket: str, note: str, at: datetime) -> None:
    """The centre could not reach a drawn expert: ``note`` says how it tried; the next is called. Raises Refused."""
    require(by, permissions.EVALUATE)
    with act():
        row = _locked_ticket(ticket)
        refuse_if(answer_findings(row.status, False, "other", note))
        _answered(row, by, at, UNREACHED, "", note)


def call_substitute(by: Actor, code: str, number: int, why: str, at: datetime) -> None:
    """A drawn member cannot go on (招标条例 48): the next in the order of their place is called. Raises Refused.

    The member is replaced (``replace_member``) once the substitute has accepted.
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        leaving = next((each for each in seated(lot) if each.number == number and each.person), None)
        ticket = (
            ExpertTicket.objects.select_related("draw__lot")
            .filter(draw__in=draws_of(lot), person=leaving.person, status=ACCEPTED)
            .first()
            if leaving
            else None
        )
        found = _stage_findings(lot, "evaluating")
        found += [] if ticket else [Finding("member-not-drawn", field="number")]
        step = panel_step(lot, by, at, panel_facts(lot), reason=why)
        refuse_if([*found, *replacement_findings(step)])
        assert ticket is not None  # else refused
        _answered(ticket, by, at, REPLACED, why)


def name_experts_directly(by: Actor, code: str, cause: str, reason: str, at: datetime) -> None:
    """The tenderee says why a lot is a special tender whose experts it names (招标投标法 37, 招标条例 47). Raises Refused."""
    require(by, permissions.CHOOSE_EXPERTS)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        refuse_if(_stage_findings(lot, *PLANNABLE[:3]))
        refuse_if(special_findings(panel_step(lot, by, at, panel_facts(lot), ground=cause, reason=reason)))
        DirectNaming.objects.create(lot=lot, cause=cause, reason=reason.strip(), said_at=at)
        record(
            kinds.EXPERTS_NAMED,
            about=lot.ref,
            by=by,
            at=at,
            facts={"cause": cause, "reason": reason.strip(), "said_at": iso(at)},
        )
