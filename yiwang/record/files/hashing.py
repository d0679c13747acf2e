"""Hashing beside the writing: both let go of the interpreter, so two cores work at one upload."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

ALONE = 4 << 20  # what is shorter is hashed where it is: a thread would cost more than it saves
AHEAD = 4  # pieces that may wait to be hashed


@contextmanager
def hashed_beside(hashes: Sequence[Any], length: int) -> Iterator[Callable[[bytes], None]]:
    """Gives what takes the pieces of about ``length`` bytes: ``hashes`` have seen all of them, in order, at the end."""

    def update(piece: bytes) -> None:
        for each in hashes:
            each.update(piece)

    if length < ALONE:
        yield update
        return
    waiting = deque[Future[None]]()
    with ThreadPoolExecutor(1, "yiwang-hash") as thread:

        def hash_also(piece: bytes) -> None:
            waiting.append(thread.submit(update, piece))
            if len(waiting) > AHEAD:
                waiting.popleft().result()

        yield hash_also
        for each in waiting:
            each.result()
