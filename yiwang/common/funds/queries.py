"""Reads: refunds of a matter, of a debtor, of a creditor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import CharField, QuerySet
from django.db.models.functions import Substr

from yiwang.common.funds.models import RefundDuty
from yiwang.common.funds.rules import interest_fen
from yiwang.common.funds.shapes import Refund
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import KeptQuery, Texts, one_of_texts


class UnknownRefund(LookupError):
    """No refund has this code."""


def shown(row: RefundDuty, at: datetime) -> Refund:
    """A duty as it stands at ``at``."""
    interest = row.interest_fen
    if interest is None:
        interest = (
            interest_fen(row.principal_fen, row.held_since_on, local_day(at)) if row.bears_interest else 0
        )
    if row.done_on is None:
        late = row.due_at is not None and at >= row.due_at
    else:
        late = row.due_at is not None and row.done_on > local_day(row.due_at - timedelta(seconds=1))
    return Refund(
        row.code, Ref.parse(row.about), row.creditor, row.debtor, row.cause, row.limit, row.law_on,
        row.principal_fen, interest, row.arose_on, row.due_at, row.done_on, late,
    )  # fmt: skip


def duties() -> QuerySet[RefundDuty]:
    """All refunds, for lists that narrow and order them; see :func:`shown` for what they say at an instant."""
    return RefundDuty.objects.all()


def overdue(rows: QuerySet[RefundDuty], at: datetime) -> QuerySet[RefundDuty]:
    """Those of ``rows`` that are open after their last day."""
    return rows.filter(done_on=None, due_at__lte=at)


def refund(code: str, at: datetime) -> Refund:
    """One refund as it stands. Raises UnknownRefund."""
    row = RefundDuty.objects.filter(code=code).first()
    if row is None:
        raise UnknownRefund(code)
    return shown(row, at)


def first_due(about: Iterable[Ref]) -> dict[str, datetime | None]:
    """By matter (as text) with open refunds: when the first of them is due (None where no article says)."""
    found: dict[str, datetime | None] = {}
    wanted = Texts(str(each) for each in about)
    for matter, due_at in _OPEN_OF.rows(wanted) if wanted else ():
        known = found.get(matter)
        found[matter] = due_at if known is None else known
    return found


_OPEN_OF = KeptQuery(
    lambda about: (
        RefundDuty.objects.filter(one_of_texts("about", about), done_on=None)
        .order_by("due_at")
        .values_list("about", "due_at")
    )
)


def open_codes(room: str, kind: str) -> QuerySet[RefundDuty, str]:
    """The codes of the matters of a kind with refunds that are not paid yet, to be asked within another query."""
    before = f"{room}:{kind}:"
    rows = RefundDuty.objects.filter(done_on=None, about__startswith=before).order_by()
    code = Substr("about", len(before) + 1, output_field=CharField())
    return rows.annotate(matter=code).values_list("matter", flat=True)
