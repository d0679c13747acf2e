"""Passkeys: made by their owner, used to log in, revoked; an answer that is not genuine is refused without why."""

from __future__ import annotations

from datetime import datetime

from yiwang.common.identity import ceremonies
from yiwang.common.identity.kinds import (
    PASSKEY_COPIED,
    PASSKEY_MADE,
    PASSKEY_REVOKED,
    person_ref,
)
from yiwang.common.identity.models import Passkey, Person
from yiwang.common.identity.permissions import BE_LOGGED_IN
from yiwang.common.identity.rules.passkeys import is_copied, passkey_findings
from yiwang.common.identity.services.asking import locked_person, require, tell
from yiwang.common.identity.services.login import entered, has_second_factor, record_lock, refuse_locked
from yiwang.common.identity.throttle import (
    ADDRESS,
    ONE_TIME_CODE,
    Limit,
    forget_tries,
    note_tries,
    wait_seconds,
)
from yiwang.pure.kernel.actors import APPLICANT, SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, record

WRONG = Finding("passkey-wrong")


def add_passkey(
    by: Actor, name: str, answer: str, challenge: bytes | None, *, asked_at: str, at: datetime
) -> str:
    """A person adds the passkey that their browser made for ``challenge``; gives its code.

    ``asked_at`` is the origin of the request. Refused(passkey-not-made) where the answer is not genuine.
    """
    require(by, BE_LOGGED_IN)
    try:
        if challenge is None:
            raise ceremonies.NotGenuine
        made = ceremonies.made(answer, challenge, asked_at)
    except ceremonies.NotGenuine as error:
        raise Refused([Finding("passkey-not-made")]) from error
    with act():
        person = locked_person(by.person)
        names = set(person.passkeys.filter(revoked_at__isnull=True).values_list("name", flat=True))
        findings = list(passkey_findings(name, names))
        if Passkey.objects.filter(credential=made.credential).exists():
            findings.append(Finding("passkey-known"))
        refuse_if(findings)
        row = person.passkeys.create(
            code=random_code("A"),
            name=name.strip(),
            credential=made.credential,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=list(made.transports),
            made_at=at,
        )
        record(PASSKEY_MADE, about=person_ref(by.person), by=by, at=at, facts={"passkey": row.code})
    return str(row.code)


def enrol_with_passkey(
    person: str, name: str, answer: str, challenge: bytes | None, *, asked_at: str, at: datetime
) -> None:
    """The first passkey of a person who gave the right password and has no second step yet completes the login."""
    by = Actor(person, "", APPLICANT)
    with act():
        row = locked_person(person)
        if has_second_factor(row):
            raise Refused([Finding("login-expired")])
        code = add_passkey(by, name, answer, challenge, asked_at=asked_at, at=at)
        entered(row, at, passkey=code)


def revoke_passkey(by: Actor, code: str, *, at: datetime) -> None:
    """A person revokes a passkey of their own; it opens nothing from then on."""
    require(by, BE_LOGGED_IN)
    with act():
        owner = locked_person(by.person)
        row = Passkey.objects.filter(code=code, person__code=by.person, revoked_at__isnull=True).first()
        if row is None:
            raise Refused([Finding("passkey-unknown")])
        last = not owner.totp_sealed and owner.passkeys.filter(revoked_at__isnull=True).count() == 1
        refuse_if([Finding("second-factor-last")] if last else [])
        _revoke(by, row, at)


def revoke_all_passkeys(by: Actor, person: Person, at: datetime) -> None:
    """Revokes every passkey of a person; inside the act of the verb that calls it."""
    for row in person.passkeys.filter(revoked_at__isnull=True).select_related("person"):
        _revoke(by, row, at)


def _revoke(by: Actor, row: Passkey, at: datetime) -> None:
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    record(PASSKEY_REVOKED, about=person_ref(row.person.code), by=by, at=at, facts={"passkey": row.code})


def log_in_with_passkey(
    answer: str,
    challenge: bytes | None,
    *,
    asked_at: str,
    address: str,
    now: datetime,
    at: datetime,
    person: str = "",
) -> str:
    """The person whose passkey signed ``challenge``; their login is complete and on record.

    ``person`` is who gave the right password before, where the passkey is the second step. Refused with the one
    finding ``passkey-wrong`` for every reason, Refused(login-locked) after too many tries.
    """
    tries: list[tuple[Limit, str]] = [(ONE_TIME_CODE, person)] if person else [(ADDRESS, address)]
    refuse_locked(wait_seconds(tries, now))
    try:
        found = _used(answer, challenge, asked_at, person, at)
    except ceremonies.NotGenuine as error:
        if note_tries(tries, now) and person:
            record_lock(Person.objects.get(code=person).username, at)
        raise Refused([WRONG]) from error
    if person:
        forget_tries(tries)
    return found


def _used(answer: str, challenge: bytes | None, asked_at: str, person: str, at: datetime) -> str:
    if challenge is None:
        raise ceremonies.NotGenuine
    credential = ceremonies.credential_of(answer)
    copied = False
    with act():
        row = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(credential=credential, revoked_at__isnull=True, person__is_active=True)
            .first()
        )
        if row is None or (person and row.person.code != person):
            raise ceremonies.NotGenuine
        count = ceremonies.counter_of(answer, challenge, asked_at, row.public_key, row.person.code)
        about = person_ref(row.person.code)
        copied = is_copied(row.sign_count, count)
        if copied:
            tell(row.person, PASSKEY_COPIED.name, at)
            record(PASSKEY_COPIED, about=about, by=SYSTEM_ACTOR, at=at, facts={"passkey": row.code})
        else:
            row.sign_count = count
            row.used_at = at
            row.save(update_fields=["sign_count", "used_at"])
            entered(row.person, at, passkey=row.code)
    if copied:
        raise ceremonies.NotGenuine
    return str(row.person.code)
