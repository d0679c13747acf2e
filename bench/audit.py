"""What must be true after a kill: nothing acknowledged is missing, the journal is whole, closing lists are complete.

Only for a process whose environment names the database and that has imported ``bench.tenders``.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from bench.bidding import Attempt
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Envelope
from yiwang.pure.kernel.canonical import loads
from yiwang.record.files import api as files
from yiwang.record.journal import models
from yiwang.record.journal.api import entry, leaf_hash, openings, opens, sequence, timeline
from yiwang.site.simulation import invariants

SETTLE_SECONDS = 20.0


@dataclass(slots=True)
class Acknowledged:
    """A bid whose acknowledgement reached the client, with the receipt where that was fetched too."""

    bid: Attempt
    receipt: dict[str, Any] | None = None


def settle() -> None:
    """PostgreSQL may still be ending what a killed client began; after that all that is committed is placed."""
    if connection.vendor == "postgresql":
        give_up = time.monotonic() + SETTLE_SECONDS
        while _others():
            if time.monotonic() > give_up:
                raise TimeoutError("connections of a killed server live on")
            time.sleep(0.02)
    while sequence():
        pass


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


@dataclass(slots=True)
class Audit:
    """Goes on where it stopped the last time; :meth:`again` begins anew. Objections are sentences."""

    entry_id: int = 0
    index: int = -1
    envelope_id: int = 0
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    entries: int = 0
    envelopes: int = 0

    def again(self) -> None:
        self.entry_id, self.index, self.envelope_id, self.heads = 0, -1, 0, {}
        self.entries = self.envelopes = 0

    def objections(self) -> Iterator[str]:
        """What is wrong with entries and envelopes that came since the last time. After :func:`settle`."""
        yield from self._order()
        rows = models.Entry.objects.filter(id__gt=self.entry_id).order_by("id")
        for row in rows:
            self.entry_id, self.entries = row.id, self.entries + 1
            yield from self._chain(row)
        for each in Envelope.objects.select_related("lot").filter(id__gt=self.envelope_id).order_by("id"):
            self.envelope_id, self.envelopes = each.pk, self.envelopes + 1
            yield from _envelope_objections(each)
        submitted = models.Entry.objects.filter(kind="bid-submitted").count()
        if submitted != Envelope.objects.count():
            yield f"{submitted} bids in the journal, {Envelope.objects.count()} envelopes"

    def _order(self) -> Iterator[str]:
        """Every entry stands in the order exactly once, without a gap."""
        for place in models.Index.objects.filter(index__gt=self.index).order_by("index"):
            if place.index != self.index + 1:
                yield f"index {place.index} follows {self.index}"
            self.index = place.index
        if self.index + 1 != models.Entry.objects.count():
            yield f"{self.index + 1} places, {models.Entry.objects.count()} entries"

    def _chain(self, row: models.Entry) -> Iterator[str]:
        """``n`` and ``prev`` follow the entry before; the leaf is what was recorded; its commitments open."""
        n, before = self.heads.get(row.about, (0, None))
        if row.n != n + 1:
            yield f"{row.about}: entry {row.n} follows {n}"
        leaf, found = bytes(row.leaf), openings(row.id)
        if leaf_hash(leaf) != row.leaf_hash:
            yield f"{row.about}: entry {row.n} is not what was recorded"
        said = loads(leaf)
        prev = (
            said["prev"] if "prev" in said else next((o.value for o in found if o.name == "prev"), "missing")
        )
        if prev != before:
            yield f"{row.about}: entry {row.n} has prev {prev}, not {before}"
        if not all(opens(leaf, opening) for opening in found):
            yield f"{row.about}: a commitment of entry {row.n} does not open"
        self.heads[row.about] = (row.n, row.leaf_hash)


def _envelope_objections(each: Envelope) -> Iterator[str]:
    """The envelope, its entry in the journal and its papers belong together."""
    recorded = entry(each.entry)
    if (recorded.about, recorded.leaf_hash) != (each.ref, each.leaf_hash):
        yield f"{each.code}: the journal says otherwise"
    for sha256, name in each.papers:
        if not files.exists(sha256):
            yield f"{each.code}: {name} is missing"


def acknowledged_objections(all_told: Iterable[Acknowledged], lot: str) -> Iterator[str]:
    """Every acknowledged bid of a lot is there once, as its receipt says."""
    kept: dict[tuple[str, int], list[Envelope]] = {}
    for each in Envelope.objects.filter(lot__code=lot):
        kept.setdefault((each.bidder, each.sheet["price_fen"]), []).append(each)
    for told in all_told:
        found = kept.get((told.bid.organisation, told.bid.price_yuan * 100), [])
        if len(found) != 1:
            yield f"acknowledged {told.bid}: {len(found)} envelopes"
        elif told.receipt is not None and (found[0].code, found[0].leaf_hash) != (
            told.receipt["envelope"],
            told.receipt["leaf_hash"],
        ):
            yield f"receipt {told.receipt} is for another envelope than {found[0].code}"


def closing_objections(lot: str) -> Iterator[str]:
    """The closing list names every envelope of a closed lot, and which of them stood."""
    found = trading.find_lot(lot)
    yield from invariants.closing_objections(found, timeline(found.ref, public_only=False))


def act_objections(acts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Every acknowledged act, a kind and what it was about, is on record as often as it was acknowledged."""
    for (kind, about), times in Counter(acts).items():
        there = models.Entry.objects.filter(kind=kind, about=about).count()
        if there < times:
            yield f"{kind} about {about}: acknowledged {times} times, {there} on record"
