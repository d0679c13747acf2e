"""``yiwang serve``: the process that watches the servers. It never loads Django, so it stays small and starts fast."""

from __future__ import annotations

import argparse
import importlib
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import Semaphore, SimpleQueue
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from yiwang.site.environment import database_address
from yiwang.site.stopping import Stop

_TOLD_TO_STOP_SECONDS = 10.0
_RECEIVED_AT_ONCE = 1 << 20  # what a connection may bring at most in one piece: an upload costs less for it


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


def _leave_with(parent: int) -> None:
    """A server whose parent was killed must not go on writing beside its successor."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _load(parent: int, reasons: SimpleQueue[str], first: Any, ready: str, target: str) -> Callable[..., Any]:
    """Runs in a server process: the application ``target``; the first process that is ready prints ``ready``.

    One that may not serve (``Stop``) tells its parent why and to end all, and waits for that.
    """
    threading.Thread(target=_leave_with, args=(parent,), name="yiwang-parent", daemon=True).start()
    signal.signal(
        signal.SIGTERM, signal.SIG_DFL
    )  # until the server has its own, the parent's would be deaf here
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, name = target.partition(":")
    try:
        application: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except Stop as stop:
        reasons.put(str(stop))
        os.kill(parent, signal.SIGTERM)
        time.sleep(_TOLD_TO_STOP_SECONDS)
        sys.exit(2)
    if first.acquire(block=False):
        print(ready, flush=True)
    return application


def serve(args: argparse.Namespace) -> int:
    """Runs the site and the worker in one process tree until it is told to stop. Raises Stop."""
    if not database_address() and args.processes != 1:
        raise Stop(
            "SQLite 只能用一个进程；多进程请用 PostgreSQL / SQLite takes one process; use PostgreSQL for more"
        )
    _port_is_free(args.host, args.port)
    os.environ.setdefault("YIWANG_START", secrets.token_hex(8))
    reasons: SimpleQueue[str] = SimpleQueue()
    ready = f"http://{'localhost' if args.host == '127.0.0.1' else args.host}:{args.port}"
    server = Granian(
        "yiwang.site.served:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.processes,
        blocking_threads=args.threads,
        backlog=2048,
        http1_settings=HTTP1Settings(max_buffer_size=_RECEIVED_AT_ONCE),
        respawn_failed_workers=True,
        log_access=False,
    )
    server.serve(target_loader=partial(_load, os.getpid(), reasons, Semaphore(1), ready))
    if not reasons.empty():
        raise Stop(reasons.get())
    return 0
