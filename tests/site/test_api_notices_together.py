"""/api/v1: one notice for several lots, drafted by a program, read by everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.site.api_world import Program, paper
from tests.trading.test_notices_together import announced, lots, stages
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.common.notices import api as notices
from yiwang.doors.website.services import note_notice
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import act, advance_rehearsal

__all__ = ["lots"]


@pytest.fixture
def town(db) -> Market:
    built = market()
    advance_rehearsal(built.now, SYSTEM_ACTOR)
    return built


def terms(town: Market, code: str, **change) -> dict:
    given = town.terms()
    return {
        "lot": code, "publish_at": iso(given.publish_at), "documents_from_at": iso(given.documents_from_at),
        "documents_until_on": given.documents_until_on.isoformat(), "deadline_at": iso(given.deadline_at),
        "opening_place": "第三开标室", "qualification": "施工总承包二级", "ceiling_fen": 600_000_000,
        "deposit_fen": 6_000_000, "validity_days": 90, "period_days": 180,
    } | change  # fmt: skip


def test_a_program_drafts_one_notice_for_several_lots_or_learns_every_reason_of_each(town, lots):
    program = Program(identity.make_key(town.agency, "招标工具", at=town.now).key)
    early = iso(town.terms().publish_at + timedelta(days=3))
    wrong = [terms(town, lots[0], deadline_at=early), terms(town, lots[1], deposit_fen=90_000_000)]
    refused = program.send("/tender-notices", {"lots": wrong})
    assert refused.status_code == 422
    assert {each["field"].split(".")[0] for each in refused.json()["findings"]} == set(lots[:2])
    token = program.post("/documents", {"file": paper()}).json()["token"]
    asked = {"lots": [terms(town, each, kept=[token]) for each in lots]}
    made = program.send("/tender-notices", asked, "together-1")
    assert made.status_code == 201, made.content
    assert (made.json()["lots"], made.json()["form"]) == (lots, "tender-notice")
    assert program.send("/tender-notices", asked, "together-1").json() == made.json(), "done once"
    code = made.json()["code"]
    listed = program.get(f"/me/lots/{lots[1]}/notices").json()["notices"]
    assert [(each["code"], each["lots"]) for each in listed] == [(code, lots)]
    town.publish(code, town.terms().publish_at)
    with act():
        note_notice(code, town.now)
    public = Program().get(f"/notices/{code}").json()
    assert public["lots"] == lots
    assert [each["values"]["lot_code"] for each in public["parts"]] == lots
    assert public["values"]["tenderee_name"]
    later = {"reason": "补充清单。", "publish_at": iso(town.now + timedelta(days=1)),
             "new_deadline_at": iso(trading.find_lot(lots[0]).deadline_at + timedelta(days=7))}  # fmt: skip
    put_off = program.send(f"/lots/{lots[0]}/postponements", {**later, "others": lots[1:]})
    assert (put_off.status_code, put_off.json()["lots"]) == (201, lots)
    assert notices.notice(put_off.json()["code"]).corrects == code


def test_a_program_hears_that_no_lot_is_ready_for_a_shared_publicity_or_result(town, lots):
    program = Program(identity.make_key(town.agency, "招标工具", at=town.now).key)
    publish_at = town.terms().publish_at
    shown = {"lots": lots, "publish_at": iso(publish_at), "until_on": "2026-03-10", "contact": "书面提交"}
    from_record = [(f"/{each}-notices", {"lots": lots}) for each in ("result", "failure", "contract")]
    for path, asked in (("/publicities", shown), *from_record):
        refused = program.send(path, asked)
        assert refused.status_code == 422
        said = {(each["field"], each["rule"]) for each in refused.json()["findings"]}
        assert {(each, "wrong-stage-now") for each in lots} <= said
    assert program.send("/result-notices", {"lots": ["NOBODYS", *lots]}).status_code == 404
    assert stages(lots) == ["registered"] * 3


def test_a_program_clarifies_lots_of_one_notice_together_and_tells_the_end_of_their_tenders_in_one(
    town, lots
):
    program = Program(identity.make_key(town.agency, "招标工具", at=town.now).key)
    announced(town, lots)
    text = {
        "content": "清单以附件为准。",
        "affects_bids": False,
        "publish_at": iso(town.now + timedelta(days=1)),
    }
    late = {**text, "new_deadline_at": iso(town.now)}
    refused = program.send(f"/lots/{lots[0]}/clarifications", {**late, "others": lots[1:]})
    assert refused.status_code == 422
    assert {each["field"].split(".")[0] for each in refused.json()["findings"]} == set(lots)
    made = program.send(f"/lots/{lots[0]}/clarifications", {**text, "others": lots[1:]}, "c-1")
    assert (made.status_code, made.json()["lots"]) == (201, lots)
    again = program.send(f"/lots/{lots[0]}/clarifications", {**text, "others": lots[1:]}, "c-1")
    assert again.json() == made.json(), "done once"
    town.lot = lots[0]
    town.close()
    over = program.send("/failure-notices", {"lots": lots})
    assert (over.status_code, over.json()["form"], over.json()["lots"]) == (201, "failed-tender", lots)
