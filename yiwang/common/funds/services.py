"""The verbs: a refund is owed, and it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.common.funds import kinds, permissions
from yiwang.common.funds.models import RefundDuty
from yiwang.common.funds.queries import UnknownRefund, shown
from yiwang.common.funds.rules import done_findings, interest_fen
from yiwang.common.funds.shapes import Refund
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor, permission_findings
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.journal.api import JSON, act, hold_lock, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A duty to pay back: ``limit`` is the row that says until when, counted from ``arose_on`` ("": no article says).

    ``agent`` acts for the debtor ("": nobody does). ``words``, folded, are what a list finds the matter by.
    ``paid_with`` names what the deposit came with, where the creditor can be owed several of one cause on one day.
    """

    about: Ref
    creditor: str
    debtor: str
    agent: str
    words: str
    cause: str
    principal_fen: int
    held_since_on: date
    arose_on: date
    limit: str
    bears_interest: bool
    law_on: date
    paid_with: str = ""


def owe(owed: Owed, at: datetime) -> bool:
    """Puts a duty on record, once: the same again changes nothing and gives False."""
    with act():
        hold_lock(Ref("funds", "matter", owed.about.code))
        known = RefundDuty.objects.filter(
            about=str(owed.about),
            creditor=owed.creditor,
            cause=owed.cause,
            arose_on=owed.arose_on,
            paid_with=owed.paid_with,
        )
        if known.exists():
            return False
        due_at = law.clock(owed.limit, owed.arose_on, on=owed.law_on).result_at if owed.limit else None
        row = RefundDuty.objects.create(
            code=random_code("F"),
            about=str(owed.about),
            creditor=owed.creditor,
            debtor=owed.debtor,
            agent=owed.agent,
            words=owed.words,
            paid_with=owed.paid_with,
            cause=owed.cause,
            limit=owed.limit,
            law_on=owed.law_on,
            principal_fen=owed.principal_fen,
            bears_interest=owed.bears_interest,
            held_since_on=owed.held_since_on,
            arose_on=owed.arose_on,
            due_at=due_at,
        )
        facts: dict[str, JSON] = {
            "cause": owed.cause,
            "principal_fen": owed.principal_fen,
            "creditor": owed.creditor,
        }
        record(kinds.REFUND_OWED, about=row.ref, within=owed.about, by=SYSTEM_ACTOR, at=at, facts=facts)
        return True


def note_done(by: Actor, code: str, done_on: date, at: datetime) -> tuple[Refund, tuple[Finding, ...]]:
    """Notes that a refund was paid on ``done_on``, with the interest of that day; gives it with the warnings.

    A late one is noted as late. Whose matter it is, the caller has checked. Raises Refused, UnknownRefund.
    """
    refuse_if(permission_findings(by, permissions.NOTE_REFUND))
    with act():
        row = RefundDuty.objects.select_for_update().filter(code=code).first()
        if row is None:
            raise UnknownRefund(code)
        due_on = local_day(row.due_at - timedelta(seconds=1)) if row.due_at else None
        found = done_findings(row.arose_on, done_on, due_on, local_day(at), row.limit, row.law_on)
        again = [Finding("refund-done")] if row.done_on else []
        warnings = refuse_if([*again, *found])
        row.done_on, row.noted_at = done_on, at
        row.interest_fen = (
            interest_fen(row.principal_fen, row.held_since_on, done_on) if row.bears_interest else 0
        )
        row.save()
        facts = {"done_on": done_on.isoformat(), "interest_fen": row.interest_fen, "late": bool(warnings)}
        record(kinds.REFUND_DONE, about=row.ref, within=Ref.parse(row.about), by=by, at=at, facts=facts)
        return shown(row, at), warnings
