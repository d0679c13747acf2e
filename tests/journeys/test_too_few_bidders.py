"""Only two bid: no opening, a notice of the failure, and the tender is held again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import EVERY_LOOK, Enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@EVERY_LOOK
def test_a_tender_with_two_bidders_fails_is_announced_as_failed_and_held_again(enter: Enter) -> None:
    host, second, centre = enter("tenderee", 4), enter("tenderee", 5), enter("centre", 0)
    lot, deadline = steps.announce(host, second, centre, "甘谷县农贸市场改造工程")
    for number in (7, 8):
        steps.bid(enter("bidder", number), lot, f"110000{number}0")
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    assert centre.stage(lot) == "failed"
    centre.sees("截止时投标人不足三个", "Fewer than three")
    centre.go(f"/hall/lots/{lot}/open/")
    expect(centre.page.locator('main form[method="post"]')).to_have_count(0)
    centre.sees("投标人只有 2 个，少于 3 个，不得开标", "There are 2 bidders, fewer than 3: no opening")
    centre.sees("第二十八条", "第二十八条")
    assert centre.stage(lot) == "failed"
    assert centre.page.locator("table.cards").count() == 0  # nobody saw a price

    host.go(f"/hall/lots/{lot}/")
    host.press("编制招标失败公告", "Draft the notice of the failed tender")
    host.follow("main form.ask .button")
    notice = host.code()
    steps.publish(second, centre, notice)
    host.awaits(f"/notices/{notice}/", notice)

    host.go(f"/hall/lots/{lot}/")
    host.press("重新招标", "Tender again")
    host.press("重新招标", "Tender again")
    host.sees("第2次招标", "Tender no. 2")
    host.sees(f"前次招标：{lot}", f"Tendered before: {lot}")
    assert host.code() != lot
    assert host.stage(host.code()) == "registered"
