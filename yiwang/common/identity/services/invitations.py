"""Invitations: made by an administrator, handed over as a code, accepted once, withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from yiwang.common.identity.kinds import (
    INVITATION_ACCEPTED,
    INVITATION_WITHDRAWN,
    INVITED,
    organisation_ref,
    person_ref,
)
from yiwang.common.identity.models import Invitation, Person
from yiwang.common.identity.paper_codes import new_paper_code, paper_digest
from yiwang.common.identity.permissions import ACCEPT_INVITATION, MANAGE_PEOPLE
from yiwang.common.identity.rules.people import (
    ACCEPTED,
    OPEN,
    WITHDRAWN,
    ends_findings,
    invitation_findings,
)
from yiwang.common.identity.services.asking import (
    administrator_findings,
    locked_organisation,
    locked_person,
    require,
)
from yiwang.common.identity.services.login import refuse_locked
from yiwang.common.identity.services.memberships import grant, grant_findings
from yiwang.common.identity.services.people import create_person, person_findings
from yiwang.common.identity.throttle import RESET_CODES, note_tries, wait_seconds
from yiwang.pure.kernel.actors import ANYONE, APPLICANT, Actor
from yiwang.pure.kernel.days import end_of, local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, record

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody without a login says of themselves when they accept an invitation."""

    username: str
    password: str
    name: str
    phone: str


def invite(
    by: Actor,
    name: str,
    roles: Collection[str],
    *,
    now: datetime,
    at: datetime,
    administrator: bool = False,
    ends_on: date | None = None,
) -> str:
    """An administrator invites somebody to act for their organisation; gives the code to hand over, shown this once.

    Good for seven days of real time (``now``). Roles of the house are appointed, not invited to.
    """
    require(by, MANAGE_PEOPLE)
    with act():
        body = locked_organisation(by.organisation)
        waiting = body.invitations.filter(status=OPEN).count()
        findings = list(administrator_findings(by, by.organisation))
        findings += invitation_findings(name, roles, body.roles, waiting)
        findings += ends_findings(ends_on, local_day(at))
        refuse_if(findings)
        paper = new_paper_code()
        row = body.invitations.create(
            code=random_code("V"),
            name=name.strip(),
            roles=sorted(roles),
            administrator=administrator,
            ends_at=end_of(ends_on) if ends_on else None,
            sha256=paper_digest(paper),
            made_by=by.person,
            made_at=at,
            good_until=now + GOOD_FOR,
        )
        record(
            INVITED,
            about=organisation_ref(body.code),
            by=by,
            at=at,
            facts={"invitation": row.code, "roles": list(row.roles), "administrator": administrator},
            private={"name": row.name},
        )
    return paper


def withdraw_invitation(by: Actor, code: str, *, at: datetime) -> None:
    """The code of an open invitation opens nothing any more."""
    require(by, MANAGE_PEOPLE)
    with act():
        body = locked_organisation(by.organisation)
        refuse_if(administrator_findings(by, by.organisation))
        if not body.invitations.filter(code=code, status=OPEN).update(status=WITHDRAWN):
            raise Refused([Finding("invitation-unknown")])
        facts = {"invitation": code}
        record(INVITATION_WITHDRAWN, about=organisation_ref(body.code), by=by, at=at, facts=facts)


def accept_invitation(
    by: Actor, code: str, new: NewPerson | None, *, address: str, now: datetime, at: datetime
) -> str:
    """Whoever holds the code acts for the organisation from now on; gives the code of the person.

    A visitor makes their login with it (``new``). Refused(invitation-code) for every code that opens nothing.
    """
    require(by, ACCEPT_INVITATION)
    tries = [(RESET_CODES, address)]
    refuse_locked(wait_seconds(tries, now))
    with act():
        row = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .filter(sha256=paper_digest(code), status=OPEN, good_until__gt=now)
            .first()
        )
        if row is not None:
            person = _accepting(by, new, at)
            _seat(person, row, at)
    if row is None:
        note_tries(tries, now)
        raise Refused([Finding("invitation-code", "", {}, "code")])
    return person.code


def _accepting(by: Actor, new: NewPerson | None, at: datetime) -> Person:
    if by != ANYONE or new is None:
        return locked_person(by.person)
    findings = person_findings(new.username, new.password, new.name, new.phone)
    refuse_if(replace(each, field=_FIELDS.get(each.field, each.field)) for each in findings)
    return locked_person(
        create_person(new.username, new.password, new.name, at=at, by=ANYONE, phone=new.phone)
    )


_FIELDS = {"name": "person_name", "phone": "person_phone"}


def _seat(person: Person, row: Invitation, at: datetime) -> None:
    by = Actor(person.code, row.organisation.code, APPLICANT)
    body = locked_organisation(row.organisation.code)
    refuse_if(each for role in row.roles for each in grant_findings(body, person, role))
    ends_on = local_day(row.ends_at - timedelta(seconds=1)) if row.ends_at else None
    refuse_if(ends_findings(ends_on, local_day(at)))
    row.status, row.accepted_by = ACCEPTED, person.code
    row.save(update_fields=["status", "accepted_by"])
    facts = {"invitation": row.code, "organisation": body.code}
    record(INVITATION_ACCEPTED, about=person_ref(person.code), by=by, at=at, facts=facts)
    for role in row.roles:
        grant(by, person, body, role, at, row.administrator, ends_on=ends_on)
