"""Sealing: from the sheet and the documents to one stream of bytes, in memory that does not grow with the bid."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from yiwang.pure.kernel import canonical
from yiwang.pure.sm import sm3, sm4
from yiwang.pure.sm.envelope import contents, masters, merkle
from yiwang.pure.sm.envelope.contents import BidderSigner, Entry
from yiwang.pure.sm.envelope.head import Head, Header, Part
from yiwang.pure.sm.envelope.recovery import TriedHalf
from yiwang.pure.sm.envelope.terms import CHUNK, DOCUMENTS, MAX_CHUNKS, SHEET, TAG, VERSION, Terms
from yiwang.pure.sm.errors import BadKey, Malformed
from yiwang.pure.sm.points import SecretScalar
from yiwang.pure.sm.sm2 import need_points


class Document(Protocol):
    """A file to seal: its name, its size in bytes, and a stream of exactly that many bytes."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    def open(self) -> BinaryIO: ...


class Writable(Protocol):
    """Where the sealed bytes go."""

    def write(self, octets: memoryview | bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the bidder keeps and submits. ``leaves`` are the hashes of the head and of every chunk; ``size`` in bytes."""

    head: Head
    root: bytes
    leaves: tuple[bytes, ...]
    size: int

    @property
    def submission(self) -> bytes:
        """The message that submits the bid once all chunks are there: the bidder signs these bytes."""
        return submission_message(self.head, self.root)


def submission_message(head: Head, root: bytes) -> bytes:
    """The canonical JSON that submits the envelope with ``head`` and ``root``."""
    return canonical.dumps(
        {
            "v": VERSION,
            "purpose": "yiwang/envelope/v1/submission",
            "lot": head.lot,
            "envelope": head.envelope,
            "root": root.hex(),
            "chunks": head.chunks,
            "size": len(head.to_bytes()) + head.stored_total,
        }
    )


class _Sealer:
    """One part on its way: master, frame and shares first, header and key when size and manifest are known."""

    def __init__(self, part: str, terms: Terms, envelope: str, half: TriedHalf | None) -> None:
        self._frame = masters.Frame(part, terms.lot, envelope, terms.threshold, terms.fingerprints)
        self._half = half.half.expose_bytes() if half else b""
        keys = tuple(key.point for key in terms.keys)
        while True:
            self._master = SecretScalar.fresh()
            try:
                self._shares = masters.encrypted_shares(self._master, self._frame, keys)
            except BadKey:
                continue  # one share in 2²⁵⁶ is 0: another master
            break

    def part(self, size: int, manifest: bytes) -> Part:
        """The part's header for ``size`` bytes with ``manifest``, and its commitment."""
        frame = self._frame
        header = Header(
            frame.part,
            frame.lot,
            frame.envelope,
            size,
            frame.threshold,
            frame.holders,
            self._shares,
            sm3.digest(manifest),
            masters.half_commitment(self._half, frame.lot, frame.envelope) if self._half else b"",
        )
        return Part(header, masters.commitment(self._master, header.digest))

    def chunks(self, part: Part, plaintext: Callable[[memoryview], None]) -> Iterator[memoryview]:
        """The sealed chunks: each valid until the next is asked for. ``plaintext`` fills a buffer wholly."""
        digest = part.header.digest
        cipher = sm4.sm4_gcm(masters.chunk_key(self._master, self._half, digest))
        buffer = bytearray(min(CHUNK, part.header.size) + TAG)
        view = memoryview(buffer)
        for number in range(part.header.chunks):
            size = part.header.chunk_size(number)
            plaintext(view[:size])
            nonce = masters.chunk_nonce(number, number == part.header.chunks - 1)
            view[size : size + TAG] = cipher.encrypt_in_place(nonce, buffer, size, digest)
            yield view[: size + TAG]


class _Documents:
    """The documents as one stream behind their manifest. Raises Malformed where a file has not the size it said."""

    def __init__(self, documents: Sequence[Document], listed: contents.Manifest) -> None:
        self._prefix = memoryview(listed.prefix)
        # the sizes of the manifest, not what the files say by now
        self._waiting = list(reversed(list(zip(documents, listed.entries, strict=True))))
        self._stream: BinaryIO | None = None
        self._left = 0

    def fill(self, view: memoryview) -> None:
        """Fills ``view``."""
        while view:
            if self._prefix:
                count = min(len(view), len(self._prefix))
                view[:count], self._prefix = self._prefix[:count], self._prefix[count:]
            else:
                count = self._read(view)
            view = view[count:]

    def _read(self, view: memoryview) -> int:
        if self._stream is None:
            document, entry = self._waiting.pop()
            self._stream, self._left = document.open(), entry.size
        wanted = view[: self._left]
        count = self._stream.readinto(wanted) if wanted else 0  # type: ignore[attr-defined]
        self._left -= count
        if wanted and not count:
            raise Malformed("a document is shorter than it was when the sealing began")
        if not self._left:
            self._close()
        return int(count)

    def finish(self) -> None:
        """Empty files at the end are opened and closed like the others."""
        while self._stream is not None or self._waiting:
            self._read(memoryview(b""))

    def _close(self) -> None:
        assert self._stream is not None
        try:
            if self._stream.read(1):
                raise Malformed("a document is longer than it was when the sealing began")
        finally:
            self._stream.close()
            self._stream = None

    def stop(self) -> None:
        """Closes what is open, after an error."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def seal(
    out: Writable,
    terms: Terms,
    facts: dict[str, object],
    documents: Sequence[Document],
    signer: BidderSigner,
    half: TriedHalf | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sealed:
    """Seals a bid for ``terms`` into ``out`` and gives what is submitted.

    ``facts`` is the opening sheet (canonical JSON, at most about 1 MiB); ``documents`` may be empty; ``half`` makes it
    strict mode; ``progress`` is told chunks done and chunks in all. Memory: one chunk, and 32 bytes for each.
    Raises Malformed for what the format cannot hold or a file that changes meanwhile, Unavailable without libcrypto.
    """
    need_points("sealing a bid")
    envelope = secrets.token_hex(16)
    second: tuple[_Sealer, Part, contents.Manifest] | None = None
    if documents:
        listed = contents.manifest([Entry(each.name, each.size) for each in documents], contents.fresh_salt())
        if listed.size > MAX_CHUNKS * CHUNK:
            raise Malformed("the documents are larger than an envelope holds")
        sealer = _Sealer(DOCUMENTS, terms, envelope, half)
        second = (sealer, sealer.part(listed.size, listed.text), listed)
    first = _Sealer(SHEET, terms, envelope, half)
    signed = contents.statement(
        terms.lot, envelope, facts, second[1] if second else None, contents.fresh_salt()
    )
    payload = contents.sheet_payload(signed, signer)
    head = Head(first.part(len(payload), signed), second[1] if second else None)
    return _written(out, head, _all_chunks(head, first, payload, second, documents), progress)


def _all_chunks(
    head: Head,
    first: _Sealer,
    payload: bytes,
    second: tuple[_Sealer, Part, contents.Manifest] | None,
    documents: Sequence[Document],
) -> Iterator[memoryview]:
    def fill_sheet(view: memoryview) -> None:
        view[:] = payload

    yield from first.chunks(head.sheet, fill_sheet)
    if second is None:
        return
    sealer, part, listed = second
    stream = _Documents(documents, listed)
    try:
        yield from sealer.chunks(part, stream.fill)
        stream.finish()
    finally:
        stream.stop()


def _written(
    out: Writable, head: Head, chunks: Iterator[memoryview], progress: Callable[[int, int], None] | None
) -> Sealed:
    raw = head.to_bytes()
    Head.parse(raw)  # what the receiver will do: a head that nobody can read is never sent
    out.write(raw)
    leaves = [merkle.leaf(raw)]
    size = len(raw)
    for number, chunk in enumerate(chunks, start=1):
        leaves.append(merkle.leaf(chunk))
        out.write(chunk)
        size += len(chunk)
        if progress is not None:
            progress(number, head.chunks)
    return Sealed(head, merkle.root(leaves), tuple(leaves), size)
