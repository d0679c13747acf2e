"""Coverage-guided fuzzing with atheris, shared by ``bench.fuzz_sm`` and ``bench.fuzz_tlog``.

Every parser runs in a process of its own, some at a time, until that process has used its share of *CPU* seconds: on
a loaded machine, or with ``nice``, wall time says nothing about how much was tried. An input that takes more than
``SLOW`` CPU-seconds is a finding too. What was worth keeping lies in ``.outside/fuzz/corpus`` and is where the next
run begins; findings lie in ``.outside/fuzz/found``. atheris is installed beside the other outside programs when it is
first needed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

from tests.tlog.outside import HOME, ROOT

FUZZ = HOME / "fuzz"
PYTHON = FUZZ / "venv" / "bin" / "python"
ATHERIS = "atheris==3.1.0"
SLOW = 10.0
SAID = re.compile(r"fuzzed (\d+) inputs in ([\d.]+) CPU-seconds, ([\d.]+) s")
Target = tuple[Callable[[bytes], None], Sequence[bytes]]
Load = Callable[[str, Callable[[list[str]], AbstractContextManager[Any]]], Target]


def install() -> None:
    """An environment with atheris on the interpreter of this checkout."""
    uv = ROOT / ".uv" / "bin" / "uv"
    if not PYTHON.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, FUZZ / "venv"], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", PYTHON, ATHERIS], check=True)


def _one(module: str, name: str, seconds: int) -> tuple[str, str, bool]:
    """(name, what happened, whether something was found) of one parser in a process of its own."""
    packages = sysconfig.get_path("purelib")
    done = subprocess.run(
        [PYTHON, "-m", module, "--child", name, "--seconds", str(seconds)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{packages}"},
        capture_output=True,
        check=False,
    )
    said = (done.stderr + done.stdout).decode("utf-8", "replace")
    if done.returncode == 0 and (ended := SAID.search(said)):
        return name, f"{int(ended[1]):>12,} inputs {ended[2]:>8} CPU-s {ended[3]:>8} s  nothing found", False
    return name, f"FOUND (exit {done.returncode})\n{said[-3000:]}", True


def _child(load: Load, name: str, seconds: int) -> None:
    """Runs inside the environment with atheris; never returns."""
    import atheris  # type: ignore[import-not-found]

    target, seeds = load(name, lambda rooms: atheris.instrument_imports(include=rooms))
    corpus, found = FUZZ / "corpus" / name, FUZZ / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(seeds):
        (corpus / f"seed-{place}").write_bytes(seed)
    started, before, tried = time.monotonic(), time.process_time(), 0

    def one(raw: bytes) -> None:
        nonlocal tried
        begun = time.process_time()
        if begun - before >= seconds:
            sys.stderr.write(
                f"fuzzed {tried} inputs in {begun - before:.0f} CPU-seconds, {time.monotonic() - started:.0f} s\n"
            )
            sys.stderr.flush()
            os._exit(0)
        tried += 1
        target(raw)
        if (took := time.process_time() - begun) > SLOW:
            raise AssertionError(f"{name}: one input took {took:.1f} CPU-seconds")

    # the library's own limit counts wall time, which a paused or starved process exceeds without a fault
    options = ["-max_total_time=0", "-max_len=8192", "-timeout=36000", f"-artifact_prefix={found}/{name}-"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def main(module: str, about: str | None, names: Callable[[], list[str]], load: Load) -> int:
    """The command line of both benches; gives 1 where a parser had findings."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("names", nargs="*", metavar="NAME", help="parsers (default: all)")
    parser.add_argument("--seconds", type=int, default=600, help="CPU-seconds a parser (default 600)")
    parser.add_argument("--jobs", type=int, default=2, help="at a time (default 2)")
    parser.add_argument("--child", metavar="NAME", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        _child(load, args.child, args.seconds)
    install()
    start, bad = time.monotonic(), 0
    with ThreadPoolExecutor(args.jobs) as pool:
        for name, said, found in pool.map(
            lambda each: _one(module, each, args.seconds), args.names or names()
        ):
            bad += found
            print(f"{name:<18}{said}", flush=True)
    print(f"{(time.monotonic() - start) / 60:.1f} minutes, {bad} with findings")
    return 1 if bad else 0
