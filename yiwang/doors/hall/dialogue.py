"""What the page of a lot shows of questions and clarifications, and what may be said there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.notices.api import Notice
from yiwang.pure.kernel.actors import BIDDER, Actor


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions that the actor may read, clarifications as published, and which forms are open."""

    questions: tuple[trading.QuestionLine, ...]
    clarifications: tuple[Notice, ...]
    may_ask: bool
    may_clarify: bool
    taken: bool


def dialogue_of(actor: Actor, stored: Any, notices: list[Notice], now: datetime) -> Dialogue:
    """The dialogue about the documents of a lot as the actor may see it. ``notices`` are those of the lot."""
    running = stored.stage == "bidding"
    taken = actor.role == BIDDER and trading.has_taken(stored, actor.organisation)
    return Dialogue(
        questions=trading.questions_of(actor, stored),
        clarifications=tuple(
            each for each in notices if each.form == "clarification" and each.status == "published"
        ),
        may_ask=taken and running and now < stored.deadline_at,
        may_clarify=running and permissions.DRAFT_NOTICE.allows(actor),
        taken=taken,
    )
