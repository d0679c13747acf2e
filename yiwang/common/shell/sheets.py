"""Excel files of lists, in which no text can become a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from yiwang.common.shell.speech import language_now
from yiwang.pure.kernel.days import local
from yiwang.pure.kernel.money import yuan
from yiwang.pure.kernel.words import Words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TEXT = 32_767  # the most that a cell of Excel holds
_AMOUNT_UNIT = Words("（元）", " (CNY)")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``amount``: its values are fen and are written in yuan."""

    words: Words
    amount: bool = False


def excel(rows: Iterable[Sequence[object]], columns: Sequence[Head], name: str) -> HttpResponse:
    """An ``.xlsx`` of ``rows`` under ``columns``, in the language of the page, as a download ``name.xlsx``.

    Text stays text even where it begins like a formula; instants are wall-clock time of Asia/Shanghai;
    fen become yuan with two decimals.
    """
    book = Workbook()
    sheet = book.active
    for number, column in enumerate(columns, 1):
        head = column.words.in_language(language_now())
        head += _AMOUNT_UNIT.in_language(language_now()) if column.amount else ""
        _write(sheet.cell(1, number), head, amount=False)
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 18
    for line, row in enumerate(rows, 2):
        for number, (value, column) in enumerate(zip(row, columns, strict=True), 1):
            _write(sheet.cell(line, number), value, column.amount)
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


def _write(cell: Cell, value: object, amount: bool) -> None:
    if isinstance(value, bool):
        value = Words("是", "yes") if value else Words("否", "no")
    if value is None:
        return
    if amount and isinstance(value, int):
        cell.value = yuan(value)
        cell.number_format = "#,##0.00"
    elif isinstance(value, datetime):
        cell.value = local(value).replace(tzinfo=None)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int):
        cell.value = value
    else:
        text = value.in_language(language_now()) if isinstance(value, Words) else str(value)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_TEXT]
        cell.data_type = "s"  # a text that begins with = would else be written as a formula
        cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
