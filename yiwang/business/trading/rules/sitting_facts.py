"""What the rules of the sitting committee are given. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """A member that sits now: what they have done so far."""

    number: int
    person: str = ""
    handed_in: bool = False
    asked_time: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionFacts:
    """A motion about to be made: ``confirmed`` whether the bidder accepted the corrected price in writing."""

    matter: str
    basis: str = ""
    before_fen: int | None = None
    evaluated_fen: int | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteFacts:
    """A vote about to be cast."""

    in_favour: bool
    decided: bool = False
    voted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningFacts:
    """What a member is about to do with the report; ``done``: they have done something with it already."""

    how: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingFacts:
    """The committee of a lot. ``online``: its members log in; ``pending`` are the bidders with an open motion."""

    online: bool = False
    seats: tuple[SeatFacts, ...] = ()
    pending: tuple[str, ...] = ()
    review_ended_at: datetime | None = None
    until_at: datetime | None = None
    drawn_up: bool = False
    motion: MotionFacts | None = None
    vote: VoteFacts | None = None
    signing: SigningFacts | None = None
