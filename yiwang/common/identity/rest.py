"""Credentials for programs: what an organisation had verified once, in which state it is, and submitting more.

Public reads show verified qualifications and performance, with the digest of what was verified: whoever is given a copy
compares it. What is about persons only their organisation reads. Verifying is done by a person of the centre, with two
factors, never by a key.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from yiwang.common.identity.credential_papers import MOST_BYTES, TYPES
from yiwang.common.identity.credential_queries import (
    CredentialLine,
    Version,
    credential,
    credentials_of,
    public_credentials,
)
from yiwang.common.identity.permissions import KEEP_CREDENTIALS
from yiwang.common.identity.queries import NoSuchParty, organisation
from yiwang.common.identity.rules.credentials import AMOUNT, DOCUMENTS_AT_MOST, PARTS, PUBLIC_KINDS
from yiwang.common.identity.services.credentials import submit_credential, withdraw_credential
from yiwang.common.shell.api import IDEMPOTENT, PUBLIC, actor_of, answer, done_once, operation
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.texts import ONE_LINE
from yiwang.record.files import api as files
from yiwang.record.journal.api import business_now

router = Router(tags=["credentials"])

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Kind = Literal["qualification", "performance", "personnel"]
Said = Annotated[
    str,
    StringConstraints(max_length=200, pattern=f"^{ONE_LINE}*$"),
    Field(description="Where its kind asks."),
]
Day = Annotated[
    str, StringConstraints(pattern=r"^(\d{4}-\d\d-\d\d)?$"), Field(description="YYYY-MM-DD or nothing.")
]


class NothingThere(Refused):
    """No such credential, or not this caller's to see."""

    def __init__(self) -> None:
        super().__init__([Finding("api-not-found")])


class VersionOut(Schema):
    """One version: what was submitted, what became of it, the digest of facts and papers together."""

    number: int
    facts: dict[str, Any]
    status: Literal["submitted", "returned", "verified"]
    reasons: list[str]
    submitted_at: str
    reviewed_at: str | None
    digest: str


class CredentialOut(Schema):
    """A credential as its organisation sees it; ``verified``: the number of the version that counts (null: none does)."""

    code: str
    kind: Kind
    name: str
    verified: int | None
    validity: Literal["valid", "expiring", "expired"]
    valid_until: str | None
    versions: list[VersionOut]


class OwnCredentials(Schema):
    """The credentials of an organisation that it did not withdraw."""

    credentials: list[CredentialOut]


class VerifiedOut(Schema):
    """A verified credential as everybody may see it; ``digest`` is that of what was verified."""

    code: str
    kind: Literal["qualification", "performance"]
    organisation: str
    organisation_name: str
    name: str
    facts: dict[str, Any]
    verified_at: str | None
    validity: Literal["valid", "expiring", "expired"]
    valid_until: str | None
    digest: str


class VerifiedCredentials(Schema):
    """The verified credentials of an organisation."""

    credentials: list[VerifiedOut]


class Submitted(Schema):
    """What was submitted and awaits verification."""

    code: str
    version: int


class CredentialWithdrawn(Schema):
    """What was taken off the register."""

    code: str


class NewCredential(Schema):
    """A credential to be verified. Which facts its kind asks for, a refusal names; others are refused.

    ``of``: the code of the credential of which this is a further version.
    """

    kind: Kind
    of: Annotated[str, StringConstraints(max_length=16, pattern=r"^[A-Za-z0-9-]*$")] = ""
    title: Said = ""
    level: Said = ""
    number: Said = ""
    issuer: Said = ""
    client: Said = ""
    person_name: Said = ""
    specialty: Said = ""
    valid_until: Day = ""
    finished_on: Day = ""
    amount_fen: Annotated[
        int | None, Field(ge=1, lt=2**53, description="Performance: the contract, in fen.")
    ] = None


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _version(each: Version) -> dict[str, Any]:
    return {
        "number": each.number,
        "facts": dict(sorted(each.facts.items())),  # no database keeps an order of names
        "status": each.status,
        "reasons": list(each.reasons),
        "submitted_at": iso(each.submitted_at),
        "reviewed_at": iso(each.reviewed_at) if each.reviewed_at else None,
        "digest": each.digest,
    }


def _own(line: CredentialLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "kind": line.kind,
        "name": line.name,
        "verified": line.verified.number if line.verified else None,
        "validity": line.validity(local_day(business_now())),
        "valid_until": _day(line.shown.until),
        "versions": [_version(each) for each in line.versions],
    }


def _public(line: CredentialLine) -> dict[str, Any]:
    version = line.shown
    return {
        "code": line.code,
        "kind": line.kind,
        "organisation": line.organisation,
        "organisation_name": line.organisation_name,
        "name": line.name,
        "facts": dict(sorted(version.facts.items())),
        "verified_at": iso(version.reviewed_at) if version.reviewed_at else None,
        "validity": line.validity(local_day(business_now())),
        "valid_until": _day(version.until),
        "digest": version.digest,
    }


