"""Excel files of lists as downloads, in which no text can become a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.http import HttpResponse

from yiwang.common.shell.speech import language_now
from yiwang.pure.kernel.days import start_of
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import XLSX, Amount, Sheet, workbook

NO_INSTANT = start_of(date(1980, 1, 1))
_AMOUNT_UNIT = Words("（元）", " (CNY)")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``amount``: its values are fen and are written in yuan."""

    words: Words
    amount: bool = False

    def shown(self, language: str) -> str:
        unit = _AMOUNT_UNIT.in_language(language) if self.amount else ""
        return self.words.in_language(language) + unit


def excel(rows: Iterable[Sequence[object]], columns: Sequence[Head], name: str) -> HttpResponse:
    """An ``.xlsx`` of ``rows`` under ``columns``, in the language of the page, as a download ``name.xlsx``.

    Text stays text even where it begins like a formula; instants are wall-clock time of Asia/Shanghai;
    fen become yuan with two decimals. The file names no instant of its making: lists hold no fact that has one.
    """
    language = language_now()
    sheet = Sheet("1", [each.shown(language) for each in columns], (_amounts(row, columns) for row in rows))
    return download(workbook([sheet], language, NO_INSTANT), XLSX, f"{name}.xlsx")


def _amounts(row: Sequence[object], columns: Sequence[Head]) -> list[object]:
    return [
        Amount(value) if column.amount and isinstance(value, int) else value
        for value, column in zip(row, columns, strict=True)
    ]


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Made bytes as a file to keep under ``name``, for the eyes of who asked for it only."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response
