"""``make bench``: every measurement of the platform, one after the other; the exit status says whether one missed its goal."""

from __future__ import annotations

import subprocess
import sys

MODULES = ("bench.pages", "bench.journal_bench")


def main() -> int:
    missed = [name for name in MODULES if subprocess.run([sys.executable, "-m", name]).returncode]
    print(f"missed or broken: {', '.join(missed)}" if missed else "all measurements done")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
