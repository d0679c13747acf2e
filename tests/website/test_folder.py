"""Pages in their folder: whole or not at all, never outside it."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from yiwang.doors.website.folder import GENERATION_FILE, is_whole, raise_generation, write_page


def test_a_page_stands_beside_its_compressed_twin_and_is_written_only_when_it_differs(tmp_path: Path) -> None:
    assert write_page(tmp_path, "notices/X/index.html", b"one")
    assert gzip.decompress((tmp_path / "notices/X/index.html.gz").read_bytes()) == b"one"
    assert not write_page(tmp_path, "notices/X/index.html", b"one")
    assert write_page(tmp_path, "notices/X/index.html", b"two")
    assert (tmp_path / "notices/X/index.html").read_bytes() == b"two"
    assert sorted(path.name for path in (tmp_path / "notices/X").iterdir()) == ["index.html", "index.html.gz"]


def test_a_lost_twin_is_written_again(tmp_path: Path) -> None:
    write_page(tmp_path, "index.html", b"one")
    (tmp_path / "index.html.gz").unlink()
    assert write_page(tmp_path, "index.html", b"one")
    assert is_whole(tmp_path, "index.html")


def test_a_write_that_fails_leaves_the_old_page_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(tmp_path, "index.html", b"old")

    def broken(source: str, target: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="disk full"):
        write_page(tmp_path, "index.html", b"new")
    assert (tmp_path / "index.html").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "index.html.gz"]


@pytest.mark.parametrize(
    "name", ["", "../out.html", "a/../../out.html", "/etc/x", ".hidden", "a/.b/c", "a//b"]
)
def test_no_name_leads_out_of_the_folder_or_to_a_hidden_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a page"):
        write_page(tmp_path / "public", name, b"x")
    assert not any(tmp_path.iterdir())


def test_every_change_has_a_generation_of_its_own(tmp_path: Path) -> None:
    seen = set()
    for _ in range(20):
        raise_generation(tmp_path)
        seen.add((tmp_path / GENERATION_FILE).read_bytes())
    assert len(seen) == 20


@pytest.mark.parametrize("damage", ["index.html", "index.html.gz"])
def test_an_empty_file_is_no_whole_page(tmp_path: Path, damage: str) -> None:
    write_page(tmp_path, "index.html", b"one")
    assert is_whole(tmp_path, "index.html")
    (tmp_path / damage).write_bytes(b"")
    assert not is_whole(tmp_path, "index.html")
