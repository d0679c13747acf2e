"""A bidder on a slow line pauses an upload, loses the page, comes back, and goes on where it stood."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
MEGABYTE = 1 << 20


def test_an_upload_goes_on_after_a_pause_and_after_a_reload_and_is_handed_in_once(
    city: City, enter: Enter, tmp_path: Path
) -> None:
    paper = tmp_path / "施工组织设计.pdf"
    paper.write_bytes(b"%PDF-1.7\n" + os.urandom(20 * MEGABYTE) + b"\n%%EOF\n")
    bidder = enter("bidder", 4)
    steps.take_documents(bidder, city.lot)
    bidder.go(f"/hall/lots/{city.lot}/bid/")
    page = bidder.page
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 4 * MEGABYTE}
    line.send("Network.emulateNetworkConditions", slow)
    page.locator('[name="papers_technical"]').set_input_files(paper)
    said = page.locator(".upload-said")
    expect(said).to_contain_text(re.compile(r"^[1-9]\d?%"))
    page.get_by_role("button", name="暂停", exact=True).click()
    expect(said).to_contain_text("已暂停")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".upload-note")).to_contain_text("请重新选择同一文件继续")
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    with page.expect_request(lambda request: request.method == "PATCH") as resumed:
        page.locator('[name="papers_technical"]').set_input_files(paper)
    assert int(resumed.value.headers["upload-offset"]) > 0
    expect(page.locator('.upload[data-state="done"]')).to_contain_text("施工组织设计.pdf")
    steps.write_bid(bidder, "8600000")
    bidder.sees("技术文件：施工组织设计.pdf", "")
    bidder.press("确认递交", "Hand it in")
    bidder.sees("投标文件递交回执", "Receipt of a bid")
    receipt = page.locator("article.paper-sheet").inner_text()
    assert receipt.count("施工组织设计.pdf") == 1
    assert "其他文件：投标文件.pdf" in receipt


def test_a_file_that_is_refused_says_why_beside_it_and_what_was_typed_stays(city: City, enter: Enter) -> None:
    bidder = enter("bidder", 3)
    steps.take_documents(bidder, city.lot)
    bidder.go(f"/hall/lots/{city.lot}/bid/")
    bidder.fill(price="9000000")
    bidder.attach("papers_price", "清单.pdf", b"MZ this is a program" + bytes(200))
    refused = bidder.page.locator('.upload[data-state="refused"]')
    expect(refused).to_contain_text("文件类型")
    expect(refused.get_by_role("button", name="移除", exact=True)).to_be_visible()
    expect(refused.get_by_role("button", name="继续", exact=True)).to_be_hidden()
    assert bidder.value("price") == "9000000"
