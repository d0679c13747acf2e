"""The committee asks a bidder in writing about unclear content, and the bidder answers in writing (招标条例 52)."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Inquiry
from yiwang.business.trading.services.panel import counting
from yiwang.business.trading.services.sitting import note, own_seat, sitting_step
from yiwang.business.trading.services.steps import locked_lot, require, tell
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.journal.api import act


def ask_bidder(by: Actor, code: str, bidder: str, unclear: str, text: str, at: datetime) -> Inquiry:
    """A member asks a bidder on behalf of the committee; the bidder is told in the hall. Raises Refused.

    ``unclear`` says what is asked about: unclear-meaning, obvious-slip or arithmetic.
    """
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        seat = own_seat(lot, by)
        facts = sitting_step(lot, by, at, {}, subject=bidder, ground=unclear, text=text)
        made = random_code("I")
        note(
            lot,
            "ask-bidder",
            facts,
            kinds.BIDDER_ASKED,
            Ref("trading", "inquiry", made),
            {"bidder": bidder, "unclear": unclear, "member": seat.number},
            private={"text": text.strip()[:600]},
        )
        asked = Inquiry.objects.create(
            code=made,
            bid=lot.bids.get(bidder=bidder),
            member=seat,
            unclear=unclear,
            text=text.strip(),
            asked_at=at,
        )
        tell(lot, [bidder], "committee-asks", at)
        return asked


def answer_committee(by: Actor, inquiry_code: str, text: str, accepted: bool | None, at: datetime) -> Inquiry:
    """The bidder answers; with ``accepted`` whether it accepts the corrected price, where that was asked. Refused."""
    require(by, permissions.BID)
    with act():
        inquiry = Inquiry.objects.select_related("bid__lot").filter(code=inquiry_code).first()
        if inquiry is None or inquiry.bid.bidder != by.organisation:
            raise Refused([Finding("inquiry-not-yours")])
        lot = locked_lot(inquiry.bid.lot.code)
        inquiry.refresh_from_db()
        if inquiry.answered_at is not None:
            raise Refused([Finding("inquiry-answered")])
        if not counting(Inquiry.objects.filter(pk=inquiry.pk)).exists():
            raise Refused([Finding("inquiry-ended")])
        if inquiry.unclear == "arithmetic" and accepted is None:
            raise Refused([Finding("acceptance-missing", field="accepted")])
        facts = sitting_step(lot, by, at, {}, subject=inquiry.bid.bidder, text=text)
        note(
            lot,
            "answer-committee",
            facts,
            kinds.COMMITTEE_ANSWERED,
            Ref("trading", "inquiry", inquiry.code),
            {"bidder": by.organisation},
            private={"text": text.strip()[:600]},
        )
        inquiry.answer, inquiry.answered_at = text.strip(), at
        inquiry.accepted = accepted if inquiry.unclear == "arithmetic" else None
        inquiry.save(update_fields=["answer", "answered_at", "accepted"])
        return inquiry
