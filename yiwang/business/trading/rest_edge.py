"""What the keyed routes of this room share: the lot of an actor, and papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.core import signing
from ninja import Path
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.common.shell.api import IDEMPOTENT, actor_of, done_once
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.texts import ONE_LINE, SEVERAL_LINES
from yiwang.record.files import api as files

SALT = "yiwang.trading.rest.papers"
PRINTABLE = f"^{ONE_LINE}+$"
EMPTY_OR_PRINTABLE = f"^{ONE_LINE}*$"
WRITTEN = f"^{SEVERAL_LINES}+$"
EMPTY_OR_WRITTEN = f"^{SEVERAL_LINES}*$"
CREDENTIALS_KIND = "commercial"  # the kind under which verified records go with a bid
KEPT_SECONDS = 7 * 24 * 3600
__all__ = [
    "IDEMPOTENT",
    "CREDENTIALS_KIND",
    "Code",
    "Credentials",
    "Digest",
    "NotFound",
    "Tokens",
    "actor_of",
    "done_once",
    "lot_of",
    "papers_of",
    "stored",
    "with_credentials",
]

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


Tokens = Annotated[
    list[Annotated[str, StringConstraints(max_length=1000)]],
    Field(max_length=50, description="Tokens that storeDocument gave to your organisation."),
]


Credentials = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]],
    Field(
        max_length=50,
        description="Codes of verified records of my organisation (GET /me/credentials): frozen as they are now, they go along.",
    ),
]


class NotFound(Refused):
    """Nothing that this organisation may see is there."""

    def __init__(self) -> None:
        super().__init__([Finding("api-not-found")])


def lot_of(actor: Actor, code: str) -> Any:
    lot = trading.lots_for(actor).filter(code=code).first()
    if lot is None:
        raise NotFound
    return lot


def stored(upload: UploadedFile, field: str) -> files.Document:
    try:
        return files.store(
            upload.file,
            name=upload.name or "",
            max_bytes=settings.MAX_DOCUMENT_BYTES,
            types=files.BID_TYPES,
        )
    except Refused as refused:
        raise Refused(
            Finding(each.rule, each.source, each.params, field) for each in refused.findings
        ) from refused


def papers_of(
    actor: Actor, uploads: list[UploadedFile], tokens: list[str], field: str = ""
) -> list[tuple[str, str]]:
    """(sha256, name) of every paper, each content once. Refused with every file and token that is not good.

    ``field`` is what holds the tokens and, with ``_papers`` behind it, the files; "" for kept and papers.
    """
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for place, token in enumerate(tokens, 1):
        try:
            owner, sha256, name = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
        except (signing.BadSignature, ValueError):
            owner, sha256, name = "", "", ""
        if owner != actor.organisation or not files.exists(sha256):
            findings.append(Finding("api-token", "", {"place": place}, field or "kept"))
        else:
            found[sha256] = name
    for upload in uploads:
        try:
            document = stored(upload, f"{field}_papers" if field else "papers")
            found[document.sha256] = document.name
        except Refused as refused:
            findings += refused.findings
    if findings:
        raise Refused(findings)
    return list(found.items())


def with_credentials(
    actor: Actor, papers: list[tuple[str, str]], codes: Sequence[str], at: datetime
) -> tuple[list[tuple[str, str]], list[str]]:
    """``papers`` and, frozen as they are now, the verified records ``codes`` with theirs; and the digests of what was added.

    What the bidder sent keeps its own name, also where a record has a paper with the same content.
    Raises Refused(field ``credentials``) where a record is not the organisation's, not verified, or no longer valid.
    """
    sent = dict(papers)
    frozen = [each for each in identity.snapshot(actor, codes, at=at) if each.sha256 not in sent]
    return [*sent.items(), *((each.sha256, each.name) for each in frozen)], [each.sha256 for each in frozen]
