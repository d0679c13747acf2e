"""Questions about the tender documents. No article sets a last day for them: only the deadline itself ends them."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding

MAX_TEXT = 4000
MAX_PAPERS = 10
OPEN_STAGES = ("bidding", "applying")


def has_documents_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only who took the documents can have read what they ask about."""
    if not facts.taken:
        yield Finding("documents-not-taken")


def few_papers_findings(facts: StepFacts) -> Iterator[Finding]:
    """Papers beside what is said are few: each stands with its digest in the entry, which has a limit."""
    if facts.papers > MAX_PAPERS:
        yield Finding("too-many-papers", params={"at_most": MAX_PAPERS}, field="papers")


def words_findings(facts: StepFacts) -> Iterator[Finding]:
    """Something is said, and it is not longer than a reader bears; papers beside it are few."""
    if not facts.text.strip() or len(facts.text) > MAX_TEXT:
        yield Finding("question-length", params={"at_most": MAX_TEXT}, field="text")
    yield from few_papers_findings(facts)


def open_for_questions_findings(facts: StepFacts) -> Iterator[Finding]:
    """Questions end when bids (or applications) do; a deadline that is to be set anew ends nothing."""
    lot = facts.lot
    over = lot.deadline_at is None or (facts.at >= lot.deadline_at and not lot.postponed)
    if lot.stage not in OPEN_STAGES or over:
        yield Finding("questions-over")


def question_findings(facts: StepFacts) -> list[Finding]:
    """All objections to a question."""
    found = [*open_for_questions_findings(facts), *has_documents_findings(facts), *words_findings(facts)]
    if facts.by.organisation in (facts.lot.tenderee, facts.lot.agency):
        found.append(Finding("agency-bids", law.rule("W-agency-bids", on=facts.lot.law_on).source))
    return found
