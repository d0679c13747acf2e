"""Uploads that can be interrupted: bytes are appended where the last ones ended, hashed as they arrive.

How much has arrived is the length of the file, so nothing is written twice and a restart or a power failure loses no
truth. The running hash is kept in memory; where it is not (another process, a restart), the file is read once more.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import shutil
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Sum

from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.files import content
from yiwang.record.files.copying import Copied, Source, copy
from yiwang.record.files.marks import LOOK, marks
from yiwang.record.files.models import StoredDocument, Upload
from yiwang.record.files.shelves import shelf
from yiwang.record.files.store import CHUNK, Document, describe, known, too_large, type_of, unfinished_folder
from yiwang.record.journal.api import Due, Duty, KeptQuery, act, cancel, on_record, schedule

EXPIRE_DUTY = "files-expire-upload"
COLLECT_DUTY = "files-collect-unclaimed"
KEPT = timedelta(days=7)
MOST_UNFINISHED = 20  # uploads an account may have open at once
QUOTA_FACTOR = 10  # times the largest document: what they may add up to
SPARE_BYTES = 256 << 20  # what the disk must keep free beside an upload
ALGORITHMS: dict[str, Callable[[], Any]] = {
    "sha256": hashlib.sha256,
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
}


class NoUpload(LookupError):
    """No such upload of this owner; it may have expired."""


class OffsetConflict(Exception):
    """The bytes do not begin where the last ones ended, which is at ``offset``."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class UploadBusy(Exception):
    """Somebody else is writing to this upload right now."""


class ChecksumMismatch(Exception):
    """The bytes are not those that were announced; none of them was kept."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An upload as it stands: ``offset`` of ``size`` bytes have arrived; ``document`` once it is stored."""

    code: str
    name: str
    size: int
    offset: int
    expires_at: datetime
    document: Document | None


class _Hashes:
    """Running hashes by upload, each with the copy that it comes from; the oldest is forgotten first."""

    def __init__(self, most: int = 256) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[str, tuple[Copied, Any]] = OrderedDict()

    def take(self, code: str, offset: int, file: BinaryIO) -> Any:
        """The hash of the first ``offset`` bytes, from memory, once it has come so far, or from the file."""
        with self._lock:
            copied, hashed = self._kept.pop(code, (None, None))
        if copied is not None and copied.end == offset:
            copied.hashed()
            return hashed
        hashed, left = hashlib.sha256(), offset
        file.seek(0)
        while left and (piece := file.read(min(CHUNK, left))):
            hashed.update(piece)
            left -= len(piece)
        return hashed

    def keep(self, code: str, copied: Copied, hashed: Any) -> None:
        with self._lock:
            self._kept[code] = (copied, hashed)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, code: str) -> None:
        with self._lock:
            self._kept.pop(code, None)


_hashes = _Hashes()


def _path(code: str) -> Path:
    return unfinished_folder() / f"upload-{code}"


def _offset(code: str) -> int:
    try:
        return _path(code).stat().st_size
    except FileNotFoundError:
        return 0


def _arrived(row: Upload) -> Arrived:
    document = describe(row.sha256) if row.sha256 else None
    if document is not None:
        document = Document(document.sha256, document.size, document.media_type, row.name)
    offset = row.size if document else _offset(row.code)
    return Arrived(row.code, row.name, row.size, offset, row.expires_at, document)


_OF_UPLOAD = [each.attname for each in Upload._meta.concrete_fields]
_UPLOAD = KeptQuery(
    lambda owner, code: Upload.objects.filter(code=code, owner=owner).values_list(*_OF_UPLOAD)[:1]
)
_WAITING = KeptQuery(
    lambda account, none: (
        Upload.objects.filter(account=account, sha256=none)
        .values("account")
        .annotate(waiting=Count("pk"), coming=Sum("size"))
        .values_list("waiting", "coming")
    )
)


def _row(owner: str, code: str) -> Upload:
    found = _UPLOAD.first(owner, code)
    row = Upload.from_db(DEFAULT_DB_ALIAS, _OF_UPLOAD, found) if found is not None else None
    if row is None or (not row.sha256 and not _path(code).exists()):
        raise NoUpload(code)
    return row


def _room_findings(account: str, size: int, max_bytes: int) -> Iterator[Finding]:
    """Objections to one more upload: too many on their way, too much altogether, no room on the disk."""
    waiting, coming = _WAITING.first(account, "") or (0, 0)
    if waiting >= MOST_UNFINISHED:
        yield Finding("upload-too-many", params={"most": MOST_UNFINISHED})
    quota = QUOTA_FACTOR * max_bytes
    if coming + size > quota:
        yield Finding("upload-quota", params={"most_mb": quota >> 20})
    if shutil.disk_usage(unfinished_folder()).free < size + SPARE_BYTES:
        yield Finding("upload-no-space")


def begin(owner: str, account: str, name: str, size: int, *, max_bytes: int, at: datetime) -> Arrived:
    """Makes room for an upload of ``size`` bytes that ``owner`` may go on with for seven days.

    Refused with file-name, file-empty, file-too-large, upload-too-many, upload-quota or upload-no-space: all that
    can be known before the first byte is read.
    """
    objections = list(content.name_findings(name))
    if size <= 0:
        objections.append(Finding("file-empty"))
    if size > max_bytes:
        objections.append(too_large(max_bytes))
    with act():
        refuse_if([*objections, *_room_findings(account, min(size, max_bytes), max_bytes)])
        row = Upload.objects.create(
            code=random_code("U"), owner=owner, account=account, name=name, size=size, expires_at=at + KEPT
        )
        schedule(
            f"upload:{row.code}",
            duty=EXPIRE_DUTY,
            about=Ref("files", "upload", row.code),
            due_at=row.expires_at,
        )
        _path(row.code).touch(mode=0o600)
    return _arrived(row)


