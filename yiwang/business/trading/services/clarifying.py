"""Clarifications and amendments of the documents: drafted, and what they do to their lot when they appear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import (
    PREQUALIFICATION_PHASE,
    TENDER_PHASE,
    Clarification,
    Lot,
    LotDocument,
    Question,
)
from yiwang.business.trading.rules.asking import OPEN_STAGES, words_findings
from yiwang.business.trading.rules.clarifying import clarification_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.deadlines import move_deadline
from yiwang.business.trading.services.mending import note_mended
from yiwang.business.trading.services.steps import (
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
    tell,
)
from yiwang.business.trading.texts import clarification_values
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import act, record

CLARIFICATION, PREQUALIFICATION_CLARIFICATION = "clarification", "prequalification-clarification"
CLARIFICATIONS = (CLARIFICATION, PREQUALIFICATION_CLARIFICATION)
OVER = ("published", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClarification:
    """A clarification as typed. ``papers`` are (sha256, name); ``answers`` codes of questions of the lot."""

    content: str
    affects_bids: bool
    publish_at: datetime
    new_deadline_at: datetime | None
    papers: Sequence[tuple[str, str]] = ()
    answers: Sequence[str] = ()


def amendment_due(lot: Lot) -> bool:
    """Whether an objection was answered by saying that the documents change, and they have not yet."""
    return lot.objections.filter(amends=True, settled_in="").exists()


def draft_clarification(by: Actor, code: str, new: NewClarification, at: datetime) -> notices.Notice:
    """Drafts a clarification or amendment; its notice goes the way of all notices. Raises Refused.

    What may affect bids and appears too late for the deadline (W04; applications: W05) has to move it in
    ``new_deadline_at``.
    """
    require(by, permissions.DRAFT_NOTICE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        check_clarification(by, lot, new, at)
        papers = stored(new)
        notice = notices.draft(
            by,
            form=PREQUALIFICATION_CLARIFICATION if lot.phase else CLARIFICATION,
            about=lot.ref,
            title=f"{lot.project.name}（{lot.name}）{'资格预审' if lot.phase else '招标'}文件澄清、修改通知",
            values=clarification_values(lot, original_notice(lot), new, papers),
            tenderee=lot.project.tenderee,
            region=lot.project.region,
            law_on=lot_facts(lot, at).law_on,
            at=at,
            corrects=original_notice(lot),
        )
        note_clarification(lot, notice, new)
        return notice


def check_clarification(by: Actor, lot: Lot, new: NewClarification, at: datetime) -> None:
    """Raises Refused with everything that stands in the way of a clarification of a locked lot."""
    refuse_if(_draft_findings(by, lot, new, at))


def stored(new: NewClarification) -> list[tuple[str, str]]:
    """The papers of a clarification, which have to be stored."""
    return [(files.describe(sha256).sha256, name) for sha256, name in new.papers]


def note_clarification(lot: Lot, notice: notices.Notice, new: NewClarification) -> None:
    """What the notice does to the lot when it appears."""
    Clarification.objects.create(
        lot=lot,
        notice=notice.code,
        content=new.content.strip(),
        affects_bids=new.affects_bids,
        planned_at=new.publish_at,
        deadline_before_at=lot.deadline_at,
        new_deadline_at=new.new_deadline_at,
        papers=[list(each) for each in stored(new)],
        answers=list(new.answers),
    )


def _draft_findings(by: Actor, lot: Lot, new: NewClarification, at: datetime) -> list[Finding]:
    if lot.stage not in OPEN_STAGES:
        return [Finding("wrong-stage-now")]
    facts = StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        publish_at=new.publish_at,
        affects_bids=new.affects_bids,
        new_deadline_at=new.new_deadline_at,
        amendment_due=amendment_due(lot),
        text=new.content,
        papers=len(new.papers),
    )
    found = [*words_findings(facts), *clarification_findings(facts)]
    known = set(lot.questions.filter(phase=lot.phase, code__in=new.answers).values_list("code", flat=True))
    if known != set(new.answers):
        found.append(Finding("no-such-question", field="answers"))
    for each in notices.notices(about=lot.ref):
        if (
            each.form in (*CLARIFICATIONS, "postponement", "prequalification-postponement")
            and each.status not in OVER
        ):
            found.append(Finding("notice-exists", params={"code": each.code}))
    return found


def _facts(
    lot: Lot, row: Clarification, by: Actor, publish_at: datetime, at: datetime, status: str = ""
) -> StepFacts:
    return StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        publish_at=publish_at,
        affects_bids=row.affects_bids,
        new_deadline_at=row.new_deadline_at,
        amendment_due=amendment_due(lot),
        notice_status=status,
    )


def publication_findings(
    lot: Lot, notice: notices.Notice, by: Actor, publish_at: datetime, at: datetime
) -> list[Finding]:
    """What would make the appearance of a clarification at ``publish_at`` unlawful."""
    row = Clarification.objects.get(lot=lot, notice=notice.code)
    found = list(clarification_findings(_facts(lot, row, by, publish_at, at)))
    if lot.stage not in OPEN_STAGES:
        found.append(Finding("wrong-stage-now"))
    return found


def clarify(lot: Lot, notice: notices.Notice, at: datetime) -> None:
    """What the publication of a clarification does, in the same act: documents, deadline, everybody told.

    ``lot`` is locked. The public entry says from which deadline to which; who was told stands in one entry that
    is never public, so that neither names nor number of the takers come out (招标投标法 22).
    """
    row = Clarification.objects.get(lot=lot, notice=notice.code)
    facts = _facts(lot, row, SYSTEM_ACTOR, at, at, notices.PUBLISHED)
    said = {"notice": notice.code, "affects_bids": row.affects_bids, "deadline": _written(lot.deadline_at)}
    if row.new_deadline_at is not None:
        said["new_deadline"] = iso(row.new_deadline_at)
    documents = [sha256 for sha256, _ in row.papers]
    step, kind = _STEPS[lot.phase]
    take_step(lot, step, facts, kind, said, documents=documents)
    _add_documents(lot, row)
    Question.objects.filter(lot=lot, code__in=row.answers).update(answered_in=notice.code)
    if row.affects_bids:
        note_mended(lot, step, SYSTEM_ACTOR, at)
        lot.objections.filter(amends=True, settled_in="").update(settled_in=notice.code)
    Clarification.objects.filter(pk=row.pk).update(published_at=at)
    if row.new_deadline_at is not None:
        move_deadline(lot, row.new_deadline_at)
    stays, moves = _TOLD[lot.phase]
    tell_takers(lot, moves if row.new_deadline_at else stays, notice.code, at)


_STEPS = {
    TENDER_PHASE: ("clarify", kinds.LOT_CLARIFIED),
    PREQUALIFICATION_PHASE: ("clarify-prequalification", kinds.PREQUALIFICATION_CLARIFIED),
}

_TOLD = {
    TENDER_PHASE: ("documents-clarified", "deadline-moved"),
    PREQUALIFICATION_PHASE: ("prequalification-clarified", "application-deadline-moved"),
}
"""What who took the documents is told: where the deadline stays, where it moves."""


def original_notice(lot: Lot) -> str:
    """The notice whose documents a clarification is about."""
    return lot.prequalification.notice if lot.phase == PREQUALIFICATION_PHASE else lot.tender_notice


def _written(instant: datetime | None) -> str:
    return iso(instant) if instant else ""


def _add_documents(lot: Lot, row: Clarification) -> None:
    """The clarification is part of the documents (招标投标法 23): its papers are had where those are."""
    known = set(lot.documents.filter(phase=lot.phase).values_list("sha256", flat=True))
    LotDocument.objects.bulk_create(
        LotDocument(lot=lot, phase=lot.phase, sha256=sha256, name=name, size=files.describe(sha256).size)
        for sha256, name in row.papers
        if sha256 not in known
    )


def tell_takers(lot: Lot, matter: str, notice: str, at: datetime) -> None:
    """Tells everybody who took the documents or handed in a bid (an application); that it was done is on record, for proof."""
    takers = lot.takings.filter(phase=lot.phase).values_list("organisation", flat=True)
    senders = (
        lot.applications.values_list("applicant", flat=True)
        if lot.phase
        else lot.envelopes.values_list("bidder", flat=True)
    )
    told = sorted({*takers, *senders})
    tell(lot, told, matter, at, notice)
    record(
        kinds.TAKERS_TOLD,
        about=Ref("trading", "telling", random_code("N")),
        within=lot.ref,
        by=SYSTEM_ACTOR,
        at=at,
        facts={"lot": lot.code, "matter": matter, "notice": notice},
        private={"organisations": told},
    )
