"""The signs among the bids of a lot as the committee, the centre and the supervisor read them; nobody else does."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.business.trading.models import Lot
from yiwang.business.trading.parties import names
from yiwang.business.trading.reports import law_day
from yiwang.business.trading.rules.signs import SIGN_WORDS
from yiwang.business.trading.services.signs import signs_among
from yiwang.pure.kernel.actors import CENTRE, EXPERT, SUPERVISOR, Actor
from yiwang.pure.kernel.words import Words


@dataclass(frozen=True, slots=True)
class SignLine:
    """A sign: what, about whom, the bids it concerns (code and name), its article, and the ground of a rejection."""

    what: Words
    about: tuple[str, ...]
    bids: tuple[tuple[str, str], ...]
    source: str
    ground: str


def sign_lines(actor: Actor, lot: Lot) -> tuple[SignLine, ...]:
    """What the committee has to look at; empty for who has no part in the evaluation."""
    if actor.role not in (CENTRE, SUPERVISOR, EXPERT):
        return ()
    found = signs_among(lot)
    known = names(code for each in found for code in (*each.bidders, *each.about))
    return tuple(
        SignLine(
            SIGN_WORDS[each.what],
            tuple(known[code] for code in each.about),
            tuple((code, known[code]) for code in each.bidders),
            each.source(law_day(lot)),
            each.ground,
        )
        for each in found
    )
