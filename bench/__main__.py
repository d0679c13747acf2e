"""``python -m bench``: every bench in turn, each quickly; ``python -m bench NAME …`` one of them, with its own options.

``--full`` runs every bench as it runs alone: the figures of docs/measurements.md. The fuzzers run by themselves.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass

from bench.servers import ROOT, machine


@dataclass(frozen=True, slots=True)
class Bench:
    """What a bench measures, and the options that make it quick where all run."""

    words: str
    quick: tuple[str, ...] = ()


BENCHES = {
    "start": Bench("cold start and memory of the embedded server", ("--rounds", "2")),
    "pages": Bench("a published page: requests per CPU-second beside nginx"),
    "submissions": Bench("bids from many clients to one lot", ("--clients", "16", "--bids", "3")),
    "journal_bench": Bench("what recording costs a commit"),
    "api": Bench("CPU of a read, a bid and a feed page over /api/v1"),
    "papers": Bench("official papers: twelve Chinese pages as PDF, Word and Excel"),
    "search": Bench("search over so many notices: how quick, recall and precision", ("--notices", "20000")),
    "lists": Bench("list pages, public and of the hall, at so many projects", ("--projects", "10000")),
    "uploads": Bench("throughput of an upload beside the disk"),
    "simulation": Bench("troubled cities without a broken invariant", ("--seeds", "3")),
    "machine": Bench(
        "random actors, verbs and instants as a state machine", ("--examples", "5", "--steps", "20")
    ),
    "kills": Bench("kill -9 of the server while bids come in", ("--kills", "2")),
    "leaves_sm": Bench("national cryptography and sealed envelopes", ("--quick",)),
    "leaves_tlog": Bench("the transparency log", ("--quick",)),
}


def main(arguments: list[str]) -> int:
    """Runs the benches one after the other; 1 where one of them missed what the house promises, or broke."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:15}{each.words}" for name, each in BENCHES.items()),
    )
    parser.add_argument("name", nargs="?", choices=BENCHES, help="one bench; without it all")
    parser.add_argument("--full", action="store_true", help="all of them, as each runs alone")
    options, rest = parser.parse_known_args(arguments)
    missed = []
    begun = time.monotonic()
    for name in [options.name] if options.name else BENCHES:
        print(f"=== {name}: {BENCHES[name].words} ({machine()})", flush=True)
        quick = () if options.name or options.full else BENCHES[name].quick
        started = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *quick, *rest], cwd=ROOT).returncode:
            missed.append(name)
        print(f"--- {name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"{time.monotonic() - begun:.0f} s in all")
    if missed:
        print(f"missed or broken: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
