"""Bidders ask about the tender documents; nobody learns who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Lot, Question
from yiwang.business.trading.rules.asking import question_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.bidding import shared_lot
from yiwang.business.trading.services.steps import hosts_of, lot_facts, require, tell
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, record


def has_taken(lot: Lot, organisation: str) -> bool:
    """Whether the organisation is on record as having taken the documents of the phase that the lot is in."""
    return bool(organisation) and lot.takings.filter(phase=lot.phase, organisation=organisation).exists()


def ask(by: Actor, code: str, text: str, papers: Sequence[tuple[str, str]], at: datetime) -> Question:
    """Asks about the documents of a lot; ``papers`` are (sha256, name). Raises Refused.

    The entry is never public and stands about the question itself: no gap in the lot's numbers betrays it.
    """
    require(by, permissions.ASK)
    with act():
        lot = shared_lot(code, by.organisation)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            taken=has_taken(lot, by.organisation),
            text=text,
            papers=len(papers),
        )
        refuse_if(question_findings(facts))
        question = Question.objects.create(
            code=random_code("Q"),
            lot=lot,
            phase=lot.phase,
            asker=by.organisation,
            text=text.strip(),
            papers=[list(each) for each in papers],
            asked_at=at,
        )
        record(
            kinds.QUESTION_ASKED,
            about=question.ref,
            within=lot.ref,
            by=by,
            at=at,
            facts={"lot": code, "organisation": by.organisation},
            documents=[sha256 for sha256, _ in papers],
            private={"text": question.text},
        )
        tell(lot, hosts_of(lot), "question-asked", at)
        return question
