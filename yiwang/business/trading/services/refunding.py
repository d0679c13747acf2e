"""Which deposits have to go back when: put on record from the journal, noted as done by those who hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from yiwang.business.trading.models import Contract, Envelope, Lot, Passing
from yiwang.business.trading.services.bidding import current_envelopes
from yiwang.business.trading.services.steps import require, require_party
from yiwang.business.trading.wordlists import lot_text
from yiwang.common.funds import api as funds
from yiwang.common.shell.api import TextInOrder
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import EntryView, act

# Kind of entry: cause of the refund, the row that says until when ("": no article does), whether interest is due.
CAUSES: dict[str, tuple[str, str, bool]] = {
    "bid-withdrawn": (funds.WITHDRAWN, "W15", False),  # 招标条例 35: five days, and not a word of interest
    "contract-signed": (funds.CONTRACT, "W25", True),
    "lot-terminated": (funds.TERMINATED, "", True),  # 招标条例 31: "in good time", without a number
    "lot-failed": (funds.FAILED, "", False),
}
FEW = 1_000
_MATTER = "trading:lot:"  # what the number of a lot stands behind where a refund names it
FORFEITING = ("gave-up", "no-performance-bond")


def owe_refunds(entry: EntryView) -> None:
    """What an entry obliges somebody to pay back; called by this room's reader, idempotent."""
    cause = CAUSES.get(entry.kind)
    if cause is None:
        return
    with act():
        if entry.kind == "bid-withdrawn":
            envelope = Envelope.objects.select_related("lot", "lot__project").get(code=entry.about.code)
            owed = _owed(envelope.lot, envelope, envelope.lot.deposit_fen, cause, entry.at)
            # Who withdraws, bids and withdraws again on one day is owed what came with each of the bids.
            found: Iterator[funds.Owed] = iter([replace(owed, paid_with=str(envelope.ref))])
        else:
            lot = Lot.objects.select_related("project").get(code=entry.about.code)
            found = _of_all(lot, cause, entry.at)
        for each in found:
            if each.principal_fen > 0:
                funds.owe(each, entry.at)


def _of_all(lot: Lot, cause: tuple[str, str, bool], at: datetime) -> Iterator[funds.Owed]:
    """The deposits of every standing bid: as read out where it was opened, as demanded where it stays sealed.

    Those of winners that lost their award by not signing are not among them (招标条例 74).
    """
    kept = {each.bid.bidder for each in forfeits(lot)}
    stated = {each.envelope_id: each.deposit_fen for each in lot.bids.all()}
    contract = Contract.objects.filter(lot=lot).first() if cause[0] == funds.CONTRACT else None
    for envelope in current_envelopes(lot):
        if envelope.bidder in kept:
            continue
        owed = _owed(lot, envelope, stated.get(envelope.pk, lot.deposit_fen), cause, at)
        yield owed if contract is None else replace(owed, arose_on=contract.signed_on)


def forfeits(lot: Lot) -> list[Passing]:
    """Winners whose award was withdrawn because they did not sign or gave no bond: their deposits are not returned.

    招标条例 74 says "without good reason": where there is one, the tenderee returns the deposit of its own accord.
    """
    rows = lot.passings.filter(after_letter=True, ground__in=FORFEITING)
    return list(rows.select_related("bid"))


def _owed(
    lot: Lot, envelope: Envelope, principal_fen: int, cause: tuple[str, str, bool], at: datetime
) -> funds.Owed:
    name, limit, interest = cause
    return funds.Owed(
        about=lot.ref,
        creditor=envelope.bidder,
        debtor=lot.project.tenderee,
        agent=lot.agency,
        words=lot_text(lot.code, lot.name, lot.project.name),
        cause=name,
        principal_fen=principal_fen,
        held_since_on=local_day(envelope.received_at),
        arose_on=local_day(at),
        limit=limit,
        bears_interest=interest,
        law_on=lot.law_on or local_day(at),
    )


