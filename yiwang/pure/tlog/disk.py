"""The few steps a folder takes on a disk. One place, so that a test can let each of them fail."""

from __future__ import annotations

import os
from pathlib import Path


class Disk:
    """Steps on a POSIX file system; every one raises OSError where it fails, and none is tried again.

    After a failed fsync the kernel may have dropped what it could not write, and the next fsync may succeed
    all the same: so nobody calls ``sync`` twice for the same bytes (see :mod:`yiwang.pure.tlog.folder`).
    """

    def open(self, path: Path, flags: int) -> int:
        """A handle on ``path`` (mode 0644 where it is made)."""
        return os.open(path, flags | os.O_CLOEXEC, 0o644)

    def write(self, handle: int, body: bytes) -> None:
        """Writes all of ``body``; a short write is continued, a full disk raises."""
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(handle, rest) :]

    def sync(self, handle: int) -> None:
        """Returns when the bytes written by ``handle`` are on the disk."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """Gives the handle back."""
        os.close(handle)

    def link(self, source: Path, target: Path) -> None:
        """A second name for ``source``; FileExistsError where ``target`` is there, whatever it holds."""
        os.link(source, target)

    def replace(self, source: Path, target: Path) -> None:
        """Renames ``source`` to ``target`` in one step, over what is there."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Takes the name away; nothing happens where it is gone already."""
        path.unlink(missing_ok=True)

    def make_folder(self, path: Path) -> None:
        """Makes one folder; its parent must exist."""
        path.mkdir()

    def sync_folder(self, path: Path) -> None:
        """Returns when the names in the folder are on the disk."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
