"""The long check of a log: every entry hashed anew, every tile compared, the root built from nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.tlog.edge import Edge
from yiwang.pure.tlog.log import Log
from yiwang.pure.tlog.refusals import TILES, finding
from yiwang.pure.tlog.tiles import ENTRIES, HEIGHT, WIDTH, Tile, bundle, bundle_entries


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit has seen: entries hashed, full tiles and bundles compared, root built, and every objection."""

    entries: int
    tiles: int
    root: bytes
    findings: tuple[Finding, ...]


def audit_log(log: Log, progress: Callable[[int, int], None] | None = None) -> Audit:
    """Rebuilds ``log`` from its stored entries and compares every full tile and the root.

    ``progress(done, size)`` is called after every bundle. Memory stays constant; about two hashes an entry.
    Findings: ``tile-…`` and ``bundle-cut`` with the path, ``root-wrong`` at the end. A tile that the tail can give
    anew may be missing.
    """
    edge = Edge(log.tree)
    findings: list[Finding] = []
    tiles = 0
    for first in range(0, log.size, WIDTH):
        tile = Tile(ENTRIES, first // WIDTH, min(WIDTH, log.size - first))
        try:
            entries = bundle_entries(log.resource(tile), tile.path)
        except Refused as refusal:
            findings += refusal.findings
            return Audit(edge.size, tiles, b"", tuple(findings))  # without its entries nothing above is known
        full = edge.grow(log.tree.leaves(entries))
        if tile.full:
            full[tile] = bundle(entries)
        findings += [each for tile, body in full.items() for each in _tile_findings(log, tile, body)]
        tiles += len(full)
        if progress is not None:
            progress(edge.size, log.size)
    findings += _root_findings(log, edge.root())
    return Audit(edge.size, tiles, edge.root(), tuple(findings))


def _tile_findings(log: Log, tile: Tile, rebuilt: bytes) -> list[Finding]:
    stored = log.storage.read(tile)
    if stored is None:
        last = (tile.index + 1) << (HEIGHT * (max(tile.level, 0) + 1))
        return [] if last > log.settled else [finding("tile-missing", TILES, path=tile.path)]
    return [] if stored == rebuilt else [finding("tile-damaged", TILES, path=tile.path)]


def _root_findings(log: Log, rebuilt: bytes) -> list[Finding]:
    try:
        root = log.root()
    except Refused as refusal:
        return list(refusal.findings)
    return [] if root == rebuilt else [finding("root-wrong", TILES, size=log.size)]
