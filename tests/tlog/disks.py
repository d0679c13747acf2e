"""Disks that fail: one step that errs, or a power cut that leaves only what was synced."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from yiwang.pure.tlog.disk import Disk


class PowerCut(BaseException):
    """The machine stops here; nothing of the program runs on."""


class QuickDisk(Disk):
    """Syncs nothing for real: what a test asks is in which order things are done, not how long a disk takes."""

    def sync(self, handle: int) -> None:
        """Nothing."""

    def sync_folder(self, path: Path) -> None:
        """Nothing."""


class CountingDisk(QuickDisk):
    """Counts its steps and calls :meth:`strike` at step ``at`` (from 0; -1: never)."""

    def __init__(self, at: int = -1) -> None:
        self.at = at
        self.steps = 0

    def strike(self, step: str) -> None:
        """What happens at step ``at``."""

    def _step(self, step: str) -> None:
        self.steps += 1
        if self.steps - 1 == self.at:
            self.strike(step)

    def open(self, path: Path, flags: int) -> int:
        self._step("open")
        return super().open(path, flags)

    def write(self, handle: int, body: bytes) -> None:
        try:
            self._step("write")
        except (OSError, PowerCut):
            super().write(handle, body[: len(body) // 2])
            raise
        super().write(handle, body)

    def sync(self, handle: int) -> None:
        self._step("sync")
        super().sync(handle)

    def link(self, source: Path, target: Path) -> None:
        self._step("link")
        super().link(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self._step("replace")
        super().replace(source, target)

    def unlink(self, path: Path) -> None:
        self._step("unlink")
        super().unlink(path)

    def make_folder(self, path: Path) -> None:
        self._step("make_folder")
        super().make_folder(path)

    def sync_folder(self, path: Path) -> None:
        self._step("sync_folder")
        super().sync_folder(path)


class ErringDisk(CountingDisk):
    """One step fails: a full disk for writes and new files, an input/output error for the rest."""

    def strike(self, step: str) -> None:
        raise OSError(
            errno.ENOSPC if step in ("write", "open", "make_folder") else errno.EIO, f"{step} failed"
        )


class CutDisk(CountingDisk):
    """Knows what a power cut at step ``at`` leaves at the least: synced bytes under synced names."""

    def __init__(self, folder: Path, at: int = -1) -> None:
        super().__init__(at)
        self.folder = folder
        self._bytes: dict[int, bytes] = {}
        self._names: dict[Path, dict[str, int]] = {}
        self._held: list[int] = []  # every file stays open, so that no inode number is used again

    def strike(self, step: str) -> None:
        raise PowerCut(step)

    def open(self, path: Path, flags: int) -> int:
        handle = super().open(path, flags)
        self._held.append(os.dup(handle))
        return handle

    def sync(self, handle: int) -> None:
        super().sync(handle)
        with os.fdopen(os.open(f"/proc/self/fd/{handle}", os.O_RDONLY), "rb") as file:
            self._bytes[os.fstat(handle).st_ino] = file.read()

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self._names[path] = {each.name: 0 if each.is_dir() else each.stat().st_ino for each in path.iterdir()}

    def leave(self, target: Path) -> None:
        """Writes into ``target`` what the cut leaves at the least."""
        self._leave(self.folder, target)
        for handle in self._held:
            os.close(handle)

    def _leave(self, source: Path, target: Path) -> None:
        target.mkdir(exist_ok=True)
        for name, inode in self._names.get(source, {}).items():
            if inode == 0:
                self._leave(source / name, target / name)
            elif name != "lock":
                (target / name).write_bytes(self._bytes.get(inode, b""))
