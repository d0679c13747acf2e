"""A real server dies amid an upload, and a client that we did not write (tuspy) goes on where it ended."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.outside import ROOT, python_with

pytestmark = pytest.mark.database
TUS = Path(__file__).parent.parent / "files" / "tus"
KILLS = 1


def test_an_upload_of_another_client_survives_kill_9_and_ends_as_the_bytes_that_were_sent() -> None:
    client = [str(python_with("tus", TUS / "outside.txt")), str(TUS / "tuspy_client.py")]
    command = [sys.executable, "-m", "bench.upload_kills", "--json", "--database", "current"]
    done = subprocess.run(
        [*command, "--kills", str(KILLS), "--client", *client],
        cwd=ROOT, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr[-3000:]
    figures = json.loads(done.stdout)
    assert figures["objections"] == []
    assert figures["kills"] == KILLS
    assert done.returncode == 0
