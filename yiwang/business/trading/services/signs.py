"""Signs that bids of a lot may not stand beside each other: looked for when they are opened and when the payers of deposits are noted, kept for the committee."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Bid, DepositPayment, Envelope, Lot
from yiwang.business.trading.parties import names
from yiwang.business.trading.rules.signs import BidSeen, Sign, TiesOfParty, signs
from yiwang.common.identity.api import verified_ties
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.refs import Ref
from yiwang.record.files import api as files
from yiwang.record.journal.api import entry, record, who


def signs_among(lot: Lot) -> tuple[Sign, ...]:
    """What the recorded facts say now about the opened bids of a lot, from verified data alone."""
    rows = list(lot.bids.select_related("envelope"))
    paid = {each.bid_id: each for each in DepositPayment.objects.filter(bid__lot=lot)}
    made = files.made(sha256 for each in rows for sha256, _ in each.envelope.papers)
    handed_out = set(lot.documents.values_list("sha256", flat=True))
    known = handed_out | {
        mark for each in files.made(handed_out).values() for mark in (each.author, each.source)
    }
    shared = _shared(rows)
    called = names(code for each in rows for code in each.parties)
    bids = [
        BidSeen(
            bidder=each.bidder,
            parties=tuple(each.parties),
            files=frozenset(sha256 for sha256, _ in each.envelope.papers),
            manager=each.manager,
            certificate=each.manager_certificate,
            price_fen=each.price_fen,
            hand=_hand(each.envelope),
            titles=tuple(name for _, name in each.envelope.papers),
            names=frozenset({*each.parties, *(called[code] for code in each.parties)}),
            **_making(each.envelope, made, shared),
            payer=paid[each.pk].payer if each.pk in paid else "",
            account=paid[each.pk].account_mark if each.pk in paid else "",
        )
        for each in rows
    ]
    verified = verified_ties(code for each in bids for code in each.parties)
    ties = {
        code: TiesOfParty(
            head_mark=line.head_mark,
            controllers=frozenset(each for each, _ in line.controllers),
            managers=frozenset(each for each, _ in line.managers),
        )
        for code, line in verified.items()
    }
    return signs(bids, ties, frozenset(known))


def _shared(rows: Sequence[Bid]) -> set[str]:
    """The very same files that lie in more than one bid: what made them is no sign beside that."""
    counted = Counter(sha256 for each in rows for sha256 in {sha256 for sha256, _ in each.envelope.papers})
    return {sha256 for sha256, count in counted.items() if count > 1}


def _making(
    envelope: Envelope, made: Mapping[str, files.Made], shared: set[str]
) -> dict[str, frozenset[str]]:
    """Marks of the authors and sources of a bid's own files."""
    own = [made[sha256] for sha256, _ in envelope.papers if sha256 in made and sha256 not in shared]
    return {
        "authors": frozenset(each.author for each in own) - {""},
        "sources": frozenset(each.source for each in own) - {""},
    }


def _hand(envelope: Envelope) -> str:
    """The person that handed a bid in; "" after an erasure."""
    actor = who(entry(envelope.entry).actor)
    return actor.person if actor else ""


def note_signs(lot: Lot, at: datetime) -> None:
    """Keeps on record, for nobody but a court and the supervisor, what was found then."""
    found = signs_among(lot)
    if not found:
        return
    said = {
        "v": 1,
        "lot": lot.code,
        "signs": [[each.what, list(each.bidders), list(each.about)] for each in found],
    }
    text = dumps(said)
    stored = files.store(
        io.BytesIO(text), name=f"{lot.code}-signs.json", max_bytes=len(text), types=("application/json",)
    )
    record(
        kinds.SIGNS_FOUND,
        about=Ref("trading", "signs", lot.code),
        within=lot.ref,
        by=SYSTEM_ACTOR,
        at=at,
        facts={"lot": lot.code, "signs": len(found)},
        documents=[stored.sha256],
    )
