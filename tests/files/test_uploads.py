"""Uploads go on where they ended, whatever happened between, and end as the bytes that were sent or as nothing."""

from __future__ import annotations

import errno
import hashlib
import io
import itertools
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.record.files import uploads
from yiwang.record.files.api import (
    DOCUMENT_TYPES,
    DUTIES,
    PDF,
    ChecksumMismatch,
    NoUpload,
    OffsetConflict,
    StoreDown,
    UploadBusy,
    append,
    arrived,
    begin,
    collecting,
    drop,
    exists,
    finish,
    intact,
    open_document,
)
from yiwang.record.files.copying import MUCH
from yiwang.record.files.models import StoredDocument, Upload
from yiwang.record.files.uploads import KEPT, MOST_UNFINISHED
from yiwang.record.journal.api import act, kind, record, work

pytestmark = pytest.mark.django_db
HANDED_IN = kind("test-handed-in", public="now", zh="递交", en="handed in")
CONTENT = b"%PDF-1.7\n" + os.urandom(3000) + b"\n%%EOF\n"
LIMIT = 1 << 20
OWNER, ACCOUNT = "P-1@91620502MA00000001", "91620502MA00000001"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILES_ROOT", tmp_path / "files")


def begun(at: datetime, name: str = "标书.pdf", size: int = len(CONTENT), owner: str = OWNER) -> str:
    return begin(owner, ACCOUNT, name, size, max_bytes=LIMIT, at=at).code


def send(code: str, offset: int, piece: bytes, **more: Any) -> int:
    return append(OWNER, code, offset, io.BytesIO(piece), len(piece), **more).offset


def left_behind(tmp_path: Path) -> list[Path]:
    return [each for each in (tmp_path / "files" / "unfinished").glob("*") if each.is_file()]


def forget_everything() -> None:
    """What a restart of the server does to the running hashes."""
    uploads._hashes = uploads._Hashes()


@given(cuts=st.lists(st.integers(0, len(CONTENT)), max_size=6), restarts=st.sets(st.integers(0, 6)))
def test_however_it_is_cut_the_document_is_what_was_sent(
    rehearsal: Any, at: datetime, cuts: list[int], restarts: set[int]
) -> None:
    code = begun(at)
    edges = [0, *sorted(cuts), len(CONTENT)]
    for number, (start, end) in enumerate(itertools.pairwise(edges)):
        if number in restarts:
            forget_everything()
        assert send(code, start, CONTENT[start:end]) == end
    document = finish(OWNER, code, DOCUMENT_TYPES)
    assert document.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert intact(document.sha256)
    assert finish(OWNER, code, DOCUMENT_TYPES) == document
    assert arrived(OWNER, code).document == document
    drop(OWNER, code)


class _BreaksOff:
    """A sender that goes away in the middle, politely (no more bytes) or with an error."""

    def __init__(self, content: bytes, error: type[Exception] | None) -> None:
        self._stream, self._error = io.BytesIO(content), error

    def read(self, size: int, /) -> bytes:
        piece = self._stream.read(min(size, 700))
        if not piece and self._error:
            raise self._error("gone")
        return piece


@pytest.mark.parametrize("error", [None, OSError])
def test_what_a_sender_that_breaks_off_has_sent_is_kept(
    rehearsal: Any, at: datetime, error: type[Exception] | None
) -> None:
    code = begun(at)
    try:
        append(OWNER, code, 0, _BreaksOff(CONTENT[:1500], error), len(CONTENT))
    except OSError:
        assert error is OSError
    assert arrived(OWNER, code).offset == 1500
    send(code, 1500, CONTENT[1500:])
    assert finish(OWNER, code, {PDF}).sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("padding", [0, MUCH])
