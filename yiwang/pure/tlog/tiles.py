"""Tiles and entry bundles of C2SP tlog-tiles: their paths, widths and bytes. Height 8, i.e. 256 hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiwang.pure.tlog.hashing import HASH_BYTES
from yiwang.pure.tlog.refusals import TILES, refused

HEIGHT = 8
WIDTH = 1 << HEIGHT
TILE_BYTES = WIDTH * HASH_BYTES
MAX_LEVEL = 63
MAX_ENTRY = 65535
ENTRIES = -1  # the level of entry bundles, which stand beside level 0

_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile or, at level ENTRIES, an entry bundle.

    ``level`` 0 … 63 or ENTRIES, ``index`` ≥ 0 within the level, ``width`` 1 … 256 hashes or entries.
    Refused where a number is out of range.
    """

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (ENTRIES <= self.level <= MAX_LEVEL and self.index >= 0 and 1 <= self.width <= WIDTH):
            refused(
                "tile-range", f"{TILES} § Merkle Tree", level=self.level, index=self.index, width=self.width
            )

    @property
    def full(self) -> bool:
        """Whether it has all 256 hashes or entries."""
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """``tile/<L>/<N>[.p/<W>]``, or ``tile/entries/<N>[.p/<W>]``."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{number}" + ("" if self.full else f".p/{self.width}")

    @classmethod
    def parse(cls, path: str) -> Tile:
        """The tile of a path; Refused (``tile-path``) where the path is not the one that :attr:`path` gives."""
        match = _PATH.fullmatch(path)
        if match is None or len(path) > 80:
            refused("tile-path", f"{TILES} § Merkle Tree", path=path[:80])
        level, number, width = match.groups()
        index = int(number.replace("x", "").replace("/", ""))
        if (width is not None and int(width) >= WIDTH) or (level != "entries" and int(level) > MAX_LEVEL):
            refused("tile-path", f"{TILES} § Merkle Tree", path=path[:80])
        tile = cls(ENTRIES if level == "entries" else int(level), index, int(width) if width else WIDTH)
        if tile.path != path:
            refused("tile-path", f"{TILES} § Merkle Tree", path=path[:80])
        return tile

    def check(self, body: bytes) -> bytes:
        """``body`` where it has this tile's width; Refused (``tile-width``) otherwise. Bundles are decoded."""
        if self.level == ENTRIES:
            if len(bundle_entries(body, self.path)) != self.width:
                refused("tile-width", f"{TILES} § Log entries", path=self.path, length=len(body))
        elif len(body) != self.width * HASH_BYTES:
            refused("tile-width", f"{TILES} § Merkle Tree", path=self.path, length=len(body))
        return body


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and bundle of the tree of ``size`` leaves: full ones and the partial one of each level."""
    for level in (ENTRIES, *range(MAX_LEVEL + 1)):
        count = size if level == ENTRIES else size >> (HEIGHT * level)
        if count == 0:
            return
        for index in range(count // WIDTH):
            yield Tile(level, index)
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)


def bundle(entries: Sequence[bytes]) -> bytes:
    """The entries in sequence, each after its length in two bytes, big-endian.

    Refused (``entry-too-long``) where one is longer than 65,535 bytes.
    """
    pieces: list[bytes] = []
    for place, entry in enumerate(entries):
        if len(entry) > MAX_ENTRY:
            refused("entry-too-long", f"{TILES} § Log entries", position=place, length=len(entry))
        pieces += (len(entry).to_bytes(2), entry)
    return b"".join(pieces)


def bundle_entries(body: bytes, path: str = "") -> list[bytes]:
    """The entries of a bundle; ``path`` names it in a refusal. Refused (``bundle-cut``) with the byte where an entry is cut off."""
    entries = []
    at, end = 0, len(body)
    while at < end:
        stop = at + 2 + int.from_bytes(body[at : at + 2])
        if at + 2 > end or stop > end:
            refused("bundle-cut", f"{TILES} § Log entries", path=path, byte=at)
        entries.append(body[at + 2 : stop])
        at = stop
    return entries
