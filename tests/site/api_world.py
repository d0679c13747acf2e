"""A town with one open tender, its public site caught up, and programs with keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.trading.world import Market, announced
from yiwang.common.identity import api as identity
from yiwang.doors.website import api as website
from yiwang.doors.website.services import refresh_due
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.record.journal.api import Due, advance_rehearsal, work
from yiwang.site.simulation.papers import pdf

V1 = "/api/v1"
SHEET = {
    "price_fen": 500_000_000,
    "period_days": 170,
    "deposit_fen": 6_000_000,
    "quality": "合格",
    "manager": "李雷",
    "manager_certificate": "甘262000000001",
}


def _nothing(due: Due, now: datetime) -> None:
    """No page is written: the interface reads the entries of lists and search, not the pages."""


# What the site's reader puts on the agenda; of it only the entries of lots are refreshed.
PAGES = {name: duty if duty is refresh_due else _nothing for name, duty in website.DUTIES.items()}


@dataclass
class Program:
    """A client of the interface; ``key`` "" sends none."""

    key: str = ""

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self.client = Client(headers=headers, enforce_csrf_checks=True)

    def get(self, path: str, asked: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.get(V1 + path, asked or {}, **more)

    def post(self, path: str, fields: dict[str, Any] | None = None, once: str = "") -> Any:
        headers = {"Idempotency-Key": once} if once else {}
        return self.client.post(V1 + path, fields or {}, headers=headers)

    def send(self, path: str, body: dict[str, Any], once: str = "") -> Any:
        """Posts JSON."""
        headers = {"Idempotency-Key": once} if once else {}
        return self.client.post(V1 + path, body, content_type="application/json", headers=headers)


@dataclass
class Town:
    """The market and the programs of its people."""

    market: Market

    def program(self, actor: Actor, name: str = "投标工具") -> Program:
        return Program(identity.make_key(actor, name, at=self.market.now).key)

    def until(self, at: datetime) -> None:
        """Lets everything happen until ``at`` and the public site catch up; the clock shows that instant."""
        if at > self.market.now:
            self.catch_up()
            self.market.work(at)
        advance_rehearsal(self.market.now, SYSTEM_ACTOR)
        self.catch_up()

    def catch_up(self) -> None:
        for _ in range(20):
            if not work([website.READER], PAGES, self.market.now).steps:
                return
        raise AssertionError("the public site did not catch up")


def town() -> Town:
    """One lot whose notice is published; the clock stands an hour after."""
    built = Town(announced())
    made = built.market
    built.until(made.now + timedelta(hours=1))
    return built


def paper(title: str = "投标文件") -> Any:
    return SimpleUploadedFile(f"{title}.pdf", pdf(title), content_type="application/pdf")
