"""An organisation whose administrator is gone gets a new one from the centre: one person asks, another decides.

Both are on record, whoever administers the organisation now is told as well as who is to, and nothing is taken
from anybody: a new administrator may do what administrators do, also end what their predecessor had.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yiwang.common.identity.kinds import (
    ADMINISTRATOR_APPOINTED,
    ADMINISTRATOR_ASKED,
    ADMINISTRATOR_DECLINED,
    person_ref,
)
from yiwang.common.identity.models import AdministratorRequest, Membership, Organisation, Person
from yiwang.common.identity.permissions import APPOINT_ADMINISTRATORS
from yiwang.common.identity.rules.recovery import ALLOWED, ASKED, DECLINED, FOUR_EYES
from yiwang.common.identity.rules.register import ADMITTED, MARKET_ROLES
from yiwang.common.identity.services.asking import (
    administrators_of,
    locked_login,
    locked_organisation,
    locked_person,
    require,
    tell,
)
from yiwang.common.identity.services.memberships import grant, grant_findings
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import Kind, act, record


def ask_administrator(by: Actor, organisation: str, username: str, reason: str, *, at: datetime) -> str:
    """One of the centre asks that ``username`` administer an organisation; gives the code. Nothing changes by it.

    Refused with every reason; an unknown login name like one that may not act for the organisation.
    """
    require(by, APPOINT_ADMINISTRATORS)
    with act():
        body = locked_organisation(organisation)
        person = locked_login(username)
        findings = list(_asking_findings(by, body, person, reason))
        refuse_if(findings)
        assert person is not None  # refused above
        row = AdministratorRequest.objects.create(
            code=random_code("A"),
            organisation=body,
            person=person,
            reason=reason.strip(),
            asked_by=by.person,
            asked_at=at,
        )
        _note(ADMINISTRATOR_ASKED, by, row, at, {"reason": row.reason})
    return str(row.code)


def _asking_findings(by: Actor, body: Organisation, person: Person | None, reason: str) -> Iterator[Finding]:
    if body.status != ADMITTED or not set(body.roles) <= set(MARKET_ROLES):
        yield Finding("administrator-market-only", "", {}, "organisation")
    if body.administrator_requests.filter(status=ASKED).exists():
        yield Finding("administrator-asked-already", "", {}, "organisation")
    if not 5 <= len(reason.strip()) <= 300:
        yield Finding("text-length", "", {"at_least": 5, "at_most": 300}, "reason")
    if person is None:
        yield Finding("reset-not-entitled", "", {}, "username")
        return
    if person.code == by.person:
        yield Finding("not-oneself", "", {}, "username")
    if person.code in administrators_of(body.code):
        yield Finding("administrator-is-one", "", {}, "username")
    if not _seats(body, person):
        for role in sorted(body.roles):
            yield from grant_findings(body, person, role)


def _seats(body: Organisation, person: Person) -> list[Membership]:
    return list(
        Membership.objects.select_for_update().filter(person=person, organisation=body, until_at__isnull=True)
    )


def decide_administrator(by: Actor, code: str, allow: bool, *, at: datetime) -> None:
    """A second person of the centre makes the person administrator, or declines. Raises Refused.

    A colleague keeps the roles they have, suspended ones come to life; somebody from outside gets the roles of the
    organisation.
    """
    require(by, APPOINT_ADMINISTRATORS)
    with act():
        row = (
            AdministratorRequest.objects.select_for_update(of=("self",))
            .select_related("organisation", "person")
            .filter(code=code, status=ASKED)
            .first()
        )
        if row is None:
            raise Refused([Finding("administrator-unknown")])
        if by.person in (row.asked_by, row.person.code):
            raise Refused([Finding("administrator-four-eyes", FOUR_EYES)])
        before = administrators_of(row.organisation.code)
        if allow:
            _make(by, row, at)
        row.status = ALLOWED if allow else DECLINED
        row.decided_by, row.decided_at = by.person, at
        row.save(update_fields=["status", "decided_by", "decided_at"])
        kind = ADMINISTRATOR_APPOINTED if allow else ADMINISTRATOR_DECLINED
        _note(kind, by, row, at, {})
        for each in [row.person.code, *sorted(before)] if allow else []:
            tell(locked_person(each), kind.name, at)
        for each in sorted(before):
            # About each of them too: whoever administers it now learns that somebody else does from now on.
            facts = {"request": row.code, "organisation": row.organisation.code}
            record(kind, about=person_ref(each), by=by, at=at, facts=facts)


def _make(by: Actor, row: AdministratorRequest, at: datetime) -> None:
    body, person = locked_organisation(row.organisation.code), locked_person(row.person.code)
    seats = _seats(body, person)
    if seats:
        Membership.objects.filter(pk__in=[each.pk for each in seats]).update(
            administrator=True, suspended_at=None
        )
        return
    refuse_if([each for role in sorted(body.roles) for each in grant_findings(body, person, role)])
    for role in sorted(body.roles):
        grant(by, person, body, role, at, administrator=True)


def _note(kind: Kind, by: Actor, row: AdministratorRequest, at: datetime, private: dict[str, str]) -> None:
    facts = {"request": row.code, "organisation": row.organisation.code}
    record(kind, about=person_ref(row.person.code), by=by, at=at, facts=facts, private=private)
