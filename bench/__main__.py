"""``python -m bench``: every bench in turn, and what was promised beside what was measured.

``python -m bench NAME …`` runs one of them with its own options. ``--quick`` takes less of everything: whether all of
it runs, not how quick it is. ``--keep FOLDER`` keeps the filled databases of search and lists for the next run.
A bench that misses its goals or breaks stops no other. The fuzzers run by themselves.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.servers import ROOT, machine
from bench.verdicts import HEAD, REPORT, Line, read

GIVEN_UP = 30 * 60  # seconds after which a bench is ended


@dataclass(frozen=True, slots=True)
class Bench:
    """What a bench measures, its options where all run, and where all run quickly."""

    words: str
    usual: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    keeps: bool = False


BENCHES = {
    "start": Bench("cold start and memory of the embedded server", quick=("--rounds", "1")),
    "pages": Bench(
        "a published page: requests per CPU-second beside nginx", quick=("--rounds", "1", "--seconds", "1")
    ),
    "api": Bench("CPU of a read, a bid and a feed page over /api/v1", quick=("--requests", "30")),
    "search": Bench(
        "search over so many notices: how quick, recall and precision",
        quick=("--notices", "2000"),
        keeps=True,
    ),
    "lists": Bench(
        "list pages, public and of the hall, at so many projects",
        quick=("--projects", "1500", "--rounds", "1", "--database", "sqlite", "--only", "lots"),
        keeps=True,
    ),
    "uploads": Bench("throughput of an upload beside the disk", quick=("--rounds", "3", "--mb", "40")),
    "papers": Bench("official papers: twelve Chinese pages as PDF, Word and Excel"),
    "submissions": Bench("bids from many clients to one lot", quick=("--clients", "8", "--bids", "2")),
    "journal_bench": Bench("what recording costs a commit"),
    "simulation": Bench(
        "troubled cities without a broken invariant", usual=("--seeds", "50"), quick=("--seeds", "2")
    ),
    "machine": Bench(
        "random actors, verbs and instants as a state machine",
        usual=("--examples", "40"),
        quick=("--examples", "3", "--steps", "20"),
    ),
    "kills": Bench(
        "kill -9 of the server while bids come in", usual=("--kills", "10"), quick=("--kills", "1")
    ),
    "upload_kills": Bench(
        "kill -9 of the server while a document comes in", quick=("--kills", "1", "--mb", "8")
    ),
    "leaves_sm": Bench("national cryptography and sealed envelopes", quick=("--quick",)),
    "leaves_tlog": Bench("the transparency log", quick=("--quick",)),
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
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--keep", type=Path, help="a folder for filled databases")
    options, rest = parser.parse_known_args(arguments)
    if options.name:
        kept = ["--keep", str(options.keep)] if options.keep else []
        return subprocess.run(
            [sys.executable, "-m", f"bench.{options.name}", *kept, *rest], cwd=ROOT
        ).returncode
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        report = Path(folder) / "report"
        begun = time.monotonic()
        broken = [name for name in BENCHES if not _ran(name, report, options.quick, options.keep)]
        return summed_up(read(report), broken, time.monotonic() - begun)


def _ran(name: str, report: Path, quick: bool, keep: Path | None) -> bool:
    """Runs one bench to its end; false where it broke: it ended badly without having missed a goal."""
    bench = BENCHES[name]
    print(f"=== {name}: {bench.words} ({machine()})", flush=True)
    started, known = time.monotonic(), len(read(report))
    given = [
        *(bench.quick if quick else bench.usual),
        *(["--keep", str(keep)] if keep and bench.keeps else []),
    ]
    status = _status([sys.executable, "-m", f"bench.{name}", *given], report)
    print(f"--- {name}: {time.monotonic() - started:.0f} s, exit status {status}", flush=True)
    return status == 0 or any(not each.met for each in read(report)[known:])


def _status(command: list[str], report: Path) -> int:
    """The exit status of a bench, which is ended with all its processes when it takes too long."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {REPORT: str(report)}, start_new_session=True
    )
    try:
        return process.wait(GIVEN_UP)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(sys.exception(), subprocess.TimeoutExpired):
            raise
        return -signal.SIGKILL


def summed_up(lines: list[Line], broken: list[str], seconds: float) -> int:
    """Prints every goal with its figure and verdict; 1 where one was missed or a bench broke."""
    promised = [each for each in lines if each.goal]
    missed = [each for each in promised if not each.met]
    print(f"\n{HEAD}\n" + "\n".join(f"{each.bench}: {each.shown()}" for each in promised))
    print(
        f"\n{len(promised) - len(missed)} of {len(promised)} goals met in {seconds / 60:.0f} minutes; {machine()}"
    )
    for each in missed:
        print(f"MISSED  {each.bench}: {each.what}: {each.figure} ({each.goal})")
    if broken:
        print(f"BROKEN, or goals of its own missed: {', '.join(broken)}")
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
