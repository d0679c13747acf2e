"""/api/v1: a prequalification run by programs, from its notice to who may bid; who may see what when; every refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.identity.credentials import verified
from tests.site.api_world import SHEET, Program, paper
from tests.site.test_api_reads import problem_of, rules_of
from tests.trading.prequalifying import apply, applying, decide, terms
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import advance_rehearsal

pytestmark = pytest.mark.django_db


def program(town: Market, actor: Actor) -> Program:
    """A program of somebody of the town, whose clock the interface shows."""
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    return Program(identity.make_key(actor, "招标工具", at=town.now).key)


def stored(program: Program, title: str) -> str:
    return program.post("/documents", {"file": paper(title)}).json()["token"]


def notice_of(town: Market, **change: object) -> dict[str, object]:
    given = terms(town)
    return {
        "publish_at": iso(given.publish_at), "documents_from_at": iso(given.documents_from_at),
        "documents_until_on": given.documents_until_on.isoformat(), "deadline_at": iso(given.deadline_at),
        "qualification": given.qualification, "criteria": given.criteria, "consortium_allowed": True,
    } | change  # fmt: skip


def test_a_program_drafts_the_notice_of_a_prequalification_or_learns_every_reason_at_its_field():
    town = market()
    town.register()
    host = program(town, town.hosts[0])
    path = f"/lots/{town.lot}/prequalification-notice"
    early = iso(terms(town).deadline_at - timedelta(days=1))
    found = problem_of(host.send(path, notice_of(town, deadline_at=early, criteria=" ")), 422)["findings"]
    assert {(each["field"], each["rule"]) for each in found} == {
        ("deadline_at", "W02"),
        ("criteria", "prequalification-criteria-missing"),
        ("documents", "prequalification-documents-missing"),
    }
    assert all(each["source"] for each in found)
    forged = problem_of(host.send(path, notice_of(town, kept=["x"])), 422)["findings"]
    assert [(each["field"], each["rule"]) for each in forged] == [("kept", "api-token")]
    for wrong in ({"method": "best"}, {"most": 51}, {"deadline_at": "tomorrow"}, {"qualification": ""}):
        found = problem_of(host.send(path, notice_of(town, **wrong)), 422)["findings"]
        assert [each["field"] for each in found] == list(wrong)
    asked = notice_of(town, kept=[stored(host, "资格预审文件")])
    made = host.send(path, asked, "n-1")
    assert (made.status_code, made.json()["form"]) == (201, "prequalification-notice")
    assert host.send(path, asked, "n-1").json() == made.json(), "done once"
    assert rules_of(host.send(path, {**asked, "most": 1}, "n-1"), 422) == ["idempotency-key-reused"]
    assert rules_of(host.send(path, asked), 422) == ["wrong-stage-now"]
    stranger = program(town, town.bidders[0])
    assert rules_of(stranger.send(path, asked), 403) == ["no-permission"]


def test_programs_apply_replace_and_withdraw_and_nobody_else_sees_it_before_the_deadline():
    town = applying()
    bidder, host = program(town, town.bidders[0]), program(town, town.hosts[0])
    path, member = f"/lots/{town.lot}/application", town.bidders[4].organisation
    assert bidder.post(f"/lots/{town.lot}/taking").status_code == 200
    token = stored(bidder, "资格预审申请")
    wrong = {"kept": [token], "members": [{"code": town.bidders[0].organisation, "name": "本单位"}]}
    assert rules_of(bidder.send(path, wrong), 422) == ["member-twice"]
    assert rules_of(bidder.send(path, {"kept": []}), 422) == ["application-papers"]
    assert rules_of(bidder.send(path, {"kept": [token], "replace": True}), 422) == ["no-application-yet"]
    asked = {"kept": [token], "members": [{"code": member, "name": "第五建筑工程有限公司"}]}
    made = bidder.send(path, asked, "a-1")
    assert (made.status_code, made.json()["number"]) == (201, 1)
    assert bidder.send(path, asked, "a-1").json() == made.json(), "done once"
    assert rules_of(bidder.send(path, asked), 422) == ["already-applied"]
    second = bidder.send(path, {**asked, "replace": True}).json()
    assert second["number"] == 2
    (line,) = bidder.get(f"/me/lots/{town.lot}/applications").json()["applications"]
    assert (line["code"], line["leaf_hash"], line["told"]) == (
        second["application"],
        second["leaf_hash"],
        False,
    )
    assert line["members"] == asked["members"]
    other = program(town, town.bidders[1])
    for each in (host, other):
        assert each.get(f"/me/lots/{town.lot}/applications").json()["applications"] == []
    gone = bidder.post(f"{path}/withdrawal", {}, "w-1")
    assert gone.json()["lot"] == town.lot
    assert bidder.post(f"{path}/withdrawal", {}, "w-1").json() == gone.json(), "done once"
    assert rules_of(bidder.post(f"{path}/withdrawal"), 422) == ["no-application-yet"]
    assert rules_of(host.send(path, asked), 403) == ["no-permission"]
    town.work(town.deadline_at - timedelta(microseconds=1))
    advance_rehearsal(town.deadline_at, SYSTEM_ACTOR)
    found = problem_of(bidder.send(path, {"kept": [stored(bidder, "迟到的申请")]}), 422)["findings"]
    assert [each["rule"] for each in found] == ["late-application"]


def test_verified_records_of_the_organisation_go_along_with_an_application_and_with_a_bid():
    town = applying()
    mine, other = town.bidders[0], town.bidders[1]
    own = verified(mine, town.staff.checker, identity.QUALIFICATION, town.now)
    foreign = verified(other, town.staff.checker, identity.PERSONNEL, town.now)
    bidder, path = program(town, mine), f"/lots/{town.lot}/application"
    assert bidder.post(f"/lots/{town.lot}/taking").status_code == 200
    (found,) = problem_of(bidder.send(path, {"credentials": [foreign]}), 422)["findings"]
    assert (found["rule"], found["field"]) == ("credential-unknown", "credentials")
    assert bidder.send(path, {"credentials": [own]}).status_code == 201, "records are papers enough"
    (line,) = bidder.get(f"/me/lots/{town.lot}/applications").json()["applications"]
    frozen = [each.sha256 for each in identity.snapshot(mine, [own], at=town.now)]
    assert line["papers"] == frozen
    town.work(town.deadline_at + timedelta(minutes=1))
    members = trading.export_archive(SYSTEM_ACTOR, town.lot[:17], town.now).members
    receipts = [each.path for each in members if "申请递交回执" in each.words.zh]
    assert len(receipts) == 1, "the archive has the receipt of every application"


def test_where_no_state_funds_control_the_tenderee_decides_by_key_and_tells_everybody():
    town = applying(state_funded=False)
    codes = apply(town, (0, 1, 2, 3))
    town.close()
    host, bidder = program(town, town.hosts[0]), program(town, town.bidders[3])
    listed = host.get(f"/me/lots/{town.lot}/applications").json()["applications"]
    assert [each["code"] for each in listed] == codes
    path, result = "/applications/{}/decision", f"/lots/{town.lot}/applications/result"
    assert "applications-undecided" in rules_of(host.post(result), 422)
    assert rules_of(host.send(path.format("A-NOBODYS"), {"passes": True}), 404) == ["api-not-found"]
    silent = problem_of(host.send(path.format(codes[3]), {"passes": False}), 422)["findings"]
    assert [(each["field"], each["rule"]) for each in silent] == [("reason", "review-reason-missing")]
    beyond = problem_of(host.send(path.format(codes[0]), {"passes": True, "points": "100.01"}), 422)[
        "findings"
    ]
    assert [each["field"] for each in beyond] == ["points"]
    for place, code in enumerate(codes):
        said = {"passes": place < 3, "reason": "" if place < 3 else "近五年没有类似业绩。"}
        once = f"d-{place}"
        done = host.send(path.format(code), said, once)
        assert (done.status_code, done.json()["passes"]) == (200, place < 3)
        assert host.send(path.format(code), said, once).json() == done.json(), "done once"
    assert rules_of(host.send(path.format(codes[0]), {"passes": True}), 422) == ["application-decided"]
    assert rules_of(bidder.send(path.format(codes[3]), {"passes": True}), 403) == ["no-permission"]
    (mine,) = bidder.get(f"/me/lots/{town.lot}/applications").json()["applications"]
    assert (mine["passed"], mine["reasons"], mine["told"]) == (None, "", False), "not before it is told"
    assert rules_of(bidder.post(result), 403) == ["no-permission"]
    told = host.post(result, {}, "r-1")
    assert told.json()["stage"] == "prequalified"
    assert host.post(result, {}, "r-1").json() == told.json(), "done once"
    (mine,) = bidder.get(f"/me/lots/{town.lot}/applications").json()["applications"]
    assert (mine["passed"], mine["reasons"], mine["told"]) == (False, "近五年没有类似业绩。", True)


def test_where_a_committee_decides_no_program_does_and_only_who_passed_bids():
    town = applying()
    codes = apply(town, (0, 1, 2, 3))
    town.close()
    host = program(town, town.hosts[0])
    path = f"/applications/{codes[0]}/decision"
    assert rules_of(host.send(path, {"passes": True}), 422) == ["review-committee-missing"]
    decide(town, codes, (True, True, True, False))
    assert host.post(f"/lots/{town.lot}/applications/result").json()["stage"] == "prequalified"
    town.announce()
    passed, failed = program(town, town.bidders[0]), program(town, town.bidders[3])
    assert rules_of(failed.post(f"/lots/{town.lot}/taking"), 422) == ["not-prequalified"]
    assert rules_of(failed.post(f"/lots/{town.lot}/bid", SHEET), 422) == ["not-prequalified"]
    assert passed.post(f"/lots/{town.lot}/taking").status_code == 200
    assert passed.post(f"/lots/{town.lot}/bid", SHEET).status_code == 201
    shown = Program().get(f"/lots/{town.lot}").json()["prequalification"]
    assert (shown["criteria"], shown["most"]) == (terms(town).criteria, 0)
    assert trading.find_lot(town.lot).stage == "bidding"


def test_with_two_that_passed_the_program_hears_that_the_lot_failed():
    town = applying(state_funded=False)
    codes = apply(town, (0, 1, 2))
    town.close()
    host = program(town, town.hosts[0])
    for place, code in enumerate(codes):
        said = {"passes": place < 2, "reason": "" if place < 2 else "没有类似业绩。"}
        assert host.send(f"/applications/{code}/decision", said).status_code == 200
    assert host.post(f"/lots/{town.lot}/applications/result").json()["stage"] == "failed"
