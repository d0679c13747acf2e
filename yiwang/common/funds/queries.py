"""Reads: refunds of a matter, of a debtor, of a creditor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F

from yiwang.common.funds.models import RefundDuty
from yiwang.common.funds.rules import interest_fen
from yiwang.common.funds.shapes import Refund
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.refs import Ref


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


def refunds(
    at: datetime,
    *,
    about: Iterable[Ref] | None = None,
    debtor: str = "",
    creditor: str = "",
    open_only: bool = False,
    most: int = 500,
) -> list[Refund]:
    """Refunds as they stand at ``at``, what is open first, by the day it is due; at most ``most``."""
    rows = RefundDuty.objects.all()
    if about is not None:
        rows = rows.filter(about__in=[str(each) for each in about])
    if debtor:
        rows = rows.filter(debtor=debtor)
    if creditor:
        rows = rows.filter(creditor=creditor)
    if open_only:
        rows = rows.filter(done_on=None)
    open_first = (F("done_on").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "id")
    return [shown(row, at) for row in rows.order_by(*open_first)[:most]]


def refund(code: str, at: datetime) -> Refund:
    """One refund as it stands. Raises UnknownRefund."""
    row = RefundDuty.objects.filter(code=code).first()
    if row is None:
        raise UnknownRefund(code)
    return shown(row, at)


def first_due(about: Iterable[Ref]) -> dict[str, datetime | None]:
    """By matter (as text) with open refunds: when the first of them is due (None where no article says)."""
    found: dict[str, datetime | None] = {}
    rows = RefundDuty.objects.filter(about__in=[str(each) for each in about], done_on=None)
    for matter, due_at in rows.order_by("due_at").values_list("about", "due_at"):
        known = found.get(matter)
        found[matter] = due_at if known is None else known
    return found


def open_codes(room: str, kind: str) -> list[str]:
    """The codes of the matters of a kind with refunds that are not paid yet."""
    rows = RefundDuty.objects.filter(done_on=None, about__startswith=f"{room}:{kind}:").order_by()
    return [Ref.parse(each).code for each in rows.values_list("about", flat=True).distinct()]
