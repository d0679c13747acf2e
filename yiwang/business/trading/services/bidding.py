"""Taking documents; handing in, replacing and withdrawing bids; the deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.closing import stored_closing_list
from yiwang.business.trading.models import PREQUALIFICATION_PHASE, Envelope, Lot, Taking, Withdrawal
from yiwang.business.trading.rules.bidding import before_deadline_findings
from yiwang.business.trading.rules.facts import SheetFacts, StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.rules.papers import AGREEMENT, OTHER, PAPER_KINDS, paper_kind_findings
from yiwang.business.trading.rules.review_facts import ReviewFacts
from yiwang.business.trading.services.clarifying import amendment_due
from yiwang.business.trading.services.postponing import postpone
from yiwang.business.trading.services.steps import (
    locked_lot,
    lot_facts,
    procedure_of,
    require,
    take_step,
    tell,
)
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import KeptQuery, Kind, RefusedOnRecord, act, hold_lock, record, share_lock

AFTER_CLOSING = ("closed", "opened", "failed")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the bidder keeps: codes, the instant of receipt, and the hash of the record in the journal."""

    envelope: str
    lot: str
    bidder: str
    received_at: datetime
    number: int
    leaf_hash: str
    papers: tuple[tuple[str, str], ...]
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def listed(self) -> list[tuple[str, str, Words]]:
        """The papers as (sha256, name, kind)."""
        return [(sha256, name, PAPER_KINDS[self.kinds.get(sha256, OTHER)]) for sha256, name in self.papers]

    def as_json(self) -> dict[str, object]:
        return {
            "envelope": self.envelope,
            "lot": self.lot,
            "bidder": self.bidder,
            "received_at": iso(self.received_at),
            "number": self.number,
            "leaf_hash": self.leaf_hash,
            "papers": [
                {"sha256": sha256, "name": name}
                | ({"kind": self.kinds[sha256]} if sha256 in self.kinds else {})
                for sha256, name in self.papers
            ],
        }


def shared_lot(code: str, bidder: str) -> Lot:
    """The lot under a lock that submissions share and the closing holds alone; ``bidder`` acts in it once at a time.

    Raises Refused.
    """
    share_lock(Ref("trading", "lot", code), alone=Ref("trading", "bidder", f"{code}-{bidder}"))
    lot = Lot.objects.select_related("project").filter(code=code).first()
    if lot is None:
        raise Refused([Finding("no-such-lot", params={"code": code[:40]})])
    return lot


def current_envelopes(lot: Lot) -> list[Envelope]:
    """The envelopes that count: of each bidder the last, unless it was withdrawn; in order of receipt."""
    last: dict[str, Envelope] = {}
    for each in lot.envelopes.select_related("withdrawal").order_by("number"):
        last[each.bidder] = each
    standing = [each for each in last.values() if not hasattr(each, "withdrawal")]
    return sorted(standing, key=lambda each: (each.received_at, each.pk))


def own_envelope(lot: Lot, bidder: str) -> Envelope | None:
    """The bidder's standing envelope in this lot, if any."""
    _, envelope = _last_and_standing(lot, bidder)
    return envelope


_LAST = KeptQuery(
    lambda lot, bidder: (
        Envelope.objects.filter(lot_id=lot, bidder=bidder)
        .order_by("-number")
        .values_list("number", "pk", "withdrawal__pk")[:1]
    )
)


def _last_and_standing(lot: Lot, bidder: str) -> tuple[int, Envelope | None]:
    """The number of the bidder's last envelope (0 before the first), and that envelope unless it was withdrawn."""
    last = _LAST.first(lot.pk, bidder)
    if last is None:
        return 0, None
    number, pk, withdrawal = last
    return number, lot.envelopes.get(pk=pk) if withdrawal is None else None


def prequalified_facts(lot: Lot, bidder: str) -> ReviewFacts | None:
    """Who passed the prequalification, and with which other members ``bidder`` did; None of a lot that has none."""
    if not lot.prequalifies:
        return None
    members = tuple(code for code, _ in prequalified_members(lot, bidder))
    return ReviewFacts(qualified=qualified_of(lot), members=members)


