"""Copying into a file, directly or not: whatever sender and disk do, the file is an unbroken beginning of what was sent."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.record.files import copying
from yiwang.record.files.copying import ALIGNED, copy

BLOCK, MUCH = 2 * ALIGNED, 3 * ALIGNED
SENT = os.urandom(2 * copying.BLOCKS * BLOCK)
_PWRITE = os.pwrite

around = st.builds(lambda edge, by: max(0, edge * ALIGNED + by), st.integers(0, 12), st.integers(-2, 2))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BLOCK", BLOCK)
    monkeypatch.setattr(copying, "MUCH", MUCH)


@dataclass
class Sender:
    """Gives ``at_once`` bytes at most; ends early politely, or with an error."""

    stream: io.BytesIO
    at_once: int
    fails: bool

    def read(self, size: int, /) -> bytes:
        piece = self.stream.read(min(size, self.at_once))
        if not piece and self.fails:
            raise ConnectionResetError
        return piece


def _copied(path: Path, offset: int, length: int, sender: Sender) -> tuple[int | None, str, bytes]:
    """Where the copy ended (None: with the sender's or the disk's error), the digest, and what the file holds."""
    path.write_bytes(SENT[:offset])
    hashed, reached = hashlib.sha256(SENT[:offset]), None
    descriptor = os.open(path, os.O_RDWR)
    try:
        copied = copy(sender, descriptor, offset, length, [hashed])
        copied.hashed()
        reached = copied.end
    except OSError:
        reached = None
    finally:
        os.close(descriptor)
    return reached, hashed.hexdigest(), path.read_bytes()


@given(
    offset=around,
    length=around,
    sent=around,
    at_once=st.sampled_from([700, ALIGNED, BLOCK + 1, 1 << 20]),
    fails=st.booleans(),
)
def test_the_file_is_what_was_sent_and_the_hash_is_of_it(
    tmp_path_factory: pytest.TempPathFactory, offset: int, length: int, sent: int, at_once: int, fails: bool
) -> None:
    came = SENT[offset : offset + min(length, sent)]
    sender = Sender(io.BytesIO(came), at_once, fails)
    path = tmp_path_factory.mktemp("copy") / "file"
    reached, digest, held = _copied(path, offset, length, sender)
    assert held == SENT[: offset + len(came)]
    if len(came) < length and fails:
        assert reached is None
    else:
        assert reached == len(held)
        assert digest == hashlib.sha256(held).hexdigest()


def _otherwise(descriptor: int, view: Any, offset: int) -> int:
    """A disk that takes nothing past the page cache."""
    if _is_direct(descriptor):
        raise OSError(errno.EINVAL, "Invalid argument")
    return _PWRITE(descriptor, view, offset)


def _in_bits(descriptor: int, view: Any, offset: int) -> int:
    """A disk that takes a part of what it is given."""
    return _PWRITE(
        descriptor, view[: max(1, len(view) // 2)] if not _is_direct(descriptor) else view[:ALIGNED], offset
    )


def _is_direct(descriptor: int) -> bool:
    flags = Path(f"/proc/self/fdinfo/{descriptor}").read_text().split("flags:\t")[1].split()[0]
    return bool(int(flags, 8) & os.O_DIRECT)


@pytest.mark.parametrize("disk", [_PWRITE, _otherwise, _in_bits])
@pytest.mark.parametrize("offset", [0, 1, ALIGNED])
def test_whatever_way_the_disk_wants_it_all_of_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Callable[[int, Any, int], int], offset: int
) -> None:
    ways = set[bool]()

    def watched(descriptor: int, view: Any, at: int) -> int:
        ways.add(_is_direct(descriptor))
        return disk(descriptor, view, at)

    monkeypatch.setattr(copying.os, "pwrite", watched)
    length = len(SENT) - offset - 5
    sender = Sender(io.BytesIO(SENT[offset:]), 1 << 20, fails=False)
    reached, digest, held = _copied(tmp_path / "file", offset, length, sender)
    assert reached == len(SENT) - 5
    assert held == SENT[:-5]
    assert digest == hashlib.sha256(held).hexdigest()
    assert ways == {True, False}  # here the disk takes it directly; the ragged end never goes so


def test_a_system_without_direct_writing_writes_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(copying.os, "O_DIRECT")
    sender = Sender(io.BytesIO(SENT), 1 << 20, fails=False)
    reached, digest, held = _copied(tmp_path / "file", 0, len(SENT), sender)
    assert (reached, held, digest) == (len(SENT), SENT, hashlib.sha256(SENT).hexdigest())


@pytest.mark.parametrize("room", [0, 1, 2, 3, 5])
def test_where_the_disk_is_full_for_a_moment_no_hole_looks_like_bytes_that_arrived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    answers: Iterator[bool] = iter([True] * room + [False])

    def full_for_a_moment(descriptor: int, view: Any, at: int) -> int:
        if not next(answers, True):
            raise OSError(errno.ENOSPC, "No space left on device")
        return _PWRITE(descriptor, view, at)

    monkeypatch.setattr(copying.os, "pwrite", full_for_a_moment)
    sender = Sender(io.BytesIO(SENT), 1 << 20, fails=False)
    reached, _, held = _copied(tmp_path / "file", 0, len(SENT), sender)
    assert reached is None
    assert held == SENT[: len(held)]
    assert len(held) == room * BLOCK


class Held:
    """A hash that sees a block only when it is let see one more."""

    def __init__(self) -> None:
        self.let, self.seen = Semaphore(0), bytearray()

    def update(self, view: memoryview) -> None:
        assert self.let.acquire(timeout=10)
        self.seen += view


def test_what_is_written_does_not_wait_for_the_hash_and_the_hash_still_sees_all_of_it(tmp_path: Path) -> None:
    sent, held = SENT[: copying.BLOCKS * BLOCK], Held()
    with (tmp_path / "file").open("w+b", buffering=0) as file:
        copied = copy(io.BytesIO(sent), file.fileno(), 0, len(sent), [held])
        assert (copied.end, (tmp_path / "file").read_bytes()) == (len(sent), sent)
        assert held.seen == b""
        held.let.release(copying.BLOCKS)
        copied.hashed()
    assert held.seen == sent


def test_no_more_is_kept_for_a_slow_hash_than_the_blocks_of_one_upload(tmp_path: Path) -> None:
    held = Held()

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            came = self.tell()
            assert came - len(held.seen) < copying.BLOCKS * BLOCK
            if came >= (copying.BLOCKS - 1) * BLOCK and came % BLOCK == 0:
                held.let.release()  # no block is free until this one is seen
            return super().read(size)

    with (tmp_path / "file").open("w+b", buffering=0) as file:
        copied = copy(Watched(SENT), file.fileno(), 0, len(SENT), [held])
        held.let.release(copying.BLOCKS)
        copied.hashed()
    assert held.seen == SENT


def test_where_the_system_gives_no_second_thread_the_first_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, begun = Thread.start, []

    def start(thread: Thread) -> None:
        if begun:
            raise RuntimeError("can't start new thread")
        begun.append(thread)
        begin(thread)

    monkeypatch.setattr(Thread, "start", start)
    with (
        (tmp_path / "file").open("w+b", buffering=0) as file,
        pytest.raises(RuntimeError, match="new thread"),
    ):
        copy(io.BytesIO(SENT), file.fileno(), 0, len(SENT), [hashlib.sha256()])
    begun[0].join(timeout=10)
    assert not begun[0].is_alive()
