"""The calendar: what falls on which day, for whom, and the secret address for other programs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.test import Client

from tests.hall import story
from tests.hall.world import City, plain
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.doors.hall import calendars
from yiwang.doors.hall.models import CalendarAddress
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import local_day
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

    def days_of(actor, since, until):
        number = (until - since).days + 1
        return [calendars.Day(since + timedelta(days=each), (None,) * 30) for each in range(number)]

    monkeypatch.setattr(calendars, "days_of", days_of)
    listed = calendars.listed_days(None, first, first + timedelta(days=34))
    assert [each.on for each in listed] == [first + timedelta(days=each) for each in range(3)]
    monkeypatch.setattr(calendars, "MOST_LISTED", 29)
    assert [each.on for each in calendars.listed_days(None, first, first + timedelta(days=34))] == [first]
    monkeypatch.setattr(calendars, "MOST_LISTED", 10_000)
    assert len(calendars.listed_days(None, first, first + timedelta(days=34))) == 35


def test_a_day_that_no_calendar_reaches_shows_today(city: City) -> None:
    for day in ("9999-12-31", "0001-01-01", "2026-02-30"):
        page = city.host.get(f"/hall/calendar/?on={day}")
        assert f"{local_day(business_now())}" in page
