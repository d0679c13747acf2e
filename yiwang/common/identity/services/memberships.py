"""Roles of people in organisations: granted, appointed, ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from yiwang.common.identity.kinds import (
    MEMBERSHIP_DELEGATED,
    MEMBERSHIP_ENDED,
    MEMBERSHIP_GRANTED,
    person_ref,
)
from yiwang.common.identity.models import Membership, Organisation, Person
from yiwang.common.identity.permissions import APPOINT, MANAGE_PEOPLE
from yiwang.common.identity.rules.people import ends_findings, last_administrator_findings
from yiwang.common.identity.rules.register import ADMITTED, HOUSE_ROLES, role_findings
from yiwang.common.identity.services.asking import (
    administrator_findings,
    administrators_of,
    held_roles,
    locked_organisation,
    locked_person,
    require,
)
from yiwang.pure.kernel.actors import SYSTEM, SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import end_of, iso, local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import JSON, Due, act, record, schedule

MEMBERSHIP_DUTY = "membership-ends"


def grant_findings(organisation: Organisation, person: Person, role: str) -> Iterator[Finding]:
    """Objections to a role for a person: the organisation must hold it, the person not, nor stand on another side."""
    held = person.memberships.filter(organisation=organisation, role=role, until_at__isnull=True)
    if organisation.status != ADMITTED or role not in organisation.roles:
        yield Finding("role-not-held", "", {"name": organisation.name}, "role")
    if held.exists():
        yield Finding("role-held-already", "", {}, "role")
    yield from role_findings(held_roles(person), role)


def grant_membership(
    by: Actor,
    *,
    person: str,
    organisation: str,
    role: str,
    at: datetime,
    administrator: bool = False,
    ends_on: date | None = None,
) -> None:
    """An administrator lets ``person`` act for the organisation in ``role``, which the organisation must hold,
    until the end of the day ``ends_on`` (None: until it is ended).

    Roles of the house (centre, supervisor, operator) are appointed instead: see :func:`appoint`.
    """
    require(by, MANAGE_PEOPLE)
    with act():
        body = locked_organisation(organisation)
        member = locked_person(person)
        findings = [*administrator_findings(by, organisation), *grant_findings(body, member, role)]
        if role in HOUSE_ROLES and by.role != SYSTEM:
            findings.append(Finding("role-appointed", "", {}, "role"))
        refuse_if([*findings, *ends_findings(ends_on, local_day(at))])
        grant(by, member, body, role, at, administrator, ends_on=ends_on)


def appoint(
    by: Actor, person: str, role: str, *, organisation: str, at: datetime, administrator: bool = False
) -> None:
    """An operator (or the system) puts a person into a role of the house. Nobody appoints themselves."""
    require(by, APPOINT)
    with act():
        body = locked_organisation(organisation)
        member = locked_person(person)
        findings = list(grant_findings(body, member, role))
        if role not in HOUSE_ROLES:
            findings.append(Finding("role-not-of-the-house", "", {}, "role"))
        if by.person == person:
            findings.append(Finding("not-oneself", "", {}, "person"))
        refuse_if(findings)
        grant(by, member, body, role, at, administrator)


def grant(
    by: Actor,
    person: Person,
    organisation: Organisation,
    role: str,
    at: datetime,
    administrator: bool = False,
    *,
    ends_on: date | None = None,
    delegated_by: str = "",
) -> Membership:
    """Gives a role and records it; its planned end goes on the agenda. Inside the act of the verb that calls it."""
    held: Membership = person.memberships.create(
        organisation=organisation,
        role=role,
        administrator=administrator,
        since_at=at,
        ends_at=end_of(ends_on) if ends_on else None,
        delegated_by=delegated_by,
    )
    facts: dict[str, JSON] = {"organisation": organisation.code, "role": role, "administrator": administrator}
    if ends_on:
        facts["ends_on"] = ends_on.isoformat()
    kind = MEMBERSHIP_DELEGATED if delegated_by else MEMBERSHIP_GRANTED
    record(kind, about=person_ref(person.code), by=by, at=at, facts=facts)
    plan_end(held)
    return held


def plan_end(held: Membership) -> None:
    """Puts the planned end of a membership on the agenda."""
    if held.ends_at is not None:
        schedule(
            f"membership-ends:{held.pk}:{iso(held.ends_at)}",
            duty=MEMBERSHIP_DUTY,
            about=person_ref(held.person.code),
            due_at=held.ends_at,
            payload={"membership": held.pk, "ends_at": iso(held.ends_at)},
        )


def membership_due(due: Due, now: datetime) -> None:
    """The duty that ends a membership at its planned end, unless that was moved or it ended before."""
    with act():
        held = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("person", "organisation")
            .filter(pk=due.payload["membership"], until_at__isnull=True)
            .first()
        )
        if held is not None and held.ends_at is not None and iso(held.ends_at) == due.payload["ends_at"]:
            end(SYSTEM_ACTOR, held, now)


def end_membership(by: Actor, *, person: str, organisation: str, role: str, at: datetime) -> None:
    """Ends a role; its holder acts in it no more from the next request on. Not one's own."""
    require(by, APPOINT if role in HOUSE_ROLES else MANAGE_PEOPLE)
    with act():
        locked_organisation(organisation)
        member = locked_person(person)
        held = member.memberships.filter(
            organisation__code=organisation, role=role, until_at__isnull=True
        ).first()
        findings = [] if role in HOUSE_ROLES else list(administrator_findings(by, organisation))
        if by.person == person:
            findings.append(Finding("not-oneself"))
        if held is None:
            raise Refused([*findings, Finding("membership-unknown")])
        if held.administrator and not _administers_otherwise(held):
            findings += last_administrator_findings(administrators_of(organisation), person)
        refuse_if(findings)
        end(by, held, at)


def _administers_otherwise(held: Membership) -> bool:
    """Whether the person administers the organisation by another role too."""
    others = held.person.memberships.filter(
        organisation=held.organisation, administrator=True, until_at__isnull=True, suspended_at__isnull=True
    )
    return others.exclude(pk=held.pk).exists()


def end_all_memberships(by: Actor, person: Person, at: datetime) -> None:
    """Ends every role of a person; inside the act of the verb that calls it."""
    for held in person.memberships.filter(until_at__isnull=True).select_related("person", "organisation"):
        end(by, held, at)


def end(by: Actor, held: Membership, at: datetime) -> None:
    """Ends one membership and records it; inside the act of the verb that calls it."""
    held.until_at = at
    held.save(update_fields=["until_at"])
    record(
        MEMBERSHIP_ENDED,
        about=person_ref(held.person.code),
        by=by,
        at=at,
        facts={"organisation": held.organisation.code, "role": held.role},
    )