@router.get(
    "/suppliers/{code}/credentials", response=VerifiedCredentials, operation_id="listVerifiedCredentials"
)
@operation(PUBLIC)
def list_verified(request: HttpRequest, code: Code) -> HttpResponse:
    """The verified qualifications and performance of an admitted organisation (统一社会信用代码)."""
    try:
        known = organisation(code)
    except NoSuchParty as error:
        raise NothingThere from error
    if not known.admitted:
        raise NothingThere
    return answer({"credentials": [_public(each) for each in public_credentials(code)]})


@router.get("/credentials/{code}", response=VerifiedOut, operation_id="readVerifiedCredential")
@operation(PUBLIC)
def read_verified(request: HttpRequest, code: Code) -> HttpResponse:
    """Whether a credential is verified and still valid, and the digest of what was verified."""
    line = credential(code)
    if line is None or line.kind not in PUBLIC_KINDS or line.verified is None:
        raise NothingThere
    return answer(_public(line))


@router.get("/me/credentials", response=OwnCredentials, operation_id="listMyCredentials")
@operation(KEEP_CREDENTIALS)
def list_mine(request: HttpRequest) -> HttpResponse:
    """The credentials of my organisation with every version and its state."""
    found = credentials_of(actor_of(request).organisation)
    return answer({"credentials": [_own(each) for each in found]}, private=True)


@router.post(
    "/credentials",
    response={201: Submitted},
    operation_id="submitCredential",
    openapi_extra=IDEMPOTENT,
)
@operation(KEEP_CREDENTIALS)
def submit(
    request: HttpRequest,
    given: Form[NewCredential],
    papers: File[list[UploadedFile]] = [],  # noqa: B006 - never changed
) -> HttpResponse:
    """Submits a credential with its papers (PDF, PNG, JPEG) for verification, or a further version of one."""
    at, actor = business_now(), actor_of(request)
    facts = _facts(given)
    stored = _stored(papers)

    def run() -> dict[str, Any]:
        code = submit_credential(actor, given.kind, facts, stored, at=at, code=given.of)
        line = credential(code)
        assert line is not None  # it was submitted in this act
        return {"code": code, "version": line.newest.number}

    what = {"kind": given.kind, "of": given.of, "facts": facts, "papers": [each.sha256 for each in stored]}
    return answer(done_once(request, what, run), 201, private=True)


def _facts(given: NewCredential) -> dict[str, Any]:
    """What was given of the parts of the kind. Refused where something else was."""
    typed = given.dict(exclude={"kind", "of"})
    parts = {part.name: part for part in PARTS[given.kind]}
    strange = [name for name, value in typed.items() if value not in ("", None) and name not in parts]
    if strange:
        known = ", ".join(parts)
        raise Refused(
            Finding("api-unknown-parameter", "", {"name": name, "known": known}, name) for name in strange
        )
    return {
        name: typed[name] if part.type == AMOUNT else str(typed[name] or "") for name, part in parts.items()
    }


def _stored(papers: list[UploadedFile]) -> list[files.Document]:
    """The papers, stored, each content once. Refused with every one that is not good."""
    if len(papers) > DOCUMENTS_AT_MOST:
        raise Refused(
            [Finding("credential-documents", "", {"at_least": 1, "at_most": DOCUMENTS_AT_MOST}, "papers")]
        )
    found: dict[str, files.Document] = {}
    findings: list[Finding] = []
    for upload in papers:
        try:
            most = min(MOST_BYTES, settings.MAX_DOCUMENT_BYTES)
            made = files.store(upload.file, name=upload.name or "", max_bytes=most, types=TYPES)
            found[made.sha256] = made
        except Refused as refused:
            findings += [Finding(each.rule, each.source, each.params, "papers") for each in refused.findings]
    if findings:
        raise Refused(findings)
    return list(found.values())


@router.post(
    "/credentials/{code}/withdrawal",
    response=CredentialWithdrawn,
    operation_id="withdrawCredential",
    openapi_extra=IDEMPOTENT,
)
@operation(KEEP_CREDENTIALS)
def withdraw(request: HttpRequest, code: Code) -> HttpResponse:
    """Takes a credential of my organisation off the register; bids that carry it keep their copy."""
    at, actor = business_now(), actor_of(request)
    line = credential(code)
    if request.headers.get("Idempotency-Key") is None and (
        line is None or line.organisation != actor.organisation
    ):
        raise NothingThere

    def run() -> dict[str, Any]:
        withdraw_credential(actor, code, at=at)
        return {"code": code}

    return answer(done_once(request, {"code": code}, run), private=True)
