"""The pages of identity in a real browser on a phone: axe finds nothing, nothing is wider than the screen."""

from __future__ import annotations

from datetime import datetime

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from tests.chromium import EXECUTABLE
from tests.identity.people import COMPANY, PASSWORD, house, registered
from yiwang.common.identity.api import submit_registration
from yiwang.record.journal.api import found, real_now

pytestmark = pytest.mark.browser

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def looked_at(page: Page) -> None:
    results = Axe().run(page, options=WCAG)
    assert results.violations_count == 0, results.generate_report()[:3000]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_reviewer_logs_in_on_a_phone_and_admits(transactional_db: None, live_server, at: datetime) -> None:
    found("rehearsal", at)
    made = house(at)
    submit_registration(registered(made, at), COMPANY, at=at)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{live_server.url}/account/register/")
        looked_at(page)
        page.goto(f"{live_server.url}/account/review/")
        looked_at(page)  # the login: a visitor is sent there and comes back
        page.get_by_label("登录名").fill("reviewer")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="下一步").click()
        secret = page.locator("code").inner_text()
        looked_at(page)
        page.get_by_label("动态口令").fill(pyotp.TOTP(secret).at(real_now()))
        page.get_by_role("button", name="完成绑定并登录").click()
        expect(page.locator(".paper-codes li")).to_have_count(10)
        looked_at(page)
        page.get_by_role("link", name="我已保存，继续").click()
        expect(page).to_have_url(f"{live_server.url}/account/review/")
        page.get_by_role("link", name="天水建投有限公司").click()
        looked_at(page)
        page.get_by_role("button", name="准予入库").click()
        expect(page.locator(".message-success")).to_contain_text("已准予入库")
        looked_at(page)
        browser.close()
