"""Consortia by key: the members come as JSON in the form of a bid, their agreement beside the papers."""

from __future__ import annotations

import json

import pytest

from tests.site.api_world import SHEET, Program, Town, paper
from tests.site.test_api_reads import problem_of, rules_of
from tests.trading.test_consortia import announce
from tests.trading.world import market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Envelope

PARTS = ("主体结构", "机电安装")


@pytest.fixture
def built(db: None) -> Town:
    made = market()
    announce(made)
    return Town(made)


def members(built: Town, *numbers: int) -> list[dict[str, object]]:
    """The organisations of these bidders as members, with equal shares."""
    return [
        {"code": built.market.bidders[each].organisation, "name": f"第{each + 1}建筑工程有限公司", "work": work,
         "percent": 100 // len(numbers)}
        for each, work in zip(numbers, PARTS, strict=False)
    ]  # fmt: skip


def hand_in(built: Town, bidder: Program, path: str = "bid", once: str = "", **more: object):
    fields = {**SHEET, "papers": [paper()], **more}
    return bidder.post(f"/lots/{built.market.lot}/{path}", fields, once)


def test_a_consortium_bids_by_key_with_its_members_and_its_agreement_and_replaces_its_bid(built):
    bidder = built.program(built.market.bidders[0])
    bidder.post(f"/lots/{built.market.lot}/taking")
    two = json.dumps(members(built, 0, 3))
    assert rules_of(hand_in(built, bidder, consortium=two), 422) == ["W-consortium-agreement"]
    alone = hand_in(built, bidder, agreement_papers=[paper("共同投标协议")])
    assert rules_of(alone, 422) == ["consortium-members-missing"]
    asked = {"consortium": two, "agreement_papers": [paper("共同投标协议")]}
    done = hand_in(built, bidder, once="c-1", **asked)
    assert done.status_code == 201, done.content
    kinds = {each["name"]: each.get("kind") for each in done.json()["papers"]}
    assert kinds == {"共同投标协议.pdf": "consortium-agreement", "投标文件.pdf": None}
    asked["agreement_papers"] = [paper("共同投标协议")]
    assert hand_in(built, bidder, once="c-1", **asked).json() == done.json(), "done once"
    token = bidder.post("/documents", {"file": paper("共同投标协议")}).json()["token"]
    again = hand_in(built, bidder, "bid/replacement", consortium=two, agreement=[token])
    assert (again.status_code, again.json()["number"]) == (201, 2)
    codes = [built.market.bidders[each].organisation for each in (0, 3)]
    for envelope in Envelope.objects.all():
        assert [each["code"] for each in envelope.sheet["consortium"]] == codes


@pytest.mark.parametrize(
    "typed",
    ["{", "[1]", '{"code": "x"}', '[{"code": "x", "name": "甲方公司", "work": "土建", "percent": 0}]', "[[[]]]",
     json.dumps([{"code": "1" * 18, "name": "甲公司", "work": "土建", "percent": 10}] * 9), "x" * 10_001],
)  # fmt: skip
def test_members_that_are_no_list_of_members_are_refused_at_their_field(built, typed):
    bidder = built.program(built.market.bidders[0])
    bidder.post(f"/lots/{built.market.lot}/taking")
    found = problem_of(hand_in(built, bidder, consortium=typed), 422)["findings"]
    assert {each["field"] for each in found} == {"consortium"}
    assert (
        trading.own_envelope(trading.find_lot(built.market.lot), built.market.bidders[0].organisation) is None
    )


def test_a_token_or_a_file_that_is_no_agreement_of_mine_is_refused_at_its_field(built):
    bidder, other = map(built.program, built.market.bidders[:2])
    bidder.post(f"/lots/{built.market.lot}/taking")
    theirs = other.post("/documents", {"file": paper("共同投标协议")}).json()["token"]
    two = json.dumps(members(built, 0, 3))
    for wrong in ("x", theirs):
        found = problem_of(hand_in(built, bidder, consortium=two, agreement=[wrong]), 422)["findings"]
        assert [(each["rule"], each["field"]) for each in found] == [("api-token", "agreement")]
