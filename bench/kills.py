"""kill -9 of the server while bids come in: ``python -m bench.kills --kills 100 --database sqlite``.

Round after round: a server is started, clients repeat what the last kill left unanswered, then hand in bids to a lot
of this round until every process of the server is killed at a random moment. After each kill the database is audited
(``bench.audit``). The clock then passes the deadline of the lot before, so that the next server closes it, under fire too.
``--level verb`` kills a forked process whose threads call the verb itself: the same audit, many more kills a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bench.servers import CURRENT, POSTGRES, SQLITE, database, machine, run_inside
from bench.verdicts import Verdicts

HTTP, VERB = "http", "verb"
PREPARING_SECONDS, SECONDS_A_KILL = 300, 60


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument(
        "--database", nargs="+", default=[SQLITE, POSTGRES], choices=[SQLITE, POSTGRES, CURRENT]
    )
    parser.add_argument("--level", default=HTTP, choices=[HTTP, VERB])
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    parser.add_argument(
        "--seeds", type=int, default=1, help="so many, each with all its kills, from --seed on"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a database")
    options = parser.parse_args(arguments)
    verdicts = None if options.json else Verdicts("kills")
    missed = 0
    for name in options.database:
        for seed, figures in _run(name, options.kills, options.level, options.seed, options.seeds):
            missed += len(figures["objections"])
            said = json.dumps(figures) if verdicts is None else _shown(name, options.level, seed, figures)
            print(said, flush=True)
            if verdicts is not None:
                what = f"{name}: lost or wrong after {options.kills} kills ({options.level}, seed {seed})"
                verdicts.most(what, len(figures["objections"]), 0, "", 0)
    return 1 if missed else 0


def _run(name: str, kills: int, level: str, first: int, seeds: int) -> list[tuple[int, dict[str, Any]]]:
    wanted = range(first, first + seeds)
    asked = [str(kills), level, *map(str, wanted)]
    with database(name) as environment:
        patience = PREPARING_SECONDS + kills * SECONDS_A_KILL * seeds
        said = run_inside("bench.killing", environment, asked, patience)
    return list(zip(wanted, map(json.loads, said[-seeds:]), strict=True))


def _shown(name: str, level: str, seed: int, figures: dict[str, Any]) -> str:
    counts = ", ".join(
        f"{value} {key.replace('_', ' ')}" for key, value in figures.items() if key != "objections"
    )
    lines = [
        f"kill -9, {level}, {name}, seed {seed} ({machine()}): {counts}; {len(figures['objections'])} objections"
    ]
    return "\n".join(lines + [f"  {each}" for each in figures["objections"][:20]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
