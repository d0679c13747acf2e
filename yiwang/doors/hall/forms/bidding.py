"""Handing in a bid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yiwang.business.trading.api import SheetFacts
from yiwang.common.identity.api import PERSONNEL, CredentialLine
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Amount, Number, Text, Uploads, said


class BidForm(HouseForm):
    """The opening sheet (开标一览表) and the papers of a bid."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    price = Amount(
        label=said("投标报价（元）", "Price (yuan)"),
        help_text=said("开标时当众宣读，最多两位小数。", "Read out at the opening; at most two decimals."),
    )
    period_days = Number(
        label=said("工期（日历天）", "Period (calendar days)"), min_value=1, max_value=36_500
    )
    deposit = Amount(
        label=said("已交投标保证金（元）", "Deposit paid (yuan)"),
        help_text=said("没有要求的填 0。", "Enter 0 where none is asked."),
    )
    quality = Text(
        label=said("质量承诺", "Promised quality"),
        max_length=200,
        help_text=said(
            "按招标文件的质量标准填写，例如：合格。", "By the standard of the documents, for example: 合格."
        ),
    )
    manager_credential = forms.ChoiceField(
        label=said("从资信记录选择项目经理", "Project manager from your verified records"),
        required=False,
        help_text=said(
            "选择后不必再填写姓名和证书号，证书随投标文件附上。",
            "Then name and certificate need not be typed, and the certificate goes with the bid.",
        ),
    )
    manager = Text(label=said("项目经理", "Project manager"), max_length=60)
    manager_certificate = Text(
        label=said("项目经理注册证书号", "Manager's certificate"),
        max_length=100,
        help_text=said("中标候选人公示时公开。", "Published with the publicity of the shortlisted bidders."),
    )
    credentials = forms.MultipleChoiceField(
        label=said("随投标文件附上的资信记录", "Verified records that go with the bid"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=said(
            "以核验时的内容冻结为一份快照，连同证明材料一并附上，不必重复上传。",
            "Frozen as they were verified, with their papers; nothing is uploaded again.",
        ),
    )
    papers_technical = Uploads(
        kind="technical",
        label=said("技术文件", "Technical papers"),
        required=False,
        help_text=said(
            "施工组织设计等。可一次选择多个文件，中断后可以继续。",
            "Several at once; an upload that breaks off goes on.",
        ),
    )
    papers_commercial = Uploads(
        kind="commercial",
        label=said("商务文件", "Commercial papers"),
        required=False,
        help_text=said("资格、业绩、人员等证明材料。", "Qualification, performance, personnel."),
    )
    papers_price = Uploads(
        kind="price",
        label=said("报价文件", "Price papers"),
        required=False,
        help_text=said("投标函、已标价工程量清单。", "Letter of tender, priced bill of quantities."),
    )
    papers = Uploads(
        kind="other",
        label=said("其他文件", "Other papers"),
        required=False,
        help_text=said("不属于以上各类的文件。", "What belongs to none of these."),
    )

    def __init__(self, *args: Any, register: Sequence[CredentialLine] = (), **options: Any) -> None:
        """``register`` are the verified records of the bidder that are valid now."""
        super().__init__(*args, **options)
        self._managers = {each.code: each for each in register if each.kind == PERSONNEL}
        self._offer(
            "manager_credential", list(self._managers.values()), ("", said("自行填写", "Type it below"))
        )
        self._offer("credentials", list(register))
        if self.data.get(self.add_prefix("manager_credential")) in self._managers:
            self.fields["manager"].required = self.fields["manager_certificate"].required = False

    def _offer(self, name: str, lines: list[CredentialLine], *first: tuple[str, Any]) -> None:
        choices = [(each.code, f"{each.name}（{each.shown.facts.get('number', '')}）") for each in lines]
        if choices:
            self.fields[name].choices = [*first, *choices]
        else:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        chosen = self._managers.get(typed.get("manager_credential", ""))
        if chosen is not None:
            facts = chosen.shown.facts
            parts = (str(facts.get(part, "")) for part in ("title", "specialty", "number"))
            typed["manager"] = str(facts["person_name"])
            typed["manager_certificate"] = " ".join(each for each in parts if each)[:100]
        return typed

    def chosen_credentials(self) -> list[str]:
        """The codes of the records that go with the bid. Only after ``is_valid()``."""
        chosen = {*self.cleaned_data.get("credentials", []), self.cleaned_data.get("manager_credential", "")}
        return sorted(chosen - {""})

    def sheet(self) -> SheetFacts:
        """The opening sheet as typed. Only after ``is_valid()``."""
        typed = self.cleaned_data
        return SheetFacts(
            price_fen=typed["price"],
            period_days=typed["period_days"],
            deposit_fen=typed["deposit"],
            quality=typed["quality"],
            manager=typed["manager"],
            manager_certificate=typed["manager_certificate"],
        )


PAPER_FIELDS = {
    "papers_technical": "technical",
    "papers_commercial": "commercial",
    "papers_price": "price",
    "papers": "other",
}
