"""Programs complain by key; who is asked answers by key; nobody else learns that there is a complaint."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.site.api_world import Program, Town, paper, town
from tests.trading.test_complaints import made
from tests.trading.test_corrections import second_body
from tests.trading.world import ELSEWHERE
from yiwang.business.trading import api as trading
from yiwang.business.trading.services.mending import MENDED_BY, MOOT_BY
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day

NEW = "evaluate-new-committee"


@pytest.fixture
def built(db: None) -> Town:
    return town()


def said(built: Town) -> dict[str, object]:
    market = built.market
    return {
        "matter": "other",
        "respondent": market.hosts[0].organisation,
        "authority": market.supervisor.organisation,
        "learnt_on": local_day(market.now).isoformat(),
        "text": "招标人透露了底稿。",
        "request": "责令改正。",
    }


def test_a_complaint_is_made_once_and_read_by_its_parties_alone(built: Town) -> None:
    market = built.market
    bidder, host = built.program(market.bidders[0]), built.program(market.hosts[0])
    bidder.post(f"/lots/{market.lot}/taking")
    path = f"/lots/{market.lot}/complaints"
    assert bidder.get("/me/supervisors").json()["authorities"][0]["code"] == market.supervisor.organisation
    asked = {**said(built), "papers": [paper("证明")]}
    made = bidder.post(path, asked, once="c-1")
    assert made.status_code == 201, made.content
    assert made.json()["warnings"] == []
    assert bidder.post(path, {**said(built), "papers": [paper("证明")]}, once="c-1").json() == made.json()
    code = made.json()["code"]

    [line] = bidder.get(f"/me{path}").json()["complaints"]
    assert (line["code"], line["side"], line["clock"]["rule"]) == (code, "complainant", "W28-accept")
    assert host.get(f"/me{path}").json() == {"complaints": []}
    assert host.post(f"/complaints/{code}/answer", {"text": "没有。"}).status_code == 404

    body = market.supervisor
    trading.accept_complaint(body, code, market.now)
    trading.ask_respondent(body, code, "请说明。", None, market.now)
    [theirs] = host.get(f"/me{path}").json()["complaints"]
    assert theirs["side"] == "respondent"
    assert theirs["papers"] == []
    assert market.bidders[0].organisation not in json.dumps(theirs)
    given = host.post(f"/complaints/{code}/answer", {"text": "没有透露。"})
    assert given.status_code == 200, given.content
    assert built.program(market.bidders[1]).get(f"/me{path}").json() == {"complaints": []}
    assert "招标人透露" not in json.dumps(Program().get(f"/lots/{market.lot}").json(), ensure_ascii=False)

    assert host.post(f"/complaints/{code}/withdrawal").status_code == 422
    assert bidder.post(f"/complaints/{code}/withdrawal").status_code == 200
    [line] = bidder.get(f"/me{path}").json()["complaints"]
    assert line["stage"] == "withdrawn"


def test_a_tenderee_reads_what_a_decision_orders_and_states_once_how_it_was_carried_out(built: Town) -> None:
    market = built.market
    bidder, host = built.program(market.bidders[0]), built.program(market.hosts[0])
    bidder.post(f"/lots/{market.lot}/taking")
    asked = {**said(built), "papers": [paper("证明")]}
    code = bidder.post(f"/lots/{market.lot}/complaints", asked).json()["code"]
    assert host.post(f"/complaints/{code}/correction", {"text": "已改。"}).status_code == 404
    trading.accept_complaint(market.supervisor, code, market.now)
    trading.decide_complaint(market.supervisor, code, "upheld", "属实。", [], market.now, correction="other")
    [theirs] = host.get(f"/me/lots/{market.lot}/complaints").json()["complaints"]
    assert (theirs["correction"]["en"][:10], theirs["corrected_at"]) == ("correct it", None)
    assert bidder.post(f"/complaints/{code}/correction", {"text": "已改。"}).status_code == 403
    stated = host.post(f"/complaints/{code}/correction", {"text": "已改。"}, once="d-1")
    assert stated.status_code == 200, stated.content
    assert host.post(f"/complaints/{code}/correction", {"text": "已改。"}, once="d-1").json() == stated.json()
    again = host.post(f"/complaints/{code}/correction", {"text": "又改。"})
    assert [each["rule"] for each in again.json()["findings"]] == ["correction-done"]
    [line] = bidder.get(f"/me/lots/{market.lot}/complaints").json()["complaints"]
    assert (bool(line["corrected_at"]), line["corrected_how"]) == (True, "")


def test_only_the_tenderee_evaluates_again_and_not_before_there_is_a_report(built: Town) -> None:
    market = built.market
    bidder, host = built.program(market.bidders[0]), built.program(market.hosts[0])
    bidder.post(f"/lots/{market.lot}/taking")
    asked = {**said(built), "papers": [paper("证明")]}
    code = bidder.post(f"/lots/{market.lot}/complaints", asked).json()["code"]
    assert host.post(f"/complaints/{code}/evaluation").status_code == 404
    trading.accept_complaint(market.supervisor, code, market.now)
    trading.decide_complaint(
        market.supervisor, code, "upheld", "属实。", [], market.now, correction="evaluate-again"
    )
    assert bidder.post(f"/complaints/{code}/evaluation").status_code == 403
    refused = host.post(f"/complaints/{code}/evaluation")
    assert refused.status_code == 422
    assert [each["rule"] for each in refused.json()["findings"]] == ["wrong-stage"]

    prices = (480_000_000, 490_000_000, 500_000_000)
    market.bid(prices)
    built.until(market.deadline_at + timedelta(seconds=10))
    opener = market.staff.opener
    trading.open_bids(opener, market.lot, market.now)
    trading.enter_committee(opener, market.lot, market.committee(), market.now, ELSEWHERE)
    ranking = [each.organisation for each in market.bidders[:3]]
    for organisation, price in zip(ranking, prices, strict=True):
        trading.evaluate_bid(opener, market.lot, organisation, price, "", market.now)
    trading.receive_report(opener, market.lot, ranking, "", market.now)
    done = host.post(f"/complaints/{code}/evaluation", once="e-1")
    assert done.status_code == 200, done.content
    assert host.post(f"/complaints/{code}/evaluation", once="e-1").json() == done.json()
    assert (trading.find_lot(market.lot).stage, trading.find_lot(market.lot).round) == ("evaluating", 2)


def test_the_tenderee_alone_ends_a_tender_that_has_to_be_held_again(built: Town) -> None:
    market = built.market
    bidder, host = built.program(market.bidders[0]), built.program(market.hosts[0])
    bidder.post(f"/lots/{market.lot}/taking")
    asked = {**said(built), "papers": [paper("证明")]}
    code = bidder.post(f"/lots/{market.lot}/complaints", asked).json()["code"]
    assert host.post(f"/complaints/{code}/new-tender").status_code == 404
    trading.accept_complaint(market.supervisor, code, market.now)
    trading.decide_complaint(
        market.supervisor, code, "upheld", "属实。", [], market.now, correction="tender-again"
    )
    assert bidder.post(f"/complaints/{code}/new-tender").status_code == 403
    refused = host.post(f"/complaints/{code}/evaluation")
    assert {each["rule"] for each in refused.json()["findings"]} >= {"wrong-stage"}
    done = host.post(f"/complaints/{code}/new-tender", once="n-1")
    assert done.status_code == 200, done.content
    assert host.post(f"/complaints/{code}/new-tender", once="n-1").json() == done.json()
    assert trading.find_lot(market.lot).stage == "failed"


STEPS = {"termination": "terminate", "annulment": "annul-documents"}


def ordered(built: Town, *corrections: str) -> dict[str, str]:
    """Decisions of two bodies in turn that order each its own, in this order: complaint -> correction."""
    market, codes = built.market, {}
    bodies = [market.supervisor, second_body(market.now)]
    for number, correction in enumerate(corrections):
        body = bodies[number % 2]
        code = made(
            market,
            market.bidders[number],
            authority=body.organisation,
            matter="other",
            interest="潜在投标人。",
        )
        trading.accept_complaint(body, code, market.now)
        trading.decide_complaint(body, code, "upheld", "属实。", [], market.now, correction=correction)
        codes[code] = correction
    return codes


def orders(program: Program, lot: str) -> dict[str, dict[str, Any]]:
    return {each["complaint"]: each for each in program.get(f"/me/lots/{lot}/orders").json()["orders"]}


@pytest.mark.parametrize("ending", ["termination", "annulment", "new-tender"])
def test_a_program_reads_which_orders_an_ending_would_make_moot_and_they_become_it(
    built: Town, ending: str
) -> None:
    market = built.market
    host = built.program(market.hosts[0])
    codes = ordered(built, "tender-again", NEW, "other", "evaluate-again")
    first, step = next(iter(codes)), STEPS.get(ending, "annul-by-order")
    listed = orders(host, market.lot)
    assert {code: each["correction"] for code, each in listed.items()} == codes
    assert list(listed) == list(codes)
    moot = {code for code, each in listed.items() if step in each["moot_by"]}
    assert {codes[code] for code in moot} == {NEW, "evaluate-again"}
    done = {code for code, each in listed.items() if step in each["done_by"]}
    path = f"/complaints/{first}/{ending}" if ending == "new-tender" else f"/lots/{market.lot}/{ending}"
    ended = host.send(path, {"reason": "项目资金计划调整。"})
    assert ended.status_code == 200, ended.content
    after = {
        each["code"]: each for each in host.get(f"/me/lots/{market.lot}/complaints").json()["complaints"]
    }
    assert {code for code, each in after.items() if each["corrected_moot"]} == moot
    assert set(orders(host, market.lot)) == set(codes) - moot - done


def test_a_program_reads_why_what_is_ordered_cannot_be_done_yet(built: Town) -> None:
    market = built.market
    host = built.program(market.hosts[0])
    ordered(built, NEW, "evaluate-again", "tender-again", "amend-documents")
    for code, each in orders(host, market.lot).items():
        rules = [found["rule"] for found in each["refused"]]
        assert rules == (["wrong-stage"] if "evaluate" in each["correction"] else [])
        if rules:
            asked = host.post(f"/complaints/{code}/evaluation").json()["findings"]
            assert asked == each["refused"], "the refusal says the same"
    assert host.get(f"/me/lots/{market.lot}/orders").status_code == 200
    assert built.program(market.bidders[0]).get(f"/me/lots/{market.lot}/orders").status_code == 403


def test_the_steps_that_a_program_reads_of_are_steps_of_the_procedures() -> None:
    today = date(2026, 11, 27)
    steps = {
        step.id for name in ("works-open", "works-open-prequalified") for step in law.procedure(name, on=today).steps
    }  # fmt: skip
    assert {step for many in (MENDED_BY, MOOT_BY) for each in many.values() for step in each} <= steps


def test_all_that_a_complaint_lacks_is_said_at_once(built: Town) -> None:
    market = built.market
    stranger = built.program(market.bidders[1])
    wrong = {**said(built), "respondent": market.bidders[1].organisation, "learnt_on": "2099-01-01"}
    refused = stranger.post(f"/lots/{market.lot}/complaints", wrong)
    assert refused.status_code == 422
    assert {each["rule"] for each in refused.json()["findings"]} == {
        "complaint-interest-missing",
        "complaint-learnt-later",
        "complaint-proof-missing",
        "respondent-unknown",
    }
