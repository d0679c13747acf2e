"""The verbs of a tender as a state machine, for long: ``python -m bench.machine --examples 300 --steps 50``.

The machine of ``tests/trading/machine.py``: random actors, verbs and instants around limits; invariants after every act.
Prints what was tried and how often it was refused; stops at the first thing found, with its steps; exit status 1 then.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time

from bench.simulation import new_home, set_up
from bench.verdicts import Verdicts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--shrink", action="store_true", help="look for the shortest steps to what was found")
    options = parser.parse_args()
    home = new_home()
    try:
        set_up(home)
        return _run(options.examples, options.steps, options.shrink)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(examples: int, steps: int, shrink: bool) -> int:
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.trading.machine import MarketMachine, settle_market, testing_block

    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
    )
    begun, before = time.monotonic(), time.process_time()
    with testing_block():
        settle_market()
        try:
            run_state_machine_as_test(MarketMachine, settings=chosen)
        finally:
            for what, count in sorted(MarketMachine.met.items()):
                print(f"{what:<40}{count:>9,}")
            acts = sum(MarketMachine.met.values())
            print(
                f"{acts:,} verbs in {examples} tenders at most; {time.process_time() - before:,.0f} CPU-seconds,"
                f" {time.monotonic() - begun:,.0f} s"
            )
    Verdicts("machine").note(f"objections in {examples} tenders of at most {steps} steps", "0", "0", met=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
