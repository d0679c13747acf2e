"""Where contents stand: a folder, or storage that speaks S3, by setting. Both keep each content once under its digest.

A content comes as a finished local file and is durable when ``put`` returns; nothing is ever overwritten.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import obstore
from django.conf import settings
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from yiwang.pure.kernel.findings import Finding, Refused

BUFFER = 4 << 20
TIMEOUT_SECONDS, TRIES, TRYING_SECONDS = 20, 3, 15


class NoDocument(LookupError):
    """No content with this digest is stored."""


class StoreDown(Refused):
    """The storage of documents does not answer, or does not let us in: a refusal that says to come back."""

    def __init__(self) -> None:
        super().__init__([Finding("store-down")])


class Shelf(Protocol):
    """A place for contents."""

    def put(self, finished: Path, sha256: str) -> None:
        """Keeps the content of a local file, once; the file may be moved. Raises StoreDown."""

    def open(self, sha256: str) -> BinaryIO:
        """The content for reading. Raises NoDocument, StoreDown."""

    def has(self, sha256: str) -> bool:
        """Whether the content stands here. Raises StoreDown."""

    def remove(self, sha256: str) -> None:
        """Takes a content away, where it stands here. Raises StoreDown."""


def sync_folder(folder: Path) -> None:
    """Makes names in ``folder`` durable: a file's own fsync does not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Creates ``folder`` and what is missing above it, durably."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


class FolderShelf:
    """ROOT/ab/cd/SHA256 on a local disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def put(self, finished: Path, sha256: str) -> None:
        target = self._path(sha256)
        make_folder(target.parent)
        if not target.exists():
            with finished.open("rb+") as file:
                os.fsync(file.fileno())
            finished.chmod(0o440)
            finished.replace(target)
        sync_folder(
            target.parent
        )  # also where another upload of the same content may not have come to it yet

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise NoDocument(sha256) from error

    def has(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)


@contextmanager
def _answered() -> Iterator[None]:
    """What storage says when it cannot: one refusal, whatever the cause; the cause stays attached to it."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise StoreDown from error


class S3Shelf:
    """PREFIX/ab/cd/SHA256 in a bucket. A conditional put keeps the first: the same digest is the same content."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    @staticmethod
    def _key(sha256: str) -> str:
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def put(self, finished: Path, sha256: str) -> None:
        with _answered():
            try:
                obstore.put(self._store, self._key(sha256), finished, mode="create", use_multipart=False)
            except (AlreadyExistsError, PreconditionError):
                return

    def open(self, sha256: str) -> BinaryIO:
        with _answered():
            try:
                reader = obstore.open_reader(self._store, self._key(sha256), buffer_size=BUFFER)
            except FileNotFoundError as error:
                raise NoDocument(sha256) from error
        return io.BufferedReader(_Remote(reader), BUFFER)

    def has(self, sha256: str) -> bool:
        with _answered():
            try:
                obstore.head(self._store, self._key(sha256))
            except FileNotFoundError:
                return False
        return True

    def remove(self, sha256: str) -> None:
        with _answered(), suppress(FileNotFoundError):
            obstore.delete(self._store, self._key(sha256))


class _Remote(io.RawIOBase):
    """A stored object as a Python file: read in pieces as they are asked for. Raises StoreDown."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _answered():
            piece = bytes(
                self._reader.read(min(len(buffer), max(self._reader.size - self._reader.tell(), 0)))
            )
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())


def shelf() -> Shelf:
    """The shelf that the settings ask for."""
    asked: Mapping[str, str] = settings.FILES_S3
    return _s3_shelf(tuple(sorted(asked.items()))) if asked else FolderShelf(Path(settings.FILES_ROOT))


class ProbeFailed(Exception):
    """The storage of documents did not do what it has to: ``step`` is write, read or delete, ``why`` its own words."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(step, why)
        self.step, self.why = step, why


def probe(folder: Path) -> None:
    """Writes a small content, reads it back and deletes it. ``folder`` is for the local file. Raises ProbeFailed."""
    content = b"probe " + os.urandom(16)
    sha256, here, step = hashlib.sha256(content).hexdigest(), shelf(), "write"
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(content)
    finished = Path(file.name)
    try:
        here.put(finished, sha256)
        step = "read"
        with here.open(sha256) as stored:
            if stored.read() != content:
                raise ProbeFailed(step, "other bytes came back than were written")
        step = "delete"
        here.remove(sha256)
        if here.has(sha256):
            raise ProbeFailed(step, "it is still there after it was deleted")
    except NoDocument as missing:
        raise ProbeFailed(step, "what was written is not there") from missing
    except StoreDown as down:
        raise ProbeFailed(step, _told_by(down)) from down
    finally:
        finished.unlink(missing_ok=True)


def _told_by(down: StoreDown) -> str:
    """The storage's own words in one short line."""
    return " ".join(str(down.__cause__ or down).split())[:300]


@cache
def _s3_shelf(asked: tuple[tuple[str, str], ...]) -> S3Shelf:
    """One client for each set of settings: it keeps its connections. FILES_S3 names bucket, endpoint, region, …"""
    options = dict(asked)
    store = S3Store(
        options["bucket"],
        prefix=options.get("prefix") or None,
        endpoint=options.get("endpoint") or None,
        region=options.get("region") or "us-east-1",
        access_key_id=options.get("access_key") or None,
        secret_access_key=options.get("secret_key") or None,
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": options.get("endpoint", "").startswith("http://"),
            "timeout": timedelta(seconds=TIMEOUT_SECONDS),
        },
        retry_config={
            "max_retries": TRIES,
            "retry_timeout": timedelta(seconds=int(options.get("trying_seconds", TRYING_SECONDS))),
        },
    )
    return S3Shelf(store)
