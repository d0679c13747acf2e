"""Reads: complaints to a supervisory body, and who may see which of them, and how much of it.

Complainant and supervisor see all of it but what the respondent said to the supervisor, which is the latter's. The
respondent sees facts and request once it is asked, and the decision; never who complained, nor the proof. A tenderee whom
the decision orders to correct something reads the same from then on. To everybody else there is no complaint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.business.trading.models import Complaint, ComplaintInquiry, Lot
from yiwang.business.trading.parties import names
from yiwang.business.trading.queries import UnknownProject
from yiwang.business.trading.rules.complaining import (
    BAD_FAITH,
    DISMISSED,
    MATTERS,
    NEW_COMMITTEE,
    OTHER,
    UPHELD,
)
from yiwang.business.trading.services.complaints import (
    PROCEDURE,
    answer_pauses,
    appraisals_of,
    procedure_of_complaint,
    takes_part,
)
from yiwang.business.trading.services.mending import MENDED_BY, MOOT_BY, is_moot
from yiwang.business.trading.shapes import PaperLine
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import WARNING, Finding
from yiwang.pure.kernel.words import Words

COMPLAINANT, RESPONDENT, AUTHORITY, CORRECTOR = "complainant", "respondent", "authority", "corrector"
PARTIES = (BIDDER, TENDEREE, AGENCY)
OPEN = ("received", "accepted")
MATTER_WORDS = {
    "documents": Words("招标文件（资格预审文件）", "the tender documents"),
    "opening": Words("开标", "the opening"),
    "result": Words("评标结果", "the result"),
    OTHER: Words("其他事项", "something else"),
}
assert tuple(MATTER_WORDS) == MATTERS
OUTCOME_WORDS = {
    UPHELD: Words("投诉成立", "upheld"),
    DISMISSED: Words("投诉不成立，驳回", "dismissed"),
    BAD_FAITH: Words("捏造事实、伪造材料或者非法取证，驳回", "rejected for bad faith"),
}


@dataclass(frozen=True, slots=True)
class InquiryOfComplaint:
    """What the supervisor asked, by which day (None: without one), and the answer ("" while there is none)."""

    text: str
    until_on: date | None
    asked_at: datetime
    answer: str
    papers: tuple[PaperLine, ...]
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """What a decision orders and was not carried out: of which complaint, which body (name, code), and its choice of W28-correction.

    ``done_by`` are the steps of a tender that carry it out, ``moot_by`` those that leave nothing of it.
    """

    code: str
    authority: str
    body: str
    correction: Words
    correction_id: str
    source: str
    done_by: tuple[str, ...]
    moot_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """A complaint as its reader may see it: what the reader may not see is "" or empty.

    ``side`` is the reader's: complainant, respondent, corrector (the tenderee who is ordered to correct something, where
    it is neither) or authority. ``clock`` is the time that runs for the supervisor
    (W28-accept, then W28; None while something is appraised and once it ended). ``ordered_at``: since when the tender
    is suspended by order. ``correction`` is what the decision orders, ``correction_id`` its choice of W28-correction;
    ``correction_open``: the reader has to carry it out and has not yet; ``corrected_moot``: the tender ended before.
    """

    code: str
    lot: str
    side: str
    stage: str
    stage_words: Words
    matter: Words
    complainant: str
    respondent: str
    authority: str
    interest: str
    learnt_on: date | None
    text: str
    request: str
    papers: tuple[PaperLine, ...]
    made_at: datetime
    warnings: tuple[Finding, ...]
    accepted_at: datetime | None
    ended_at: datetime | None
    outcome: Words | None
    ground: Words | None
    reason: str
    decision_papers: tuple[PaperLine, ...]
    inquiries: tuple[InquiryOfComplaint, ...]
    appraisals: tuple[tuple[str, datetime, datetime | None], ...]
    orders: tuple[tuple[str, datetime, datetime | None], ...]
    clock: law.Clock | None
    answer_open: bool
    correction: Words | None
    correction_id: str
    correction_source: str
    correction_open: bool
    corrected_at: datetime | None
    corrected_how: str
    corrected_moot: bool

    @property
    def appraising(self) -> bool:
        return any(ended_at is None for _, _, ended_at in self.appraisals)

    @property
    def ordered_at(self) -> datetime | None:
        return next((since for _, since, lifted in self.orders if lifted is None), None)


def complaints_for(actor: Actor) -> QuerySet[Complaint]:
    """The complaints that the actor may know of: one's own, those one was asked about, those made to one's body."""
    rows = Complaint.objects.select_related("lot__project").prefetch_related("appraisals")
    if actor.role == SUPERVISOR:
        return rows.filter(authority=actor.organisation)
    if actor.role not in PARTIES:
        return rows.none()
    own = Q(complainant=actor.organisation) if actor.role != AGENCY else Q(pk__in=[])
    asked = Exists(ComplaintInquiry.objects.filter(complaint=OuterRef("pk")))
    about = Q(respondent=actor.organisation) & (Q(asked) | Q(stage="decided"))
    corrects = Q(corrector=actor.organisation) if actor.role == TENDEREE else Q(pk__in=[])
    return rows.filter(own | about | corrects)


def side_of(actor: Actor, row: Complaint) -> str:
    """Which side of a complaint the actor is on; asked only of those who may know of it."""
    if actor.role == SUPERVISOR:
        return AUTHORITY
    if row.complainant == actor.organisation:
        return COMPLAINANT
    return RESPONDENT if row.respondent == actor.organisation else CORRECTOR


def complaint_clock(row: Complaint) -> law.Clock | None:
    """The time that runs for the supervisor: until acceptance (W28-accept), then until the decision (W28)."""
    on = law_on(row.lot)
    if row.stage == "received":
        return law.clock("W28-accept", row.made_at, on=on)
    if row.stage != "accepted" or row.accepted_at is None:
        return None
    if any(each.ended_at is None for each in row.appraisals.all()):
        return None
    return law.clock("W28", row.accepted_at, on=on, pauses=appraisals_of(row))


def complaint_stages(at: datetime) -> dict[str, Words]:
    """The stages that a complaint which was made can be in, by today's law."""
    procedure = law.procedure(PROCEDURE, on=local_day(at))
    return {each.id: each.words for each in procedure.stages if each.kind != "initial"}


