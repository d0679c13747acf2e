"""Excel files of lists as downloads, in which no text can become a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.http import HttpResponse

from yiwang.common.shell.speech import language_now
from yiwang.pure.kernel.days import start_of
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import XLSX, Amount, Begins, Sheet, workbook

NO_INSTANT = start_of(date(1980, 1, 1))
_AMOUNT_UNIT = Words("（元）", " (CNY)")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``amount``: its values are fen and are written in yuan; ``begins``: something begins at its instants."""

    words: Words
    amount: bool = False
    begins: bool = False

    def shown(self, language: str) -> str:
        unit = _AMOUNT_UNIT.in_language(language) if self.amount else ""
        return self.words.in_language(language) + unit


def excel(rows: Iterable[Sequence[object]], columns: Sequence[Head], name: str) -> HttpResponse:
    """An ``.xlsx`` of ``rows`` under ``columns``, in the language of the page, as a download ``name.xlsx``.

    Text stays text even where it begins like a formula; instants are wall-clock time of Asia/Shanghai, the end of a day
    is its 24:00 as on the page; fen become yuan with two decimals. The file names no instant of its making: lists hold no fact that has one.
    """
    language = language_now()
    sheet = Sheet("1", [each.shown(language) for each in columns], (_cells(row, columns) for row in rows))
    return download(workbook([sheet], language, NO_INSTANT), XLSX, f"{name}.xlsx")


def _cells(row: Sequence[object], columns: Sequence[Head]) -> list[object]:
    return [_cell(value, column) for value, column in zip(row, columns, strict=True)]


def _cell(value: object, column: Head) -> object:
    if column.amount and isinstance(value, int):
        return Amount(value)
    return Begins(value) if column.begins and isinstance(value, datetime) else value


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Made bytes as a file to keep under ``name``, for the eyes of who asked for it only."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response
