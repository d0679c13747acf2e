"""Every main form sent in wrong: 422, all reasons above it with ways to the fields, nothing typed is lost."""

from __future__ import annotations

import html
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.chromium import EXECUTABLE
from tests.hall import story
from tests.hall.test_browser import HOST, WCAG, answer
from tests.hall.world import City, Person, hidden, shown
from yiwang.business.trading import api as trading
from yiwang.record.journal.api import business_now

TYPED = '手工填写<b>"的内容"</b>'
LANGUAGES = ("", "/en")


def wrong_entries(city: City) -> list[tuple[Person, str, dict[str, object]]]:
    """Who sends what wrong to which form; where something can be typed freely it is TYPED."""
    opened, bidding = story.opened(city), story.announce(city)
    registered, now = story.register(city), business_now()
    bidder, host, centre = city.bidders[0], city.host, city.centre
    bidder.send(f"/hall/lots/{bidding}/documents/")
    objection = trading.object_to_documents(bidder.actor, bidding, "资格条件过高。", [], now)
    lot, preview = f"/hall/lots/{bidding}", {"stage": "preview"}
    project = {**story.project_fields(), "name": "", "funds": TYPED}
    terms = {
        **story.terms_fields(story.timetable()),
        "papers": "",
        "qualification": TYPED,
        "ceiling_fen": "十万",
    }
    sheet = {**story.SHEET, "price": "-1", "quality": TYPED}
    committee = {**story.committee_fields(4), "members-0-employer": TYPED, "members-1-kind": "nobody"}
    return [
        (host, "/hall/projects/new/", {**project, **preview}),
        (host, f"/hall/lots/{registered}/tender-notice/", {**terms, **preview}),
        (bidder, f"{lot}/bid/", {**sheet, **preview}),
        (bidder, f"{lot}/ask/", {"text": "", **preview}),
        (bidder, f"{lot}/object/", {"text": "", **preview}),
        (bidder, f"{lot}/complain/", {"text": TYPED, "request": "", "learnt_on": "昨天", "papers": "", **preview}),
        (host, f"{lot}/clarify/", {"content": TYPED, "affects_bids": "", "deadline_at": "昨天", **preview}),
        (host, f"{lot}/correct/", {"content": TYPED, "corrects": "", **preview}),
        (host, f"{lot}/postpone/", {"reason": TYPED, "deadline_at": shown(now), **preview}),
        (host, f"{lot}/terminate/", {"reason": "", **preview}),
        (host, f"/hall/objections/{objection.code}/answer/", {"text": TYPED, "amends": "", **preview}),
        (centre, f"/hall/lots/{opened}/committee/", {**committee, **preview}),
        (host, "/hall/messages/mail/", {"address": TYPED}),
        (host, "/hall/absence/", {"since_on": "2026-13-01", "until_on": "", "deputy": ""}),
        (host, "/hall/clock/", {"to": "昨天"}),
        (host, "/account/organisation/people/", {"person_name": TYPED}),
        (host, "/account/organisation/invitations/", {"name": TYPED}),
        (host, "/account/organisation/keys/", {"name": ""}),
        (bidder, "/account/credentials/new/qualification/", {"title": TYPED, "valid_until": "明年"}),
        (centre, "/account/experts/", {"name": TYPED, "years": "很多"}),
    ]  # fmt: skip


@pytest.fixture
def refused(city: City) -> dict[str, str]:
    """The page that answers each wrong entry, by its address in each language."""
    pages = {}
    for person, path, fields in wrong_entries(city):
        carried = hidden(person.get(path))
        for prefix in LANGUAGES:
            pages[prefix + path] = person.send(prefix + path, {**carried, **fields}, 422)
            if TYPED in fields.values():
                assert html.escape(TYPED) in pages[prefix + path], f"{prefix}{path} forgets what was typed"
    return pages


def wrong_with(page: Page, path: str) -> list[str]:
    """What a reader of the reasons stumbles over."""
    found = []
    if not page.evaluate("document.activeElement.matches('.findings.refusal[data-focus]')"):
        found.append("the reasons do not have the focus")
    links = page.locator(".findings.refusal a[href^='#']")
    if links.count() == 0:
        found.append("no reason leads to its field")
    for link in links.all():
        link.press("Enter")
        there = (
            "link => document.getElementById(link.hash.slice(1))?.contains(document.activeElement) ?? false"
        )
        if not link.evaluate(there):
            found.append(f"{link.get_attribute('href')} leads nowhere: {link.inner_text()}")
    said = page.locator(".findings.refusal li, .field .errors").all_inner_texts()
    if path.startswith("/en"):
        found += [
            f"Chinese: {each}"
            for each in said
            if re.search("[\u4e00-\u9fff]", re.sub("《.*?》.*?条", "", each))
        ]
    else:
        found += [f"English: {each}" for each in said if re.search("[A-Za-z]{4,}", each)]
    results = Axe().run(page, options=WCAG)
    found += [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in results.response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    return [f"{path}: {each}" for each in found]


@pytest.mark.browser
def test_the_reasons_have_the_focus_lead_to_their_fields_and_shut_nobody_out(refused: dict[str, str]) -> None:
    pages, wrong = {path: page.encode() for path, page in refused.items()}, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        for width, height, prefix in ((1280, 900, ""), (390, 844, "/en")):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.route("**/*", lambda route: answer(route, pages))
            for path in pages:
                if path.startswith("/en") is bool(prefix):
                    page.goto(HOST + path)
                    wrong += wrong_with(page, path)
            page.close()
        browser.close()
    assert not wrong, "\n".join(wrong)
