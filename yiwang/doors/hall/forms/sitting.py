"""What members of a committee fill in, and what the centre, the tenderee and bidders fill in for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from yiwang.business.trading.api import (
    CAUSE_WORDS,
    CORRECTION_WORDS,
    UNCLEAR_WORDS,
    CriterionTerms,
    MemberFacts,
)
from yiwang.common.identity.api import experts
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.evaluating import told_apart_field
from yiwang.doors.hall.forms.fields import CHOOSE, Amount, Choice, Instant, Text, said
from yiwang.law import api as law

YES, NO = "yes", "no"


def _said(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [("", CHOOSE), *((key, said(each.zh, each.en)) for key, each in words.items())]


class RejectionForm(HouseForm):
    """A member proposes to reject a bid."""

    ground = Choice(label=said("否决情形", "Ground of rejection"))
    reason = Text(label=said("理由", "Reason"), rows=4, max_length=2000)

    def __init__(self, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["ground"]
        grounds = law.rule("W30", on=on).choices
        field.choices = [("", CHOOSE), *((each.id, said(each.title, each.title_en)) for each in grounds)]


class CorrectionForm(HouseForm):
    """A member proposes a corrected price."""

    basis = Choice(label=said("修正依据", "Basis of the correction"), choices=_said(CORRECTION_WORDS))
    evaluated = Amount(label=said("修正后的价格（元）", "Corrected price (yuan)"))
    reason = Text(label=said("怎样修正", "How it was corrected"), rows=3, max_length=2000)


class InquiryForm(HouseForm):
    """The committee asks a bidder in writing."""

    unclear = Choice(label=said("询问什么", "What it is about"), choices=_said(UNCLEAR_WORDS))
    text = Text(
        label=said("需要澄清、说明的内容", "What the bidder is to make clear"),
        rows=4,
        max_length=2000,
        help_text=said(
            "不得暗示或者诱导，不得涉及价格以外的让步；投标人书面答复。",
            "No hints and no bargaining; the bidder answers in writing.",
        ),
    )


class VoteForm(HouseForm):
    """A vote on what a member proposed."""

    depending = frozenset({"reason"})

    vote = Choice(
        label=said("我的意见", "My vote"),
        choices=[(YES, said("赞成", "For")), (NO, said("反对", "Against"))],
        widget=forms.RadioSelect(),
    )
    reason = Text(
        label=said("反对的理由", "Why I am against it"),
        rows=2,
        max_length=500,
        required=False,
    )


class SigningForm(HouseForm):
    """What a member does with the report."""

    depending = frozenset({"text"})

    how = Choice(
        label=said("我的意见", "My position"),
        choices=[
            ("signed", said("同意，签字", "I agree and sign")),
            ("dissent", said("不同意，书面说明", "I do not agree; my reasons in writing")),
        ],
        widget=forms.RadioSelect(),
    )
    text = Text(
        label=said("不同意见和理由", "What I do not agree with, and why"),
        rows=5,
        max_length=2000,
        required=False,
        help_text=said("写入评标报告。同意的不填。", "Goes into the report. Leave empty where you agree."),
    )


class RefusalForm(HouseForm):
    """How a member refused to sign and to explain."""

    text = Text(label=said("经过", "What happened"), rows=3, max_length=600)


class ReplacementForm(HouseForm):
    """Who replaces a member, and why."""

    why = Choice(label=said("更换事由", "Cause"), choices=_said(CAUSE_WORDS))
    person = Choice(label=said("更换为", "Replaced by"))

    def __init__(self, seated: Iterable[str], *args: Any, **options: Any) -> None:
        drawn: Collection[str] | None = options.pop("drawn", None)
        super().__init__(*args, **options)
        field: Any = self.fields["person"]
        field.choices = [("", CHOOSE), *listed_experts(seated, drawn)]
        if drawn is not None:
            field.help_text = said(
                "只能选按抽取顺序递补并已接受的专家；招标人代表由招标人另行指定。",
                "An expert who follows in the order and has accepted; a representative is the tenderee's to name.",
            )

    def newcomer(self, kind: str) -> tuple[str, MemberFacts | None]:
        """Who follows, by their login. Only after ``is_valid()``."""
        return self.cleaned_data["person"], None

    @property
    def shown(self) -> str:
        """Who follows, as the list names them. Only after ``is_valid()``."""
        field: Any = self.fields["person"]
        return str(dict(field.choices)[self.cleaned_data["person"]])


class PaperReplacementForm(HouseForm):
    """Who replaces a member that has no login, and why."""

    why = Choice(label=said("更换事由", "Cause"), choices=_said(CAUSE_WORDS))
    name = Text(label=said("接替人员姓名", "Name of who follows"), max_length=60)
    employer = Text(label=said("工作单位", "Employer"), max_length=200)
    employer_code = Text(
        label=said("工作单位统一社会信用代码（如有）", "Credit code of the employer, if any"),
        max_length=18,
        required=False,
    )
    told_apart = told_apart_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        namesakes = options.pop("namesakes", False)
        super().__init__(*args, **options)
        if not namesakes:
            self.fields.pop("told_apart")

    def newcomer(self, kind: str) -> tuple[str, MemberFacts | None]:
        """Who follows, of the same ``kind`` as who leaves. Only after ``is_valid()``."""
        typed = self.cleaned_data
        return "", MemberFacts(
            name=typed["name"].strip(),
            kind=kind,
            employer=typed["employer"].strip(),
            employer_code=typed["employer_code"].strip().upper(),
            told_apart=typed.get("told_apart", "").strip(),
        )

    @property
    def shown(self) -> str:
        """Who follows, as typed. Only after ``is_valid()``."""
        return "，".join((self.cleaned_data["name"], self.cleaned_data["employer"]))


class ExtensionForm(HouseForm):
    """Until when the evaluation may go on."""

    until_at = Instant(label=said("评标延长至", "The evaluation goes on until"))


class AcceptanceForm(HouseForm):
    """A bidder's written answer to the committee."""

    text = Text(label=said("答复", "Answer"), rows=5, max_length=2000)
    accepted = Choice(
        label=said("是否接受修正后的价格", "Do you accept the corrected price?"),
        choices=[(YES, said("接受", "Yes")), (NO, said("不接受", "No"))],
        widget=forms.RadioSelect(),
        required=False,
    )

    def __init__(self, asks_acceptance: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks_acceptance:
            self.fields.pop("accepted")

    @property
    def acceptance(self) -> bool | None:
        """Yes, no, or None where it was not asked or not said. Only after ``is_valid()``."""
        return {YES: True, NO: False}.get(self.cleaned_data.get("accepted", ""))


def listed_experts(but: Iterable[str] = (), drawn: Collection[str] | None = None) -> list[tuple[str, str]]:
    """(person, shown) of everybody on the list, without ``but``; of the experts only those ``drawn``, where any were."""
    left_out = set(but)
    return [
        (each.person, "，".join(part for part in (each.name, each.specialty, each.employer) if part))
        for each in experts()
        if each.person not in left_out
        and (drawn is None or each.kind == "representative" or each.person in drawn)
    ]


class Kept(forms.CharField):
    """A field that has to be filled in some day: whether it is, is asked when the sheet is handed in."""

    def validate(self, value: Any) -> None:
        """Nothing is wrong with what is not filled in yet."""


class SheetForm(HouseForm):
    """A scoring sheet: one field a bid and criterion, named ``bidder-criterion``."""

    def __init__(
        self,
        bidders: Iterable[tuple[str, str]],
        criteria: Iterable[CriterionTerms],
        sheet: Mapping[str, Mapping[str, str]],
        judged: bool,
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.bidders, self.criteria = tuple(bidders), tuple(criteria)
        for bidder, _ in self.bidders:
            for each in self.criteria:
                field = Kept(
                    label=each.title,
                    max_length=12,
                    initial=sheet.get(bidder, {}).get(each.id, ""),
                    help_text=_bounds(each),
                )
                field.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})
                if judged and not each.objective:
                    field.widget.attrs["readonly"] = True
                self.fields[f"{bidder}-{each.id}"] = field

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each bidder under its name."""
        return [
            (name, [self[f"{bidder}-{each.id}"] for each in self.criteria]) for bidder, name in self.bidders
        ]

    def sheet(self) -> dict[str, dict[str, str]]:
        """What was typed: bidder → criterion → points. Only after ``is_valid()``."""
        return {
            bidder: {each.id: self.cleaned_data[f"{bidder}-{each.id}"] for each in self.criteria}
            for bidder, _ in self.bidders
        }


def _bounds(each: CriterionTerms) -> Any:
    if each.objective:
        return said(f"{each.least} 至 {each.full} 分，客观分", f"{each.least} to {each.full}, objective")
    return said(f"{each.least} 至 {each.full} 分，主观分", f"{each.least} to {each.full}, judged")
