"""A shortlisted bidder passed over, nobody awarded, a candidate examined again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from yiwang.business.trading.api import OpeningRow
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Choice, Text, Uploads, said
from yiwang.law import api as law

STANDS, OUT = "stands", "out"


def _ranked(rows: Sequence[OpeningRow]) -> list[tuple[str, Any]]:
    return [
        (each.bidder, said(f"第{each.rank}名 {each.name}", f"No. {each.rank} {each.name}")) for each in rows
    ]


class PassingForm(HouseForm):
    """Why the first candidate left is not awarded."""

    bidder = Choice(label=said("中标候选人", "Shortlisted bidder"), widget=forms.RadioSelect())
    ground = Choice(label=said("情形", "Case of the law"), widget=forms.RadioSelect())
    reason = Text(
        label=said("理由（将公开）", "Reason (public)"),
        rows=4,
        max_length=600,
        help_text=said(
            "写明事实和经过；不要写入个人信息。", "The facts and how they came about; no personal data."
        ),
    )
    papers = Uploads(
        label=said("证明文件", "Proof"),
        help_text=said(
            "必须上传；不公开，监督部门可以查阅。", "Needed; not public, the supervisor can read it."
        ),
    )

    def __init__(self, rows: Sequence[OpeningRow], on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["bidder"].choices = _ranked(rows)
        choices = law.rule("W22", on=on).choices
        fields["ground"].choices = [(each.id, said(each.words.zh, each.words.en)) for each in choices]


class NoWinnerForm(HouseForm):
    """Why nobody else is awarded."""

    reason = Text(label=said("理由（将公开）", "Reason (public)"), rows=4, max_length=600)


class DoubtForm(HouseForm):
    """What the original committee is asked about a candidate."""

    bidder = Choice(label=said("中标候选人", "Shortlisted bidder"), widget=forms.RadioSelect())
    reason = Text(
        label=said(
            "经营、财务状况的较大变化或者违法行为",
            "The change of operations or finances, or the unlawful conduct",
        ),
        rows=5,
        max_length=2000,
        help_text=said(
            "并说明为何可能影响其履约能力（招标投标法实施条例第五十六条）。",
            "And how it may affect its performance (Implementing Regulations of the Bidding Law, art. 56).",
        ),
    )
    papers = Uploads(label=said("材料", "Documents"), required=False)

    def __init__(self, rows: Sequence[OpeningRow], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["bidder"]
        field.choices = _ranked(rows)


class ConclusionForm(HouseForm):
    """What the original committee found."""

    stands = Choice(
        label=said("审查结论", "Conclusion"),
        widget=forms.RadioSelect(),
        choices=[
            (STANDS, said("仍符合，确认其中标候选人资格", "It still qualifies")),
            (OUT, said("不再符合，不得中标", "It no longer qualifies and is not awarded")),
        ],
    )
    reason = Text(
        label=said(
            "评标委员会的意见（不符合的将公开）",
            "What the committee found (public where it no longer qualifies)",
        ),
        rows=5,
        max_length=600,
    )
    papers = Uploads(
        label=said("评标委员会签署的审查意见", "The opinion as signed by the committee"), required=False
    )
