"""What follows when the last objection to a result is answered: the publicity ends, or what was upheld undoes it."""

from __future__ import annotations

from dataclasses import replace

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Lot, Objection
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.objecting import NEW_PUBLICITY, RE_EVALUATION, REMEDIES, RETENDER
from yiwang.business.trading.services.announcing import end_publicity
from yiwang.business.trading.services.mending import note_mended
from yiwang.business.trading.services.rounds import begin_round, is_online
from yiwang.business.trading.services.steps import hosts_of, take_step, tell
from yiwang.record.journal.api import cancel

STEPS = {RETENDER: "annul", RE_EVALUATION: "evaluate-again", NEW_PUBLICITY: "publicise-again"}
UPHELD = "objection-upheld"


def go_on_after_objections(lot: Lot, facts: StepFacts) -> None:
    """Takes the heaviest remedy that an answer promised; without one a publicity that has run ends now.

    ``lot`` is locked, in publicity, and no objection is open.
    """
    upheld = lot.objections.filter(matter=Objection.RESULT, settled_in="").exclude(remedy="")
    promised = set(upheld.values_list("remedy", flat=True))
    if promised:
        remedy = next(each for each in REMEDIES if each in promised)
        void = lot.publicity_notice
        _undo(lot, replace(facts, remedy=remedy), remedy)
        upheld.update(settled_in=void)
    elif lot.publicity_until_at is not None and facts.at >= lot.publicity_until_at:
        end_publicity(lot.code, facts.at)


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
