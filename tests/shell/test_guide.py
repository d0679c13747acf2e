"""The style guide in a real browser: nothing that axe objects to, nothing wider than the screen, no error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@contextmanager
def opened(browser: Browser, url: str, size: str = "desktop", **options: object) -> Iterator[Page]:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(url)
    yield page
    assert wrong == []
    context.close()


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [
        ("zh", "light", "desktop"),
        ("en", "dark", "desktop"),
        ("zh", "dark", "phone"),
        ("en", "light", "phone"),
    ],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, guide_url, language, scheme, size) -> None:
    with opened(browser, f"{guide_url}/{language}.html", size, color_scheme=scheme) as page:
        for summary in page.locator("details.deadline-how summary").all():
            summary.click()
        results = Axe().run(page, options=WCAG)
        assert results.violations_count == 0, results.generate_report()[:3000]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", SIZES)
def test_the_elder_mode_is_larger_stays_and_passes_axe(browser, guide_url, size) -> None:
    with opened(browser, f"{guide_url}/zh.html", size) as page:
        before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        page.locator("details.look > summary").click()
        page.get_by_role("button", name="大字版").click()
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= before * 1.2
        page.reload()
        page.locator("details.look > summary").click()
        expect(page.get_by_role("button", name="大字版")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert Axe().run(page, options=WCAG).violations_count == 0


def test_the_theme_can_be_turned_against_the_system(browser, guide_url) -> None:
    with opened(browser, f"{guide_url}/en.html", color_scheme="light") as page:
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.locator("details.look > summary").click()
        page.get_by_role("button", name="Dark").click()
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_typed_text_comes_back_and_is_forgotten_on_request(browser, guide_url) -> None:
    with opened(browser, f"{guide_url}/zh.html") as page:
        page.evaluate("document.querySelector('form[data-autosave]').removeAttribute('data-bound')")
        page.get_by_label("标段名称").fill("藉河堤防")
        page.get_by_label("我已核对以上内容").check()
        page.route(
            "**/zh.html",
            lambda route: route.fulfill(
                body=route.fetch().text().replace(" data-bound", ""), content_type="text/html; charset=utf-8"
            ),
        )
        page.reload()
        expect(page.get_by_label("标段名称")).to_have_value("藉河堤防")
        expect(page.get_by_label("我已核对以上内容")).to_be_checked()
        page.get_by_role("button", name="清除").click()
        expect(page.get_by_label("标段名称")).to_have_value("")


def test_a_countdown_runs_by_the_servers_clock_and_says_it_quietly(browser, guide_url) -> None:
    with opened(browser, f"{guide_url}/en.html") as page:
        expect(page.locator(".until .deadline-left")).to_contain_text("4 h 59 min left")
        assert page.locator("[data-deadline][aria-live=off]").count() == 3
        assert page.locator("body > [aria-live=polite]").text_content() == ""


def test_an_error_in_the_summary_leads_to_its_field(browser, guide_url) -> None:
    with opened(browser, f"{guide_url}/en.html") as page:
        page.get_by_role("link", name="Name of the lot: This field is required.").click()
        assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "id_title"
        field = page.get_by_label("Name of the lot")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.locator(f"#{field.get_attribute('aria-describedby')}").text_content().strip()


def test_a_file_over_the_limit_is_named_before_it_is_sent(browser, guide_url) -> None:
    with opened(browser, f"{guide_url}/zh.html") as page:
        page.get_by_label("招标文件").set_input_files(
            {"name": "标书.pdf", "mimeType": "application/pdf", "buffer": b"x" * (1024 * 1024 + 1)}
        )
        expect(page.locator(".file-size")).to_contain_text("标书.pdf · 1.00 MB（超过 1 MB 上限）")


def test_tables_are_cards_on_a_phone_and_all_is_reached_by_keyboard(browser, guide_url) -> None:
    with opened(browser, f"{guide_url}/zh.html", "phone") as page:
        cell = page.locator("table.cards td").first
        assert cell.evaluate("each => getComputedStyle(each, '::before').content") == '"标段"'
        page.locator("body").evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") in ("skip", "")


MARKS = """([tag, text]) => {
  const mark = document.createElement("span");
  mark.textContent = text;
  if (tag) mark.lang = tag;
  mark.style.position = "absolute";
  document.querySelector("main").append(mark);
  return mark.getBoundingClientRect().width / (parseFloat(getComputedStyle(mark).fontSize) * text.length);
}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "other"), [("en", "zh-Hans"), ("zh", "en")])
def test_curly_quotes_are_narrow_in_english_and_wide_in_chinese(
    browser, guide_url, language, other, size
) -> None:
    with opened(browser, f"{guide_url}/{language}.html", size) as page:
        widths = {
            tag or language: page.evaluate(MARKS, [tag, "“”‘’" * 4]) for tag in ("", other)
        }  # in widths of a Chinese sign
        english = widths.pop("en")
        (chinese,) = widths.values()
        assert english < 0.5 < chinese
        assert page.evaluate(MARKS, ["", "甲" * 4]) == pytest.approx(1, abs=0.01), (
            "Chinese signs keep their width"
        )
