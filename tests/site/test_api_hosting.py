"""/api/v1 for the lot's side: a whole tender by two keys, refused with every finding, done once under a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.site.api_world import Program, Town, paper, town
from tests.trading.methods import FLOATING
from tests.trading.world import CONTACT, ELSEWHERE
from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.days import iso, local_day, on_day_at
from yiwang.record.journal.api import advance_rehearsal

PRICES = [500_000_000, 490_000_000, 510_000_000]


@pytest.fixture
def built(db) -> Town:
    return town()


@pytest.fixture
def programs(built: Town) -> tuple[Program, Program]:
    """The keys of the agency, which drafts, and of the tenderee, which confirms (D01)."""
    return built.program(built.market.agency), built.program(built.market.hosts[0])


def now(built: Town):
    """The clock of the programs stands where the market stands."""
    advance_rehearsal(built.market.now, SYSTEM_ACTOR)
    return built.market.now


def ok(response, status: int = 200) -> dict:
    assert response.status_code == status, response.content.decode()
    return response.json()


def rules(response, status: int = 422) -> set[str]:
    assert response.status_code == status, response.content.decode()
    return {each["rule"] for each in response.json()["findings"]}


def project(built: Town, **change) -> dict:
    return {
        "name": "清水县卫生院门诊楼工程",
        "tenderee": built.market.hosts[0].organisation,
        "agency": built.market.agency.organisation,
        "region": "620521",
        "funds": "财政预算资金",
        "approval": "天发改投〔2026〕9号",
        "state_funded": True,
        "lots": [{"name": "施工", "content": "新建门诊楼", "estimate_fen": 600_000_000, "period_days": 180}],
    } | change


def terms(built: Town, token: str, **change) -> dict:
    made = built.market.terms()
    fields = ("opening_place", "qualification", "ceiling_fen", "deposit_fen", "validity_days", "period_days")
    return {
        **{name: getattr(made, name) for name in fields},
        "publish_at": iso(made.publish_at),
        "documents_from_at": iso(made.documents_from_at),
        "documents_until_on": made.documents_until_on.isoformat(),
        "deadline_at": iso(made.deadline_at),
        "kept": [token],
    } | change


def publish(built: Town, confirming: Program, notice: str, publish_at) -> None:
    """Confirmed by the other key, checked by the centre, published by the worker."""
    ok(confirming.send(f"/notices/{notice}/confirmation", {"publish_at": iso(publish_at)}))
    trading.pass_notice(built.market.staff.checker, notice, built.market.now)
    built.market.work(publish_at + timedelta(minutes=1))
    now(built)


def test_a_whole_tender_goes_by_the_keys_of_two_people(built, programs):
    host, other = programs
    now(built)
    registered = ok(host.send("/projects", project(built), "p-1"), 201)
    assert ok(host.send("/projects", project(built), "p-1"), 201) == registered, "done once"
    (lot,) = registered["lots"]
    token = ok(host.post("/documents", {"file": paper("招标文件")}), 201)["token"]
    wanted = terms(built, token)
    notice = ok(host.send(f"/lots/{lot}/tender-notice", wanted), 201)
    publish_at = built.market.terms().publish_at
    confirmation = f"/notices/{notice['code']}/confirmation"
    assert rules(host.send(confirmation, {"publish_at": iso(publish_at)}), 403) == {"no-permission"}
    publish(built, other, notice["code"], publish_at)
    built.market.lot = lot
    new = {
        "content": "以图纸为准。",
        "affects_bids": False,
        "publish_at": iso(built.market.now + timedelta(days=1)),
    }
    clarified = ok(host.send(f"/lots/{lot}/clarifications", new), 201)
    assert ok(host.send(f"/notices/{clarified['code']}/taking-back", {}))["status"] == "dropped"
    built.market.bid(PRICES)
    built.market.close()
    now(built)
    assert ok(host.send(f"/lots/{lot}/opening", {}))["stage"] == "opened"
    centre = built.market.staff.opener
    trading.enter_committee(centre, lot, built.market.committee(), built.market.now, ELSEWHERE)
    for bidder, price in zip(built.market.bidders, PRICES, strict=False):
        trading.evaluate_bid(centre, lot, bidder.organisation, price, "", built.market.now)
    ranking = [built.market.bidders[number].organisation for number in (1, 0, 2)]
    trading.receive_report(centre, lot, ranking, "", built.market.now)
    publish_at = on_day_at(local_day(built.market.now) + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    asked = {"publish_at": iso(publish_at), "until_on": until_on.isoformat(), "contact": CONTACT}
    early = rules(host.send(f"/lots/{lot}/publicity", asked | {"until_on": publish_at.date().isoformat()}))
    assert early == {"W21"}
    publish(built, other, ok(host.send(f"/lots/{lot}/publicity", asked), 201)["code"], publish_at)
    built.market.work(on_day_at(until_on + timedelta(days=1), 10))
    now(built)
    assert rules(host.send(f"/lots/{lot}/award", {"bidder": ranking[1]})) == {"W22"}
    assert ok(host.send(f"/lots/{lot}/award", {"bidder": ranking[0]}, "a-1"))["stage"] == "awarded"
    assert ok(host.send(f"/lots/{lot}/award", {"bidder": ranking[0]}, "a-1"))["stage"] == "awarded"
    assert ok(host.send(f"/lots/{lot}/notices", {"form": "result-notice"}), 201)["form"] == "result-notice"
    contract = {
        "number": "HT-1",
        "amount_fen": PRICES[1],
        "signed_on": local_day(built.market.now).isoformat(),
    }
    assert ok(host.send(f"/lots/{lot}/contract", contract)) | {"at": ""} == {
        "lot": lot, "stage": "contracted", "at": "", "warnings": [],
    }  # fmt: skip
    assert ok(host.send(f"/lots/{lot}/written-report", {}))["warnings"] == []
    listed = ok(host.get(f"/me/lots/{lot}/notices"))["notices"]
    assert [each["form"] for each in listed] == [
        "tender-notice", "clarification", "candidates-publicity", "result-notice",
    ]  # fmt: skip


def test_what_is_wrong_is_said_at_once_with_its_article_and_others_lots_are_not_there(built, programs):
    agency, host = programs
    lot = built.market.lot
    now(built)
    strange = project(built, region="999999", tenderee=built.market.bidders[0].organisation)
    assert rules(host.send("/projects", strange)) == {
        "project-region-unknown", "tenderee-not-admitted", "not-your-project",
    }  # fmt: skip
    wanted = terms(built, "nobodys") | {"deadline_at": "2026-03-20 09:30", "validity_days": 0}
    assert {each["field"] for each in host.send(f"/lots/{lot}/tender-notice", wanted).json()["findings"]} == {
        "deadline_at", "validity_days",
    }  # fmt: skip
    assert rules(host.send(f"/lots/{lot}/tender-notice", terms(built, "nobodys"))) == {"api-token"}
    correction = {"original": "N-000000000000", "content": "更正。"}
    assert rules(agency.send(f"/lots/{lot}/corrections", correction)) == {"no-such-original"}
    assert rules(agency.send(f"/lots/{lot}/termination", {"reason": "资金调整。"}), 403) == {"no-permission"}
    assert ok(host.send(f"/lots/{lot}/termination", {"reason": "资金调整。"}, "t-1"))["stage"] == "terminated"
    again = host.send(f"/lots/{lot}/termination", {"reason": "别的原因。"}, "t-1")
    assert again.status_code == 422, "the same key for something else"
    assert rules(host.send(f"/lots/{lot}/retender", {})) == {"wrong-stage"}
    assert rules(host.send("/notices/N-000000000000/taking-back", {}), 404) == {"api-not-found"}
    winner = {"bidder": built.market.bidders[0].organisation}
    assert rules(host.send("/lots/NOBODYS/award", winner), 404) == {"api-not-found"}


METHOD = {
    "id": "comprehensive-floating", "price_full": "60", "above": "2", "below": "1", "down": ["0.01", "0.02", "0.03"],
    "tie": "技术得分高者优先；仍相同的，工期短者优先。",
    "criteria": [
        {"title": "施工组织设计", "part": "technical", "objective": False, "full": "25", "least": "10"},
        {"title": "项目管理机构", "part": "commercial", "objective": True, "full": 10},
        {"title": "企业业绩", "part": "commercial", "objective": True, "full": "5"},
    ],
}  # fmt: skip


def test_a_key_states_the_method_by_which_bids_are_scored_as_the_page_does(built, programs):
    host, _ = programs
    now(built)
    (lot,) = ok(host.send("/projects", project(built)), 201)["lots"]
    token = ok(host.post("/documents", {"file": paper("招标文件")}), 201)["token"]
    path = f"/lots/{lot}/tender-notice"
    unknown = host.send(path, terms(built, token, method={"id": "by-lot"}))
    assert [each["field"] for each in unknown.json()["findings"]] == ["id"]
    for name in ("deviation_decimals", "score_decimals"):
        five = host.send(path, terms(built, token, method={**METHOD, name: 5})).json()["findings"]
        assert [(each["field"], "less than or equal to 4" in str(each)) for each in five] == [(name, True)]
    by_lot = {**METHOD, "tie": "抽签确定。", "criteria": METHOD["criteria"][:1]}
    assert {"W32", "method-points"} & rules(host.send(path, terms(built, token, method=by_lot)))
    notice = ok(host.send(path, terms(built, token, method=METHOD)), 201)
    stored = trading.terms_from_json(trading.find_lot(lot).method)
    assert stored == replace(FLOATING, down=FLOATING.down[:3])
    assert "施工组织设计" in notices.plain_text(notices.notice(notice["code"]))


def test_a_program_reads_how_an_award_came_about_as_every_citizen_does(built):
    made = built.market
    anybody = Program()
    assert anybody.get(f"/lots/{made.lot}/calculation").status_code == 404
    ranking = made.to_award(PRICES)
    now(built)
    assert anybody.get(f"/lots/{made.lot}/calculation").status_code == 404, "not before the award"
    trading.award(made.agency, made.lot, ranking[0], made.now)
    now(built)
    said = ok(anybody.get(f"/lots/{made.lot}/calculation"))
    assert said["verdict"] == "equal"
    assert [each["bidder"] for each in said["order"]] == ranking
    assert said["order"][0]["value"] == str(PRICES[1])
    assert said["sections"][0]["lines"][0]["words"]["zh"]


def test_the_lots_side_reads_the_evaluation_report_by_key_once_it_was_handed_in_and_no_member_by_name(built):
    made = built.market
    made.to_evaluating(PRICES)
    agency, bidder = built.program(made.agency), built.program(made.bidders[0])
    path = f"/me/lots/{made.lot}/evaluation-report"
    now(built)
    assert agency.get(path).status_code == 404, "not before it was handed in"
    for each, price in zip(made.bidders, PRICES, strict=False):
        trading.evaluate_bid(made.staff.opener, made.lot, each.organisation, price, "", made.now)
    ranking = [made.bidders[number].organisation for number in (1, 0, 2)]
    trading.receive_report(made.staff.opener, made.lot, ranking, "", made.now)
    said = ok(agency.get(path))
    assert said["ranking"] == ranking
    assert [each["rank"] for each in said["bids"]] == [2, 1, 3]
    assert said["calculation"]["order"][0]["bidder"] == ranking[0]
    assert {each["how"] for each in said["members"]} == {"paper"}
    assert not [each for each in made.committee() if each.name in str(said)]
    assert bidder.get(path).status_code == 404
