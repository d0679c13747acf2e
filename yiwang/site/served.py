"""What a server process runs: published files first, Django behind them, the worker beside them."""

from __future__ import annotations

import contextlib
import gc
import os
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.wsgi import get_wsgi_application
from django.db import connection

from yiwang.site.front import front
from yiwang.site.stopping import Stop

_WAIT_FOR_HOME_SECONDS = 3.0


def static_files() -> dict[str, Path]:
    """Every static file of the rooms: address below /static/ → file."""
    return {
        name: Path(storage.path(name))
        for finder in get_finders()
        for name, storage in finder.list(ignore_patterns=[])
    }


def _own_home(stack: contextlib.ExitStack) -> None:
    """With SQLite this process owns the home; one that died a moment ago may still be letting go. Raises Stop."""
    from yiwang.record.journal.api import HomeInUse, hold_home  # models: only after Django is set up

    give_up = time.monotonic() + _WAIT_FOR_HOME_SECONDS
    while True:
        try:
            stack.enter_context(hold_home(settings.HOME))
        except HomeInUse:
            if time.monotonic() > give_up:
                raise Stop(
                    f"{settings.HOME} 正被另一个进程使用 / {settings.HOME} is in use by another process"
                ) from None
            time.sleep(0.1)
        else:
            return


_held = contextlib.ExitStack()
_django = get_wsgi_application()

from yiwang.site.ready import ready_to_serve  # noqa: E402 - models: only after Django is set up

if connection.vendor == "sqlite":
    _own_home(_held)
ready_to_serve()

from yiwang.site.worker import start_in_thread  # noqa: E402 - models: only after Django is set up

gc.collect()
gc.freeze()  # what a process keeps for its life is not looked through again while somebody waits for a page
application = front(settings.PUBLIC_ROOT, static_files(), _django)
stop_worker = start_in_thread()
