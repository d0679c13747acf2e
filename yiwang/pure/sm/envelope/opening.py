"""Opening: from the holders' answers to the sheet and the documents, or to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from yiwang.pure.sm import shamir, sm3, sm4
from yiwang.pure.sm.envelope import contents, masters, merkle
from yiwang.pure.sm.envelope.contents import Entry, Manifest, Sheet
from yiwang.pure.sm.envelope.head import Head, Header, Part, terms_broken
from yiwang.pure.sm.envelope.partial import Answer, Case, Partial, Refusal, bad_answers
from yiwang.pure.sm.envelope.recovery import Half
from yiwang.pure.sm.envelope.sealing import Writable
from yiwang.pure.sm.envelope.storage import Stored
from yiwang.pure.sm.envelope.terms import CHUNK, DOCUMENTS, SHEET, TAG, Terms
from yiwang.pure.sm.envelope.verdicts import DoesNotOpen, Verdict
from yiwang.pure.sm.errors import BadCiphertext, BadKey, Malformed
from yiwang.pure.sm.points import SecretScalar
from yiwang.pure.sm.sm2 import need_points

_PIECE = 65_536

AcceptSignature = Callable[[bytes, bytes, bytes], bool]  # (certificate, statement, signature)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the bidder's receipt names: the envelope and its root."""

    envelope: str
    root: bytes


@dataclass(frozen=True, slots=True)
class PartKey:
    """The key of one part, for reading its chunks. ``false_refusals``: holders (places) who refused a sound share."""

    key: bytes
    header: Header
    false_refusals: tuple[int, ...]

    def __repr__(self) -> str:
        return f"PartKey({self.header.part} of {self.header.envelope}, hidden)"


def checked_head(stored: Stored, receipt: Receipt, terms: Terms) -> Head:
    """The head of a stored bid, once its bytes are seen to be those of the receipt and for the lot's terms.

    Raises DoesNotOpen (root, head, wrong-lot, wrong-holders).
    """
    raw, leaves = stored.head(), stored.leaves()
    name = receipt.envelope
    if not leaves or merkle.root(leaves) != receipt.root or merkle.leaf(raw) != leaves[0]:
        raise DoesNotOpen(Verdict("root", name, SHEET))
    try:
        head = Head.parse(raw)
    except Malformed as error:
        raise DoesNotOpen(Verdict("head", name, SHEET)) from error
    if head.envelope != name or len(leaves) != 1 + head.chunks:
        raise DoesNotOpen(Verdict("head", name, SHEET))
    code = terms_broken(head, terms)
    if code is not None:
        raise DoesNotOpen(Verdict(code, name, SHEET))
    return head


def part_key(case: Case, bad: tuple[int, ...] = (), half: Half | None = None) -> PartKey:
    """The key of ``case``'s part from its answers; ``bad`` are the places that :func:`bad_answers` named for it.

    Whatever holders take part, the verdict on a bid's shares is the same (see ``masters``). Raises DoesNotOpen
    (no-documents, proof, too-few, share, commitment, derivation, half-missing, half).
    """
    part = case.head.part(case.part)
    if part is None:
        raise _not(case, "no-documents")
    good = {
        place: answer
        for place, answer in case.answers.items()
        if isinstance(answer, Partial) and place not in bad
    }
    refused = tuple(sorted(place for place, each in case.answers.items() if isinstance(each, Refusal)))
    if len(good) < part.header.threshold:
        # One honest holder at least is among as many as the threshold: then a refusal is true.
        if len(refused) >= part.header.threshold:
            raise _not(case, "share")
        raise _not(case, "proof", bad) if bad else _not(case, "too-few")
    master = _master(case, part, good)
    digest = part.header.digest
    if not sm3.equal(masters.commitment(master, digest), part.commitment):
        raise _not(case, "commitment")
    keys = tuple(key.point for key in case.terms.keys)
    frame = masters.Frame.of(part.header)
    proved = {place: answer.result for place, answer in good.items()}
    if not masters.shares_agree(master, frame, keys, part.header.shares, proved):
        raise _not(case, "derivation")
    return PartKey(masters.chunk_key(master, _half(case, part, half), digest), part.header, refused)


