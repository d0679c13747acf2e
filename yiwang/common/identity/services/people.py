"""People: making one, adding a colleague, closing one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yiwang.common.identity.kinds import PERSON_CLOSED, PERSON_CREATED, person_ref
from yiwang.common.identity.models import Person
from yiwang.common.identity.permissions import APPOINT, MANAGE_PEOPLE, REGISTER_ORGANISATION
from yiwang.common.identity.rules.register import (
    login_name,
    name_findings,
    phone_findings,
    username_findings,
)
from yiwang.common.identity.services.asking import (
    NEW_PEOPLE,
    administrator_findings,
    locked_organisation,
    locked_person,
    require,
)
from yiwang.common.identity.services.memberships import end_all_memberships, grant_membership
from yiwang.pure.kernel.actors import ANYONE, SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import act, hold_lock, record

_PASSWORD_RULES = {
    "password_too_short": "password-short",
    "password_too_common": "password-common",
    "password_too_similar": "password-similar",
}


def password_findings(password: str, username: str, name: str) -> Iterator[Finding]:
    """Objections to a password (GB/T 22239-2019: identity is protected against guessing)."""
    person = Person(username=username, name=name)
    try:
        validate_password(password, person)
    except ValidationError as error:
        for each in error.error_list:
            yield Finding(_PASSWORD_RULES[each.code or ""], "GB/T 22239-2019", {"at_least": 10}, "password")


def person_findings(username: str, password: str | None, name: str, phone: str) -> list[Finding]:
    """Every objection to a new person; fields ``username``, ``password``, ``name``, ``phone``."""
    username = login_name(username)
    findings = list(username_findings(username, Person.objects.filter(username=username).exists()))
    findings += name_findings(name)
    if phone:
        findings += phone_findings(phone, "phone")
    if password is not None:
        findings += password_findings(password, username, name)
    return findings


def create_person(
    username: str,
    password: str | None,
    name: str,
    *,
    at: datetime,
    by: Actor = SYSTEM_ACTOR,
    phone: str = "",
    email: str = "",
) -> str:
    """Makes a person and gives their code. With ``password`` None nobody can log in as them (rehearsals, imports).

    A visitor makes only themselves, on the way to registering an organisation. Refused with all findings.
    """
    require(by, REGISTER_ORGANISATION if by == ANYONE else MANAGE_PEOPLE)
    username = login_name(username)
    with act():
        hold_lock(NEW_PEOPLE)
        refuse_if(person_findings(username, password, name, phone))
        person = Person(username=username, name=name.strip(), phone=phone, email=email, created_at=at)
        person.set_password(password)
        person.save()
        record(
            PERSON_CREATED,
            about=person_ref(person.code),
            by=by,
            at=at,
            facts={"person": person.code},
            private={"username": username, "name": person.name, "phone": phone, "email": email},
        )
    return person.code


def add_person(
    by: Actor,
    organisation: str,
    *,
    username: str,
    password: str,
    name: str,
    roles: Sequence[str],
    at: datetime,
    phone: str = "",
    administrator: bool = False,
) -> str:
    """An administrator adds a colleague in ``roles`` of their organisation; gives the person's code."""
    require(by, MANAGE_PEOPLE)
    with act():
        locked_organisation(organisation)
        refuse_if(administrator_findings(by, organisation))
        if not roles:
            raise Refused([Finding("role-needed", "", {}, "roles")])
        code = create_person(username, password, name, at=at, by=by, phone=phone)
        for role in roles:
            grant_membership(
                by, person=code, organisation=organisation, role=role, at=at, administrator=administrator
            )
    return code


def close_person(by: Actor, code: str, *, at: datetime) -> None:
    """Nobody logs in as this person any more, and they act for nobody. Nobody closes themselves."""
    require(by, APPOINT)
    with act():
        person = locked_person(code)
        if by.person == code:
            raise Refused([Finding("not-oneself")])
        end_all_memberships(by, person, at)
        person.expertises.filter(until_at__isnull=True).update(until_at=at)
        person.is_active = False
        person.save(update_fields=["is_active"])
        record(PERSON_CLOSED, about=person_ref(code), by=by, at=at, facts={"person": code})