def test_where_the_disk_was_full_meanwhile_the_document_is_still_what_was_sent(
    rehearsal: Any, at: datetime, monkeypatch: pytest.MonkeyPatch, padding: int
) -> None:
    content = CONTENT[:-7] + bytes(padding) + CONTENT[-7:]
    code = begin(OWNER, ACCOUNT, "标书.pdf", len(content), max_bytes=len(content), at=at).code
    send(code, 0, content[:1000])

    def full(descriptor: int, view: Any, offset: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("yiwang.record.files.copying.os.pwrite", full)
        with pytest.raises(OSError, match="No space left"):
            send(code, 1000, content[1000:])
    assert arrived(OWNER, code).offset == 1000
    send(code, 1000, content[1000:])
    assert finish(OWNER, code, {PDF}).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("offset", [0, 999, 1001, len(CONTENT)])
def test_bytes_that_do_not_follow_are_a_conflict_that_says_where_to_go_on(
    rehearsal: Any, at: datetime, offset: int
) -> None:
    code = begun(at)
    send(code, 0, CONTENT[:1000])
    with pytest.raises(OffsetConflict) as conflict:
        send(code, offset, b"x")
    assert conflict.value.offset == 1000
    assert arrived(OWNER, code).offset == 1000


def test_more_than_was_announced_is_refused_before_it_is_read(rehearsal: Any, at: datetime) -> None:
    code = begun(at)
    with pytest.raises(Refused) as refused:
        send(code, 0, CONTENT + b"x")
    assert [each.rule for each in refused.value.findings] == ["upload-too-long"]
    assert arrived(OWNER, code).offset == 0


def test_a_wrong_checksum_keeps_nothing_and_a_right_one_everything(rehearsal: Any, at: datetime) -> None:
    code = begun(at)
    send(code, 0, CONTENT[:1000])
    with pytest.raises(ChecksumMismatch):
        send(code, 1000, b"abc", checksum=("sha256", b"0" * 32))
    assert arrived(OWNER, code).offset == 1000
    rest = CONTENT[1000:]
    send(code, 1000, rest, checksum=("sha256", hashlib.sha256(rest).digest()))
    assert finish(OWNER, code, {PDF}).sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_two_writers_at_once_do_not_mix(rehearsal: Any, at: datetime) -> None:
    code = begun(at)

    class Meanwhile:
        def read(self, size: int, /) -> bytes:
            with pytest.raises(UploadBusy):
                send(code, 0, b"other")
            return b""

    append(OWNER, code, 0, Meanwhile(), 10)
    assert arrived(OWNER, code).offset == 0


def test_an_upload_is_its_owners_alone(rehearsal: Any, at: datetime) -> None:
    code = begun(at, owner="P-2@other")
    acts: list[Callable[[], object]] = [
        lambda: arrived(OWNER, code), lambda: send(code, 0, b"x"), lambda: finish(OWNER, code, {PDF}), lambda: drop(OWNER, code),
    ]  # fmt: skip
    for each in acts:
        with pytest.raises(NoUpload):
            each()
    assert arrived("P-2@other", code).offset == 0


@pytest.mark.parametrize(
    "name",
    [
        "投标　文件.pdf",
        "投标\u00a0文件.pdf",
        "𠮷·买买提（１）.pdf",
        "\U000323b0.pdf",
        "\ue863.pdf",
        "-r.pdf",
        "=1+1.pdf",
    ],
)
def test_names_as_people_write_them_are_taken_and_given_back(
    rehearsal: Any, at: datetime, tmp_path: Path, name: str
) -> None:
    """Full-width blanks, characters newer than this Python, those of a house's own fonts."""
    assert arrived(OWNER, begun(at, name, 10)).name == name


@pytest.mark.parametrize(
    ("name", "size", "rules"),
    [
        ("../标书.pdf", 10, ["file-name"]),
        ("标\x00书.pdf", 10, ["file-name"]),
        ("CON.pdf", 10, ["file-name"]),
        ("标\u202e书.pdf", 10, ["file-name"]),
        ("标\u2028书.pdf", 10, ["file-name"]),
        ("标\ufffe书.pdf", 10, ["file-name"]),
        ("标\u00ad书.pdf", 10, ["file-name"]),
        ("　 .", 10, ["file-name"]),
        ("x" * 201, 10, ["file-name"]),
        ("a.pdf", 0, ["file-empty"]),
        ("a.pdf", LIMIT + 1, ["file-too-large"]),
        ("a/b.pdf", LIMIT + 1, ["file-name", "file-too-large"]),
    ],
)
def test_what_can_be_known_before_the_first_byte_is_refused_then(
    rehearsal: Any, at: datetime, tmp_path: Path, name: str, size: int, rules: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        begun(at, name, size)
    assert [each.rule for each in refused.value.findings] == rules
    assert left_behind(tmp_path) == []


def test_an_account_has_a_quota_of_what_is_on_its_way(rehearsal: Any, at: datetime) -> None:
    for _ in range(MOST_UNFINISHED):
        last = begun(at, size=10)
    with pytest.raises(Refused) as refused:
        begun(at, size=10)
    assert [each.rule for each in refused.value.findings] == ["upload-too-many"]
    drop(OWNER, last)
    assert begun(at, size=10)
    Upload.objects.all().delete()
    for _ in range(10):
        begun(at, size=LIMIT)
    with pytest.raises(Refused) as refused:
        begun(at, size=1)
    assert [each.rule for each in refused.value.findings] == ["upload-quota"]


def test_a_full_disk_is_said_before_the_upload_begins(
    rehearsal: Any, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SPARE_BYTES", 1 << 60)
    with pytest.raises(Refused) as refused:
        begun(at)
    assert [each.rule for each in refused.value.findings] == ["upload-no-space"]


@pytest.mark.parametrize(
    "content", [b"MZ" + b"\x00" * 100, b"<html><script></script></html>", b"%PDF-1.7 without an end"]
)
def test_a_content_that_is_refused_leaves_nothing(
    rehearsal: Any, at: datetime, tmp_path: Path, content: bytes
) -> None:
    code = begun(at, size=len(content))
    send(code, 0, content)
    with pytest.raises(Refused) as refused:
        finish(OWNER, code, {PDF})
    assert [each.rule for each in refused.value.findings] == ["file-type"]
    assert left_behind(tmp_path) == []
    with pytest.raises(NoUpload):
        arrived(OWNER, code)


def test_storage_that_is_down_loses_nothing_and_the_upload_ends_when_it_is_back(
    rehearsal: Any, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = begun(at)
    send(code, 0, CONTENT)
    nowhere = {
        "bucket": "b",
        "endpoint": "http://127.0.0.1:9",
        "access_key": "a",
        "secret_key": "b",
        "trying_seconds": "1",
    }
    with monkeypatch.context() as away:
        away.setattr(settings, "FILES_S3", nowhere)
        with pytest.raises(StoreDown):
            finish(OWNER, code, {PDF})
    assert arrived(OWNER, code).offset == len(CONTENT)
    assert exists(finish(OWNER, code, {PDF}).sha256)


def test_the_worker_deletes_what_nobody_went_on_with_and_never_a_document(
    rehearsal: Any, at: datetime, tmp_path: Path
) -> None:
    waiting, whole = begun(at), begun(at)
    send(waiting, 0, CONTENT[:10])
    send(whole, 0, CONTENT)
    document = finish(OWNER, whole, {PDF})
    work((), DUTIES, at + KEPT - timedelta(seconds=1))
    assert arrived(OWNER, waiting).offset == 10
    work((), DUTIES, at + KEPT)
    assert left_behind(tmp_path) == []
    assert not Upload.objects.exists()
    with open_document(document.sha256) as file:
        assert file.read() == CONTENT


def test_what_was_handed_in_nowhere_is_collected_and_what_is_on_record_or_drafted_stays(
    rehearsal: Any, at: datetime, tmp_path: Path
) -> None:
    drafted = "没有"
    duties = {**DUTIES, **collecting(lambda sha256: sha256 == drafted)}
    stored = {}
    for name in ("orphan", "recorded", "drafted", "again"):
        content = CONTENT[:-1] + name.encode() + b"\n%%EOF\n"
        code = begun(at, size=len(content))
        send(code, 0, content)
        stored[name] = finish(OWNER, code, DOCUMENT_TYPES).sha256
    drafted = stored["drafted"]
    with act():
        facts: dict[str, Any] = {}
        record(
            HANDED_IN,
            about=Ref("files", "test", "1"),
            by=SYSTEM_ACTOR,
            at=at,
            facts=facts,
            documents=[stored["recorded"]],
        )
    collected_at = at + timedelta(days=settings.UNCLAIMED_DAYS)
    work((), duties, at + KEPT)
    work((), duties, collected_at - timedelta(seconds=1))
    assert all(exists(sha256) for sha256 in stored.values())
    content = CONTENT[:-1] + b"again\n%%EOF\n"
    code = begun(collected_at, size=len(content))
    send(code, 0, content)
    finish(OWNER, code, DOCUMENT_TYPES)
    work((), duties, collected_at)
    assert {name for name, sha256 in stored.items() if exists(sha256)} == {"recorded", "drafted", "again"}
    assert not (tmp_path / "files" / stored["orphan"][:2] / stored["orphan"][2:4] / stored["orphan"]).exists()
    for later in (KEPT, timedelta(days=settings.UNCLAIMED_DAYS)):
        work((), duties, collected_at + later)
    assert not exists(stored["again"])


def test_a_document_from_before_entries_named_theirs_is_never_collected(rehearsal: Any, at: datetime) -> None:
    code = begun(at)
    send(code, 0, CONTENT)
    sha256 = finish(OWNER, code, DOCUMENT_TYPES).sha256
    StoredDocument.objects.update(older=True)
    for later in (KEPT, timedelta(days=400)):
        work((), {**DUTIES, **collecting(lambda _: False)}, at + later)
    assert exists(sha256)
