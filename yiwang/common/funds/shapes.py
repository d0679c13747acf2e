"""What other rooms see of a refund."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words

WITHDRAWN, CONTRACT, TERMINATED, FAILED = "withdrawn-bid", "contract", "terminated", "failed"
CAUSE_WORDS = {
    WITHDRAWN: Words("撤回投标", "bid withdrawn"),
    CONTRACT: Words("合同已签订", "contract signed"),
    TERMINATED: Words("招标终止", "tender terminated"),
    FAILED: Words("招标失败", "tender failed"),
}


@dataclass(frozen=True, slots=True)
class Refund:
    """A duty to pay back. ``interest_fen`` is what was paid, or what would be if it were paid on the day asked for.

    ``late`` says that it is overdue, or was done after its last day; ``limit`` names the article's row ("" for none).
    """

    code: str
    about: Ref
    creditor: str
    debtor: str
    cause: str
    limit: str
    law_on: date
    principal_fen: int
    interest_fen: int
    arose_on: date
    due_at: datetime | None
    done_on: date | None
    late: bool

    @property
    def cause_words(self) -> Words:
        return CAUSE_WORDS[self.cause]

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen
