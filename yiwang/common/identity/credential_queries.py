"""Reads of credentials, as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yiwang.common.identity.models import Credential, CredentialVersion
from yiwang.common.identity.rules.credentials import (
    EXPIRED,
    PARTS,
    PERSONNEL,
    PUBLIC_KINDS,
    SUBMITTED,
    VERIFIED,
    certificate_key,
    validity,
)
from yiwang.pure.kernel.words import Words


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a credential; ``facts`` by part, ``documents`` of {sha256, name, size}."""

    number: int
    facts: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...]
    status: str
    reasons: tuple[str, ...]
    until: date | None
    submitted_at: datetime
    reviewed_at: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class CredentialLine:
    """A credential with its versions, newest first; ``verified`` is the one that counts (None: none does yet)."""

    code: str
    kind: str
    organisation: str
    organisation_name: str
    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        return self.versions[0]

    @property
    def verified(self) -> Version | None:
        return next((each for each in self.versions if each.status == VERIFIED), None)

    @property
    def shown(self) -> Version:
        """What lists show: the version that counts, else the newest."""
        return self.verified or self.newest

    @property
    def waits(self) -> bool:
        return self.newest.status == SUBMITTED

    @property
    def name(self) -> str:
        """What it is in one line: title and grade, or person and certificate."""
        facts = self.shown.facts
        parts = ("person_name", "title", "specialty") if self.kind == PERSONNEL else ("title", "level")
        return " ".join(str(facts.get(part, "")) for part in parts if facts.get(part))

    def rows(self, version: Version | None = None) -> list[tuple[Words, str, Any]]:
        """The facts of a version (the one shown) as label, type and value, in order."""
        chosen = version or self.shown
        return [(part.words, part.type, chosen.facts.get(part.name, "")) for part in PARTS[self.kind]]

    def validity(self, today: date) -> str:
        return validity(self.shown.until, today)


def _version(row: CredentialVersion) -> Version:
    return Version(
        number=row.number,
        facts=row.facts,
        documents=tuple(row.documents),
        status=row.status,
        reasons=tuple(row.reasons),
        until=row.valid_until,
        submitted_at=row.submitted_at,
        reviewed_at=row.reviewed_at,
        digest=row.digest,
    )


def _lines(rows: Iterable[Credential]) -> list[CredentialLine]:
    return [
        CredentialLine(
            code=row.code,
            kind=row.kind,
            organisation=row.organisation.code,
            organisation_name=row.organisation.name,
            versions=tuple(
                _version(each) for each in sorted(row.versions.all(), key=lambda each: -each.number)
            ),
        )
        for row in rows
    ]


def _standing(**where: object) -> list[CredentialLine]:
    rows = Credential.objects.filter(withdrawn_at=None, **where).select_related("organisation")
    return _lines(rows.prefetch_related("versions").order_by("kind", "made_at", "pk"))


def credentials_of(organisation_code: str) -> list[CredentialLine]:
    """All credentials of an organisation that it did not withdraw."""
    return _standing(organisation__code=organisation_code)


def credential(code: str) -> CredentialLine | None:
    """The credential with this code that was not withdrawn; None where there is none."""
    return next(iter(_standing(code=code)), None)


def usable_credentials(organisation_code: str, today: date, kind: str = "") -> list[CredentialLine]:
    """The verified credentials of an organisation (of one ``kind``) that are valid today."""
    return [
        each
        for each in credentials_of(organisation_code)
        if each.verified is not None and each.validity(today) != EXPIRED and kind in ("", each.kind)
    ]


def public_credentials(organisation_code: str) -> list[CredentialLine]:
    """What everybody may see: verified qualifications and performance, nothing about persons."""
    return [each for each in credentials_of(organisation_code) if each.kind in PUBLIC_KINDS and each.verified]


def waiting_credentials() -> list[CredentialLine]:
    """The credentials that await verification, oldest submission first."""
    waiting = CredentialVersion.objects.filter(status=SUBMITTED, credential__withdrawn_at=None)
    codes = list(waiting.order_by("submitted_at", "pk").values_list("credential__code", flat=True))
    found = {each.code: each for each in _standing(code__in=codes)}
    return [found[code] for code in codes]


def others_with_number(line: CredentialLine) -> list[str]:
    """The names of other organisations that have a standing credential of the same kind and number."""
    number = certificate_key(str(line.newest.facts.get("number", "")))
    if not number:
        return []
    rows = CredentialVersion.objects.filter(
        certificate=number,
        credential__kind=line.kind,
        credential__withdrawn_at=None,
    ).exclude(credential__organisation__code=line.organisation)
    return sorted(set(rows.values_list("credential__organisation__name", flat=True)))
