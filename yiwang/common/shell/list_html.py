"""What repeats in a list (rows, heads, options), put together here: a template takes ten times as long for so many cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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
        (column, f'<td data-label="{escape(_said(column.words, language))}"', listing.under(column))
        for column in listing.columns
        if not column.under
    ]
    return mark_safe(  # noqa: S308 - escaped parts
        "".join(
            f"<tr>{''.join(_cell(row, column, begin, under, language) for column, begin, under in heads)}</tr>"
            for row in listing.page.object_list
        )
    )


def _cell(row: Any, column: Column, begin: str, under: Sequence[Column], language: str) -> str:
    value, below = column.value(row), ""
    for each in under:
        beneath = each.value(row)
        if beneath is not None:
            below += f'<span class="under">{_content(row, each, beneath, language)}</span>'
    none = value is None and not below
    if column.amount:
        kind = ' class="is-amount is-none"' if none else ' class="is-amount"'
    else:
        kind = ' class="is-none"' if none else ""
    return f"{begin}{kind}>{_content(row, column, value, language)}{below}</td>"


def _content(row: Any, column: Column, value: Any, language: str) -> str:
    """What a cell shows, with its link."""
    if value is None:
        text = "—"
    elif column.amount:
        text = f'<span class="amount">{shown_yuan(value)}</span>'
    elif isinstance(value, datetime):  # a line may end before the time of day, not within the date
        day, _, clock = shown(value, begins=column.begins).partition(" ")
        text = f'<span class="unbroken">{day}</span> {clock}'
    else:
        text = conditional_escape(_said(value, language))
    url = column.link(row) if column.link else ""
    return f'<a href="{escape(url)}">{text}</a>' if url else text


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
