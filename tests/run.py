"""``make test``: the whole suite on SQLite, then what touches the database on PostgreSQL, and one closing line.

``N passed, N failed, N skipped`` sums both; the exit status is 0 only where nothing failed. What cannot be had on
this machine (PostgreSQL, Chromium) is said loudly and left out; with YIWANG_REQUIRE_ALL=1 that, and any skipped
test, is a failure. Arguments are handed to pytest in both runs: ``python -m tests.run tests/journal -k erase``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from tests.chromium import CHROMIUM
from tests.postgres import NoPostgres, postgres

TESTS = Path(__file__).resolve().parent
WORKERS = os.environ.get("YIWANG_TEST_WORKERS", "2")
ON_BOTH = ("journal", "files", "identity", "notices", "trading", "website", "hall", "site")


@dataclass(frozen=True)
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def _counted(report: Path, status: int) -> Count:
    """What pytest's report says. A run that broke off, or tested nothing, counts as one failure more."""
    if not report.exists():
        return Count(failed=1)
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    total = Count()
    for suite in suites:
        tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        total += Count(tests - skipped - failed, failed, skipped)
    broke_off = status not in (0, 1) or (status == 1 and total.failed == 0)
    return total + Count(failed=1) if broke_off else total


def _pytest(arguments: list[str], environment: dict[str, str]) -> Count:
    with tempfile.TemporaryDirectory(prefix="yiwang-report-") as folder:
        report = Path(folder) / "report.xml"
        workers = ["-n", WORKERS, "--dist", "worksteal"] if WORKERS != "0" else []
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        started = time.monotonic()
        status = subprocess.run(
            [*command, *workers, *arguments], env=os.environ | environment, cwd=TESTS.parent
        ).returncode
        count = _counted(report, status)
    print(f"--- {count} in {time.monotonic() - started:.0f} s", flush=True)
    return count


def _missing(what: str, why: str) -> Count:
    """Says loudly that something was left out; a failure where everything is required."""
    required = os.environ.get("YIWANG_REQUIRE_ALL") == "1"
    print("!" * 100)
    print(
        f"!!! {what}: NOT TESTED. {why}" + (" YIWANG_REQUIRE_ALL=1: this is a failure." if required else "")
    )
    print("!" * 100, flush=True)
    return Count(failed=1) if required else Count()


def on_sqlite(arguments: list[str]) -> Count:
    """Everything; without Chromium, everything but the tests that drive one."""
    print("=== SQLite", flush=True)
    if CHROMIUM:
        return _pytest(arguments, {"YIWANG_DATABASE": ""})
    missing = _missing("Chromium", "No Chromium was found on PATH; install Debian's chromium.")
    return missing + _pytest([*arguments, "-m", "not browser"], {"YIWANG_DATABASE": ""})


def on_postgres(arguments: list[str]) -> Count:
    """What touches the database, on a server of our own."""
    print("=== PostgreSQL", flush=True)
    chosen = arguments or [str(TESTS / room) for room in ON_BOTH if any((TESTS / room).glob("test_*.py"))]
    try:
        with postgres() as address:
            return _pytest([*chosen, "-m", "not browser"], {"YIWANG_DATABASE": address})
    except NoPostgres as error:
        return _missing("PostgreSQL", str(error))


def main(arguments: list[str]) -> int:
    total = on_sqlite(arguments) + on_postgres(arguments)
    if total.skipped and os.environ.get("YIWANG_REQUIRE_ALL") == "1":
        print(f"!!! {total.skipped} tests were skipped, and YIWANG_REQUIRE_ALL=1 forbids that")
        print(total)
        return 1
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
