"""What the tenderee, the centre, the supervisor and the experts see of a draw of experts, each no more than their part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import F

from yiwang.business.trading.models import ExpertDraw, ExpertTicket, Lot
from yiwang.business.trading.parties import names
from yiwang.business.trading.rules.expert_draw import (
    ACCEPTED,
    ANSWER_WORDS,
    CALLED,
    DECLINED_FOR,
    EXCLUDED_FOR,
)
from yiwang.business.trading.rules.sitting import REPLACED_FOR
from yiwang.business.trading.services.panel import REPRESENTATIVE, panel_facts, representatives_of
from yiwang.business.trading.sitting_pages import KIND_WORDS, REPLACED_WORDS
from yiwang.common.identity.api import ExpertLine, experts, person_names
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, CENTRE, EXPERT, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words

READERS = (TENDEREE, AGENCY, CENTRE, SUPERVISOR)
TELLS_NAMES = (CENTRE, SUPERVISOR)


# How far a draw has come: not held; calls wait for an answer; all seats are filled; its orders are used up before that;
# it was for a committee that was stood down, whatever it had come to.
type DrawState = Literal["planned", "calling", "complete", "used-up", "stood-down"]


@dataclass(frozen=True, slots=True)
class PoolLine:
    """How many experts of a kind and specialty the pool has: numbers, never who."""

    kind: str
    kind_words: Words
    specialty: str
    count: int


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in its order; ``name``, ``phone`` and ``note`` are filled for who may know. ``turn`` 0: not called."""

    code: str
    turn: int
    name: str
    phone: str
    employer: str
    status: str
    answer: Words
    why: Words | None
    note: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One thing wanted: of which kind and specialty, how many, who comes in which order (empty before the draw)."""

    kind_id: str
    kind: Words
    specialty: str
    count: int
    accepted: int
    tickets: tuple[TicketLine, ...]


@dataclass(frozen=True, slots=True)
class ExpertDrawShown:
    """A draw: before it is held its commitment alone. ``excluded`` are the reasons with how many each kept away.

    ``stood_down``: it was for a committee that was stood down by order; then that is its ``state``, else how far it has come.
    """

    number: int
    state: DrawState
    stood_down: bool
    planned_at: datetime
    held_at: datetime | None
    commitment: str
    secret: str
    opening: str
    orders: tuple[OrderLine, ...]
    excluded: tuple[tuple[Words, int], ...]


@dataclass(frozen=True, slots=True)
class PanelPage:
    """How the experts of a lot are chosen. ``cause`` is filled for a special tender.

    ``begun``: a draw was planned or held for the committee that the lot has or is to have. ``accepted`` are the persons who were drawn and accepted, for those who may know.
    """

    draws: tuple[ExpertDrawShown, ...]
    representatives: tuple[str, ...]
    cause: Words | None
    reason: str
    begun: bool
    planned: bool
    held: bool
    complete: bool
    missing: int
    used_up: bool
    accepted: frozenset[str]


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call to an expert: what is to be evaluated, and who takes part, so that they can say whether they have an interest."""

    code: str
    lot: str
    lot_name: str
    project: str
    tenderee: str
    agency: str
    bidders: tuple[str, ...]
    kind: Words
    called_at: datetime
    open: bool
    answer: Words


def pool_lines() -> tuple[PoolLine, ...]:
    """The specialties of the pool, by kind and name."""
    found = Counter(
        (each.kind, specialty)
        for each in experts()
        if each.kind != REPRESENTATIVE
        for specialty in each.specialties
    )
    return tuple(
        PoolLine(kind, KIND_WORDS[kind], specialty, count)
        for (kind, specialty), count in sorted(
            found.items(), key=lambda each: (each[0][0] != "technical", each[0])
        )
    )


def representatives_listed() -> tuple[tuple[str, str], ...]:
    """(person, shown) of everybody registered as a tenderee's representative."""
    listed = [each for each in experts() if each.kind == REPRESENTATIVE]
    return tuple(
        (each.person, f"{each.name}（{each.employer}）" if each.employer else each.name) for each in listed
    )


