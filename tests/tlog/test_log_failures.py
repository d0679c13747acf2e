"""Every step of the disk fails once, and the power is cut at every step: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.tlog.disks import CountingDisk, CutDisk, ErringDisk, PowerCut, QuickDisk
from tests.tlog.worlds import AT, LOG_KEY, ORIGIN, entries, memory_log
from yiwang.pure.tlog.api import (
    Checkpoint,
    FolderStorage,
    Log,
    begin_log,
    sign_checkpoint,
    tiles_of,
)
from yiwang.pure.tlog.disk import Disk

BATCHES = (1, 200, 60, 256, 700, 3)
TOTAL = sum(BATCHES)


@dataclass
class Diary:
    """What the outside world was told: entries acknowledged, entries of the batch under way, the last head."""

    acknowledged: int = 0
    under_way: int = 0
    head: Checkpoint | None = None
    done: bool = field(default=False)


def work(folder: Path, disk: Disk, diary: Diary, limit: int) -> None:
    with FolderStorage(folder, writer=True, disk=disk, tail_limit=limit) as storage:
        log = Log(storage, writer=True)
        for count in BATCHES:
            diary.under_way = count
            log.append(entries(log.size, log.size + count))
            diary.acknowledged, diary.under_way = log.size, 0
            diary.head = Checkpoint.parse(sign_checkpoint(log, [LOG_KEY], AT).text)
    diary.done = True


def fresh(folder: Path, disk: Disk | None = None) -> Path:
    folder.mkdir()
    with FolderStorage(folder, writer=True, disk=disk or QuickDisk()) as storage:
        begin_log(storage, ORIGIN, AT)
    return folder


def check_after(folder: Path, diary: Diary) -> None:
    """The log opens, holds what was acknowledged, continues the last head, and takes up its work again."""
    with FolderStorage(folder, writer=True, disk=QuickDisk()) as storage:
        known = [diary.head] if diary.head else []
        log = Log(storage, writer=True, known=known)
        assert log.size in (diary.acknowledged, diary.acknowledged + diary.under_way)
        log.append(entries(log.size, TOTAL))
        assert (log.size, log.root()) == (TOTAL, EXPECTED.root())
        for tile, body in RESOURCES.items():
            assert log.resource(tile) == body
            assert not tile.full or storage.read(tile) == body


# bytes of a tail before it begins anew: at every full bundle, now and then, never in this work
LIMITS = pytest.mark.parametrize("limit", [0, 6000, 1 << 20])
EXPECTED = memory_log(TOTAL)
RESOURCES = {tile: EXPECTED.resource(tile) for tile in tiles_of(TOTAL)}


def counted(make: Callable[[Path], Disk], folder: Path, limit: int) -> int:
    disk = make(fresh(folder))
    assert isinstance(disk, CountingDisk)
    diary = Diary()
    work(folder, disk, diary, limit)
    assert diary.done
    return disk.steps


@LIMITS
def test_every_single_failing_step_leaves_a_log_that_goes_on(tmp_path, limit):
    steps = counted(lambda _: ErringDisk(), tmp_path / "count", limit)
    assert steps > 60
    for at in range(steps):
        folder = fresh(tmp_path / str(at))
        diary = Diary()
        with pytest.raises(OSError, match="failed"):
            work(folder, ErringDisk(at), diary, limit)
        check_after(folder, diary)
        shutil.rmtree(folder)


@LIMITS
def test_a_power_cut_at_every_step_loses_nothing_that_was_acknowledged(tmp_path, limit):
    steps = counted(CutDisk, tmp_path / "count", limit)
    for at in range(steps):
        folder, left = tmp_path / str(at), tmp_path / f"{at}-left"
        folder.mkdir()
        disk = CutDisk(folder)
        with FolderStorage(folder, writer=True, disk=disk) as storage:
            begin_log(storage, ORIGIN, AT)
        disk.at = disk.steps + at
        diary = Diary()
        with pytest.raises(PowerCut):
            work(folder, disk, diary, limit)
        disk.leave(left)  # the least that can be left, then the most: all that was written
        for each in (left, folder):
            check_after(each, diary)
            shutil.rmtree(each)


def test_nothing_is_written_after_a_failed_sync_until_the_log_is_opened_again(tmp_path):
    # after a failed fsync the next one may succeed although the bytes were dropped
    class DeafDisk(CountingDisk):
        def strike(self, step: str) -> None:
            raise OSError(5, "sync failed")

        def sync(self, handle: int) -> None:
            self._step("sync")

        def _step(self, step: str) -> None:
            if step == "sync":
                super()._step(step)

    folder = fresh(tmp_path / "log")
    disk = DeafDisk(at=1)  # 0 is the tail written anew at the start
    with FolderStorage(folder, writer=True, disk=disk) as storage:
        log = Log(storage, writer=True)
        with pytest.raises(OSError, match="sync failed"):
            log.append([b"a"])
        before = disk.steps
        for _ in range(2):
            with pytest.raises(Exception, match="log-broken"):
                log.append([b"b"])
        assert disk.steps == before
        with pytest.raises(Exception, match="log-broken"):
            storage.append(0, [b"c"])


def test_begin_leaves_a_log_or_something_that_is_refused(tmp_path):
    disk = CutDisk(tmp_path / "count")
    fresh(tmp_path / "count", disk)
    for at in range(disk.steps):
        folder, left = tmp_path / str(at), tmp_path / f"{at}-left"
        cut = CutDisk(folder, at)
        with pytest.raises(PowerCut):
            fresh(folder, cut)
        cut.leave(left)
        with FolderStorage(left, writer=True) as storage:
            if storage.inception() is None:
                with pytest.raises(Exception, match="log-missing"):
                    Log(storage, writer=True)
            else:
                assert Log(storage, writer=True).size == 0


@LIMITS
def test_a_log_goes_on_after_an_error_once_it_is_opened_again(tmp_path, limit):
    steps = counted(lambda _: ErringDisk(), tmp_path / "count", limit)
    for at in range(2, steps, 5):
        folder = fresh(tmp_path / str(at))
        disk = ErringDisk(at)
        with FolderStorage(folder, writer=True, disk=disk, tail_limit=limit) as storage:
            try:
                log = Log(storage, writer=True)
            except OSError:
                log = Log(storage, writer=True)
            while log.size < TOTAL:
                try:
                    log.append(entries(log.size, min(log.size + 250, TOTAL)))
                except OSError:
                    log.refresh()
            assert log.root() == EXPECTED.root()
        assert Log(FolderStorage(folder)).root() == EXPECTED.root()
