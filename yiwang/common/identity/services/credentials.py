"""Credentials: submitted with their papers, verified by somebody else, versions kept, frozen into bids."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from yiwang.common.identity.kinds import (
    CREDENTIAL_RETURNED,
    CREDENTIAL_SUBMITTED,
    CREDENTIAL_VERIFIED,
    CREDENTIAL_WITHDRAWN,
    PERSONNEL_VERIFIED,
    organisation_ref,
)
from yiwang.common.identity.models import Credential, CredentialVersion, Membership
from yiwang.common.identity.permissions import KEEP_CREDENTIALS, REVIEW_ORGANISATIONS
from yiwang.common.identity.rules.credentials import (
    KINDS,
    PARTS,
    PERSONNEL,
    RETURNED,
    SUBMITTED,
    VERIFIED,
    Chosen,
    certificate_key,
    credential_findings,
    snapshot_findings,
    valid_until,
    verification_findings,
)
from yiwang.common.identity.rules.register import ADMITTED, reasons_findings
from yiwang.common.identity.services.asking import locked_organisation, require
from yiwang.pure.kernel import canonical
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import JSON, act, record

SNAPSHOT_NAME = "资信记录快照.json"
SNAPSHOT_FORMAT = "yiwang-credentials/2"
SNAPSHOT_AT_MOST = 1 << 20


def submit_credential(
    by: Actor,
    kind: str,
    facts: Mapping[str, JSON],
    documents: Sequence[files.Document],
    *,
    at: datetime,
    code: str = "",
) -> str:
    """Submits a credential of the organisation of ``by`` for verification, or with ``code`` a new version; its code.

    What was verified before counts until the new version is. Refused with every objection, at its field.
    """
    require(by, KEEP_CREDENTIALS)
    with act():
        body = locked_organisation(by.organisation)
        kept = {part.name: _clean(facts.get(part.name)) for part in PARTS.get(kind, ())}
        findings = [] if kind in KINDS else [Finding("credential-unknown")]
        if body.status != ADMITTED:
            findings.append(Finding("credential-not-admitted"))
        findings += credential_findings(kind, kept, len(documents), local_day(at)) if kind in KINDS else []
        findings += _duplicates(by.organisation, kind, str(kept.get("number", "")), code)
        row = Credential.objects.filter(code=code, organisation=body, kind=kind, withdrawn_at=None).first()
        if code and row is None:
            findings.append(Finding("credential-unknown"))
        if row is not None and row.versions.filter(status=SUBMITTED).exists():
            findings.append(Finding("credential-open"))
        refuse_if(findings)
        if row is None:
            row = body.credentials.create(code=random_code("D"), kind=kind, made_at=at)
        version = _version(by, row, kept, documents, at)
        said: dict[str, JSON] = {"credential": row.code, "kind": kind, "version": version.number}
        record(
            CREDENTIAL_SUBMITTED,
            about=organisation_ref(body.code),
            by=by,
            at=at,
            facts={**said, "digest": version.digest},
            documents=[each.sha256 for each in documents],
        )
    return str(row.code)


def _clean(value: object) -> JSON:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else value if isinstance(value, int) else str(value)


def _duplicates(organisation: str, kind: str, number: str, code: str) -> list[Finding]:
    same = CredentialVersion.objects.filter(
        credential__organisation__code=organisation,
        credential__kind=kind,
        credential__withdrawn_at=None,
        certificate=certificate_key(number),
    ).exclude(credential__code=code)
    taken = certificate_key(number) and same.exists()
    return [Finding("credential-number-taken", "", {}, "number")] if taken else []


def _version(
    by: Actor, row: Credential, facts: Mapping[str, JSON], documents: Sequence[files.Document], at: datetime
) -> CredentialVersion:
    papers: list[JSON] = [{"sha256": each.sha256, "name": each.name, "size": each.size} for each in documents]
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    made: CredentialVersion = row.versions.create(
        number=last + 1,
        facts=dict(facts),
        documents=papers,
        certificate=certificate_key(str(facts.get("number", ""))),
        digest=canonical.digest({"facts": dict(facts), "documents": papers}),
        valid_until=valid_until(facts),
        submitted_by=by.person,
        submitted_at=at,
    )
    return made


def _open_version(by: Actor, code: str) -> tuple[CredentialVersion, list[Finding]]:
    version = (
        CredentialVersion.objects.select_for_update(of=("self",))
        .select_related("credential__organisation")
        .filter(credential__code=code, credential__withdrawn_at=None)
        .order_by("-number")
        .first()
    )
    if version is None:
        raise Refused([Finding("credential-unknown")])
    belongs = Membership.objects.filter(person__code=by.person, until_at__isnull=True)
    member_of = set(belongs.values_list("organisation__code", flat=True))
    organisation = version.credential.organisation.code
    findings = verification_findings(version.status, organisation, version.submitted_by, by, member_of)
    return version, list(findings)


def verify_credential(by: Actor, code: str, *, at: datetime) -> None:
    """The centre has compared a submitted version with its papers: it counts from now on, the one before no more."""
    require(by, REVIEW_ORGANISATIONS)
    with act():
        version, findings = _open_version(by, code)
        refuse_if(findings)
        _decide(by, version, VERIFIED, [], at)
        credential = version.credential
        said: dict[str, JSON] = {"credential": code, "kind": credential.kind, "version": version.number}
        about = organisation_ref(credential.organisation.code)
        if credential.kind == PERSONNEL:
            record(PERSONNEL_VERIFIED, about=about, by=by, at=at, facts={**said, "digest": version.digest})
        else:
            title = str(version.facts["title"])
            record(CREDENTIAL_VERIFIED, about=about, by=by, at=at, facts={**said, "title": title})


def return_credential(by: Actor, code: str, reasons: Sequence[str], *, at: datetime) -> None:
    """Returns a submitted version with the reasons that its organisation will read."""
    require(by, REVIEW_ORGANISATIONS)
    with act():
        version, findings = _open_version(by, code)
        refuse_if([*findings, *reasons_findings(reasons)])
        _decide(by, version, RETURNED, [each.strip() for each in reasons], at)
        record(
            CREDENTIAL_RETURNED,
            about=organisation_ref(version.credential.organisation.code),
            by=by,
            at=at,
            facts={"credential": code, "version": version.number},
            private={"reasons": version.reasons},
        )


def _decide(by: Actor, version: CredentialVersion, status: str, reasons: list[str], at: datetime) -> None:
    version.status, version.reasons = status, reasons
    version.reviewed_by, version.reviewed_at = by.person, at
    version.save(update_fields=["status", "reasons", "reviewed_by", "reviewed_at"])


def withdraw_credential(by: Actor, code: str, *, at: datetime) -> None:
    """The organisation takes a credential off the register; bids that carry a snapshot of it keep it."""
    require(by, KEEP_CREDENTIALS)
    with act():
        body = locked_organisation(by.organisation)
        if not body.credentials.filter(code=code, withdrawn_at=None).update(withdrawn_at=at):
            raise Refused([Finding("credential-unknown")])
        facts = {"credential": code}
        record(CREDENTIAL_WITHDRAWN, about=organisation_ref(body.code), by=by, at=at, facts=facts)


def snapshot(by: Actor, codes: Collection[str], *, at: datetime) -> list[files.Document]:
    """The verified credentials ``codes`` of the organisation of ``by``, frozen as a document, and their papers.

    Facts stand under the names of their parts, which stay; what they are called stands beside them. The same choice gives the same bytes, so its digest in the bid tells what was verified then. Empty for none.
    """
    require(by, KEEP_CREDENTIALS)
    wanted = sorted(set(codes))
    if not wanted:
        return []
    chosen: dict[str, CredentialVersion] = {}
    rows = CredentialVersion.objects.filter(
        credential__code__in=wanted, credential__withdrawn_at=None, status=VERIFIED
    )
    for row in rows.select_related("credential__organisation").order_by("number"):
        chosen[row.credential.code] = row
    facts = [
        Chosen(code, each.credential.organisation.code, each.valid_until) for code, each in chosen.items()
    ]
    refuse_if(snapshot_findings(facts, by.organisation, len(wanted), local_day(at)))
    content: dict[str, Any] = {
        "format": SNAPSHOT_FORMAT,
        "organisation": by.organisation,
        "credentials": [_frozen(chosen[code]) for code in wanted],
    }
    frozen = files.store(
        io.BytesIO(canonical.dumps(content)),
        name=SNAPSHOT_NAME,
        max_bytes=SNAPSHOT_AT_MOST,
        types=frozenset({files.JSON}),
    )
    papers = {each["sha256"]: each for code in wanted for each in chosen[code].documents}
    return [
        files.Document(frozen.sha256, frozen.size, frozen.media_type, SNAPSHOT_NAME),
        *(files.Document(each["sha256"], each["size"], "", each["name"]) for each in papers.values()),
    ]


def _frozen(version: CredentialVersion) -> dict[str, Any]:
    assert version.reviewed_at is not None
    parts = PARTS[version.credential.kind]
    return {
        "code": version.credential.code,
        "kind": version.credential.kind,
        "version": version.number,
        "verified_at": iso(version.reviewed_at),
        "facts": {part.name: version.facts.get(part.name, "") for part in parts},
        "labels": {part.name: {"zh": part.words.zh, "en": part.words.en} for part in parts},
        "documents": [{"name": each["name"], "sha256": each["sha256"]} for each in version.documents],
        "digest": version.digest,
    }
