"""How a notice is shown: its fields in the order of the form, labelled and written out in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yiwang.common.notices import rules
from yiwang.common.notices.shapes import Notice
from yiwang.law.api import NoticeField, notice_form
from yiwang.pure.kernel.days import from_iso, shown
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words

BEIJING = Words("（北京时间）", " (Beijing time)")
YUAN = Words("元", " yuan")
LOTS = Words("本公告包括的标段", "Lots of this notice")
LONG = ("longtext", "table")  # has no place in a table of lots


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a notice: heads (with units), rows of shown cells, and which columns are figures."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[bool, ...]

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        """The rows as (head, cell, whether it is a figure), for pages that show a row as a card."""
        return [list(zip(self.heads, row, self.figures, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One field as shown: exactly one of ``text`` and ``table`` says something.

    ``section`` is the head above the first field that a notice of several lots says of one of them alone.
    """

    key: str
    label: str
    text: str
    table: Table | None
    source: str
    section: str = ""


def shown_value(field: NoticeField, value: Any, language: str, unit: bool = True) -> str:
    """The value of a field in words of ``language``; amounts in yuan, instants in Beijing time."""
    if rules.is_blank(value):
        return ""
    if field.kind == "money-fen":
        return shown_yuan(value) + (YUAN.in_language(language) if unit else "")
    if field.kind == "instant":
        return shown(from_iso(value), begins=field.key.endswith("_from_at")) + BEIJING.in_language(language)
    if field.kind == "choice":
        chosen = next(choice for choice in field.choices if choice.id == value)
        return Words(chosen.title, chosen.title_en).in_language(language)
    return str(value)


def _head(column: NoticeField, language: str) -> str:
    label = column.words.in_language(language)
    if column.kind != "money-fen":
        return label
    return label + Words("（元）", " (yuan)").in_language(language)


def shown_table(field: NoticeField, rows: list[Mapping[str, Any]], language: str) -> Table:
    """A table field; the unit of an amount stands once, in the head of its column."""
    return Table(
        heads=tuple(_head(column, language) for column in field.columns),
        rows=tuple(
            tuple(shown_value(column, row.get(column.key), language, unit=False) for column in field.columns)
            for row in rows
        ),
        figures=tuple(column.kind in ("money-fen", "number") for column in field.columns),
    )


def detailed_rows(notice: Notice, language: str) -> list[BodyRow]:
    """All fields that the notice fills, in the order of its form, in ``language``.

    A notice of several lots says first what holds for all; then comes a table of the lots, then what is too long for a
    table, lot by lot under the name of each.
    """
    fields = notice_form(notice.form, notice.law_on).fields
    shown_rows = _rows(fields, notice.values, language)
    if not notice.parts:
        return shown_rows
    apart = [field for field in fields if any(field.key in part.values for part in notice.parts)]
    short = [field for field in apart if field.kind not in LONG]
    overview = Table(
        heads=tuple(_head(field, language) for field in short),
        rows=tuple(
            tuple(shown_value(field, part.values.get(field.key), language, unit=False) for field in short)
            for part in notice.parts
        ),
        figures=tuple(field.kind in ("money-fen", "number") for field in short),
    )
    shown_rows.append(BodyRow("lots", LOTS.in_language(language), "", overview, ""))
    for part in notice.parts:
        own = _rows([field for field in apart if field.kind in LONG], part.values, language)
        shown_rows += [replace(row, section=part.title if row is own[0] else "") for row in own]
    return shown_rows


def _rows(fields: Iterable[NoticeField], values: Mapping[str, Any], language: str) -> list[BodyRow]:
    shown_rows = []
    for field in fields:
        value: Any = values.get(field.key)
        if rules.is_blank(value):
            continue
        table = shown_table(field, list(value), language) if field.kind == "table" else None
        text = "" if table else shown_value(field, value, language)
        shown_rows.append(BodyRow(field.key, field.words.in_language(language), text, table, field.source))
    return shown_rows


def body_rows(notice: Notice, language: str) -> list[tuple[str, str]]:
    """``(label, shown value)`` of all filled fields; a table as lines of ``head: cell`` pairs."""
    return [
        (
            f"{row.section} · {row.label}" if row.section else row.label,
            _lines(row.table) if row.table else row.text,
        )
        for row in detailed_rows(notice, language)
    ]


def _lines(table: Table) -> str:
    return "\n".join(
        "; ".join(f"{head}: {cell}" for head, cell in zip(table.heads, row, strict=True) if cell)
        for row in table.rows
    )


def plain_text(notice: Notice) -> str:
    """Title and all values in Chinese in one text, without what names people: what search looks through."""
    form = notice_form(notice.form, notice.law_on)
    parts = [notice.title, form.title]
    for values in (notice.values, *(each.values for each in notice.parts)):
        for field in form.fields:
            value: Any = values.get(field.key)
            if not rules.is_blank(value) and not field.personal:
                parts += [field.label, _searchable(field, value)]
    return "\n".join(part for part in parts if part)


def _searchable(field: NoticeField, value: Any) -> str:
    if field.kind != "table":
        return shown_value(field, value, "zh-hans")
    columns = [column for column in field.columns if not column.personal]
    return "\n".join(
        " ".join(shown_value(column, row.get(column.key), "zh-hans") for column in columns) for row in value
    )
