"""An organisation registers, corrects and submits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from yiwang.common.identity.kinds import (
    MEMBERSHIP_GRANTED,
    ORGANISATION_ADMITTED,
    ORGANISATION_CORRECTED,
    ORGANISATION_REGISTERED,
    ORGANISATION_SUBMITTED,
    organisation_ref,
    person_ref,
)
from yiwang.common.identity.models import Organisation, Person
from yiwang.common.identity.permissions import EDIT_ORGANISATION, ESTABLISH, REGISTER_ORGANISATION
from yiwang.common.identity.rules.register import (
    ADMITTED,
    DRAFT,
    HOUSE_ROLES,
    MARKET_ROLES,
    SUBMITTED,
    OrganisationFacts,
    editing_findings,
    organisation_findings,
    role_findings,
    submission_findings,
)
from yiwang.common.identity.services.asking import (
    NEW_ORGANISATIONS,
    administrator_findings,
    held_roles,
    locked_organisation,
    locked_person,
    require,
)
from yiwang.common.identity.services.people import create_person, person_findings
from yiwang.pure.kernel.actors import ANYONE, APPLICANT, SYSTEM, TENDEREE, Actor
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.record.journal.api import JSON, act, hold_lock, record


def register_organisation(
    by: Actor,
    *,
    code: str,
    name: str,
    region: str,
    address: str,
    contact_name: str,
    contact_phone: str,
    roles: Collection[str],
    at: datetime,
    person: str = "",
) -> str:
    """Enters an organisation as a draft and makes the registering person its administrator; gives its code.

    ``person`` is who registers where the system acts for them; else it is ``by.person``.
    """
    require(by, REGISTER_ORGANISATION)
    facts = OrganisationFacts(
        code.strip().upper(), name, region, address, contact_name, contact_phone, frozenset(roles)
    )
    with act():
        hold_lock(NEW_ORGANISATIONS)
        first = locked_person(person if by.role == SYSTEM and person else by.person)
        findings = list(organisation_findings(facts))
        findings += _taken_findings(facts.code)
        findings += role_findings(held_roles(first), TENDEREE)  # one market role stands for its side
        refuse_if(findings)
        body = _save_draft(facts, first, at)
        record(
            ORGANISATION_REGISTERED,
            about=organisation_ref(body.code),
            by=by,
            at=at,
            facts=_facts(body),
            private=_private(body),
        )
        record(
            MEMBERSHIP_GRANTED,
            about=person_ref(first.code),
            by=by,
            at=at,
            facts={"organisation": body.code, "role": APPLICANT, "administrator": True},
        )
    return body.code


def register_with_person(
    *,
    username: str,
    password: str,
    person_name: str,
    person_phone: str,
    code: str,
    name: str,
    region: str,
    address: str,
    contact_name: str,
    contact_phone: str,
    roles: Collection[str],
    at: datetime,
) -> tuple[str, str]:
    """A visitor registers an organisation and themselves; gives the codes of person and organisation.

    Refused with every objection to both at once; those to the person's own name and phone stand at
    ``person_name`` and ``person_phone``.
    """
    facts = OrganisationFacts(
        code.strip().upper(), name, region, address, contact_name, contact_phone, frozenset(roles)
    )
    with act():
        findings = [
            replace(each, field=f"person_{each.field}") if each.field in ("name", "phone") else each
            for each in person_findings(username, password, person_name, person_phone)
        ]
        refuse_if([*findings, *organisation_findings(facts), *_taken_findings(facts.code)])
        person = create_person(username, password, person_name, at=at, by=ANYONE, phone=person_phone)
        register_organisation(
            Actor(person, "", APPLICANT),
            code=facts.code,
            name=name,
            region=region,
            address=address,
            contact_name=contact_name,
            contact_phone=contact_phone,
            roles=roles,
            at=at,
        )
    return person, facts.code


def edit_organisation(
    by: Actor,
    code: str,
    *,
    name: str,
    region: str,
    address: str,
    contact_name: str,
    contact_phone: str,
    roles: Collection[str],
    at: datetime,
) -> None:
    """Corrects a registration that is not under review; once admitted, only address and contact may change."""
    require(by, EDIT_ORGANISATION)
    facts = OrganisationFacts(code, name, region, address, contact_name, contact_phone, frozenset(roles))
    with act():
        body = locked_organisation(code)
        findings = [*administrator_findings(by, code), *editing_findings(body.status)]
        findings += organisation_findings(facts)
        findings += _fixed_findings(body, facts)
        refuse_if(findings)
        _write(body, facts)
        body.save()
        record(
            ORGANISATION_CORRECTED,
            about=organisation_ref(code),
            by=by,
            at=at,
            facts=_facts(body),
            private=_private(body),
        )


def submit_registration(by: Actor, code: str, *, at: datetime) -> None:
    """Submits a draft, or what was returned, for the centre's review."""
    require(by, EDIT_ORGANISATION)
    with act():
        body = locked_organisation(code)
        refuse_if([*administrator_findings(by, code), *submission_findings(body.status)])
        body.status = SUBMITTED
        body.submitted_at = at
        body.save(update_fields=["status", "submitted_at"])
        record(ORGANISATION_SUBMITTED, about=organisation_ref(code), by=by, at=at, facts={"code": code})


def establish(
    by: Actor,
    *,
    code: str,
    name: str,
    region: str,
    address: str,
    contact_name: str,
    contact_phone: str,
    roles: Collection[str],
    at: datetime,
) -> str:
    """The system enters an organisation of the house (the centre, a supervisor) as admitted, when a database is born."""
    require(by, ESTABLISH)
    market = frozenset(roles) & set(MARKET_ROLES)
    facts = OrganisationFacts(code, name, region, address, contact_name, contact_phone, frozenset(roles))
    with act():
        hold_lock(NEW_ORGANISATIONS)
        findings = [each for each in organisation_findings(facts) if each.rule != "roles-asked"]
        if market or not facts.roles <= set(HOUSE_ROLES) or not facts.roles:
            findings.append(Finding("role-not-of-the-house", "", {}, "roles"))
        refuse_if([*findings, *_taken_findings(code)])
        body = Organisation(
            code=code, status=ADMITTED, registered_by=by.person, registered_at=at, reviewed_at=at
        )
        _write(body, facts)
        body.reviewed_by = by.person
        body.save()
        record(
            ORGANISATION_ADMITTED,
            about=organisation_ref(code),
            by=by,
            at=at,
            facts=_facts(body),
            private=_private(body),
        )
    return code


def _taken_findings(code: str) -> Iterator[Finding]:
    if Organisation.objects.filter(code=code).exists():
        yield Finding("organisation-registered", "", {"code": code}, "code")


def _fixed_findings(body: Organisation, facts: OrganisationFacts) -> Iterator[Finding]:
    """What the centre has reviewed does not change without a new review."""
    if body.status != ADMITTED:
        return
    for field, now, wanted in (
        ("name", body.name, facts.name.strip()),
        ("region", body.region, facts.region),
        ("roles", frozenset(body.roles), facts.roles),
    ):
        if now != wanted:
            yield Finding("reviewed-is-fixed", "", {}, field)


def _save_draft(facts: OrganisationFacts, first: Person, at: datetime) -> Organisation:
    body = Organisation(code=facts.code, status=DRAFT, registered_by=first.code, registered_at=at)
    _write(body, facts)
    body.save()
    first.memberships.create(organisation=body, role=APPLICANT, administrator=True, since_at=at)
    return body


def _write(body: Organisation, facts: OrganisationFacts) -> None:
    body.name = facts.name.strip()
    body.region = facts.region
    body.address = facts.address.strip()
    body.contact_name = facts.contact_name.strip()
    body.contact_phone = facts.contact_phone.strip()
    body.roles = sorted(facts.roles)


def _facts(body: Organisation) -> dict[str, JSON]:
    return {"code": body.code, "name": body.name, "region": body.region, "roles": list(body.roles)}


def _private(body: Organisation) -> dict[str, JSON]:
    return {
        "address": body.address,
        "contact_name": body.contact_name,
        "contact_phone": body.contact_phone,
    }
