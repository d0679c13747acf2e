"""Excel files by openpyxl: loaded by whoever asks for the first one (see ``sheets``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yiwang.pure.kernel.days import local
from yiwang.pure.kernel.money import yuan
from yiwang.pure.kernel.texts import carried, cut_to_units
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.packing import repacked
from yiwang.pure.papers.sheets import LONGEST_TEXT, Amount, Begins, Sheet

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def written(sheets: Sequence[Sheet], language: str, made_at: datetime) -> bytes:
    """What ``sheets.workbook`` gives."""
    book = Workbook()
    book.remove(book.worksheets[0])
    moment = local(made_at).replace(tzinfo=None)
    for sheet in sheets:
        _fill(
            book.create_sheet(sheet.name.translate(_FORBIDDEN_IN_NAMES).strip()[:31] or "1"), sheet, language
        )
    file = BytesIO()
    book.save(file)
    return repacked(file.getvalue(), moment)


def _fill(page: Worksheet, sheet: Sheet, language: str) -> None:
    for line, text in enumerate(sheet.above, 1):
        write_cell(page.cell(line, 1), text, language)
        page.cell(line, 1).font = Font(bold=line == 1, size=14 if line == 1 else 11)
    top = len(sheet.above) + 1
    for number, head in enumerate(sheet.heads, 1):
        cell = page.cell(top, number)
        write_cell(cell, head, language)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        width = sheet.widths[number - 1] if number <= len(sheet.widths) else 18
        page.column_dimensions[get_column_letter(number)].width = width
    for line, row in enumerate(sheet.rows, top + 1):
        for number, value in enumerate(row, 1):
            write_cell(page.cell(line, number), value, language)
    page.freeze_panes = f"A{top + 1}"


def _write_instant(cell: Cell, value: datetime | Begins) -> None:
    """A time that Excel counts with; midnight that ends a day is the last second of it, shown as 24:00 (民法典 203)."""
    wall = local(value.at if isinstance(value, Begins) else value).replace(tzinfo=None)
    if wall.time() == time.min and not isinstance(value, Begins):
        cell.value = wall - timedelta(seconds=1)
        cell.number_format = 'yyyy-mm-dd "24:00"'
        return
    cell.value = wall
    cell.number_format = "yyyy-mm-dd hh:mm"


def write_cell(cell: Cell, value: object, language: str) -> None:
    """Writes a value as what it is; text is marked as text, whatever sign it begins with."""
    if isinstance(value, bool):
        value = Words("是", "yes") if value else Words("否", "no")
    if value is None:
        return
    if isinstance(value, Amount):
        cell.value = yuan(value.fen)
        cell.number_format = "#,##0.00"
    elif isinstance(value, datetime | Begins):
        _write_instant(cell, value)
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int):
        cell.value = value
    else:
        text = value.in_language(language) if isinstance(value, Words) else str(value)
        cell.value = cut_to_units(carried(text), LONGEST_TEXT)
        cell.data_type = "s"  # a text that begins with = would else be written as a formula
        cell.quotePrefix = text.startswith(_FORMULA_SIGNS)
