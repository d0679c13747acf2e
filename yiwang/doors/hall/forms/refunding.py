"""Deposits that were paid back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Day, said


class RefundForm(HouseForm):
    """Which of the open refunds were paid, and on which day."""

    refunds = forms.MultipleChoiceField(
        label=said("已经退还给", "Paid back to"), widget=forms.CheckboxSelectMultiple()
    )
    done_on = Day(label=said("退还日期", "Paid on"))

    def __init__(self, rows: Sequence[Mapping[str, Any]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["refunds"]
        field.choices = [(each["refund"].code, each["creditor"]) for each in rows]
