"""One city for each language, founded once and copied; one browser for each story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import CHROMIUM, EXECUTABLE
from tests.journeys.city import City, found, running_city
from tests.journeys.visitor import LookedAt, Visitor

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


@dataclass(frozen=True)
class Look:
    """How the people of a story have their windows, where it does not say otherwise."""

    english: bool
    width: int


CHINESE_DESK, ENGLISH_PHONE = Look(english=False, width=1280), Look(english=True, width=390)
# A story in both languages, on a desktop and on a phone; every page that comes is looked at in both widths.
EVERY_LOOK = pytest.mark.parametrize(
    "look", [CHINESE_DESK, ENGLISH_PHONE], ids=["chinese-desktop", "english-phone"], indirect=True
)


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Look:
    return getattr(request, "param", CHINESE_DESK)


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], City]]:
    """The city of a name, served from its first visit on. Each has a clock of its own: a year holds one telling."""
    founded, running = tmp_path_factory.mktemp("founded"), {}
    with ExitStack() as servers:

        def named(name: str) -> City:
            if name not in running:
                if not any(founded.iterdir()):
                    found(founded)
                home = tmp_path_factory.getbasetemp() / f"city-{name}"
                shutil.copytree(founded, home)
                running[name] = servers.enter_context(running_city(home))
            return running[name]

        yield named


@pytest.fixture
def city(cities: Callable[[str], City], look: Look) -> City:
    return cities("english" if look.english else "chinese")


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> LookedAt:
    """One for all workers of a run: their folders lie beside each other."""
    own = tmp_path_factory.getbasetemp()
    return LookedAt((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "looked-at")


# By module, not by session: while Playwright runs, Django takes its thread for an asynchronous one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and os.environ.get("YIWANG_REQUIRE_ALL") != "1":
        pytest.skip("NO CHROMIUM: the journeys are not tested. Install Debian's chromium.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=EXECUTABLE, args=list(CALM))
        yield running
        running.close()


@pytest.fixture
def enter(city: City, browser: Browser, look: Look, looked_at: LookedAt) -> Iterator[Enter]:
    """Opens a browser window and enters the hall: ``enter("bidder", 2, english=True, width=390)``."""
    windows = []

    def entered(
        role: str,
        number: int = 0,
        *,
        english: bool = look.english,
        width: int = look.width,
        scripts: bool = True,
        mouse: bool = False,
    ) -> Visitor:
        window = browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            java_script_enabled=scripts,
            has_touch=width < 600,
        )
        window.set_default_timeout(45_000)
        windows.append(window)
        page = window.new_page()
        visitor = Visitor(
            page, city.address, looked_at, english=english, width=width, scripts=scripts, mouse=mouse
        )
        visitor.enter_as(city.people[role][number])
        return visitor

    yield entered
    for window in windows:
        window.close()
