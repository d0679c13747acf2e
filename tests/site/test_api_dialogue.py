"""Programs ask, object and answer; everybody reads what is public of it, and opens what was kept back until now."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from tests.site.api_world import SHEET, Program, Town, town
from yiwang.business.trading import api as trading
from yiwang.pure.kernel import canonical
from yiwang.record.journal.api import public_feed


@pytest.fixture
def built(db: None) -> Town:
    return town()


@pytest.fixture
def bidder(built: Town) -> Program:
    program = built.program(built.market.bidders[0])
    assert program.post(f"/lots/{built.market.lot}/taking").status_code == 200
    return program


def host(built: Town) -> Program:
    return built.program(built.market.hosts[0])


def test_a_question_is_asked_once_and_read_by_the_lots_side_without_its_asker(
    built: Town, bidder: Program
) -> None:
    path, asked = f"/lots/{built.market.lot}/questions", {"text": "工期从哪天起算？\r\n请说明。"}
    first = bidder.post(path, asked, once="q-1")
    assert first.status_code == 201
    assert bidder.post(path, asked, once="q-1").json() == first.json()
    for program, mine in ((bidder, True), (host(built), False)):
        [line] = program.get(f"/me{path}").json()["questions"]
        assert (line["text"], line["mine"]) == ("工期从哪天起算？\n请说明。", mine)
        assert built.market.bidders[0].organisation not in json.dumps(line)
    assert built.program(built.market.bidders[1]).get(f"/me{path}").json() == {"questions": []}


def test_who_has_not_taken_the_documents_is_refused_with_the_reason(built: Town) -> None:
    stranger = built.program(built.market.bidders[1])
    for path, asked in (("questions", {"text": "？"}), ("objections", {"text": "？", "matter": "documents"})):
        refused = stranger.post(f"/lots/{built.market.lot}/{path}", asked)
        assert refused.status_code == 422
        assert refused.json()["findings"]


def test_an_objection_suspends_is_public_without_its_objector_and_is_answered(
    built: Town, bidder: Program
) -> None:
    lot, anybody = built.market.lot, Program()
    raised = bidder.post(f"/lots/{lot}/objections", {"matter": "documents", "text": "资格条件过高。"})
    assert raised.status_code == 201, raised.content
    public = anybody.get(f"/lots/{lot}").json()
    assert public["suspended_at"]
    assert [each["matter"] for each in public["objections"]] == ["documents"]
    assert "资格条件过高" not in json.dumps(public, ensure_ascii=False)
    code = raised.json()["code"]
    stranger = built.program(built.market.bidders[1]).post(f"/objections/{code}/answer", {"text": "不。"})
    assert stranger.status_code == 403
    tenderee = host(built)
    assert tenderee.post("/objections/O-NONE/answer", {"text": "不。"}).status_code == 404
    given = tenderee.post(f"/objections/{code}/answer", {"text": "不违反规定。"}, once="a")
    assert (given.status_code, given.json()["warnings"]) == (200, [])
    again = tenderee.post(f"/objections/{code}/answer", {"text": "再答。"})
    assert [each["rule"] for each in again.json()["findings"]] == ["objection-answered"]
    assert anybody.get(f"/lots/{lot}").json()["suspended_at"] is None
    [line] = bidder.get(f"/me/lots/{lot}/objections").json()["objections"]
    assert (line["answer"], line["clock"]["rule"]) == ("不违反规定。", "W08")


def test_a_clarification_that_appeared_is_read_by_everybody(built: Town) -> None:
    from datetime import timedelta

    from yiwang.pure.kernel.days import local_day, on_day_at

    market = built.market
    at = on_day_at(local_day(market.now) + timedelta(days=1), 9)
    text = trading.NewClarification(
        content="补充图纸。", affects_bids=False, publish_at=at, new_deadline_at=None
    )
    notice = trading.draft_clarification(market.agency, market.lot, text, market.now).code
    anybody = Program()
    assert anybody.get(f"/lots/{market.lot}").json()["clarifications"] == []
    market.publish(notice, at)
    [line] = anybody.get(f"/lots/{market.lot}").json()["clarifications"]
    assert (line["notice"], line["content"], line["answers"]) == (notice, "补充图纸。", 0)


def opened(entry: dict[str, Any]) -> dict[str, Any]:
    """The names and values of an entry of the feed, each checked against the commitment in its leaf."""
    leaf = json.loads(entry["leaf"])
    found = {}
    for each in entry["openings"]:
        salted = base64.b64decode(each["salt"]) + canonical.dumps([each["name"], each["value"]])
        assert base64.b64encode(hashlib.sha256(salted).digest()).decode() == leaf["c"][each["slot"]]
        found[each["name"]] = each["value"]
    return found


def test_anyone_opens_the_commitments_of_a_bid_once_it_is_public_and_nobody_before(
    built: Town, bidder: Program
) -> None:
    market, anybody = built.market, Program()
    handed_in = bidder.post(f"/lots/{market.lot}/bid", SHEET)
    assert handed_in.status_code == 201, handed_in.content
    for other in map(built.program, market.bidders[1:3]):
        other.post(f"/lots/{market.lot}/taking")
        assert other.post(f"/lots/{market.lot}/bid", SHEET).status_code == 201
    before = anybody.get("/feed", {"after": 0, "limit": 100}).json()["entries"]
    assert not [each for each in before if each["openings"]]
    market.close()
    trading.open_bids(market.staff.checker, market.lot, market.now)
    built.catch_up()
    entries = anybody.get("/feed", {"after": before[-1]["number"], "limit": 100}).json()["entries"]
    bids = [each for each in entries if each["kind"] == "bid-submitted"]
    assert len(bids) == 3
    for bid in bids:
        found = opened(bid)
        assert found["kind"] == "bid-submitted"
        assert {name: found[name] for name in bid["facts"]} == bid["facts"]
    assert not [each for each in entries if each["kind"] == "bids-opened" and each["openings"]]
    assert len(public_feed(0, 1000)) >= len(entries)
