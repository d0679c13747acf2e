"""Copying what comes into a file, hashed on the way: past the page cache where it is much and the disk allows it.

Receiving, hashing and writing let go of the interpreter, so they go on beside each other, block by block. What goes to
the disk directly is copied once less, and nothing is left to be written when the sync at the end asks for it.
"""

from __future__ import annotations

import errno
import mmap
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol

MUCH = 4 << 20  # below this threads and buffers cost more than they save
PIECE = 256 << 10  # so much is read at once: it stays in the processor's cache until it is copied
BLOCK = 1 << 20  # so much is hashed and written at once
BLOCKS = 4  # buffers of an upload: one is filled while others are hashed and written
ALIGNED = 4096  # where direct writing begins and ends: a multiple of what disks ask for


class Source(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; fewer or none where the sender stopped."""


class _Line:
    """Does its work with what is sent to it, in order, in a thread of its own; after a failure nothing any more."""

    def __init__(self, name: str, work: Callable[[memoryview, int], None]) -> None:
        self._work = work
        self._sent = SimpleQueue[tuple[memoryview, int] | None]()
        self._done = SimpleQueue[Exception | None]()
        self._under_way = 0
        self._thread = Thread(target=self._run, name=name)
        self._thread.start()

    def _run(self) -> None:
        failed: Exception | None = None
        while (sent := self._sent.get()) is not None:
            if failed is None:
                try:
                    self._work(*sent)
                except Exception as error:  # noqa: BLE001 - raised where it is waited for
                    failed = error
            self._done.put(failed)

    def send(self, view: memoryview, offset: int) -> None:
        """The memory is the line's until it is settled."""
        self._under_way += 1
        self._sent.put((view, offset))

    def settle(self, but: int = 0) -> None:
        """Waits until all of what was sent is done, ``but`` so many of the latest. Raises what the work raised."""
        while self._under_way > but:
            failed = self._done.get()
            self._under_way -= 1
            if failed is not None:
                raise failed

    def end(self, *, wait: bool) -> None:
        """Lets the thread end once it has done what was sent; nothing may be sent any more."""
        self._sent.put(None)
        if wait:
            self._thread.join()


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that ended at ``end`` of the file, all of it written; its last blocks may still be on their way to the hashes."""

    end: int
    hashing: _Line | None = None

    def hashed(self) -> None:
        """Waits until the hashes have seen all of it."""
        if self.hashing is not None:
            self.hashing.settle()


def copy(source: Source, descriptor: int, offset: int, length: int, hashes: Sequence[Any]) -> Copied:
    """Copies what comes, at most ``length`` bytes, to ``offset`` of a file open for writing.

    Where the source or the disk fails (their error is raised), the file holds an unbroken beginning of what was read,
    and the hashes are of no use any more.
    """
    end = offset + length
    if length < MUCH:
        return Copied(_plainly(source, descriptor, offset, end, hashes))
    edge = min(end, offset + -offset % ALIGNED)
    reached = _plainly(source, descriptor, offset, edge, hashes)
    if reached < edge:
        return Copied(reached)
    with _direct(descriptor) as direct:
        return _in_blocks(source, _Disk(descriptor, direct), edge, end, hashes)


def _plainly(source: Source, descriptor: int, offset: int, end: int, hashes: Sequence[Any]) -> int:
    while offset < end and (piece := source.read(min(PIECE, end - offset))):
        for each in hashes:
            each.update(piece)
        _write(descriptor, memoryview(piece), offset)
        offset += len(piece)
    return offset


def _write(descriptor: int, view: memoryview, offset: int) -> None:
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


@contextmanager
def _direct(descriptor: int) -> Iterator[int | None]:
    """The same file once more, open for writing past the page cache; None where its disk or system has no such thing."""
    try:
        direct = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_CLOEXEC | os.O_DIRECT)
    except (OSError, AttributeError):
        direct = None
    try:
        yield direct
    finally:
        if direct is not None:
            os.close(direct)


class _Disk:
    """Where blocks go, in order: directly as long as the disk takes them so, else through the page cache."""

    def __init__(self, descriptor: int, direct: int | None) -> None:
        self._descriptor, self._direct = descriptor, direct

    def write(self, view: memoryview, offset: int) -> None:
        """Writes all of ``view``, whose memory and ``offset`` are aligned; its end need not be."""
        whole = len(view) - len(view) % ALIGNED
        while self._direct is not None and whole:
            try:
                written = os.pwrite(self._direct, view[:whole], offset)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                self._direct = None  # this disk wants it otherwise: never again for this file
            else:
                view, offset, whole = view[written:], offset + written, whole - written
                if written % ALIGNED:
                    break
        _write(self._descriptor, view, offset)


def _blocks() -> list[memoryview]:
    """Buffers that begin at a page, as direct writing asks for; in large pages where the system has them."""
    memory = mmap.mmap(-1, BLOCK * BLOCKS, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(AttributeError, OSError):
        memory.madvise(mmap.MADV_HUGEPAGE)
    view = memoryview(memory)
    return [view[at : at + BLOCK] for at in range(0, BLOCK * BLOCKS, BLOCK)]


def _in_blocks(source: Source, disk: _Disk, offset: int, end: int, hashes: Sequence[Any]) -> Copied:
    def hashed(view: memoryview, _: int) -> None:
        for each in hashes:
            each.update(view)

    hashing = _Line("yiwang-hash", hashed)
    try:  # each line ends whatever happens, also where the system gives no second thread
        writing = _Line("yiwang-write", disk.write)
        try:
            reached = _received(source, hashing, writing, offset, end)
        finally:
            writing.end(wait=True)
    finally:
        hashing.end(wait=False)
    return Copied(reached, hashing)


def _received(source: Source, hashing: _Line, writing: _Line, offset: int, end: int) -> int:
    """Sends what comes down both lines, block by block; where it ended, once all of it is written."""
    for block in cycle(_blocks()):
        hashing.settle(BLOCKS - 1)
        writing.settle(BLOCKS - 1)
        most, filled = min(BLOCK, end - offset), 0
        try:
            while filled < most and (piece := source.read(min(PIECE, most - filled))):
                block[filled : filled + len(piece)] = piece
                filled += len(piece)
        finally:  # what a sender has sent before it failed is kept
            hashing.send(block[:filled], offset)
            writing.send(block[:filled], offset)
        offset += filled
        if filled < most or offset == end:
            break
    writing.settle()
    return offset
