"""List pages at 100,000 projects: public lists, the calendar and the API, and the lists of the hall.

The projects are copies of one real lot, straight in the tables; most are archived, as in a house of sixty years.
Wall-clock milliseconds in-process through Django's test client, the quickest of several, on SQLite and, where it can
be started, PostgreSQL. ``python -m bench.lists`` prints a table and gives 1 where a page takes longer than promised.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.servers import POSTGRES, SQLITE, database, run_inside

PROJECTS = 100_000
LIVE = 600  # a year of 1,700 projects has so many under way at once
LIMIT_MS = 50.0
ROUNDS = 7
BATCH = 2_000
SECONDS = 1_500.0
STAGES = ("registered", "bidding", "closed", "evaluating", "publicity", "awarded", "contracted")


def fill(scene: Any, count: int) -> None:
    """Copies the first lot of the scene ``count`` times, with its search entries and its dates."""
    from django.db import connection

    from yiwang.business.trading.models import Lot
    from yiwang.pure.kernel.codes import REGIONS

    first = Lot.objects.select_related("project").get(code=scene.lots[0].code)
    regions = sorted(REGIONS)
    for start in range(0, count, BATCH):
        numbers = range(start, min(count, start + BATCH))
        _write(first, numbers, count, regions, scene.now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _write(first: Any, numbers: range, count: int, regions: list[str], now: datetime) -> None:
    from django.db import transaction

    from yiwang.business.trading.models import Lot, Project
    from yiwang.doors.website import index
    from yiwang.doors.website.models import LOT, DatedMatter, SearchEntry, place_of

    projects, lots, entries, dates = [], [], [], []
    for number in numbers:
        code = f"C6205000001{number // 10_000 + 50:02d}{number % 10_000:04d}"
        at = now - timedelta(hours=5 * (count - number), seconds=1)
        live = count - number <= LIVE
        stage = STAGES[number % len(STAGES)] if live else "archived"
        region, title = regions[number % len(regions)], f"第{number}号道路改造工程"
        projects.append(
            Project(
                **{
                    **_plain(first.project),
                    "code": code,
                    "name": title,
                    "region": region,
                    "registered_at": at,
                }
            )
        )
        lots.append((code, Lot(**{**_plain(first), "code": f"{code}001001", "stage": stage, "stage_since_at": at,
                                  "deadline_at": at + timedelta(days=30), "tender_notice": ""})))  # fmt: skip
        entries.append(SearchEntry(id=place_of(at), kind=LOT, code=f"{code}001001", lot=f"{code}001001", project=code,
                                   category="works", region=region, stage=stage, title=f"{title}（施工）", tenderee="压测招标人",
                                   shown_at=at, deadline_at=at + timedelta(days=30), text=f"{title}\n{code}001001"))  # fmt: skip
        dates.append(DatedMatter(lot=f"{code}001001", kind="opening", project=code, title=title, region=region,
                                 at=at + timedelta(days=30), changed_at=at))  # fmt: skip
    with transaction.atomic():
        keys = {each.code: each.pk for each in Project.objects.bulk_create(projects)}
        for code, lot in lots:
            lot.project_id = keys[code]
        Lot.objects.bulk_create([lot for _, lot in lots])
        DatedMatter.objects.bulk_create(dates)
        for row in SearchEntry.objects.bulk_create(entries):
            index.put(row.pk, row.text, None)


def _plain(row: Any) -> dict[str, Any]:
    return {
        each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if each.name != "id"
    }


def milliseconds(ask: Callable[[], Any]) -> float:
    """The quickest of ROUNDS calls after one to warm up (others share the machine); AssertionError where the answer is no 200."""
    assert ask().status_code == 200
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1000)
    return round(min(spent), 1)


def measured(count: int) -> dict[str, float]:
    """The figures of the database that the environment names (it must be empty)."""
    from bench.tenders import prepare

    scene = prepare(1, 1)
    fill(scene, count)
    from django.http import HttpResponse
    from django.test import Client

    from yiwang.common.identity.models import Membership, Person
    from yiwang.doors.website.rendering import render

    figures: dict[str, float] = {}
    public = Client(SERVER_NAME="localhost")
    for name, path in PUBLIC.items():
        figures[f"public {name}"] = milliseconds(lambda path=path: public.get(path))
    for page in (
        "",
        "projects/",
        "calendar/",
        f"calendar/{scene.now:%Y-%m}/",
        "calendar/all.ics",
        "sitemap.xml",
    ):
        made = lambda page=page: HttpResponse(render(page, "zh-hans", scene.now))  # noqa: E731
        figures[f"file /{page}"] = milliseconds(made)
    for role in ("centre", "tenderee", "bidder", "supervisor"):
        member = Membership.objects.filter(role=role, until_at=None).select_related("person").first()
        clerk = Client(SERVER_NAME="localhost")
        clerk.force_login(Person.objects.get(pk=member.person_id))
        for name, path in HALL.items():
            figures[f"hall {role}: {name}"] = milliseconds(lambda path=path, clerk=clerk: clerk.get(path))
    return figures


PUBLIC = {
    "newest lots": "/search/?kind=lot",
    "one region": "/search/?kind=lot&region=620522",
    "region and stage": "/search/?kind=lot&region=620522&stage=bidding",
    "by deadline": "/search/?kind=lot&sort=deadline",
    "words": "/search/?q=%E9%81%93%E8%B7%AF",
    "a code": "/search/?q=C620500000155",
    "page 50": "/search/?kind=lot&page=50",
    "API lots": "/api/v1/lots?limit=20",
    "API lots of a region": "/api/v1/lots?limit=20&region=620522",
}
HALL = {
    "lots": "/hall/lots/",
    "lots, one stage": "/hall/lots/?stage=bidding",
    "lots, one region": "/hall/lots/?region=620522",
    "lots, words": "/hall/lots/?q=99999",
    "lots by name": "/hall/lots/?order=name",
    "lots by deadline": "/hall/lots/?order=-deadline",
    "lots, last page": "/hall/lots/?page=5000",
}


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where a page takes longer than LIMIT_MS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--database", choices=(SQLITE, POSTGRES), help="only this one")
    parser.add_argument("--projects", type=int, default=PROJECTS)
    options = parser.parse_args(arguments)
    if options.inside:
        print(json.dumps(measured(options.projects)))
        return 0
    missed = 0
    for which in [options.database] if options.database else (SQLITE, POSTGRES):
        given = ["--inside", "--projects", str(options.projects)]
        with database(which) as environment:
            figures = json.loads(run_inside("bench.lists", environment, given, SECONDS)[-1])
        print(
            f"{which}: list pages at {options.projects:,} projects, ms, the quickest of {ROUNDS} (at most {LIMIT_MS:g})"
        )
        for name, value in figures.items():
            print(f"  {name:36} {value:8.1f}{'   !' if value > LIMIT_MS else ''}", flush=True)
        missed += sum(value > LIMIT_MS for value in figures.values())
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