def panel_page(actor: Actor, lot: Lot) -> PanelPage:
    """How the experts are chosen, as the actor may see it; names are for the centre and the supervisor."""
    facts = panel_facts(lot)
    named = getattr(lot, "direct_naming", None)
    on = lot.law_on or local_day(lot.stage_since_at)
    draws = list(lot.expert_draws.prefetch_related("tickets"))
    known: Mapping[str, ExpertLine] = {}
    if actor.role in TELLS_NAMES:
        known = {
            each.person: each for each in experts(row.person for draw in draws for row in draw.tickets.all())
        }
    people = representatives_of(lot) if actor.role in READERS else []
    told = person_names(people)
    return PanelPage(
        draws=tuple(_draw(each, lot, known, actor.role in TELLS_NAMES) for each in draws),
        representatives=tuple(told.get(each, each) for each in people),
        cause=law.rule("W-special", on=on).choice(named.cause).words if named else None,
        reason=named.reason if named else "",
        begun=facts.planned or facts.held,
        planned=facts.planned,
        held=facts.held,
        complete=facts.held and not facts.missing and not facts.planned,
        missing=facts.missing,
        used_up=facts.held and bool(facts.missing) and not facts.goes_on and not facts.planned,
        accepted=frozenset(facts.accepted) if actor.role in TELLS_NAMES else frozenset(),
    )


def _draw(draw: ExpertDraw, lot: Lot, known: Mapping[str, ExpertLine], told: bool) -> ExpertDrawShown:
    rows = {each.code: each for each in draw.tickets.all()}
    orders = draw.orders if told else [[]] * len(draw.wanted)
    held = draw.held_at is not None
    return ExpertDrawShown(
        number=draw.number,
        state=_state(draw, lot, rows.values()),
        stood_down=draw.panel != lot.panel,
        planned_at=draw.planned_at,
        held_at=draw.held_at,
        commitment=draw.commitment,
        secret=draw.secret if held and told else "",
        opening=draw.opening if told else "",
        orders=tuple(
            OrderLine(
                kind,
                KIND_WORDS[kind],
                specialty,
                count,
                sum(each.place == place and each.status == ACCEPTED for each in rows.values()),
                tuple(_ticket(rows[code], known) for code in (orders[place] if held else ())),
            )
            for place, (kind, specialty, count) in enumerate(draw.wanted)
        ),
        excluded=excluded_counts(each.excluded for each in rows.values()),
    )


def _state(draw: ExpertDraw, lot: Lot, rows: Collection[ExpertTicket]) -> DrawState:
    if draw.panel != lot.panel:
        return "stood-down"
    if draw.held_at is None:
        return "planned"
    if any(each.status == CALLED for each in rows):
        return "calling"
    accepted = Counter(each.place for each in rows if each.status == ACCEPTED)
    filled = all(accepted[place] >= count for place, (_, _, count) in enumerate(draw.wanted))
    return "complete" if filled else "used-up"


def excluded_counts(reasons: Iterable[str]) -> tuple[tuple[Words, int], ...]:
    """The reasons for which people were not drawn, with how many each kept away."""
    counted = Counter(each for each in reasons if each)
    return tuple((EXCLUDED_FOR[why], counted[why]) for why in EXCLUDED_FOR if why in counted)


def why_words(why: str) -> Words | None:
    """Why somebody did not come, or was replaced; None where nothing is said."""
    if why in REPLACED_FOR:
        return REPLACED_WORDS[why]
    return DECLINED_FOR.get(why)


def _ticket(row: ExpertTicket, known: Mapping[str, ExpertLine]) -> TicketLine:
    line = known.get(row.person)
    return TicketLine(
        code=row.code,
        turn=row.turn or 0,
        name=line.name if line else "",
        phone=line.phone if line else "",
        employer=line.employer if line else "",
        status=row.status,
        answer=ANSWER_WORDS[row.status],
        why=why_words(row.why),
        note=row.note,
        answered_at=row.answered_at,
    )


def calls_to(actor: Actor) -> tuple[CallLine, ...]:
    """The calls to an expert that wait for an answer or can still matter, the newest first."""
    if actor.role != EXPERT:
        return ()
    rows = ExpertTicket.objects.filter(
        person=actor.person, draw__panel=F("draw__lot__panel"), draw__lot__stage__in=("opened", "evaluating")
    )
    rows = rows.exclude(status="").select_related("draw__lot__project").order_by("-called_at", "-id")
    return tuple(_call(each) for each in rows)


def _call(row: ExpertTicket) -> CallLine:
    lot = row.draw.lot
    bidders = [each.bidder for each in lot.bids.all()]
    known = names([lot.project.tenderee, lot.project.agency, *bidders])
    assert row.called_at is not None  # what was not called has no status
    return CallLine(
        code=row.code,
        lot=lot.code,
        lot_name=lot.name,
        project=lot.project.name,
        tenderee=known[lot.project.tenderee],
        agency=known.get(lot.project.agency, ""),
        bidders=tuple(known[each] for each in bidders),
        kind=KIND_WORDS[row.kind],
        called_at=row.called_at,
        open=row.status == CALLED,
        answer=ANSWER_WORDS[row.status],
    )
