"""A step that publishes needs its notice to have gone the whole way: confirmed, then checked."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.pure.kernel.findings import Finding

CONFIRMED = ("confirmed", "scheduled", "published")
CHECKED = ("scheduled", "published")


def notice_confirmed_findings(facts: StepFacts) -> Iterator[Finding]:
    """The tenderee stands behind every notice."""
    if facts.notice_status not in CONFIRMED:
        yield Finding("notice-not-confirmed")


def notice_checked_findings(facts: StepFacts) -> Iterator[Finding]:
    """The centre checks the form, never the substance."""
    if facts.notice_status not in CHECKED:
        yield Finding("notice-not-checked")
