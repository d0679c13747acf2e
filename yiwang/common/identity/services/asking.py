"""What several verbs ask of the register before they act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yiwang.common.identity.models import Membership, Organisation, Person
from yiwang.pure.kernel.actors import EXPERT, SYSTEM, Actor, Permission, permission_findings
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref

# Two that enter the same code, or take the same login name, at once: the second waits and is refused in words.
NEW_ORGANISATIONS = Ref("identity", "register", "organisations")
NEW_PEOPLE = Ref("identity", "register", "people")


def require(by: Actor, needed: Permission) -> None:
    """Raises Refused where the actor's role lacks ``needed``; asked before anything is read."""
    refuse_if(permission_findings(by, needed))


def locked_organisation(code: str) -> Organisation:
    """The row of an organisation, locked until the act ends. Refused(organisation-unknown)."""
    row = Organisation.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise Refused([Finding("organisation-unknown", "", {"code": code[:40]})])
    return row


def locked_person(code: str) -> Person:
    """The row of a person who may log in, locked until the act ends. Refused(person-unknown)."""
    row = Person.objects.select_for_update().filter(code=code, is_active=True).first()
    if row is None:
        raise Refused([Finding("person-unknown")])
    return row


def locked_login(username: str) -> Person | None:
    """The row of whoever has this login name and may log in, locked until the act ends; None where nobody has."""
    named = named_person(username)
    return named and Person.objects.select_for_update().filter(pk=named.pk, is_active=True).first()


def named_person(username: str) -> Person | None:
    """Whoever has this login name, however wide its signs were typed."""
    try:
        return Person.objects.get_by_natural_key(username)
    except Person.DoesNotExist:
        return None


def administrator_findings(by: Actor, organisation: str) -> Iterator[Finding]:
    """Only an administrator of the organisation (or the system) changes its matters."""
    if by.role == SYSTEM:
        return
    administers = Membership.objects.filter(
        person__code=by.person,
        person__is_active=True,
        organisation__code=organisation,
        administrator=True,
        until_at__isnull=True,
        suspended_at__isnull=True,
    ).exists()
    if by.organisation != organisation or not administers:
        yield Finding("not-administrator")


def held_roles(person: Person) -> list[str]:
    """The roles that a person holds now, in any organisation."""
    held = list(person.memberships.filter(until_at__isnull=True).values_list("role", flat=True))
    sits = person.expertises.filter(until_at__isnull=True).exists()
    return [*held, EXPERT] if sits else held


def tell(person: Person, event: str, at: datetime) -> None:
    """Notes what the owner of a login must hear when they are next in; inside an act."""
    person.untold = [*person.untold, {"event": event, "at": iso(at)}][-20:]
    person.save(update_fields=["untold"])


def administrators_of(organisation: str) -> set[str]:
    """The codes of those who administer an organisation and can act now."""
    return set(
        Membership.objects.filter(
            organisation__code=organisation,
            administrator=True,
            until_at__isnull=True,
            suspended_at__isnull=True,
            person__is_active=True,
        ).values_list("person__code", flat=True)
    )
