"""One server for the whole run, one browser for each story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.city import City, running_city
from tests.journeys.visitor import Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CALM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Enter = Callable[..., Visitor]


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("city")) as running:
        yield running


# By module, not by session: while Playwright runs, Django takes its thread for an asynchronous one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and os.environ.get("YIWANG_REQUIRE_ALL") != "1":
        pytest.skip("NO CHROMIUM: the journeys are not tested. Install Debian's chromium.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM or "chromium", args=list(CALM))
        yield running
        running.close()


@pytest.fixture
def enter(city: City, browser: Browser) -> Iterator[Enter]:
    """Opens a browser window and enters the hall: ``enter("bidder", 2, english=True, width=390)``."""
    windows = []

    def entered(
        role: str, number: int = 0, *, english: bool = False, width: int = 1280, scripts: bool = True
    ) -> Visitor:
        window = browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            java_script_enabled=scripts,
            has_touch=width < 600,
        )
        window.set_default_timeout(60_000)
        windows.append(window)
        visitor = Visitor(window.new_page(), city.address, english=english, width=width, scripts=scripts)
        visitor.enter_as(city.people[role][number])
        return visitor

    yield entered
    for window in windows:
        window.close()
