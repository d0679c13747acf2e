"""The calendar: what falls on which day, for whom, and the secret address for other programs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.test import Client

from tests.hall import story
from tests.hall.world import City, plain
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Objection
from yiwang.common.identity import api as identity
from yiwang.doors.hall import calendars
from yiwang.doors.hall.models import CalendarAddress
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import end_of, local_day, start_of
from yiwang.record.journal.api import business_now


def matters(actor: Actor, days: int = 120) -> dict[str, str]:
    """What is in the actor's calendar in the days around now, with the article behind it."""
    now = business_now()
    found = trading.events(actor, now - timedelta(days=days), now + timedelta(days=days))
    return {each.matter: each.clock.limit.id if each.clock else "" for each in found}


def test_a_running_tender_is_in_the_calendar_of_those_who_take_part(city: City) -> None:
    code = story.announce(city)
    bidder, now = city.bidders[0], business_now()
    assert matters(bidder.actor) == {}
    bidder.send(f"/hall/lots/{code}/documents/")
    assert matters(bidder.actor) == {"documents-end": "W01", "opening": "W03"}
    trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], now)
    assert matters(city.host.actor) == {"answer-due": "W08", "documents-end": "W01", "opening": "W03"}
    assert matters(city.centre.actor) == {"documents-end": "W01", "opening": "W03"}
    assert matters(city.stranger.actor) == {}
    assert "招标暂停" in plain(city.host.get("/hall/calendar/"))


def test_an_award_brings_contract_and_report_and_the_winner_sees_the_contract(city: City) -> None:
    story.awarded(city)
    winner, loser = city.bidders[1], city.bidders[0]
    assert {"contract-due": "W23", "report-due": "W24"}.items() <= matters(city.host.actor).items()
    assert matters(winner.actor)["contract-due"] == "W23"
    assert "contract-due" not in matters(loser.actor)
    assert "report-due" not in matters(winner.actor)


def test_pages_show_article_count_and_conflicts_in_every_view(city: City) -> None:
    first, second = story.announce(city), story.announce(city)
    on = local_day(trading.find_lot(first).deadline_at)
    for view in ("list", "week", "day"):
        page = city.host.get(f"/hall/calendar/?view={view}&on={on.isoformat()}")
        assert first in page
        assert "第二十四条" in plain(page)
        assert "如何计算" in page
    assert trading.find_lot(first).deadline_at != trading.find_lot(second).deadline_at
    trading.find_lot(second).__class__.objects.filter(code=second).update(
        deadline_at=trading.find_lot(first).deadline_at
    )
    assert "场地冲突" in plain(city.centre.get(f"/hall/calendar/?view=day&on={on.isoformat()}"))
    assert "这段时间没有安排" in plain(city.host.get("/hall/calendar/?on=2031-01-01&view=nonsense"))


def feed_path(city: City) -> str:
    page = city.host.send("/hall/calendar/address/", {}, 200)
    return urlsplit(re.search(r"http\S+\.ics", page)[0]).path


def test_the_secret_address_gives_a_calendar_until_it_is_revoked(city: City) -> None:
    code = story.announce(city)
    path = feed_path(city)
    assert path.split("/")[-1].removesuffix(".ics") not in str(CalendarAddress.objects.values_list())
    answer = Client().get(path)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    lines = answer.content.split(b"\r\n")
    assert all(len(each) <= 75 for each in lines)
    text = answer.content.decode().replace("\r\n ", "")
    assert f"UID:opening-{code}@" in text
    deadline_at = trading.find_lot(code).deadline_at
    assert f"DTSTART:{deadline_at:%Y%m%dT%H%M%SZ}" in text
    number = CalendarAddress.objects.get().pk
    city.stranger.send(f"/hall/calendar/address/{number}/")
    assert Client().get(path).status_code == 200  # only one's own can be revoked
    city.host.send(f"/hall/calendar/address/{number}/")
    assert Client().get(path).status_code == 404


