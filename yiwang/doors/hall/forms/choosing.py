"""What is filled in about the choice of experts: the plan of a draw, a special tender, a call and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.business.trading.api import (
    CAUSE_WORDS,
    DECLINED_FOR,
    DrawnElsewhere,
    Wanted,
    pool_lines,
    representatives_listed,
)
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import CHOOSE, REQUIRED, Choice, Number, Text, said
from yiwang.law import api as law

YES, NO = "yes", "no"


def pool_choices() -> list[tuple[str, Any]]:
    """The specialties of the pool with how many experts each has; the value is kind and name."""
    return [
        (
            f"{each.kind}|{each.specialty}",
            said(
                f"{each.kind_words.zh} · {each.specialty}（库内 {each.count} 名）",
                f"{each.kind_words.en} · {each.specialty} ({each.count} in the pool)",
            ),
        )
        for each in pool_lines()
    ]


class WantedForm(HouseForm):
    """One line of the plan. A line that is left empty asks for nobody."""

    depending = frozenset({"specialty", "count"})

    specialty = Choice(label=said("专业", "Field"), choices=[("", CHOOSE)], required=False)
    count = Number(label=said("抽取人数", "How many"), min_value=1, max_value=30, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        listed = options.pop("listed", ())
        super().__init__(*args, **options)
        field: Any = self.fields["specialty"]
        field.choices = [("", CHOOSE), *listed]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for one, other in (("specialty", "count"), ("count", "specialty")):
            if typed.get(one) and not typed.get(other) and other not in self.errors:
                self.add_error(other, ValidationError(REQUIRED, code="required"))
        return typed

    def wanted(self) -> Wanted | None:
        """What the line asks for; None for an empty line."""
        typed = self.cleaned_data
        if not typed.get("specialty"):
            return None
        kind, _, specialty = typed["specialty"].partition("|")
        return Wanted(kind=kind, specialty=specialty, count=typed["count"])


WantedForms = forms.formset_factory(WantedForm, extra=3, max_num=8, absolute_max=8)


class PlanForm(HouseForm):
    """Who represents the tenderee on the committee."""

    representatives = forms.MultipleChoiceField(
        label=said("招标人代表", "Tenderee's representatives"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=said(
            "由招标人指定，不抽取；不超过成员总数的三分之一。",
            "Named by the tenderee, not drawn; at most a third of the members.",
        ),
    )

    def __init__(self, fixed: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["representatives"]
        field.choices = representatives_listed()
        if fixed or not field.choices:
            self.fields.pop("representatives")

    def named(self) -> Sequence[str]:
        """The persons who were chosen. Only after ``is_valid()``."""
        chosen: list[str] = self.cleaned_data.get("representatives", [])
        return chosen


class SpecialForm(HouseForm):
    """Why a lot is a special tender."""

    cause = Choice(label=said("法定情形", "Case of the law"))
    reason = Text(
        label=said("理由", "Reason"),
        rows=4,
        max_length=500,
        help_text=said("向社会公开；不写任何专家的姓名。", "Public. Names of experts do not belong here."),
    )

    def __init__(self, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["cause"]
        choices = law.rule("W-special", on=on).choices
        field.choices = [("", CHOOSE), *((each.id, said(each.title, each.title_en)) for each in choices)]


class CallForm(HouseForm):
    """A drawn expert's answer."""

    depending = frozenset({"why"})

    answer = Choice(
        label=said("是否参加", "Will you come?"),
        choices=[(YES, said("参加", "Yes")), (NO, said("不能参加", "No"))],
        widget=forms.RadioSelect(),
    )
    why = Choice(
        label=said("不能参加的原因", "Why you cannot come"),
        choices=[("", CHOOSE), *((key, said(each.zh, each.en)) for key, each in DECLINED_FOR.items())],
        required=False,
    )
    note = Text(label=said("说明", "Note"), rows=2, max_length=500, required=False)


class UnreachedForm(HouseForm):
    """How the centre tried to reach an expert."""

    note = Text(
        label=said("联系经过", "How it was tried"),
        rows=3,
        max_length=500,
        help_text=said("例如：何时拨打过几次电话。", "Such as: when, and how many calls."),
    )


class SubstituteForm(HouseForm):
    """Why a member cannot go on."""

    why = Choice(
        label=said("更换事由", "Cause"),
        choices=[("", CHOOSE), *((key, said(each.zh, each.en)) for key, each in CAUSE_WORDS.items())],
    )


class ElsewhereForm(HouseForm):
    """Where the experts of a committee were drawn, if not here."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64, required=False)
    pool = Text(
        label=said("抽取专家的评标专家库", "The pool in which the experts were drawn"),
        max_length=100,
        required=False,
        help_text=said(
            "在省级综合评标专家库等法定专家库抽取的填写（招标投标法实施条例第四十五条、第四十六条）。",
            "For a statutory pool such as the province's (Implementing Regulations of the Bidding Law, arts. 45, 46).",
        ),
    )
    record = Text(label=said("抽取记录编号", "Number of its record"), max_length=60, required=False)

    def elsewhere(self) -> DrawnElsewhere | None:
        """What was typed; None where nothing was. Only after ``is_valid()``."""
        typed = self.cleaned_data
        if not typed["pool"] and not typed["record"]:
            return None
        return DrawnElsewhere(pool=typed["pool"], record=typed["record"])
