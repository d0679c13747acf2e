"""Award decision and letters, contract, archive, termination."""

from __future__ import annotations

import io
from datetime import date, datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Award, Bid, Contract, Lot
from yiwang.business.trading.rules.complaining import BY_ORDER
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.mending import note_mended
from yiwang.business.trading.services.noticed import drop_notices, locked_with_neighbours
from yiwang.business.trading.services.passing import standing_award
from yiwang.business.trading.services.reexamining import is_reexamining
from yiwang.business.trading.services.steps import (
    bid_facts,
    check_step,
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
    tell,
)
from yiwang.business.trading.texts import award_letter
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref
from yiwang.record.files import api as files
from yiwang.record.journal.api import Kind, act, cancel, hold_lock, record

UNLAWFUL_DOCUMENTS = "unlawful-documents"
# What those who took part are told, by why a lot ended.
ENDED = {
    "terminated": "lot-terminated",
    UNLAWFUL_DOCUMENTS: "documents-annulled",
    BY_ORDER: "tender-annulled",
}


def award(by: Actor, code: str, bidder: str, at: datetime) -> Award:
    """Decides the award and sends the letter; every other bidder is told the result (招标投标法 45). Raises Refused."""
    require(by, permissions.AWARD)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            bids=bid_facts(lot),
            subject=bidder,
            reexamining=is_reexamining(lot),
        )
        check_step(lot, "award", facts)
        bid = lot.bids.get(bidder=bidder)
        text = dumps(award_letter(lot, bid, at))
        letter = files.store(
            io.BytesIO(text), name=f"{code}-letter.json", max_bytes=len(text), types=("application/json",)
        )
        decided = Award.objects.create(
            lot=lot, bid=bid, letter=letter.sha256, letter_number=_letter_number(lot), sent_at=at
        )
        Lot.objects.filter(pk=lot.pk).update(outcome="awarded")
        take_step(
            lot,
            "award",
            facts,
            kinds.AWARD_DECIDED,
            {"bidder": bidder, "price_fen": bid.price_fen, "letter": decided.letter_number},
            documents=[letter.sha256],
        )
        losers = list(lot.bids.exclude(bidder=bidder).values_list("bidder", flat=True))
        tell(lot, [bidder], "award-letter", at, letter.sha256)
        tell(lot, losers, "not-chosen", at)
        for number, each in enumerate([bidder, *losers]):
            record(
                kinds.BIDDER_TOLD,
                about=lot.bids.get(bidder=each).envelope.ref,
                within=lot.ref,
                by=by,
                at=at,
                facts={
                    "lot": code,
                    "bidder": each,
                    "matter": "award-letter" if number == 0 else "not-chosen",
                },
            )
        return decided


def _letter_number(lot: Lot) -> str:
    """ZB and the code of the lot; a letter after one that was withdrawn has a number of its own."""
    earlier = lot.awards.count()
    return f"ZB-{lot.code}" + (f"-{earlier + 1}" if earlier else "")


def sign_contract(
    by: Actor, code: str, number: str, amount_fen: int, bond_fen: int, signed_on: date, at: datetime
) -> tuple[Contract, tuple[Finding, ...]]:
    """Records the written contract (W23, W26). Gives it with the warnings. Raises Refused."""
    require(by, permissions.CONTRACT)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        decided = standing_award(lot)
        if decided is None:
            raise Refused([Finding("wrong-stage-now")])
        refuse_if([] if number.strip() else [Finding("contract-number-missing", field="number")])
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            bids=bid_facts(lot),
            subject=decided.bid.bidder,
            received_at=decided.sent_at,
            amount_fen=amount_fen,
            bond_fen=bond_fen,
            signed_on=signed_on,
        )
        check_step(lot, "contract", facts)
        contract = Contract.objects.create(
            lot=lot, number=number.strip(), amount_fen=amount_fen, bond_fen=bond_fen, signed_on=signed_on
        )
        _, warnings = take_step(
            lot,
            "contract",
            facts,
            kinds.CONTRACT_SIGNED,
            {
                "number": contract.number,
                "amount_fen": amount_fen,
                "signed_on": signed_on.isoformat(),
                "bidder": decided.bid.bidder,
            },
        )
        return contract, warnings


