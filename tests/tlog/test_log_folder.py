"""A log in a folder: what is on the disk, what survives, and what is refused. Each accident is one of another log."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.tlog.worlds import AT, LOG_KEY, ORIGIN, entries, folder_log, memory_log, rules_of
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import (
    ENTRIES,
    FolderStorage,
    Log,
    MemoryStorage,
    Tile,
    audit_log,
    begin_log,
    sign_checkpoint,
    tiles_of,
)


def reopened(path: Path, writer: bool = True) -> Log:
    return Log(FolderStorage(path, writer=writer), writer=writer)


@pytest.mark.parametrize(
    "batches", [(65_537,), (65_536, 1), (65_535, 2), (66_000,), (65_537, 463), (1, 255, 65_744)]
)
def test_full_tiles_are_whole_at_the_sizes_where_another_log_wrote_them_truncated(tmp_path, batches):
    # tessera issue 1178: at 65537 and 66000 a truncated tile stood at the path of a full one
    log = folder_log(tmp_path)
    expected = memory_log(sum(batches))
    first = 0
    for count in batches:
        log.append(entries(first, first + count))
        first += count
    on_disk = {str(each.relative_to(tmp_path)) for each in (tmp_path / "tile").rglob("*") if each.is_file()}
    assert on_disk == {each.path for each in tiles_of(first) if each.full}
    for tile in tiles_of(first):
        assert log.resource(tile) == expected.resource(tile)
        if tile.full and tile.level != ENTRIES:
            assert (tmp_path / tile.path).stat().st_size == 8192
    log.storage.close()
    assert reopened(tmp_path).root() == expected.root()


def test_a_truncated_full_tile_on_the_disk_is_never_used(tmp_path):
    log = folder_log(tmp_path, 66_000)
    log.storage.close()
    victim = tmp_path / Tile(0, 3).path
    victim.write_bytes(victim.read_bytes()[: 100 * 32])
    log = reopened(tmp_path)  # tile 0/003 lies under the full tile 1/000: it is not read at the start
    with pytest.raises(Refused) as refusal:
        log.inclusion_proof(3 * 256 + 5)
    assert rules_of(refusal) == ["tile-width"]
    assert [each.rule for each in audit_log(log).findings] == ["tlog.tile-damaged"]
    log.inclusion_proof(5)  # other proofs do not suffer


def test_a_truncated_tile_under_the_right_edge_stops_the_log_at_the_start(tmp_path):
    log = folder_log(tmp_path, 66_000)
    log.storage.close()
    victim = tmp_path / Tile(1, 0).path
    victim.write_bytes(victim.read_bytes()[: 231 * 32])
    with pytest.raises(Refused) as refusal:
        reopened(tmp_path)
    assert rules_of(refusal) == ["tile-width"]


def test_a_full_tile_that_is_there_with_other_bytes_is_never_written_over(tmp_path):
    log = folder_log(tmp_path, 200)
    foreign = tmp_path / Tile(0, 0).path
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(bytes(8192))
    with pytest.raises(Refused) as refusal:
        log.append(entries(200, 300))
    assert rules_of(refusal) == ["tile-differs"]
    assert foreign.read_bytes() == bytes(8192)
    with pytest.raises(Refused) as refusal:
        log.append([b"more"])
    assert rules_of(refusal) == ["log-broken"]


@pytest.mark.parametrize("place", [0, 40, 8191])
def test_a_flipped_bit_in_a_tile_is_found_by_proofs_and_audit(tmp_path, place):
    log = folder_log(tmp_path, 70_000)
    sign_checkpoint(log, [LOG_KEY], AT)
    log.storage.close()
    victim = tmp_path / Tile(0, 7).path
    body = bytearray(victim.read_bytes())
    body[place] ^= 1
    victim.write_bytes(body)
    log = reopened(tmp_path)
    with pytest.raises(Refused) as refusal:
        log.inclusion_proof(7 * 256)
    assert rules_of(refusal) == ["tile-damaged"]
    assert [each.params["path"] for each in audit_log(log).findings] == [Tile(0, 7).path]


def test_a_flipped_bit_in_a_stored_entry_is_found_when_it_is_read_and_by_the_audit(tmp_path):
    log = folder_log(tmp_path, 600)
    log.storage.close()
    victim = tmp_path / Tile(ENTRIES, 1).path
    body = bytearray(victim.read_bytes())
    body[-1] ^= 1
    victim.write_bytes(body)
    log = reopened(tmp_path)
    with pytest.raises(Refused) as refusal:
        log.entry(511)
    assert rules_of(refusal) == ["entry-damaged"]
    assert log.entry(510) == b"entry 510"
    found = {each.rule for each in audit_log(log).findings}
    assert found == {"tlog.tile-damaged", "tlog.root-wrong"}


def test_a_full_tile_whose_entries_are_still_in_the_tail_is_compared_when_a_writer_opens_the_log(tmp_path):
    log = folder_log(tmp_path, 600, tail_limit=1 << 20)
    root = log.root()
    log.storage.close()
    victim = tmp_path / Tile(0, 1).path
    victim.write_bytes(victim.read_bytes()[:4000])
    with FolderStorage(tmp_path, writer=True) as storage:
        with pytest.raises(Refused) as refusal:
            Log(storage, writer=True)
        assert rules_of(refusal) == ["tile-differs"]
    assert [each.rule for each in audit_log(reopened(tmp_path, writer=False)).findings] == [
        "tlog.tile-damaged"
    ]
    assert reopened(tmp_path, writer=False).root() == root  # a reader builds it from the tail
    victim.unlink()
    reopened(tmp_path).storage.close()
    assert victim.stat().st_size == 8192


def test_a_long_tail_begins_anew_at_the_last_full_bundle(tmp_path):
    log = folder_log(tmp_path, tail_limit=20_000)
    starts = set()
    for first in range(0, 3000, 100):
        log.append(entries(first, first + 100))
        names = [each.name for each in (tmp_path / "tail").iterdir()]
        assert len(names) == 1
        starts.add(int(names[0]))
        assert (tmp_path / "tail" / names[0]).stat().st_size < 30_000
    assert len(starts) > 1
    assert all(start % 256 == 0 for start in starts)


def test_a_flipped_bit_in_the_tail_is_damage_where_more_follows(tmp_path):
    log = folder_log(tmp_path)
    for number in range(5):
        log.append([b"entry %d" % number])
    log.storage.close()
    tail = next((tmp_path / "tail").glob("0*"))
    body = bytearray(tail.read_bytes())
    body[60] ^= 1
    tail.write_bytes(body)
    with pytest.raises(Refused) as refusal:
        reopened(tmp_path)
    assert rules_of(refusal) == ["tail-damaged"]
    assert tail.read_bytes() == bytes(body)


def test_damage_in_what_was_written_with_the_tail_is_never_taken_for_a_cut(tmp_path):
    log = folder_log(tmp_path, 20)
    log.storage.close()
    reopened(tmp_path).storage.close()  # the tail is now one batch of twenty entries
    tail = next((tmp_path / "tail").glob("0*"))
    body = tail.read_bytes()
    for bent in (body[:-1], body[:10], b"", body[:-1] + b"x", bytes(len(body))):
        tail.write_bytes(bent)
        with pytest.raises(Refused) as refusal:
            reopened(tmp_path, writer=False)
        assert rules_of(refusal) == ["tail-damaged"]
    tail.write_bytes(body)
    assert reopened(tmp_path).size == 20


def test_a_batch_cut_by_a_crash_is_set_aside_and_the_rest_stays(tmp_path):
    log = folder_log(tmp_path)
    log.append(entries(0, 10))
    whole = next((tmp_path / "tail").glob("0*")).read_bytes()
    log.append(entries(10, 20))
    log.storage.close()
    tail = next((tmp_path / "tail").glob("0*"))
    longer = tail.read_bytes()
    for cut in range(len(whole) + 1, len(longer)):
        tail.write_bytes(longer[:cut])
        log = reopened(tmp_path)
        assert log.size == 10
        assert (tmp_path / "tail" / "0000000000000000.torn").read_bytes() == longer[len(whole) : cut]
        log.append(entries(10, 12))
        log.storage.close()
        assert reopened(tmp_path, writer=False).root() == memory_log(12).root()


def test_a_signed_head_that_the_tail_no_longer_reaches_stops_the_log(tmp_path):
    log = folder_log(tmp_path, 20)
    log.append(entries(20, 30))
    sign_checkpoint(log, [LOG_KEY], AT)
    log.storage.close()
    tail = next((tmp_path / "tail").glob("0*"))
    tail.write_bytes(tail.read_bytes()[:-3])
    with pytest.raises(Refused) as refusal:
        reopened(tmp_path)
    assert rules_of(refusal) == ["log-shorter"]


def test_a_log_is_never_made_anew_by_opening_it(tmp_path):
    with pytest.raises(Refused) as refusal:
        reopened(tmp_path)
    assert rules_of(refusal) == ["log-missing"]
    assert [each.name for each in tmp_path.iterdir()] == ["lock"]


def test_a_log_is_never_begun_over_the_remains_of_another(tmp_path):
    folder_log(tmp_path, 300).storage.close()
    (tmp_path / "inception").unlink()
    storage = FolderStorage(tmp_path, writer=True)
    with pytest.raises(Refused) as refusal:
        begin_log(storage, ORIGIN, AT)
    assert rules_of(refusal) == ["log-exists"]


def test_a_log_made_anew_is_refused_by_what_a_witness_knows(tmp_path):
    known = memory_log(10).head()
    storage = FolderStorage(tmp_path, writer=True)
    begin_log(storage, ORIGIN, AT)
    with pytest.raises(Refused) as refusal:
        Log(storage, writer=True, known=[known])
    assert rules_of(refusal) == ["log-shorter"]
    forked = memory_log(0)
    forked.append([b"other"] * 12)
    with pytest.raises(Refused) as refusal:
        forked.check_known(known)
    assert rules_of(refusal) == ["log-forked"]


def test_a_restored_copy_signs_nothing_where_a_later_head_is_known(tmp_path):
    log = memory_log(10)
    sign_checkpoint(log, [LOG_KEY], AT)
    with pytest.raises(Refused) as refusal:
        sign_checkpoint(log, [LOG_KEY], AT, known=[memory_log(11).head()])
    assert rules_of(refusal) == ["log-shorter"]


def test_a_damaged_inception_is_refused(tmp_path):
    folder_log(tmp_path, 3).storage.close()
    record = (tmp_path / "inception").read_bytes()
    for broken in (b"", b"{}", b"[]", record + b"\n", record.replace(b"sha256", b"sha257"), b"\xff"):
        (tmp_path / "inception").write_bytes(broken)
        with pytest.raises(Refused) as refusal:
            reopened(tmp_path, writer=False)
        assert rules_of(refusal)[0] in ("inception-damaged", "hash-unknown")


def test_two_writers_cannot_stand_beside_each_other(tmp_path):
    log = folder_log(tmp_path, 3)
    with pytest.raises(Refused) as refusal:
        FolderStorage(tmp_path, writer=True)
    assert rules_of(refusal) == ["log-locked"]
    log.storage.close()
    FolderStorage(tmp_path, writer=True).close()


def test_a_reader_sees_what_a_writer_adds_and_writes_nothing(tmp_path):
    log = folder_log(tmp_path, 100)
    reader = reopened(tmp_path, writer=False)
    before = {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")}
    for count in (100, 300, 1000):
        log.append(entries(log.size, count))
        reader.refresh()
        assert (reader.size, reader.root()) == (log.size, log.root())
        assert reader.entry(count - 1) == b"entry %d" % (count - 1)
    assert before
    for write in (
        lambda: reader.append([b"x"]),
        lambda: reader.storage.append(1000, [b"x"]),
        lambda: reader.storage.settle({}, 768, []),
        lambda: sign_checkpoint(reader, [LOG_KEY], AT),
        lambda: begin_log(reader.storage, ORIGIN, AT),
    ):
        with pytest.raises(Refused) as refusal:
            write()
        assert rules_of(refusal) == ["log-read-only"]


def test_partial_tiles_take_no_room_on_the_disk(tmp_path):
    # TesseraCT issue 644: 146 GB with partial tiles on the disk against 4.4 GB without
    log = folder_log(tmp_path)
    for number in range(600):
        log.append([b"entry %d" % number])
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert not [each for each in files if ".p" in str(each.relative_to(tmp_path)) or each.suffix == ".new"]
    assert len(files) == 3 + 2 * 2  # inception, lock, one tail; two bundles and two tiles


def test_an_empty_batch_and_an_empty_log_are_fine(tmp_path):
    log = folder_log(tmp_path)
    assert log.append([]) == range(0)
    assert log.root() == log.tree.empty
    assert audit_log(log).findings == ()
    log.append([b""])
    log.storage.close()
    assert reopened(tmp_path).entry(0) == b""


def test_the_storage_in_memory_keeps_the_same_rules():
    storage = MemoryStorage()
    begin_log(storage, ORIGIN, AT)
    with pytest.raises(Refused) as refusal:
        begin_log(storage, ORIGIN, AT)
    assert rules_of(refusal) == ["log-exists"]
    one, two = Log(storage, writer=True), Log(storage, writer=True)
    one.append([b"a"])
    with pytest.raises(Refused) as refusal:
        two.append([b"b"])
    assert rules_of(refusal) == ["append-elsewhere"]
    storage.settle({Tile(0, 0): bytes(8192)}, 0, [])
    with pytest.raises(Refused) as refusal:
        storage.settle({Tile(0, 0): b"\x01" * 8192}, 0, [])
    assert rules_of(refusal) == ["tile-differs"]


def test_reading_outside_the_log_is_refused():
    log = memory_log(5)
    for call in (lambda: log.entry(5), lambda: log.entry(-1), lambda: log.inclusion_proof(5)):
        with pytest.raises(Refused) as refusal:
            call()
        assert rules_of(refusal) == ["index-outside"]
    for call in (lambda: log.root(6), lambda: log.inclusion_proof(0, 6), lambda: log.consistency_proof(3, 6)):
        with pytest.raises(Refused) as refusal:
            call()
        assert rules_of(refusal) == ["size-outside"]


def test_an_audit_stops_at_a_bundle_that_cannot_be_read_and_names_it(tmp_path):
    folder_log(tmp_path, 1000).storage.close()
    bundle_file, tile_file = tmp_path / Tile(ENTRIES, 2).path, tmp_path / Tile(0, 1).path
    whole = bundle_file.read_bytes()
    for cut, rule in ((whole[:-1], "bundle-cut"), (whole[: -len(b"entry 767") - 2], "tile-width")):
        bundle_file.write_bytes(cut)
        found = audit_log(reopened(tmp_path, writer=False))
        assert [each.rule for each in found.findings] == [f"tlog.{rule}"]
        assert (found.entries, found.root) == (512, b"")
    bundle_file.unlink()
    assert [each.rule for each in audit_log(reopened(tmp_path, writer=False)).findings] == [
        "tlog.tile-missing"
    ]
    bundle_file.write_bytes(whole)
    log = reopened(tmp_path, writer=False)
    tile_file.unlink()
    found = audit_log(log)
    assert [each.params["path"] for each in found.findings] == ["tile/0/001"]
    with pytest.raises(Refused) as refusal:
        log.inclusion_proof(300)
    assert rules_of(refusal) == ["tile-missing"]


def test_a_storage_whose_tail_begins_inside_a_bundle_is_refused():
    class Misplaced(MemoryStorage):
        def pending(self) -> tuple[int, list[bytes]]:
            return 5, []

    storage = Misplaced()
    begin_log(storage, ORIGIN, AT)
    with pytest.raises(Refused) as refusal:
        Log(storage)
    assert rules_of(refusal) == ["tail-misplaced"]


def test_few_tiles_in_memory_give_the_same_proofs(tmp_path, monkeypatch):
    log = folder_log(tmp_path, 2000)
    expected = memory_log(2000)
    monkeypatch.setattr("yiwang.pure.tlog.log.CACHED_TILES", 1)
    for index in range(0, 2000, 97):
        assert log.inclusion_proof(index) == expected.inclusion_proof(index)


def test_a_checkpoint_of_another_log_is_not_continued():
    log = memory_log(3)
    with pytest.raises(Refused) as refusal:
        log.check_known(dataclasses.replace(log.head(), origin="other.example"))
    assert rules_of(refusal) == ["log-foreign"]
