"""``yiwang demo``: builds the city of a seed, once, and serves it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection

from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.days import shown
from yiwang.record.journal.api import (
    Unborn,
    advance_rehearsal,
    birth,
    business_now,
    found,
    hold_home,
    home_in_use,
    work,
)
from yiwang.site.readers import DUTIES, READERS
from yiwang.site.simulation.followers import follow
from yiwang.site.simulation.people import CENTRE_NAME, CENTRE_NAME_EN, REGION
from yiwang.site.simulation.running import FOUNDED_AT, Built, build
from yiwang.site.stopping import Stop

ORIGIN = "YIWANG_ORIGIN"
WELCOME = """
演示城市已就绪 / the demo city is ready: {lots} 个标段 lots, {refusals} 次依法拒绝 lawful refusals
演练时钟 / rehearsal clock: {now} 北京时间 Beijing time
打开 / open            http://{host}:{port}/
进入任一身份 / enter as http://{host}:{port}/account/enter-as/
停止 / stop            Ctrl-C
"""


def demo(args: argparse.Namespace) -> int:
    """Builds the city unless it is there, prints how to enter, serves it."""
    if home_in_use(settings.HOME):
        raise Stop(f"{settings.HOME} 正被另一个进程使用 / {settings.HOME} is in use by another process")
    if args.fresh:
        _clear()
    _migrate()
    host = "localhost" if args.host in ("127.0.0.1", "0.0.0.0", "::") else args.host  # noqa: S104 - compared only
    origin = os.environ.get(ORIGIN) or f"http://{host}:{args.port}"
    with hold_home(settings.HOME), _pages_at(origin):
        built = _city(args.seed)
    if built is not None:
        print(f"{built.acts} 件事，{len(built.lots)} 个标段 / {built.acts} acts, {len(built.lots)} lots")
    print(
        WELCOME.format(
            lots=len(built.lots) if built else "",
            refusals=sum(built.refusals.values()) if built else "",
            now=shown(business_now()),
            host=host,
            port=args.port,
        ),
        flush=True,
    )
    if args.no_serve:
        return 0
    connection.close()
    # Another program in this process: what the simulation has loaded is not kept while the site is served.
    command = [sys.executable, "-m", "yiwang.site", "serve", "--host", args.host, "--port", str(args.port)]
    environment = {**os.environ, ORIGIN: origin}
    os.execve(sys.executable, command, environment)  # noqa: S606 - the interpreter that runs us, and no shell


@contextmanager
def _pages_at(origin: str) -> Iterator[None]:
    """Pages written meanwhile give ``origin`` as their address."""
    before, settings.ORIGIN = settings.ORIGIN, origin
    try:
        yield
    finally:
        settings.ORIGIN = before


def _clear() -> None:
    """Empties the home of a rehearsal; a real one is never touched."""
    try:
        rehearsal = birth().rehearsal
    except (Unborn, OperationalError, ProgrammingError):
        rehearsal = True
    if not rehearsal:
        raise Stop(
            f"{settings.HOME} 是真实数据，不能清空 / {settings.HOME} holds real business and is not cleared"
        )
    if connection.vendor != "sqlite":
        raise Stop("--fresh 只用于 SQLite / --fresh is for SQLite; drop the PostgreSQL database yourself")
    connection.close()
    for name in ("yiwang.sqlite3", "yiwang.sqlite3-wal", "yiwang.sqlite3-shm"):
        (settings.HOME / name).unlink(missing_ok=True)
    for folder in (settings.PUBLIC_ROOT, settings.FILES_ROOT):
        shutil.rmtree(folder, ignore_errors=True)


def _migrate() -> None:
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)


def _city(seed: int) -> Built | None:
    """The city of ``seed``; None where this home has one already. A half-built one is not passed off as whole."""
    try:
        born = birth()
    except Unborn:
        found("rehearsal", FOUNDED_AT, centre=CENTRE_NAME, centre_en=CENTRE_NAME_EN, region=REGION)
    else:
        if not born.rehearsal:
            raise Stop(f"{settings.HOME} 是真实数据 / {settings.HOME} holds real business")
        if business_now() == FOUNDED_AT:
            raise Stop(
                "上次建演示城市时中断了，请加 --fresh 重建 / the demo city was not finished: build it anew with --fresh"
            )
        return None
    begun = monotonic()
    built = build(seed, READERS[:1], DUTIES, progress=_Progress(), watched=False)
    follow(built.now)
    _catch_up(built)
    advance_rehearsal(built.now, SYSTEM_ACTOR, running=True)
    wipe = f"\r{'':60}\r" if sys.stderr.isatty() else ""
    print(f"{wipe}{monotonic() - begun:.0f} s", file=sys.stderr)
    return built


def _catch_up(built: Built) -> None:
    """The other readers write what the city has published meanwhile, to the last page."""
    while not work(READERS, DUTIES, built.now).idle:
        pass


class _Progress:
    """How far the city is: a bar on a terminal, elsewhere (a log, a pipe) one line for each tenth."""

    def __init__(self) -> None:
        self._tenths = 0

    def __call__(self, share: float) -> None:
        share = min(share, 1)
        if sys.stderr.isatty():
            width = int(30 * share)
            bar = "=" * width + " " * (30 - width)
            print(f"\r[{bar}] {share:4.0%}", end="", file=sys.stderr, flush=True)
        elif int(share * 10) > self._tenths:
            self._tenths = int(share * 10)
            print(f"{self._tenths * 10}%", file=sys.stderr, flush=True)
