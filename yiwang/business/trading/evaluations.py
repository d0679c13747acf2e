"""Reads about evaluation: the method of a lot in words, and its draw."""

from __future__ import annotations

from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.methods import coefficient_options, is_drawn, terms_from_json
from yiwang.business.trading.shapes import DrawLine, DrawShown
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words

COEFFICIENT_WORDS = {
    "down": Words("下浮率", "share taken off"),
    "k": Words("系数 K", "coefficient K"),
    "q": Words("权重 Q", "weight Q"),
}


def method_words(lot: Lot) -> Words:
    """The name of the method by which a lot is evaluated."""
    on = lot.law_on or local_day(lot.publish_at or lot.stage_since_at)
    return law.evaluation_method(terms_from_json(lot.method).id, on=on).words


def draw_shown(lot: Lot) -> DrawShown | None:
    """The draw of a lot: before the opening its commitment alone, then all of it; None where nothing is drawn."""
    terms = terms_from_json(lot.method)
    if not is_drawn(terms):
        return None
    told = lot.draw
    lines = tuple(
        DrawLine(COEFFICIENT_WORDS[name], told["values"][name])
        for name, options in coefficient_options(terms).items()
        if told and len(options) > 1
    )
    return DrawShown(
        lot.draw_commitment, told["secret"] if told else "", told["closing"] if told else "", lines
    )
