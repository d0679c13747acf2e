"""Logging in: password, then one-time code; each step counted, each login on record."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest

from yiwang.common.identity import codes
from yiwang.common.identity.kinds import LOGGED_IN, LOGIN_LOCKED, PERSON_ENROLLED, person_ref
from yiwang.common.identity.models import Person
from yiwang.common.identity.rules.register import login_name
from yiwang.common.identity.services.asking import locked_person, named_person
from yiwang.common.identity.throttle import (
    ADDRESS,
    LOGIN,
    LOGIN_FROM_ADDRESS,
    ONE_TIME_CODE,
    forget_tries,
    note_tries,
    wait_seconds,
)
from yiwang.pure.kernel.actors import APPLICANT, SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import JSON, act, record

LOCKOUT_SOURCE = "GB/T 22239-2019"


def refuse_locked(seconds: int) -> None:
    """Raises Refused(login-locked) where there are still ``seconds`` to wait."""
    if seconds:
        raise Refused([Finding("login-locked", LOCKOUT_SOURCE, {"minutes": -(-seconds // 60)})])


def check_password(
    request: HttpRequest, username: str, password: str, *, address: str, now: datetime, at: datetime
) -> str:
    """The code of the person whose login name and password these are; ``now`` is real time.

    Refused with the one finding ``login-wrong`` for every reason (unknown, closed, wrong): nobody learns
    which login names exist. Refused(login-locked) after too many tries, from the same counters for names
    that do not exist.
    """
    name = login_name(username)  # tries are counted for the name, not for each of its writings
    tries = [(LOGIN_FROM_ADDRESS, f"{name}\0{address}"), (LOGIN, name), (ADDRESS, address)]
    refuse_locked(wait_seconds(tries, now))
    person = authenticate(request, username=username, password=password)
    if isinstance(person, Person):
        forget_tries(tries[:1])
        return person.code
    if note_tries(tries, now):
        record_lock(username, at)
    raise Refused([Finding("login-wrong")])


def record_lock(username: str, at: datetime) -> None:
    """A lock is an event of somebody's account; of names that nobody has there is nothing to record."""
    person = named_person(username)
    if person is not None:
        with act():
            record(LOGIN_LOCKED, about=person_ref(person.code), by=SYSTEM_ACTOR, at=at, facts={})


def check_code(person: str, code: str, *, now: datetime, at: datetime) -> None:
    """Completes the login of ``person`` with a one-time code that was never used before; recorded.

    Refused(code-wrong), Refused(login-locked).
    """
    tries = [(ONE_TIME_CODE, person)]
    refuse_locked(wait_seconds(tries, now))
    with act():
        row = locked_person(person)
        step = codes.step_of(codes.unseal(row.totp_sealed), code, now, row.totp_step)
        if step is not None:
            row.totp_step = step
            row.save(update_fields=["totp_step"])
            entered(row, at)
    if step is None:
        if note_tries(tries, now):
            record_lock(row.username, at)
        raise Refused([Finding("code-wrong", "", {}, "code")])
    forget_tries(tries)


def has_second_factor(person: Person) -> bool:
    """Whether a person has tied an authenticator app or a passkey: without either the next login asks for one."""
    return bool(person.totp_sealed) or person.passkeys.filter(revoked_at__isnull=True).exists()


def enrol(person: str, secret: str, code: str, *, now: datetime, at: datetime) -> None:
    """Ties the app that shows ``code`` for ``secret`` to ``person`` and completes the login. Refused(code-wrong).

    Only for a person who has none yet: changing an app needs a reset by an operator.
    """
    tries = [(ONE_TIME_CODE, person)]
    refuse_locked(wait_seconds(tries, now))
    step = codes.step_of(secret, code, now, 0)
    if step is None:
        note_tries(tries, now)
        raise Refused([Finding("code-wrong", "", {}, "code")])
    with act():
        row = locked_person(person)
        if has_second_factor(row):
            raise Refused([Finding("login-expired")])
        row.totp_sealed = codes.seal(secret)
        row.totp_step = step
        row.save(update_fields=["totp_sealed", "totp_step"])
        by = Actor(person, "", APPLICANT)
        record(PERSON_ENROLLED, about=person_ref(person), by=by, at=at, facts={})
        entered(row, at)


def entered(row: Person, at: datetime, **how: JSON) -> None:
    """Records a completed login; inside the act of the verb that calls it."""
    row.entered_at = at
    row.save(update_fields=["entered_at"])
    by = Actor(row.code, "", APPLICANT)
    record(LOGGED_IN, about=person_ref(row.code), by=by, at=at, facts=how)


def note_entry(person: str, at: datetime) -> None:
    """In a rehearsal, where anybody enters as anybody without logging in, this is the last login of ``person``."""
    with act():
        Person.objects.filter(code=person).update(entered_at=at)
