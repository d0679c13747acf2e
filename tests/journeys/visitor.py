"""Somebody before a browser window, who looks closely at every page that comes."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.journeys.keyboard import Keyboard, Mouse

PATIENCE_SECONDS = 60
DESKTOP, PHONE, LEAST_HEIGHT = 1280, 390, 844
WCAG = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
# Asked in the width of who looks: each story is told on a desktop and on a phone. It takes longer than all other rules.
_COLOURS_LEFT_OUT = {"rules": {"color-contrast": {"enabled": False}}}
_THERE_ALREADY = "0"  # instead of the script: the page has it
# What a Chinese page says in Latin letters: names of formats, and the link to the other language.
NOT_ENGLISH = {"Excel", "JSON", "English", "RSS", "SHA", "ICP", "UTC", "PDF", "ZIP", "Word"}
# One code in ninety of the twelve characters that we draw has no digit.
_CODE = re.compile(r"\b\S*(?:\d\S*[A-Za-z]|[A-Za-z]\S*\d)\S*\b|\b[A-Z]{12}\b|[\w.-]+\.\w{3,4}\b")
# What people wrote is marked with its language: a bidder's name may be a heading or a legend.
_LABELS = (
    "main h2:not(.notice-title, [lang]), main dt:not([lang]), main th:not([lang]), main legend:not([lang]), "
    "main button, nav.side a, .progress-name"
)

# The words of the page itself, without what people wrote.
_OWN_WORDS = """all => all.map(each => {
  if (!each.querySelector('[lang]')) return each.innerText;
  const own = each.cloneNode(true);
  own.querySelectorAll('[lang]').forEach(theirs => theirs.remove());
  return own.textContent;
})"""
MOST_REASONS = 3
# The field itself has the focus, or (a group of choices) one of those in it.
_LEADS = """link => {
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1))), here = document.activeElement;
  return Boolean(field) && (field === here || field.contains(here));
}"""


class LookedAt:
    """The kinds of pages that axe has seen in this run, whichever of its workers went there: a file in ``folder`` each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def first(self, kind: tuple[object, ...]) -> bool:
        """Whether nobody asked about this kind of page before."""
        name = hashlib.sha256(repr(kind).encode()).hexdigest()
        try:
            (self._folder / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


class Visitor:
    """One window of a browser, and somebody before it: without ``mouse`` all is done with the keys of ``keyboard``.

    Every page that comes is read: no error of the server or of a script, nothing wider than the window, no word
    in the other language, and (once for each kind of page, stage and language, as wide as a desktop and as a phone;
    contrast in the own width) nothing axe objects to. A page that refuses puts the focus on its reasons, and they lead to the fields.
    """

    def __init__(
        self,
        page: Page,
        address: str,
        looked_at: LookedAt,
        *,
        english: bool,
        width: int,
        scripts: bool = True,
        mouse: bool = False,
    ) -> None:
        self.page, self.address, self._looked_at = page, address, looked_at
        self.english, self.width, self.scripts = english, width, scripts
        self.keys = Keyboard(page)
        self.hands: Keyboard | Mouse = Mouse(page) if mouse else self.keys
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def says(self, zh: str, en: str) -> str:
        """The words in the language of this window."""
        return en if self.english else zh

    def enter_as(self, seat: str) -> None:
        """Enters the hall as ``person:organisation:role``; how one comes in is no part of a story, so a click will do."""
        self.go("/account/enter-as/")
        with self.page.expect_navigation() as coming:
            self.page.locator(f'button[value="{seat}"]').click()
        self._arrived(coming.value, 200)

    def go(self, path: str, status: int = 200) -> None:
        """Opens the page at ``path`` in the language of this window."""
        self._arrived(self.page.goto(f"{self.address}{'/en' if self.english else ''}{path}"), status)

    def press(self, zh: str, en: str, status: int = 200) -> None:
        """Presses the button or link of these words and waits for the page that comes."""
        name = self.says(zh, en)
        main = self.page.locator("main")
        found = main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        )
        self._follow(found.first, status)

    def follow(self, selector: str, status: int = 200) -> None:
        """Presses the first button or link of this CSS selector: where the words say less than the place."""
        self._follow(self.page.locator(selector).first, status)

    def fill(self, **values: str) -> None:
        """Fills in fields by their name in the form; a choice is chosen by its value."""
        for name, value in values.items():
            field = self.page.locator(f'main [name="{name}"]:not([type="hidden"])')
            if field.first.evaluate("each => each.type") == "radio":
                self.hands.mark(self.page.locator(f'main [name="{name}"][value="{value}"]'))
            else:
                self.hands.put(field, value)

    def attach(self, name: str, file: str, content: bytes) -> None:
        field = self.page.locator(f'main [name="{name}"]')
        self.hands.attach(field, name=file, mimeType="application/pdf", buffer=content)

    def value(self, name: str) -> str:
        """What a field of the page holds."""
        return self.page.locator(f'main [name="{name}"]').first.input_value()

    def code(self) -> str:
        """The code that the address of the page ends with."""
        return self.page.url.partition("#")[0].rstrip("/").split("/")[-1]

    def sees(self, zh: str, en: str) -> None:
        expect(self.page.locator("main")).to_contain_text(self.says(zh, en))

    def sees_refusal(self, field: str, zh: str, en: str) -> None:
        """The page names the reason at the field and, with a link to it, above the form."""
        expect(self.page.locator(f"#id_{field}_error")).to_contain_text(self.says(zh, en))
        expect(self.page.locator(f'.findings.refusal a[href="#id_{field}"]').first).to_be_visible()

    def stage(self, lot: str) -> str:
        """The stage of a lot, from the class of its tag on its page."""
        self.go(f"/hall/lots/{lot}/")
        return self._stage_here()

    def awaits(self, path: str, text: str) -> None:
        """Opens ``path`` again and again until it says ``text``: the worker follows within a moment."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.page.goto(f"{self.address}{'/en' if self.english else ''}{path}")
            if text in self.page.locator("body").inner_text():
                return self._arrived(answer, 200)
            assert time.monotonic() < give_up, self.page.locator("body").inner_text()
            time.sleep(0.2)

    def _stage_here(self) -> str:
        tags: list[str] = self.page.locator("main .lot-line .tag").evaluate_all(
            "tags => tags.map(each => each.className)"
        )
        return next((each.partition("stage-")[2] for each in tags if "stage-" in each), "")

    def _follow(self, control: Locator, status: int = 200) -> None:
        try:
            control.wait_for()
        except TookTooLong:
            raise AssertionError(
                (str(control), self.page.url, self.page.locator("main").inner_text())
            ) from None
        self.hands.reach(control)  # over the skip link, which is a navigation of its own
        with self.page.expect_navigation() as coming:
            self.hands.fire(control)
        self._arrived(coming.value, status)

    def _arrived(self, response: Response | None, status: int) -> None:
        assert response is not None
        if self.scripts:  # a page that waits for the worker comes again by itself
            expect(self.page.locator("[data-reload]")).to_have_count(0, timeout=PATIENCE_SECONDS * 1000)
        text = self.page.locator("body").inner_text()
        assert response.status == status, (response.status, self.page.url, text[:3000])
        assert self.wrong == [], (self.page.url, self.wrong)
        assert self._too_wide() == [], self.page.url
        self._reads_one_language()
        if self.scripts and status == 422:
            self._is_led_to_what_is_wrong()
        if self.scripts:
            self._asks_axe()

    def _is_led_to_what_is_wrong(self) -> None:
        """The focus is on the reasons; each of those that name a field leads there when Enter is pressed on it."""
        assert self.page.evaluate("document.activeElement.matches('[data-focus]')"), self.page.url
        for link in self.page.locator(".findings.refusal a[href^='#']").all()[:MOST_REASONS]:
            self.keys.open(link)
            there = link.evaluate(_LEADS)
            assert there, (self.page.url, link.get_attribute("href"))

    def _too_wide(self) -> list[str]:
        """What makes the page wider than the window; nothing where the page fits."""
        found: list[str] = self.page.evaluate(
            """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
            [...document.querySelectorAll('body *')]
              .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
              .map(each => each.outerHTML.slice(0, 200))"""
        )
        return found

    def _reads_one_language(self) -> None:
        """No English word in a Chinese page; no Chinese label in an English one (what people wrote stays Chinese)."""
        if self.english:
            labels = self.page.locator(_LABELS).evaluate_all(_OWN_WORDS)
            chinese = [each for each in labels if re.search("[\u4e00-\u9fff]", each)]
            assert chinese == [], (self.page.url, chinese)
        else:
            text = _CODE.sub(" ", self.page.locator("body").inner_text())
            words = set(re.findall("[A-Za-z]{3,}", text)) - NOT_ENGLISH
            assert words == set(), (self.page.url, words)

    def _kind_here(self) -> str:
        """What kind of page it is besides its address: the stage of a lot, the form of a notice, where a project stands.

        The names of projects are left out: a second project at the same stage is no other kind of page.
        """
        stage = self._stage_here()
        if stage:
            return stage
        marks = self.page.locator("main .kicker, main .progress .is-now .progress-name").all_inner_texts()
        return "、".join(marks) or re.sub(r".*）", "…", self.page.title().partition(" · ")[0])

    def _asks_axe(self) -> None:
        shape = re.sub(r"[A-Z]+-[A-Z0-9-]+|[0-9A-Z]{12,}(-[0-9]{2})?|[0-9a-f]{64}|[?#].*", "…", self.page.url)
        refused = self.page.locator(".findings.refusal").count()
        if not self._looked_at.first((shape, self._kind_here(), refused, self.english)):
            return
        own = self.page.viewport_size
        other = PHONE if self.width == DESKTOP else DESKTOP
        self._finds_nothing(Axe(), other, WCAG | _COLOURS_LEFT_OUT)
        self._finds_nothing(Axe(_THERE_ALREADY), self.width, WCAG)
        if own:
            self.page.set_viewport_size(own)

    def _finds_nothing(self, axe: Axe, width: int, options: dict[str, Any]) -> None:
        # As high as the page: what may stand behind the bar at the thumb is a matter of where one has scrolled.
        self.page.set_viewport_size({"width": width, "height": LEAST_HEIGHT})
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": max(height, LEAST_HEIGHT)})
        assert self._too_wide() == [], (self.page.url, width)
        results = axe.run(self.page, options=options)
        assert results.violations_count == 0, (self.page.url, width, results.generate_report()[:4000])
