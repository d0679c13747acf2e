"""The main pages in a real browser: nothing that axe objects to, nothing wider than the screen, no error."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Route, sync_playwright

from tests.chromium import EXECUTABLE
from tests.hall import story
from tests.hall.world import City, Person
from yiwang.business.trading import api as trading
from yiwang.record.journal.api import business_now

pytestmark = pytest.mark.browser

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
VIEWS = (("desktop", 1280, 900, ""), ("phone", 390, 844, "/en"))
PHONE = (
    "/hall/",
    "/tender-notice/",
    "/bid/",
    "/clock/",
    "/todos/",
    "/calendar/",
    "001/",
)  # the last: the page of a lot
HOST = "http://hall.invalid"


def rendered(city: City) -> dict[str, bytes]:
    """The main pages of each role at each stage, and in English those that phones see most, by address."""
    awarded, evaluating, bidding = story.awarded(city), story.evaluated(city), story.announce(city)
    story.bid(city, bidding, 0, "11000000")
    registered = story.register(city)
    drafted = story.draft(city, story.register(city))
    bidder = trading.opening_rows(trading.find_lot(evaluating))[0].bidder
    city.bidders[1].send(f"/hall/lots/{bidding}/documents/")
    wanted: list[tuple[Person, str]] = [
        (city.host, "/hall/"),
        (city.host, f"/hall/lots/{awarded}/"),
        (city.host, "/hall/projects/new/"),
        (city.host, f"/hall/lots/{registered}/tender-notice/"),
        (city.second_host, f"/hall/notices/{drafted}/confirm/"),
        (city.host, "/hall/clock/"),
        (city.host, "/hall/todos/"),
        (city.bidders[1], "/hall/calendar/"),
        (city.centre, f"/hall/lots/{evaluating}/evaluation/{bidder}/"),
        (city.centre, f"/hall/lots/{evaluating}/report/"),
        (city.bidders[0], f"/hall/lots/{bidding}/receipt/"),
        (city.bidders[1], f"/hall/lots/{bidding}/bid/"),
        (city.supervisor, "/hall/lots/"),
    ]
    pages = {path: person.get(path).encode() for person, path in wanted}
    on_phone = [(person, path) for person, path in wanted if path.endswith(PHONE)]
    return pages | {f"/en{path}": person.get(f"/en{path}").encode() for person, path in on_phone}


def answer(route: Route, pages: dict[str, bytes]) -> None:
    """Answers the browser from the rendered pages and the static files; everything else is missing."""
    path = urlsplit(route.request.url).path
    file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if path in pages:
        route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
    elif isinstance(file, str):
        route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(path)[0])
    else:
        route.fulfill(status=404)


def objections(browser: Browser, pages: dict[str, bytes], path: str, width: int, height: int) -> list[str]:
    """All that is wrong with a page at that size."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/*", lambda route: answer(route, pages))
    page.goto(HOST + path)
    found = Axe().run(page, options=WCAG)
    wrong += [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found.response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"wider than {width}")
    context.close()
    return [f"{path}: {each}" for each in wrong]


def objections_at_every_size(pages: dict[str, bytes]) -> list[str]:
    """All that is wrong with pages: the Chinese ones on a desktop, the English ones on a phone."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        for _, width, height, prefix in VIEWS:
            for path in (each for each in pages if each.startswith("/en") is bool(prefix)):
                wrong += objections(browser, pages, path, width, height)
        browser.close()
    return wrong


def test_axe_finds_nothing_on_the_main_pages_and_nothing_is_cut_off(city: City) -> None:
    assert objections_at_every_size(rendered(city)) == []


def test_axe_finds_nothing_on_the_pages_of_questions_clarifications_and_objections(city: City) -> None:
    code = story.announce(city)
    bidder, now = city.bidders[0], business_now()
    bidder.send(f"/hall/lots/{code}/documents/")
    trading.ask(bidder.actor, code, "第3页的桩长以哪张图为准？", [], now)
    objection = trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], now)
    wanted = [
        (bidder, f"/hall/lots/{code}/"),
        (bidder, f"/hall/lots/{code}/ask/"),
        (bidder, f"/hall/lots/{code}/object/"),
        (city.host, f"/hall/lots/{code}/clarify/"),
        (city.host, f"/hall/objections/{objection.code}/answer/"),
    ]
    pages = {
        f"{prefix}{path}": who.get(f"{prefix}{path}").encode()
        for who, path in wanted
        for prefix in ("", "/en")
    }
    assert objections_at_every_size(pages) == []
