"""The secret of a draw: thrown when the notice is drafted, told at the opening; the published method as a document."""

from __future__ import annotations

import io

from yiwang.business.trading.kinds import DEADLINE_REACHED
from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.drawing import Draw, commitment_of, drawn
from yiwang.business.trading.rules.method_terms import MethodTerms
from yiwang.business.trading.rules.methods import (
    coefficient_options,
    is_drawn,
    terms_as_json,
    terms_from_json,
)
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.refs import random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import timeline

SECRET_LENGTH = 52  # of 5 bits each: 260 bits


def set_method(lot: Lot, terms: MethodTerms) -> None:
    """The method of the draft, with a fresh secret where something is to be drawn. The caller saves."""
    lot.method = terms_as_json(terms)
    lot.draw_secret = random_code("D", SECRET_LENGTH) if is_drawn(terms) else ""
    lot.draw_commitment = commitment_of(lot.code, lot.draw_secret) if lot.draw_secret else ""


def stored_method(lot: Lot) -> list[str]:
    """The published method as a document of the record; its digest in a list, none for the lowest price."""
    if not lot.method:
        return []
    said = {
        "v": 1,
        "lot": lot.code,
        "ceiling_fen": lot.ceiling_fen,
        "commitment": lot.draw_commitment,
        "method": lot.method,
    }
    text = dumps(said)
    stored = files.store(
        io.BytesIO(text), name=f"{lot.code}-method.json", max_bytes=len(text), types=("application/json",)
    )
    return [stored.sha256]


def draw_at_opening(lot: Lot) -> Draw | None:
    """Draws the coefficients from the secret and the closing list; None where the method draws none."""
    terms = terms_from_json(lot.method)
    if not is_drawn(terms):
        return None
    closings = [each for each in timeline(lot.ref, public_only=False) if each.kind == DEADLINE_REACHED.name]
    return drawn(lot.code, lot.draw_secret, closings[-1].documents[0], coefficient_options(terms))
