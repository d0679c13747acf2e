"""Corrections of published notices, and postponements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yiwang.common.notices.api import Notice
from yiwang.doors.hall.forms.asking import MAX_TEXT, NO, YES
from yiwang.doors.hall.forms.fields import Choice, Instant, Text, said
from yiwang.doors.hall.forms.others import ForOthersToo


class CorrectionForm(ForOthersToo):
    """A correction: of which published notice, and what is right instead."""

    field_order = ("original", "others", "content", "opening_place", "affects_bids")

    original = Choice(label=said("更正哪一份公告", "Which notice is corrected"), widget=forms.RadioSelect())
    content = Text(
        label=said("更正内容（将公开）", "Correction (public)"),
        rows=6,
        max_length=MAX_TEXT,
        help_text=said(
            "逐条写明“原为”和“更正为”。原公告不作改动，更正公告指向它。",
            "Point by point: what it says, and what is right. The original stays as it is; the correction points to it.",
        ),
    )
    opening_place = Text(
        label=said("更正后的开标地点（不更正的留空）", "New place of the opening (empty: unchanged)"),
        max_length=200,
        required=False,
        help_text=said(
            "更正公告发布时，项目页面、日历和开标记录改用新的地点，并告知获取招标文件的单位。",
            "When the correction appears, the project page, calendars and opening record show the new place, and all takers are told.",
        ),
    )
    affects_bids = Choice(
        label=said("是否可能影响投标文件编制", "May it affect bids?"),
        widget=forms.RadioSelect(),
        choices=[(NO, said("不影响", "It does not")), (YES, said("可能影响", "It may"))],
    )

    def __init__(
        self, published: Sequence[Notice], others: Sequence[Any], *args: Any, **options: Any
    ) -> None:
        super().__init__(others, *args, **options)
        field: Any = self.fields["original"]
        field.choices = [(each.code, f"{each.title}（{each.code}）") for each in published]


class PostponementForm(ForOthersToo):
    """A later deadline, and why."""

    field_order = ("others", "reason", "publish_at", "deadline_at")

    reason = Text(label=said("延期原因（将公开）", "Why it is put off (public)"), rows=4, max_length=MAX_TEXT)
    publish_at = Instant(label=said("发布时间", "Publication"))
    deadline_at = Instant(label=said("新的投标截止时间（开标时间）", "New deadline for bids (opening)"))

    def about_prequalification(self) -> None:
        """The words of the form where applications are handed in, not bids."""
        self.fields["deadline_at"].label = said("新的申请截止时间", "New deadline for applications")
