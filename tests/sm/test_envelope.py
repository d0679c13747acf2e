"""Sealed bids between honest parties: what goes in comes out, whoever the holders are that take part."""

from __future__ import annotations

import io
import itertools
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sm.world import FACTS, Bid, Document, World, accepts
from yiwang.pure.kernel import canonical
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.sm import points
from yiwang.pure.sm.envelope import contents, merkle
from yiwang.pure.sm.envelope.closing import ClosingList
from yiwang.pure.sm.envelope.contents import Entry, Manifest
from yiwang.pure.sm.envelope.device import FolderPins
from yiwang.pure.sm.envelope.head import Head
from yiwang.pure.sm.envelope.opening import PartReader, opened_sheet
from yiwang.pure.sm.envelope.partial import Partial, Refusal, answer_from_json
from yiwang.pure.sm.envelope.recovery import Half, TriedHalf
from yiwang.pure.sm.envelope.rehearsal import rehearse
from yiwang.pure.sm.envelope.sealing import seal
from yiwang.pure.sm.envelope.storage import EnvelopeFile
from yiwang.pure.sm.envelope.terms import CHUNK, DOCUMENTS, SHEET, TAG, Terms
from yiwang.pure.sm.envelope.verdicts import DoesNotOpen
from yiwang.pure.sm.errors import BadKey, Malformed
from yiwang.pure.sm.keys import DecryptionKey

WORLD = World()
SMALL = [Document("投标函.pdf", b"letter"), Document("empty", b""), Document("b.bin", bytes(range(256)) * 5)]


@pytest.mark.parametrize("places", [(1, 2), (1, 3), (2, 3), (1, 2, 3), (3, 1)])
def test_any_threshold_of_holders_opens_sheet_and_documents(places):
    bid = WORLD.seal(SMALL)
    assert WORLD.open_sheet(bid, places).facts == FACTS
    assert WORLD.open_documents(bid, places) == {each.name: each.octets for each in SMALL}


@pytest.mark.parametrize(("threshold", "count"), [(2, 2), (3, 5), (5, 5)])
def test_other_thresholds_work_too(threshold, count):
    world = World(threshold=threshold, count=count)
    bid = world.seal()
    for places in itertools.islice(itertools.combinations(range(1, count + 1), threshold), 3):
        assert world.open_sheet(bid, places).facts == FACTS


def prefix_size(name: str, size: int) -> int:
    return len(contents.manifest([Entry(name, size)], bytes(16)).prefix)


@pytest.mark.parametrize("over", [-1, 0, 1])
@pytest.mark.parametrize("chunks", [1, 2])
def test_documents_at_the_border_of_a_chunk_come_back(chunks, over):
    size = chunks * CHUNK - prefix_size("d", chunks * CHUNK - 100) + over
    bid = WORLD.seal([Document("d", bytes([over % 256]) * size)])
    assert bid.sealed.head.documents is not None
    assert bid.sealed.head.documents.header.size == chunks * CHUNK + over
    assert bid.sealed.head.documents.header.chunks == chunks + (over > 0)
    assert WORLD.open_documents(bid) == {"d": bytes([over % 256]) * size}


@settings(max_examples=12, deadline=None)
@given(documents=st.lists(st.binary(max_size=50), min_size=1, max_size=4), strict=st.booleans())
def test_whatever_is_sealed_is_opened(documents, strict):
    half = Half.fresh() if strict else None
    named = [Document(f"{number}", octets) for number, octets in enumerate(documents)]
    bid = WORLD.seal(named, half)
    assert WORLD.open_documents(bid, half=half) == {each.name: each.octets for each in named}
    assert WORLD.open_sheet(bid, half=half).facts == FACTS


def test_a_bid_without_documents_has_none_to_open():
    bid = WORLD.seal()
    with pytest.raises(Refused) as refused:
        WORLD.answers([bid], DOCUMENTS)
    assert [each.rule for each in refused.value.findings] == ["device-no-documents"]


def test_the_size_of_a_sheet_does_not_tell_its_price():
    sizes = {WORLD.seal().sealed.head.sheet.header.size for _ in range(3)}
    facts = dict(FACTS, price_fen=1)
    sizes.add(seal(io.BytesIO(), WORLD.terms, facts, [], WORLD.bidder).head.sheet.header.size)
    assert sizes == {contents.PAD}


def test_in_strict_mode_the_bidders_half_is_needed_and_must_be_the_right_one():
    half = Half.fresh()
    bid = WORLD.seal(SMALL, half)
    for given_half, code in ((None, "half-missing"), (Half.fresh(), "half")):
        with pytest.raises(DoesNotOpen) as stopped:
            WORLD.open_sheet(bid, half=given_half)
        assert stopped.value.verdict.code == code
    assert WORLD.open_sheet(bid, half=Half.from_code(half.code())).facts == FACTS


