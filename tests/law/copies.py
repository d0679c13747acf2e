"""Copies of the packaged rows that a test may change."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from yiwang.law import api

AMENDED_ON = date(2026, 6, 1)
W03_END = 'source = "《中华人民共和国招标投标法》第二十四条"\nsure = "read"\nsince = 2000-01-01\n'
FOLDERS = ("limits", "procedures", "notices", "evaluation", "examples", "cases")


def copy_of_the_law(directory: Path) -> Path:
    """A copy of all TOML files of the law in ``directory``/law, to be changed and loaded."""
    target = directory / "law"
    for folder in FOLDERS:
        shutil.copytree(api.DIRECTORY / folder, target / folder)
    return target


def changed(path: Path, before: str, after: str) -> None:
    """Replaces the one place where ``before`` stands in the file."""
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path.name}"
    path.write_text(text.replace(before, after), "utf-8")


ROW = """
[[limit]]
id = "{id}"
title = "题"
title_en = "title"
family = "works"
{comparator} = {value}
unit = "calendar-day"
direction = "forward"
anchor = "documents-issued"
counting = "first-day-excluded"
gives = "{gives}"
source = "《修正案》第一条"
sure = "read"
since = {since}
{more}
"""


def row(
    limit_id: str,
    value: int,
    since: str,
    more: str = "",
    comparator: str = "at_least",
    gives: str = "earliest-day",
) -> str:
    """The text of a limit in calendar days from the issue of the documents."""
    return ROW.format(id=limit_id, value=value, since=since, more=more, comparator=comparator, gives=gives)


def amended(directory: Path, more: str = "") -> api.Law:
    """The law with W03 raised to 25 days from AMENDED_ON: the old row gets ``until``, a new file the new row."""
    folder = copy_of_the_law(directory)
    changed(folder / "limits" / "works.toml", W03_END, W03_END + "until = 2026-05-31\n")
    (folder / "limits" / "amendment-2026.toml").write_text(row("W03", 25, "2026-06-01", more), "utf-8")
    return api.load(folder)
