"""Several lots in one act, by page and by key."""

from __future__ import annotations

import pytest

from tests.site.api_world import Program
from tests.site.test_routes import client_of
from tests.trading.test_lots import two_lots
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal.api import advance_rehearsal


@pytest.fixture
def town(db) -> Market:
    town = market()
    two_lots(town)
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    return town


def lots(town: Market) -> list[str]:
    return [each.code for each in trading.lots_for(town.bidders[0]).order_by("code")]


def test_a_bidder_chooses_lots_on_one_page_and_takes_all_or_none(town):
    first, second = lots(town)
    client = client_of(town.bidders[0].person)
    path = f"/hall/projects/{first[:17]}/documents/"
    assert path in client.get(f"/hall/projects/{first[:17]}/").content.decode()
    assert client.post(path, {"lots": [first, second]}).status_code == 302
    shown = client.get(path).content.decode()
    assert "可以获取的招标文件都已获取" in shown
    assert shown.count('<span class="tag green">已获取</span>') == 2
    trading.terminate(town.hosts[0], second, "资金调整。", town.now)
    other = client_of(town.bidders[1].person)
    refused = other.post(path, {"lots": [first, second]})
    assert refused.status_code == 422
    assert "所选标段都没有获取" in refused.content.decode()
    assert not trading.has_taken(trading.find_lot(first), town.bidders[1].organisation)
    assert other.post(path, {"lots": ["x" * 5000, "\x00", first]}).status_code == 422
    assert other.post(path, {}).status_code == 422
    assert other.get("/hall/projects/NOBODYS/documents/").status_code == 404


def test_a_program_takes_documents_and_hands_in_bids_of_several_lots_with_a_receipt_each(town):
    codes = lots(town)
    program = Program(identity.make_key(town.bidders[0], "投标工具", at=town.now).key)
    taken = program.send("/taking", {"lots": codes})
    assert [each["lot"] for each in taken.json()["taken"]] == codes
    sheet = {"price_fen": 500_000_000, "period_days": 170, "deposit_fen": 6_000_000, "quality": "合格",
             "manager": "李雷", "manager_certificate": "甘1", "kept": []}  # fmt: skip
    bids = {"bids": [{"lot": each, **sheet} for each in codes]}
    handed_in = program.send("/bids", bids, "b-1")
    assert handed_in.status_code == 201
    assert [each["lot"] for each in handed_in.json()["receipts"]] == codes
    assert program.send("/bids", bids, "b-1").json() == handed_in.json(), "done once"
    refused = program.send("/bids", bids)
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["findings"]} == set(codes), "the reasons of every lot"
