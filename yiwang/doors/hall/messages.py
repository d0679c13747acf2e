"""What an organisation was told, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.business.trading import api as trading
from yiwang.doors.hall.words import MESSAGES, UNNAMED_MESSAGE
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.words import Words

MOST = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that an organisation was told about a lot."""

    words: Words
    matter: str
    lot: str
    lot_name: str
    project: str
    told_at: datetime
    read: bool
    letter: bool


def messages_of(actor: Actor) -> list[Message]:
    """The newest messages of the actor's organisation, unread first."""
    if not actor.organisation:
        return []
    told = [
        Message(
            MESSAGES.get(each.matter, UNNAMED_MESSAGE),
            each.matter,
            each.lot.code,
            each.lot.name,
            each.lot.project.name,
            each.told_at,
            each.read_at is not None,
            each.matter == "award-letter",
        )
        for each in trading.messages_for(actor)[:MOST]
    ]
    return sorted(told, key=lambda each: each.read)
