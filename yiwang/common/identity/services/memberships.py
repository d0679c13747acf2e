"""Roles of people in organisations: granted, appointed, ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yiwang.common.identity.kinds import MEMBERSHIP_ENDED, MEMBERSHIP_GRANTED, person_ref
from yiwang.common.identity.models import Membership, Organisation, Person
from yiwang.common.identity.permissions import APPOINT, MANAGE_PEOPLE
from yiwang.common.identity.rules.register import ADMITTED, HOUSE_ROLES, role_findings
from yiwang.common.identity.services.asking import (
    administrator_findings,
    held_roles,
    locked_organisation,
    locked_person,
    require,
)
from yiwang.pure.kernel.actors import SYSTEM, Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import act, record


def _grant_findings(organisation: Organisation, person: Person, role: str) -> Iterator[Finding]:
    held = person.memberships.filter(organisation=organisation, role=role, until_at__isnull=True)
    if organisation.status != ADMITTED or role not in organisation.roles:
        yield Finding("role-not-held", "", {"name": organisation.name}, "role")
    if held.exists():
        yield Finding("role-held-already", "", {}, "role")
    yield from role_findings(held_roles(person), role)


def grant_membership(
    by: Actor, *, person: str, organisation: str, role: str, at: datetime, administrator: bool = False
) -> None:
    """An administrator lets ``person`` act for the organisation in ``role``, which the organisation must hold.

    Roles of the house (centre, supervisor, operator) are appointed instead: see :func:`appoint`.
    """
    require(by, MANAGE_PEOPLE)
    with act():
        body = locked_organisation(organisation)
        member = locked_person(person)
        findings = [*administrator_findings(by, organisation), *_grant_findings(body, member, role)]
        if role in HOUSE_ROLES and by.role != SYSTEM:
            findings.append(Finding("role-appointed", "", {}, "role"))
        refuse_if(findings)
        _grant(by, member, body, role, at, administrator)


def appoint(
    by: Actor, person: str, role: str, *, organisation: str, at: datetime, administrator: bool = False
) -> None:
    """An operator (or the system) puts a person into a role of the house. Nobody appoints themselves."""
    require(by, APPOINT)
    with act():
        body = locked_organisation(organisation)
        member = locked_person(person)
        findings = list(_grant_findings(body, member, role))
        if role not in HOUSE_ROLES:
            findings.append(Finding("role-not-of-the-house", "", {}, "role"))
        if by.person == person:
            findings.append(Finding("not-oneself", "", {}, "person"))
        refuse_if(findings)
        _grant(by, member, body, role, at, administrator)


def _grant(
    by: Actor, person: Person, organisation: Organisation, role: str, at: datetime, administrator: bool
) -> None:
    person.memberships.create(organisation=organisation, role=role, administrator=administrator, since_at=at)
    record(
        MEMBERSHIP_GRANTED,
        about=person_ref(person.code),
        by=by,
        at=at,
        facts={"organisation": organisation.code, "role": role, "administrator": administrator},
    )


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
        refuse_if(findings)
        end(by, held, at)


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
