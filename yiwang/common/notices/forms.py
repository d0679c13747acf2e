"""Django forms made from the law's forms of notices: bilingual labels, the article beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django import forms

from yiwang.common.shell import api as shell
from yiwang.law.api import NoticeField, NoticeForm, notice_form
from yiwang.pure.kernel.days import from_iso, iso
from yiwang.pure.kernel.money import yuan
from yiwang.pure.kernel.words import Words


def said(words: Words) -> Any:
    """Lazy text in the language of the page."""
    return shell.bilingual(words.zh, words.en)


_REQUIRED = Words("请填写这一项。", "Fill in this field.")
_NOT_A_DAY = Words("请填写日期，例如2026-11-23。", "Give a day, such as 2026-11-23.")
_NOT_A_NUMBER = Words("请填写不小于0的整数。", "Give a whole number of at least 0.")
_NOT_LISTED = Words("请在所列各项中选择。", "Choose one of those listed.")
_CHOOSE = Words("请选择", "choose")


class DayField(shell.DayField):
    """A day, cleaned to its ISO text, as notices store it."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if day else ""


class InstantField(shell.InstantField):
    """A wall-clock time of Asia/Shanghai, cleaned to RFC 3339 in UTC, as notices store it."""

    def clean(self, value: Any) -> Any:
        instant = super().clean(value)
        return iso(instant) if instant else ""

    def prepare_value(self, value: Any) -> Any:
        return from_iso(value) if isinstance(value, str) and value.endswith("Z") else value


class TableField(forms.CharField):
    """A table typed as one row a line with ``|`` between the cells, cleaned to a list of rows by column key.

    Works without JavaScript; amounts are typed in yuan. Most tables are filled from the record.
    """

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, *, columns: tuple[NoticeField, ...], **options: Any) -> None:
        super().__init__(**options)
        self.columns = columns

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [self._row(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]

    def _row(self, number: int, line: str) -> dict[str, Any]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != len(self.columns):
            raise forms.ValidationError(
                shell.bilingual(
                    f"第{number}行有{len(cells)}格，应有{len(self.columns)}格，以“|”分隔。",
                    f"Row {number} has {len(cells)} cells; it needs {len(self.columns)}, separated by “|”.",
                ),
                code="cells",
            )
        row = {}
        for column, cell in zip(self.columns, cells, strict=True):
            if cell:
                try:
                    row[column.key] = form_field(column).clean(cell)
                except forms.ValidationError as error:
                    message = f"{column.words.in_language(shell.language_now())}: {error.messages[0]}"
                    raise forms.ValidationError(message, code="cell") from error
        return row

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            " | ".join(str(_typed(column, row.get(column.key, ""))) for column in self.columns)
            for row in value
        )


def _typed(column: NoticeField, value: Any) -> Any:
    return yuan(value) if column.kind == "money-fen" and isinstance(value, int) else value


def _choices(field: NoticeField) -> list[tuple[str, Any]]:
    listed: list[tuple[str, Any]] = [("", said(_CHOOSE))]
    return listed + [(each.id, said(Words(each.title, each.title_en))) for each in field.choices]


def _errors(field: NoticeField) -> dict[str, Any]:
    invalid = {"day": _NOT_A_DAY, "number": _NOT_A_NUMBER}
    return {
        "required": said(_REQUIRED),
        "invalid": said(invalid.get(field.kind, _REQUIRED)),
        "invalid_choice": said(_NOT_LISTED),
        "min_value": said(_NOT_A_NUMBER),
    }


_FIELDS: Mapping[str, Any] = {
    "text": partial(forms.CharField, max_length=500),
    "longtext": partial(forms.CharField, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})),
    "money-fen": shell.AmountField,
    "number": partial(forms.IntegerField, min_value=0),
    "day": DayField,
    "instant": InstantField,
}


def _hint(field: NoticeField) -> Words:
    """What stands under the field: the columns of a table, and the article."""
    zh, en = [], []
    if field.kind == "table":
        zh.append("每行一条，以“|”分隔：" + " | ".join(each.label for each in field.columns))
        en.append("one row a line, “|” between: " + " | ".join(each.label_en for each in field.columns))
    if field.source:
        zh.append(f"依据：{field.source}")
        en.append(f"Source: {field.source}")
    return Words("；".join(zh), "; ".join(en))


def form_field(field: NoticeField, required: bool = False) -> forms.Field:
    """The Django field for a field of a notice, with label and article in the language of the page.

    Its ``source`` attribute is the article; cleaned values are what notices store.
    """
    options: dict[str, Any] = {
        "label": said(field.words),
        "help_text": said(_hint(field)),
        "required": required,
        "error_messages": _errors(field),
    }
    made: forms.Field
    if field.kind == "choice":
        made = forms.ChoiceField(choices=partial(_choices, field), **options)
    elif field.kind == "table":
        made = TableField(columns=field.columns, **options)
    else:
        made = _FIELDS[field.kind](**options)
    made.source = field.source  # shown beside the field
    return made


class NoticeValuesForm(shell.HouseForm):
    """Base of the forms made here: ``values()`` is what ``draft`` and ``revise`` take."""

    law_form: NoticeForm

    def values(self) -> dict[str, Any]:
        """The cleaned fields that are filled, by key. Only after ``is_valid()``."""
        keys = [field.key for field in self.law_form.fields]
        filled = {key: self.cleaned_data[key] for key in keys}
        return {key: value for key, value in filled.items() if value not in (None, "", [])}


def notice_form_class(form_id: str, on: date, complete: bool = False) -> type[NoticeValuesForm]:
    """A form for the fields of a notice by the law of ``on``; fill it with ``initial=notice.values``.

    With ``complete`` the required fields must be filled; without, a draft may lack them (the confirmation
    asks again). Raises NoSuchRule for an unknown form.
    """
    law_form = notice_form(form_id, on)
    members: dict[str, Any] = {
        field.key: form_field(field, required=complete and field.required) for field in law_form.fields
    }
    made: type[NoticeValuesForm] = type("NoticeForm", (NoticeValuesForm,), {**members, "law_form": law_form})
    return made
