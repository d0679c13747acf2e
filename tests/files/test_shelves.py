"""Folder and S3 storage keep the same promises; S3 is spoken to a server that we did not write."""

from __future__ import annotations

import hashlib
import io
import socket
import urllib.request
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from yiwang.pure.kernel.findings import Refused
from yiwang.record.files import shelves
from yiwang.record.files.api import (
    DOCX,
    PDF,
    NoDocument,
    ProbeFailed,
    StoreDown,
    exists,
    intact,
    open_document,
    probe,
    store,
)
from yiwang.record.files.marks import Traces, traces
from yiwang.record.files.shelves import BUFFER, FolderShelf, S3Shelf, Shelf, shelf
from yiwang.site.commands import check

pytestmark = pytest.mark.django_db
PDF_BYTES = b"%PDF-1.7\n" + b"x" * 50_000 + b"\n%%EOF\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    _, port = running.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    running.stop()


@pytest.fixture
def remote(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> dict[str, str]:
    """Settings that name a bucket of its own."""
    bucket = "b" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
    urllib.request.urlopen(urllib.request.Request(f"{server}/{bucket}", method="PUT")).read()
    asked = {
        "bucket": bucket,
        "endpoint": server,
        "access_key": "a",
        "secret_key": "b",
        "prefix": "city",
        "trying_seconds": "1",
    }
    monkeypatch.setattr(settings, "FILES_S3", asked)
    monkeypatch.setattr(settings, "FILES_ROOT", tmp_path / "files")
    return asked


def finished(tmp_path: Path, content: bytes) -> tuple[Path, str]:
    path = tmp_path / "finished"
    path.write_bytes(content)
    return path, hashlib.sha256(content).hexdigest()


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return FolderShelf(tmp_path / "shelf")
    request.getfixturevalue("remote")
    return shelf()


@pytest.mark.parametrize("size", [1, BUFFER - 1, BUFFER, BUFFER + 1])
def test_what_was_put_comes_back_byte_for_byte_and_in_pieces(place: Shelf, tmp_path: Path, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    path, sha256 = finished(tmp_path, content)
    assert not place.has(sha256)
    place.put(path, sha256)
    assert place.has(sha256)
    with place.open(sha256) as file:
        assert file.read(3) + file.read() == content
        assert file.read(1) == b""
        file.seek(0)
        assert file.read(1) == content[:1]


def test_who_made_a_file_is_read_wherever_it_lies(place: Shelf, tmp_path: Path) -> None:
    long = b"%PDF-1.7\n" + b"x" * (3 << 20) + b"\n9 0 obj\n<< /Author (Zhang San) >>\nendobj\n"
    long += b"trailer\n<< /Info 9 0 R >>\n%%EOF\n"
    letter = io.BytesIO()
    with zipfile.ZipFile(letter, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/settings.xml", '<w:rsidRoot w:val="00464813"/>' + " " * 100_000)
    for content, media_type, told in (
        (long, PDF, Traces("Zhang San")),
        (letter.getvalue(), DOCX, Traces("", "00464813")),
    ):
        path, sha256 = finished(tmp_path, content)
        place.put(path, sha256)
        with place.open(sha256) as file:
            assert traces(file, media_type) == told


def test_a_content_is_never_overwritten(place: Shelf, tmp_path: Path) -> None:
    path, sha256 = finished(tmp_path, b"first")
    place.put(path, sha256)
    other = tmp_path / "other"
    other.write_bytes(b"second")
    place.put(other, sha256)
    with place.open(sha256) as file:
        assert file.read() == b"first"


def test_what_is_not_there_is_no_document(place: Shelf) -> None:
    with pytest.raises(NoDocument):
        place.open("0" * 64)


def test_many_who_put_the_same_content_at_once_all_succeed(place: Shelf, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"same").hexdigest()
    paths = [tmp_path / str(n) for n in range(8)]
    for path in paths:
        path.write_bytes(b"same")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: place.put(path, sha256), paths))
    assert place.has(sha256)


def test_a_document_is_stored_in_the_bucket_and_nothing_stays_behind(
    remote: dict[str, str], server: str, tmp_path: Path
) -> None:
    document = store(io.BytesIO(PDF_BYTES), name="标书.pdf", max_bytes=1 << 20, types={PDF})
    assert exists(document.sha256)
    assert intact(document.sha256)
    assert [each for each in (tmp_path / "files").rglob("*") if each.is_file()] == []
    key = f"city/{document.sha256[:2]}/{document.sha256[2:4]}/{document.sha256}"
    bare = S3Store(
        remote["bucket"], endpoint=server, access_key_id="a", secret_access_key="b", region="us-east-1",
        client_options={"allow_http": True},
    )  # fmt: skip
    assert bytes(bare.get(key).bytes()) == PDF_BYTES
    with open_document(document.sha256) as file:
        assert file.read() == PDF_BYTES


def _down(monkeypatch: pytest.MonkeyPatch, remote: dict[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(settings, "FILES_S3", {**remote, "endpoint": f"http://127.0.0.1:{port}"})


def test_storage_that_is_down_refuses_with_a_sentence_and_keeps_nothing_half(
    remote: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _down(monkeypatch, remote)
    with pytest.raises(StoreDown) as refused:
        store(io.BytesIO(PDF_BYTES), name="a.pdf", max_bytes=1 << 20, types={PDF})
    assert isinstance(refused.value, Refused)
    assert [each.rule for each in refused.value.findings] == ["store-down"]
    assert [each for each in (tmp_path / "files").rglob("*") if each.is_file()] == []
    with pytest.raises(StoreDown):
        open_document("0" * 64)


def test_a_bucket_that_is_not_there_is_storage_that_is_down(
    remote: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "FILES_S3", {**remote, "bucket": "nobody-made-this"})
    path, sha256 = finished(tmp_path, b"x")
    with pytest.raises(StoreDown):
        shelf().put(path, sha256)


def test_a_page_that_cannot_reach_documents_says_so_with_503(
    rehearsal: Any, remote: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _down(monkeypatch, remote)
    monkeypatch.setattr("yiwang.doors.website.views.reading.render", lambda *_: shelf().open("0" * 64))
    answer = Client().get("/guide/")
    assert answer.status_code == 503
    assert "文件存储暂时不能使用" in answer.content.decode()


def test_the_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILES_S3", {})
    assert isinstance(shelf(), FolderShelf)
    assert shelves.settings.FILES_ROOT


def test_a_probe_writes_reads_and_deletes_and_says_which_of_them_failed(
    remote: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe(tmp_path)
    with pytest.raises(NoDocument):
        shelf().open("0" * 64)
    assert not [each for each in tmp_path.iterdir() if each.is_file()]
    monkeypatch.setattr(settings, "FILES_S3", {**remote, "bucket": "no-such-bucket"})
    with pytest.raises(ProbeFailed) as failed:
        probe(tmp_path)
    assert failed.value.step == "write"
    assert "b" * 20 not in failed.value.why
    found = [each for each in check._documents() if each.level == check.UNSAFE]
    assert "s3://no-such-bucket/city 写入失败" in found[0].words.zh
    assert "fails at writing" in found[0].words.en
    monkeypatch.setattr(settings, "FILES_S3", remote)
    monkeypatch.setattr(S3Shelf, "remove", lambda self, sha256: None)
    with pytest.raises(ProbeFailed) as failed:
        probe(tmp_path)
    assert failed.value.step == "delete"


def test_a_check_says_that_a_bucket_is_not_in_the_backup(remote: dict[str, str]) -> None:
    said = list(check._documents())
    assert [each.level for each in said] == [check.NOTE]
    assert f"s3://{remote['bucket']}/city" in said[0].words.zh
    assert "backup does not copy the bucket" in said[0].words.en
