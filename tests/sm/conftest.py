"""Vectors and the programs that we did not write."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def unavailable(what: str) -> None:
    """Skips the test for want of ``what``; with YIWANG_REQUIRE_ALL=1 (as in CI) that is a failure."""
    if os.environ.get("YIWANG_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is not here, and YIWANG_REQUIRE_ALL=1")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "vectors.json").read_text())


@pytest.fixture(scope="session")
def openssl() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the ``openssl`` program with arguments; ``good=False`` lets it fail."""
    program = shutil.which("openssl")
    if program is None:
        unavailable("the openssl program")

    def run(*arguments: object, stdin: bytes = b"", good: bool = True) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [program, *map(str, arguments)], input=stdin, capture_output=True, timeout=60, check=False
        )
        assert not good or done.returncode == 0, done.stderr.decode()
        return done

    if b"SM2" not in run("ecparam", "-list_curves").stdout:
        unavailable("an openssl program with SM2")
    return run
