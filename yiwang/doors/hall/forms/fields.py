"""Fields as the hall uses them, on top of those of the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from yiwang.common.shell.api import AmountField, DayField, InstantField, bilingual

said = bilingual

REQUIRED = said("请填写这一项。", "Fill in this field.")
NOT_A_DAY = said("请填写日期，例如 2026-11-23。", "Enter a day, such as 2026-11-23.")
NOT_A_NUMBER = said("请填写整数。", "Enter a whole number.")
NOT_LISTED = said("请在所列各项中选择。", "Choose one of those listed.")
CHOOSE = said("请选择", "Choose")


class Text(forms.CharField):
    """A line of text; with ``rows`` several lines."""

    def __init__(self, *, rows: int = 0, max_length: int = 200, **options: Any) -> None:
        if rows:
            options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        options.setdefault("error_messages", {"required": REQUIRED})
        super().__init__(max_length=max_length, **options)


class Amount(AmountField):
    """An amount typed in yuan, cleaned to fen; None where it may be and is left empty."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": REQUIRED})
        super().__init__(max_length=30, **options)


class Instant(InstantField):
    """A wall-clock time of Asia/Shanghai, cleaned to an instant."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": REQUIRED})
        super().__init__(**options)


class Day(DayField):
    """A calendar day."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": REQUIRED, "invalid": NOT_A_DAY})
        super().__init__(**options)


class Number(forms.IntegerField):
    """A whole number of at least ``min_value``."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", 0)
        options.setdefault("max_value", 100_000)
        options.setdefault("error_messages", {"required": REQUIRED, "invalid": NOT_A_NUMBER})
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "numeric"})


class Choice(forms.ChoiceField):
    """One of the listed values."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": REQUIRED, "invalid_choice": NOT_LISTED})
        super().__init__(**options)


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several files at once; with scripts each goes up by itself and can be interrupted."""

    allow_multiple_selected = True

    def __init__(self, kind: str = "") -> None:
        super().__init__(attrs={"data-kind": kind} if kind else None)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, {**(attrs or {}), "data-uploads": reverse("hall:uploads")})


class Uploads(forms.FileField):
    """Several files of one request. What the view stores comes from ``request.FILES``; this is only the input."""

    def __init__(self, *, kind: str = "", **options: Any) -> None:
        super().__init__(widget=SeveralFiles(kind), **options)

    def clean(self, value: Any, initial: Any = None) -> Any:
        # Emptiness and type are judged by content when the files are stored (files.store), not by name here;
        # whether there must be any, the verb says: those kept from an earlier try count too.
        return value