def full_width(text: str) -> str:
    """As a Chinese keyboard writes it."""
    return "".join(chr(ord(each) + 0xFEE0) for each in text)


@settings(max_examples=50)
@given(octets=st.binary(min_size=20, max_size=20))
def test_a_recovery_code_survives_being_copied_by_hand(octets):
    half = Half(octets)
    sloppy = half.code().lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert Half.from_code(sloppy).expose_bytes() == octets
    assert Half.from_code(full_width(half.code())).expose_bytes() == octets
    assert octets.hex() not in repr(half)


@settings(max_examples=60)
@given(
    octets=st.binary(min_size=20, max_size=20),
    place=st.integers(0, 31),
    other=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
)
def test_one_wrong_character_in_a_recovery_code_is_found(octets, place, other):
    code = Half(octets).code().replace("-", "")
    if code[place] == other:
        return
    wrong = code[:place] + other + code[place + 1 :]
    try:
        read = Half.from_code(wrong)
    except Malformed:
        return
    assert (
        read.code().replace("-", "")[32:] == code[32:]
    )  # one chance in a million: the check agrees by accident


def test_a_half_seals_only_after_its_code_was_typed_in():
    half = Half.fresh()
    with pytest.raises(Malformed):
        TriedHalf(half, Half.fresh().code())
    assert TriedHalf(half, half.code().lower()).half is half


def test_a_holder_rehearses_before_the_key_is_published():
    assert len(rehearse(DecryptionKey.generate())) == 32


def test_the_closing_list_hides_how_many_bids_there_are_and_comes_back_from_json():
    bids = [WORLD.seal() for _ in range(3)]
    for count in (0, 1, 3):
        closing = ClosingList.of(WORLD.lot, [bid.listed for bid in bids[:count]])
        assert len(closing.records) == 16
        assert ClosingList.from_json(closing.to_json()) == closing
        assert [closing.holds(*bid.listed) for bid in bids] == [number < count for number in range(3)]
    many = ClosingList.of(WORLD.lot, [(f"{number:032x}", bytes(32)) for number in range(17)])
    assert len(many.records) == 32


def test_an_envelope_twice_is_no_closing_list():
    with pytest.raises(ValueError):
        ClosingList.of(WORLD.lot, [("0" * 32, bytes(32)), ("0" * 32, b"\x01" * 32)])


def test_heads_terms_and_answers_come_back_from_their_json():
    bid = WORLD.seal(SMALL, Half.fresh())
    head = bid.sealed.head
    assert Head.parse(head.to_bytes()) == head
    assert Terms.from_json(WORLD.terms.to_json()) == WORLD.terms
    for answer in [*WORLD.answers([bid]), Refusal(WORLD.lot, head.envelope, SHEET, 1, "broken")]:
        assert answer_from_json(answer.to_json()) == answer
    assert len(head.to_bytes()) < 2600


@pytest.mark.parametrize(
    "change",
    [
        {"path": None},
        {"path": "ab" * 32},
        {"path": ["ab" * 31]},
        {"path": ["AB" * 32]},
        {"path": [1]},
        {"path": ["ab" * 32] * 25},
        {"answer": f"{points.ORDER:064x}"},
        {"a": "04" + "11" * 64},
        {"b": "00"},
        {"result": "02" + "11" * 32},
        {"holder": 0},
        {"holder": True},
        {"part": "other"},
        {"v": 2},
        {"refused": "broken"},
        {"more": 1},
    ],
)
def test_an_answer_with_one_wrong_field_is_refused(change):
    answer, _ = WORLD.answers([WORLD.seal()])
    text = {**canonical.loads(answer.to_json()), **change}
    with pytest.raises((Malformed, BadKey)):
        answer_from_json(canonical.dumps(text))


def test_a_sealed_file_is_read_from_disk_and_its_root_is_the_one_submitted(tmp_path):
    bid = WORLD.seal(SMALL)
    path = tmp_path / "bid"
    path.write_bytes(bid.raw)
    with EnvelopeFile.at(path) as stored:
        assert stored.root == bid.sealed.root
        assert list(stored.leaves()) == list(bid.sealed.leaves)
        case, key = WORLD.key(bid)
        assert opened_sheet(stored, bid.receipt, case, key, accepts).facts == FACTS
    assert bid.sealed.size == len(bid.raw)
    assert bid.sealed.root.hex().encode() in bid.sealed.submission


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "a\x00", "\u202efdp", "x" * 256, "e\u0301", "\ud800", "a\n"]
)
def test_names_that_would_surprise_a_reader_are_refused(name):
    with pytest.raises(Malformed):
        contents.checked_name(name)


def test_two_files_that_differ_in_case_only_are_refused():
    with pytest.raises(Malformed):
        contents.manifest([Entry("a", 1), Entry("A", 1)], bytes(16))


