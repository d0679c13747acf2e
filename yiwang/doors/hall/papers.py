"""Documents that come with a form: stored at once, kept as tokens when the form is refused, never lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.files import api as files

_SALT = "yiwang.hall.papers"
CREDENTIALS = "commercial"  # the kind under which verified records go with a bid
BROUGHT = 1
KIND_SIGN = "~"  # occurs in no signed token
_KEPT_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored document as a form carries it: ``token`` lets only who uploaded it use it again.

    ``kind`` is what it was uploaded as, "" where a form knows no kinds; it stands before the token, unsigned. On a page
    for several lots the code of a lot stands before the kind of what was uploaded for that lot alone. ``brought``: a
    verified record brought it along, nobody uploaded it here.
    """

    sha256: str
    name: str
    size: int
    token: str
    kind: str = ""
    brought: bool = False

    @property
    def kind_words(self) -> Words | None:
        """What the kind is called; None where there is none that is known."""
        return trading.PAPER_KINDS.get(self.kind.rpartition(KIND_SIGN)[2])

    @property
    def place(self) -> str:
        """The lot that it was uploaded for, on a page for several; "" where it was uploaded for all of them."""
        return self.kind.rpartition(KIND_SIGN)[0]


def token_of(actor: Actor, sha256: str, name: str, size: int, *, brought: bool = False) -> str:
    """A signed token for a stored document, worth something to this person and organisation only."""
    said = [actor.person, actor.organisation, sha256, name, size, *([BROUGHT] if brought else [])]
    return signing.dumps(said, salt=_SALT, compress=True)


def kept_paper(actor: Actor, token: str) -> Paper | None:
    """The document behind a token; None where the token is not the actor's, was changed, or is too old."""
    kind, _, signed = token.rpartition(KIND_SIGN)
    try:
        said = signing.loads(signed, salt=_SALT, max_age=_KEPT_SECONDS)
        person, organisation, sha256, name, size, *origin = said
    except (signing.BadSignature, ValueError):
        return None
    if (person, organisation) != (actor.person, actor.organisation) or not _known(sha256):
        return None
    return Paper(sha256, name, size, token, kind, origin == [BROUGHT])


def _known(sha256: str) -> bool:
    """Whether the content was stored; the storage itself is not asked, it may be away for the moment."""
    try:
        files.describe(sha256)
    except files.NoDocument:
        return False
    return True


def _stored(
    request: HttpRequest, actor: Actor, field: str, types: Collection[str], kind: str = ""
) -> tuple[list[Paper], list[Finding]]:
    papers, findings = [], []
    for upload in request.FILES.getlist(field):
        try:
            document = files.store(
                upload.file, name=upload.name or "", max_bytes=settings.MAX_DOCUMENT_BYTES, types=types
            )
        except Refused as refused:
            findings += [Finding(each.rule, each.source, each.params, field) for each in refused.findings]
            continue
        token = token_of(actor, document.sha256, document.name, document.size)
        token = f"{kind}{KIND_SIGN}{token}" if kind else token
        papers.append(Paper(document.sha256, document.name, document.size, token, kind))
    return papers, findings


def _kept(
    request: HttpRequest, actor: Actor, field: str, types: Collection[str]
) -> tuple[list[Paper], list[Finding]]:
    """What earlier tries and finished uploads brought, unless its box says remove; what is of another type is refused."""
    removed = set(request.POST.getlist("remove"))
    tokens = [each for each in request.POST.getlist("kept") if each not in removed]
    papers = [paper for paper in (kept_paper(actor, each) for each in tokens) if paper is not None]
    # Canonical JSON is stored by the house alone: snapshots of verified records.
    fitting = {*types, files.JSON}
    refused = [paper for paper in papers if files.describe(paper.sha256).media_type not in fitting]
    findings = [
        Finding(each.rule, each.source, each.params, field)
        for paper in refused
        for each in files.type_findings(paper.sha256, types)
    ]
    return [paper for paper in papers if paper not in refused], findings


def papers_of(
    request: HttpRequest,
    actor: Actor,
    types: Collection[str],
    field: str = "papers",
    kinds: Mapping[str, str] | None = None,
) -> tuple[list[Paper], list[Finding]]:
    """What was kept (from earlier tries, or uploaded before the form was sent) and what came now, each content once a place:
    as it was uploaded, where that was done besides a verified record that brings it.

    ``kinds`` names further fields and the kind of what they bring. The findings name files that were refused; the
    others are kept all the same.
    """
    kept, findings = _kept(request, actor, field, types)
    papers = list(kept)
    for name, kind in (kinds or {field: ""}).items():
        fresh, refused = _stored(request, actor, name, types, kind)
        papers += fresh
        findings += refused
    by_content: dict[tuple[str, str], Paper] = {}
    for paper in sorted(papers, key=lambda each: each.brought):
        by_content.setdefault((paper.place, paper.sha256), paper)
    return [each for each in papers if by_content[each.place, each.sha256] is each], findings


def with_credentials(actor: Actor, papers: list[Paper], codes: Collection[str], at: datetime) -> list[Paper]:
    """``papers`` and the snapshot of the verified records ``codes`` with their papers; what an older choice brought gives way.

    What was uploaded stays as it is, also where a record has a paper with the same content. Raises Refused where a
    record is not the actor's, not verified, or no longer valid.
    """
    added = [
        Paper(
            each.sha256,
            each.name,
            each.size,
            CREDENTIALS + KIND_SIGN + token_of(actor, each.sha256, each.name, each.size, brought=True),
            CREDENTIALS,
            brought=True,
        )
        for each in identity.snapshot(actor, codes, at=at)
    ]
    uploaded = {each.sha256: each for each in papers if not each.brought}
    return [*uploaded.values(), *(each for each in added if each.sha256 not in uploaded)]
