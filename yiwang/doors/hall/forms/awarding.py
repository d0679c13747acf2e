"""Award and contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yiwang.business.trading.api import OpeningRow
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Amount, Choice, Day, Text, said


class AwardForm(HouseForm):
    """To whom the award goes."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    bidder = Choice(label=said("中标人", "Winner"), widget=forms.RadioSelect())

    def __init__(self, ranked: Sequence[OpeningRow], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["bidder"]
        field.choices = [
            (each.bidder, said(f"第{each.rank}名 {each.name}", f"No. {each.rank} {each.name}"))
            for each in ranked
        ]


class EndingForm(HouseForm):
    """How the tenderee ends a tender before its award, and why; before the notice there is but one way."""

    TERMINATED, UNLAWFUL = "terminated", "unlawful-documents"
    ending = Choice(
        label=said("怎样结束", "How it ends"),
        widget=forms.RadioSelect(),
        choices=(
            (
                TERMINATED,
                said(
                    "终止招标，不再进行（第三十一条）",
                    "Terminated, it does not go on (art. 31)",
                ),
            ),
            (
                UNLAWFUL,
                said(
                    "招标文件违法、影响投标：修改后重新招标（第二十三条）",
                    "The documents are unlawful and that affects bids: amended and tendered again (art. 23)",
                ),
            ),
        ),
        initial=TERMINATED,
    )
    reason = Text(label=said("理由（将公开）", "Reason (public)"), rows=4, max_length=600)

    def __init__(self, announced: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not announced:
            self.fields.pop("ending")


class ContractForm(HouseForm):
    """The written contract."""

    number = Text(label=said("合同编号", "Number of the contract"), max_length=60)
    amount = Amount(
        label=said("合同价款（元）", "Contract amount (yuan)"),
        help_text=said(
            "应当与中标价一致（招标投标法第四十六条）。", "At the price of the bid (Bidding Law, art. 46)."
        ),
    )
    bond = Amount(
        label=said("履约保证金（元）", "Performance bond (yuan)"),
        help_text=said("没有的填 0。", "Enter 0 for none."),
    )
    signed_on = Day(label=said("签订日期", "Signed on"))
