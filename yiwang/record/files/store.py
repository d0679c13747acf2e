"""The content-addressed store: each content once, under its SHA-256, durable before anyone is told."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.files import content
from yiwang.record.files.marks import Marks, marks
from yiwang.record.files.models import StoredDocument
from yiwang.record.files.shelves import NoDocument, make_folder, shelf
from yiwang.record.journal.api import KeptQuery, scratch

CHUNK = 1 << 20
UNFINISHED = "unfinished"

BID_TYPES = frozenset({content.PDF, content.DOCX, content.XLSX, content.OFD, content.ZIP})
DOCUMENT_TYPES = BID_TYPES | {content.PNG, content.JPEG, content.TEXT}

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Document:
    """A stored content: ``sha256`` in hexadecimal, ``size`` in bytes, ``media_type`` by its content.

    ``name`` is what this upload called it (from ``describe``: what the first one did).
    """

    sha256: str
    size: int
    media_type: str
    name: str


def _root() -> Path:
    return Path(settings.FILES_ROOT)


def _digest(sha256: str) -> str:
    """The digest itself. ValueError where it is none: it becomes part of a path."""
    if not _SHA256.match(sha256):
        raise ValueError(f"not a SHA-256 in hexadecimal: {sha256[:80]!r}")
    return sha256


def unfinished_folder() -> Path:
    """Where contents lie until they are whole: on a local disk, wherever they go afterwards."""
    folder = _root() / UNFINISHED
    make_folder(folder)
    return folder


@contextmanager
def _unfinished() -> Iterator[tuple[BinaryIO, Path]]:
    """A temporary file on the same file system and its path; gone afterwards unless it was moved away."""
    descriptor, name = tempfile.mkstemp(dir=unfinished_folder())
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _copied(stream: BinaryIO, file: BinaryIO, max_bytes: int) -> tuple[str, int]:
    """Digest and size of what was copied. Refused as soon as there is more than ``max_bytes``."""
    hashed, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise Refused([too_large(max_bytes)])
        hashed.update(chunk)
        file.write(chunk)
    return hashed.hexdigest(), size


def too_large(max_bytes: int) -> Finding:
    return Finding("file-too-large", "", {"most_mb": f"{max_bytes / (1 << 20):.1f}"})


def type_of(file: BinaryIO, path: Path, size: int, types: Collection[str], name: str) -> str:
    """The media type, one of ``types``. Refused with every objection to the content, and to a name that belies it."""
    if size == 0:
        raise Refused([Finding("file-empty")])
    found = content.media_types(file, size)
    allowed = [each for each in found if each in types]
    if not allowed:
        raise Refused([Finding("file-type", "", {"found": found[0], "allowed": _said(types)})])
    objections = list(content.ending_findings(name, allowed[0]))
    if allowed[0] == content.PDF:
        objections += content.pdf_findings(file, size)
    if allowed[0] in (content.ZIP, content.DOCX, content.XLSX, content.OFD):
        objections += content.container_findings(path, size)
    refuse_if(objections)
    return allowed[0]


_SUFFIXES = {
    content.PDF: "PDF", content.DOCX: "DOCX", content.XLSX: "XLSX", content.OFD: "OFD", content.ZIP: "ZIP",
    content.PNG: "PNG", content.JPEG: "JPG", content.TEXT: "TXT", content.JSON: "JSON",
}  # fmt: skip


def _said(types: Collection[str]) -> str:
    return ", ".join(sorted(_SUFFIXES.get(each, each) for each in types))


def type_findings(sha256: str, types: Collection[str]) -> Iterator[Finding]:
    """The objection to a stored content that is of none of ``types``. Raises NoDocument."""
    found = describe(sha256).media_type
    if found not in types:
        yield Finding("file-type", "", {"found": found, "allowed": _said(types)})


def store(stream: BinaryIO, *, name: str, max_bytes: int, types: Collection[str]) -> Document:
    """Stores a content durably, once, and gives its description. Storing it again changes nothing.

    Reads ``stream`` to its end, at most one chunk beyond ``max_bytes``. Refused with file-name,
    file-too-large, file-empty, file-type, zip-bomb, zip-bomb-count or zip-paths; then nothing is kept.
    """
    objections = list(content.name_findings(name))
    with _unfinished() as (file, path):
        try:
            sha256, size = _copied(stream, file, max_bytes)
            file.flush()
            media_type = type_of(file, path, size, types, name)
        except Refused as refused:
            raise Refused([*objections, *refused.findings]) from refused
        refuse_if(objections)
        left = marks(file, media_type)
        _put(path, sha256)
    return known(sha256, size, media_type, name, left)


def _put(path: Path, sha256: str) -> None:
    """On the shelf; of a trial, only for as long as it lasts."""
    tried = scratch()
    if tried is None:
        shelf().put(path, sha256)
    else:
        tried[sha256] = path.read_bytes()


def known(sha256: str, size: int, media_type: str, name: str, left: Marks) -> Document:
    """Notes what is known of a content that stands on the shelf; the first to bring it named it. ``left``: see ``marks``."""
    facts = {
        "size": size,
        "media_type": media_type,
        "name": name,
        "author_mark": left.author,
        "source_mark": left.source,
        "marked_by": left.made_by,
    }
    StoredDocument.objects.get_or_create(sha256=sha256, defaults=facts)
    return Document(sha256, size, media_type, name)


@dataclass(frozen=True, slots=True)
class Made:
    """Marks of who made a content and of the source that it came from; "" unknown."""

    author: str
    source: str


def made(digests: Iterable[str]) -> dict[str, Made]:
    """What is known of the making of contents, by digest; those that tell nothing are not there."""
    rows = StoredDocument.objects.filter(pk__in=set(digests)).exclude(author_mark="", source_mark="")
    return {sha256: Made(*told) for sha256, *told in rows.values_list("pk", "author_mark", "source_mark")}


def open_document(sha256: str) -> BinaryIO:
    """The content, open for reading; the caller closes it. Raises NoDocument, StoreDown.

    Whoever mounts a view on this decides first who may read it.
    """
    tried = (scratch() or {}).get(sha256)
    return shelf().open(_digest(sha256)) if tried is None else io.BytesIO(tried)


def describe(sha256: str) -> Document:
    """What is known of a content. Raises NoDocument."""
    row = StoredDocument.objects.filter(pk=sha256).first()
    if row is None:
        raise NoDocument(sha256)
    return Document(row.sha256, row.size, row.media_type, row.name)


_KNOWN = KeptQuery(lambda sha256: StoredDocument.objects.filter(pk=sha256).values_list("size")[:1])


def exists(sha256: str) -> bool:
    """Whether the content is here: known and on the shelf. Raises StoreDown."""
    if not _SHA256.match(sha256) or _KNOWN.first(sha256) is None:
        return False
    return sha256 in (scratch() or {}) or shelf().has(sha256)


def intact(sha256: str) -> bool:
    """Whether the content still has its digest: reads all of it. Raises NoDocument."""
    hashed = hashlib.sha256()
    with open_document(sha256) as file:
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest() == sha256
