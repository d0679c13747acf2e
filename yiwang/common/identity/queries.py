"""Reads of the register, as frozen dataclasses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from yiwang.common.identity.kinds import LOGIN_WORDS, person_ref
from yiwang.common.identity.models import (
    AdministratorRequest,
    ApiKey,
    Avoidance,
    CredentialVersion,
    Expert,
    Invitation,
    LoginReset,
    Membership,
    Organisation,
    Passkey,
    Person,
    RecoveryCode,
    Ties,
)
from yiwang.common.identity.rules.credentials import SUBMITTED as CREDENTIAL_SUBMITTED
from yiwang.common.identity.rules.people import OPEN
from yiwang.common.identity.rules.recovery import ASKED
from yiwang.common.identity.rules.register import ADMITTED, SUBMITTED
from yiwang.pure.kernel.actors import APPLICANT, CENTRE, EXPERT, OPERATOR, Actor
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import KeptQuery, timeline


class NoSuchParty(LookupError):
    """No organisation, or no person, has this code."""


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation on the register or on its way there.

    ``code`` is its 统一社会信用代码, ``region`` a code of GB/T 2260, ``roles`` those held (asked for, while
    ``status`` is not ``admitted``).
    """

    code: str
    name: str
    region: str
    roles: frozenset[str]
    contact_name: str
    contact_phone: str
    address: str
    status: str

    @property
    def admitted(self) -> bool:
        return self.status == ADMITTED


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one role of an organisation."""

    person: str
    name: str
    organisation: str
    organisation_name: str
    role: str
    administrator: bool
    since_at: datetime


def _party(row: Organisation) -> Party:
    return Party(
        code=row.code,
        name=row.name,
        region=row.region,
        roles=frozenset(row.roles),
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        address=row.address,
        status=row.status,
    )


def organisation(code: str) -> Party:
    """The organisation with this 统一社会信用代码. Raises NoSuchParty."""
    row = Organisation.objects.filter(code=code).first()
    if row is None:
        raise NoSuchParty(code)
    return _party(row)


def organisations(codes: Iterable[str]) -> dict[str, Party]:
    """The organisations with these codes, in one query; codes that nobody has are left out."""
    return {row.code: _party(row) for row in Organisation.objects.filter(code__in=set(codes))}


def parties(role: str | None = None) -> list[Party]:
    """The admitted organisations (that hold ``role``), by name."""
    found = [_party(row) for row in Organisation.objects.filter(status=ADMITTED).order_by("name", "code")]
    return [each for each in found if role is None or role in each.roles]


def waiting_registrations() -> int:
    """How many organisations await the centre's review."""
    return _first(_REGISTRATIONS)


