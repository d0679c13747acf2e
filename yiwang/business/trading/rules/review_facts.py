"""A prequalification as the rules see it: frozen facts, no models, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

QUALIFIED, LIMITED = "qualified", "limited"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """An application at the deadline: ``passed`` is None until it is decided, ``points`` (0 to 100) where they count."""

    applicant: str
    passed: bool | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """The terms of a prequalification, what was handed in, who reviews, and what is about to be done.

    ``members`` are the codes of the other members of a consortium that applies, or applied with who bids; ``own`` whether the actor has an
    application, ``reviewers`` the seats of the committee ("" for one on paper), ``qualified`` who was told to have passed.
    """

    method: str = QUALIFIED
    most: int = 0
    criteria: str = ""
    consortium_allowed: bool = False
    own: bool = False
    members: tuple[str, ...] = ()
    applications: tuple[ApplicationFacts, ...] = ()
    reviewers: tuple[str, ...] = ()
    passes: bool = True
    points: Decimal | None = None
    decided: bool = False
    qualified: tuple[str, ...] = ()

    @property
    def online(self) -> bool:
        return any(self.reviewers)
