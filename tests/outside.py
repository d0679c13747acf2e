"""Programs that we did not write, each in an environment of its own below ``.outside`` (not in the repository).

They are installed when a test first asks for them, by a list with hashes; a test that cannot have them is skipped, or
fails where YIWANG_REQUIRE_ALL=1 says that everything must run.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".outside"
SECONDS = 280


def missing(why: str) -> None:
    """Skips the test, or fails it where everything must run."""
    if os.environ.get("YIWANG_REQUIRE_ALL") == "1":
        pytest.fail(f"required, but cannot be had here: {why}")
    pytest.skip(f"cannot be had here: {why}")


def python_with(name: str, wanted: Path) -> Path:
    """The Python of the environment ``name`` with what ``wanted`` lists; skips or fails the test where it cannot be had."""
    why = _installed(name, wanted)
    if why:
        missing(why)
    return HOME / name / "bin" / "python"


@cache
def _installed(name: str, wanted: Path) -> str:
    """Installs once what ``wanted`` names; gives "" or why that cannot be."""
    stamp = HOME / name / hashlib.sha256(wanted.read_bytes()).hexdigest()
    uv, python = ROOT / ".uv" / "bin" / "uv", ROOT / ".venv" / "bin" / "python"
    HOME.mkdir(exist_ok=True)
    with (HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists():
            return ""
        if not uv.exists():
            return "no uv (make setup)"
        place = HOME / name
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", python, place],
            [uv, "pip", "sync", "--quiet", "--python", place / "bin" / "python", "--require-hashes", wanted],
        ):
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
            if done.returncode:
                return done.stderr.decode("utf-8", "replace")[-300:]
        stamp.touch()
    return ""
