"""Programs that we did not write, in an environment of their own (``.outside``, not in the repository).

They are installed when a test first asks for them, by ``outside.txt`` with its hashes; a test that cannot have
them is skipped, or fails where YIWANG_REQUIRE_ALL=1 says that everything must run.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
HOME = ROOT / ".outside"
PYTHON = HOME / "tlog" / "bin" / "python"
GO = HOME / "go"


def missing(why: str) -> None:
    """Skips the test, or fails it where everything must run."""
    if os.environ.get("YIWANG_REQUIRE_ALL") == "1":
        pytest.fail(f"required, but cannot be had here: {why}")
    pytest.skip(f"cannot be had here: {why}")


def _run(command: list[str | Path], **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, timeout=280, check=False, **more)


@cache
def _installed() -> str:
    """Installs once what ``outside.txt`` names; gives "" or why that cannot be."""
    wanted = HERE / "outside.txt"
    stamp = HOME / "tlog" / hashlib.sha256(wanted.read_bytes()).hexdigest()
    uv = ROOT / ".uv" / "bin" / "uv"
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists():
            return ""
        if not uv.exists():
            return "no uv (make setup)"
        python = ROOT / ".venv" / "bin" / "python"
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", python, HOME / "tlog"],
            [uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", wanted],
        ):
            done = _run(command)
            if done.returncode:
                return done.stderr.decode("utf-8", "replace")[-300:]
        stamp.touch()
    return ""


@cache
def _go_built() -> str:
    """Builds the Go program beside the sources that the toolchain vendors; gives "" or why that cannot be."""
    found = _installed()
    if found:
        return found
    site = next((HOME / "tlog" / "lib").glob("python3*")) / "site-packages"
    vendored = site / "go" / "src" / "cmd" / "vendor" / "golang.org" / "x" / "mod" / "sumdb"
    sources = b"".join(each.read_bytes() for each in [HERE / "outside.txt", *sorted((HERE / "go").iterdir())])
    stamp = GO / hashlib.sha256(sources).hexdigest()
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and (GO / "outside").exists():
            return ""
        for package in ("tlog", "note"):
            shutil.copytree(vendored / package, GO / "mod" / "sumdb" / package, dirs_exist_ok=True)
        (GO / "mod" / "go.mod").write_text("module golang.org/x/mod\n\ngo 1.27\n")
        shutil.copytree(HERE / "go", GO / "main", dirs_exist_ok=True)
        done = _run(
            [HOME / "tlog" / "bin" / "go", "build", "-o", GO / "outside", "."],
            cwd=GO / "main",
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(GO),
                "GOCACHE": str(GO / "cache"),
                "GOPATH": str(GO / "path"),
                "GOPROXY": "off",
                "GOFLAGS": "-mod=mod",
                "GOTOOLCHAIN": "local",
                "CGO_ENABLED": "0",
            },
        )
        if done.returncode:
            return done.stderr.decode("utf-8", "replace")[-500:]
        stamp.touch()
    return ""


def go_program() -> Path:
    """The built Go program; skips or fails the test where it cannot be had."""
    why = _go_built()
    if why:
        missing(why)
    return GO / "outside"


def ask_go(*questions: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers of Go's own packages (see go/main.go)."""
    return _asked([go_program()], list(questions))


def ask_aics(*questions: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers of aics-tlog and aics-witness (see aics/answers.py)."""
    why = _installed()
    if why:
        missing(why)
    return _asked([PYTHON, HERE / "aics" / "answers.py"], list(questions))


def _asked(command: list[str | Path], questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = _run(command, input=json.dumps(questions).encode())
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers
