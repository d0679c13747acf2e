"""What follows when the last objection to a result is answered: the publicity ends, or what was upheld undoes it."""

from __future__ import annotations

from dataclasses import replace

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.objecting import (
    NEW_PUBLICITY,
    RE_EVALUATION,
    REMEDIES,
    RETENDER,
    heaviest_remedy,
)
from yiwang.business.trading.services.announcing import end_publicity, promised_to_objectors
from yiwang.business.trading.services.mending import new_committee_due, note_mended
from yiwang.business.trading.services.rounds import begin_round, is_online
from yiwang.business.trading.services.steps import hosts_of, take_step, tell
from yiwang.record.journal.api import cancel

STEPS = {RETENDER: "annul", RE_EVALUATION: "evaluate-again", NEW_PUBLICITY: "publicise-again"}
UPHELD = "objection-upheld"


def go_on_after_objections(lot: Lot, facts: StepFacts) -> None:
    """Takes the heaviest remedy that an answer promised; without one a publicity that has run ends now.

    Where a decision orders a newly formed committee the old one does not evaluate again (招标条例 70): what was promised
    waits, with the publicity, until the decision is carried out.

    ``lot`` is locked, in publicity, and no objection is open.
    """
    remedy = heaviest_remedy(promised_remedies(lot))
    if remedy:
        void = lot.publicity_notice
        if remedy == RE_EVALUATION and new_committee_due(lot):
            return
        upheld = promised_to_objectors(lot)
        _undo(lot, replace(facts, remedy=remedy), remedy)
        upheld.update(settled_in=void)
    elif lot.publicity_until_at is not None and facts.at >= lot.publicity_until_at:
        end_publicity(lot.code, facts.at)


def promised_remedies(lot: Lot, but: str = "") -> tuple[str, ...]:
    """What answers to objections to the result promised and nobody did yet, each once, the heaviest first.

    Not counting the answer to the objection ``but``.
    """
    found = set(promised_to_objectors(lot).exclude(code=but).values_list("remedy", flat=True))
    return tuple(each for each in REMEDIES if each in found)


def _undo(lot: Lot, facts: StepFacts, remedy: str) -> None:
    said: dict[str, object] = {"remedy": remedy, "void": lot.publicity_notice}
    if remedy == RE_EVALUATION:
        said |= {"round": lot.round, "online": is_online(lot)}
    take_step(lot, STEPS[remedy], facts, kinds.RESULT_UNDONE, said)
    note_mended(lot, STEPS[remedy], facts.by, facts.at)
    fields: dict[str, object] = {
        "publicity_notice": "",
        "publicity_from_at": None,
        "publicity_until_at": None,
    }
    if remedy == RE_EVALUATION:
        begin_round(lot, remedy, facts.at)
    if remedy == RETENDER:
        fields["outcome"] = UPHELD
    Lot.objects.filter(pk=lot.pk).update(**fields)
    cancel(f"publicity:{lot.code}")
    tell(lot, [*(each.bidder for each in lot.bids.all()), *hosts_of(lot)], "result-undone", facts.at)
