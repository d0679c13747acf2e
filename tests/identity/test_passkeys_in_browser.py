"""A passkey in Chromium with a virtual authenticator: made on the page, then the whole login, on a phone's width."""

from __future__ import annotations

from datetime import datetime

import pyotp
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.chromium import EXECUTABLE
from tests.identity.people import PASSWORD, house
from tests.identity.test_in_browser import looked_at
from yiwang.record.journal.api import found, real_now

pytestmark = pytest.mark.browser

PLATFORM = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page) -> tuple:
    """A device with a built-in authenticator whose owner always confirms."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM})
    return devtools, made["authenticatorId"]


def give_password(page: Page, address: str) -> None:
    page.goto(f"{address}/account/review/")
    page.get_by_label("登录名").fill("reviewer")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="下一步").click()


def test_a_reviewer_makes_a_passkey_and_logs_in_with_nothing_else(
    transactional_db: None, live_server, at: datetime
) -> None:
    found("rehearsal", at)
    house(at)
    address = live_server.url.replace("127.0.0.1", "localhost")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        devtools, authenticator = with_authenticator(page)
        give_password(page, address)
        secret = page.locator("code").inner_text()
        page.get_by_label("动态口令").fill(pyotp.TOTP(secret).at(real_now()))
        page.get_by_role("button", name="完成绑定并登录").click()
        expect(page.locator(".paper-codes li")).to_have_count(10)
        looked_at(page)
        page.get_by_role("link", name="我已保存，继续").click()

        page.goto(f"{address}/account/passkeys/")
        looked_at(page)
        page.get_by_label("名称").fill("我的手机")
        page.get_by_role("button", name="添加通行密钥").click()
        expect(page.locator(".message-success")).to_contain_text("已添加通行密钥")
        expect(page.locator("table")).to_contain_text("我的手机")
        looked_at(page)

        page.locator("summary").filter(has_text="交易中心").click()
        page.get_by_role("button", name="退出登录").click()
        page.goto(f"{address}/account/review/")
        page.get_by_role("button", name="使用通行密钥登录").click()
        expect(page).to_have_url(f"{address}/account/review/")

        page.locator("summary").filter(has_text="交易中心").click()
        page.get_by_role("button", name="退出登录").click()
        devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
        give_password(page, address)
        page.get_by_role("button", name="使用通行密钥登录").click()
        expect(page.locator("[data-passkey-note]")).to_contain_text("没有完成验证")
        looked_at(page)
        devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
        page.get_by_role("button", name="使用通行密钥登录").click()
        expect(page).to_have_url(f"{address}/account/review/")
        browser.close()
