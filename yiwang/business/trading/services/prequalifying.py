"""A prequalification from its notice to the deadline for applications: drafted, announced, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import (
    PREQUALIFICATION_PHASE,
    PREQUALIFIED_PROCEDURE,
    Application,
    Lot,
    LotDocument,
    Prequalification,
)
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.prequalifying import draft_findings
from yiwang.business.trading.rules.review_facts import LIMITED, ApplicationFacts, ReviewFacts
from yiwang.business.trading.services.bidding import qualified_of
from yiwang.business.trading.services.clarifying import amendment_due
from yiwang.business.trading.services.deadlines import schedule_closing
from yiwang.business.trading.services.postponing import postpone
from yiwang.business.trading.services.steps import (
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
    tell,
)
from yiwang.business.trading.texts import prequalification_values
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.pure.kernel.refs import Ref
from yiwang.record.files import api as files
from yiwang.record.journal.api import act, hold_lock

PREQUALIFICATION = "prequalification-notice"
TOO_FEW_APPLICANTS, TOO_FEW_QUALIFIED = "too-few-applicants", "too-few-qualified"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrequalificationTerms:
    """Timetable and terms of a prequalification as typed; ``papers`` are (sha256, name) of its documents.

    ``most`` is how many may pass at most where ``method`` is limited (0 where all who qualify pass).
    """

    publish_at: datetime
    documents_from_at: datetime
    documents_until_on: date
    deadline_at: datetime
    qualification: str
    consortium_allowed: bool
    method: str
    most: int
    criteria: str
    papers: Sequence[tuple[str, str]]


def standing_applications(lot: Lot) -> list[Application]:
    """The applications that count, neither replaced nor withdrawn; in order of receipt."""
    return list(lot.applications.filter(over_at=None).order_by("received_at", "id"))


def own_application(lot: Lot, applicant: str) -> Application | None:
    """The applicant's standing application in this lot, if any."""
    return lot.applications.filter(applicant=applicant, over_at=None).first()


def review_facts(lot: Lot, **more: object) -> ReviewFacts:
    """The prequalification as the rules see it; ``more`` is what is about to be done. None of a lot without one."""
    row = Prequalification.objects.filter(lot=lot).first()
    fields: dict[str, object] = {
        "consortium_allowed": lot.consortium_allowed,
        "applications": tuple(
            ApplicationFacts(applicant=each.applicant, passed=each.passed, points=each.points)
            for each in standing_applications(lot)
        ),
        "reviewers": tuple(lot.reviewers.filter(replaced_at=None).values_list("person", flat=True)),
        "qualified": qualified_of(lot),
    }
    if row is not None:
        fields |= {"method": row.method, "most": row.most, "criteria": row.criteria}
    return ReviewFacts(**{**fields, **more})  # type: ignore[arg-type]


def draft_prequalification(
    by: Actor, code: str, terms: PrequalificationTerms, at: datetime
) -> notices.Notice:
    """Drafts the prequalification notice of a registered lot; with it the lot runs the procedure that has one.

    Raises Refused with every reason. The lot's stage becomes ``pq-announcing``.
    """
    require(by, permissions.DRAFT_NOTICE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        refuse_if([] if lot.stage == "registered" else [Finding("wrong-stage-now")])
        _apply(lot, terms)
        row, _ = Prequalification.objects.update_or_create(lot=lot, defaults=_kept(terms))
        facts = StepFacts(
            at=at, by=by, lot=lot_facts(lot, at), publish_at=terms.publish_at, review=review_facts(lot)
        )
        found = (
            [] if terms.qualification.strip() else [Finding("qualification-missing", field="qualification")]
        )
        refuse_if([*found, *draft_findings(facts)])
        lot.save()
        notice = notices.draft(
            by,
            form=PREQUALIFICATION,
            about=lot.ref,
            title=f"{lot.project.name}（{lot.name}）资格预审公告",
            values=prequalification_values(lot, row),
            tenderee=lot.project.tenderee,
            region=lot.project.region,
            law_on=local_day(terms.publish_at),
            at=at,
        )
        Prequalification.objects.filter(pk=row.pk).update(notice=notice.code)
        take_step(lot, "draft-prequalification", facts, kinds.NOTICE_BEGUN, {"notice": notice.code})
        return notice


def _apply(lot: Lot, terms: PrequalificationTerms) -> None:
    lot.procedure, lot.tender_notice = PREQUALIFIED_PROCEDURE, ""
    lot.publish_at = terms.publish_at
    lot.documents_from_at = terms.documents_from_at
    lot.documents_until_on = terms.documents_until_on
    lot.deadline_at = terms.deadline_at
    lot.qualification = terms.qualification.strip()
    lot.consortium_allowed = terms.consortium_allowed
    of_it = LotDocument.objects.filter(lot=lot, phase=PREQUALIFICATION_PHASE)
    of_it.delete()
    stored = [(files.describe(sha256), name) for sha256, name in terms.papers]
    LotDocument.objects.bulk_create(
        LotDocument(lot=lot, phase=PREQUALIFICATION_PHASE, sha256=each.sha256, name=name, size=each.size)
        for each, name in stored
    )


def _kept(terms: PrequalificationTerms) -> dict[str, object]:
    return {
        "method": terms.method,
        "most": terms.most if terms.method == LIMITED else 0,
        "criteria": terms.criteria.strip(),
        "publish_at": terms.publish_at,
        "documents_from_at": terms.documents_from_at,
        "documents_until_on": terms.documents_until_on,
        "deadline_at": terms.deadline_at,
    }


def publication_findings(lot: Lot, by: Actor, publish_at: datetime, at: datetime) -> list[Finding]:
    """What would make the appearance of the prequalification notice at ``publish_at`` unlawful."""
    lot.publish_at = publish_at
    facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), publish_at=publish_at, review=review_facts(lot))
    return draft_findings(facts)


