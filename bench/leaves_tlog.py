"""Figures of the transparency log, with the reference in the same run: ``python -m bench.leaves_tlog``.

Leaves hashed, durable appends on a folder against Go's tlog package writing the same tiles (and, for comparison,
two flat files), proofs at a million entries. Rounds are interleaved and medians are shown; the ratios are what
to keep. Exit status 1 where a goal is missed. ``--quick`` for a look.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.tlog.outside import HOME, go_program
from tests.tlog.worlds import LOG_KEY, WITNESSES, policy
from yiwang.pure.tlog.api import (
    SHA256,
    FolderStorage,
    Log,
    Note,
    ProofFile,
    TreeHash,
    add_signatures,
    audit_log,
    begin_log,
    inclusion_file,
    proof_verdict,
    sign_checkpoint,
    tree_hash,
)
from yiwang.pure.tlog.edge import Edge

AT = datetime(2026, 3, 2, tzinfo=UTC)
LEAF = 300  # bytes of an entry
BATCHES = (1, 100, 256, 1000)
MILLION = 1_000_000


class Goals:
    """Prints a figure with its goal, and remembers what was missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def show(
        self, what: str, value: float, unit: str, least: float | None = None, most: float | None = None
    ) -> None:
        missed = (least is not None and value < least) or (most is not None and value > most)
        if missed:
            self.missed.append(what)
        goal = (
            f"  goal ≥ {least:,g}" if least is not None else f"  goal ≤ {most:,g}" if most is not None else ""
        )
        print(f"{what:<58}{value:>14,.2f} {unit}{goal}{'  MISSED' if missed else ''}", flush=True)


def leaf(number: int) -> bytes:
    return number.to_bytes(8) + bytes(LEAF - 8)


def hashed_per_second(tree: TreeHash, count: int) -> float:
    """Leaves hashed into a tree with all its tiles, a second, in batches of 256."""
    entries = [leaf(number) for number in range(256)]
    edge = Edge(tree)
    start = time.perf_counter()
    for _ in range(count // 256):
        edge.grow(tree.leaves(entries))
    return edge.size / (time.perf_counter() - start)


def ours_per_second(folder: Path, batch: int, seconds: float) -> float:
    with FolderStorage(folder, writer=True) as storage:
        begin_log(storage, LOG_KEY.name, AT)
        log = Log(storage, writer=True)
        start = time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds:
            log.append([leaf(log.size + number) for number in range(batch)])
        return log.size / spent


def go_per_second(folder: Path, batch: int, seconds: float, mode: str) -> float:
    command = [go_program(), "append", folder, str(batch), str(LEAF), str(round(seconds)), mode]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60 + 2 * seconds)
    size, spent = done.stdout.split()
    return int(size) / float(spent)


def in_new_folder(home: Path, run: Callable[[Path], float]) -> float:
    folder = Path(tempfile.mkdtemp(dir=home))
    try:
        return run(folder)
    finally:
        shutil.rmtree(folder)


def bench_appends(goals: Goals, home: Path, seconds: float, rounds: int) -> None:
    for batch in BATCHES:
        found: dict[str, list[float]] = {"ours": [], "tiles": [], "flat": []}
        for _ in range(rounds):
            found["ours"].append(in_new_folder(home, lambda each, n=batch: ours_per_second(each, n, seconds)))
            for mode in ("tiles", "flat"):
                rate = in_new_folder(home, lambda each, n=batch, m=mode: go_per_second(each, n, seconds, m))
                found[mode].append(rate)
        rate = {name: statistics.median(each) for name, each in found.items()}
        goals.show(f"durable appends, batch {batch}: ours", rate["ours"], "leaves/s")
        goals.show(f"durable appends, batch {batch}: Go, synced tile files", rate["tiles"], "leaves/s")
        goals.show(f"durable appends, batch {batch}: Go, two flat files, no tiles", rate["flat"], "leaves/s")
        goals.show(
            f"durable appends, batch {batch}: ratio to Go's tile files",
            rate["ours"] / rate["tiles"],
            "×",
            0.5,
        )
        goals.show(
            f"durable appends, batch {batch}: ratio to Go's flat files", rate["ours"] / rate["flat"], "×"
        )


def rate_of(
    run: Callable[[int], object], places: list[int], clock: Callable[[], float] = time.process_time
) -> float:
    """Calls a second of this process's CPU time, which a shared machine disturbs less; of ``clock`` where it reads."""
    start = clock()
    for place in places:
        run(place)
    return len(places) / (clock() - start)


def bench_proofs(goals: Goals, home: Path, size: int, count: int) -> None:
    folder = Path(tempfile.mkdtemp(dir=home))
    try:
        note = _filled(folder, size)
        start = time.perf_counter()
        log = Log(FolderStorage(folder))
        goals.show(f"opened at {size:,}", (time.perf_counter() - start) * 1000, "ms")
        chance = random.Random(1)
        anywhere = [chance.randrange(size) for _ in range(count)]
        near = [chance.randrange(size - 200_000, size) if size > 200_000 else place for place in anywhere]
        proofs = [inclusion_file(log, place, note).raw for place in near]
        goals.show("proof with five signatures, longest", max(map(len, proofs)), "bytes", most=2048)
        goals.show(
            "proofs made hot (CPU)",
            rate_of(lambda n: inclusion_file(log, n, note).raw, near),
            "/s",
            least=5000,
        )
        _drop_pages(folder)
        cold = rate_of(
            lambda n: (log.forget(), inclusion_file(log, n, note).raw),
            anywhere[: count // 5],
            time.perf_counter,
        )
        goals.show("proofs made cold (no tile in memory, no page cached)", cold, "/s", least=500)
        trust = policy()
        checked = rate_of(
            lambda n: proof_verdict(ProofFile.parse(proofs[n]), leaf(near[n]), trust).require(),
            list(range(count)),
        )
        goals.show("proof checked: parsed, five signatures, path (CPU)", 1000 / checked, "ms", most=2)
        start = time.perf_counter()
        found = audit_log(log)
        goals.show(
            "audit: entries hashed and tiles compared", size / (time.perf_counter() - start), "leaves/s"
        )
        assert not found.findings
    finally:
        shutil.rmtree(folder)


def _filled(folder: Path, size: int) -> Note:
    with FolderStorage(folder, writer=True) as storage:
        begin_log(storage, LOG_KEY.name, AT)
        log = Log(storage, writer=True)
        while log.size < size:
            log.append([leaf(number) for number in range(log.size, min(size, log.size + 4096))])
        return add_signatures(sign_checkpoint(log, [LOG_KEY], AT), WITNESSES, AT)


def _drop_pages(folder: Path) -> None:
    """Tells the kernel to forget the files' pages, so that cold is cold."""
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    quick = parser.parse_args().quick
    goals = Goals()
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}, entries of {LEAF} bytes, medians")
    rounds = 1 if quick else 3
    for tree in (SHA256, tree_hash("sm3")):
        count = 100_000 if quick else 500_000
        rate = statistics.median(hashed_per_second(tree, count) for _ in range(rounds))
        goals.show(f"leaves hashed into a tree ({tree.name})", rate, "leaves/s")
    HOME.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as home:
        bench_appends(goals, Path(home), 1 if quick else 3, rounds)
        bench_proofs(goals, Path(home), MILLION // 10 if quick else MILLION, 500 if quick else 5000)
    print("all goals met" if not goals.missed else f"missed: {', '.join(goals.missed)}")
    return 1 if goals.missed else 0


if __name__ == "__main__":
    sys.exit(main())
