"""``yiwang worker``."""

from __future__ import annotations

import argparse
import signal
import threading
from types import FrameType

from django.conf import settings
from django.db import connection

from yiwang.record.journal.api import home_in_use
from yiwang.site.ready import ready_to_serve
from yiwang.site.stopping import Stop
from yiwang.site.worker import one_round, run, start_post


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
    start_post(stop)
    run(stop)
    return 0
