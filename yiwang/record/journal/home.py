"""The lock of a home folder: with SQLite one process owns it. A plain file lock; needs no Django."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_NAME = "in-use.lock"


class HomeInUse(RuntimeError):
    """Another process owns the home folder."""


@contextmanager
def hold_home(home: Path) -> Iterator[None]:
    """Owns ``home`` (created where it is missing) while the block runs; the system frees it if we are killed.

    HomeInUse where another process, or another block of this one, owns it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK_NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeInUse(f"{home}: in use by process {owner(home)}") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def home_in_use(home: Path) -> bool:
    """Whether a process owns ``home`` now."""
    path = home / LOCK_NAME
    if not path.exists():
        return False
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def owner(home: Path) -> str:
    """The number of the process that owns ``home``, as it wrote it down; "" where it is not known."""
    path = home / LOCK_NAME
    return path.read_text().strip() if path.exists() else ""
