"""Somebody without a mouse (and somebody with one): a control is reached with Tab, seen to hold the focus, and worked with keys alone.

Nothing in ``Keyboard`` touches a control but by keys. How many times Tab is to be pressed is looked up in the page, which only
saves questions: where the browser disagrees, Tab is pressed until the control holds the focus or MOST_TABS are spent.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

MOST_TABS = 150
SKIP_FROM = 5  # so many stops before the content are worth the way over the skip link
_DATED = ("date", "datetime-local")

# What Tab stops at, in order; of the radio buttons of one name one; where we are and where the wanted one is.
_STOPS = """(wanted) => {
  const stops = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]')].filter((each) =>
      each.tabIndex >= 0 && !each.disabled && each.type !== 'hidden' && each.checkVisibility({visibilityProperty: true})
      && !each.closest('[inert]') && (each.tagName !== 'SUMMARY' || each.parentElement.tagName === 'DETAILS'));
  const first = new Map(), group = (each) => `${[...document.forms].indexOf(each.form)}:${each.name}`;
  for (const each of stops.filter((one) => one.type === 'radio'))
    if (!first.has(group(each)) || each.checked) first.set(group(each), each);
  const kept = stops.filter((each) => each.type !== 'radio' || first.get(group(each)) === each);
  const aim = wanted.type === 'radio' ? first.get(group(wanted)) : wanted;
  const here = kept.indexOf(document.activeElement), main = document.querySelector('main');
  return {
    here, there: kept.indexOf(aim), outside: !main.contains(document.activeElement) && main.contains(aim),
    before: kept.filter((each) => !main.contains(each)
      && each.compareDocumentPosition(main) & Node.DOCUMENT_POSITION_FOLLOWING).length,
  };
}"""
_HELD = """(wanted) => {
  const here = document.activeElement;
  return here === wanted || (wanted.type === 'radio' && here.type === 'radio'
    && here.name === wanted.name && here.form === wanted.form);
}"""
# Nothing where the focus can be seen: a ring of two pixels at least, inside the window, not behind anything.
_UNSEEN = """(each) => {
  const style = getComputedStyle(each), box = [...each.getClientRects()].find((one) => one.width && one.height);
  if (!each.matches(':focus-visible, [type^=date]:focus-within')) return 'has no visible focus';
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'has no ring';
  if (!box) return 'has no box';
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (left >= right || top >= bottom) return 'lies outside the window';
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return !over || over.contains(each) || each.contains(over) ? '' : `is hidden behind ${over.outerHTML.slice(0, 200)}`;
}"""


class Keyboard:
    """The keys of one window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # From the beginning: told only when the key is pressed, the browser may open a window of its own before.
        page.on("filechooser", lambda _: None)

    def reach(self, control: Locator) -> Any:
        """Goes to a control with Tab; fails where none leads there or where nobody sees that it holds the focus."""
        wanted = control.element_handle()
        ways = self.page.evaluate(_STOPS, wanted)
        assert ways["there"] >= 0, f"no stop for Tab: {self._named(control)}"
        if ways["outside"] and ways["here"] < 0 and ways["before"] >= SKIP_FROM:
            self._skip()
            ways = self.page.evaluate(_STOPS, wanted)
            ways["here"] = ways["before"] - 1 if ways["here"] < 0 else ways["here"]
        steps = ways["there"] - ways["here"]
        key = "Tab" if steps >= 0 else "Shift+Tab"
        if ways["here"] == ways["there"]:  # away and back: the window may have changed since
            self.page.keyboard.press("Shift+Tab")
            key = "Tab"
        for _ in range(abs(steps)):
            self.page.keyboard.press(key)
        self._seek(wanted, key, control)
        held = self.page.evaluate_handle("document.activeElement")
        unseen = self.page.evaluate(_UNSEEN, held)
        assert not unseen, f"{self._named(control)} {unseen}"
        return wanted

    def _skip(self) -> None:
        """Past the navigation, by the link that is there for it."""
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip"
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"

    def _seek(self, wanted: Any, key: str, control: Locator) -> None:
        for _ in range(MOST_TABS):
            if self.page.evaluate(_HELD, wanted):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"no Tab leads to {self._named(control)}")

    def _named(self, control: Locator) -> str:
        return str(control.evaluate("each => each.outerHTML.slice(0, 200)"))

    def fire(self, control: Locator) -> None:
        """Presses Enter on what was reached."""
        self.page.keyboard.press("Enter")

    def open(self, control: Locator) -> None:
        """Presses Enter on a link, a button or the summary of something folded."""
        self.reach(control)
        self.fire(control)

    def put(self, control: Locator, value: str) -> None:
        """Types ``value`` into a field in place of what stands there, or chooses it."""
        kind = control.evaluate("each => each.tagName === 'SELECT' ? 'select' : each.type")
        if kind == "select":
            self._choose(control, value)
        elif kind == "checkbox":
            self.reach(control)
            if control.is_checked() != (value not in ("", "no")):
                self.page.keyboard.press("Space")
        elif kind in _DATED:
            self._date(control, value)
        elif control.input_value() != value:
            self.reach(control)
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.press("Delete") if not value else self.page.keyboard.insert_text(value)
        assert kind == "checkbox" or control.input_value() == value, (value, self._named(control))

    def mark(self, control: Locator) -> None:
        """Chooses one radio button of its group with the arrows."""
        self.reach(control)
        # One choice alone is an element, not a list of them.
        group = "[...each.form.elements].filter(one => one.name === each.name)"
        here, there = (
            control.evaluate(f"each => {group}.indexOf(document.activeElement)"),
            control.evaluate(f"each => {group}.indexOf(each)"),
        )
        if here == there and not control.is_checked():
            self.page.keyboard.press("Space")
        for _ in range(abs(there - here)):
            self.page.keyboard.press("ArrowDown" if there > here else "ArrowUp")
        assert control.is_checked(), self._named(control)

    def attach(self, control: Locator, **file: Any) -> None:
        """Opens the window in which files are chosen, and chooses one."""
        self.reach(control)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)  # type: ignore[arg-type]

    def _choose(self, control: Locator, value: str) -> None:
        self.reach(control)
        find = (
            "(each, value) => [...each.options].findIndex((one) => one.value === value) - each.selectedIndex"
        )
        steps = control.evaluate(find, value)
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def _date(self, control: Locator, value: str) -> None:
        """Types a day or an instant (2026-03-03T09:00) part by part, in the order in which the browser shows them."""
        if control.input_value() == value:
            return
        self.reach(control)
        if not control.evaluate(
            "each => each.matches(':focus')"
        ):  # come from behind: on the button of the calendar
            self.page.keyboard.press("Shift+Tab")
        year, month, day, *clock = re.split(r"[-T:]", value)
        hour, minute = (int(clock[0]), clock[1]) if clock else (0, "")
        half = [f"{(hour - 1) % 12 + 1:02}", minute, "AM" if hour < 12 else "PM"] if clock else []
        for parts in ([month, day, year, *half], [year, month, day, *clock]):
            for _ in range(7):
                self.page.keyboard.press("ArrowLeft")
            for part in parts:
                self.page.keyboard.type(part)
                if part == year:  # a year may have six figures: the next part does not come by itself
                    self.page.keyboard.press("ArrowRight")
            if control.input_value() == value:
                return


class Mouse:
    """The hand of somebody who points: a page that needs keys would be as wrong as one that needs a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, control: Locator) -> None:
        """A click goes there by itself."""

    def fire(self, control: Locator) -> None:
        control.click()

    def put(self, control: Locator, value: str) -> None:
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)

    def mark(self, control: Locator) -> None:
        control.check()

    def attach(self, control: Locator, **file: Any) -> None:
        control.set_input_files(file)  # type: ignore[arg-type]
