"""A home folder of its own for every process of a test run. A pytest plugin, loaded before the settings are.

The environment variable YIWANG_TESTS_ROOT hands the folder of a run on to its xdist workers.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_OWNER = "YIWANG_TESTS_ROOT" not in os.environ
_ROOT = Path(os.environ.setdefault("YIWANG_TESTS_ROOT", "") or tempfile.mkdtemp(prefix="yiwang-tests-"))
os.environ["YIWANG_TESTS_ROOT"] = str(_ROOT)

_HOME = _ROOT / os.environ.get("PYTEST_XDIST_WORKER", "main")
_HOME.mkdir(exist_ok=True)
os.environ["YIWANG_HOME"] = str(_HOME)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _OWNER:
        shutil.rmtree(_ROOT, ignore_errors=True)
