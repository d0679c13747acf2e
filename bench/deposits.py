"""The deposits of a filled town that have to be paid back, or were: two a lot that ended, some of bids withdrawn.

Nearly all were paid long ago; of the latest half wait, some beyond their last day. Written once, after the lots.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bench.town import BIDDERS, FIRST, code_of, no_style

from django.db import connection, transaction  # isort: skip - Django is set up by bench.town

from yiwang.business.trading.models import Envelope, Lot
from yiwang.common.funds.api import CONTRACT, FAILED, TERMINATED, WITHDRAWN
from yiwang.common.funds.models import RefundDuty
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.refs import Ref

BATCH = 5_000
CAUSES = {
    "contracted": CONTRACT,
    "archived": CONTRACT,
    "failed": FAILED,
    "terminated": TERMINATED,
    "bidding": WITHDRAWN,
}
LIMITS = {CONTRACT: "W25", WITHDRAWN: "W15"}
OFTEN_WITHDRAWN, LEFT_OPEN = (
    7,
    400,
)  # one bid in so many lots that still run; one refund in so many of old lots
DEPOSIT_FEN = 2_000_000


def fill(now: datetime) -> bool:
    """Writes them where they are not there yet, and says whether it did."""
    if RefundDuty.objects.filter(pk__gte=FIRST).exists():
        return False
    lots = Lot.objects.filter(pk__gte=FIRST, stage__in=CAUSES).select_related("words").order_by("pk")
    envelopes = dict(Envelope.objects.filter(pk__gte=FIRST).values_list("lot_id", "bidder"))
    rows = list[RefundDuty]()
    with transaction.atomic():
        for lot in lots.only(
            "code", "stage", "stage_since_at", "tenderee", "agency", "words__text"
        ).iterator():
            rows += _of(lot, envelopes.get(lot.pk, ""), now)
            if len(rows) >= BATCH:
                RefundDuty.objects.bulk_create(rows)
                rows.clear()
        RefundDuty.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [RefundDuty]):
            cursor.execute(statement)
    return True


def _of(lot: Any, winner: str, now: datetime) -> Iterator[RefundDuty]:
    number = lot.pk - FIRST
    cause = CAUSES[lot.stage]
    if cause == WITHDRAWN and number % OFTEN_WITHDRAWN:
        return
    since = lot.stage_since_at
    for place, creditor in enumerate((winner, code_of("B", (number * 7 + 3) % BIDDERS))):
        if not creditor or (cause == WITHDRAWN and place):
            continue
        due_at = since + timedelta(days=5) if cause in LIMITS else None
        often_open = {"contracted": 2, "bidding": 1}.get(lot.stage, LEFT_OPEN)
        waits = (number // 10 + place) % often_open == 0
        paid_on = None if waits else local_day(since + timedelta(days=number % 8))
        yield RefundDuty(
            id=2 * lot.pk + place, code=f"F-{lot.code}-{place}", about=str(Ref("trading", "lot", lot.code)), creditor=creditor,
            debtor=lot.tenderee, agent=lot.agency, words=lot.words.text, cause=cause, limit=LIMITS.get(cause, ""), law_on=local_day(since),
            principal_fen=DEPOSIT_FEN + number % 500 * 10_000, bears_interest=cause in (CONTRACT, TERMINATED),
            held_since_on=local_day(since - timedelta(days=60)), arose_on=local_day(since), due_at=due_at, done_on=paid_on,
            interest_fen=None if paid_on is None else 0, noted_at=None if paid_on is None else min(now, since + timedelta(days=8)),
        )  # fmt: skip
