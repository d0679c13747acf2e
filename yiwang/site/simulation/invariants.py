"""What must be true in the city after every act. A broken invariant stops the simulation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.canonical import loads
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import entry, leaf_hash, openings, opens, public_feed, timeline

BEFORE_OPENING = ("registered", "announcing", "bidding", "closed")
SECRET_KINDS = ("documents-taken", "bid-withdrawn", "bidder-told", "supervisor-read")


class Broken(AssertionError):
    """An invariant does not hold; the message names it and the lot."""


def lot_objections(code: str) -> Iterator[str]:
    """What is wrong with one lot: its stage, what is open of it, its winner, its chain in the journal."""
    lot = trading.find_lot(code)
    page = trading.lot_page(lot)
    procedure = law.procedure(lot.procedure, on=lot.law_on or local_day(lot.stage_since_at))
    if lot.stage not in {each.id for each in procedure.stages}:
        yield f"{code}: no such stage {lot.stage}"
    if lot.stage in BEFORE_OPENING and page.records:
        yield f"{code}: opened before the opening"
    if (
        page.records
        and len(page.records) < law.limit("W11", on=lot.law_on or local_day(lot.stage_since_at)).at_least
    ):
        yield f"{code}: opened with {len(page.records)} bidders"
    ranks = sorted(each.rank for each in page.records if each.rank)
    if ranks != list(range(1, len(ranks) + 1)) or len(ranks) > 3:
        yield f"{code}: ranks {ranks}"
    if page.winner is not None and page.winner.rank != 1:
        yield f"{code}: the winner is ranked {page.winner.rank}"
    yield from chain_objections(lot.ref)


def chain_objections(about: Ref) -> Iterator[str]:
    """``n`` without gaps and ``prev`` of every entry about one thing."""
    previous, expected = "", 1
    for each in timeline(about, public_only=False):
        if each.about != about:
            continue
        if each.n != expected:
            yield f"{about}: entry {each.n} where {expected} was due"
        leaf = loads(each.leaf)
        if each.public and "prev" in leaf and expected > 1 and leaf["prev"] != previous:
            yield f"{about}: entry {each.n} does not follow the one before"
        if leaf_hash(each.leaf) != each.leaf_hash:
            yield f"{about}: entry {each.n} is not what was recorded"
        previous, expected = each.leaf_hash, expected + 1


def feed_objections(after: int) -> Iterator[str]:
    """The public feed has no gaps and nothing in it that is secret."""
    expected = after + 1
    for each in public_feed(after, 10_000):
        if each.number != expected:
            yield f"public number {each.number} where {expected} was due"
        if each.kind in SECRET_KINDS:
            yield f"{each.kind} is in the public feed"
        expected += 1


def commitment_objections(entry_ids: Iterable[int]) -> Iterator[str]:
    """Every commitment of an entry opens with the salt that is kept for it."""
    for entry_id in entry_ids:
        leaf = entry(entry_id).leaf
        for opening in openings(entry_id):
            if not opens(leaf, opening):
                yield f"entry {entry_id}: {opening} does not open"
