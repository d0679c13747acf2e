"""An archive can be taken away, opened by ordinary programs, and checked: any change of any file is found."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import (
    Altered,
    Archive,
    Member,
    archive,
    archive_findings,
    made,
    safe_name,
    written,
    zipped,
)

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def whole() -> Archive:
    documents = [
        made("01-登记/登记表.pdf", Words("登记表", "Registration"), AT, b"%PDF-1"),
        made("02-公告/=1+1.json", Words("=1+1", "<b>"), AT, b"{}"),
        made("02-公告/=1+1.json", Words("又一", "again"), AT, b"[]"),
        made("SAME.txt", Words("大", "upper"), AT, b"a"),
        made("same.txt", Words("小", "lower"), AT, b"b"),
    ]
    return archive("C6205-项目", Words("某项目档案", "Archive"), "C6205", AT, documents)


def test_a_second_name_without_an_ending_stays_in_its_folder_whatever_that_is_called():
    documents = [made("001-第2.5标段/说明", Words("一", "one"), AT, b"1")] * 2
    paths = [each.path for each in archive("x", Words("x", "x"), "1", AT, documents).members]
    assert paths[:2] == ["001-第2.5标段/说明", "001-第2.5标段/说明-2"]


def rules(folder: Path) -> list[str]:
    return sorted(each.rule for each in archive_findings(folder))


def test_a_written_archive_is_intact_and_every_file_stands_under_a_name_of_its_own(tmp_path):
    folder = written(whole(), tmp_path)
    assert rules(folder) == []
    paths = {each.relative_to(folder).as_posix().casefold() for each in folder.rglob("*") if each.is_file()}
    assert len(paths) == 5 + 4 + 1
    assert {"02-公告/=1+1-2.json", "same-2.txt"} <= paths
    index = json.loads((folder / "index.json").read_text("utf-8"))
    assert [each["title"]["zh"] for each in index["documents"]] == ["登记表", "=1+1", "又一", "大", "小"]
    page = (folder / "index.html").read_text("utf-8")
    assert "&lt;b&gt;" in page
    assert 'href="02-%E5%85%AC%E5%91%8A/%3D1%2B1.json"' in page


def test_the_checksums_are_those_that_the_tool_of_every_unix_reads(tmp_path):
    folder = written(whole(), tmp_path)
    run = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True)
    assert run.returncode == 0, run.stdout


def test_the_zip_opens_elsewhere_and_holds_the_same(tmp_path):
    packed = b"".join(zipped(whole()))
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.testzip() is None
        opened.extractall(tmp_path)
    assert rules(tmp_path / "C6205-项目") == []
    assert b"".join(zipped(whole())) == packed


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda folder: (folder / "SAME.txt").write_bytes(b"c"), ["archive-changed"]),
        (lambda folder: (folder / "SAME.txt").unlink(), ["archive-missing"]),
        (lambda folder: (folder / "more.txt").write_bytes(b"c"), ["archive-extra"]),
        (lambda folder: (folder / "index.json").unlink(), ["archive-no-index"]),
        (lambda folder: (folder / "index.json").write_text("{"), ["archive-no-index"]),
        (lambda folder: (folder / "SHA256SUMS").unlink(), ["archive-no-index"]),
        (lambda folder: (folder / "index.html").write_text("x"), ["archive-changed"]),
        (lambda folder: _forge(folder, "../outside"), ["archive-index-differs", "archive-path"]),
        (lambda folder: _forge(folder, "/etc/passwd"), ["archive-index-differs", "archive-path"]),
        (lambda folder: _link(folder), ["archive-extra", "archive-missing"]),
    ],
)
def test_every_harm_is_found_and_nothing_outside_is_read(tmp_path, harm, found):
    folder = written(whole(), tmp_path)
    (tmp_path / "outside").write_bytes(b"c")
    harm(folder)
    assert rules(folder) == found


def _forge(folder: Path, path: str) -> None:
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text("utf-8") + "0" * 64 + f"  {path}\n", "utf-8")


def _link(folder: Path) -> None:
    (folder / "SAME.txt").unlink()
    (folder / "SAME.txt").symlink_to(folder.parent / "outside")
    (folder / "more.txt").symlink_to(folder.parent / "outside")


def test_a_document_that_changed_since_it_was_filed_stops_the_export(tmp_path):
    member = Member("a.txt", Words("a", "a"), AT, "0" * 64, 1, lambda: [b"x"])
    broken = archive("n", Words("t", "t"), "1", AT, [member])
    with pytest.raises(Altered):
        written(broken, tmp_path)
    with pytest.raises(Altered):
        list(zipped(broken))


def test_an_archive_is_never_written_over_another(tmp_path):
    written(whole(), tmp_path)
    with pytest.raises(FileExistsError):
        written(whole(), tmp_path)


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd", "_._etc_passwd"), ("a/b\\c", "a_b_c"), ("CON", "_CON"), ("nul.txt", "_nul.txt"), ("", "_"),
        ("...", "_"), ("a\x00b", "ab"), ("x\u202egnp.exe", "xgnp.exe"), ("报价 表.xlsx", "报价 表.xlsx"), ("a. ", "a"),
    ],
)  # fmt: skip
def test_names_are_made_safe(given_name, safe):
    assert safe_name(given_name) == safe


@given(st.text(max_size=300) | st.text(alphabet="./\\:\x00 a甲", max_size=300))
def test_a_safe_name_is_one_part_of_a_path_that_fits(name):
    safe = safe_name(name)
    assert safe not in ("", ".", "..")
    assert not set(safe) & set('<>:"/\\|?*\x00')
    assert len(safe.encode()) <= 200
    assert safe_name(safe) == safe
