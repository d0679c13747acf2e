"""Copying what comes into a file, hashed on the way: past the page cache where it is much and the disk allows it.

Receiving, hashing and writing let go of the interpreter, so they go on beside each other, block by block. What goes to
the disk directly is copied once less, and nothing is left to be written when the sync at the end asks for it.
"""

from __future__ import annotations

import errno
import mmap
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
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


def copy(source: Source, descriptor: int, offset: int, length: int, hashes: Sequence[Any]) -> int:
    """Copies what comes, at most ``length`` bytes, to ``offset`` of a file open for writing; gives where it ended.

    ``hashes`` have then seen all of it. Where the source or the disk fails (their error is raised), the file holds an
    unbroken beginning of what was read, and the hashes may be ahead of it.
    """
    end = offset + length
    if length < MUCH:
        return _plainly(source, descriptor, offset, end, hashes)
    edge = min(end, offset + -offset % ALIGNED)
    reached = _plainly(source, descriptor, offset, edge, hashes)
    if reached < edge:
        return reached
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
        self._failed: OSError | None = None

    def write(self, view: memoryview, offset: int) -> None:
        """Writes all of ``view``, whose memory and ``offset`` are aligned; its end need not be.

        After a failure nothing is written any more: a file with a hole would look as if all had arrived.
        """
        if self._failed is not None:
            raise self._failed
        try:
            self._write(view, offset)
        except OSError as error:
            self._failed = error
            raise

    def _write(self, view: memoryview, offset: int) -> None:
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


class _Block:
    """A buffer on its way: it may be filled anew once it is hashed and written."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, BLOCK)  # begins at a page: direct writing asks for that
        self.filled = 0
        self._pending: list[Future[None]] = []

    def follow(self, work: list[Future[None]]) -> None:
        self._pending = work

    def emptied(self) -> None:
        """Waits until the block is free. Raises what hashing or writing raised."""
        for each in self._pending:
            each.result()
        self._pending, self.filled = [], 0


def _in_blocks(source: Source, disk: _Disk, offset: int, end: int, hashes: Sequence[Any]) -> int:
    blocks = deque(_Block() for _ in range(BLOCKS))

    def hashed(view: memoryview) -> None:
        for each in hashes:
            each.update(view)

    with ThreadPoolExecutor(1, "yiwang-hash") as hashing, ThreadPoolExecutor(1, "yiwang-write") as writing:
        more = True
        while more and offset < end:
            block = blocks[0]
            block.emptied()
            try:
                more = _filled(source, block, min(BLOCK, end - offset))
            finally:  # what a sender has sent before it failed is kept
                view = memoryview(block.memory)[: block.filled]
                block.follow([hashing.submit(hashed, view), writing.submit(disk.write, view, offset)])
            offset += block.filled
            blocks.rotate(-1)
        for block in blocks:
            block.emptied()
    return offset


def _filled(source: Source, block: _Block, most: int) -> bool:
    """Fills a block with ``most`` bytes; False where the sender stopped before."""
    while block.filled < most:
        piece = source.read(min(PIECE, most - block.filled))
        if not piece:
            return False
        block.memory[block.filled : block.filled + len(piece)] = piece
        block.filled += len(piece)
    return True