def law_on(lot: Lot) -> date:
    """The day by whose law the complaints of a lot run."""
    return lot.law_on or local_day(lot.stage_since_at)


def made_in_time_until(row: Complaint) -> law.Clock | None:
    """W27 of a stored complaint, counted as when it was made; None while an objection waited for its answer."""
    objected, pauses, awaited = answer_pauses(row.lot, row.complainant, row.matter)
    if objected and awaited:
        return None
    return law.clock("W27", row.learnt_on, on=law_on(row.lot), pauses=pauses)


def _lines(papers: list[list[str]]) -> tuple[PaperLine, ...]:
    return tuple(PaperLine(sha256, name) for sha256, name in papers)


def _warnings(row: Complaint, side: str) -> tuple[Finding, ...]:
    """What the law notes of the steps: to the complainant that of its own, to the supervisor all."""
    kept = [
        each
        for each in row.warnings
        if side == AUTHORITY or (side == COMPLAINANT and each["step"] == "complain")
    ]
    return tuple(Finding(each["rule"], each["source"], each["params"], level=WARNING) for each in kept)


def _ground(row: Complaint) -> Words | None:
    if not row.ground:
        return None
    rule = "W27-refusal" if row.stage == "refused" else "W28-bad-faith"
    return law.rule(rule, on=law_on(row.lot)).choice(row.ground).words


def _correction(row: Complaint) -> law.Choice | None:
    return law.rule("W28-correction", on=law_on(row.lot)).choice(row.correction) if row.correction else None


def ordered_words(row: Complaint) -> Words:
    """What a stored decision orders, in the words of W28-correction."""
    return law.rule("W28-correction", on=law_on(row.lot)).choice(row.correction).words


def _inquiries(row: Complaint, actor: Actor, side: str) -> tuple[InquiryOfComplaint, ...]:
    if side == COMPLAINANT:
        return ()
    return tuple(
        InquiryOfComplaint(each.text, each.until_on, each.asked_at, each.answer, _lines(each.answer_papers), each.answered_at)
        for each in row.inquiries.all()
        if side == AUTHORITY or each.organisation == actor.organisation
    )  # fmt: skip


def complaint_page(actor: Actor, code: str) -> tuple[Lot, ComplaintPage]:
    """A complaint that the actor may know of, with its lot. Raises UnknownProject."""
    row = complaints_for(actor).filter(code=code).first()
    if row is None:
        raise UnknownProject(code)
    return row.lot, page_of(actor, row)


