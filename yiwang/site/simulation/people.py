"""Settles the city: the house is established, parties register and are admitted, each through its verb."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import (
    AGENCY,
    BIDDER,
    CENTRE,
    OPERATOR,
    SUPERVISOR,
    SYSTEM_ACTOR,
    TENDEREE,
    Actor,
)
from yiwang.site.simulation.city import Invented, credit_code, parties, person_name
from yiwang.site.simulation.evaluations import register_judges
from yiwang.site.simulation.script import World
from yiwang.site.simulation.ties import settle_ties

CENTRE_NAME = "天水市公共资源交易中心（演练）"
CENTRE_NAME_EN = "Tianshui Trading Centre (rehearsal)"
REGION = "620500"
HOUSE = (
    (CENTRE_NAME, (CENTRE, OPERATOR), (CENTRE, CENTRE, CENTRE, OPERATOR)),
    ("天水市住房和城乡建设局（演练）", (SUPERVISOR,), (SUPERVISOR, SUPERVISOR)),
)
SECOND_BODY = "天水市发展和改革委员会（演练）"
EXPERTS = 40


@dataclass(frozen=True, slots=True)
class Staff:
    """The centre's people who serve a run: one checks notices, another opens and records."""

    checker: Actor
    opener: Actor


def _person(rng: random.Random, username: str, at: datetime) -> str:
    """A person without a password: nobody logs in as them, but in a rehearsal one may enter as them."""
    return identity.create_person(username, None, person_name(rng), at=at, by=SYSTEM_ACTOR)


def _establish(rng: random.Random, name: str, roles: tuple[str, ...], at: datetime) -> str:
    return identity.establish(
        SYSTEM_ACTOR,
        code=credit_code(rng, REGION, True),
        name=name,
        region=REGION,
        address="天水市秦州区民主路（演练地址）",
        contact_name=person_name(rng),
        contact_phone="0938-8000000",
        roles=roles,
        at=at,
    )


def second_body(at: datetime) -> Actor:
    """Another supervisory body with one person: complaints are made to one of them, and the other learns nothing."""
    rng = random.Random(SECOND_BODY)  # noqa: S311 - invented names
    code = _establish(rng, SECOND_BODY, (SUPERVISOR,), at)
    person = _person(rng, f"{SUPERVISOR}-ndrc1", at)
    identity.appoint(SYSTEM_ACTOR, person, SUPERVISOR, organisation=code, at=at)
    return Actor(person, code, SUPERVISOR)


def establish_house(rng: random.Random, at: datetime) -> dict[str, list[Actor]]:
    """The centre and the supervisor with their people; actors by role."""
    found: dict[str, list[Actor]] = {CENTRE: [], SUPERVISOR: [], OPERATOR: []}
    for name, roles, seats in HOUSE:
        code = _establish(rng, name, roles, at)
        for role in seats:
            person = _person(rng, f"{role}{len(found[role]) + 1}", at)
            identity.appoint(SYSTEM_ACTOR, person, role, organisation=code, at=at)
            found[role].append(Actor(person, code, role))
    return found


def register(each: Invented, people: int, rng: random.Random, at: datetime) -> list[str]:
    """An organisation registers with its first person and submits; gives the codes of its people-to-be."""
    persons = [_person(rng, f"u{each.code.lower()}{number}", at) for number in range(people)]
    identity.register_organisation(
        SYSTEM_ACTOR,
        code=each.code,
        name=each.name,
        region=each.region,
        address=f"{each.name}（演练地址）",
        contact_name=person_name(rng),
        contact_phone=f"0938-{rng.randrange(2_000_000, 8_999_999)}",
        roles=[each.role],
        at=at,
        person=persons[0],
    )
    identity.submit_registration(SYSTEM_ACTOR, each.code, at=at)
    return persons


def seat(each: Invented, persons: list[str], at: datetime) -> tuple[Actor, ...]:
    """The other people of an admitted organisation get their seats; all as actors."""
    for person in persons[1:]:
        identity.grant_membership(SYSTEM_ACTOR, person=person, organisation=each.code, role=each.role, at=at)
    return tuple(Actor(person, each.code, each.role) for person in persons)


def admit(
    staff: Staff, code: str, name: str, region: str, role: str, people: int, at: datetime
) -> tuple[Actor, ...]:
    """Registers and admits one party with so many people."""
    each = Invented(code, name[:120], region, role)
    persons = register(each, people, random.Random(code), at)  # noqa: S311 - invented names
    identity.admit_organisation(staff.checker, code, at=at)
    return seat(each, persons, at)


def settle(world: World, *, small: bool = False) -> World:
    """Fills the world with its people; one registration is returned first, one still waits at the end.

    A ``small`` city has a few of each kind.
    """
    rng, at = world.rng, world.now
    house = establish_house(rng, at)
    world.centre, world.supervisors = house[CENTRE], [*house[SUPERVISOR], second_body(at)]
    at += timedelta(hours=1)
    for number, each in enumerate(_few(parties(rng)) if small else parties(rng)):
        persons = register(each, 2 if each.role in (TENDEREE, AGENCY) else 1, rng, at)
        if number == 3:
            reasons = ["营业执照影像不清晰，请重新上传后提交。"]
            identity.return_registration(world.centre[0], each.code, reasons, at=at)
            identity.submit_registration(SYSTEM_ACTOR, each.code, at=at + timedelta(hours=2))
        identity.admit_organisation(world.centre[0], each.code, at=at + timedelta(hours=3))
        _place(world, each, seat(each, persons, at + timedelta(hours=4)))
    waiting = Invented(credit_code(rng, "620525", False), "关山绿源建设有限公司", "620525", BIDDER)
    register(waiting, 1, rng, at)
    names: dict[str, None] = {}
    while len(names) < EXPERTS:
        names[person_name(rng)] = None
    world.experts = list(names)
    world.judges = register_judges(world.experts, at)
    world.now = at + timedelta(hours=5)
    settle_ties(world)
    return world


def _few(every: list[Invented]) -> list[Invented]:
    """Two tenderees, an agency and nine bidders: enough for every plan."""
    of_role = {role: [each for each in every if each.role == role] for role in (TENDEREE, AGENCY, BIDDER)}
    return [*of_role[TENDEREE][:2], *of_role[AGENCY][:1], *of_role[BIDDER][:9]]


def _place(world: World, each: Invented, actors: tuple[Actor, ...]) -> None:
    world.names[each.code] = each.name
    if each.role == TENDEREE:
        world.tenderees.append((actors[0], actors[1]))
    elif each.role == AGENCY:
        world.agencies.append(actors[0])
    else:
        world.bidders.append(actors[0])
