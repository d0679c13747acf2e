"""Registering a project with its lots."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.business.trading.api import NewLot, NewProject
from yiwang.common.identity.api import Party, parties
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import CHOOSE, Amount, Choice, Number, Text, said
from yiwang.pure.kernel.actors import AGENCY, TENDEREE, Actor
from yiwang.pure.kernel.codes import REGIONS

STATE_FUNDED = [
    ("yes", said("国有资金占控股或者主导地位", "State funds control or lead")),
    ("no", said("其他资金", "Other funds")),
]


def _regions() -> list[tuple[str, Any]]:
    return [("", CHOOSE), *((code, said(zh, en)) for code, (zh, en) in REGIONS.items())]


def _named(listed: list[Party]) -> list[tuple[str, str]]:
    return [(each.code, f"{each.name}（{each.code}）") for each in listed]


class ProjectForm(HouseForm):
    """What is registered about a project. The actor's own organisation is taken from the register."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    name = Text(label=said("项目名称", "Name of the project"), max_length=200)
    region = Choice(label=said("所在区县", "District"), choices=_regions)
    funds = Text(
        label=said("资金来源", "Source of funds"),
        max_length=100,
        help_text=said("例如：市级财政资金", "For example: municipal budget"),
    )
    state_funded = Choice(
        label=said("资金性质", "Kind of funds"),
        choices=STATE_FUNDED,
        widget=forms.RadioSelect(),
        initial="yes",
        help_text=said(
            "国有资金占控股或者主导地位的项目，应当确定排名第一的中标候选人为中标人（招标投标法实施条例第五十五条）。",
            "Where state funds control or lead, the award goes to the first in rank (Implementing Regulations of the Bidding Law, art. 55).",
        ),
    )
    approval = Text(
        label=said("审批、核准或者备案文号", "Number of the approval or filing"),
        max_length=100,
        help_text=said("招标投标法第九条", "Bidding Law, art. 9"),
    )

    def __init__(self, by: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        if by.role == TENDEREE:
            self.fields["agency"] = Choice(
                label=said("代理机构", "Agency"),
                required=False,
                choices=[
                    ("", said("不委托，自行招标", "None: the tenderee runs the tender")),
                    *_named(parties(AGENCY)),
                ],
                help_text=said(
                    "自行办理招标事宜的，应当向行政监督部门备案（招标投标法第十二条）。",
                    "Who runs a tender without an agency files that with the supervisory body (Bidding Law, art. 12).",
                ),
            )
        else:
            self.fields["tenderee"] = Choice(
                label=said("招标人", "Tenderee"), choices=[("", CHOOSE), *_named(parties(TENDEREE))]
            )

    def project(self, lots: list[NewLot]) -> NewProject:
        """The project as typed. Only after ``is_valid()``."""
        typed = self.cleaned_data
        own = self.by.organisation
        return NewProject(
            name=typed["name"],
            tenderee=own if self.by.role == TENDEREE else typed["tenderee"],
            agency=typed["agency"] if self.by.role == TENDEREE else own,
            region=typed["region"],
            funds=typed["funds"],
            approval=typed["approval"],
            state_funded=typed["state_funded"] == "yes",
            lots=lots,
        )


class LotForm(HouseForm):
    """A lot of a project that is being registered."""

    name = Text(label=said("标段名称", "Name of the lot"), max_length=200)
    content = Text(
        label=said("招标内容和规模", "What is to be built, and its scale"), rows=4, max_length=5000
    )
    estimate = Amount(label=said("估算价（元）", "Estimate (yuan)"))
    period_days = Number(
        label=said("计划工期（日历天）", "Planned period (calendar days)"), min_value=1, max_value=36_500
    )

    def lot(self) -> NewLot:
        """The lot as typed. Only after ``is_valid()``."""
        typed = self.cleaned_data
        return NewLot(
            name=typed["name"],
            content=typed["content"],
            estimate_fen=typed["estimate"],
            period_days=typed["period_days"],
        )


LotForms = forms.formset_factory(LotForm, extra=0, min_num=1, max_num=50, validate_min=True, absolute_max=50)
