"""An invented form of a notice with every kind of field, and values that fit it."""

from __future__ import annotations

from datetime import date
from typing import Any

from yiwang.law.api import NoticeField, NoticeForm
from yiwang.law.limits import Choice


def field(
    key: str,
    kind: str,
    required: bool = True,
    personal: bool = False,
    choices: tuple[Choice, ...] = (),
    columns: tuple[NoticeField, ...] = (),
) -> NoticeField:
    return NoticeField(
        key=key,
        label=f"项目{key}",
        label_en=f"Item {key}",
        kind=kind,
        required=required,
        personal=personal,
        source=f"《样本办法》第{key}条",
        choices=choices,
        columns=columns,
    )


FORM = NoticeForm(
    id="sample",
    title="样本公告",
    title_en="Sample notice",
    family="works",
    source="《样本办法》",
    sure="read",
    since=date(2020, 1, 1),
    until=None,
    confirmed_by=("tenderee",),
    fields=(
        field("name", "text"),
        field("scope", "longtext"),
        field("price", "money-fen"),
        field("opening", "instant"),
        field("signed", "day"),
        field("period", "number"),
        field(
            "consortium",
            "choice",
            choices=(Choice("yes", "接受", "accepted", ""), Choice("no", "不接受", "not accepted", "")),
        ),
        field("contact", "text", personal=True),
        field(
            "ranking",
            "table",
            columns=(
                field("place", "number"),
                field("bidder", "text"),
                field("bid", "money-fen"),
                field("leader", "text", required=False, personal=True),
            ),
        ),
        field("other", "longtext", required=False),
    ),
)

VALUES: dict[str, Any] = {
    "name": "秦州区滨河路改造工程",
    "scope": "道路 3.2 公里，含排水与照明。",
    "price": 1_234_567_00,
    "opening": "2026-11-23T06:00:00.000000Z",
    "signed": "2026-12-01",
    "period": 180,
    "consortium": "no",
    "contact": "王小明",
    "ranking": [
        {"place": 1, "bidder": "天水甲建设有限公司", "bid": 1_200_000_00, "leader": "赵六"},
        {"place": 2, "bidder": "天水乙建设有限公司", "bid": 1_210_000_00},
    ],
}
