"""``python -m bench``: every bench in turn; ``python -m bench NAME …`` one of them, with its own options.

The leaves (``make bench-leaves``) and the fuzzers run by themselves.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from bench.servers import ROOT

BENCHES = {
    "start": "cold start and memory of the embedded server",
    "pages": "a published page: requests per CPU-second beside nginx",
    "submissions": "bids from 16 and 64 clients to one lot",
    "journal_bench": "what recording costs a commit",
    "api": "CPU of a read, a bid and a feed page over /api/v1",
    "papers": "official papers: twelve Chinese pages as PDF, Word and Excel",
    "search": "search over 100,000 notices: how quick, recall and precision",
    "lists": "list pages, public and of the hall, at 100,000 projects",
    "uploads": "throughput of an upload beside the disk",
    "kills": "kill -9 of the server while bids come in",
}


def main(arguments: list[str]) -> int:
    """Runs the benches one after the other; 1 where one of them missed what the house promises, or broke."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:15}{words}" for name, words in BENCHES.items()),
    )
    parser.add_argument("name", nargs="?", choices=BENCHES, help="one bench; without it all")
    options, rest = parser.parse_known_args(arguments)
    missed = []
    for name in [options.name] if options.name else BENCHES:
        print(f"=== {name}: {BENCHES[name]}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *rest], cwd=ROOT).returncode:
            missed.append(name)
    if missed:
        print(f"missed or broken: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
