"""What other rooms may do with refunds and know of them. Frozen dataclasses in and out."""

from yiwang.common.funds.kinds import KIND_WORDS
from yiwang.common.funds.permissions import NOTE_REFUND
from yiwang.common.funds.queries import (
    UnknownRefund,
    duties,
    first_due,
    open_codes,
    overdue,
    refund,
    shown,
)
from yiwang.common.funds.rules import interest_fen
from yiwang.common.funds.services import Owed, note_done, owe
from yiwang.common.funds.shapes import CAUSE_WORDS, CONTRACT, FAILED, TERMINATED, WITHDRAWN, Refund

__all__ = [
    "CAUSE_WORDS",
    "CONTRACT",
    "FAILED",
    "KIND_WORDS",
    "NOTE_REFUND",
    "Owed",
    "Refund",
    "TERMINATED",
    "UnknownRefund",
    "WITHDRAWN",
    "duties",
    "first_due",
    "interest_fen",
    "note_done",
    "open_codes",
    "overdue",
    "owe",
    "refund",
    "shown",
]
