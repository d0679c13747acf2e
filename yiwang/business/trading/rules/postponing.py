"""A deadline that is put off (延期公告), and what a correction of a published notice (更正公告) may say. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from yiwang.business.trading.rules.asking import MAX_TEXT, OPEN_STAGES
from yiwang.business.trading.rules.clarifying import limit_of
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.findings import Finding

MAX_PLACE = 200  # characters
PLACE_FORMS = ("tender-notice", "bid-invitation")


def later_deadline_findings(facts: StepFacts) -> Iterator[Finding]:
    """The deadline moves forward only, and its notice appears before the old one has passed (or was postponed)."""
    lot, moved, publish_at = facts.lot, facts.new_deadline_at, facts.publish_at
    if moved is None:
        yield Finding("new-deadline-needed", field="deadline_at")
    elif lot.deadline_at is not None and moved <= lot.deadline_at:
        yield Finding("deadline-not-later", params={"deadline": shown(lot.deadline_at)}, field="deadline_at")
    if moved is not None and publish_at is not None and moved <= publish_at:
        yield Finding("deadline-not-ahead", field="deadline_at")
    if publish_at is not None and publish_at < facts.at - timedelta(minutes=1):
        yield Finding("publish-in-the-past", field="publish_at")
    late = publish_at is not None and lot.deadline_at is not None and publish_at >= lot.deadline_at
    if late and not lot.postponed and lot.deadline_at is not None:
        yield Finding("postponed-too-late", params={"deadline": shown(lot.deadline_at)}, field="publish_at")
    if lot.postponed and facts.amendment_due:
        source = law.limit(limit_of(lot.stage), on=lot.law_on).source
        yield Finding("amendment-due", source, field="deadline_at")


def said_findings(facts: StepFacts, field: str) -> Iterator[Finding]:
    """What is published says something, and no more than a reader bears."""
    if not facts.text.strip() or len(facts.text) > MAX_TEXT:
        yield Finding("correction-length", params={"at_most": MAX_TEXT}, field=field)


def corrected_place_findings(stage: str, before: str, after: str, form: str) -> Iterator[Finding]:
    """A place of opening is corrected in the notice that named it, before the opening, and to another one.

    ``before`` is the place that counts now, ``after`` the new one ("" corrects none), ``form`` that of the corrected notice.
    """
    if not after:
        return
    if form not in PLACE_FORMS:
        yield Finding("place-of-other-notice", field="opening_place")
    if stage != "bidding":
        yield Finding("place-after-opening", field="opening_place")
    if len(after) > MAX_PLACE:
        yield Finding("place-too-long", params={"at_most": MAX_PLACE}, field="opening_place")
    if after == before:
        yield Finding("place-unchanged", params={"place": before}, field="opening_place")


def correction_findings(facts: StepFacts) -> Iterator[Finding]:
    """What may affect bids is no mistake of writing: it is an amendment of the documents, by W04 (招标条例 21)."""
    yield from said_findings(facts, "content")
    if facts.affects_bids and facts.lot.stage in OPEN_STAGES:
        yield Finding(
            "correction-affects-bids", law.limit("W04", on=facts.lot.law_on).source, field="affects_bids"
        )
