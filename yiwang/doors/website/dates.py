"""Which days of a lot stand in the calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yiwang.business.trading.api import LotPage
from yiwang.pure.kernel.days import end_of
from yiwang.pure.kernel.words import Words

DOCUMENTS, OBJECTION, OPENING, PUBLICITY = "documents", "objection", "opening", "publicity"
APPLICATIONS, PREQUALIFICATION = "applications", "prequalification"
KINDS = {
    OPENING: Words("投标截止、开标", "Deadline and opening"),
    DOCUMENTS: Words("招标文件获取截止", "Documents available until"),
    OBJECTION: Words("对招标文件提出异议截止", "Objections to the documents until"),
    APPLICATIONS: Words("资格预审申请截止", "Applications to prequalify until"),
    PREQUALIFICATION: Words("资格预审文件获取截止", "Prequalification documents until"),
    PUBLICITY: Words("中标候选人公示截止", "Publicity of candidates ends"),
}
_CLOCKS = {"W07": OBJECTION, "W21": PUBLICITY}
_STOPPED = frozenset({"failed", "terminated"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A matter of a lot with its instant; ``off``: it was called off before it came, or waits for a new date."""

    kind: str
    at: datetime
    off: bool


def dated_matters(lot: LotPage) -> Iterator[Dated]:
    """What of a lot stands in the calendar: nothing before its notice has appeared.

    What a failed or terminated lot had still before it is off, and so is an opening that was postponed.
    """
    if lot.law_on is None:
        return
    ended_at = lot.stage_since_at if lot.stage in _STOPPED else None

    def matter(kind: str, at: datetime, off: bool = False) -> Dated:
        return Dated(kind, at, off or (ended_at is not None and at > ended_at))

    if lot.prequalification:
        waits = lot.postponed_at is not None and lot.stage == "applying"
        yield matter(PREQUALIFICATION, end_of(lot.prequalification.documents_until_on))
        yield matter(APPLICATIONS, lot.prequalification.deadline_at, waits)
    if lot.documents_until_on:
        yield matter(DOCUMENTS, end_of(lot.documents_until_on))
    if lot.deadline_at:
        yield matter(OPENING, lot.deadline_at, lot.postponed_at is not None)
    for clock in lot.clocks:
        if clock.limit.id in _CLOCKS:
            yield matter(_CLOCKS[clock.limit.id], clock.result_at)
