"""What changes a notice that lots share may be for several of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import said


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
