"""The opening: the only place where the sheets of a lot's envelopes are read, and never before the deadline."""

from __future__ import annotations

import io
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Bid, Lot
from yiwang.business.trading.parties import bid_names
from yiwang.business.trading.rules.bidding import enough_bidders_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.services.bidding import current_envelopes
from yiwang.business.trading.services.drawing import draw_at_opening
from yiwang.business.trading.services.signs import note_signs
from yiwang.business.trading.services.steps import (
    check_step,
    locked_lot,
    lot_facts,
    procedure_of,
    require,
    require_party,
    take_step,
)
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import refuse_if
from yiwang.record.files import api as files
from yiwang.record.journal.api import act


def open_bids(by: Actor, code: str, at: datetime) -> list[Bid]:
    """Opens every standing envelope of a closed lot and publishes the opening record. Raises Refused.

    The order is that of receipt. The record is a document whose digest stands in the journal.
    """
    require(by, permissions.OPEN_BIDS)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        envelopes = current_envelopes(lot)
        facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), envelopes=len(envelopes))
        if lot.stage == "failed":
            # For want of bidders: then the article says it, not only the stage.
            step = procedure_of(lot, at).step("open")
            refuse_if([*step_findings(step, facts), *enough_bidders_findings(facts)])
        check_step(lot, "open", facts)
        bids = Bid.objects.bulk_create(
            Bid(
                lot=lot,
                envelope=each,
                bidder=each.bidder,
                place=place,
                price_fen=each.sheet["price_fen"],
                period_days=each.sheet["period_days"],
                deposit_fen=each.sheet["deposit_fen"],
                quality=each.sheet["quality"],
                manager=each.sheet["manager"],
                manager_certificate=each.sheet["manager_certificate"],
                consortium=each.sheet.get("consortium", []),
            )
            for place, each in enumerate(envelopes, 1)
        )
        draw = draw_at_opening(lot)
        said = {"v": 1, "lot": code, "opened_at": iso(at), "bids": _rows(bids)}
        text = dumps(said | ({"draw": draw.as_json()} if draw else {}))
        record = files.store(
            io.BytesIO(text), name=f"{code}-opening.json", max_bytes=len(text), types=("application/json",)
        )
        told: dict[str, object] = {"bids": len(bids)}
        if draw:
            Lot.objects.filter(pk=lot.pk).update(draw=draw.as_json())
            told["drawn"] = {name: str(value) for name, value in draw.values.items()}
        take_step(lot, "open", facts, kinds.BIDS_OPENED, told, documents=[record.sha256])
        note_signs(lot, at)
        return bids


def _rows(bids: list[Bid]) -> list[dict[str, object]]:
    known = bid_names(bids)
    return [_row(each, known[each.bidder]) for each in bids]


def _row(bid: Bid, name: str) -> dict[str, object]:
    members = {"consortium": bid.consortium} if bid.consortium else {}
    return members | {
        "place": bid.place,
        "bidder": bid.bidder,
        "name": name,
        "price_fen": bid.price_fen,
        "period_days": bid.period_days,
        "deposit_fen": bid.deposit_fen,
        "received_at": iso(bid.envelope.received_at),
        "leaf": bid.envelope.leaf_hash,
    }
