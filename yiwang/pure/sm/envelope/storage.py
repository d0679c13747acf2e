"""Where sealed bytes are read from, and the check that they are those of the receipt."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from yiwang.pure.sm.envelope import merkle
from yiwang.pure.sm.envelope.head import Head, head_length
from yiwang.pure.sm.envelope.terms import CHUNK, TAG
from yiwang.pure.sm.errors import Malformed


class Stored(Protocol):
    """A sealed bid as it is kept: the head, the chunks (numbered from 0 over both parts), and the leaf hashes that were
    computed at receipt (head first). Not for two threads at once."""

    def head(self) -> bytes: ...
    def leaves(self) -> Sequence[bytes]: ...
    def chunk_into(self, number: int, buffer: bytearray) -> int:
        """Puts chunk ``number`` with its tag into ``buffer``, which is large enough for it; gives how many bytes it
        has."""
        ...


class EnvelopeFile:
    """A sealed bid in one seekable stream of ``size`` bytes. Raises Malformed where it is no envelope or not of the
    length that its head states.

    ``leaves`` reads it all once. Use it in a ``with`` statement: it closes the stream.
    """

    def __init__(
        self, stream: BinaryIO, size: int, progress: Callable[[int, int], None] | None = None
    ) -> None:
        self._file = stream
        prefix = stream.read(12)
        self._raw = prefix + stream.read(head_length(prefix))
        self.parsed = Head.parse(self._raw)
        if size != len(self._raw) + self.parsed.stored_total:
            raise Malformed(
                "the envelope has not the length that its head states: cut off, or something behind it"
            )
        self._leaves: list[bytes] | None = None
        self._progress = progress

    @classmethod
    def at(cls, path: Path, progress: Callable[[int, int], None] | None = None) -> Self:
        """The sealed bid in the file at ``path``."""
        stream = path.open("rb")
        try:
            return cls(stream, path.stat().st_size, progress)
        except BaseException:
            stream.close()
            raise

    @classmethod
    def of(cls, raw: bytes) -> Self:
        """The sealed bid in ``raw``: for small ones."""
        return cls(io.BytesIO(raw), len(raw))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def head(self) -> bytes:
        """The bytes of the head."""
        return self._raw

    def leaves(self) -> Sequence[bytes]:
        """The leaf hashes of the file as it is now."""
        if self._leaves is None:
            buffer = bytearray(CHUNK + TAG)
            view = memoryview(buffer)
            found = [merkle.leaf(self._raw)]
            for number in range(self.parsed.chunks):
                found.append(merkle.leaf(view[: self.chunk_into(number, buffer)]))
                if self._progress is not None:
                    self._progress(number + 1, self.parsed.chunks)
            self._leaves = found
        return self._leaves

    def chunk_into(self, number: int, buffer: bytearray) -> int:
        """Reads chunk ``number``. Raises Malformed where the file ends before."""
        size = self.parsed.stored_size(number)
        self._file.seek(len(self._raw) + self.parsed.offset(number))
        if self._file.readinto(memoryview(buffer)[:size]) != size:  # type: ignore[attr-defined]
            raise Malformed("the file was cut off while it was read")
        return size

    @property
    def root(self) -> bytes:
        """The root over the file as it is now."""
        return merkle.root(self.leaves())
