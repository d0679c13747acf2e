"""Reads: who is in charge of what in an organisation, who is away, and who acted there for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from yiwang.business.trading.kinds import KIND_WORDS
from yiwang.business.trading.models import Absence, Charge, Lot
from yiwang.common.identity.api import names_of_people, person_names
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import timeline, who

MINE, UNASSIGNED = "mine", "unassigned"


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence that runs or lies ahead; ``own`` says that it is the reader's."""

    number: int
    name: str
    deputy: str
    since_on: date
    until_on: date
    own: bool


@dataclass(frozen=True, slots=True)
class ActLine:
    """Something that a person of the own organisation did in a lot; ``instead_of`` the absent colleague in charge."""

    at: datetime
    words: Words
    name: str
    instead_of: str


def stood_in_for(actor: Actor, on: date) -> set[str]:
    """The colleagues for whom the actor stands in on a day."""
    rows = Absence.objects.filter(
        organisation=actor.organisation, deputy=actor.person, since_on__lte=on, until_on__gte=on
    )
    return set(rows.values_list("person", flat=True))


def lots_in_charge(actor: Actor, lots: QuerySet[Lot], whose: str, on: date) -> QuerySet[Lot]:
    """Those of ``lots`` that are the actor's (or of somebody for whom they stand in), nobody's, or a colleague's."""
    given = Charge.objects.filter(lot=OuterRef("pk"), organisation=actor.organisation)
    if whose == UNASSIGNED:
        return lots.filter(~Exists(given))
    people = {actor.person, *stood_in_for(actor, on)} if whose == MINE else {whose}
    mine = Charge.objects.filter(organisation=actor.organisation, person__in=people)
    return lots.filter(pk__in=mine.values("lot_id"))


def with_charges(actor: Actor, lots: QuerySet[Lot]) -> QuerySet[Lot]:
    """The lots with ``own_charges``: who of the actor's organisation is in charge."""
    own = Charge.objects.filter(organisation=actor.organisation)
    return lots.prefetch_related(Prefetch("charges", queryset=own, to_attr="own_charges"))


def person_in_charge(actor: Actor, lot: Lot) -> str:
    """The code of who is in charge of a lot in the actor's organisation; "" for nobody."""
    row = Charge.objects.filter(lot=lot, organisation=actor.organisation).first()
    return row.person if row else ""


def work_mates(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of everybody who acts for the organisation in the actor's role, by name."""
    found = set(names_of_people(actor.organisation, actor.role))
    return sorted(found, key=lambda each: (each[1], each[0]))


def absences_of(actor: Actor, on: date) -> list[AbsenceLine]:
    """The absences in the organisation that run or lie ahead."""
    rows = list(Absence.objects.filter(organisation=actor.organisation, until_on__gte=on))
    names = person_names({code for row in rows for code in (row.person, row.deputy)})
    return [
        AbsenceLine(
            row.pk,
            names.get(row.person, ""),
            names.get(row.deputy, ""),
            row.since_on,
            row.until_on,
            row.person == actor.person,
        )
        for row in rows
    ]


def own_acts(actor: Actor, lot: Lot) -> list[ActLine]:
    """What people of the actor's organisation did in a lot, newest first, and for whom they stood in.

    Only for the organisation itself: the pseudonyms of others are not resolved.
    """
    entries = timeline(lot.ref, public_only=False)
    behind = {pseudonym: who(pseudonym) for pseudonym in {each.actor for each in entries}}
    mine = [each for each in entries if (a := behind[each.actor]) and a.organisation == actor.organisation]
    charge = person_in_charge(actor, lot)
    away = list(Absence.objects.filter(organisation=actor.organisation, person=charge)) if charge else []
    names = person_names({a.person for a in behind.values() if a} | {charge} - {""})
    lines = []
    for each in reversed(mine):
        person, on = behind[each.actor], local_day(each.at)
        assert person is not None
        stands = any(row.deputy == person.person and row.since_on <= on <= row.until_on for row in away)
        words = KIND_WORDS.get(each.kind, Words(each.kind, each.kind))
        lines.append(
            ActLine(each.at, words, names.get(person.person, ""), names.get(charge, "") if stands else "")
        )
    return lines
