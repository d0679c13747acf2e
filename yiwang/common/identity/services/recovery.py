"""Recovering a login: codes from paper, or a reset that one person asks for and another allows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from yiwang.common.identity.kinds import (
    LOGIN_RESET,
    PASSWORD_CHANGED,
    RECOVERY_CODES_MADE,
    RECOVERY_USED,
    RESET_ALLOWED,
    RESET_ASKED,
    RESET_DECLINED,
    SESSIONS_ENDED,
    person_ref,
)
from yiwang.common.identity.models import LoginReset, Membership, Person, RecoveryCode
from yiwang.common.identity.paper_codes import new_paper_code, paper_digest
from yiwang.common.identity.permissions import BE_LOGGED_IN, RESET_LOGINS
from yiwang.common.identity.rules.recovery import (
    ALLOWED,
    ASKED,
    DECLINED,
    RECOVERY_CODES,
    USED,
    ResetFacts,
    asking_findings,
    deciding_findings,
)
from yiwang.common.identity.services.asking import (
    administrators_of,
    locked_login,
    locked_person,
    require,
    tell,
)
from yiwang.common.identity.services.login import record_lock, refuse_locked
from yiwang.common.identity.services.passkeys import revoke_all_passkeys
from yiwang.common.identity.services.people import password_findings
from yiwang.common.identity.throttle import (
    ONE_TIME_CODE,
    RESET_CODES,
    forget_tries,
    note_tries,
    wait_seconds,
)
from yiwang.pure.kernel.actors import APPLICANT, CENTRE, OPERATOR, SYSTEM, Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, record

RESET_GOOD_FOR = timedelta(hours=24)
_OPEN = {"used_at__isnull": True, "voided_at__isnull": True}


def make_recovery_codes(by: Actor, *, at: datetime) -> list[str]:
    """New recovery codes for ``by``, shown this once; those before open nothing any more."""
    require(by, BE_LOGGED_IN)
    with act():
        person = locked_person(by.person)
        person.recovery_codes.filter(**_OPEN).update(voided_at=at)
        made = [new_paper_code() for _ in range(RECOVERY_CODES)]
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person=person, sha256=paper_digest(each), made_at=at) for each in made
        )
        facts = {"number": len(made)}
        record(RECOVERY_CODES_MADE, about=person_ref(by.person), by=by, at=at, facts=facts)
    return made


def use_recovery_code(person: str, code: str, *, now: datetime, at: datetime) -> None:
    """After the right password a recovery code takes the place of the second step, once, and unties it.

    The person sets up a new second step next; every session of theirs ends; they are told at the next login.
    Refused(recovery-wrong), Refused(login-locked): the same counter as for one-time codes.
    """
    tries = [(ONE_TIME_CODE, person)]
    refuse_locked(wait_seconds(tries, now))
    with act():
        row = locked_person(person)
        found = row.recovery_codes.filter(sha256=paper_digest(code), **_OPEN).update(used_at=at)
        if found:
            by = Actor(person, "", APPLICANT)
            untie(by, row, at)
            tell(row, RECOVERY_USED.name, at)
            record(RECOVERY_USED, about=person_ref(person), by=by, at=at, facts={})
    if not found:
        if note_tries(tries, now):
            record_lock(row.username, at)
        raise Refused([Finding("recovery-wrong", "", {}, "code")])
    forget_tries(tries)


def untie(by: Actor, person: Person, at: datetime) -> None:
    """Drops every second step of a person and ends their sessions; inside the act of the verb that calls it."""
    revoke_all_passkeys(by, person, at)
    person.totp_sealed = ""
    person.session_epoch += 1
    person.save(update_fields=["totp_sealed", "session_epoch"])


def told(person: str) -> list[dict[str, str]]:
    """What the owner has not heard yet (event and instant), oldest first; from now on they have."""
    row = Person.objects.filter(code=person).exclude(untold=[]).first()
    if row is None:
        return []
    untold: list[dict[str, str]] = row.untold
    with act():
        Person.objects.filter(pk=row.pk).update(untold=[])
    return untold


def change_password(by: Actor, password: str, *, at: datetime) -> None:
    """A person who has just logged in takes a new password; every session of theirs ends, the caller enters anew.

    Refused with every objection to the password.
    """
    require(by, BE_LOGGED_IN)
    with act():
        person = locked_person(by.person)
        refuse_if(password_findings(password, person.username, person.name))
        person.set_password(password)
        person.session_epoch += 1
        person.save(update_fields=["password", "session_epoch"])
        record(PASSWORD_CHANGED, about=person_ref(by.person), by=by, at=at, facts={})


def end_other_sessions(by: Actor, *, at: datetime) -> None:
    """Every session of ``by`` ends; the caller enters the present one anew."""
    require(by, BE_LOGGED_IN)
    with act():
        person = locked_person(by.person)
        Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
        record(SESSIONS_ENDED, about=person_ref(by.person), by=by, at=at, facts={})


def _entitled(by: Actor, person: Person) -> bool:
    """The house may ask for anybody, an administrator for the people of the organisation for which they act."""
    if by.role in (CENTRE, OPERATOR, SYSTEM):
        return True
    own = Membership.objects.filter(organisation__code=by.organisation, until_at__isnull=True)
    return by.person in administrators_of(by.organisation) and own.filter(person=person).exists()


def ask_reset(by: Actor, username: str, reason: str, *, at: datetime) -> str:
    """Asks for the login of a person to be reset; gives the code of the matter. Nothing is reset by it.

    An unknown login name and one of another organisation are refused alike.
    """
    require(by, RESET_LOGINS)
    with act():
        person = locked_login(username)
        if person is None:
            raise Refused([Finding("reset-not-entitled", "", {}, "username")])
        status = ASKED if person.resets.filter(status=ASKED).exists() else ""
        facts = ResetFacts(person.code, by.person, _entitled(by, person), status=status)
        refuse_if(asking_findings(facts, reason))
        row = person.resets.create(
            code=random_code("R"),
            organisation=by.organisation,
            reason=reason.strip(),
            asked_by=by.person,
            asked_at=at,
        )
        record(
            RESET_ASKED,
            about=person_ref(person.code),
            by=by,
            at=at,
            facts={"reset": row.code},
            private={"reason": row.reason},
        )
    return str(row.code)


def decide_reset(by: Actor, code: str, allow: bool, *, now: datetime, at: datetime) -> str:
    """A second person allows a reset (gives the code that its owner enters, shown this once) or declines it ("")."""
    require(by, RESET_LOGINS)
    with act():
        row = (
            LoginReset.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(code=code)
            .first()
        )
        if row is None:
            raise Refused([Finding("reset-unknown")])
        facts = ResetFacts(
            row.person.code, by.person, _entitled(by, row.person), asked_by=row.asked_by, status=row.status
        )
        refuse_if(deciding_findings(facts))
        row.decided_by, row.decided_at = by.person, at
        row.status = ALLOWED if allow else DECLINED
        paper = new_paper_code() if allow else ""
        if allow:
            row.sha256, row.good_until = paper_digest(paper), now + RESET_GOOD_FOR
        row.save()
        tell(row.person, (RESET_ALLOWED if allow else RESET_DECLINED).name, at)
        kind = RESET_ALLOWED if allow else RESET_DECLINED
        record(kind, about=person_ref(row.person.code), by=by, at=at, facts={"reset": code})
    return paper


def redeem_reset(code: str, password: str, *, address: str, now: datetime, at: datetime) -> str:
    """The owner enters the code of an allowed reset and a new password; gives their code.

    Second steps, recovery codes and sessions of before are void. Refused(reset-code) for every wrong code.
    """
    tries = [(RESET_CODES, address)]
    refuse_locked(wait_seconds(tries, now))
    with act():
        row = (
            LoginReset.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(sha256=paper_digest(code), status=ALLOWED, good_until__gt=now, person__is_active=True)
            .first()
        )
        if row is not None:
            person = locked_person(row.person.code)
            refuse_if(password_findings(password, person.username, person.name))
            by = Actor(person.code, "", APPLICANT)
            person.set_password(password)
            person.save(update_fields=["password"])
            untie(by, person, at)
            person.recovery_codes.filter(**_OPEN).update(voided_at=at)
            row.status = USED
            row.save(update_fields=["status"])
            tell(person, LOGIN_RESET.name, at)
            record(LOGIN_RESET, about=person_ref(person.code), by=by, at=at, facts={"reset": row.code})
    if row is None:
        note_tries(tries, now)
        raise Refused([Finding("reset-code", "", {}, "code")])
    return str(row.person.code)
