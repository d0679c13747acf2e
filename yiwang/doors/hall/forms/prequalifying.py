"""Prequalification: the terms of its notice, an application, and what is found about one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.business.trading.api import PrequalificationTerms
from yiwang.common.identity.api import CredentialLine
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.bidding import FROZEN, record_words
from yiwang.doors.hall.forms.fields import Choice, Day, Instant, Number, Text, Uploads, said

METHODS = [
    ("qualified", said("合格制：合格的全部通过", "All who qualify pass")),
    (
        "limited",
        said(
            "有限数量制：合格的按得分由高到低取定数，同分并列通过",
            "A limited number: of those who qualify, the highest points; equal ones pass together",
        ),
    ),
]
PASS, FAIL = "yes", "no"
MEMBER_LINES = said(
    "每行一个成员：统一社会信用代码，空格，单位名称。",
    "One member a line: its unified social credit code, a space, its name.",
)

MEMBER_FORMAT = said(
    "有一行没有写全：要有统一社会信用代码和单位名称，中间用空格隔开。",
    "A line is incomplete: it needs the code and the name, with a space between them.",
)


class PrequalificationForm(HouseForm):
    """Timetable and terms of a prequalification. The law's minima are proposed; a shorter one is refused at its field."""

    depending = frozenset({"most"})

    publish_at = Instant(
        label=said("公告发布时间", "Publication of the notice"),
        help_text=said(
            "北京时间。可改动；最终由招标人确认时确定。",
            "Beijing time. The tenderee fixes it when confirming.",
        ),
    )
    documents_from_at = Instant(label=said("资格预审文件获取开始", "Documents available from"))
    documents_until_on = Day(
        label=said("资格预审文件获取截止日", "Documents available until (day)"),
        help_text=said("至当日24时。", "To the end of that day."),
    )
    deadline_at = Instant(label=said("申请截止时间", "Deadline for applications"))
    qualification = Text(
        label=said("申请人资格要求", "Qualification that applicants need"), rows=5, max_length=10_000
    )
    consortium_allowed = forms.BooleanField(
        label=said("接受联合体", "Consortia may apply"),
        required=False,
        help_text=said(
            "接受的，联合体在递交申请前组成，通过后不得增减、更换成员（实施条例第三十七条）。",
            "A consortium is formed before it applies and keeps its members after it passed (Implementing Regulations, art. 37).",
        ),
    )
    method = Choice(
        label=said("资格审查办法", "Method of the review"),
        choices=METHODS,
        widget=forms.RadioSelect(),
        initial="qualified",
        help_text=said(
            "两种办法是本中心设置的选项；审查按载明的标准和方法进行（实施条例第十八条）。",
            "The two ways are a setting of this centre; the review follows what is stated (Implementing Regulations, art. 18).",
        ),
    )
    most = Number(
        label=said("有限数量制的通过人数", "How many may pass (limited number)"),
        required=False,
        max_value=50,
        help_text=said("合格制留空。", "Empty where all who qualify pass."),
    )
    criteria = Text(label=said("资格审查标准", "Criteria of the review"), rows=6, max_length=10_000)
    papers = Uploads(
        label=said("资格预审文件", "Prequalification documents"),
        help_text=said("可一次选择多个文件；已上传的会保留。", "Several at once; what is uploaded is kept."),
    )

    def terms(self, papers: list[tuple[str, str]]) -> PrequalificationTerms:
        """The terms as typed, with the stored ``papers`` (sha256, name). Only after ``is_valid()``."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "papers"}
        return PrequalificationTerms(**{**typed, "most": typed["most"] or 0}, papers=papers)


class ApplicationForm(HouseForm):
    """The papers of an application, and the other members of a consortium."""

    depending = frozenset({"papers"})

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    members = Text(
        label=said("联合体其他成员", "Other members of the consortium"),
        rows=3,
        max_length=3000,
        required=False,
        help_text=MEMBER_LINES,
    )
    credentials = forms.MultipleChoiceField(
        label=said("随申请附上的资信记录", "Verified records that go with the application"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=FROZEN,
    )
    papers = Uploads(
        label=said("资格预审申请文件", "Papers of the application"),
        help_text=said(
            "申请函、资质、业绩、财务、信誉等证明材料。可一次选择多个文件。",
            "Letter, qualification, performance, finances, standing. Several at once.",
        ),
    )

    def __init__(
        self, *args: Any, consortium: bool, register: Sequence[CredentialLine] = (), **options: Any
    ) -> None:
        """``consortium`` says whether the notice accepts any; ``register`` are the applicant's verified records."""
        super().__init__(*args, **options)
        if not consortium:
            self.fields.pop("members")
        field: Any = self.fields["credentials"]
        field.choices = [(each.code, record_words(each)) for each in register]
        if not register:
            self.fields.pop("credentials")

    def clean_members(self) -> list[tuple[str, str]]:
        """The members as (code, name)."""
        found = []
        for line in self.cleaned_data["members"].splitlines():
            if not line.strip():
                continue
            code, *rest = line.split(maxsplit=1)
            name = rest[0].strip() if rest else ""
            if not name or len(name) > 200:
                raise ValidationError(MEMBER_FORMAT, code="member-format")
            found.append((code.upper(), name))
        return found


class ReviewForm(HouseForm):
    """What is found about an application."""

    depending = frozenset({"points", "reason"})

    passes = Choice(
        label=said("审查结论", "Finding"),
        choices=[
            (PASS, said("合格，通过", "Qualifies: passes")),
            (FAIL, said("不合格，不通过", "Does not pass")),
        ],
        widget=forms.RadioSelect(),
    )
    points = forms.DecimalField(
        label=said("得分（0 至 100）", "Points (0 to 100)"),
        required=False,
        max_digits=6,
        decimal_places=2,
        help_text=said("有限数量制：合格的填写。", "Where the number is limited, for who qualifies."),
    )
    reason = Text(
        label=said("理由", "Reason"),
        rows=3,
        max_length=500,
        required=False,
        help_text=said(
            "不通过的必须写明对照哪项标准不合格；会写入结果通知书。",
            "Who does not pass is told which criterion is not met.",
        ),
    )

    def __init__(self, *args: Any, limited: bool, **options: Any) -> None:
        """``limited``: only a number of those who qualify passes, by points."""
        super().__init__(*args, **options)
        if not limited:
            self.fields.pop("points")

    def found(self) -> tuple[bool, str, Decimal | None]:
        """Whether it passes, the reason and the points. Only after ``is_valid()``."""
        typed = self.cleaned_data
        return typed["passes"] == PASS, typed["reason"], typed.get("points")