def give_back(lot: Lot, facts: StepFacts, notice: str) -> None:
    """The notice goes back: the lot is where it was, and may as well be tendered with postqualification."""
    take_step(lot, "return-prequalification", facts, kinds.NOTICE_RETURNED, {"notice": notice})
    Lot.objects.filter(pk=lot.pk).update(procedure="works-open", publish_at=None, deadline_at=None)
    Prequalification.objects.filter(lot=lot).delete()


def announce_prequalification(lot: Lot, notice: notices.Notice, at: datetime) -> None:
    """The notice has appeared: documents can be had, applications handed in. ``lot`` is locked."""
    lot.law_on = local_day(at)
    facts = StepFacts(
        at=at,
        by=SYSTEM_ACTOR,
        lot=lot_facts(lot, at),
        publish_at=at,
        notice_status="published",
        review=review_facts(lot),
    )
    Lot.objects.filter(pk=lot.pk).update(law_on=lot.law_on, publish_at=at)
    Prequalification.objects.filter(lot=lot).update(publish_at=at)
    said = {"notice": notice.code, "law_on": lot.law_on.isoformat()}
    take_step(lot, "announce-prequalification", facts, kinds.PREQUALIFICATION_ANNOUNCED, said)
    if lot.deadline_at is None:
        raise ValueError(f"{lot.code} was announced without a deadline")
    schedule_closing(lot, lot.deadline_at)


def close_applications(code: str, at: datetime) -> str:
    """The deadline for applications has passed: review, or failed for want of them (W10). Gives the stage. Idempotent.

    A suspended lot is not closed (招标条例 22): it waits for a new deadline.
    """
    with act():
        hold_lock(Ref("trading", "lot", code))
        lot = locked_lot(code)
        if lot.stage != "applying" or lot.deadline_at is None or at < lot.deadline_at or lot.postponed_at:
            return lot.stage
        if lot.suspended_at is not None or amendment_due(lot):
            postpone(lot, at)
            return lot.stage
        standing = standing_applications(lot)
        enough = len(standing) >= law.limit("W10", on=lot.law_on or local_day(lot.deadline_at)).at_least
        facts = StepFacts(at=at, by=SYSTEM_ACTOR, lot=lot_facts(lot, at), envelopes=len(standing))
        Prequalification.objects.filter(lot=lot).update(
            deadline_at=lot.deadline_at, documents_until_on=lot.documents_until_on
        )
        said = {"deadline": iso(lot.deadline_at)}
        if enough:
            take_step(lot, "close-applications", facts, kinds.APPLICATIONS_CLOSED, said)
        else:
            Lot.objects.filter(pk=lot.pk).update(outcome=TOO_FEW_APPLICANTS)
            said["reason"] = TOO_FEW_APPLICANTS
            take_step(lot, "fail-for-applicants", facts, kinds.LOT_FAILED, said)
            told = [*(each.applicant for each in standing), lot.project.tenderee, lot.project.agency]
            tell(lot, [each for each in told if each], "prequalification-failed", at)
        return lot.stage
