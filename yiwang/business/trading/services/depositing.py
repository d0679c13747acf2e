"""Who paid the deposits is noted by those who received them, and compared for the committee (招标条例 40 (6))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Bid, DepositPayment, Lot
from yiwang.business.trading.rules.depositing import PayerFacts, payers_findings
from yiwang.business.trading.services.signs import note_signs, signs_among
from yiwang.business.trading.services.steps import locked_lot, require, require_party
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import refuse_if
from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.sameness import key
from yiwang.record.journal.api import act, keyed_mark, record


def account_mark(account: str) -> str:
    """What stands for the number of an account: keyed, so that it cannot be found by trying numbers."""
    return keyed_mark("yiwang.trading.accounts", key(account))


def note_deposit_payers(by: Actor, code: str, given: Sequence[PayerFacts], at: datetime) -> None:
    """Notes from whom deposits of the opened bids came; a bid that is not named keeps what was noted. Raises Refused.

    Of an account only a mark and its last four characters are kept. Nothing is rejected by it: what two bids have in
    common goes to the committee and the supervisor, like every other sign.
    """
    require(by, permissions.NOTE_PAYERS)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        bids = {each.bidder: each for each in lot.bids.all()}
        refuse_if(list(payers_findings(lot.stage, bids, given)))
        before = signs_among(lot)
        for each in given:
            _keep(bids[each.bidder], each, at)
        noted = DepositPayment.objects.filter(bid__lot=lot).values_list(
            "bid__bidder", "payer", "account_mark"
        )
        record(
            kinds.DEPOSIT_PAYERS_NOTED,
            about=Ref("trading", "deposits", lot.code),
            within=lot.ref,
            by=by,
            at=at,
            facts={"lot": lot.code, "bids": len(noted)},
            private={"payers": [list(each) for each in noted]},
        )
        if signs_among(lot) != before:
            note_signs(lot, at)


def _keep(bid: Bid, given: PayerFacts, at: datetime) -> None:
    """An account that is not given again stays where the name does; without a name nothing is kept."""
    payer, account = given.payer.strip(), given.account.strip()
    if not payer:
        DepositPayment.objects.filter(bid=bid).delete()
        return
    known = DepositPayment.objects.filter(bid=bid, payer=payer).first()
    mark, tail = (known.account_mark, known.account_tail) if known else ("", "")
    if account:
        mark, tail = account_mark(account), key(account).upper()[-4:]
    kept = {"payer": payer, "account_mark": mark, "account_tail": tail, "noted_at": at}
    DepositPayment.objects.update_or_create(bid=bid, defaults=kept)


def deposit_payers(lot: Lot) -> dict[str, tuple[str, str]]:
    """Who paid the deposit of each bid, and how the account ends ("" unknown), by bidder; those not noted are not there."""
    rows = DepositPayment.objects.filter(bid__lot=lot)
    return {
        bidder: (payer, tail)
        for bidder, payer, tail in rows.values_list("bid__bidder", "payer", "account_tail")
    }
