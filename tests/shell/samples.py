"""The style guide with one of every part, and a folder from which a browser can read it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.template import loader
from django.test import RequestFactory
from django.utils.translation import override

import yiwang.common.shell
from yiwang.common.shell.api import (
    DONE,
    NEXT,
    NOW,
    AmountField,
    Choice,
    Column,
    DocumentField,
    HouseForm,
    InstantField,
    Stage,
    bilingual,
    listing,
)
from yiwang.law.api import clock
from yiwang.pure.kernel.actors import ANYONE
from yiwang.pure.kernel.days import SHANGHAI
from yiwang.pure.kernel.findings import WARNING, Finding
from yiwang.pure.kernel.words import Words

NOW_AT = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
STATIC = Path(yiwang.common.shell.__file__).parent / "static"


class SampleForm(HouseForm):
    title = forms.CharField(label=bilingual("标段名称", "Name of the lot"), max_length=60)
    price = AmountField(label=bilingual("最高投标限价", "Ceiling price"), at_least_fen=100)
    bid_deadline_at = InstantField(
        label=bilingual("投标截止时间", "Deadline for bids"),
        help_text=bilingual(
            "自招标文件开始发出之日起不少于二十日。",
            "At least twenty days after the documents are first issued.",
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=bilingual("类别", "Kinds"),
        choices=[("a", bilingual("房屋建筑", "Building")), ("b", bilingual("市政", "Municipal"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    region = forms.ChoiceField(
        label=bilingual("行政区划", "Region"), choices=[("620502", bilingual("秦州区", "Qinzhou"))]
    )
    note = forms.CharField(label=bilingual("说明", "Note"), widget=forms.Textarea, required=False)
    document = DocumentField(
        label=bilingual("招标文件", "Tender documents"), max_bytes=1024 * 1024, accept=".pdf", required=False
    )
    agree = forms.BooleanField(label=bilingual("我已核对以上内容", "I have checked the above"))


@dataclass(frozen=True)
class Lot:
    name: str
    price_fen: int
    closes_at: datetime
    stage: str


LOTS = [
    Lot(f"{name}（第 {number} 标段）", 100_000_000 * number + 50, NOW_AT + timedelta(days=number), stage)
    for number, (name, stage) in enumerate(
        [("羲皇大道改造工程", "open"), ("藉河堤防加固", "evaluation"), ("第二中学教学楼", "open")], 1
    )
]
STAGES = {"open": Words("投标中", "Open for bids"), "evaluation": Words("评标中", "Under evaluation")}
COLUMNS = (
    Column("name", Words("标段", "Lot"), lambda lot: lot.name, sort="self", link=lambda lot: "#main"),
    Column("price", Words("限价", "Ceiling"), lambda lot: lot.price_fen, sort="self", amount=True),
    Column("closes", Words("截止", "Closes"), lambda lot: lot.closes_at, sort="self"),
    Column("stage", Words("阶段", "Stage"), lambda lot: STAGES[lot.stage]),
)
CHOICES = (Choice("stage", Words("阶段", "Stage"), list(STAGES.items()), "stage"),)


TENDEREE = Words("招标人", "Tenderee")


@dataclass(frozen=True)
class Chip:
    person: str = "王秀英"
    organisation: str = "天水市建设投资有限公司"
    role: Words = TENDEREE
    several: bool = True
    links: tuple[tuple[Words, str], ...] = ((TENDEREE, "#organisation"),)


def guide_context(path: str = "/guide/") -> dict[str, Any]:
    """Everything that the style guide shows."""
    request = RequestFactory().get(path)
    request.session = SessionStore()
    request.chip = Chip()
    request.actor = ANYONE
    return {
        "request": request,
        "house": {
            "name": Words("天水市公共资源交易中心", "Tianshui Public Resource Trading Centre"),
            "rehearsal": True,
            "now": NOW_AT,
            "menus": (
                ("/", Words("首页", "Home"), False),
                ("/search/", Words("公告查询", "Notices"), False),
                ("/hall/", Words("服务大厅", "Service hall"), True),
            ),
        },
        "hall_menu": (
            ("#todo", Words("待办", "To do"), True, 3),
            ("#lots", Words("我的项目", "My projects"), False, 0),
            ("#messages", Words("消息", "Messages"), False, 0),
        ),
        "crumbs": [(Words("服务大厅", "Service hall"), "#hall"), (Words("界面样张", "Style guide"), "")],
        "stages": [
            Stage(Words("登记", "Registered"), DONE, at=NOW_AT - timedelta(days=3)),
            Stage(Words("招标公告", "Tender notice"), DONE, at=NOW_AT),
            Stage(Words("投标", "Bidding"), NOW, Words("投标人", "bidders"), NOW_AT + timedelta(days=23)),
            Stage(Words("开标", "Opening"), NEXT, Words("交易中心", "the centre")),
            Stage(Words("评标", "Evaluation"), NEXT),
        ],
        "clocks": [
            clock("W03", NOW_AT, date(2026, 3, 2)),
            clock("W28", datetime(2026, 2, 10, 9, 0, tzinfo=SHANGHAI), date(2026, 2, 10)),
        ],
        "soon_at": NOW_AT + timedelta(hours=5),
        "findings": [
            Finding("no-permission", "", {}),
            Finding("uscc", "GB 32100-2015", {"code": "91620500MA0000001"}, "title"),
            Finding("no-permission", "", {}, level=WARNING),
        ],
        "form": SampleForm({"title": "", "price": "12.345", "bid_deadline_at": "2026-03-22T09:30"}),
        "listing": listing(request, LOTS, COLUMNS, search=("any",), choices=CHOICES, order="closes"),
        "empty_what": Words("还没有投标", "No bids yet"),
        "empty_how": Words(
            "从招标公告页下载文件后即可投标。", "Download the documents from the notice, then bid."
        ),
        "empty_action": Words("查看招标公告", "See the tender notices"),
        "confirm_title": Words("发布招标公告", "Publish the tender notice"),
        "confirm_what": [
            (Words("标题", "Title"), "羲皇大道改造工程施工招标公告"),
            (Words("发布时间", "Published at"), NOW_AT + timedelta(days=1)),
        ],
        "confirm_consequence": Words(
            "发布后不能修改，只能另发更正公告。",
            "Once published it cannot be changed, only corrected by a further notice.",
        ),
        "confirm_submit": Words("确认发布", "Confirm and publish"),
    }


def guide(language: str) -> str:
    """The style guide in ``language``, as HTML."""
    with override(language):
        path = "/guide/" if language.startswith("zh") else "/en/guide/"
        return loader.render_to_string("shell/guide.html", guide_context(path))


def write_guide(folder: Path) -> None:
    """The guide in both languages (``zh.html``, ``en.html``) beside its static files."""
    shutil.copytree(STATIC, folder / "static")
    (folder / "zh.html").write_text(guide("zh-hans"), "utf-8")
    (folder / "en.html").write_text(guide("en"), "utf-8")
