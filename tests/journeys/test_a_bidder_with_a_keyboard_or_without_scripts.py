"""A bidder who has no mouse, and one whose browser runs no scripts, on a lot that takes bids."""

from __future__ import annotations

import pytest

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FOCUSED = """() => {
  const each = document.activeElement, style = getComputedStyle(each), box = each.getBoundingClientRect();
  return {
    act: each.matches('.primary-act .button'),
    visible: each.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inside: box.top >= 0 && box.bottom <= innerHeight,
  };
}"""


def test_the_primary_button_of_a_lot_is_reached_and_pressed_by_keyboard(city: City, enter: Enter) -> None:
    bidder = enter("bidder", 5)
    bidder.go(f"/hall/lots/{city.lot}/")
    for _ in range(40):
        bidder.page.keyboard.press("Tab")
        focused = bidder.page.evaluate(FOCUSED)
        if focused["act"]:
            break
    assert focused == {"act": True, "visible": True, "inside": True}
    with bidder.page.expect_navigation():
        bidder.page.keyboard.press("Enter")
    assert bidder.page.url.endswith(f"/hall/lots/{city.lot}/documents/")


def test_the_first_tab_leads_past_the_navigation_to_the_content(city: City, enter: Enter) -> None:
    bidder = enter("bidder", 5)
    bidder.go(f"/hall/lots/{city.lot}/")
    bidder.page.keyboard.press("Tab")
    assert bidder.page.evaluate("document.activeElement.className") == "skip"
    bidder.page.keyboard.press("Enter")
    assert bidder.page.evaluate("document.activeElement.id") == "main"


def test_a_bid_is_handed_in_without_scripts(city: City, enter: Enter) -> None:
    bidder = enter("bidder", 6, scripts=False)
    steps.bid(bidder, city.lot, "8500000")
    receipt = bidder.page.locator("article.paper-sheet")
    assert "投标文件.pdf" in receipt.inner_text()
    assert "8500000" not in receipt.inner_text().replace(",", "")