def _not(case: Case, code: str, holders: tuple[int, ...] = ()) -> DoesNotOpen:
    return DoesNotOpen(Verdict(code, case.head.envelope, case.part, holders))


def _master(case: Case, part: Part, good: Mapping[int, Partial]) -> SecretScalar:
    """The master from every proved answer, not only from as many as are needed."""
    frame = masters.Frame.of(part.header).digest
    shares: dict[int, SecretScalar] = {}
    for place, answer in good.items():
        opened = masters.opened_share(part.header.shares[place - 1], answer.result)
        if opened is None or opened[1] != masters.share_context(frame, place):
            raise _not(case, "share")
        try:
            shares[place] = SecretScalar.from_bytes(opened[0])
        except BadKey as error:
            raise _not(case, "share") from error
    chosen = sorted(shares)[: part.header.threshold]
    try:
        return shamir.joined({place: shares[place] for place in chosen})
    except BadKey as error:
        raise _not(case, "commitment") from error


def _half(case: Case, part: Part, half: Half | None) -> bytes:
    if not part.header.half:
        return b""
    if half is None:
        raise _not(case, "half-missing")
    octets = half.expose_bytes()
    if not sm3.equal(masters.half_commitment(octets, case.head.lot, case.head.envelope), part.header.half):
        raise _not(case, "half")
    return octets


class PartReader:
    """Reads the chunks of one part, each checked against the receipt's leaves before it is decrypted."""

    def __init__(self, stored: Stored, head: Head, key: PartKey) -> None:
        self._stored, self._head, self._header = stored, head, key.header
        self._digest = key.header.digest
        self._leaves = stored.leaves()
        self._cipher = sm4.sm4_gcm(key.key)
        self._buffer = bytearray(min(CHUNK, key.header.size) + TAG)
        self._held: int | None = None  # the chunk whose plaintext stands in the buffer

    def chunk(self, number: int) -> memoryview:
        """The plaintext of chunk ``number`` (from 0), valid until the next is read. Raises DoesNotOpen (root, chunk)."""
        header, buffer = self._header, self._buffer
        size = header.chunk_size(number)
        if number == self._held:
            return memoryview(buffer)[:size]
        self._held = None
        place = self._head.place(header.part, number)
        try:
            count = self._stored.chunk_into(place, buffer)
        except Malformed as error:
            raise DoesNotOpen(Verdict("root", header.envelope, header.part)) from error
        view = memoryview(buffer)
        if count != size + TAG or merkle.leaf(view[:count]) != self._leaves[1 + place]:
            raise DoesNotOpen(Verdict("root", header.envelope, header.part))
        nonce = masters.chunk_nonce(number, number == header.chunks - 1)
        try:
            self._cipher.decrypt_in_place(nonce, buffer, size, bytes(view[size:count]), self._digest)
        except BadCiphertext as error:
            raise DoesNotOpen(Verdict("chunk", header.envelope, header.part)) from error
        self._held = number
        return view[:size]

    def read(self, start: int, size: int) -> Iterator[bytes]:
        """``size`` bytes of the part's plaintext from ``start`` on, in pieces of at most 64 KiB (larger ones cost the
        allocator more than the copy)."""
        for found in self._views(start, size):
            for begin in range(0, len(found), _PIECE):
                yield bytes(found[begin : begin + _PIECE])

    def write_to(self, out: Writable, start: int, size: int) -> None:
        """Writes ``size`` bytes of the part's plaintext from ``start`` on to ``out``, without a copy in between."""
        for found in self._views(start, size):
            out.write(found)

    def _views(self, start: int, size: int) -> Iterator[memoryview]:
        """The plaintext as views, each valid until the next is asked for: kept inside, because joining them afterwards
        would give the last one many times."""
        end = start + size
        while start < end:
            number, inside = divmod(start, CHUNK)
            found = self.chunk(number)[inside : inside + end - start]
            yield found
            start += len(found)


