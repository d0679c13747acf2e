"""A decision on a complaint orders to evaluate or to tender again (招标投标法 64, 招标条例 81): what was decided is void."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Complaint, Lot
from yiwang.business.trading.rules.complaining import EVALUATE_AGAIN, NEW_COMMITTEE, ORDER, TENDER_AGAIN
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.rules.objecting import RETENDER
from yiwang.business.trading.services.announcing import promised_to_objectors
from yiwang.business.trading.services.awarding import annul_by_order
from yiwang.business.trading.services.complaints import facts_of
from yiwang.business.trading.services.mending import new_committee_due, note_mended
from yiwang.business.trading.services.noticed import drop_notices, locked_with_neighbours
from yiwang.business.trading.services.passing import take_award_back
from yiwang.business.trading.services.reexamining import is_reexamining
from yiwang.business.trading.services.rounds import begin_round, is_online
from yiwang.business.trading.services.steps import (
    hosts_of,
    lot_facts,
    procedure_of,
    require,
    take_step,
    tell,
)
from yiwang.business.trading.services.stopping import locked_with_lot
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import JSON, act, cancel, hold_lock

STEP = "evaluate-again-by-order"
STEP_ANEW = "evaluate-anew-by-order"
STEP_TENDER = "annul-by-order"
# By a newly formed committee, and before there was a report: what those who take part are told.
TOLD = {
    (False, False): "result-annulled",
    (False, True): "evaluation-annulled",
    (True, False): "committee-annulled",
    (True, True): "evaluation-anew",
}


def evaluate_again(by: Actor, code: str, at: datetime) -> Lot:
    """The tenderee carries out the decision on complaint ``code``: the committee evaluates anew. Raises Refused.

    The same committee; or, where the decision orders that, one to be newly formed: then all members stand down, what they
    concluded is void (招标条例 70), and the lot waits for the choice of others. During the evaluation what was concluded so
    far is void, and there is no report of it.

    Ranking, publicity and award letter are void, and all of them stay on record. That it was ordered and by which body
    is public; for what complaint nobody learns. It is no progress of the tender but what the body waits for, so a
    suspension that it keeps does not bar it: the evaluation itself goes on once that is lifted.
    """
    require(by, permissions.CARRY_OUT_DECISION)
    with act():
        complaint, lot, ordered = _order(by, code, at)
        facts, anew = _facts(by, lot, ordered, at), ordered == NEW_COMMITTEE
        step = STEP_ANEW if anew else STEP
        refuse_if(_evaluation_findings(lot, step, facts))
        promised = promised_to_objectors(lot)
        void = {
            "authority": complaint.authority,
            "publicity": lot.publicity_notice,
            "result": lot.result_notice,
        }
        said: dict[str, JSON] = {**void, "round": lot.round, "online": is_online(lot)}
        said |= {"committee": "new"} if anew else {}
        under_way = lot.report_received_at is None
        kind = kinds.EVALUATION_ANNULLED if under_way else kinds.RESULT_ANNULLED
        awarded = lot.stage == "awarded"
        take_step(lot, step, facts, kind, said)
        promised.update(settled_in=lot.publicity_notice)
        begin_round(lot, ORDER, at, annulled=void, anew=anew)
        if awarded:
            take_award_back(by, lot, at)
        _drop_publicity(by, lot, at)
        note_mended(lot, step, by, at)
        told = TOLD[anew, under_way]
        tell(lot, [*(each.bidder for each in lot.bids.all()), *hosts_of(lot)], told, at)
        return lot


def tender_again(by: Actor, code: str, at: datetime) -> Lot:
    """The tenderee carries out the decision on complaint ``code``: the tender ends, to be held again. Raises Refused.

    Public is what :func:`evaluate_again` makes public: that it was ordered, and by which body. A publicity, a result and
    an award letter are void; what follows is that of every tender that failed: its notice, refunds, the new tender.
    """
    require(by, permissions.CARRY_OUT_DECISION)
    with act():
        complaint, lot, ordered = _order(by, code, at)
        if lot.stage == "awarded":
            take_award_back(by, lot, at)
        annul_by_order(by, lot.code, at, complaint.authority, ordered)
        return lot


def evaluation_findings(by: Actor, lot: Lot, ordered: str, at: datetime) -> list[Finding]:
    """Every reason why :func:`evaluate_again` would be refused to the actor now; empty: it may be done.

    ``ordered`` is what the decision orders the actor and was not carried out yet, "" where nothing is.
    """
    step = STEP_ANEW if ordered == NEW_COMMITTEE else STEP
    return _evaluation_findings(lot, step, _facts(by, lot, ordered, at))


def new_tender_findings(by: Actor, lot: Lot, ordered: str, at: datetime) -> list[Finding]:
    """The same of :func:`tender_again`."""
    return step_findings(procedure_of(lot, at).step(STEP_TENDER), _facts(by, lot, ordered, at))


def ordered_step_findings(by: Actor, lot: Lot, ordered: str, at: datetime) -> list[Finding]:
    """The same of whichever of the two does what is ``ordered``; none where a step does it that needs no order."""
    if ordered == TENDER_AGAIN:
        return new_tender_findings(by, lot, ordered, at)
    return evaluation_findings(by, lot, ordered, at) if ordered in (EVALUATE_AGAIN, NEW_COMMITTEE) else []


def _evaluation_findings(lot: Lot, step: str, facts: StepFacts) -> list[Finding]:
    """What stands against a new evaluation by order: the guards of its step, and a new tender that was promised."""
    promised = promised_to_objectors(lot).filter(remedy=RETENDER).exists()
    found = [Finding("retender-promised")] if promised else []
    return found or step_findings(procedure_of(lot, facts.at).step(step), facts)


def _facts(by: Actor, lot: Lot, ordered: str, at: datetime) -> StepFacts:
    return StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        ordered=ordered,
        committee_due=new_committee_due(lot),
        reexamining=is_reexamining(lot),
    )


def _order(by: Actor, code: str, at: datetime) -> tuple[Complaint, Lot, str]:
    """Complaint and lot, both locked, and what the decision orders this tenderee ("": it was done). Raises Refused."""
    known = Complaint.objects.filter(code=code).values_list("lot__code", flat=True).first()
    if known is not None:  # lots that share a notice in work first, all in one order
        hold_lock(Ref("trading", "lot", known))
        locked_with_neighbours(known)
    complaint, lot = locked_with_lot(code)
    about = facts_of(complaint, by, at).complaint
    if about is None or not about.corrects:
        raise Refused([Finding("no-such-complaint")])
    return complaint, lot, "" if about.corrected else complaint.correction


def _drop_publicity(by: Actor, lot: Lot, at: datetime) -> None:
    """A publicity under way does not appear, and lots that share it are told; one that runs ends here."""
    drop_notices(by, lot, at, "candidates-publicity")
    Lot.objects.filter(pk=lot.pk).update(publicity_notice="", publicity_from_at=None, publicity_until_at=None)
    for key in (f"publicity:{lot.code}", f"publicity:{lot.code}:{lot.publicity_notice}"):
        cancel(key)
