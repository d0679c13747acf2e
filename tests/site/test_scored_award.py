"""An award by score as everybody can follow it: on the terminal, and on the page of the project in both languages."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.trading.methods import FLOATING
from tests.trading.sitting import award, hand_in, sheet, to_sitting
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.doors.website import places
from yiwang.doors.website.rendering import render
from yiwang.record.files.shelves import shelf
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.cli import parser
from yiwang.site.commands.award import recompute

RULES_TESTED = ("W-best", "W-tie")


@pytest.fixture
def town(db) -> Market:
    """A lot that was scored by five, with a coefficient drawn at the opening, and awarded."""
    town = market()
    experts = to_sitting(town, method=FLOATING)[:5]
    trading.end_review(town.staff.opener, town.lot, town.now)
    for number, each in enumerate(experts):
        trading.hand_in_sheet(each, town.lot, sheet(town, b0={"c1": f"{20 + number}.5"}), town.now)
    award(town, hand_in(town, experts)[0])
    sequence()
    return town


def run(town: Market) -> int:
    return recompute(parser("award").parse_args(["award", "recompute", town.lot]))


def words(town: Market, language: str) -> str:
    page = render(places.project_page(town.lot[:17]), language, town.now).decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def test_the_terminal_and_the_page_print_the_same_calculation_and_no_name(town, capsys):
    assert run(town) == 0
    printed = capsys.readouterr().out
    chinese, english = words(town, "zh-hans"), words(town, "en")
    value = trading.lot_page(trading.find_lot(town.lot)).draw.lines[0].value
    for said in (f"= {value}", "(20.5 + 21.5 + 22.5 + 23.5 + 24.5) ÷ 5", "与记录的定标结果一致"):
        assert said in printed
    for said in (
        "开标时抽取的下浮率",
        "括号内依次是评委 1、2、3、4、5 的评分",
        "开标时公布的秘密值",
        "由公开记录重新计算",
    ):
        assert said in chinese
    for said in (
        "drawn at the opening",
        "in brackets: members 1, 2, 3, 4, 5",
        "Secret told at the opening",
        "equals the award",
    ):
        assert said in english
    assert "22.50 分" in printed
    assert not re.search("专家[0-9]", printed + chinese + english)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("scores-handed-in", b'"20.5"', b'"25.0"'),
        ("bids-opened", b'"closing":"', b'"closing":"0'),
        ("lot-announced", b'"price_full":"60"', b'"price_full":"61"'),
    ],
)
def test_a_changed_sheet_draw_or_method_is_found_out(town, capsys, kind, before, after):
    entry = next(each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == kind)
    path = shelf()._path(entry.documents[0])
    content = path.read_bytes()
    assert before in content
    path.chmod(0o600)
    path.write_bytes(content.replace(before, after))
    assert run(town) == 2
    assert entry.documents[0] in capsys.readouterr().out
