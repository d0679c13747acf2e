"""The closing list: the leaf of every envelope of a lot, standing or not, in the order of the record."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from yiwang.business.trading.models import Envelope, Lot
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import iso
from yiwang.record.files import api as files


def stored_closing_list(lot: Lot, standing: Sequence[Envelope], every: Iterable[Envelope]) -> str:
    """Stores the closing list as a document and gives its SHA-256.

    Leaves are salted, so the list says how many bids there are and fixes them, but not whose they are.
    """
    kept = {each.pk for each in standing}
    text = dumps(
        {
            "v": 1,
            "lot": lot.code,
            "deadline": iso(lot.deadline_at) if lot.deadline_at else "",
            "envelopes": [{"leaf": each.leaf_hash, "standing": each.pk in kept} for each in every],
        }
    )
    return files.store(
        io.BytesIO(text), name=f"{lot.code}-closing.json", max_bytes=len(text), types=("application/json",)
    ).sha256
