"""The method of evaluation in the tender notice: what it is, how prices are scored, what the experts score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from yiwang.business.trading.api import DECIMALS_AT_MOST, VARIANTS, CriterionTerms, MethodTerms
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import CHOOSE, NOT_A_NUMBER, REQUIRED, Choice, Number, Text, said
from yiwang.law import api as law

LOWEST = "lowest-evaluated-price"
MOST_CRITERIA, SPARE = 30, 2
NOT_DECIMALS = said(
    "请填写数，以顿号或者逗号分隔，例如 0.01、0.02。", "Enter numbers, with commas between: 0.01, 0.02."
)
NOT_PLACES = said(
    f"小数位数应在 0 至 {DECIMALS_AT_MOST} 之间。", f"Decimals go from 0 to {DECIMALS_AT_MOST}."
)
NOT_POINTS = said("请填写数，例如 25 或者 1.5。", "Enter a number, such as 25 or 1.5.")
PARTS = [("technical", said("技术", "Technical")), ("commercial", said("商务", "Commercial"))]
NATURES = [
    ("subjective", said("主观分", "Judged")),
    ("objective", said("客观分（各专家一致）", "Objective: the same from all")),
]
# What a new notice begins with; everything may be changed.
PROPOSED: Sequence[dict[str, object]] = (
    {"part": "technical", "title": "施工组织设计", "nature": "subjective", "full": "25", "least": "10"},
    {"part": "commercial", "title": "项目管理机构", "nature": "objective", "full": "10", "least": "0"},
    {"part": "commercial", "title": "企业业绩", "nature": "objective", "full": "5", "least": "0"},
)


def _decimal(text: str) -> Decimal:
    value = Decimal(text.strip())
    if not value.is_finite() or len(text.strip()) > 12:
        raise InvalidOperation
    return value


class Points(forms.CharField):
    """A number of points with decimals, exactly as typed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": REQUIRED})
        super().__init__(max_length=12, **options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return _decimal(text)
        except InvalidOperation as error:
            raise ValidationError(NOT_POINTS, code="invalid") from error


class Decimals(forms.CharField):
    """Several numbers in one line, cleaned to a tuple."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=400, required=False, **options)
        self.widget.attrs.update({"autocomplete": "off"})

    def clean(self, value: Any) -> tuple[Decimal, ...]:
        text = super().clean(value)
        parts = text.replace("、", ",").replace("，", ",").replace(";", ",").replace("；", ",").split(",")
        try:
            return tuple(_decimal(each) for each in parts if each.strip())
        except InvalidOperation as error:
            raise ValidationError(NOT_DECIMALS, code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return "、".join(str(each) for each in value) if isinstance(value, tuple) else value


class Places(Number):
    """How many decimals something is rounded to, as many as the rule ``decimals-range`` allows."""

    def __init__(self, **options: Any) -> None:
        told = {"invalid": NOT_A_NUMBER, "min_value": NOT_PLACES, "max_value": NOT_PLACES}
        super().__init__(max_value=DECIMALS_AT_MOST, required=False, error_messages=told, **options)


class MethodForm(HouseForm):
    """How bids are ranked. For the lowest evaluated price nothing else on it counts."""

    method = Choice(label=said("评标办法", "Method of evaluation"))
    price_full = Points(label=said("报价满分（F）", "Points of the price (F)"), required=False)
    above = Points(
        label=said("每高于基准价 1% 扣分（E1）", "Lost a per cent above the benchmark (E1)"), required=False
    )
    below = Points(
        label=said("每低于基准价 1% 扣分（E2）", "Lost a per cent below it (E2)"),
        required=False,
        help_text=said("E1 应大于 E2。", "E1 has to exceed E2."),
    )
    trim_from = Number(
        label=said(
            "去掉最高、最低：有效报价至少几个时",
            "Highest and lowest are left out from so many valid prices on",
        ),
        min_value=1,
        max_value=99,
        required=False,
    )
    trim_each = Number(
        label=said("各去掉几个", "How many of each"), min_value=0, max_value=20, required=False
    )
    down = Decimals(
        label=said("下浮率的候选值", "Options of the share taken off"),
        help_text=said(
            "份额，3% 写作 0.03；多于一个的在开标时抽取。",
            "Shares: 0.03 for 3%; of several, one is drawn at the opening.",
        ),
    )
    k = Decimals(label=said("系数 K 的候选值", "Options of K"))
    q = Decimals(label=said("权重 Q 的候选值", "Options of Q"))
    deviation_decimals = Places(label=said("偏差率小数位数", "Decimals of deviations"))
    score_decimals = Places(label=said("得分小数位数", "Decimals of scores"))
    tie = Text(
        label=said("总分和报价都相同时", "Where totals and prices are equal"),
        rows=2,
        max_length=500,
        required=False,
        help_text=said(
            "写明可以比较的条件，例如技术得分高者优先；不得抽签、摇号。",
            "Something that can be compared, such as the higher technical score; no lots.",
        ),
    )

    def __init__(self, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        method: Any = self.fields["method"]
        rows = [law.evaluation_method(each, on=on) for each in (LOWEST, *VARIANTS)]
        method.choices = [(each.id, said(each.title, each.title_en)) for each in rows]

    @property
    def scores(self) -> bool:
        """Whether the form, as it stands, says that bids are scored."""
        return str(self["method"].value() or LOWEST) != LOWEST


class CriterionForm(HouseForm):
    """One criterion. A line that is left empty is none."""

    title = Text(label=said("评分因素", "Criterion"), max_length=60, required=False)
    part = Choice(label=said("部分", "Part"), choices=[("", CHOOSE), *PARTS], required=False)
    nature = Choice(label=said("性质", "Kind"), choices=[("", CHOOSE), *NATURES], required=False)
    full = Points(label=said("满分", "Full points"), required=False)
    least = Points(label=said("最低分", "Least points"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if any(typed.get(each) not in (None, "") for each in ("title", "part", "nature", "full")):
            for each in ("title", "part", "nature", "full"):
                if typed.get(each) in (None, "") and each not in self.errors:
                    self.add_error(each, ValidationError(REQUIRED, code="required"))
        return typed

    def criterion(self, number: int) -> CriterionTerms | None:
        """The criterion as typed; None for an empty line. Only after ``is_valid()``."""
        typed = self.cleaned_data
        if not typed.get("title"):
            return None
        return CriterionTerms(
            id=f"c{number}",
            title=typed["title"].strip(),
            part=typed["part"],
            objective=typed["nature"] == "objective",
            full=typed["full"],
            least=typed["least"] if typed["least"] is not None else Decimal(0),
        )


CriterionForms = forms.formset_factory(
    CriterionForm, extra=SPARE, max_num=MOST_CRITERIA, absolute_max=MOST_CRITERIA
)


def _initial(terms: MethodTerms) -> tuple[dict[str, object], list[dict[str, object]]]:
    """What the forms begin with: the last terms of the lot, or what the house proposes."""
    if not terms.scores:
        proposed: dict[str, object] = {
            "method": LOWEST, "price_full": "60", "above": "2", "below": "1", "trim_from": 5, "trim_each": 1,
            "deviation_decimals": 2, "score_decimals": 2,
        }  # fmt: skip
        return proposed, list(PROPOSED)
    said_before: dict[str, object] = {
        "method": terms.id, "price_full": terms.price_full, "above": terms.above, "below": terms.below,
        "trim_from": terms.trim_from, "trim_each": terms.trim_each, "down": terms.down, "k": terms.k,
        "q": terms.q, "deviation_decimals": terms.deviation_decimals, "score_decimals": terms.score_decimals,
        "tie": terms.tie,
    }  # fmt: skip
    rows: list[dict[str, object]] = [
        {"part": each.part, "title": each.title, "nature": "objective" if each.objective else "subjective",
         "full": each.full, "least": each.least}
        for each in terms.criteria
    ]  # fmt: skip
    return said_before, rows


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was typed; a form that was sent without the part on evaluation means the lowest price."""
    if request.method != "POST":
        return None
    typed = request.POST.copy()
    typed.setdefault("method", LOWEST)
    for name in ("criteria-TOTAL_FORMS", "criteria-INITIAL_FORMS"):
        if not typed.get(name, "").isdigit():
            typed[name] = "0"
    if "add_criteria" in typed:
        typed["criteria-TOTAL_FORMS"] = str(min(int(typed["criteria-TOTAL_FORMS"]) + SPARE, MOST_CRITERIA))
    return typed


def method_forms(request: HttpRequest, terms: MethodTerms, on: date) -> tuple[MethodForm, Any]:
    """The form of the method and the forms of its criteria for a request; ``terms`` are the last of the lot."""
    typed = _posted(request)
    initial, rows = _initial(terms)
    if typed is not None:
        return MethodForm(on, typed), CriterionForms(typed, prefix="criteria")
    return MethodForm(on, initial=initial), CriterionForms(initial=rows, prefix="criteria")


def method_terms(form: MethodForm, criteria: Any) -> MethodTerms:
    """The method as typed. Only after both are valid."""
    typed = form.cleaned_data
    if typed["method"] == LOWEST:
        return MethodTerms()
    listed = [each.criterion(number) for number, each in enumerate(criteria, 1)]
    return MethodTerms(
        id=typed["method"],
        price_full=typed["price_full"] or Decimal(0),
        above=typed["above"] or Decimal(0),
        below=typed["below"] or Decimal(0),
        trim_from=_number(typed["trim_from"], 5),
        trim_each=_number(typed["trim_each"], 1),
        down=typed["down"],
        k=typed["k"],
        q=typed["q"],
        criteria=tuple(each for each in listed if each is not None),
        deviation_decimals=_number(typed["deviation_decimals"], 2),
        score_decimals=_number(typed["score_decimals"], 2),
        tie=typed["tie"].strip(),
    )


def _number(typed: int | None, otherwise: int) -> int:
    return otherwise if typed is None else typed
