"""The content-addressed store: what it keeps, what it refuses, and that a refusal leaves nothing."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from yiwang.pure.kernel.findings import Refused, Sentences
from yiwang.record.files import content
from yiwang.record.files.api import (
    BID_TYPES,
    DOCUMENT_TYPES,
    DOCX,
    JPEG,
    JSON,
    OFD,
    PDF,
    PNG,
    TEXT,
    XLSX,
    ZIP,
    NoDocument,
    RefuseBySize,
    RequestTooLarge,
    describe,
    exists,
    intact,
    open_document,
    store,
)
from yiwang.record.journal.api import trial

pytestmark = pytest.mark.django_db

PDF_BYTES = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SENTENCES = Sentences([Path(content.__file__).parent / "sentences.toml"])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILES_ROOT", tmp_path / "files")


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as container:
        for name, body in members.items():
            container.writestr(name, body)
    return written.getvalue()


def workbook() -> bytes:
    written = io.BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def keep(
    body: bytes, *, name: str = "文件.bin", max_bytes: int = 1 << 20, types: frozenset[str] = DOCUMENT_TYPES
):
    return store(io.BytesIO(body), name=name, max_bytes=max_bytes, types=types)


def rules_of(body: bytes, **given: object) -> list[str]:
    """The rules that refuse ``body``; each has its sentence in both languages, and nothing was kept."""
    with pytest.raises(Refused) as refused:
        keep(body, **given)
    for finding in refused.value.findings:
        assert SENTENCES.say(finding, "zh-hans")
        assert SENTENCES.say(finding, "en")
    kept = [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]
    assert kept == []
    return [finding.rule for finding in refused.value.findings]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (PDF_BYTES, PDF),
        (workbook(), XLSX),
        (zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), DOCX),
        (zipped({"OFD.xml": b"<ofd/>"}), OFD),
        (zipped({"清单.txt": b"x"}), ZIP),
        (png(), PNG),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 20, JPEG),
        ("投标函：工期240天\r\n".encode(), TEXT),
        ("投标函".encode("gb18030"), TEXT),
        (b'{"a": 1}', TEXT),
    ],
)
def test_a_document_is_known_by_its_content_whatever_it_is_called(body: bytes, media_type: str) -> None:
    document = keep(body, name="附件.bin")
    assert document.media_type == media_type
    assert document.sha256 == hashlib.sha256(body).hexdigest()
    assert document.size == len(body)
    with open_document(document.sha256) as file:
        assert file.read() == body
    assert describe(document.sha256) == document
    assert exists(document.sha256)
    assert intact(document.sha256)


def test_canonical_json_is_stored_as_json_where_json_is_asked_for() -> None:
    assert rules_of(b"{a:1}", types=frozenset({JSON})) == ["file-type"]
    assert keep(b'{"a":1}', types=frozenset({JSON})).media_type == JSON


@pytest.mark.parametrize(
    "body",
    [
        b"MZ\x90\x00" + b"\0" * 200,
        b"\x7fELF" + b"\0" * 200,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"Rar!\x1a\x07\x00" + b"\0" * 50,
        b"<html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <svg onload='x'/>",
        b"%PDF-1.7 cut off",
        zipped({"word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}),
        b"PK\x03\x04 not a container at all",
        b"text with a \x00 in it",
    ],
)
def test_what_is_not_accepted_is_refused_by_its_content(body: bytes) -> None:
    assert rules_of(body, name="投标函.pdf") == ["file-type"]


def test_a_picture_is_no_bid() -> None:
    assert rules_of(png(), types=BID_TYPES) == ["file-type"]


def test_an_empty_file_is_refused() -> None:
    assert rules_of(b"") == ["file-empty"]


@given(extra=st.integers(-2, 2) | st.integers(-40, 2_000_000))
def test_the_limit_of_size_is_kept_to_the_byte(extra: int) -> None:
    limit = 100
    body = (PDF_BYTES + b" " * (limit + max(extra, -40)))[: limit + extra - 6] + b"%%EOF\n"
    assert len(body) == limit + extra
    if extra > 0:
        assert "file-too-large" in rules_of(body, max_bytes=limit)
    else:
        assert keep(body, max_bytes=limit).size == limit + extra
        for path in Path(settings.FILES_ROOT).rglob("*"):
            if path.is_file():
                path.unlink()


def test_reading_stops_at_the_limit() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            Endless.taken += size
            return b"x" * size

    with pytest.raises(Refused):
        store(Endless(), name="a.txt", max_bytes=5 << 20, types=DOCUMENT_TYPES)
    assert Endless.taken <= 6 << 20


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../a.pdf", "a/b.pdf", "a\\b.pdf", "a\nb.pdf", "a\x00.pdf", "长" * 201]
)
def test_a_name_that_is_no_plain_file_name_is_refused(name: str) -> None:
    assert rules_of(PDF_BYTES, name=name) == ["file-name"]
    assert rules_of(b"", name=name) == ["file-name", "file-empty"]  # every reason, not just the first


def test_a_container_that_unpacks_to_too_much_is_refused() -> None:
    bomb = zipped({"a.txt": b"\0" * (30 << 20)})
    assert len(bomb) < 100_000
    assert rules_of(bomb) == ["zip-bomb"]


@given(most=st.integers(1, 4))
def test_the_ratio_counts_only_above_one_megabyte(most: int) -> None:
    size = most * (1 << 20)
    body = zipped({"a.txt": b"\0" * size})
    found = list(_container_findings(body))
    assert bool(found) == (size > content.FREE_UNPACKED)


def _container_findings(body: bytes) -> list[str]:
    path = Path(settings.FILES_ROOT).parent / "container.zip"
    path.write_bytes(body)
    return [finding.rule for finding in content.container_findings(path, len(body))]


def test_a_container_of_too_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MAX_MEMBERS", 20)
    assert _container_findings(zipped({f"{n}.txt": b"x" for n in range(20)})) == []
    assert _container_findings(zipped({f"{n}.txt": b"x" for n in range(21)})) == ["zip-bomb-count"]


def test_members_that_overlap_are_refused() -> None:
    body = bytearray(zipped({"a.txt": os.urandom(5000)}, zipfile.ZIP_STORED))
    directory = body.index(b"PK\x01\x02")
    end = body.index(b"PK\x05\x06")
    record = bytes(body[directory:end])
    made = bytes(body[:directory]) + record * 50
    tail = bytearray(body[end:])
    tail[8:12] = struct.pack("<HH", 50, 50)
    tail[12:16] = struct.pack("<I", len(record) * 50)
    assert rules_of(made + bytes(tail)) == ["zip-bomb"]


@pytest.mark.parametrize("member", ["../../etc/x", "/etc/x", "..\\x", "C:x", "a/../../b"])
def test_members_that_lead_out_of_the_container_are_refused(member: str) -> None:
    assert rules_of(zipped({member: b"x"})) == ["zip-paths"]


@given(body=st.binary(min_size=1, max_size=300))
def test_any_bytes_are_either_typed_or_refused_never_an_error(body: bytes) -> None:
    assert content.media_types(io.BytesIO(body), len(body))
    assert content.media_types(io.BytesIO(b"PK\x03\x04" + body), len(body) + 4)
    assert content.media_types(io.BytesIO(b"{" + body), len(body) + 1)


def test_storing_the_same_content_again_changes_nothing() -> None:
    first = keep(PDF_BYTES, name="一.pdf")
    path = next(path for path in Path(settings.FILES_ROOT).rglob(first.sha256))
    before = path.stat().st_mtime_ns
    second = keep(PDF_BYTES, name="二.pdf")
    assert (second.sha256, second.name) == (first.sha256, "二.pdf")
    assert describe(first.sha256).name == "一.pdf"
    assert path.stat().st_mtime_ns == before
    assert path.parent.parent.parent == Path(settings.FILES_ROOT)
    assert list((Path(settings.FILES_ROOT) / "unfinished").iterdir()) == []


def test_a_changed_content_is_noticed() -> None:
    document = keep(PDF_BYTES)
    path = next(Path(settings.FILES_ROOT).rglob(document.sha256))
    path.chmod(0o600)
    path.write_bytes(PDF_BYTES.replace(b"obj", b"OBJ"))
    assert not intact(document.sha256)


@pytest.mark.parametrize("sha256", ["0" * 64])
def test_what_is_not_there_is_said_so(sha256: str) -> None:
    assert not exists(sha256)
    with pytest.raises(NoDocument):
        describe(sha256)
    with pytest.raises(NoDocument):
        open_document(sha256)


@pytest.mark.parametrize("odd", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_no_digest_leads_out_of_the_folder(odd: str) -> None:
    assert not exists(odd)
    with pytest.raises(ValueError, match="not a SHA-256"):
        open_document(odd)


@pytest.mark.django_db(transaction=True)
def test_many_uploads_of_one_content_at_once_store_it_once() -> None:
    def upload(_: int) -> str:
        try:
            return keep(PDF_BYTES * 100).sha256
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(upload, range(16)))
    assert found == [hashlib.sha256(PDF_BYTES * 100).hexdigest()] * 16
    assert len([path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]) == 1


def test_an_oversized_request_is_refused_before_its_body_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_DOCUMENT_BYTES", 1 << 20)

    class Untouched(io.BytesIO):
        def read(self, *args: int) -> bytes:
            raise AssertionError("the body was read")

    request = RequestFactory().post("/", {"file": io.BytesIO(b"x" * 100)})
    request.META["CONTENT_LENGTH"] = str((2 << 20) + 1)
    request._stream = Untouched()
    with pytest.raises(RequestTooLarge) as refused:
        request.FILES.get("file")
    assert [finding.rule for finding in refused.value.findings] == ["file-too-large"]


def test_a_request_of_the_allowed_size_goes_through_the_handler() -> None:
    assert settings.FILE_UPLOAD_HANDLERS[0] == f"{RefuseBySize.__module__}.{RefuseBySize.__name__}"
    upload = io.BytesIO(PDF_BYTES)
    upload.name = "投标函.pdf"
    request = RequestFactory().post("/", {"file": upload})
    assert request.FILES["file"].read() == PDF_BYTES


def test_an_oversized_request_is_answered_with_its_reason_also_before_any_view_ran(
    client: Client, rehearsal: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAX_DOCUMENT_BYTES", 1 << 20)
    client.handler.enforce_csrf_checks = True  # looking for the token is what reads the form
    client.cookies["csrftoken"] = "a" * 32
    upload = io.BytesIO(b"x" * (3 << 20))
    upload.name = "a.pdf"
    response = client.post("/en/", {"file": upload})
    assert response.status_code == 422
    assert "larger than the limit of 1.0 MB" in response.content.decode()


def test_what_a_trial_stores_can_be_read_in_it_and_is_nowhere_afterwards() -> None:
    def shelved() -> list[Path]:
        return [each for each in Path(settings.FILES_ROOT).rglob("*") if each.is_file()]

    kept, before = store(io.BytesIO(PDF_BYTES), name="kept.pdf", max_bytes=1000, types=BID_TYPES), shelved()
    with trial():
        tried = store(io.BytesIO(PDF_BYTES + b"%"), name="tried.pdf", max_bytes=1000, types=BID_TYPES)
        assert describe(tried.sha256).name == "tried.pdf"
        assert exists(tried.sha256)
        with open_document(tried.sha256) as file:
            assert file.read() == PDF_BYTES + b"%"
        with open_document(kept.sha256) as file:
            assert file.read() == PDF_BYTES
    assert not exists(tried.sha256)
    with pytest.raises(NoDocument):
        open_document(tried.sha256)
    assert shelved() == before
    assert len(before) == 1
