"""The written report, and the decision not to tender again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Choice, Text, Uploads, said
from yiwang.law import api as law


class RemarksForm(HouseForm):
    """What the tenderee adds to the report that was drawn up from the record."""

    remarks = Text(label=said("补充说明", "Remarks"), rows=4, max_length=2000, required=False)


class ForgoForm(HouseForm):
    """On which basis a lot is not tendered any more."""

    basis = Choice(label=said("依据", "Basis"), widget=forms.RadioSelect())
    reason = Text(
        label=said("理由和后续安排（将公开）", "Reason and what follows (public)"), rows=4, max_length=600
    )
    papers = Uploads(label=said("批准文件", "The approval"), required=False)

    def __init__(self, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["basis"]
        choices = law.rule("W12", on=on).choices
        field.choices = [(each.id, said(each.words.zh, each.words.en)) for each in choices]
