"""/api/v1 for award by rank, refunds, what the committee asks and who is in charge: the verbs of the hall, by key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.site.api_world import Program, Town, paper
from tests.site.test_api_hosting import ok, rules
from tests.trading.sitting import to_sitting
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import iso, local_day
from yiwang.record.journal.api import advance_rehearsal

pytestmark = pytest.mark.django_db
PRICES = [500_000_000, 490_000_000, 510_000_000]
REASON = {"reason": "来函放弃中标。"}


def program(built: Market, actor: Actor) -> Program:
    """A program of somebody of the town, whose clock the interface shows."""
    advance_rehearsal(built.now, SYSTEM_ACTOR)
    return Town(built).program(actor)


def token(client: Program) -> str:
    return str(client.post("/documents", {"file": paper("证明")}).json()["token"])


def test_a_key_passes_a_candidate_over_with_proof_and_then_declares_that_nobody_wins():
    built = market()
    first, second, _ = built.to_award(PRICES)
    agency, stranger = program(built, built.agency), program(built, built.bidders[0])
    path = f"/lots/{built.lot}/passings"
    given = {"bidder": first, "ground": "gave-up", **REASON}
    assert rules(agency.send(path, given)) == {"passing-evidence-missing"}
    given |= {"kept": [token(agency)]}
    assert rules(agency.send(path, given | {"bidder": second})) == {"not-first-candidate"}
    assert rules(agency.send(f"/lots/{built.lot}/no-winner", REASON)) == {"nobody-passed"}
    assert rules(stranger.send(path, given), 403) == {"no-permission"}
    done = ok(agency.send(path, given, "p-1"))
    assert done["stage"] == "publicity-ended"
    assert ok(agency.send(path, given, "p-1")) == done, "done once"
    (line,) = trading.lot_page(trading.find_lot(built.lot)).passings
    assert (line.rank, line.after_letter) == (1, False)
    told = program(built, next(each for each in built.bidders if each.organisation == first))
    assert ok(told.get("/me/messages"))["messages"][0]["matter"] == "passed-over"
    assert ok(told.send("/me/messages/reading", {}))["read"] > 0
    assert ok(told.send("/me/messages/reading", {}))["read"] == 0
    assert ok(agency.send(f"/lots/{built.lot}/no-winner", REASON))["stage"] == "failed"


def test_a_key_asks_the_original_committee_about_a_candidate():
    built = market()
    first, *_ = built.to_award(PRICES)
    agency = program(built, built.agency)
    path = f"/lots/{built.lot}/reexaminations"
    given = {"bidder": first, "reason": "经营状况发生较大变化。", "kept": [token(agency)]}
    assert ok(agency.send(path, given))["stage"] == "publicity-ended"
    assert rules(agency.send(path, given)) == {"reexamination-open"}


def test_a_key_annuls_documents_and_gives_up_a_tender_that_failed_twice_only():
    built = market()
    built.register()
    built.announce()
    host = program(built, built.hosts[0])
    assert rules(program(built, built.agency).send(f"/lots/{built.lot}/annulment", REASON), 403) == {
        "no-permission"
    }
    forgoing = {"basis": "own-decision", **REASON}
    assert "wrong-stage" in rules(host.send(f"/lots/{built.lot}/forgoing", forgoing))
    assert host.send(f"/lots/{built.lot}/forgoing", {"basis": "whim", **REASON}).status_code == 422
    assert ok(host.send(f"/lots/{built.lot}/annulment", REASON))["stage"] == "failed"
    assert "not-second-failure" in rules(host.send(f"/lots/{built.lot}/forgoing", forgoing))


def test_a_key_reads_and_notes_refunds_and_says_who_is_in_charge():
    built = market()
    ranking = built.to_award(PRICES)
    trading.award(built.agency, built.lot, ranking[0], built.now)
    trading.sign_contract(built.agency, built.lot, "HT-1", PRICES[1], 0, local_day(built.now), built.now)
    built.work(built.now + timedelta(seconds=1))
    agency, bidder = program(built, built.agency), program(built, built.bidders[0])
    path = f"/me/lots/{built.lot}/refunds"
    due = ok(agency.get(path))["refunds"]
    assert (len(due), {each["done_on"] for each in due}) == (3, {None})
    own = ok(bidder.get(path))["refunds"]
    assert [each["creditor"] for each in own] == [built.bidders[0].organisation]
    paid = {"done_on": local_day(built.now).isoformat()}
    assert rules(bidder.send(f"/refunds/{own[0]['code']}/payment", paid), 403) == {"no-permission"}
    done = ok(agency.send(f"/refunds/{own[0]['code']}/payment", paid))
    assert (done["done_on"], done["warnings"], done["late"]) == (paid["done_on"], [], False)
    assert rules(agency.send(f"/refunds/{own[0]['code']}/payment", paid)) == {"refund-done"}
    person = built.agency.person
    assert ok(agency.send(f"/lots/{built.lot}/charge", {"person": person}))["person"] == person
    assert trading.person_in_charge(built.agency, trading.find_lot(built.lot)) == person
    assert rules(agency.send(f"/lots/{built.lot}/charge", {"person": built.hosts[0].person})) == {
        "no-colleague"
    }


def test_a_bidder_reads_and_answers_by_key_what_the_committee_asks():
    built = market()
    experts = to_sitting(built)
    mine, other = built.bidders[0], built.bidders[1]
    asked = trading.ask_bidder(
        experts[0], built.lot, mine.organisation, "arithmetic", "是否接受修正？", built.now
    )
    bidder, stranger = program(built, mine), program(built, other)
    (line,) = ok(bidder.get(f"/me/lots/{built.lot}/inquiries"))["inquiries"]
    assert (line["code"], line["text"], line["answered_at"]) == (asked.code, "是否接受修正？", None)
    assert ok(stranger.get(f"/me/lots/{built.lot}/inquiries"))["inquiries"] == []
    path = f"/inquiries/{asked.code}/answer"
    assert rules(stranger.send(path, {"text": "接受"})) == {"inquiry-not-yours"}
    assert rules(bidder.send(path, {"text": "接受"})) == {"acceptance-missing"}
    assert ok(bidder.send(path, {"text": "接受", "accepted": True}))["code"] == asked.code
    assert rules(bidder.send(path, {"text": "再答", "accepted": True})) == {"inquiry-answered"}
    longer = {"until_at": iso(built.now + timedelta(hours=3))}
    host, path = program(built, built.hosts[0]), f"/lots/{built.lot}/evaluation-time"
    assert rules(host.send(path, longer)) == {"W18-not-due"}
    for each in experts[:2]:
        trading.ask_time(each, built.lot, built.now)
    assert ok(host.send(path, longer))["stage"] == "evaluating"


def test_a_key_opens_all_lots_of_a_session_and_no_other_project():
    built = market()
    built.register()
    built.announce()
    built.bid(PRICES)
    built.close()
    project = built.lot[:17]
    agency = program(built, built.agency)
    assert agency.send("/projects/C6205000001269999/opening", {}).status_code == 404
    assert ok(agency.send(f"/projects/{project}/opening", {}))["lots"] == [built.lot]
    assert trading.find_lot(built.lot).stage == "opened"
    assert agency.send("/projects/C6205000001269999/archive", {}).status_code == 404
    assert program(built, built.bidders[0]).send(f"/projects/{project}/archive", {}).status_code == 403
    whole = agency.send(f"/projects/{project}/archive", {})
    assert b"".join(whole.streaming_content)[:2] == b"PK"


def test_a_key_notes_who_paid_the_deposits_and_the_signs_stay_with_the_committee():
    built = market()
    built.to_evaluating(PRICES)
    codes = [each.organisation for each in built.bidders]
    agency, bidder = program(built, built.agency), program(built, built.bidders[0])
    path = f"/lots/{built.lot}/deposit-payers"
    payers = [{"bidder": each, "payer": "天水鼎信劳务有限公司", "account": "62170000123"} for each in codes]
    assert rules(bidder.send(path, {"payers": payers}), 403) == {"no-permission"}
    assert rules(agency.send(path, {"payers": [payers[0] | {"account": "1"}]})) == {"payer-account"}
    for odd in ({"payer": "鼎信\x00公司"}, {"account": "6217\x0000123456"}):
        assert agency.send(path, {"payers": [payers[0] | odd]}).status_code == 422, odd
    done = ok(agency.send(path, {"payers": payers[:2]}, "d-1"))
    assert done["stage"] == "evaluating"
    assert "鼎信" not in str(done)
    assert ok(agency.send(path, {"payers": [payers[2] | {"account": "ǰ" * 9}]}))["stage"] == "evaluating"
    found = trading.sign_lines(built.staff.opener, trading.find_lot(built.lot))
    assert any("保证金" in each.what.zh for each in found)