def test_two_objections_to_one_lot_are_two_events_for_other_programs(city: City) -> None:
    code, now = story.announce(city), business_now()
    for bidder in city.bidders[:2]:
        bidder.send(f"/hall/lots/{code}/documents/")
        trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], now)
    text = Client().get(feed_path(city)).content.decode().replace("\r\n ", "")
    names = re.findall(r"^UID:(.*?)\r?$", text, re.M)
    assert len(names) == len(set(names))
    due = [each for each in names if each.startswith(f"answer-due-{code}-")]
    assert len(due) == 2
    assert {each.partition("@")[0].rpartition(f"{code}-")[2] for each in due} == {
        each.code for each in Objection.objects.all()
    }


def test_the_secret_address_dies_with_the_role_of_its_person_and_there_are_few(city: City) -> None:
    path = feed_path(city)
    feed_path(city)
    feed_path(city)
    assert "最多 3 个" in plain(city.host.send("/hall/calendar/address/", {}, 422))
    actor = city.host.actor
    identity.hand_over(actor, city.second_host.actor.person, at=business_now())
    identity.end_membership(
        SYSTEM_ACTOR, person=actor.person, organisation=actor.organisation, role="tenderee", at=business_now()
    )
    assert Client().get(path).status_code == 404


def test_a_list_ends_before_the_day_with_which_it_would_have_too_many_events(monkeypatch):
    first = date(2026, 3, 2)
    last = first + timedelta(days=34)
    events = [
        trading.Event("opening", f"C{number}", "", "", start_of(first + timedelta(days=day)), by_day=False)
        for day in range(35)
        for number in range(30)
    ]

    def until(actor, since, lasts, enough):
        within = [[each for each in events if since <= each.on <= end] for end in lasts]
        found = next((each for each in within if len(each) > enough), within[-1])
        return found, found[-1].on

    monkeypatch.setattr(trading, "events_until", until)
    listed = calendars.listed_days(SYSTEM_ACTOR, first, last)
    assert [each.on for each in listed] == [first + timedelta(days=each) for each in range(3)]
    monkeypatch.setattr(calendars, "MOST_LISTED", 29)
    assert [each.on for each in calendars.listed_days(SYSTEM_ACTOR, first, last)] == [first]
    monkeypatch.setattr(calendars, "MOST_LISTED", 10_000)
    assert len(calendars.listed_days(SYSTEM_ACTOR, first, last)) == 35


def test_what_is_read_step_by_step_is_what_is_read_at_once(city: City) -> None:
    story.awarded(city)
    code = story.announce(city)
    city.bidders[0].send(f"/hall/lots/{code}/documents/")
    trading.object_to_documents(city.bidders[0].actor, code, "资格条件过高。", [], business_now())
    first = local_day(business_now()) - timedelta(days=3)
    lasts = [first + timedelta(days=each) for each in (0, 1, 7, 60)]
    for person in (city.host, city.centre, city.bidders[1], city.stranger):
        at_once = trading.events(person.actor, start_of(first), end_of(lasts[-1]))
        within = [each for each in at_once if first <= each.on <= lasts[-1]]
        assert trading.events_until(person.actor, first, lasts, 1_000) == (within, lasts[-1])
        for enough in range(len(within)):
            found, ends = trading.events_until(person.actor, first, lasts, enough)
            assert found == [each for each in within if each.on <= ends]
            assert len(found) > enough
            assert all(sum(each.on <= last for each in within) <= enough for last in lasts if last < ends)
    assert {"opening", "answer-due", "contract-due"} <= {each.matter for each in trading.events(city.host.actor, start_of(first), end_of(lasts[-1]))}  # fmt: skip


def test_a_day_that_no_calendar_reaches_shows_today(city: City) -> None:
    for day in ("9999-12-31", "0001-01-01", "2026-02-30"):
        page = city.host.get(f"/hall/calendar/?on={day}")
        assert f"{local_day(business_now())}" in page
