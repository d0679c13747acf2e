"""Logging in: password, then one-time code; each step counted, each login on record."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest

from yiwang.common.identity import codes
from yiwang.common.identity.kinds import LOGGED_IN, LOGIN_LOCKED, PERSON_ENROLLED, person_ref
from yiwang.common.identity.models import Person
from yiwang.common.identity.services.asking import locked_person
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
from yiwang.record.journal.api import act, record

LOCKOUT_SOURCE = "GB/T 22239-2019"


def _refuse_locked(seconds: int) -> None:
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
    name = username.strip()
    tries = [(LOGIN_FROM_ADDRESS, f"{name}\0{address}"), (LOGIN, name), (ADDRESS, address)]
    _refuse_locked(wait_seconds(tries, now))
    person = authenticate(request, username=name, password=password)
    if isinstance(person, Person):
        forget_tries(tries[:1])
        return person.code
    if note_tries(tries, now):
        _record_lock(name, at)
    raise Refused([Finding("login-wrong")])


def _record_lock(username: str, at: datetime) -> None:
    """A lock is an event of somebody's account; of names that nobody has there is nothing to record."""
    person = Person.objects.filter(username=username).first()
    if person is not None:
        with act():
            record(LOGIN_LOCKED, about=person_ref(person.code), by=SYSTEM_ACTOR, at=at, facts={})


def check_code(person: str, code: str, *, now: datetime, at: datetime) -> None:
    """Completes the login of ``person`` with a one-time code that was never used before; recorded.

    Refused(code-wrong), Refused(login-locked).
    """
    tries = [(ONE_TIME_CODE, person)]
    _refuse_locked(wait_seconds(tries, now))
    with act():
        row = locked_person(person)
        step = codes.step_of(codes.unseal(row.totp_sealed), code, now, row.totp_step)
        if step is not None:
            _entered(row, step, at)
    if step is None:
        if note_tries(tries, now):
            _record_lock(row.username, at)
        raise Refused([Finding("code-wrong", "", {}, "code")])
    forget_tries(tries)


def enrol(person: str, secret: str, code: str, *, now: datetime, at: datetime) -> None:
    """Ties the app that shows ``code`` for ``secret`` to ``person`` and completes the login. Refused(code-wrong).

    Only for a person who has none yet: changing an app needs a reset by an operator.
    """
    tries = [(ONE_TIME_CODE, person)]
    _refuse_locked(wait_seconds(tries, now))
    step = codes.step_of(secret, code, now, 0)
    if step is None:
        note_tries(tries, now)
        raise Refused([Finding("code-wrong", "", {}, "code")])
    with act():
        row = locked_person(person)
        if row.totp_sealed:
            raise Refused([Finding("login-expired")])
        row.totp_sealed = codes.seal(secret)
        row.save(update_fields=["totp_sealed"])
        by = Actor(person, "", APPLICANT)
        record(PERSON_ENROLLED, about=person_ref(person), by=by, at=at, facts={})
        _entered(row, step, at)


def _entered(row: Person, step: int, at: datetime) -> None:
    row.totp_step = step
    row.save(update_fields=["totp_step"])
    by = Actor(row.code, "", APPLICANT)
    record(LOGGED_IN, about=person_ref(row.code), by=by, at=at, facts={})