def refund_duties(actor: Actor) -> QuerySet[Any]:
    """The refunds that the actor may see, to be narrowed and ordered: a bidder its own, the lot's side those of its lots, centre and supervisor all.

    That somebody withdrew shows who bid: before the deadline only its bidder and the centre see it, which holds
    the account (招标条例 35, 招标投标法 22).
    """
    rows = funds.duties()
    if actor.role == BIDDER:
        return rows.filter(creditor=actor.organisation)
    if actor.role == TENDEREE:
        rows = rows.filter(debtor=actor.organisation)  # who owes is the tenderee of the lot: see _owed
    elif actor.role == AGENCY:
        rows = rows.filter(agent=actor.organisation)
    elif actor.role not in (CENTRE, SUPERVISOR):
        return rows.none()
    if actor.role == CENTRE:
        return rows
    bidding = _matters(Lot.objects.filter(stage="bidding"))
    secret = funds.duties().filter(cause=funds.WITHDRAWN, about__in=bidding).order_by()
    return rows.exclude(pk__in=list(secret.values_list("pk", flat=True)))


def refunds_for(actor: Actor, at: datetime, lot: Lot) -> list[funds.Refund]:
    """The refunds of a lot that the actor may see, as they stand at ``at``: what is open first, by the day it is due."""
    rows = refund_duties(actor).filter(about=str(lot.ref))
    open_first = (F("done_on").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "id")
    return [funds.shown(row, at) for row in rows.order_by(*open_first)]


def refunds_of_lots(
    rows: QuerySet[Any],
    lots: QuerySet[Lot],
    narrow: Callable[[QuerySet[Lot]], QuerySet[Lot]],
    words: Sequence[str] = (),
) -> Q | Exists:
    """Which of ``rows`` (``funds.duties``) are about those of ``lots`` that ``narrow`` leaves.

    ``words``, where they say the same as ``narrow``, are looked for in few refunds beside each. Of few refunds their own
    lots are asked, few lots are named one by one; where both are many, each refund is asked for its words, or its lot, in
    the order asked for, until the page is full.
    """
    told = Q(*(TextInOrder("words", each) for each in words))
    matters = list(rows.order_by().values_list("about", flat=True)[: FEW + 1])
    if words and len(matters) <= FEW:
        return told
    if len(matters) <= FEW:
        return Q(about__in=_matters_of(narrow(lots.filter(code__in={_code(each) for each in matters}))))
    left = narrow(lots)
    found = _matters_of(left, FEW + 1)
    if len(found) <= FEW:
        return Q(about__in=found)
    if words:
        return told
    code = Substr(OuterRef("about"), len(_MATTER) + 1, output_field=CharField())
    return Exists(left.order_by().filter(code=code))


def _code(about: str) -> str:
    return about.removeprefix(_MATTER)


def _matters_of(lots: QuerySet[Lot], most: int = FEW) -> list[str]:
    return [_MATTER + code for code in lots.order_by().values_list("code", flat=True)[:most]]


def _matters(lots: QuerySet[Lot]) -> QuerySet[Any, str]:
    """The lots as refunds name them."""
    named = Concat(Value(_MATTER), "code", output_field=CharField())
    return lots.order_by().annotate(matter=named).values_list("matter", flat=True)


def _is_secret(refund: funds.Refund) -> bool:
    return (
        refund.cause == funds.WITHDRAWN
        and Lot.objects.filter(code=refund.about.code, stage="bidding").exists()
    )


def note_refund(
    by: Actor, code: str, done_on: date, at: datetime
) -> tuple[funds.Refund, tuple[Finding, ...]]:
    """Notes that a deposit went back. The lot's side and the centre do. Raises Refused; gives it with the warnings."""
    require(by, funds.NOTE_REFUND)
    try:
        known = funds.refund(code, at)
    except funds.UnknownRefund as error:
        raise Refused([Finding("refund-not-yours")]) from error
    lot = Lot.objects.select_related("project").get(code=known.about.code)
    require_party(by, lot)
    if by.role != CENTRE and _is_secret(known):
        raise Refused([Finding("refund-not-yours")])
    return funds.note_done(by, code, done_on, at)
