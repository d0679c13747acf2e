"""One session for several lots of a project: those that closed at the same deadline are opened together, each on its own record."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Lot, Project
from yiwang.business.trading.services.opening import open_bids
from yiwang.business.trading.services.steps import require, require_party
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import act, record


def lots_of_session(project: str) -> list[Lot]:
    """The closed lots of a project that wait for the same opening: those of the earliest deadline, by code."""
    closed = Lot.objects.select_related("project").filter(project__code=project, stage="closed")
    first = closed.order_by("deadline_at").first()
    return list(closed.filter(deadline_at=first.deadline_at).order_by("code")) if first else []


def open_session(by: Actor, project: str, at: datetime) -> list[str]:
    """Opens all lots of one session, or none of them; gives their codes. Raises Refused with the reasons of each.

    Every lot has its own opening record; that they were opened in one session stands in the record of the project.
    """
    require(by, permissions.OPEN_BIDS)
    with act():
        lots = lots_of_session(project)
        if not lots:
            raise Refused([Finding("nothing-to-open")])
        for lot in lots:
            require_party(by, lot)
        for lot in lots:
            open_bids(by, lot.code, at)
        codes = [each.code for each in lots]
        deadline_at = lots[0].deadline_at
        said = {"lots": codes, "deadline": iso(deadline_at) if deadline_at else ""}
        about = Project.objects.get(code=project).ref
        record(kinds.OPENING_SESSION, about=about, by=by, at=at, facts=said)
        return codes
