"""The city that the journeys visit: a server as a user has it, its people, its one clock."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FACTS = "facts.json"
START_SECONDS = 120
_WAIT_SECONDS = 0.1


@dataclass(frozen=True)
class City:
    """A running server at ``address``; who may be entered as, by role (``person:organisation:role``); an open lot."""

    address: str
    people: dict[str, list[str]]
    lot: str


def _environment(home: Path) -> dict[str, str]:
    """Ours, with a home of its own and SQLite, whatever database the other tests are run on."""
    kept = {name: value for name, value in os.environ.items() if name != "YIWANG_DATABASE"}
    return kept | {"YIWANG_HOME": str(home), "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _await_answer(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until /healthz answers; fails where the server ends first or takes too long."""
    give_up = time.monotonic() + START_SECONDS
    while True:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
                json.load(answer)
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(_WAIT_SECONDS)


def found(home: Path) -> None:
    """Founds a city in ``home``: whoever copies the folder has one of his own."""
    command = [sys.executable, "-m", "tests.journeys.founding"]
    said = subprocess.run(command, cwd=ROOT, env=_environment(home), check=True, stdout=subprocess.PIPE)
    (home / FACTS).write_bytes(said.stdout)


@contextmanager
def running_city(home: Path) -> Iterator[City]:
    """Serves the city founded in ``home``. Fails at the end where the server has logged an error."""
    environment = _environment(home)
    facts = json.loads((home / FACTS).read_bytes())
    port, log = _free_port(), home / "server.log"
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "yiwang.site.cli", "serve", "--port", str(port)]
    with log.open("wb") as file:
        server = subprocess.Popen(
            command, cwd=home, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _await_answer(address, server, log)
        yield City(address, facts["people"], facts["lot"])
        assert server.poll() is None, log.read_text()
    finally:
        server.terminate()
        server.wait(30)
    said = log.read_text()
    assert "Traceback" not in said, said[-5000:]
    assert " ERROR " not in said, said[-5000:]
