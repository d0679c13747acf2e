"""Says of every request who acts: ``request.actor``, and for the page's head ``request.chip``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from yiwang.common.identity.models import Expert, Membership, Organisation
from yiwang.common.identity.permissions import (
    DELEGATE,
    EDIT_ORGANISATION,
    KEEP_CREDENTIALS,
    MANAGE_KEYS,
    MANAGE_PEOPLE,
    REGISTER_EXPERTS,
    RESET_LOGINS,
    REVIEW_ORGANISATIONS,
    SEE_ORGANISATIONS,
)
from yiwang.common.identity.rules.register import ADMITTED, ROLE_WORDS
from yiwang.common.shell.api import address
from yiwang.pure.kernel.actors import ANYONE, APPLICANT, EXPERT, Actor
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import KeptQuery, business_now

MEMBERSHIP_KEY = "identity.membership"
_OF_MEMBERSHIP = [each.attname for each in Membership._meta.concrete_fields]
_OF_ORGANISATION = [each.attname for each in Organisation._meta.concrete_fields]


@dataclass(frozen=True, slots=True)
class Chip:
    """Who is logged in, as the head of the page shows it; ``several``: may change the role."""

    person: str
    organisation: str
    role: Words
    several: bool
    actor: Actor

    @property
    def links(self) -> tuple[tuple[Words, str], ...]:
        """The pages of identity that are this actor's own."""
        links = []
        if EDIT_ORGANISATION.allows(self.actor) and self.actor.organisation:
            links.append((Words("单位信息", "My organisation"), address("identity:my-organisation")))
        if MANAGE_PEOPLE.allows(self.actor):
            links.append((Words("本单位人员", "People of the organisation"), address("identity:people")))
        if KEEP_CREDENTIALS.allows(self.actor):
            links.append((Words("资信记录", "Credentials"), address("identity:credentials")))
        if REVIEW_ORGANISATIONS.allows(self.actor):
            links.append((Words("资信核验", "Verification"), address("identity:credential-reviews")))
        if DELEGATE.allows(self.actor):
            links.append((Words("委托办理", "Delegation"), address("identity:delegation")))
        if RESET_LOGINS.allows(self.actor):
            links.append((Words("重置登录", "Resets of logins"), address("identity:resets")))
        if MANAGE_KEYS.allows(self.actor):
            links.append((Words("接口密钥", "API keys"), address("identity:keys")))
        links.append((Words("登录与安全", "Login and security"), address("identity:passkeys")))
        if SEE_ORGANISATIONS.allows(self.actor):
            links.append((Words("主体库与审核", "Register and review"), address("identity:review")))
        if REGISTER_EXPERTS.allows(self.actor):
            links.append((Words("评标专家", "Experts"), address("identity:experts")))
        return tuple(links)


class ActorMiddleware:
    """Sets ``request.actor`` and ``request.chip`` (None for visitors).

    Membership is asked of the database on every request: who was removed a second ago acts no more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor, chip = acting(request)
        request.actor = actor
        request.chip = chip
        return self.get_response(request)


def acting(request: HttpRequest) -> tuple[Actor, Chip | None]:
    """The actor of the session, as the register stands now.

    One membership is taken by itself; of several, the one chosen; until one is chosen, and for a person
    without any, the role is APPLICANT without an organisation.
    """
    if not request.user.is_authenticated:
        return ANYONE, None
    person = request.user
    memberships = valid_memberships(person.code)
    chosen = request.session.get(MEMBERSHIP_KEY)
    current = next((each for each in memberships if each.pk == chosen), None)
    if current is None and len(memberships) == 1:
        current = memberships[0]
    several = len(memberships) > 1
    if current is None and not several and is_expert(person.code):
        actor = Actor(person.code, "", EXPERT)
        return actor, Chip(person.name, "", ROLE_WORDS[EXPERT], several, actor)
    if current is None:
        actor = Actor(person.code, "", APPLICANT)
        return actor, Chip(person.name, "", ROLE_WORDS[APPLICANT], several, actor)
    organisation = current.organisation
    role = current.role if organisation.status == ADMITTED else APPLICANT
    actor = Actor(person.code, organisation.code, role)
    return actor, Chip(person.name, organisation.name, ROLE_WORDS[role], several, actor)


def is_expert(person: str) -> bool:
    """Whether ``person`` (code) may sit on evaluation committees now."""
    return Expert.objects.filter(person__code=person, person__is_active=True, until_at__isnull=True).exists()


_VALID = KeptQuery(
    lambda person, now: (
        Membership.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            person__code=person,
            person__is_active=True,
            until_at__isnull=True,
            suspended_at__isnull=True,
        )
        .order_by("since_at", "pk")
        .values_list(*_OF_MEMBERSHIP, *(f"organisation__{each}" for each in _OF_ORGANISATION))
    )
)


def valid_memberships(person: str) -> list[Membership]:
    """The memberships that ``person`` (code) holds now with their organisations, oldest first."""
    found = []
    for row in _VALID.rows(person, business_now()):
        membership = Membership.from_db(DEFAULT_DB_ALIAS, _OF_MEMBERSHIP, row[: len(_OF_MEMBERSHIP)])
        organisation = row[len(_OF_MEMBERSHIP) :]
        membership.organisation = Organisation.from_db(DEFAULT_DB_ALIAS, _OF_ORGANISATION, organisation)
        found.append(membership)
    return found
