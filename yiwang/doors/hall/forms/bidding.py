"""Handing in a bid."""

from __future__ import annotations

from django import forms

from yiwang.business.trading.api import SheetFacts
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
    manager = Text(label=said("项目经理", "Project manager"), max_length=60)
    manager_certificate = Text(
        label=said("项目经理注册证书号", "Manager's certificate"),
        max_length=100,
        help_text=said("中标候选人公示时公开。", "Published with the publicity of the shortlisted bidders."),
    )
    papers = Uploads(
        label=said("投标文件", "Papers of the bid"),
        required=False,
        help_text=said("可一次选择多个文件；已上传的会保留。", "Several at once; what is uploaded is kept."),
    )

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
