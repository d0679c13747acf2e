"""``yiwang serve`` and ``yiwang worker``."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import threading
from types import FrameType

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from granian import Granian
from granian.constants import Interfaces

from yiwang.record.journal.api import Unborn, birth, home_in_use, triggers_findings
from yiwang.site.cli import Stop
from yiwang.site.worker import one_round, run


def _port_is_free(host: str, port: int) -> None:
    """Servers may share a port silently, so ask for it alone first. Raises Stop."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((host, port))
        except OSError as error:
            raise Stop(
                f"端口 {port} 已被占用，请换一个（--port）/ port {port} is taken, choose another (--port): {error.strerror}"
            ) from error


def ready_to_serve() -> None:
    """Raises Stop where the database was never founded or its journal could be changed."""
    try:
        birth()
    except (Unborn, OperationalError, ProgrammingError):
        raise Stop(
            f"{settings.HOME} 里还没有数据，请先运行 yiwang setup（或 yiwang demo）"
            f" / nothing is founded in {settings.HOME}: run yiwang setup (or yiwang demo) first"
        ) from None
    if list(triggers_findings()):
        raise Stop(
            "流水账的防改触发器缺失，拒绝启动；请运行 yiwang manage migrate"
            " / the triggers that protect the journal are missing: run yiwang manage migrate"
        )


def serve(args: argparse.Namespace) -> int:
    """Runs the site and the worker in one process tree until it is told to stop."""
    sqlite = connection.vendor == "sqlite"
    if sqlite and args.processes != 1:
        raise Stop(
            "SQLite 只能用一个进程；多进程请用 PostgreSQL / SQLite takes one process; use PostgreSQL for more"
        )
    if sqlite and home_in_use(settings.HOME):
        raise Stop(f"{settings.HOME} 正被另一个进程使用 / {settings.HOME} is in use by another process")
    _port_is_free(args.host, args.port)
    ready_to_serve()
    connection.close()
    os.environ["YIWANG_START"] = secrets.token_hex(8)
    print(f"http://{'localhost' if args.host == '127.0.0.1' else args.host}:{args.port}", flush=True)
    Granian(
        "yiwang.site.served:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.processes,
        blocking_threads=args.threads,
        backlog=2048,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()
    return 0


def worker(args: argparse.Namespace) -> int:
    """Runs only the worker: beside several servers on PostgreSQL, or once over a SQLite home nobody uses."""
    if connection.vendor == "sqlite" and home_in_use(settings.HOME):
        raise Stop(f"{settings.HOME} 正被另一个进程使用 / {settings.HOME} is in use by another process")
    ready_to_serve()
    if args.once:
        failures = 0
        while True:
            worked = one_round()
            failures += worked.failures
            if not worked.entries and not worked.dues:
                return 1 if failures else 0
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    run(stop)
    return 0
