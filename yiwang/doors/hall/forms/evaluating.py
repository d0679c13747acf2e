"""Committee, evaluation of each bid, ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.business.trading.api import MemberFacts, OpeningRow
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import CHOOSE, REQUIRED, Amount, Choice, Text, said
from yiwang.law import api as law

MEMBER_KINDS = [
    ("technical", said("技术专家", "Technical expert")),
    ("economic", said("经济专家", "Economic expert")),
    ("representative", said("招标人代表", "Tenderee's representative")),
]
DECISIONS = [
    ("valid", said("有效，确定评审价格", "Valid: record the evaluated price")),
    ("rejected", said("否决", "Reject")),
]
LEAST_MEMBERS = 5


def told_apart_field() -> Text:
    """Where a member on paper has the name of somebody who left: by what they are known to be another person."""
    return Text(
        label=said(
            "与退出者同名、系另一人的，区分的依据", "Another person of the same name: what tells them apart"
        ),
        max_length=200,
        required=False,
        help_text=said(
            "成员与已退出的成员同名时才填，如身份证件号码后四位、执业单位；记录在案，供行政监督部门核对。",
            "Only where a member who left has the same name; such as the last four digits of the identity card. On record for the supervisory body to check.",
        ),
    )


class MemberForm(HouseForm):
    """One member of the committee. A line that is left empty is no member."""

    depending = frozenset({"person", "name", "kind", "employer"})

    person = Choice(
        label=said("已登记的评委（在线评标）", "Registered (works online)"),
        choices=[("", CHOOSE)],
        required=False,
        help_text=said(
            "选定后其余各项以登记为准；全部成员都要选，或者都不选。",
            "The rest is then as registered. Choose for every member, or for none.",
        ),
    )
    name = Text(label=said("姓名（纸质评标）", "Name (works on paper)"), max_length=60, required=False)
    kind = Choice(label=said("类别", "Kind"), choices=[("", CHOOSE), *MEMBER_KINDS], required=False)
    employer = Text(label=said("工作单位", "Employer"), max_length=200, required=False)
    employer_code = Text(
        label=said("单位统一社会信用代码", "Employer's code"),
        max_length=18,
        required=False,
        help_text=said(
            "用于核对与投标人的利害关系。", "Compared with the bidders for conflicts of interest."
        ),
    )

    told_apart = told_apart_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        listed, online = options.pop("listed", ()), options.pop("online", False)
        namesakes = options.pop("namesakes", False)
        super().__init__(*args, **options)
        if online or not namesakes:
            self.fields.pop("told_apart")
        field: Any = self.fields["person"]
        field.choices = [("", CHOOSE), *listed]
        for name in (
            ("name", "kind", "employer", "employer_code") if online else () if listed else ("person",)
        ):
            self.fields.pop(name)
        if online:
            field.help_text = ""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("person"):
            return typed
        if any(typed.get(each) for each in ("name", "employer", "employer_code", "kind")):
            for each in ("name", "kind"):
                if not typed.get(each) and each not in self.errors:
                    self.add_error(each, ValidationError(REQUIRED, code="required"))
        return typed

    def member(self) -> MemberFacts | None:
        """The member as typed; None for an empty line."""
        typed = self.cleaned_data
        if typed.get("person"):
            return MemberFacts(name="", kind="", person=typed["person"])
        if not typed.get("name"):
            return None
        return MemberFacts(
            name=typed["name"],
            kind=typed["kind"],
            employer=typed["employer"],
            employer_code=typed["employer_code"].upper(),
            told_apart=typed.get("told_apart", ""),
        )


MemberForms = forms.formset_factory(MemberForm, extra=LEAST_MEMBERS, max_num=15, absolute_max=15)


class EvaluationForm(HouseForm):
    """What the committee decided about one bid."""

    depending = frozenset({"evaluated", "note", "ground", "reason"})

    decision = Choice(label=said("评审结论", "Decision"), choices=DECISIONS, widget=forms.RadioSelect())
    evaluated = Amount(label=said("经评审的投标价（元）", "Evaluated price (yuan)"), required=False)
    note = Text(
        label=said("调整依据", "Why it differs from the price"),
        rows=2,
        max_length=2000,
        required=False,
        help_text=said(
            "评审价与报价不同时填写；中标候选人公示后向社会公开。",
            "Where the evaluated price is not the price. Public once the shortlisted bidders are publicised.",
        ),
    )
    ground = Choice(label=said("否决情形", "Ground of rejection"), required=False)
    reason = Text(label=said("否决理由", "Reason of the rejection"), rows=3, max_length=2000, required=False)

    def __init__(self, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        grounds = law.rule("W30", on=on).choices
        field: Any = self.fields["ground"]
        field.choices = [("", CHOOSE), *((each.id, said(each.title, each.title_en)) for each in grounds)]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if (
            typed.get("decision") == "valid"
            and typed.get("evaluated") is None
            and "evaluated" not in self.errors
        ):
            self.add_error("evaluated", ValidationError(REQUIRED, code="required"))
        return typed


class ReportForm(HouseForm):
    """The ranking that the report gives, at most three, and what a tie came to."""

    first = Choice(label=said("第一中标候选人", "First in rank"))
    second = Choice(label=said("第二中标候选人", "Second in rank"), required=False)
    third = Choice(label=said("第三中标候选人", "Third in rank"), required=False)
    tie_break = Text(
        label=said("并列时的处理", "How a tie was broken"),
        rows=2,
        max_length=600,
        required=False,
        help_text=said(
            "并列时写明招标文件规定的办法和结果；没有并列的留空。",
            "Where bids are equal: what the documents provide and what came of it.",
        ),
    )

    def __init__(self, ordered: Sequence[OpeningRow], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = [(each.bidder, each.name or each.bidder) for each in ordered]
        for name in ("first", "second", "third"):
            field: Any = self.fields[name]
            field.choices = [("", CHOOSE), *listed]

    def ranking(self) -> list[str]:
        """The bidders in rank. Only after ``is_valid()``."""
        return [self.cleaned_data[each] for each in ("first", "second", "third") if self.cleaned_data[each]]


class ReasonForm(HouseForm):
    """A step that needs nothing but its reason."""

    reason = Text(label=said("理由", "Reason"), rows=4, max_length=600)
