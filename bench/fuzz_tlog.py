"""Fuzzes every parser of the transparency log with atheris: ``python -m bench.fuzz_tlog [--seconds 600] [NAME …]``.

A parser must refuse or give back byte for byte what it read; anything else is a finding, kept with its input in
``.outside/fuzz/found``. atheris is installed beside the other outside programs when it is first needed. Every
parser runs for ``--seconds`` in a process of its own, ``--jobs`` at a time, from its good texts and what earlier
runs have found worth keeping.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor

from tests.tlog.outside import HOME, ROOT

FUZZ = HOME / "fuzz"
PYTHON = FUZZ / "venv" / "bin" / "python"
ATHERIS = "atheris==3.1.0"


def install() -> None:
    """An environment with atheris on the interpreter of this checkout."""
    uv = ROOT / ".uv" / "bin" / "uv"
    if not PYTHON.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, FUZZ / "venv"], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", PYTHON, ATHERIS], check=True)


def fuzz(name: str, seconds: int) -> tuple[str, int, str]:
    """(name, inputs tried, what was found or "") of one parser."""
    corpus, found = FUZZ / "corpus" / name, FUZZ / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    packages = sysconfig.get_path("purelib")
    command = [PYTHON, "-m", "bench.fuzz_tlog", "--child", name, "--seconds", str(seconds)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{packages}"},
        capture_output=True,
        timeout=seconds + 300,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    units = re.search(r"stat::number_of_executed_units:\s+(\d+)", said)
    return name, int(units[1]) if units else 0, "" if done.returncode == 0 else said[-3000:]


def child(name: str, seconds: int) -> None:
    """Runs inside the environment with atheris; never returns."""
    import atheris

    with atheris.instrument_imports(include=["yiwang.pure.tlog"]):
        from tests.tlog.parsers import PARSERS
        from yiwang.pure.kernel.findings import Refused

    parser, seeds = PARSERS[name]
    corpus = FUZZ / "corpus" / name
    for place, seed in enumerate(seeds):
        (corpus / f"seed-{place}").write_bytes(seed)

    def target(raw: bytes) -> None:
        try:
            given = parser(raw)
        except Refused:
            return
        if given != raw:
            raise AssertionError(f"{name}: {raw!r} came back as {given!r}")

    options = [f"-max_total_time={seconds}", "-print_final_stats=1", "-max_len=8192", "-timeout=20"]
    options += [f"-artifact_prefix={FUZZ / 'found'}/{name}-", str(corpus)]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="parsers (default: all)")
    parser.add_argument("--seconds", type=int, default=600, help="a parser (default 600)")
    parser.add_argument("--jobs", type=int, default=2, help="at a time (default 2)")
    parser.add_argument("--child", metavar="NAME", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child, args.seconds)
    install()
    from tests.tlog.parsers import PARSERS

    start = time.monotonic()
    bad = 0
    with ThreadPoolExecutor(args.jobs) as pool:
        for name, units, found in pool.map(lambda each: fuzz(each, args.seconds), args.names or PARSERS):
            bad += bool(found)
            print(f"{name:<12}{units:>14,} inputs  {'FOUND' if found else 'nothing found'}", flush=True)
            print(found, end="")
    print(f"{(time.monotonic() - start) / 60:.1f} minutes, {bad} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
