"""CPU of a request to /api/v1: a read, a bid handed in, a page of the feed with 100 entries.

In-process through Django's test client (so with its own cost, and without a server's), user and system time of this
process, median of all requests; on SQLite and, where it can be started, PostgreSQL.
``python -m bench.api`` prints a table and gives 1 where a figure is above its limit.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable

from bench.servers import POSTGRES, SQLITE, database, run_inside
from bench.verdicts import Verdicts

LIMITS_MS = {"read": 3.0, "create": 10.0, "feed": 4.0}
LOTS, BIDDERS = 40, 8
REQUESTS = 150
ASKED = "YIWANG_BENCH_REQUESTS"
SECONDS = 400.0
WORDS = {
    "read": "one notice with its canonical body",
    "create": "a bid handed in with a stored paper, by key",
    "feed": "a page of 100 entries of the feed",
}


def median_ms(request: Callable[[int], int], expected: int) -> float:
    """The median CPU milliseconds of all calls of ``request``; AssertionError where one answers otherwise."""
    for warm in range(3):
        assert request(-1 - warm) < 500
    spent = []
    for number in range(_requests()):
        begun = time.process_time()
        status = request(number)
        spent.append((time.process_time() - begun) * 1000)
        assert status == expected, status
    return round(statistics.median(spent), 2)


def _requests() -> int:
    return int(os.environ.get(ASKED, REQUESTS))


def measured() -> dict[str, float]:
    """The figures of the database that the environment names (it must be empty)."""
    from bench.tenders import prepare

    scene = prepare(LOTS, BIDDERS)
    from django.test import Client

    from yiwang.common.identity.api import make_key
    from yiwang.common.notices.api import latest_published

    keys = [make_key(each.actor, "bench", at=scene.now).key for each in scene.bidders]
    programs = [Client(headers={"Authorization": f"Bearer {key}"}, SERVER_NAME="localhost") for key in keys]
    tokens = [_token(each) for each in programs]
    public = Client(SERVER_NAME="localhost")
    notice = latest_published(1)[0].code

    def create(number: int) -> int:
        bidder, lot = number % BIDDERS, number // BIDDERS
        if number < 0:
            bidder, lot = 0, LOTS - 1
        sheet = {**_SHEET, "kept": [tokens[bidder]]}
        return programs[bidder].post(f"/api/v1/lots/{scene.lots[lot].code}/bid", sheet).status_code

    assert len(public.get("/api/v1/feed?after=0&limit=100").json()["entries"]) == 100
    return {
        "read": median_ms(lambda _: public.get(f"/api/v1/notices/{notice}").status_code, 200),
        "create": median_ms(create, 201),
        "feed": median_ms(lambda _: public.get("/api/v1/feed?after=0&limit=100").status_code, 200),
    }


_SHEET = {
    "price_fen": 900_000_000,
    "period_days": 100,
    "deposit_fen": 20_000_000,
    "quality": "合格",
    "manager": "李雷",
    "manager_certificate": "甘262000000001",
}


def _token(program: object) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from yiwang.site.simulation.papers import pdf

    paper = SimpleUploadedFile("投标文件.pdf", pdf("投标文件"), content_type="application/pdf")
    kept = program.post("/api/v1/documents", {"file": paper})  # type: ignore[attr-defined]
    assert kept.status_code == 201, kept.content
    return str(kept.json()["token"])


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--database", choices=(SQLITE, POSTGRES), help="only this one")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    options = parser.parse_args(arguments)
    if options.inside:
        print(json.dumps(measured()))
        return 0
    verdicts = Verdicts("api")
    for which in [options.database] if options.database else (SQLITE, POSTGRES):
        with database(which) as environment:
            environment = {**environment, ASKED: str(options.requests)}
            figures = json.loads(run_inside("bench.api", environment, ["--inside"], SECONDS)[-1])
        for name, limit in LIMITS_MS.items():
            verdicts.most(f"{which}: CPU of {WORDS[name]}", figures[name], limit, "ms")
    return verdicts.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
