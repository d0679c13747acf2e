"""Databases and servers of a bench's own: temporary, on loopback, bounded, and killed with all their children."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90.0
END_SECONDS = 20.0
LIFE_SECONDS = 900  # `timeout` ends a server then, should we be killed before we can
SQLITE, POSTGRES, CURRENT = "sqlite", "postgres", "current"


class NotServed(RuntimeError):
    """The server that was started did not answer in time; the message holds the end of its log."""


@contextmanager
def database(which: str) -> Iterator[dict[str, str]]:
    """The environment of an empty home with an empty database, both gone afterwards.

    ``which``: sqlite, postgres (a server of our own, with fsync) or current (a new database on the server that
    YIWANG_DATABASE names, else SQLite). Raises tests.postgres.NoPostgres.
    """
    from tests.postgres import postgres

    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as home:
        given = os.environ.get("YIWANG_DATABASE", "") if which == CURRENT else ""
        if given:
            with _new_database(given) as address:
                yield {"YIWANG_HOME": home, "YIWANG_DATABASE": address}
        elif which == POSTGRES:
            with postgres(durable=True) as address:
                yield {"YIWANG_HOME": home, "YIWANG_DATABASE": address}
        else:
            yield {"YIWANG_HOME": home, "YIWANG_DATABASE": ""}


@contextmanager
def _new_database(address: str) -> Iterator[str]:
    import psycopg

    name = f"bench_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield address.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def run_inside(
    module: str, environment: dict[str, str], arguments: Sequence[str], seconds: float
) -> list[str]:
    """Runs ``python -m module …`` over a database, at most so long; the lines that it prints.

    Raises subprocess.CalledProcessError, subprocess.TimeoutExpired.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command,
        env=os.environ | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=seconds,
        check=True,
    )
    return done.stdout.splitlines()


def free_port() -> int:
    """A port of loopback that nobody listens on at this moment."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


class Server:
    """``yiwang serve`` over the database that the environment names, in a process group of its own."""

    def __init__(self, environment: dict[str, str] | None = None, *, threads: int = 8) -> None:
        self.port = free_port()
        self.token = secrets.token_hex(8)
        self._log = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - lives as long as the server
        self.started = time.monotonic()
        serve = [sys.executable, "-m", "yiwang.site", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            ["timeout", "--signal=KILL", str(LIFE_SECONDS), *serve, "--threads", str(threads)],
            env=os.environ
            | (environment or {})
            | {"YIWANG_START": self.token, "YIWANG_LOG_LEVEL": "WARNING"},
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def log(self) -> str:
        """The last 2000 characters that the server printed."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-2000:]

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of one request on a connection of its own. Raises OSError, http.client.HTTPException."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def wait(self) -> float:
        """Waits until /healthz answers 200 with our own token; seconds since the start. Raises NotServed."""
        while time.monotonic() < self.started + START_SECONDS:
            if self.process.poll() is not None:
                raise NotServed(f"the server ended with {self.process.returncode}: {self.log()}")
            try:
                status, body = self.get("/healthz")
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
                continue
            if status != 200 or json.loads(body)["start"] != self.token:
                raise NotServed(f"another server answers on port {self.port}: {status} {body[:200]!r}")
            return time.monotonic() - self.started
        raise NotServed(f"no answer in {START_SECONDS} s: {self.log()}")

    def processes(self) -> list[int]:
        """The process numbers of the whole tree, without `timeout` that bounds its life."""
        found = []
        for each in Path("/proc").iterdir():
            if each.name.isdigit() and _group(int(each.name)) == self.process.pid != int(each.name):
                found.append(int(each.name))
        return sorted(found)

    def kill(self) -> None:
        """SIGKILL to every process of the group at once, then waits until all are gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(END_SECONDS)
        give_up = time.monotonic() + END_SECONDS
        while self.processes():
            if time.monotonic() > give_up:
                raise NotServed(f"processes outlive SIGKILL: {self.processes()}")
            time.sleep(0.01)
        self._log.close()


def _group(pid: int) -> int:
    """The process group of a process; 0 where it is gone or only waits to be buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0 if fields[0] == "Z" else int(fields[2])


@contextmanager
def serving(environment: dict[str, str] | None = None, *, threads: int = 8) -> Iterator[Server]:
    """A server that answers; killed at the end, whatever happens."""
    server = Server(environment, threads=threads)
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def machine() -> str:
    """The class of machine and how busy it is with others: a figure without these says little."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