def page_of(actor: Actor, row: Complaint) -> ComplaintPage:
    """A complaint of :func:`complaints_for` as the actor may see it."""
    side = side_of(actor, row)
    known = names({row.complainant, row.respondent, row.authority})
    inquiries, whole = _inquiries(row, actor, side), side in (COMPLAINANT, AUTHORITY)
    ordered = _correction(row)
    corrects = actor.role == TENDEREE and row.corrector == actor.organisation
    procedure = procedure_of_complaint(row.lot, row.made_at)
    ended = row.stage == "decided" or whole
    return ComplaintPage(
        code=row.code,
        lot=row.lot.code,
        side=side,
        stage=row.stage,
        stage_words=procedure.stage(row.stage).words,
        matter=MATTER_WORDS[row.matter],
        complainant=known[row.complainant] if whole else "",
        respondent=known[row.respondent],
        authority=known[row.authority],
        interest=row.interest if whole else "",
        learnt_on=row.learnt_on if whole else None,
        text=row.text,
        request=row.request,
        papers=_lines(row.papers) if whole else (),
        made_at=row.made_at,
        warnings=_warnings(row, side),
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
        outcome=OUTCOME_WORDS.get(row.outcome),
        ground=_ground(row) if ended else None,
        reason=row.reason if ended else "",
        decision_papers=_lines(row.decision_papers) if ended else (),
        inquiries=inquiries,
        appraisals=tuple((each.text, each.begun_at, each.ended_at) for each in row.appraisals.all()) if whole else (),
        orders=tuple((each.reason, each.ordered_at, each.lifted_at) for each in row.orders.all()),
        clock=complaint_clock(row) if whole else None,
        answer_open=side == RESPONDENT and row.stage == "accepted" and any(each.answered_at is None for each in inquiries),
        correction=ordered.words if ordered else None,
        correction_id=row.correction,
        correction_source=ordered.source if ordered else "",
        correction_open=corrects and row.corrected_at is None,
        corrected_at=row.corrected_at,
        corrected_how=row.corrected_how if corrects or side == AUTHORITY else "",
        corrected_moot=is_moot(row.correction, row.corrected_by),
    )  # fmt: skip


def complaint_paper(actor: Actor, code: str, sha256: str) -> PaperLine:
    """A paper of a complaint that the actor may read. Raises UnknownProject."""
    _, page = complaint_page(actor, code)
    for paper in (
        *page.papers,
        *page.decision_papers,
        *(each for one in page.inquiries for each in one.papers),
    ):
        if paper.sha256 == sha256:
            return paper
    raise UnknownProject(code)


def complaints_of(actor: Actor, lot: Lot) -> tuple[ComplaintPage, ...]:
    """The complaints about a lot that the actor may know of, oldest first."""
    return tuple(page_of(actor, row) for row in complaints_for(actor).filter(lot=lot))


def is_concerned_by(actor: Actor, lot: Lot) -> bool:
    """Whether the actor's organisation takes part in a tender, so that it need not say how it concerns it."""
    return takes_part(lot, actor.organisation)


def complaints_due(
    actor: Actor, lots: QuerySet[Lot] | None = None
) -> Iterator[tuple[Complaint, Lot, law.Clock | None]]:
    """The open complaints made to the actor's body, with their lots and the time that runs; of ``lots`` only."""
    rows = list(complaints_for(actor).filter(stage__in=OPEN)) if actor.role == SUPERVISOR else []
    known: Mapping[int, Any] = (
        lots.in_bulk({each.lot_id for each in rows}) if lots is not None and rows else {}
    )
    for row in rows:
        if lots is None or row.lot_id in known:
            yield row, row.lot, complaint_clock(row)


def open_corrections_of(actor: Actor) -> QuerySet[Complaint]:
    """What decisions order the actor's organisation to correct and it has not carried out."""
    rows = Complaint.objects.select_related("lot__project")
    if actor.role != TENDEREE:
        return rows.none()
    return rows.filter(corrector=actor.organisation, corrected_at=None)


def open_orders(actor: Actor, lot: Lot) -> tuple[OpenOrder, ...]:
    """The orders to the actor about a lot that were not carried out, oldest first; nobody else has any."""
    rows = list(open_corrections_of(actor).filter(lot=lot).order_by("ended_at", "pk"))
    known = names({each.authority for each in rows})
    return tuple(
        OpenOrder(
            code=each.code,
            authority=known[each.authority],
            body=each.authority,
            correction=ordered.words,
            correction_id=ordered.id,
            source=ordered.source,
            done_by=MENDED_BY.get(ordered.id, ()),
            moot_by=MOOT_BY.get(ordered.id, ()),
        )
        for each in rows
        if (ordered := _correction(each))
    )


def orders_made_moot(actor: Actor, lot: Lot, step: str) -> tuple[OpenOrder, ...]:
    """The orders to the actor about a lot that ``step`` would leave nothing of, oldest first."""
    return tuple(each for each in open_orders(actor, lot) if step in each.moot_by)


def is_ordered_a_new_committee(actor: Actor, lot: Lot) -> bool:
    """Whether the actor has to form another committee for a lot and has not yet (招标条例 70): the old one does not evaluate again."""
    return open_corrections_of(actor).filter(lot=lot, correction=NEW_COMMITTEE).exists()


def open_inquiries_to(actor: Actor) -> QuerySet[ComplaintInquiry]:
    """What a supervisor asked the actor's organisation and it has not answered, while the complaint is open."""
    rows = ComplaintInquiry.objects.select_related("complaint__lot__project")
    if actor.role not in PARTIES:
        return rows.none()
    return rows.filter(organisation=actor.organisation, answered_at=None, complaint__stage="accepted")
