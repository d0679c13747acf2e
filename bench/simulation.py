"""Troubled cities by the thousand: ``python -m bench.simulation --seeds 1000``.

Each seed is a small city of a few lots in a database of its own (a copy of an empty one, in memory where the machine
has /dev/shm), lived through with late workers, repeated requests, dying processes, entries shown twice and a clock that
jumps. The invariants of ``yiwang.site.simulation`` are checked after every act. Every tenth city has its public pages
written too, and every channel compared. Stops at nothing: what breaks is printed with its seed; exit status 1.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from bench.verdicts import Verdicts

PICK = 2
PAGES_EVERY = 10


def new_home() -> Path:
    """A folder of our own, in memory where there is such a place: a simulated power failure is not what is tried."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="yiwang-cities-", dir=place))


def set_up(home: Path) -> Path:
    """Django over an empty, migrated database; gives a copy of it to begin every city with."""
    os.environ |= {"YIWANG_HOME": str(home), "YIWANG_DATABASE": "", "YIWANG_LOG_LEVEL": "CRITICAL"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.site.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    connection.close()
    template = home / "empty.sqlite3"
    shutil.copy(home / "yiwang.sqlite3", template)
    return template


def _fresh(home: Path, template: Path) -> None:
    from django.db import connection

    connection.close()
    for each in home.glob("yiwang.sqlite3*"):
        each.unlink()
    shutil.copy(template, home / "yiwang.sqlite3")
    for folder in ("files", "documents", "public"):
        shutil.rmtree(home / folder, ignore_errors=True)


def live(seed: int, pick: int, pages: bool, met: Counter[str]) -> list[str]:
    """Lives through one city in the empty database; what was wrong. Counts into ``met``."""
    from django.conf import settings

    from yiwang.business.trading import api as trading
    from yiwang.record.journal.api import found
    from yiwang.site.readers import DUTIES, LAWFUL, READERS
    from yiwang.site.simulation.channels import channel_objections
    from yiwang.site.simulation.faults import Faults
    from yiwang.site.simulation.running import FOUNDED_AT, build

    found("rehearsal", FOUNDED_AT)
    readers, duties = (READERS, DUTIES) if pages else ((trading.READER,), LAWFUL)
    try:
        city = build(seed, readers, duties, pick=pick, faults=Faults())
    except Exception as error:
        return [f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-4)}"]
    met.update(city.faults)
    met.update({f"refused as the law says: {rule}": count for rule, count in city.refusals.items()})
    met.update({f"given up: {rule}": count for rule, count in city.given_up.items()})
    met.update(f"ended {trading.find_lot(code).stage}" for code in city.lots)
    met["lots"] += len(city.lots)
    met["acts"] += city.acts
    root = Path(settings.PUBLIC_ROOT)
    return [each for code in city.lots for each in channel_objections(code, root)] if pages else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--pick", type=int, default=PICK, help="lots a city")
    options = parser.parse_args()
    home, met, broken = new_home(), Counter[str](), 0
    try:
        template = set_up(home)
        begun, before = time.monotonic(), time.process_time()
        for number in range(options.seeds):
            seed = options.first + number
            _fresh(home, template)
            wrong = live(seed, options.pick, seed % PAGES_EVERY == 0, met)
            broken += bool(wrong)
            for each in wrong:
                print(f"seed {seed}: {each}", flush=True)
            if (number + 1) % 50 == 0:
                print(
                    f"{number + 1} cities, {broken} broken, {_spent(begun, before)}",
                    file=sys.stderr,
                    flush=True,
                )
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for what, count in sorted(met.items()):
        print(f"{what:<48}{count:>9,}")
    print(_spent(begun, before))
    verdicts = Verdicts("simulation")
    verdicts.most(f"of {options.seeds} troubled cities, those with a broken invariant", broken, 0, "", 0)
    return verdicts.status


def _spent(begun: float, before: float) -> str:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{time.process_time() - before:,.0f} CPU-seconds, {time.monotonic() - begun:,.0f} s, {memory:,.0f} MB,"
        f" load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
