"""Cold start and memory of the embedded server: ``python -m bench.start [--rounds 5]``.

Start: from the start of the process ``yiwang serve`` to the first 200 on /healthz (database, journal and worker are
up) and on a published page. CPU seconds are those of the whole process tree; they hardly depend on what else the machine
does, the wall time does. Memory: all processes of the tree after a hundred requests, from /proc/PID/smaps_rollup:
RSS counts pages that processes share twice, PSS once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.servers import SQLITE, START_SECONDS, NotServed, Server, database, machine, run_inside, serving
from bench.verdicts import Verdicts

MOST_SECONDS, MOST_MB = 3.0, 150.0
PAGES = ("/", "/en/", "/healthz")
REQUESTS = 100
INSIDE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Started:
    """One start: seconds until each answer, CPU seconds of the tree until then, megabytes of the tree."""

    healthy: float
    page: float
    cpu: float
    rss: float
    pss: float


def cpu_seconds(processes: Sequence[int]) -> float:
    """User and system time that the processes, and children they have buried, have used so far."""
    ticks = 0
    for each in processes:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes(processes: Sequence[int], field: str) -> float:
    """The sum of a field (Rss, Pss) of the processes, in units of 1 000 000 bytes."""
    found = 0
    for each in processes:
        lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        found += next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) * 1024
    return found / 1e6


def one_start() -> Started:
    """Starts the server over the database of the environment, uses it a little, and kills it."""
    server = Server()
    try:
        healthy = server.wait()
        while server.get("/")[0] != 200:
            time.sleep(0.02)
        page = time.monotonic() - server.started
        cpu = cpu_seconds(server.processes())
        for number in range(REQUESTS):
            server.get(PAGES[number % len(PAGES)])
        tree = server.processes()
        return Started(healthy, page, cpu, megabytes(tree, "Rss"), megabytes(tree, "Pss"))
    finally:
        server.kill()


def _publish() -> None:
    """Lets a server write the home page, which is then served from its file. Raises NotServed."""
    from django.conf import settings

    with serving() as server:
        while not (settings.PUBLIC_ROOT / "index.html").exists():
            if time.monotonic() > server.started + START_SECONDS:
                raise NotServed("the home page was never published")
            time.sleep(0.1)


def measured(rounds: int) -> dict[str, float]:
    """Medians of so many starts over a home whose pages are published already."""
    from bench.tenders import prepare

    prepare(1, 1)
    _publish()
    starts = [one_start() for _ in range(rounds)]
    fields = ("healthy", "page", "cpu", "rss", "pss")
    return {name: median(getattr(each, name) for each in starts) for name in fields}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        print(json.dumps(measured(options.rounds)))
        return 0
    with database(SQLITE) as environment:
        asked = ["--inside", "--rounds", str(options.rounds)]
        figures = json.loads(run_inside("bench.start", environment, asked, INSIDE_SECONDS)[-1])
    print(f"yiwang serve, median of {options.rounds} starts ({machine()})")
    verdicts = Verdicts("start")
    rows = (
        ("first 200 on /healthz", "healthy", "s", MOST_SECONDS),
        ("first 200 on a published page", "page", "s", MOST_SECONDS),
        ("CPU until then, whole tree", "cpu", "s", None),
        ("memory of the tree, RSS", "rss", "MB", MOST_MB),
        ("memory of the tree, PSS", "pss", "MB", MOST_MB),
    )
    for words, name, unit, most in rows:
        goal = "" if most is None else f"< {most:g} {unit}"
        verdicts.note(words, f"{figures[name]:.2f} {unit}", goal, most is None or figures[name] < most)
    return verdicts.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
