"""Papers that come with a credential: stored at once, carried as signed tokens while the form is corrected."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from yiwang.common.identity.rules.credentials import DOCUMENTS_AT_MOST
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.files import api as files

_SALT = "yiwang.identity.credential-papers"
_KEPT_SECONDS = 7 * 24 * 3600
TYPES = frozenset({files.PDF, files.PNG, files.JPEG})
MOST_BYTES = 20 << 20


def token_of(actor: Actor, paper: files.Document) -> str:
    """A signed token for a stored paper, worth something to this organisation only."""
    return signing.dumps(
        [actor.organisation, paper.sha256, paper.name, paper.size], salt=_SALT, compress=True
    )


def _kept(actor: Actor, token: str) -> files.Document | None:
    try:
        organisation, sha256, name, size = signing.loads(token, salt=_SALT, max_age=_KEPT_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    if organisation != actor.organisation or not files.exists(sha256):
        return None
    return files.Document(sha256, size, "", name)


def papers_of(request: HttpRequest, actor: Actor) -> tuple[list[files.Document], list[Finding]]:
    """The papers carried from before (unless ticked to be removed) and those uploaded now, each content once."""
    removed = set(request.POST.getlist("remove"))
    tokens = [each for each in request.POST.getlist("kept") if each not in removed]
    papers = [paper for paper in (_kept(actor, each) for each in tokens) if paper is not None]
    findings: list[Finding] = []
    for upload in request.FILES.getlist("documents")[:DOCUMENTS_AT_MOST]:
        try:
            papers.append(
                files.store(
                    upload.file,
                    name=upload.name or "",
                    max_bytes=min(MOST_BYTES, settings.MAX_DOCUMENT_BYTES),
                    types=TYPES,
                )
            )
        except Refused as refused:
            findings += [
                Finding(each.rule, each.source, each.params, "documents") for each in refused.findings
            ]
    return list({paper.sha256: paper for paper in papers}.values()), findings
