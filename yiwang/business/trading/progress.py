"""The progress line: what is done, what is now, what comes next, by whom and until when."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading.models import PREQUALIFYING, Lot
from yiwang.business.trading.shapes import DONE, NEXT, NOW, ProgressPart
from yiwang.law import api as law
from yiwang.pure.kernel.words import Words

LINE = (
    "registered",
    "announcing",
    "bidding",
    "closed",
    "opened",
    "evaluating",
    "reported",
    "publicity",
    "publicity-ended",
    "awarded",
    "contracted",
    "archived",
)

PREQUALIFIED_LINE = ("registered", *PREQUALIFYING, *LINE[1:])

ROLE_WORDS = {
    "tenderee": Words("招标人", "tenderee"),
    "agency": Words("代理机构", "agency"),
    "bidder": Words("投标人", "bidders"),
    "centre": Words("交易中心", "the centre"),
    "supervisor": Words("监督部门", "supervisor"),
}  # a stage that ends by itself at its instant is in nobody's hands
NOBODY = Words("", "")


def _until(lot: Lot, stage: str) -> datetime | None:
    due = {
        "pq-announcing": lot.publish_at,
        "applying": None if lot.postponed_at else lot.deadline_at,
        "announcing": lot.publish_at,
        "bidding": None if lot.postponed_at else lot.deadline_at,
        "publicity": lot.publicity_until_at,
    }
    return due.get(stage)


# Before which station a lot stopped that failed for this reason; the others stopped before or after their opening.
ENDED_BEFORE = {
    "too-few-applicants": "reviewing",
    "too-few-qualified": "prequalified",
    "objection-upheld": "publicity-ended",
    "no-winner": "awarded",
}


def progress_line(lot: Lot, procedure: law.Procedure) -> tuple[ProgressPart, ...]:
    """The stations of a lot. One that failed or was terminated ends where it stopped."""
    whole = PREQUALIFIED_LINE if lot.prequalifies else LINE
    if lot.stage in whole:
        here = whole.index(lot.stage)
        line = whole
    else:
        early = "prequalified" if lot.phase else "closed"
        reached = ENDED_BEFORE.get(lot.outcome, "evaluating" if lot.bids.exists() else early)
        line = (*whole[: whole.index(reached)], lot.stage) if lot.law_on else ("registered", lot.stage)
        here = len(line) - 1
    parts = []
    for number, stage in enumerate(line):
        final = number == here and not procedure.steps_from(stage)
        state = DONE if number < here or final else NOW if number == here else NEXT
        parts.append(
            ProgressPart(
                procedure.stage(stage).words,
                state,
                _by(procedure, stage),
                _until(lot, stage) if state == NOW else None,
            )
        )
    return tuple(parts)


# Where the step itself is the system's at an instant, these make ready the notice that it publishes.
MAKE_READY = {
    "announcing": ("tenderee", "centre"),
    "pq-announcing": ("tenderee", "centre"),
    "reviewing": ("tenderee", "agency"),
    "reported": ("tenderee", "agency"),
}


def _by(procedure: law.Procedure, stage: str) -> Words:
    """Who moves a lot on from this stage."""
    roles: tuple[str, ...] = MAKE_READY.get(stage, ())
    for step in procedure.steps_from(stage):
        if not roles and step.to_stage not in (stage, "terminated", "failed"):
            roles = step.by
    words = [ROLE_WORDS[role] for role in roles if role in ROLE_WORDS]
    if not words:
        return NOBODY
    return Words("、".join(each.zh for each in words), ", ".join(each.en for each in words))
