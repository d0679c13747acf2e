"""Tiles and bundles by C2SP tlog-tiles: paths, widths, bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.worlds import memory_log, rules_of
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import ENTRIES, SHA256, Tile, bundle, bundle_entries, tiles_of

TILES = st.builds(
    Tile,
    st.integers(-1, 3) | st.integers(0, 63),
    st.sampled_from([0, 999, 1000, 1001, 999_999, 1_000_000]) | st.integers(0, 2**40),
    st.sampled_from([1, 255, 256]) | st.integers(1, 256),
)


def test_the_path_of_the_specification_comes_out():
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(2, 0, 1).path == "tile/2/000.p/1"
    assert Tile(ENTRIES, 5).path == "tile/entries/005"


@given(TILES)
def test_a_path_reads_back_as_its_tile(tile):
    assert Tile.parse(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/0/x000/000", "tile/0/001/000", "tile/0/x01/000", "tile/-1/000", "/tile/0/000",
        "tile/0/000/", "tile/0/000.p/", "tile/data/000", "tile/0/٠٠٠", "tile/0/000\n", "tile/0/../0/000",
        "tile/0/" + "x001/" * 20 + "000",
    ],
)  # fmt: skip
def test_a_path_of_another_spelling_is_refused(path):
    with pytest.raises(Refused) as refusal:
        Tile.parse(path)
    assert rules_of(refusal) == ["tile-path"]


@pytest.mark.parametrize("numbers", [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_out_of_range_is_refused(numbers):
    with pytest.raises(Refused) as refusal:
        Tile(*numbers)
    assert rules_of(refusal) == ["tile-range"]


def test_the_tiles_of_seventy_thousand_entries_are_those_of_the_specification():
    tiles = list(tiles_of(70_000))
    assert sum(each.level == 0 and each.full for each in tiles) == 273
    assert Tile(0, 273, 112) in tiles
    assert [each for each in tiles if each.level == 1] == [Tile(1, 0), Tile(1, 1, 17)]
    assert [each for each in tiles if each.level == 2] == [Tile(2, 0, 1)]
    assert list(tiles_of(256)) == [Tile(ENTRIES, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 65_536, 65_537])
def test_every_tile_of_a_size_has_its_width_and_hashes_to_the_one_above(size):
    log = memory_log(size)
    for tile in tiles_of(size):
        body = log.resource(tile)
        assert tile.check(body) == body
        if tile.level == ENTRIES:
            leaves = b"".join(SHA256.leaves(bundle_entries(body)))
            assert leaves == log.resource(Tile(0, tile.index, tile.width))
    with pytest.raises(Refused) as refusal:
        log.resource(Tile(0, size // 256, size % 256 + 1))
    assert rules_of(refusal) == ["tile-outside"]


def test_a_partial_tile_is_served_after_the_full_one_exists():
    log = memory_log(300)
    full = log.resource(Tile(0, 0))
    assert log.resource(Tile(0, 0, 17)) == full[: 17 * 32]
    assert bundle_entries(log.resource(Tile(ENTRIES, 0, 2))) == [b"entry 0", b"entry 1"]


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"", bytes(65535)]), max_size=5))
def test_a_bundle_gives_back_its_entries(batch):
    assert bundle_entries(bundle(batch)) == batch


def test_a_bundle_cut_anywhere_else_than_after_an_entry_is_refused_with_the_byte():
    body = bundle([b"one", b"", b"three"])
    for cut in set(range(1, len(body))) - {5, 7}:
        with pytest.raises(Refused) as refusal:
            bundle_entries(body[:cut])
        assert refusal.value.findings[0].params["byte"] in (0, 5, 7)


def test_an_entry_too_long_is_refused_before_anything_is_written():
    log = memory_log(3)
    with pytest.raises(Refused) as refusal:
        log.append([b"good", bytes(65536)])
    assert rules_of(refusal) == ["entry-too-long"]
    assert log.append([bytes(65535)]) == range(3, 4)
