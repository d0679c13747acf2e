"""An evaluation done again, all bids rejected, a candidate examined again: what members and the others see and send."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.site.test_routes import client_of
from tests.trading.sitting import award, first_round, hand_in, score
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading


@pytest.fixture
def town(db) -> Market:
    return market()


def words(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:400]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


def test_the_round_before_is_read_by_those_who_had_its_report_and_the_members_start_from_their_sheets(town):
    experts, ranking = first_round(town, b0={"c1": "25"})
    lot, names = f"/hall/lots/{town.lot}/", {each.bidder: each.name for each in _rows(town)}
    member = client_of(experts[0].person)
    shown = words(member, lot + "sitting/")
    assert "第 2 次评审" in shown
    assert "第 1 次评审的评标报告和评分" in shown
    for actor in (experts[0], town.hosts[0], town.staff.opener, town.supervisor):
        page = words(client_of(actor.person), lot + "evaluation-report/1/")
        assert names[ranking[0]] in page
        assert "对评标结果的异议成立，重新评审" in page
        assert "专家1" in page or actor is experts[0], "members know each other by number"
    words(client_of(town.bidders[0].person), lot + "evaluation-report/1/", 404)
    words(member, lot + "evaluation-report/2/", 404)
    assert "Round 1" in words(member, "/en" + lot + "evaluation-report/1/")
    trading.end_review(town.staff.opener, town.lot, town.now)
    form = member.get(lot + "sitting/sheet/").content.decode()
    assert re.search(r'value="25"', form), "the points of before are filled in, to be checked"


def test_a_member_proposes_to_reject_all_and_what_a_reexamination_found_by_form(town):
    experts, _ = first_round(town)
    member = client_of(experts[0].person)
    lot = f"/hall/lots/{town.lot}/"
    assert "/sitting/reject-all/" in member.get(lot + "sitting/").content.decode()
    refused = member.post(lot + "sitting/reject-all/", {"reason": "明显缺乏竞争。"})
    assert refused.status_code == 422
    assert "明显缺乏竞争。" in refused.content.decode(), "nothing typed is lost"
    centre = client_of(town.staff.opener.person)
    assert "/reject-all/" not in centre.get(lot + "evaluation/").content.decode()
    score(town, experts[:5])
    ranking = hand_in(town, experts[:5])
    award(town, ranking[0], decide=False)
    trading.order_reexamination(town.hosts[0], town.lot, ranking[0], "财务状况发生较大变化。", [], town.now)
    assert "/sitting/conclusion/" in member.get(lot + "sitting/").content.decode()
    assert member.post(lot + "sitting/conclusion/", {"stands": "", "reason": ""}).status_code == 422
    sent = member.post(lot + "sitting/conclusion/", {"stands": "stands", "reason": "予以确认。"})
    assert sent.status_code == 302
    page = words(client_of(experts[1].person), lot + "sitting/")
    assert "审查确认：符合中标条件" in page


def _rows(town: Market) -> tuple[trading.OpeningRow, ...]:
    return trading.opening_rows(trading.find_lot(town.lot), everything=True)
