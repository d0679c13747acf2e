"""Reads: applications to prequalify, and who may see which of them when."""

from __future__ import annotations

from yiwang.business.trading.dialogue import is_host
from yiwang.business.trading.models import Application, Lot, Reviewer
from yiwang.business.trading.parties import names
from yiwang.business.trading.queries import UnknownProject
from yiwang.business.trading.services.prequalifying import own_application, standing_applications
from yiwang.business.trading.shapes import ApplicationLine, PaperLine
from yiwang.pure.kernel.actors import BIDDER, CENTRE, EXPERT, SUPERVISOR, Actor
from yiwang.pure.kernel.words import Words

MEMBER_TWICE = Words(
    "同一单位出现在另一份申请中（联合体成员不得另行申请投标，实施条例第三十七条）",
    "an organisation of it stands in another application as well (Implementing Regulations, art. 37)",
)


def may_read_applications(actor: Actor, lot: Lot) -> bool:
    """After the deadline: the lot's side, the centre, the supervisor, the reviewers. Before it nobody."""
    if not lot.prequalifies or lot.stage in ("registered", "pq-announcing", "applying"):
        return False
    if actor.role == EXPERT:
        return Reviewer.objects.filter(lot=lot, person=actor.person, replaced_at=None).exists()
    return actor.role in (CENTRE, SUPERVISOR) or is_host(actor, lot)


def applications_of(actor: Actor, lot: Lot) -> tuple[ApplicationLine, ...]:
    """The applications that the actor may read, in order of receipt; of an applicant its own, at any time."""
    if actor.role == BIDDER:
        own = own_application(lot, actor.organisation)
        return (_line(actor, own, names([own.applicant]), {}, own=True),) if own else ()
    if not may_read_applications(actor, lot):
        return ()
    rows = standing_applications(lot)
    known = names(each.applicant for each in rows)
    stands: dict[str, int] = {}
    for each in rows:
        for code in (each.applicant, *(member for member, _ in each.members)):
            stands[code] = stands.get(code, 0) + 1
    return tuple(_line(actor, each, known, stands) for each in rows)


def _line(
    actor: Actor, row: Application, known: dict[str, str], stands: dict[str, int], own: bool = False
) -> ApplicationLine:
    told = row.qualified is not None
    votes = () if own else tuple(
        (each.reviewer.number, each.passes, each.reason) for each in row.votes.filter(void=False).select_related("reviewer")
    )  # fmt: skip
    mine = row.decided_at is None and row.lot.stage == "reviewing" and actor.role == EXPERT
    if mine:
        mine = not row.votes.filter(reviewer__person=actor.person, void=False).exists()
    twice = any(stands.get(code, 0) > 1 for code in (row.applicant, *(member for member, _ in row.members)))
    shown = told or not own
    return ApplicationLine(
        row.code,
        row.applicant,
        known[row.applicant],
        tuple((code, name) for code, name in row.members),
        tuple(PaperLine(sha256, name) for sha256, name in row.papers),
        row.received_at,
        row.leaf_hash,
        (row.qualified if told else row.passed) if shown else None,
        str(row.points) if shown and row.points is not None else "",
        row.reasons if shown else "",
        told,
        votes if actor.role != EXPERT or row.decided_at else (),
        mine,
        (MEMBER_TWICE,) if twice else (),
    )


def application_of(actor: Actor, code: str) -> tuple[Lot, ApplicationLine]:
    """An application that the actor may read, with its lot. Raises UnknownProject."""
    row = Application.objects.select_related("lot__project").filter(code=code).first()
    if row is not None:
        for line in applications_of(actor, row.lot):
            if line.code == code:
                return row.lot, line
    raise UnknownProject(code)


def application_paper(actor: Actor, code: str, sha256: str) -> PaperLine:
    """A paper of an application that the actor may read. Raises UnknownProject."""
    _, line = application_of(actor, code)
    for paper in line.papers:
        if paper.sha256 == sha256:
            return paper
    raise UnknownProject(code)


def review_members(lot: Lot) -> tuple[tuple[int, str, str, bool], ...]:
    """The review committee as its lot's side may see it: number, name, kind, whether online."""
    return tuple(
        (each.number, each.name, each.kind, bool(each.person))
        for each in lot.reviewers.filter(replaced_at=None)
    )