def prequalified_members(lot: Lot, bidder: str) -> tuple[tuple[str, str], ...]:
    """The other members (code, name) of the consortium with which a bidder passed the prequalification; () for none."""
    own = lot.applications.filter(applicant=bidder, qualified=True).first()
    return tuple((code, name) for code, name in own.members) if own else ()


def qualified_of(lot: Lot) -> tuple[str, ...]:
    """Who was told to have passed."""
    return tuple(lot.applications.filter(qualified=True).values_list("applicant", flat=True))


def take_documents(by: Actor, code: str, at: datetime) -> Taking:
    """Records that a bidder took the documents; taking them again changes nothing. Raises Refused.

    Those of the prequalification while it runs; after it, those of the tender, which only who passed may have.
    """
    require(by, permissions.TAKE_DOCUMENTS)
    with act():
        lot = shared_lot(code, by.organisation)
        known = Taking.objects.filter(lot=lot, phase=lot.phase, organisation=by.organisation).first()
        if known is not None:
            return known
        facts = StepFacts(
            at=at, by=by, lot=lot_facts(lot, at), review=prequalified_facts(lot, by.organisation)
        )
        step = "take-prequalification-documents" if lot.phase == PREQUALIFICATION_PHASE else "take-documents"
        refuse_if(step_findings(procedure_of(lot, at).step(step), facts))
        taking = Taking.objects.create(
            code=random_code("T"), lot=lot, phase=lot.phase, organisation=by.organisation, taken_at=at
        )
        record(
            kinds.DOCUMENTS_TAKEN,
            about=Ref("trading", "taking", taking.code),
            within=lot.ref,
            by=by,
            at=at,
            facts={"lot": code, "organisation": by.organisation},
            begins=True,
        )
        return taking


def submit_bid(
    by: Actor,
    code: str,
    sheet: SheetFacts,
    papers: Sequence[tuple[str, str]],
    received_at: datetime,
    *,
    replace: bool = False,
    paper_kinds: Mapping[str, str] | None = None,
) -> Receipt:
    """Hands in a bid, or with ``replace`` another in place of the standing one. Raises Refused.

    ``received_at`` is the instant at which the last byte had arrived; it decides (招标投标法 28). ``papers``
    are (sha256, name) of stored documents, ``paper_kinds`` says by digest what each is. What arrived in time but finds the lot closed is an outage, on
    record, never called late.
    """
    require(by, permissions.BID)
    refuse_if(paper_kind_findings(paper_kinds or {}, len(papers)))
    with act():
        lot = shared_lot(code, by.organisation)
        last, standing = _last_and_standing(lot, by.organisation)
        facts = StepFacts(
            at=received_at,
            by=by,
            lot=lot_facts(lot, received_at),
            received_at=received_at,
            own_envelopes=0 if standing is None else 1,
            sheet=sheet,
            papers=len(papers),
            review=prequalified_facts(lot, by.organisation),
            agreement=AGREEMENT in (paper_kinds or {}).values(),
        )
        outage = lot.stage in AFTER_CLOSING and lot.deadline_at is not None and received_at < lot.deadline_at
        if not outage:
            _refuse_late(lot, facts)
            step_id = "replace-bid" if replace else "submit-bid"
            refuse_if(step_findings(procedure_of(lot, received_at).step(step_id), facts))
            if standing is not None:
                _note(kinds.BID_REPLACED, by, lot, standing, received_at)
            return _record_envelope(by, lot, last + 1, sheet, papers, received_at, paper_kinds or {})
        record(
            kinds.BID_OUTAGE,
            about=lot.ref,
            by=SYSTEM_ACTOR,
            at=received_at,
            facts={"received_at": iso(received_at)},
        )
        raise RefusedOnRecord([Finding("outage")])


def _refuse_late(lot: Lot, facts: StepFacts) -> None:
    """Late is late, whatever became of the lot since: the bidder is told the deadline, not the stage."""
    if lot.law_on is not None:
        refuse_if(before_deadline_findings(facts))


