"""The lots of a notice: one, or several that share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.steps import hosts_of, locked_lot, lot_facts, take_step, tell
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding

TENDER = "tender-notice"


def lots_of(notice: notices.Notice) -> list[Lot]:
    """The lots that a notice is about, locked, in the order of their codes. Raises Refused where one is not there."""
    return [locked_lot(code) for code in sorted(each.code for each in notice.matters)]


def locked_with_neighbours(code: str) -> Lot:
    """A lot locked together with those that share a notice in work, all in one order: nobody waits for each other.

    Who drafts a notice holds all of its lots, so what is read under the lock stays as it is. Where a notice came between
    the look and the lock, the locks are given up with their savepoint and taken anew, in order. Each time a lot of the
    project joins: it ends.
    """
    wanted: set[str] = set()
    found = _neighbours(code)
    while not found <= wanted:
        wanted |= found
        with transaction.atomic():
            locked = {each: locked_lot(each) for each in sorted(wanted)}
            found = _neighbours(code)
            if not found <= wanted:
                transaction.set_rollback(True)
    return locked[code]


def _neighbours(code: str) -> set[str]:
    """The codes of the lots that share a notice in work with this one, its own among them."""
    lot = Lot.objects.filter(code=code).first()
    shared = [] if lot is None else [each for each in notices.notices(about=lot.ref) if _in_work(each)]
    return {code, *(matter.code for each in shared for matter in each.matters)}


def _in_work(notice: notices.Notice) -> bool:
    return notice.status not in (notices.PUBLISHED, notices.DROPPED)


def about_lot(finding: Finding, lot: Lot) -> Finding:
    """What stands in the way of one lot of several: its field is the lot's code, then the field itself."""
    return replace(finding, field=f"{lot.code}.{finding.field}" if finding.field else lot.code)


def said_of_lots(found: Sequence[tuple[Lot, Sequence[Finding]]]) -> list[Finding]:
    """What stands in the way of lots that share a notice: what is the same for all is said once, the rest names its lot."""
    first, *others = (list(findings) for _, findings in found)
    alike = [each for each in first if all(each in findings for findings in others)]
    apart = [about_lot(each, lot) for lot, findings in found for each in findings if each not in alike]
    return [*alike, *apart]


def give_lot_back(by: Actor, lot: Lot, notice: str, at: datetime, reason: str = "") -> None:
    """A lot whose tender notice is given up before it appeared is where it was before. ``lot`` is locked."""
    facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), reason=reason)
    take_step(lot, "return-notice", facts, kinds.NOTICE_RETURNED, {"notice": notice})


def drop_notices(by: Actor, lot: Lot, at: datetime, form: str = "") -> None:
    """Gives up what is under way for a lot (of one ``form``, or all). Lots that share such a notice get it back, and are told."""
    for notice in notices.notices(about=lot.ref):
        if not _in_work(notice) or (form and notice.form != form):
            continue
        notices.drop(by, notice.code, at)
        others = [each for each in lots_of(notice) if each.pk != lot.pk]
        for other in others:
            if notice.form == TENDER and other.stage == "announcing":
                give_lot_back(by, other, notice.code, at)
        if others:
            tell(others[0], hosts_of(others[0]), "notice-returned", at, notice.code)