def arrived(owner: str, code: str) -> Arrived:
    """How far an upload has come. Raises NoUpload."""
    return _arrived(_row(owner, code))


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """The file of an upload, for one writer at a time in all processes. Raises UploadBusy, NoUpload."""
    try:
        file = path.open("r+b", buffering=0)
    except FileNotFoundError as error:
        raise NoUpload(path.name) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UploadBusy(path.name) from error
        yield file


def _soon_read(file: BinaryIO, size: int) -> None:
    """Has the system fetch both ends, which will be looked at: what went past the page cache comes from the disk."""
    with suppress(AttributeError, OSError):
        for place in (0, max(0, size - LOOK)):
            os.posix_fadvise(file.fileno(), place, LOOK, os.POSIX_FADV_WILLNEED)


def append(
    owner: str, code: str, offset: int, source: Source, length: int, checksum: tuple[str, bytes] | None = None
) -> Arrived:
    """Appends at most ``length`` bytes at ``offset``; what a sender that breaks off has sent is kept.

    ``checksum`` is (algorithm, digest) of these bytes. Raises NoUpload, OffsetConflict, UploadBusy,
    ChecksumMismatch; Refused with upload-too-long before a byte is read.
    """
    row = _row(owner, code)
    if row.sha256:
        if offset != row.size:
            raise OffsetConflict(row.size)
        return _arrived(row)
    with _alone(_path(code)) as file:
        have = os.fstat(file.fileno()).st_size
        if offset != have:
            raise OffsetConflict(have)
        if offset + length > row.size:
            raise Refused([Finding("upload-too-long", params={"size": row.size})])
        hashed = _hashes.take(code, offset, file)
        own = ALGORITHMS[checksum[0]]() if checksum else None
        # Where a write or the sender fails, the hash may be ahead of the file: then it is made again from the file.
        copied = copy(source, file.fileno(), offset, length, [hashed, own] if own else [hashed])
        if own and checksum:
            copied.hashed()
            if own.digest() != checksum[1]:
                os.ftruncate(file.fileno(), offset)
                raise ChecksumMismatch(code)
        _hashes.keep(code, copied, hashed)
    return _arrived(row)


def finish(owner: str, code: str, types: Collection[str]) -> Document:
    """Stores a whole upload by its content; doing it again gives the same. Raises NoUpload, OffsetConflict, UploadBusy.

    Refused with what ``store`` refuses contents with: then the upload is gone. StoreDown leaves it as it is.
    """
    row = _row(owner, code)
    if row.sha256:
        document = _arrived(row).document
        assert document is not None
        return document
    path = _path(code)
    with _alone(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size != row.size:
            raise OffsetConflict(size)
        _soon_read(file, size)
        try:
            with path.open("rb") as whole:
                media_type = type_of(whole, path, size, types, row.name)
                left = marks(whole, media_type)
        except Refused:
            _gone(row)
            raise
        sha256 = _hashes.take(code, size, file).hexdigest()  # its last blocks were hashed meanwhile
        shelf().put(path, sha256)
        with act():
            document = known(sha256, size, media_type, row.name, left)
            Upload.objects.filter(pk=row.pk).update(sha256=sha256)
        path.unlink(missing_ok=True)
    return document


def drop(owner: str, code: str) -> None:
    """Gives an upload up; what has arrived is deleted. Raises NoUpload."""
    _gone(_row(owner, code))


def _gone(row: Upload) -> None:
    with act():
        cancel(f"upload:{row.code}")
        Upload.objects.filter(pk=row.pk).delete()
    _hashes.forget(row.code)
    _path(row.code).unlink(missing_ok=True)


def expire_due(due: Due, now: datetime) -> None:
    """The duty that deletes an upload nobody went on with for seven days; what was stored is looked at later."""
    row = Upload.objects.filter(code=due.about.code).first()
    if row is not None and row.expires_at <= now:
        with act():
            Upload.objects.filter(pk=row.pk).delete()
            if row.sha256:
                schedule(
                    f"unclaimed:{row.code}",
                    duty=COLLECT_DUTY,
                    about=due.about,
                    due_at=row.expires_at - KEPT + timedelta(days=settings.UNCLAIMED_DAYS),
                    payload={"sha256": row.sha256},
                )
        _hashes.forget(row.code)
    _path(due.about.code).unlink(missing_ok=True)


def collecting(held: Callable[[str], bool]) -> Mapping[str, Duty]:
    """The duty that deletes a document which was uploaded and handed in nowhere.

    ``held`` says whether a room has the digest without its being on record: terms that are only drafted.
    """

    def collect_due(due: Due, now: datetime) -> None:
        sha256 = due.payload["sha256"]
        with act():
            row = StoredDocument.objects.select_for_update().filter(pk=sha256, older=False).first()
            again = Upload.objects.filter(sha256=sha256).exists()  # uploaded once more: its own turn comes
            if row is None or again or on_record(sha256) or held(sha256):
                return
            row.delete()
            shelf().remove(sha256)

    return {COLLECT_DUTY: collect_due}


def checksum_of(header: str) -> tuple[str, bytes]:
    """(algorithm, digest) of an Upload-Checksum header. ValueError where it is none that is known."""
    algorithm, _, text = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown algorithm: {algorithm[:20]!r}")
    return algorithm, base64.b64decode(text, validate=True)


DUTIES: dict[str, Duty] = {EXPIRE_DUTY: expire_due}