def test_a_document_that_changes_its_size_meanwhile_stops_the_sealing():
    class Liar(Document):
        @property
        def size(self) -> int:
            return self.claimed  # type: ignore[attr-defined]

    for claimed in (5, 7):
        liar = Liar("d", b"123456")
        object.__setattr__(liar, "claimed", claimed)
        with pytest.raises(Malformed):
            seal(io.BytesIO(), WORLD.terms, FACTS, [liar, Document("e", b"x")], WORLD.bidder)


def test_a_document_that_grows_or_shrinks_after_it_was_listed_stops_the_sealing():
    class Moving(Document):
        """Its size changes after the first look at it."""

        @property
        def size(self) -> int:
            looks = self.looks  # type: ignore[attr-defined]
            looks.append(1)
            return 6 if len(looks) == 1 else 6 + self.step  # type: ignore[attr-defined]

    for step, octets in ((1, b"1234567"), (-1, b"12345")):
        moving = Moving("d", octets)
        object.__setattr__(moving, "looks", [])
        object.__setattr__(moving, "step", step)
        with pytest.raises(Malformed):
            seal(io.BytesIO(), WORLD.terms, FACTS, [moving, Document("e", b"x")], WORLD.bidder)


def test_reading_from_the_middle_gives_the_same_bytes():
    octets = bytes(range(251)) * 10_000
    bid = WORLD.seal([Document("d", octets)])
    case, key = WORLD.key(bid, DOCUMENTS)
    reader = PartReader(bid.stored, case.head, key)
    begin = prefix_size("d", len(octets))
    for start, size in (
        (0, 1),
        (CHUNK - begin - 1, 2),
        (CHUNK - begin, 5),
        (2 * CHUNK, 100),
        (5, CHUNK + 7),
        (len(octets) - 1, 1),
    ):
        assert b"".join(reader.read(begin + start, size)) == octets[start : start + size]
        out = io.BytesIO()
        reader.write_to(out, begin + start, size)
        assert out.getvalue() == octets[start : start + size]


class Zeros(io.RawIOBase):
    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = min(len(buffer), self.left)
        self.left -= count
        return count


class Big:
    name = "big"

    def __init__(self, size: int) -> None:
        self.size = size

    def open(self) -> Zeros:
        return Zeros(self.size)


def test_sealing_and_reading_take_the_memory_of_a_few_chunks(tmp_path):
    size = 48 * CHUNK
    path = tmp_path / "bid"
    tracemalloc.start()
    with path.open("wb") as out:
        sealed = seal(out, WORLD.terms, FACTS, [Big(size)], WORLD.bidder)
    with EnvelopeFile.at(path) as stored:
        bid = Bid.__new__(Bid)
        bid.sealed = sealed
        assert stored.root == sealed.root
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size == sealed.size > size
    assert peak < 4 * (CHUNK + TAG)


def test_progress_counts_every_chunk():
    told = []
    seal(io.BytesIO(), WORLD.terms, FACTS, SMALL, WORLD.bidder, progress=lambda *now: told.append(now))
    assert told == [(1, 2), (2, 2)]


@settings(max_examples=60)
@given(count=st.integers(1, 20) | st.sampled_from([31, 32, 33, 255, 256, 257]))
def test_the_path_of_the_head_leads_to_the_root(count):
    leaves = [merkle.leaf(bytes([number % 256])) for number in range(count)]
    path = merkle.first_path(leaves)
    assert merkle.root_from_first(leaves[0], path, count) == merkle.root(leaves)
    with pytest.raises(Malformed):
        merkle.root_from_first(leaves[0], (*path, bytes(32)), count)


def test_the_root_is_that_of_rfc_6962():
    def slow(leaves):
        if len(leaves) == 1:
            return leaves[0]
        half = 1
        while half * 2 < len(leaves):
            half *= 2
        return merkle.node(slow(leaves[:half]), slow(leaves[half:]))

    for count in range(1, 40):
        leaves = [merkle.leaf(bytes([number])) for number in range(count)]
        assert merkle.root(leaves) == slow(leaves)
    expected = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert (
        merkle.leaf(b"").hex() == expected
    )  # the leaf hash of the empty string in RFC 6962's reference vectors


def test_a_folder_of_pins_remembers_the_first_list(tmp_path):
    pins = FolderPins(tmp_path / "pins")
    assert pins.pin("L", b"a" * 32)
    assert pins.pin("L", b"a" * 32)
    assert not FolderPins(tmp_path / "pins").pin("L", b"b" * 32)
    assert pins.pin("M", b"b" * 32)


def test_partials_are_small_and_carry_no_secret():
    bid = WORLD.seal()
    (answer, _) = WORLD.answers([bid])
    assert isinstance(answer, Partial)
    secret = WORLD.keys[0].scalar().expose_bytes().hex()
    assert secret not in answer.to_json().decode()
    assert len(answer.to_json()) < 800
    assert isinstance(contents.manifest([Entry("a", 1)], bytes(16)), Manifest)
