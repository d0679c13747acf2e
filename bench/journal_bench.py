"""What recording costs a business commit, on SQLite and PostgreSQL: ``python -m bench.journal_bench``.

A business commit here inserts and updates a row of its own table; then the same with one record, and with ten.
Rounds of the three are interleaved and medians given, since the machine's speed drifts. Also: writers that queue
(16 and 64 threads), and how fast a reader follows. PostgreSQL runs with fsync, unlike in the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench.verdicts import Verdicts

ROUNDS = 15
COMMITS = 40  # a round
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="one JSON object a database")
    options = parser.parse_args(arguments)
    if options.inside:
        print(json.dumps(measured()))
        return 0
    verdicts = None if options.json else Verdicts("journal_bench")
    for name, environment in _databases():
        figures = _run(environment)
        if verdicts is None:
            print(json.dumps({name: figures}))
            continue
        for key, value in figures.items():
            verdicts.note(f"{name}: {key.replace('_', ' ')}", str(value))
    return 0


def _databases() -> Iterator[tuple[str, dict[str, str]]]:
    from tests.postgres import NoPostgres, postgres

    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as home:
        yield "SQLite", {"YIWANG_HOME": home, "YIWANG_DATABASE": ""}
        try:
            with postgres(durable=True) as address:
                yield "PostgreSQL", {"YIWANG_HOME": home, "YIWANG_DATABASE": address}
        except NoPostgres as error:
            print(f"PostgreSQL: not measured: {error}")


def _run(environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.journal_bench", "--inside"]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(command, env=os.environ | environment, cwd=root, check=True, capture_output=True)
    return dict(json.loads(done.stdout))


def measured() -> dict[str, Any]:
    """The figures of the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", "journal", verbosity=0, skip_checks=True)
    figures = _costs() | _queues()
    return figures | _readers()


def _commit(records: int, number: int) -> None:
    from yiwang.pure.kernel.actors import SYSTEM_ACTOR
    from yiwang.pure.kernel.refs import Ref
    from yiwang.record.journal import models
    from yiwang.record.journal.api import act, kind, record

    done = kind("bench-done", public="now", zh="测", en="Bench")
    with act():
        row = models.Once.objects.create(key=f"{records}-{number}", request="r" * 64, result="x" * 400)
        models.Once.objects.filter(pk=row.pk).update(result="y" * 400)
        for each in range(records):
            record(
                done,
                about=Ref("bench", "lot", f"L{(number + each) % 50}"),
                by=SYSTEM_ACTOR,
                at=AT,
                facts={"title": "秦州区道路改造工程施工", "price_fen": 123_456_700},
                documents=["a" * 64],
                private={"contact": "张三"},
            )


def _milliseconds(run: Callable[[], None]) -> float:
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def _costs() -> dict[str, Any]:
    times: dict[int, list[float]] = {0: [], 1: [], 10: []}
    for number in range(COMMITS):  # warm
        _commit(1, -1 - number)
    for turn in range(ROUNDS):
        for records, spent in times.items():
            numbers = range(turn * COMMITS, (turn + 1) * COMMITS)
            spent.append(_milliseconds(lambda n=numbers, r=records: [_commit(r, i) for i in n]) / COMMITS)
    plain, one, ten = (median(times[records]) for records in (0, 1, 10))
    return {
        "ms_a_business_commit": round(plain, 3),
        "ms_a_business_commit_with_one_record": round(one, 3),
        "cost_of_one_record_percent": round((one / plain - 1) * 100, 1),
        "ms_a_record_of_ten_in_one_commit": round((ten - plain) / 10, 3),
    }


def _queues() -> dict[str, Any]:
    from django.db import connection

    figures: dict[str, Any] = {}
    for threads in (16, 64):
        waits: list[float] = []
        guard = threading.Lock()

        def one(number: int, waits: list[float] = waits, guard: threading.Lock = guard) -> None:
            spent = _milliseconds(lambda: _commit(1, number))
            with guard:
                waits.append(spent)

        def some(thread: int, threads: int = threads) -> None:
            try:
                for number in range(10):
                    one(1_000_000 * threads + thread * 1000 + number)
            finally:
                connection.close()

        started = perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(some, range(threads)))
        spent = perf_counter() - started
        waits.sort()
        figures[f"commits_a_second_at_{threads}_threads"] = round(len(waits) / spent)
        figures[f"ms_p50_at_{threads}_threads"] = round(median(waits), 1)
        figures[f"ms_p99_at_{threads}_threads"] = round(waits[int(len(waits) * 0.99)], 1)
    return figures


def _readers() -> dict[str, Any]:
    from yiwang.record.journal.api import Reader, sequence, work

    started, placed = perf_counter(), 0
    while done := sequence():
        placed += done
    sequenced = perf_counter() - started
    seen: list[int] = []
    reader = Reader("bench", lambda entry: seen.append(entry.id))
    started = perf_counter()
    while not work([reader], {}, AT, limit=1000).idle:
        pass
    spent = perf_counter() - started
    figures = {"entries_a_second_through_a_reader": round(len(seen) / spent)}
    if placed:
        figures["entries_a_second_through_the_sequencer"] = round(placed / sequenced)
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
