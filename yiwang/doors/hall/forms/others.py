"""Choosing among the lots of a project: those that share a notice, what changes it, or what a bidder does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from yiwang.common.shell.api import HouseForm, say
from yiwang.doors.hall.forms.fields import said
from yiwang.pure.kernel.findings import REFUSAL, Finding


class ForOthersToo(HouseForm):
    """Lots that share a notice can share what changes it."""

    others = forms.MultipleChoiceField(
        label=said("同时适用于同一公告的其他标段", "Also for other lots of the same notice"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=said(
            "所选标段发布一份公告，各标段列表载明。",
            "The lots chosen share one notice with a table of the lots.",
        ),
    )

    def __init__(self, others: Sequence[Any], *args: Any, **options: Any) -> None:
        """``others`` are the lots that can share it; where there is none nothing is asked."""
        super().__init__(*args, **options)
        field: Any = self.fields["others"]
        field.choices = [(each.code, f"{each.name}（{each.code}）") for each in others]
        if not others:
            del self.fields["others"]

    def lots(self, code: str) -> list[str]:
        """The lot and those chosen beside it. Only after ``is_valid()``."""
        return [code, *self.cleaned_data.get("others", [])]


class ChosenLots(HouseForm):
    """Which lots share the notice. A refusal that names one of them says so."""

    lots = forms.MultipleChoiceField(
        label=said("标段", "Lots"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": said("请至少选择两个标段。", "Choose at least two lots."),
            "invalid_choice": said(
                "所选标段中有的现在不能办理，请重新选择。",
                "One of the lots chosen cannot be chosen now: choose again.",
            ),
        },
    )

    def __init__(self, ready: Sequence[Any], *args: Any, **options: Any) -> None:
        """``ready`` are the lots that can share it."""
        initial = {"lots": [each.code for each in ready], **options.pop("initial", {})}
        super().__init__(*args, initial=initial, **options)
        self.names = {each.code: each.name for each in ready}
        self.fields["lots"].choices = [(each.code, f"{each.name}（{each.code}）") for each in ready]

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Every refusal at its input; that of one lot at the choice, with the name of the lot."""
        for each in findings:
            if each.level != REFUSAL:
                continue
            code, _, name = each.field.partition(".")
            if code in self.names:
                where, text = name or "lots", say(each)
                text = text if where in self.fields and where != "lots" else f"{self.names[code]}：{text}"
            else:
                where, text = each.field, say(each)
            where = where if where in self.fields else "lots"
            if text not in self.errors.get(where, ()):
                self.add_error(where, text)
