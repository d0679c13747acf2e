"""In Chromium: the warning, going on, the end; a form sent too late comes back filled, one still open stays as it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Page, expect, sync_playwright

from tests.chromium import EXECUTABLE
from tests.identity.people import admitted, house
from tests.identity.test_in_browser import looked_at
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import found, real_now

pytestmark = pytest.mark.browser


def let_pass(seconds: int) -> None:
    """Every session was used so many seconds ago."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["identity.seen"] = iso(real_now() - timedelta(seconds=seconds))
        session.save()
    connection.close()


def address_of(organisation: str) -> str:
    """The address on the register, read in a thread of its own."""
    try:
        return identity.organisation(organisation).address
    finally:
        connection.close()


def enter(page: Page, address: str) -> None:
    page.goto(f"{address}/account/enter-as/?next=/account/organisation/")
    page.get_by_label("王秀英").first.click()


def test_nothing_typed_is_lost_when_the_session_ends(
    transactional_db: None, live_server, at: datetime, settings
) -> None:
    settings.SESSION_IDLE_SECONDS = 600
    found("rehearsal", at)
    made = house(at)
    boss = admitted(made, at)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        enter(page, live_server.url)
        expect(page.get_by_label("地址")).to_be_visible()

        with ThreadPoolExecutor(
            1
        ) as elsewhere:  # while Playwright runs, Django takes this thread for an asynchronous one
            page.get_by_label("地址").fill("解放路一百号")
            elsewhere.submit(let_pass, 500).result()
            page.evaluate("dispatchEvent(new Event('focus'))")
            expect(page.locator(".session-bar")).to_contain_text("登录即将超时")
            looked_at(page)
            page.get_by_role("button", name="继续办理").click()
            expect(page.locator(".session-bar")).to_be_hidden()

            elsewhere.submit(let_pass, 700).result()
            page.evaluate("dispatchEvent(new Event('focus'))")
            expect(page.locator(".session-bar")).to_contain_text("登录已超时")
            with page.expect_popup() as opened:
                page.get_by_role("link", name="重新登录（新窗口）").click()
            second = opened.value
            second.get_by_role("link", name="选择一个身份进入").click()
            second.get_by_label("王秀英").first.click()
            expect(second.get_by_role("heading", level=1)).to_contain_text("已重新登录")
            second.close()
            page.evaluate("dispatchEvent(new Event('focus'))")
            expect(page.locator(".session-bar")).to_be_hidden()
            expect(page.get_by_label("地址")).to_have_value("解放路一百号")

            page.evaluate("localStorage.clear()")  # even where the browser keeps no drafts
            elsewhere.submit(let_pass, 700).result()
            page.get_by_role("button", name="保存").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("登录")
            looked_at(page)
            page.get_by_role("link", name="选择一个身份进入").click()
            page.get_by_label("王秀英").first.click()
            expect(page.locator(".message-warning")).to_contain_text("您填写的内容已恢复")
            page.evaluate("localStorage.clear()")
            page.reload()
            expect(page.get_by_label("地址")).to_have_value("解放路一百号")
            page.get_by_role("button", name="保存").click()
            expect(page.locator(".message-success")).to_contain_text("已保存")
            address = elsewhere.submit(address_of, boss.organisation).result()
        assert address == "解放路一百号"
        browser.close()