def archive(by: Actor, code: str, at: datetime) -> None:
    """Archives a contracted lot; nothing in it moves any more. Raises Refused."""
    require(by, permissions.ARCHIVE)
    with act():
        lot = locked_lot(code)
        refuse_if(_result_findings(lot))
        take_step(lot, "archive", StepFacts(at=at, by=by, lot=lot_facts(lot, at)), kinds.LOT_ARCHIVED)


def _result_findings(lot: Lot) -> list[Finding]:
    published = [
        each for each in notices.notices(about=lot.ref, status="published") if each.code == lot.result_notice
    ]
    return [] if published else [Finding("result-not-published")]


def terminate(by: Actor, code: str, reason: str, at: datetime) -> None:
    """The tenderee ends a tender before the award (招标条例 31); all parties are told. Raises Refused."""
    said = {"reason": reason.strip()[:600]}
    _end(by, code, reason, at, "terminate", kinds.LOT_TERMINATED, "terminated", said)


def annul_documents(by: Actor, code: str, reason: str, at: datetime) -> None:
    """The documents break the law and that affects bids: amended, the tender is held again (招标条例 23). Raises Refused.

    ``reason`` is public: which provision they break, and how.
    """
    said = {"reason": UNLAWFUL_DOCUMENTS, "words": reason.strip()[:600]}
    _end(by, code, reason, at, "annul-documents", kinds.LOT_FAILED, UNLAWFUL_DOCUMENTS, said)


def annul_by_order(by: Actor, code: str, at: datetime, authority: str, ordered: str) -> None:
    """``ordered`` by the body ``authority``, the tender ends here, to be held again (招标条例 81). Raises Refused."""
    said = {"reason": BY_ORDER, "authority": authority}
    _end(by, code, "", at, "annul-by-order", kinds.LOT_FAILED, BY_ORDER, said, ordered)


def _end(
    by: Actor,
    code: str,
    reason: str,
    at: datetime,
    step: str,
    kind: Kind,
    outcome: str,
    said: dict[str, str],
    ordered: str = "",
) -> None:
    """The tenderee ends a lot: nothing of it is due or suspended any more, and everybody who took part is told."""
    require(by, permissions.TERMINATE)
    with act():
        hold_lock(Ref("trading", "lot", code))
        lot = locked_with_neighbours(code)
        require_party(by, lot)
        facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), reason=reason, ordered=ordered)
        take_step(lot, step, facts, kind, said)
        note_mended(lot, step, by, at)
        Lot.objects.filter(pk=lot.pk).update(
            outcome=outcome, ending=reason.strip(), suspended_at=None, stopped_at=None, postponed_at=None
        )
        lot.orders.filter(lifted_at=None).update(lifted_at=at)
        drop_notices(by, lot, at)
        for key in (
            f"close:{lot.code}",
            f"close:{lot.code}:{iso(lot.deadline_at) if lot.deadline_at else ''}",
            f"publicity:{lot.code}",
            f"publicity:{lot.code}:{lot.publicity_notice}",
        ):
            cancel(key)
        bidders = Bid.objects.filter(lot=lot).values_list("bidder", flat=True)
        senders = lot.envelopes.values_list("bidder", flat=True)
        takers = lot.takings.values_list("organisation", flat=True)
        applicants = lot.applications.values_list("applicant", flat=True)
        objectors = lot.objections.filter(answered_at=None).values_list("objector", flat=True)
        tell(lot, sorted({*bidders, *senders, *takers, *applicants, *objectors}), ENDED[outcome], at)