def address_of(person: str) -> str:
    """The mail address of an account, closed or not; "" where it has none. Personal: only for mail to its owner."""
    return Person.objects.filter(code=person).values_list("email", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Verifications:
    """What waits in this room for somebody of the centre: registrations, credentials, requests of others to decide on."""

    registrations: int
    credentials: int
    resets: int
    administrators: int
    ties: int = 0


def waiting_verifications(actor: Actor) -> Verifications:
    """What the actor, of the centre, may verify or decide now; what they asked for themselves waits for others."""
    person = actor.person
    return Verifications(
        registrations=_first(_REGISTRATIONS),
        credentials=_first(_CREDENTIALS),
        resets=_first(_RESETS, person),
        administrators=_first(_ADMINISTRATORS, person),
        ties=_first(_TIES),
    )


def _first(counting: KeptQuery, *values: str) -> int:
    """The number that a query counts; it gives no row where there is nothing to count."""
    found = counting.first(*values)
    return int(found[0]) if found else 0


def _by_status[T: QuerySet[Any]](rows: T) -> QuerySet[Any]:
    """How many of ``rows``, which all have one status, there are."""
    return rows.order_by().values("status").annotate(number=Count("pk")).values_list("number")


_REGISTRATIONS = KeptQuery(lambda: _by_status(Organisation.objects.filter(status=SUBMITTED)))
_CREDENTIALS = KeptQuery(
    lambda: _by_status(
        CredentialVersion.objects.filter(status=CREDENTIAL_SUBMITTED, credential__withdrawn_at=None)
    )
)
_RESETS = KeptQuery(
    lambda person: _by_status(
        LoginReset.objects.filter(status=ASKED).exclude(asked_by=person).exclude(person__code=person)
    )
)
_ADMINISTRATORS = KeptQuery(
    lambda person: _by_status(AdministratorRequest.objects.filter(status=ASKED).exclude(asked_by=person))
)
_TIES = KeptQuery(lambda: _by_status(Ties.objects.filter(status=CREDENTIAL_SUBMITTED)))


def person_name(code: str) -> str:
    """The name of a person. Raises NoSuchParty. Personal: never put it where the public reads."""
    name = Person.objects.filter(code=code).values_list("name", flat=True).first()
    if name is None:
        raise NoSuchParty(code)
    return name


def organisation_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of organisations by code, in one query; codes that nobody has are left out."""
    wanted = set(codes)
    return dict(Organisation.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


def organisations_called(text: str, most: int = 200) -> list[str]:
    """The codes of organisations whose name or code contains ``text``; at most ``most``, by name."""
    found = Organisation.objects.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return list(found.order_by("name", "code").values_list("code", flat=True)[:most])


def person_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of people by code, in one query. Personal: never put them where the public reads."""
    wanted = set(codes)
    return dict(Person.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


def _members(**where: object) -> list[Member]:
    rows = (
        Membership.objects.filter(
            until_at__isnull=True, suspended_at__isnull=True, person__is_active=True, **where
        )
        .select_related("person", "organisation")
        .order_by("organisation__name", "since_at", "pk")
    )
    return [
        Member(
            person=row.person.code,
            name=row.person.name,
            organisation=row.organisation.code,
            organisation_name=row.organisation.name,
            role=row.role,
            administrator=row.administrator,
            since_at=row.since_at,
        )
        for row in rows
    ]


def people_of(organisation_code: str, role: str | None = None) -> list[Member]:
    """Who acts for an organisation now (in ``role``), one row a person and role."""
    where = {"organisation__code": organisation_code}
    return _members(**where) if role is None else _members(**where, role=role)


_NAMES_OF_PEOPLE = KeptQuery(
    lambda organisation, role: Membership.objects.filter(
        until_at__isnull=True,
        suspended_at__isnull=True,
        person__is_active=True,
        organisation__code=organisation,
        role=role,
    ).values_list("person__code", "person__name")
)


def names_of_people(organisation_code: str, role: str) -> list[tuple[str, str]]:
    """Code and name of who acts for an organisation now in a role. Personal: never put them where the public reads."""
    return [(code, name) for code, name in _NAMES_OF_PEOPLE.rows(organisation_code, role)]


def members(person: str) -> list[Member]:
    """The roles that a person holds now; an expert's is for no organisation."""
    return [*_members(person__code=person), *_expert_seats(person__code=person)]


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """Somebody who may sit on evaluation committees, as the centre sees them. Personal: never for the public."""

    person: str
    name: str
    kind: str
    specialty: str
    title: str
    years: int
    employer: str
    employer_code: str
    since_at: datetime
    also: tuple[str, ...] = ()
    city: str = ""
    standing: str = ""
    away_until_on: date | None = None
    avoids: tuple[str, ...] = ()
    phone: str = ""

    @property
    def specialties(self) -> tuple[str, ...]:
        """All of them, the first in front."""
        return (self.specialty, *self.also)


def experts(people: Iterable[str] | None = None) -> list[ExpertLine]:
    """Who may sit on committees now, by name; only those among ``people`` where given."""
    rows = Expert.objects.filter(until_at__isnull=True, person__is_active=True).select_related("person")
    avoided = Avoidance.objects.filter(ended_at=None).order_by("pk")
    rows = rows.prefetch_related(Prefetch("avoidances", queryset=avoided))
    if people is not None:
        rows = rows.filter(person__code__in=set(people))
    return [
        ExpertLine(
            person=row.person.code,
            name=row.person.name,
            kind=row.kind,
            specialty=row.specialty,
            title=row.title,
            years=row.years,
            employer=row.employer,
            employer_code=row.employer_code,
            since_at=row.since_at,
            also=tuple(row.also),
            city=row.city,
            standing=row.standing,
            away_until_on=row.away_until_on,
            avoids=tuple(each.organisation for each in row.avoidances.all()),
            phone=row.person.phone,
        )
        for row in rows.order_by("person__name", "pk")
    ]


def _expert_seats(**where: object) -> list[Member]:
    rows = Expert.objects.filter(until_at__isnull=True, person__is_active=True, **where)
    return [
        Member(
            person=row.person.code,
            name=row.person.name,
            organisation="",
            organisation_name="",
            role=EXPERT,
            administrator=False,
            since_at=row.since_at,
        )
        for row in rows.select_related("person").order_by("since_at", "pk")
    ]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """An API key that works: whose, for which role; never the key itself. ``beginning`` tells keys apart."""

    code: str
    name: str
    beginning: str
    person: str
    person_name: str
    organisation: str
    role: str
    made_at: datetime


def key_sha256(key: str) -> str:
    """The digest under which a key is stored."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Seat:
    """A role of a person in an organisation, as its administrators see it; ``delegated_by`` is a name ("": granted)."""

    role: str
    since_at: datetime
    ends_at: datetime | None
    delegated_by: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of an organisation, with all roles there; ``entered_at`` is the last login (None: none yet)."""

    person: str
    name: str
    username: str
    administrator: bool
    suspended: bool
    entered_at: datetime | None
    seats: tuple[Seat, ...]


def colleagues(organisation_code: str) -> list[Colleague]:
    """Everybody who acts for an organisation or is suspended there, by name."""
    rows = (
        Membership.objects.filter(
            organisation__code=organisation_code, until_at__isnull=True, person__is_active=True
        )
        .select_related("person")
        .order_by("person__name", "person__code", "since_at", "pk")
    )
    held: dict[str, list[Membership]] = {}
    for row in rows:
        held.setdefault(row.person.code, []).append(row)
    names = {code: rows[0].person.name for code, rows in held.items()}
    return [
        Colleague(
            person=code,
            name=names[code],
            username=rows[0].person.username,
            administrator=any(each.administrator for each in rows),
            suspended=all(each.suspended_at is not None for each in rows),
            entered_at=rows[0].person.entered_at,
            seats=tuple(
                Seat(each.role, each.since_at, each.ends_at, names.get(each.delegated_by, each.delegated_by))
                for each in rows
            ),
        )
        for code, rows in held.items()
    ]


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation that was not accepted yet."""

    code: str
    name: str
    roles: tuple[str, ...]
    administrator: bool
    ends_at: datetime | None
    made_at: datetime
    good_until: datetime


def invitations_of(organisation_code: str) -> list[InvitationLine]:
    """The open invitations of an organisation, newest first."""
    rows = Invitation.objects.filter(organisation__code=organisation_code, status=OPEN)
    return [
        InvitationLine(
            each.code,
            each.name,
            tuple(each.roles),
            each.administrator,
            each.ends_at,
            each.made_at,
            each.good_until,
        )
        for each in rows.order_by("-made_at", "-pk")
    ]


def keys_of(organisation_code: str) -> list[KeyLine]:
    """The keys of an organisation that were not revoked and whose membership stands, oldest first."""
    rows = (
        ApiKey.objects.filter(
            membership__organisation__code=organisation_code,
            revoked_at__isnull=True,
            membership__until_at__isnull=True,
        )
        .select_related("membership__person", "membership__organisation")
        .order_by("made_at", "pk")
    )
    return [
        KeyLine(
            code=row.code,
            name=row.name,
            beginning=row.beginning,
            person=row.membership.person.code,
            person_name=row.membership.person.name,
            organisation=row.membership.organisation.code,
            role=row.membership.role,
            made_at=row.made_at,
        )
        for row in rows
    ]


_WORKING_KEY = KeptQuery(
    lambda sha256: ApiKey.objects.filter(
        sha256=sha256,
        revoked_at__isnull=True,
        membership__until_at__isnull=True,
        membership__suspended_at__isnull=True,
        membership__person__is_active=True,
    ).values_list(
        "membership__person__code",
        "membership__organisation__code",
        "membership__role",
        "membership__organisation__status",
        "membership__ends_at",
    )[:1]
)


def actor_of_key(key: str, now: Callable[[], datetime] | None = None) -> Actor | None:
    """Who acts with this key, as the register stands now; None where the key is unknown or works no more.

    ``now`` (business time; asked only where there is a planned end) makes that end count to the second. The key stops with its revocation, with the
    membership, with the person's login; while the organisation is not admitted the role is APPLICANT, as in a session.
    """
    row = _WORKING_KEY.first(key_sha256(key))
    if row is None:
        return None
    person, organisation_code, role, status, ends_at = row
    if now is not None and ends_at is not None and ends_at <= now():
        return None
    return Actor(person, organisation_code, role if status == ADMITTED else APPLICANT)


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey that works; ``credential`` is its id in base64url, ``used_at`` its last login (None: none yet)."""

    code: str
    name: str
    credential: str
    transports: tuple[str, ...]
    made_at: datetime
    used_at: datetime | None


def passkeys_of(person: str) -> list[PasskeyLine]:
    """The passkeys of a person that were not revoked, oldest first."""
    rows = Passkey.objects.filter(person__code=person, revoked_at__isnull=True).order_by("made_at", "pk")
    return [
        PasskeyLine(each.code, each.name, each.credential, tuple(each.transports), each.made_at, each.used_at)
        for each in rows
    ]


def own_events(person: str, most: int = 12) -> list[tuple[datetime, Words]]:
    """What happened to the login of a person lately, newest first, for its owner."""
    entries = timeline(person_ref(person), public_only=False)
    return [(each.at, LOGIN_WORDS[each.kind]) for each in reversed(entries) if each.kind in LOGIN_WORDS][
        :most
    ]


def recovery_codes_left(person: str) -> int:
    """How many recovery codes of a person still open something."""
    return RecoveryCode.objects.filter(
        person__code=person, used_at__isnull=True, voided_at__isnull=True
    ).count()


@dataclass(frozen=True, slots=True)
class ResetLine:
    """A reset as who may decide on it sees it; ``decidable``: they are a second pair of eyes and it waits."""

    code: str
    person: str
    username: str
    name: str
    reason: str
    status: str
    asked_by: str
    asked_at: datetime
    decidable: bool


def resets_for(actor: Actor, most: int = 50) -> list[ResetLine]:
    """The resets that an actor may see, newest first: all for the house, for administrators those of their people."""
    rows = LoginReset.objects.select_related("person").order_by("-asked_at", "-pk")
    if actor.role not in (CENTRE, OPERATOR):
        if not administers(actor):
            return []
        own = Membership.objects.filter(organisation__code=actor.organisation, until_at__isnull=True)
        rows = rows.filter(person__in=own.values("person"))
    found = list(rows[:most])
    names = person_names(each.asked_by for each in found)
    return [
        ResetLine(
            each.code,
            each.person.code,
            each.person.username,
            each.person.name,
            each.reason,
            each.status,
            names.get(each.asked_by, ""),
            each.asked_at,
            each.status == ASKED and actor.person not in (each.asked_by, each.person.code),
        )
        for each in found
    ]


def administers(actor: Actor) -> bool:
    """Whether the actor is an administrator of the organisation for which they act."""
    return any(
        each.administrator and each.organisation == actor.organisation for each in members(actor.person)
    )


def rehearsal_people(most_per_role: int = 30) -> list[Member]:
    """People for the page "enter as …": at most ``most_per_role`` for each role, colleagues side by side.

    Organisations stand in the order in which they came; a notice needs two people of one organisation, so
    colleagues must both be there.
    """
    counts: dict[str, int] = {}
    chosen: list[Member] = []
    first: dict[str, int] = {}
    by_age = sorted([*_members(), *_expert_seats()], key=lambda member: member.since_at)
    for place, each in enumerate(by_age):
        first.setdefault(each.organisation, place)
    for each in sorted(by_age, key=lambda member: first[member.organisation]):
        counts[each.role] = counts.get(each.role, 0) + 1
        if counts[each.role] <= most_per_role:
            chosen.append(each)
    return chosen


@dataclass(frozen=True, slots=True)
class AdministratorLine:
    """A request for a new administrator as the centre sees it; ``decidable``: the reader is a second pair of eyes."""

    code: str
    organisation: str
    organisation_name: str
    username: str
    name: str
    reason: str
    status: str
    asked_by: str
    asked_at: datetime
    decidable: bool


def administrator_requests(actor: Actor, most: int = 50) -> list[AdministratorLine]:
    """The requests for new administrators, newest first."""
    rows = AdministratorRequest.objects.select_related("person", "organisation")
    found = list(rows.order_by("-asked_at", "-pk")[:most])
    names = person_names(each.asked_by for each in found)
    return [
        AdministratorLine(
            each.code,
            each.organisation.code,
            each.organisation.name,
            each.person.username,
            each.person.name,
            each.reason,
            each.status,
            names.get(each.asked_by, ""),
            each.asked_at,
            each.status == ASKED and actor.person not in (each.asked_by, each.person.code),
        )
        for each in found
    ]
