"""What the page of a lot shows of questions, clarifications and objections, and what may be said there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.notices.api import Notice
from yiwang.law import api as law
from yiwang.pure.kernel.actors import BIDDER, Actor


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions, objections and complaints that the actor may read, clarifications as published, and which forms are open."""

    questions: tuple[trading.QuestionLine, ...]
    objections: tuple[trading.ObjectionLine, ...]
    clarifications: tuple[Notice, ...]
    may_ask: bool
    may_object: bool
    may_object_to_opening: bool
    may_object_to_result: bool
    may_clarify: bool
    may_answer: bool
    awaits_answer: bool
    complaints: tuple[trading.ComplaintPage, ...]
    may_complain: bool


def _bid_in(actor: Actor, stored: Any) -> bool:
    """Whether the actor's own bid was opened."""
    return any(each.bidder == actor.organisation for each in trading.opening_rows(stored))


def dialogue_of(actor: Actor, stored: Any, notices: list[Notice], now: datetime) -> Dialogue:
    """The dialogue about the documents of a lot as the actor may see it. ``notices`` are those of the lot."""
    running = stored.stage in ("bidding", "applying")
    objections_until = "W06" if stored.stage == "applying" else "W07"
    taken = actor.role == BIDDER and trading.has_taken(stored, actor.organisation)
    return Dialogue(
        questions=trading.questions_of(actor, stored),
        objections=trading.objections_of(actor, stored),
        clarifications=tuple(
            each
            for each in notices
            if each.form in ("clarification", "prequalification-clarification") and each.status == "published"
        ),
        may_ask=taken and running and (now < stored.deadline_at or stored.postponed_at is not None),
        may_object=taken
        and running
        and now < law.clock(objections_until, stored.deadline_at, on=stored.law_on).result_at,
        may_object_to_opening=stored.stage == "opened" and stored.panel == 1 and _bid_in(actor, stored),
        may_object_to_result=stored.stage == "publicity"
        and actor.role == BIDDER
        and now < stored.publicity_until_at,
        may_clarify=running and permissions.DRAFT_NOTICE.allows(actor),
        may_answer=permissions.ANSWER.allows(actor),
        awaits_answer=trading.waits_for_answer(stored),
        complaints=trading.complaints_of(actor, stored),
        may_complain=permissions.COMPLAIN.allows(actor),
    )
