"""How a result came about, on the page of its project: for everybody, in both languages, on every width."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.chromium import EXECUTABLE
from tests.trading.world import Market, market
from tests.website.test_pages import _Quiet, no_page, static_files
from yiwang.business.trading import api as trading
from yiwang.doors.website import places
from yiwang.doors.website.folder import write_page
from yiwang.doors.website.rendering import render
from yiwang.record.files.shelves import shelf
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.front import front

PRICES = [500_000_000, 490_000_000, 510_000_000]
TITLE = {"zh-hans": "怎样得出这个结果", "en": "How this result came about"}


@pytest.fixture
def town(db) -> Market:
    """A lot before its award: one price adjusted, one bid rejected, one as it was read out."""
    town = market()
    town.to_evaluating(PRICES)
    opener, codes = town.staff.opener, [each.organisation for each in town.bidders]
    trading.evaluate_bid(opener, town.lot, codes[0], 488_000_000, "扣除重复计列的 <措施费>", town.now)
    trading.evaluate_bid(opener, town.lot, codes[1], PRICES[1], "", town.now)
    trading.reject_bid(opener, town.lot, codes[2], "not-qualified", "资质证书过期", town.now)
    trading.receive_report(opener, town.lot, codes[:2], "", town.now)
    town.to_report = lambda prices: codes[:2]  # the report is in: go on from there
    town.to_award(PRICES)
    return town


def award(town: Market) -> None:
    trading.award(town.hosts[0], town.lot, town.bidders[0].organisation, town.now)
    sequence()


def page(town: Market, language: str) -> str:
    return render(places.project_page(town.lot[:17]), language, town.now).decode()


def words(text: str) -> str:
    """What a reader reads of the section."""
    section = text.partition('<section class="calculation"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", section)))


def test_before_the_award_the_page_says_nothing_of_it_and_after_it_everything_in_both_languages(town):
    for language in places.LANGUAGES:
        assert TITLE[language] not in page(town, language)
    award(town)
    chinese, english = words(page(town, "zh-hans")), words(page(town, "en"))
    for said in (
        "怎样得出这个结果", "由公开记录重新计算，与定标结果一致。", "扣除重复计列的 <措施费>", "不符合规定的资格条件",
        "5,000,000.00 − 120,000.00 = 4,880,000.00 元", "第 1 名，评审价格 4,880,000.00 元",
    ):  # fmt: skip
        assert said in chinese
    for said in (
        "How this result came about", "it equals the award", "5,000,000.00 − 120,000.00 = CNY 4,880,000.00",
        "rejected, not ranked: the bidder is not qualified", "no. 1, evaluated price CNY 4,880,000.00",
    ):  # fmt: skip
        assert said in english
    assert "资质证书过期" not in page(town, "zh-hans"), "the committee's reason is for the bidder"
    assert page(town, "en") == page(town, "en")


def test_where_the_record_was_damaged_the_page_says_so_and_still_stands(town):
    award(town)
    (sha256,) = next(
        each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "bids-opened"
    ).documents
    shelf()._path(sha256).unlink()
    assert f"The document {sha256}" in words(page(town, "en"))
    assert "现在不能由公开记录重新计算" in words(page(town, "zh-hans"))


@pytest.fixture
def address(town: Market, tmp_path: Path) -> Iterator[str]:
    award(town)
    for language in places.LANGUAGES:
        write_page(
            tmp_path,
            places.file_name(places.project_page(town.lot[:17]), language),
            page(town, language).encode(),
        )
    app = front(tmp_path, static_files(), no_page)
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_opened_calculation_fits_every_width_and_shuts_nobody_out(town, address, width, tmp_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        visitor = browser.new_page(viewport={"width": width, "height": 900})
        for language in places.LANGUAGES:
            path = places.address(places.project_page(town.lot[:17]), language)
            visitor.goto(address + path)
            visitor.keyboard.press("Tab")
            visitor.locator(".calculation summary").focus()
            visitor.keyboard.press("Enter")
            assert visitor.locator(".calculation-lines").first.is_visible()
            found = Axe().run(visitor, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
            assert found.violations_count == 0, found.generate_report()
            assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
            visitor.locator(".calculation").screenshot(path=tmp_path / f"{language}-{width}.png")
        browser.close()
