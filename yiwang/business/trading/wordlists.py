"""What lists of projects and lots find by a text: names and codes, indexed when they are registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from yiwang.business.trading.models import Lot, LotWords, Project, ProjectWords
from yiwang.common.shell.api import WordIndex, marks
from yiwang.pure.kernel.bigrams import folded

MARKED = ("tenderee", "agency", "region")
PROJECTS = WordIndex("trading_project_index", MARKED, MARKED)
LOTS = WordIndex("trading_lot_index", MARKED, MARKED)
NAME_BYTES = 1_000  # of a folded name; an entry of an index holds 2,700 bytes: two names and a code


def project_text(code: str, name: str) -> str:
    """What finds a project."""
    return f"{_folded(name)}\n{folded(code)}"


def lot_text(code: str, name: str, project: str) -> str:
    """What finds a lot: its names and its code, which begins with that of the project."""
    return f"{_folded(project)}\n{_folded(name)}\n{folded(code)}"


def _folded(name: str) -> str:
    """A name as it is found; of one that grows beyond measure when it is folded, the beginning."""
    return folded(name).encode()[:NAME_BYTES].decode(errors="ignore")


def beside(row: Project | Lot) -> dict[str, str]:
    """What stands beside the text of a row."""
    return {each: getattr(row, each) for each in MARKED}


def _marks(row: Project | Lot) -> str:
    return marks(beside(row))


def note_project(project: Project) -> None:
    """Makes a new project findable."""
    text = project_text(project.code, project.name)
    row = ProjectWords.objects.create(project=project, text=text, **beside(project))
    PROJECTS.put(row.pk, row.text, None, mark=_marks(project))


def note_lots(lots: Sequence[Lot]) -> None:
    """Makes new lots findable."""
    texts = ((each, lot_text(each.code, each.name, each.project.name)) for each in lots)
    rows = [LotWords(lot=each, text=text, **beside(each)) for each, text in texts]
    LotWords.objects.bulk_create(rows)
    LOTS.put_new({row.pk: row.text for row in rows}, marks={row.pk: _marks(row.lot) for row in rows})


def projects_named[T: QuerySet[Any]](rows: T, text: str, given: Mapping[str, str] | None = None) -> T:
    """Those of ``rows`` (projects) in whose name or code every word of ``text`` stands.

    ``given``: what they will be filtered by besides, by ORM name.
    """
    return PROJECTS.narrowed(rows, text, "pk", "words__text", given)


def lots_named[T: QuerySet[Any]](
    rows: T, text: str, lot: str = "", given: Mapping[str, str] | None = None, few: str = ""
) -> T:
    """The same of lots, or of ``rows`` of something that has a lot, under the ORM name ``lot`` ("lot").

    ``few``: the keys of the lots, with commas between, among which they all are.
    """
    path = f"{lot}__words" if lot else "words"
    return LOTS.narrowed(rows, text, lot or "pk", f"{path}__text", given, few or bool(lot))
