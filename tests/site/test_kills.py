"""A server that is killed while bids come in loses nothing that it acknowledged: the harness of the bench, briefly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.database
ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 3


@pytest.mark.parametrize("level", ["http", "verb"])
def test_what_was_acknowledged_survives_kill_9_of_the_server(level: str) -> None:
    command = [sys.executable, "-m", "bench.kills", "--json", "--database", "current"]
    done = subprocess.run(
        [*command, "--level", level, "--kills", str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.stdout, done.stderr[-3000:]
    figures = json.loads(done.stdout)
    assert figures["objections"] == []
    assert figures["kills"] == KILLS
    assert figures["acknowledged"] > 0
    assert figures["envelopes"] >= figures["acknowledged"]
    assert done.returncode == 0