def opened_sheet(
    stored: Stored, receipt: Receipt, case: Case, key: PartKey, accept_signature: AcceptSignature
) -> Sheet:
    """The opening sheet, whose signature ``accept_signature`` has accepted (certificate, statement, signature).

    Raises DoesNotOpen (root, chunk, sheet, signature).
    """
    head = checked_head(stored, receipt, case.terms)
    plaintext = bytes(PartReader(stored, head, key).chunk(0))
    verdict = Verdict("sheet", head.envelope, SHEET)
    try:
        sheet = contents.parse_sheet(plaintext, head.lot, head.envelope)
    except Malformed as error:
        raise DoesNotOpen(verdict) from error
    bound = None if head.documents is None else (head.documents.header.digest, head.documents.commitment)
    if sm3.digest(sheet.statement) != key.header.manifest or sheet.documents != bound:
        raise DoesNotOpen(verdict)
    if not accept_signature(sheet.certificate, sheet.statement, sheet.signature):
        raise DoesNotOpen(Verdict("signature", head.envelope, SHEET))
    return sheet


class OpenedDocuments:
    """The documents of an opened bid, decrypted as they are read and never written anywhere by this class.

    Raises DoesNotOpen (root, chunk, manifest) here and while reading.
    """

    def __init__(self, stored: Stored, receipt: Receipt, case: Case, key: PartKey) -> None:
        head = checked_head(stored, receipt, case.terms)
        self._stored, self._head, self._key = stored, head, key
        reader = PartReader(stored, head, key)
        self.manifest, self._begin = self._read_manifest(reader)
        self._ready: PartReader | None = (
            reader  # it holds the first chunk; whoever reads first goes on with it
        )

    def _reader(self) -> PartReader:
        """A reader of one's own: its buffer is not to be shared."""
        reader, self._ready = self._ready, None
        return reader or PartReader(self._stored, self._head, self._key)

    def _read_manifest(self, reader: PartReader) -> tuple[Manifest, int]:
        header = self._key.header
        verdict = Verdict("manifest", header.envelope, DOCUMENTS)
        length = int.from_bytes(b"".join(reader.read(0, min(4, header.size))), "big")
        if not 0 < length <= min(contents.MAX_MANIFEST, header.size - 4):
            raise DoesNotOpen(verdict)
        text = b"".join(reader.read(4, length))
        try:
            manifest = contents.parse_manifest(text)
        except Malformed as error:
            raise DoesNotOpen(verdict) from error
        if sm3.digest(text) != header.manifest or manifest.size != header.size:
            raise DoesNotOpen(verdict)
        return manifest, 4 + length

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Names and sizes in bytes, in the bidder's order."""
        return self.manifest.entries

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of the document called ``name``, in pieces of at most 64 KiB. KeyError where there is none."""
        start, size = self._place(name)
        return self._reader().read(start, size)

    def write_to(self, out: Writable, name: str) -> None:
        """Writes the document called ``name`` to ``out``, chunk by chunk. KeyError where there is none."""
        start, size = self._place(name)
        self._reader().write_to(out, start, size)

    def _place(self, name: str) -> tuple[int, int]:
        """Where in the part the document begins, and its size."""
        start = self._begin
        for entry in self.entries:
            if entry.name == name:
                return start, entry.size
            start += entry.size
        raise KeyError(name)


def answered_cases(
    heads: list[Head], terms: Terms, part: str, answers: list[Answer]
) -> tuple[list[Case], list[tuple[int, ...]]]:
    """The cases of one opening and, for each, the places whose proofs do not hold: all proofs in batches."""
    need_points("checking partial decryptions")
    by_envelope: dict[str, dict[int, Answer]] = {head.envelope: {} for head in heads}
    for answer in answers:
        if answer.part == part and answer.lot == terms.lot and answer.envelope in by_envelope:
            held = by_envelope[answer.envelope]
            # A second answer of one holder never displaces a first: the first one published counts.
            held.setdefault(answer.holder, answer)
    cases = [Case(head, terms, part, by_envelope[head.envelope]) for head in heads]
    bad: list[set[int]] = [set() for _ in cases]
    for number, place in bad_answers(cases):
        bad[number].add(place)
    return cases, [tuple(sorted(places)) for places in bad]


__all__ = [
    "AcceptSignature",
    "OpenedDocuments",
    "PartKey",
    "PartReader",
    "Receipt",
    "answered_cases",
    "checked_head",
    "opened_sheet",
    "part_key",
]
