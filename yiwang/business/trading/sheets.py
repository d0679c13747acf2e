"""Scoring sheets as pages show them: beside each other, bidder by bidder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yiwang.business.trading.rules.method_terms import CriterionTerms

# Each bidder with its criteria and what every member gave: (name, [(title, [(member, points)])]).
type ScoreTables = list[tuple[str, list[tuple[str, list[tuple[int, str]]]]]]


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A member's sheet once all are in: bidder → criterion → points."""

    number: int
    points: Mapping[str, Mapping[str, str]]


def score_tables(
    bidders: Sequence[tuple[str, str]], criteria: Sequence[CriterionTerms], sheets: Sequence[SheetShown]
) -> ScoreTables:
    """One table a bidder, of (code, name), in the order given."""
    return [
        (
            name,
            [
                (
                    each.title,
                    [(sheet.number, sheet.points.get(bidder, {}).get(each.id, "")) for sheet in sheets],
                )
                for each in criteria
            ],
        )
        for bidder, name in bidders
    ]
