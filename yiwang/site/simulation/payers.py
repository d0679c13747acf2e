"""Who paid the deposits of a lot of the city: two of them came from one account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
    from yiwang.site.simulation.script import Tender
else:
    from yiwang.site.simulation.line import trading  # the same verbs, over a line that may be troubled

LENDER = "天水鼎信劳务有限公司（演练）"


def note_payers(tender: Tender) -> None:
    """Of the bidders that stand near each other two paid from the account of a third; the others from their own."""
    world = tender.world
    pair = {each.organisation for each in world.bidders[:2]}
    rows = trading.opening_rows(trading.find_lot(tender.code), everything=True)
    given = [
        trading.PayerFacts(each.bidder, LENDER, "6217 0000 1234 5678 901")
        if each.bidder in pair
        else trading.PayerFacts(each.bidder, each.name, f"2703 0000 0000 {each.place:04d} 55")
        for each in rows
    ]
    trading.note_deposit_payers(tender.drafter, tender.code, given, world.now)