def _record_envelope(
    by: Actor,
    lot: Lot,
    number: int,
    sheet: SheetFacts,
    papers: Sequence[tuple[str, str]],
    received_at: datetime,
    paper_kinds: Mapping[str, str],
) -> Receipt:
    envelope = Envelope(
        code=random_code("E"),
        lot=lot,
        bidder=by.organisation,
        number=number,
        sheet=sheet.as_json(),
        papers=[list(each) for each in papers],
        kinds=dict(paper_kinds),
        received_at=received_at,
    )
    entry = record(
        kinds.BID_SUBMITTED,
        about=envelope.ref,
        within=lot.ref,
        by=by,
        at=received_at,
        facts={"lot": lot.code, "bidder": by.organisation, "number": number},
        documents=[sha256 for sha256, _ in papers],
        private={"sheet": envelope.sheet},
        begins=True,
    )
    envelope.entry, envelope.leaf_hash = entry.id, entry.leaf_hash
    envelope.save(force_insert=True)
    return receipt_of(envelope)


def receipt_of(envelope: Envelope) -> Receipt:
    """The receipt of an envelope, at any time the same."""
    return Receipt(
        envelope.code,
        envelope.lot.code,
        envelope.bidder,
        envelope.received_at,
        envelope.number,
        envelope.leaf_hash,
        tuple((sha256, name) for sha256, name in envelope.papers),
        envelope.kinds,
    )


def withdraw_bid(by: Actor, code: str, received_at: datetime) -> None:
    """Withdraws the standing bid before the deadline (招标投标法 29). Raises Refused."""
    require(by, permissions.BID)
    with act():
        lot = shared_lot(code, by.organisation)
        standing = own_envelope(lot, by.organisation)
        facts = StepFacts(
            at=received_at,
            by=by,
            lot=lot_facts(lot, received_at),
            received_at=received_at,
            own_envelopes=0 if standing is None else 1,
        )
        _refuse_late(lot, facts)
        refuse_if(step_findings(procedure_of(lot, received_at).step("withdraw-bid"), facts))
        if standing is None:
            raise Refused([Finding("no-bid-yet")])
        Withdrawal.objects.create(envelope=standing, withdrawn_at=received_at)
        _note(kinds.BID_WITHDRAWN, by, lot, standing, received_at)


def _note(kind: Kind, by: Actor, lot: Lot, standing: Envelope, at: datetime) -> None:
    """That an envelope stands no more."""
    facts = {"lot": lot.code, "bidder": by.organisation}
    record(kind, about=standing.ref, within=lot.ref, by=by, at=at, facts=facts)


def close_lot(code: str, at: datetime) -> str:
    """The deadline has passed (duty ``close-lot``): closing list, then closed or failed. Gives the stage. Idempotent.

    A suspended lot is neither closed nor opened (招标条例 22): it waits for a new deadline.
    """
    with act():
        hold_lock(Ref("trading", "lot", code))
        lot = locked_lot(code)
        if lot.stage != "bidding" or lot.deadline_at is None or at < lot.deadline_at or lot.postponed_at:
            return lot.stage
        if lot.suspended_at is not None or amendment_due(lot):
            postpone(lot, at)
            return lot.stage
        envelopes = current_envelopes(lot)
        enough = len(envelopes) >= law.limit("W11", on=lot.law_on or local_day(lot.deadline_at)).at_least
        listed = stored_closing_list(lot, envelopes, lot.envelopes.order_by("id"))
        facts = StepFacts(at=at, by=SYSTEM_ACTOR, lot=lot_facts(lot, at), envelopes=len(envelopes))
        record(
            kinds.DEADLINE_REACHED,
            about=lot.ref,
            by=SYSTEM_ACTOR,
            at=at,
            facts={"deadline": iso(lot.deadline_at), "standing": len(envelopes), "project": lot.project.code},
            documents=[listed],
        )
        if enough:
            take_step(lot, "close", facts, kinds.LOT_CLOSED)
        else:
            Lot.objects.filter(pk=lot.pk).update(outcome="too-few-bidders")
            take_step(
                lot, "fail", facts, kinds.LOT_FAILED, {"bidders": len(envelopes), "reason": "too-few-bidders"}
            )
            told = [*(each.bidder for each in envelopes), lot.project.tenderee, lot.project.agency]
            tell(lot, [each for each in told if each], "lot-failed", at)
        return lot.stage
