"""What repeats in a list (rows, heads, options), put together here: a template takes ten times as long for so many cells."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from yiwang.common.shell.speech import language_now
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words

if TYPE_CHECKING:
    from yiwang.common.shell.lists import Choice, Column, Listing

_IN_YUAN = Words("（元）", " (CNY)")
_SIGNS = {"ascending": " ↑", "descending": " ↓", "none": " ↕"}


def rows_html(listing: Listing) -> SafeString:
    """The rows of the page as ``<tr>``; a column that stands under another is in the cell of that one, unless empty."""
    language = language_now()
    heads = [
        (_Column(column, language), [_Column(each, language) for each in listing.under(column)])
        for column in listing.columns
        if not column.under
    ]
    made = list[str]()
    for row in listing.page.object_list:
        made.append("<tr>")
        made += [column.cell(row, under) for column, under in heads]
        made.append("</tr>")
    return mark_safe("".join(made))  # noqa: S308 - escaped parts


class _Column:
    """A column as its cells are written: what is the same in all of them is found out once."""

    __slots__ = ("_amount", "_begins", "_empty", "_language", "_link", "_open", "_value")

    def __init__(self, column: Column, language: str) -> None:
        self._value, self._link, self._language = column.value, column.link, language
        self._amount, self._begins = column.amount, column.begins
        unit = _IN_YUAN.in_language(language) if column.amount else ""
        begin = f'<td data-label="{escape(_said(column.words, language))}{unit}"'
        self._open = begin + (' class="is-amount">' if column.amount else ">")
        self._empty = begin + (' class="is-amount is-none">' if column.amount else ' class="is-none">')

    def cell(self, row: Any, under: Sequence[_Column]) -> str:
        value, below = self._value(row), ""
        for each in under:
            beneath = each._value(row)
            if beneath is not None:
                below += f'<span class="under">{each._content(row, beneath)}</span>'
        opened = self._empty if value is None and not below else self._open
        return f"{opened}{self._content(row, value)}{below}</td>"

    def _content(self, row: Any, value: Any) -> str:
        """What a cell shows, with its link."""
        if value.__class__ is str:
            text = html.escape(value)
        elif value is None:
            text = "—"
        elif self._amount:
            text = f'<span class="amount">{shown_yuan(value)}</span>'
        elif isinstance(value, datetime):  # a line may end before the time of day, not within the date
            day, _, clock = shown(value, begins=self._begins).partition(" ")
            text = f'<span><span class="unbroken">{day}</span> {clock}</span>'
        elif isinstance(value, date):
            text = f'<span class="unbroken">{value.isoformat()}</span>'
        else:
            text = conditional_escape(_said(value, self._language))
        url = self._link(row) if self._link else ""
        return f'<a href="{html.escape(url)}">{text}</a>' if url else text


def _said(value: object, language: str) -> Any:
    return value.in_language(language) if isinstance(value, Words) else value


def heads_html(listing: Listing) -> SafeString:
    """The heads of the columns as ``<th>``; each that can order links to the list ordered by it."""
    language, made = language_now(), list[str]()
    for head in listing.heads:
        kind = ' class="is-amount"' if head["column"].amount else ""
        sort = f' aria-sort="{head["now"]}"' if head["url"] else ""
        below = "".join(f'<span class="under"> · {_head(each, language)}</span>' for each in head["below"])
        made.append(f'<th scope="col"{kind}{sort}>{_head(head, language)}{below}</th>')
    return mark_safe("".join(made))  # noqa: S308 - escaped parts


def _head(head: dict[str, Any], language: str) -> str:
    column = head["column"]
    unit = _IN_YUAN.in_language(language) if column.amount else ""
    words = f"{escape(_said(column.words, language))}{unit}"
    if not head["url"]:
        return words
    sign = f'<span class="sort" aria-hidden="true">{_SIGNS[head["now"]]}</span>'
    return f'<a href="{escape(head["url"])}">{words}{sign}</a>'


def options_html(choice: Choice, chosen: str) -> SafeString:
    """The options of a filter after the first, which stands for all."""
    language = language_now()
    return mark_safe(  # noqa: S308 - escaped parts
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(_said(words, language))}</option>'
            for value, words in choice.options
        )
    )
