"""Search over 100,000 notices: how quick, and whether it finds all that it should and nothing else.

The notices are invented and go straight into the tables of search; queries of one to ten characters, numbers,
quotes and operators are cut from them and compared with looking through every text. On SQLite and, where it can
be started, PostgreSQL. ``python -m bench.search`` prints a table and gives 1 where a promise is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.kept import filled, kept_database, settle
from bench.servers import POSTGRES, SQLITE, run_inside
from bench.verdicts import Verdicts

NOTICES = 100_000
NEWEST = 10
LIMITS_MS = {SQLITE: 5.0, POSTGRES: 50.0}
ROUNDS = 5
SECONDS = 900.0
OPERATORS = (
    "a AND b",
    '"',
    "工程 OR 道路",
    "NOT",
    "near/2",
    "(x*)",
    "工程*",
    "-工程",
    "公路:*",
    "' OR 1=1 --",
    "<->",
)


def queries_of(texts: list[str], rng: random.Random) -> list[str]:
    """Queries of every length cut from the texts, some that nothing fits, and what looks like an operator."""
    found = []
    for length in range(1, 11):
        for _ in range(4):
            text = rng.choice(texts)
            start = rng.randrange(max(1, len(text) - length))
            found.append(text[start : start + length])
    codes = [each.split("\n")[1] for each in rng.sample(texts, 4)]
    found += [*codes, *(each[-6:] for each in codes), "2026", "7", "000"]
    found += [f'"{rng.choice(texts)[:4]}"', "不存在的说法", "鑫", *OPERATORS]
    return found


def seconds_of(query: str) -> float:
    """How long the newest ten for a query take (the fastest of ROUNDS, with the objects made)."""
    from yiwang.doors.website.queries import Wanted, matching

    best = 1e9
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        list(matching(Wanted(query=query)).defer("text")[:NEWEST])
        best = min(best, time.perf_counter() - begun)
    return best


def measured(count: int, seed: int) -> dict[str, object]:
    """The figures of the database that the environment names (it must be empty)."""
    from bench.notices import fill
    from yiwang.doors.website.models import NOTICE, SearchEntry
    from yiwang.doors.website.queries import Wanted, matching
    from yiwang.pure.kernel.bigrams import normalised, phrases, runs

    filled({"notices": count, "seed": seed, "version": 1}, lambda: {"notices": len(fill(count, seed))})
    settle()
    texts = dict(SearchEntry.objects.filter(kind=NOTICE).order_by("id").values_list("code", "text"))
    listed = [(code, "\n".join(runs(text))) for code, text in texts.items()]
    wrong, times = [], {}
    rng = random.Random(seed + 1)
    for query in queries_of(list(texts.values()), rng):
        wanted = list(runs(query))
        expected = {code for code, text in listed if all(run in text for run in wanted)} if wanted else set()
        found = set(matching(Wanted(query=query)).values_list("code", flat=True))
        if found != expected:
            wrong.append([query, len(found & expected), len(found), len(expected)])
        times[query] = seconds_of(query) * 1000
        assert normalised(query) or not phrases(query)
    for name, seconds in _listings():
        times[name] = seconds * 1000
    slowest = max(times, key=lambda each: times[each])
    return {
        "queries": len(times),
        "wrong": wrong,
        "median_ms": round(statistics.median(times.values()), 2),
        "worst_ms": round(times[slowest], 2),
        "worst": slowest,
        "slowest": sorted(
            ([name, round(value, 2)] for name, value in times.items()), key=lambda each: -each[1]
        )[:5],
    }


def _listings() -> Iterator[tuple[str, float]]:
    """Filters without words, and words with filters: the newest ten of each."""
    from yiwang.doors.website.models import NOTICE
    from yiwang.doors.website.queries import Wanted, matching
    from yiwang.pure.kernel.days import local_day
    from yiwang.record.journal.api import real_now

    day = local_day(real_now()) - timedelta(days=900)
    asked = {
        "(newest)": Wanted(),
        "(region)": Wanted(region="620502"),
        "(form)": Wanted(kind=NOTICE, form="result-notice"),
        "(days)": Wanted(first_on=day, last_on=day + timedelta(days=30)),
        "(工程, region, form)": Wanted(query="工程", region="620522", form="tender-notice"),
    }
    for name, wanted in asked.items():
        best = 1e9
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            list(matching(wanted).defer("text")[:NEWEST])
            best = min(best, time.perf_counter() - begun)
        yield name, best


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where something was missed, found wrongly or came too late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--database", choices=(SQLITE, POSTGRES), help="only this one")
    parser.add_argument("--notices", type=int, default=NOTICES)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--keep", type=Path, help="a folder for the filled databases, used again by the next run"
    )
    options = parser.parse_args(arguments)
    if options.inside:
        print(json.dumps(measured(options.notices, options.seed)))
        return 0
    verdicts = Verdicts("search")
    for which in [options.database] if options.database else (SQLITE, POSTGRES):
        given = ["--inside", "--notices", str(options.notices), "--seed", str(options.seed)]
        with kept_database(which, options.keep and options.keep / "search") as environment:
            figures = json.loads(run_inside("bench.search", environment, given, SECONDS)[-1])
        told = f"{which}: {options.notices:,} notices, {figures['queries']} queries"
        verdicts.most(f"{told}: newest ten, median", figures["median_ms"], LIMITS_MS[which], "ms")
        verdicts.most(
            f"{told}: worst, {figures['worst']!r}"[:62], figures["worst_ms"], LIMITS_MS[which], "ms"
        )
        exact = not figures["wrong"]
        verdicts.note(
            f"{which}: recall and precision", "1.0" if exact else str(figures["wrong"])[:60], "1.0", exact
        )
        for name, value in figures["slowest"]:
            print(f"    {name!r:40} {value:8.2f} ms")
    return verdicts.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
