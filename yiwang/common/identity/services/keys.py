"""API keys: made by an administrator for themselves, shown once, revoked at any time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from yiwang.common.identity.kinds import API_KEY_MADE, API_KEY_REVOKED, person_ref
from yiwang.common.identity.models import ApiKey, Membership
from yiwang.common.identity.permissions import MANAGE_KEYS
from yiwang.common.identity.queries import key_sha256, keys_of
from yiwang.common.identity.rules.register import key_findings
from yiwang.common.identity.services.asking import administrator_findings, locked_organisation, require
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, record

PREFIX = "yw_"
_BYTES = 32
_SHOWN = len(PREFIX) + 6


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made: ``key`` is what the program sends, and is stored nowhere."""

    code: str
    key: str


def make_key(by: Actor, name: str, *, at: datetime) -> NewKey:
    """An administrator makes a key that acts as they do now: same person, organisation and role.

    For themselves only: with a key in a colleague's name one person could both draft and confirm.
    """
    require(by, MANAGE_KEYS)
    with act():
        locked_organisation(by.organisation)
        membership = Membership.objects.filter(
            person__code=by.person,
            organisation__code=by.organisation,
            role=by.role,
            until_at__isnull=True,
        ).first()
        names = {each.name for each in keys_of(by.organisation)}
        findings = [*administrator_findings(by, by.organisation), *key_findings(name, names)]
        if membership is None:
            raise Refused([*findings, Finding("membership-unknown")])
        refuse_if(findings)
        key = PREFIX + secrets.token_urlsafe(_BYTES)
        made = ApiKey.objects.create(
            code=random_code("K"),
            membership=membership,
            name=name.strip(),
            beginning=key[:_SHOWN],
            sha256=key_sha256(key),
            made_at=at,
        )
        facts = {"key": made.code, "organisation": by.organisation, "role": by.role}
        record(API_KEY_MADE, about=person_ref(by.person), by=by, at=at, facts=facts)
    return NewKey(made.code, key)


def revoke_key(by: Actor, code: str, *, at: datetime) -> None:
    """An administrator revokes a key of the organisation, whoever made it; it is refused from then on."""
    require(by, MANAGE_KEYS)
    with act():
        locked_organisation(by.organisation)
        key = (
            ApiKey.objects.select_related("membership__person")
            .filter(code=code, membership__organisation__code=by.organisation, revoked_at__isnull=True)
            .first()
        )
        findings = list(administrator_findings(by, by.organisation))
        if key is None:
            raise Refused([*findings, Finding("key-unknown")])
        refuse_if(findings)
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        facts = {"key": code, "organisation": by.organisation}
        record(API_KEY_REVOKED, about=person_ref(key.membership.person.code), by=by, at=at, facts=facts)
