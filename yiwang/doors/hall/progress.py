"""The progress line of a lot as the shared part shows it."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading.api import LotPage
from yiwang.common.shell.api import ENDED, Stage
from yiwang.law.api import Clock


def stages(page: LotPage) -> list[Stage]:
    """The stations with by whom and until when; one that stopped for good is marked as ended."""
    ended = page.stage in ("failed", "terminated")
    line = [
        Stage(
            words=part.words,
            state=part.state,
            by=part.by if part.by.zh else None,
            until_at=part.until,
        )
        for part in page.progress
    ]
    if ended and line:
        line[-1] = Stage(words=line[-1].words, state=ENDED, note=page.outcome)
    return line


def is_awaited(clock: Clock, now: datetime) -> bool:
    """Whether somebody still waits for the end of this period; what ran out or only opens a way counts quietly."""
    return clock.result_at > now and clock.limit.gives != "earliest-day"
