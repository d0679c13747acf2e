"""The contracts of structure hold, and each kind of violation, planted into a copy, is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import yiwang
from yiwang.site.structure import configuration

PACKAGE = Path(yiwang.__file__).parent

PLANTED = {
    "upwards": (
        "common/notices/planted.py",
        "from yiwang.business.trading import api",
        "floors below its own",
    ),
    "siblings": (
        "doors/hall/planted.py",
        "from yiwang.doors.website import api",
        "doors do not know each other",
    ),
    "common order": (
        "common/identity/planted.py",
        "from yiwang.common.notices import api",
        "stand in this order",
    ),
    "record order": (
        "record/journal/planted.py",
        "from yiwang.record.files import api",
        "never the other way round",
    ),
    "leaves": ("pure/sm/planted.py", "import yiwang.pure.tlog", "leaves do not know each other"),
    "django in rules": ("business/trading/rules/planted.py", "import django", "No Django"),
    "django in law": ("law/planted.py", "import django", "No Django"),
    "past the api": (
        "doors/hall/planted.py",
        "from yiwang.common.identity import models",
        "identity only its api",
    ),
    "urls from a room": (
        "doors/hall/planted.py",
        "from yiwang.common.identity import middleware",
        "put together in site",
    ),
    "past the law's api": (
        "business/trading/planted.py",
        "from yiwang.law import limits",
        "law only its api",
    ),
}


def lint(folder: Path) -> tuple[int, str]:
    (folder / ".importlinter").write_text(configuration(), "utf-8")
    program = (
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        PACKAGE, tmp_path / "yiwang", ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
    )
    return tmp_path


def test_the_contracts_hold(copy):
    status, text = lint(copy)
    assert status == 0, text[-3000:]
    assert " 0 broken" in text


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_violation_is_found(copy, planted):
    place, line, contract = PLANTED[planted]
    (copy / "yiwang" / place).write_text(f"{line}\n", "utf-8")
    status, text = lint(copy)
    assert status != 0
    broken = [each for each in text.splitlines() if each.endswith("BROKEN")]
    assert any(contract in each for each in broken), text[-3000:]
