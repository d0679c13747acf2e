"""An administrator and their people: suspended and resumed, made administrator, given until when; and delegation."""

from __future__ import annotations

from datetime import date, datetime

from yiwang.common.identity.kinds import (
    ADMINISTRATOR_CHANGED,
    MEMBERSHIP_RESUMED,
    MEMBERSHIP_SUSPENDED,
    person_ref,
)
from yiwang.common.identity.models import Membership
from yiwang.common.identity.permissions import DELEGATE, MANAGE_PEOPLE
from yiwang.common.identity.rules.people import (
    DelegationFacts,
    delegation_findings,
    last_administrator_findings,
)
from yiwang.common.identity.services.asking import (
    administrator_findings,
    administrators_of,
    locked_organisation,
    locked_person,
    require,
)
from yiwang.common.identity.services.memberships import grant, grant_findings
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import JSON, act, record


def _seats(person: str, organisation: str) -> list[Membership]:
    """The memberships of a colleague, suspended ones too. Refused(person-not-colleague)."""
    found = list(
        Membership.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(person__code=person, organisation__code=organisation, until_at__isnull=True)
    )
    if not found:
        raise Refused([Finding("person-not-colleague")])
    return found


def suspend_colleague(by: Actor, person: str, *, at: datetime) -> None:
    """From the next request on the person acts no more for the organisation of ``by``, until resumed."""
    require(by, MANAGE_PEOPLE)
    with act():
        locked_organisation(by.organisation)
        findings = list(administrator_findings(by, by.organisation))
        if by.person == person:
            findings.append(Finding("not-oneself"))
        seats = _seats(person, by.organisation)
        findings += last_administrator_findings(administrators_of(by.organisation), person)
        refuse_if(findings)
        Membership.objects.filter(pk__in=[each.pk for each in seats], suspended_at__isnull=True).update(
            suspended_at=at
        )
        facts = {"organisation": by.organisation}
        record(MEMBERSHIP_SUSPENDED, about=person_ref(person), by=by, at=at, facts=facts)


def resume_colleague(by: Actor, person: str, *, at: datetime) -> None:
    """A suspended person acts again for the organisation of ``by``."""
    require(by, MANAGE_PEOPLE)
    with act():
        locked_organisation(by.organisation)
        refuse_if(administrator_findings(by, by.organisation))
        seats = _seats(person, by.organisation)
        Membership.objects.filter(pk__in=[each.pk for each in seats]).update(suspended_at=None)
        facts = {"organisation": by.organisation}
        record(MEMBERSHIP_RESUMED, about=person_ref(person), by=by, at=at, facts=facts)


def set_administrator(by: Actor, person: str, administrator: bool, *, at: datetime) -> None:
    """Makes a colleague an administrator of the organisation of ``by``, or no longer one; never the last one."""
    require(by, MANAGE_PEOPLE)
    with act():
        locked_organisation(by.organisation)
        findings = list(administrator_findings(by, by.organisation))
        seats = _seats(person, by.organisation)
        if not administrator:
            findings += last_administrator_findings(administrators_of(by.organisation), person)
        refuse_if(findings)
        _set_administrator(by, seats, administrator, at)


def hand_over(by: Actor, person: str, *, at: datetime) -> None:
    """The administrator ``by`` hands the administration over to a colleague, in one step, and has it no more."""
    require(by, MANAGE_PEOPLE)
    with act():
        locked_organisation(by.organisation)
        findings = list(administrator_findings(by, by.organisation))
        if by.person == person:
            findings.append(Finding("not-oneself"))
        seats = _seats(person, by.organisation)
        if all(each.suspended_at is not None for each in seats):
            findings.append(Finding("person-not-colleague"))
        refuse_if(findings)
        _set_administrator(by, seats, True, at)
        _set_administrator(by, _seats(by.person, by.organisation), False, at)


def _set_administrator(by: Actor, seats: list[Membership], administrator: bool, at: datetime) -> None:
    Membership.objects.filter(pk__in=[each.pk for each in seats]).update(administrator=administrator)
    facts: dict[str, JSON] = {"organisation": by.organisation, "administrator": administrator}
    record(ADMINISTRATOR_CHANGED, about=person_ref(seats[0].person.code), by=by, at=at, facts=facts)


def delegate(by: Actor, person: str, role: str, ends_on: date | None, *, at: datetime) -> None:
    """A holder of ``role`` lets a colleague act in it too, until the end of the day ``ends_on``.

    The colleague is a person of their own: what two people must do is still done by two.
    """
    require(by, DELEGATE)
    with act():
        body = locked_organisation(by.organisation)
        colleague = locked_person(person)
        held = Membership.objects.filter(organisation=body, until_at__isnull=True, suspended_at__isnull=True)
        own = held.filter(person__code=by.person, role=role).first()
        facts = DelegationFacts(
            by=by.person,
            to=person,
            own=own is not None,
            delegated=own is not None and own.delegated_by != "",
            colleague=held.filter(person=colleague).exists(),
        )
        findings = list(delegation_findings(facts, ends_on, local_day(at)))
        refuse_if([*findings, *grant_findings(body, colleague, role)])
        grant(by, colleague, body, role, at, ends_on=ends_on, delegated_by=by.person)
