"""Published notices are never edited: a correction points to the original, a postponement puts the deadline off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import PREQUALIFICATION_PHASE, TENDER_PHASE, Clarification, Lot
from yiwang.business.trading.rules.asking import OPEN_STAGES
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.postponing import (
    corrected_place_findings,
    correction_findings,
    later_deadline_findings,
    said_findings,
)
from yiwang.business.trading.services.clarifying import (
    CLARIFICATIONS,
    OVER,
    amendment_due,
    original_notice,
    tell_takers,
)
from yiwang.business.trading.services.deadlines import move_deadline
from yiwang.business.trading.services.steps import locked_lot, lot_facts, require, require_party, take_step
from yiwang.business.trading.texts import correction_values, postponement_values
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import act, record

CORRECTION = "correction"
POSTPONEMENT, PREQUALIFICATION_POSTPONEMENT = "postponement", "prequalification-postponement"
POSTPONEMENTS = (POSTPONEMENT, PREQUALIFICATION_POSTPONEMENT)
# What a correction calls its original; the other forms are corrected as notices.
MATTERS = {
    "clarification": "documents",
    "prequalification-clarification": "documents",
    "candidates-publicity": "result",
    "result-notice": "result",
}


def draft_correction(
    by: Actor,
    code: str,
    original: str,
    content: str,
    affects_bids: bool,
    at: datetime,
    opening_place: str = "",
) -> notices.Notice:
    """Drafts a correction of a published notice of the lot; it goes the way of all notices. Raises Refused.

    Of the lot it changes the place of the opening, where one is given, when it appears: what may affect bids is amended
    by a clarification, a deadline by a postponement.
    """
    require(by, permissions.DRAFT_NOTICE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        place = opening_place.strip()
        corrected = check_correction(by, lot, original, content, affects_bids, at, place)
        matter = MATTERS.get(corrected.form, "notice")
        return notices.draft(
            by,
            form=CORRECTION,
            about=lot.ref,
            title=f"{corrected.title}的更正公告",
            values=correction_values(lot, corrected, matter, content, at, place),
            tenderee=lot.project.tenderee,
            region=lot.project.region,
            law_on=lot_facts(lot, at).law_on,
            at=at,
            corrects=corrected.code,
        )


def check_correction(
    by: Actor,
    lot: Lot,
    original: str,
    content: str,
    affects_bids: bool,
    at: datetime,
    opening_place: str = "",
) -> notices.Notice:
    """The published notice of a locked lot that may be corrected so. Raises Refused."""
    facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), text=content, affects_bids=affects_bids)
    corrected = _published(lot, original)
    refuse_if(
        [
            *correction_findings(facts),
            *corrected_place_findings(lot.stage, lot.opening_place, opening_place, corrected.form),
            *_one_at_a_time(lot, CORRECTION),
        ]
    )
    return corrected


def new_place(notice: notices.Notice) -> str:
    """The place of opening that a correction sets; "" where it sets none."""
    return str(notice.values.get("opening_place", "")) if notice.form == CORRECTION else ""


def place_findings(lot: Lot, notice: notices.Notice) -> list[Finding]:
    """What would make the appearance of a corrected place pointless: the bids are opened already."""
    form = notices.notice(notice.corrects).form
    return list(corrected_place_findings(lot.stage, "", new_place(notice), form))


def correct_place(lot: Lot, notice: notices.Notice, at: datetime) -> None:
    """What the publication of a corrected place does, in the same act: it counts now, every taker is told."""
    said = {"notice": notice.code, "before": lot.opening_place, "place": new_place(notice)}
    Lot.objects.filter(pk=lot.pk).update(opening_place=said["place"])
    record(kinds.PLACE_CORRECTED, about=lot.ref, by=SYSTEM_ACTOR, at=at, facts=said)
    tell_takers(lot, "place-corrected", notice.code, at)


def _published(lot: Lot, code: str) -> notices.Notice:
    for each in notices.notices(about=lot.ref, status=notices.PUBLISHED):
        if each.code == code:
            return each
    raise Refused([Finding("no-such-original", field="original")])


def _one_at_a_time(lot: Lot, *forms: str) -> Iterator[Finding]:
    for each in notices.notices(about=lot.ref):
        if each.form in forms and each.status not in OVER:
            yield Finding("notice-exists", params={"code": each.code})


def draft_postponement(
    by: Actor, code: str, reason: str, new_deadline_at: datetime, publish_at: datetime, at: datetime
) -> notices.Notice:
    """Drafts the notice that puts the deadline (of bids with the opening, or of applications) off, its reason public.

    Raises Refused.
    """
    require(by, permissions.DRAFT_NOTICE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        check_postponement(by, lot, reason, new_deadline_at, publish_at, at)
        notice = notices.draft(
            by,
            form=PREQUALIFICATION_POSTPONEMENT if lot.phase else POSTPONEMENT,
            about=lot.ref,
            title=f"{lot.project.name}（{lot.name}）{'资格预审' if lot.phase else ''}延期公告",
            values=postponement_values(lot, original_notice(lot), reason, new_deadline_at),
            tenderee=lot.project.tenderee,
            region=lot.project.region,
            law_on=lot_facts(lot, at).law_on,
            at=at,
            corrects=original_notice(lot),
        )
        note_postponement(lot, notice, reason, new_deadline_at, publish_at)
        return notice


def check_postponement(
    by: Actor, lot: Lot, reason: str, new_deadline_at: datetime, publish_at: datetime, at: datetime
) -> None:
    """Raises Refused with all that stands in the way of putting the deadline of a locked lot off."""
    refuse_if([] if lot.stage in OPEN_STAGES else [Finding("wrong-stage-now")])
    facts = StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        publish_at=publish_at,
        new_deadline_at=new_deadline_at,
        amendment_due=amendment_due(lot),
        text=reason,
    )
    under_way = _one_at_a_time(lot, *CLARIFICATIONS, *POSTPONEMENTS)
    refuse_if([*later_deadline_findings(facts), *said_findings(facts, "reason"), *under_way])


def note_postponement(
    lot: Lot, notice: notices.Notice, reason: str, new_deadline_at: datetime, publish_at: datetime
) -> None:
    """What the notice does to the lot when it appears."""
    Clarification.objects.create(
        lot=lot,
        notice=notice.code,
        content=reason.strip(),
        affects_bids=False,
        planned_at=publish_at,
        deadline_before_at=lot.deadline_at,
        new_deadline_at=new_deadline_at,
        papers=[],
        answers=[],
    )


def _facts(
    lot: Lot, notice: str, by: Actor, publish_at: datetime, at: datetime, status: str = ""
) -> StepFacts:
    row = Clarification.objects.get(lot=lot, notice=notice)
    return StepFacts(
        at=at,
        by=by,
        lot=lot_facts(lot, at),
        publish_at=publish_at,
        new_deadline_at=row.new_deadline_at,
        amendment_due=amendment_due(lot),
        notice_status=status,
    )


def postponement_findings(
    lot: Lot, notice: notices.Notice, by: Actor, publish_at: datetime, at: datetime
) -> list[Finding]:
    """What would make the appearance of a postponement at ``publish_at`` pointless or unlawful."""
    found = list(later_deadline_findings(_facts(lot, notice.code, by, publish_at, at)))
    if lot.stage not in OPEN_STAGES:
        found.append(Finding("wrong-stage-now"))
    return found


def put_off(lot: Lot, notice: notices.Notice, at: datetime) -> None:
    """What the publication of a postponement does, in the same act: the deadline moves, every taker is told."""
    facts = _facts(lot, notice.code, SYSTEM_ACTOR, at, at, notices.PUBLISHED)
    if facts.new_deadline_at is None:
        raise ValueError(f"{notice.code} postpones to no deadline")
    said = {
        "notice": notice.code,
        "deadline": iso(lot.deadline_at) if lot.deadline_at else "",
        "new_deadline": iso(facts.new_deadline_at),
    }
    step, kind, told = _PUT_OFF[lot.phase]
    take_step(lot, step, facts, kind, said)
    Clarification.objects.filter(lot=lot, notice=notice.code).update(published_at=at)
    move_deadline(lot, facts.new_deadline_at)
    tell_takers(lot, told, notice.code, at)


_PUT_OFF = {
    TENDER_PHASE: ("postpone", kinds.LOT_POSTPONED, "lot-postponed"),
    PREQUALIFICATION_PHASE: (
        "postpone-prequalification",
        kinds.PREQUALIFICATION_POSTPONED,
        "applications-postponed",
    ),
}
"""The step that the publication takes, its kind, and what who took the documents is told."""
