"""What a citizen reads of clarifications and objections: what happened and when, never who or how many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.trading.sitting import publicise, uphold
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.doors.website import places, services, standings
from yiwang.doors.website.models import NOTICE, Page, SearchEntry
from yiwang.doors.website.readers import react
from yiwang.doors.website.rendering import render
from yiwang.pure.kernel.days import local_day, on_day_at, shown
from yiwang.record.journal.api import Due, act, agenda, timeline, work


@pytest.fixture
def town(db) -> Market:
    made = market()
    made.register()
    made.announce()
    for bidder in made.bidders[:2]:
        trading.take_documents(bidder, made.lot, made.now)
    return made


def page(town: Market, language: str = "zh-hans") -> str:
    return render(places.project_page(town.lot[:17]), language, town.now).decode()


def test_the_project_page_shows_suspension_answer_and_new_deadline_without_names(town):
    page_without_objection = page(town)
    assert "<strong>招标暂停</strong>" not in page_without_objection
    code = trading.object_to_documents(town.bidders[0], town.lot, "资格条件过高。", [], town.now).code
    suspended = page(town)
    assert "<strong>招标暂停</strong>" in suspended
    assert "待答复" in suspended
    assert "not answered yet" in page(town, "en")
    assert suspended.count("data-deadline=") == page_without_objection.count("data-deadline=") + 1
    town.close()
    assert "等待新的投标截止时间" in page(town)
    trading.answer_objection(town.hosts[0], code, "不违反规定。", [], False, town.now)
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    moved_at = publish_at + timedelta(days=4)
    text = trading.NewClarification(
        content="重新确定投标截止时间。", affects_bids=False, publish_at=publish_at, new_deadline_at=moved_at
    )
    notice = trading.draft_clarification(town.agency, town.lot, text, town.now).code
    town.publish(notice, publish_at)
    after = page(town)
    assert "<strong>招标暂停</strong>" not in after
    assert shown(moved_at) in after
    assert f"notices/{notice}/" in after
    clarified = render(places.notice_page(notice), "zh-hans", town.now).decode()
    assert "重新确定投标截止时间" in clarified
    for text in (suspended, after, clarified):
        assert "资格条件过高" not in text
        assert not [each for each in town.bidders if each.organisation in text]


def test_a_publicity_that_an_upheld_objection_undid_is_marked_as_void_wherever_it_stands(db):
    made = market()
    made.to_report([500_000_000, 490_000_000, 510_000_000])
    publicise(made)
    lot = trading.find_lot(made.lot)
    void, kept = lot.publicity_notice, lot.tender_notice

    def notice(code: str, language: str = "zh-hans") -> str:
        return render(places.notice_page(code), language, made.now).decode()

    assert "已失效" not in page(made) + notice(void)
    for code in (void, kept):
        services.note_notice(code, made.now)
    uphold(made)
    assert page(made).count("已失效") == 1
    assert "本公示已失效" in notice(void)
    assert "This publicity is void" in notice(void, "en")
    assert "已失效" not in notice(kept)
    (undone,) = [each for each in timeline(lot.ref) if each.kind == "result-undone"]
    Page.objects.all().delete()
    react(undone)  # asks for a refresh of the project, the duty that follows:
    services.note_project(made.lot[:17], made.now)
    assert Page.objects.get(path=places.notice_page(void)).stale
    assert not Page.objects.filter(path=places.notice_page(kept)).exists()
    assert Page.objects.get(path=services.REFRESHING + made.lot[:17]).stale
    standing = dict(SearchEntry.objects.filter(kind=NOTICE).values_list("code", "standing"))
    assert standing == {void: "void", kept: ""}


def test_notices_from_before_their_standing_was_kept_get_it_run_by_run_and_only_once(db, monkeypatch):
    made = market()
    made.to_report([500_000_000, 490_000_000, 510_000_000])
    publicise(made)
    lot = trading.find_lot(made.lot)
    codes = [lot.tender_notice, lot.publicity_notice]
    for code in codes:
        services.note_notice(code, made.now)
    uphold(made)
    Page.objects.all().delete()
    monkeypatch.setattr(standings, "ENTRIES_A_RUN", 1)

    def told() -> list[str]:
        rows = dict(SearchEntry.objects.filter(kind=NOTICE).values_list("code", "standing"))
        return [rows[code] for code in codes]

    def waiting() -> list[Due]:
        return [each for each in agenda(services.PAGES) if each.duty == standings.STANDINGS_DUTY]

    def run() -> int:
        return work((), {standings.STANDINGS_DUTY: services.standings_due}, made.now, limit=1).dues

    assert told() == ["", ""], "entries as they were written before"
    with act():
        standings.plan_standings(made.now)
    assert run() == 1
    assert told() == ["", ""], "the first run saw the tender notice, which counts"
    assert not Page.objects.exists()
    (rest,) = waiting()  # what a worker that was stopped here goes on with
    assert rest.payload["after"] == str(SearchEntry.objects.get(code=codes[0]).pk)
    assert run() == 1
    assert told() == ["", "void"]
    assert Page.objects.get(path=places.notice_page(codes[1])).stale
    assert not Page.objects.filter(path=places.notice_page(codes[0])).exists()
    assert run() == 1, "the last one finds nothing more"
    with act():
        standings.plan_standings(made.now)  # the next start of the site
    assert waiting() == []
