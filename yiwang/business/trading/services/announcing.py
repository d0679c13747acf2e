"""From the draft of a notice to its publication, for the notices that move a lot: tender and publicity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import TENDER_PHASE, Bid, Lot, LotDocument, Objection
from yiwang.business.trading.rules import awarding, timetable
from yiwang.business.trading.rules.complaining import not_stopped_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.method_terms import LOWEST_PRICE, MethodTerms
from yiwang.business.trading.rules.methods import method_complete_findings
from yiwang.business.trading.services import prequalifying
from yiwang.business.trading.services.bidding import qualified_of
from yiwang.business.trading.services.clarifying import CLARIFICATIONS, clarify, publication_findings
from yiwang.business.trading.services.correcting import (
    POSTPONEMENTS,
    correct_place,
    new_place,
    place_findings,
    postponement_findings,
    put_off,
)
from yiwang.business.trading.services.deadlines import schedule_closing
from yiwang.business.trading.services.drawing import set_method, stored_method
from yiwang.business.trading.services.noticed import give_lot_back, lots_of, said_of_lots
from yiwang.business.trading.services.prequalifying import PREQUALIFICATION
from yiwang.business.trading.services.steps import (
    bid_facts,
    hosts_of,
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
    tell,
)
from yiwang.business.trading.texts import (
    candidate_values,
    contract_values,
    failure_values,
    result_values,
    tender_values,
)
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import end_of, local_day
from yiwang.pure.kernel.findings import REFUSAL, Finding, Refused, refuse_if
from yiwang.record.files import api as files
from yiwang.record.journal.api import Due, act, hold_lock, schedule

TENDER, PUBLICITY, RESULT, FAILURE = "tender-notice", "candidates-publicity", "result-notice", "failed-tender"
INVITATION = "bid-invitation"
TENDER_FORMS = (TENDER, INVITATION)
CONTRACT = "contract-notice"
RESULT_STAGES = ("awarded", "contracted")
END_PUBLICITY_DUTY = "end-publicity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Timetable and terms of a tender as typed. Amounts in fen; ``papers`` are (sha256, name) of its documents."""

    publish_at: datetime
    documents_from_at: datetime
    documents_until_on: date
    deadline_at: datetime
    opening_place: str
    qualification: str
    consortium_allowed: bool
    ceiling_fen: int | None
    deposit_fen: int
    validity_days: int
    period_days: int
    papers: Sequence[tuple[str, str]]
    method: MethodTerms = LOWEST_PRICE


def _apply(lot: Lot, terms: Terms) -> None:
    lot.publish_at = terms.publish_at
    lot.documents_from_at = terms.documents_from_at
    lot.documents_until_on = terms.documents_until_on
    lot.deadline_at = terms.deadline_at
    lot.opening_place = terms.opening_place.strip()
    lot.qualification = terms.qualification.strip()
    if not lot.prequalifies:
        lot.consortium_allowed = terms.consortium_allowed
    lot.ceiling_fen = terms.ceiling_fen
    lot.deposit_fen = terms.deposit_fen
    lot.validity_days = terms.validity_days
    lot.period_days = terms.period_days
    set_method(lot, terms.method)


def _missing(terms: Terms) -> list[Finding]:
    texts = (("opening-place-missing", terms.opening_place, "opening_place"),)
    found = [Finding(rule, field=field) for rule, text, field in texts if not text.strip()]
    if not terms.qualification.strip():
        found.append(Finding("qualification-missing", field="qualification"))
    return found


def draft_tender_notice(by: Actor, code: str, terms: Terms, at: datetime) -> notices.Notice:
    """Drafts the tender notice of a registered lot from its terms, the law's minima checked at once.

    After a prequalification it is the invitation to bid (投标邀请书), which goes to those who passed; whether consortia
    are accepted was said in the prequalification notice and stays. Raises Refused with every reason. The lot's stage becomes ``announcing``.
    """
    require(by, permissions.DRAFT_NOTICE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        facts = set_terms(by, lot, terms, at)
        notice = notices.draft(
            by,
            form=INVITATION if lot.prequalifies else TENDER,
            about=lot.ref,
            title=f"{lot.project.name}（{lot.name}）{'投标邀请书' if lot.prequalifies else '招标公告'}",
            values=tender_values(lot),
            tenderee=lot.project.tenderee,
            region=lot.project.region,
            law_on=facts.lot.law_on,
            at=at,
        )
        begin_notice(lot, notice, facts)
        return notice


def set_terms(by: Actor, lot: Lot, terms: Terms, at: datetime) -> StepFacts:
    """Gives a locked lot the terms and documents of its tender, checked; what its next step is judged by. Raises Refused."""
    _apply(lot, terms)
    LotDocument.objects.filter(lot=lot, phase=TENDER_PHASE).delete()
    stored = [(files.describe(sha256), name) for sha256, name in terms.papers]
    LotDocument.objects.bulk_create(
        LotDocument(lot=lot, sha256=each.sha256, name=name, size=each.size) for each, name in stored
    )
    seen = replace(lot_facts(lot, at), documents=len(stored))
    facts = StepFacts(at=at, by=by, lot=seen, publish_at=terms.publish_at)
    refuse_if([*_missing(terms), *timetable.draft_findings(facts), *method_complete_findings(facts)])
    lot.save()
    return facts


def begin_notice(lot: Lot, notice: notices.Notice, facts: StepFacts) -> None:
    """The lot has a tender notice in work: the step, on record."""
    Lot.objects.filter(pk=lot.pk).update(tender_notice=notice.code)
    take_step(lot, "draft-notice", facts, kinds.NOTICE_BEGUN, {"notice": notice.code})


def draft_publicity(
    by: Actor, code: str, publish_at: datetime, until_on: date, contact: str, at: datetime
) -> notices.Notice:
    """Drafts the publicity of the shortlisted bidders, to end with ``until_on``. Raises Refused."""
    require(by, permissions.DRAFT_NOTICE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        refuse_if(publicity_findings(by, lot, publish_at, until_on, contact, at))
        notice = notices.draft(
            by,
            form=PUBLICITY,
            about=lot.ref,
            title=f"{lot.project.name}（{lot.name}）中标候选人公示",
            values=candidate_values(lot, publish_at, until_on, contact),
            tenderee=lot.project.tenderee,
            region=lot.project.region,
            law_on=lot_facts(lot, at).law_on,
            at=at,
            corrects=overtaken(lot, PUBLICITY),
        )
        note_publicity(lot, notice, publish_at, until_on)
        return notice


def publicity_findings(
    by: Actor, lot: Lot, publish_at: datetime, until_on: date, contact: str, at: datetime
) -> list[Finding]:
    """All that stands in the way of a publicity of a locked lot."""
    facts = _publicity_facts(lot, by, publish_at, end_of(until_on), at)
    found = [Finding("wrong-stage-now")] if lot.stage != "reported" else []
    found += [] if contact.strip() else [Finding("objection-contact-missing", field="contact")]
    return [
        *found,
        *not_stopped_findings(facts),
        *_only_one(lot, PUBLICITY, lot.publicity_notice),
        *awarding.publicity_start_findings(facts),
        *awarding.publicity_length_findings(facts),
    ]


def note_publicity(lot: Lot, notice: notices.Notice, publish_at: datetime, until_on: date) -> None:
    """The lot has a publicity in work, from when to the end of which day."""
    Lot.objects.filter(pk=lot.pk).update(
        publicity_notice=notice.code, publicity_from_at=publish_at, publicity_until_at=end_of(until_on)
    )


def _publicity_facts(
    lot: Lot, by: Actor, publish_at: datetime, until_at: datetime | None, at: datetime, status: str = ""
) -> StepFacts:
    facts = lot_facts(lot, at)
    undone = lot.objections.exclude(settled_in="").filter(matter=Objection.RESULT).last()
    if undone is not None and facts.report_received_at and undone.answered_at:
        # A corrected publicity of the same report is in time by the answer that asked for it.
        facts = replace(facts, report_received_at=max(facts.report_received_at, undone.answered_at))
    return StepFacts(
        at=at,
        by=by,
        lot=facts,
        bids=bid_facts(lot),
        publish_at=publish_at,
        publicity_until_at=until_at,
        notice_status=status,
    )


def overtaken(lot: Lot, form: str) -> str | None:
    """The published notice of this form that a new one takes the place of; None for the first."""
    published = notices.notices(about=lot.ref, status=notices.PUBLISHED)
    return next((each.code for each in published if each.form == form), None)


def _only_one(lot: Lot, form: str, standing: str | None = None) -> list[Finding]:
    """Refuses a second notice of a form; with ``standing`` only beside that one and beside what is under way."""
    living = [
        each
        for each in notices.notices(about=lot.ref)
        if each.form == form
        and each.status != notices.DROPPED
        and (standing is None or each.status != notices.PUBLISHED or each.code == standing)
    ]
    return [Finding("notice-exists", params={"code": living[0].code})] if living else []


@dataclass(frozen=True, slots=True)
class FromRecord:
    """A notice that is filled from the record: its form and title, the stages in which it is due, its fields."""

    form: str
    title: str
    stages: tuple[str, ...]
    values: Callable[[Lot], Mapping[str, Any]]


FROM_RECORD: Mapping[str, FromRecord] = {
    each.form: each
    for each in (
        FromRecord(RESULT, "中标结果公告", RESULT_STAGES, result_values),
        FromRecord(FAILURE, "招标失败（终止）公告", ("failed", "terminated"), failure_values),
        FromRecord(CONTRACT, "合同订立公告", ("contracted", "archived"), contract_values),
    )
}


def draft_result_notice(by: Actor, code: str, at: datetime) -> notices.Notice:
    """Drafts the result notice of an awarded lot, filled from the record. Raises Refused."""
    return _draft_from_record(by, code, FROM_RECORD[RESULT], at)


def draft_failure_notice(by: Actor, code: str, at: datetime) -> notices.Notice:
    """Drafts the notice of a failed or terminated tender, filled from the record. Raises Refused."""
    return _draft_from_record(by, code, FROM_RECORD[FAILURE], at)


def draft_contract_notice(by: Actor, code: str, at: datetime) -> notices.Notice:
    """Drafts the notice of a signed contract, filled from the record. Raises Refused."""
    return _draft_from_record(by, code, FROM_RECORD[CONTRACT], at)


def _standing(lot: Lot, form: str) -> str | None:
    """The published notice of this form beside which there is no second one; None where any stands in the way."""
    if form == RESULT:
        return lot.result_notice
    if form == FAILURE and lot.outcome == "not-tendered":
        published = notices.notices(about=lot.ref, status=notices.PUBLISHED)
        said = [each.code for each in published if each.values.get("outcome") == lot.outcome]
        return said[-1] if said else ""
    return None


def record_findings(lot: Lot, kind: FromRecord) -> list[Finding]:
    """All that stands in the way of a notice from the record of a locked lot."""
    if lot.stage not in kind.stages:
        return [Finding("wrong-stage-now")]
    return _only_one(lot, kind.form, _standing(lot, kind.form))


def replaced(lot: Lot, form: str) -> str | None:
    """The published notice from the record that a new one takes the place of; None for the first."""
    return overtaken(lot, form) if _standing(lot, form) is not None else None


def note_result(lots: Iterable[Lot], notice: notices.Notice) -> None:
    """A result notice is that of its lots from its draft on."""
    if notice.form == RESULT:
        Lot.objects.filter(pk__in=[each.pk for each in lots]).update(result_notice=notice.code)


def _draft_from_record(by: Actor, code: str, kind: FromRecord, at: datetime) -> notices.Notice:
    require(by, permissions.DRAFT_NOTICE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        refuse_if(record_findings(lot, kind))
        notice = notices.draft(
            by,
            form=kind.form,
            about=lot.ref,
            title=f"{lot.project.name}（{lot.name}）{kind.title}",
            values=kind.values(lot),
            tenderee=lot.project.tenderee,
            region=lot.project.region,
            law_on=lot_facts(lot, at).law_on,
            at=at,
            corrects=replaced(lot, kind.form),
        )
        note_result([lot], notice)
        return notice


def known_notice(code: str) -> notices.Notice:
    """The notice of that code. Raises Refused where there is none."""
    try:
        return notices.notice(code)
    except notices.UnknownNotice as error:
        raise Refused([Finding("no-such-notice", params={"code": code[:40]})]) from error


def _publication_findings(
    lots: Iterable[Lot], notice: notices.Notice, by: Actor, publish_at: datetime, at: datetime
) -> list[Finding]:
    """What would make the steps at publication unlawful, asked before they are promised; every lot's where there are several."""
    return said_of_lots([(lot, _of_lot_findings(lot, notice, by, publish_at, at)) for lot in lots])


def _of_lot_findings(
    lot: Lot, notice: notices.Notice, by: Actor, publish_at: datetime, at: datetime
) -> list[Finding]:
    """What would make the step of one lot at publication unlawful."""
    if notice.form == PREQUALIFICATION:
        return prequalifying.publication_findings(lot, by, publish_at, at)
    if notice.form in TENDER_FORMS:
        lot.publish_at = publish_at
        facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), publish_at=publish_at)
        return [*not_stopped_findings(facts), *timetable.draft_findings(facts)]
    if notice.form == PUBLICITY:
        facts = _publicity_facts(lot, by, publish_at, lot.publicity_until_at, at)
        return [
            *not_stopped_findings(facts),
            *awarding.publicity_start_findings(facts),
            *awarding.publicity_length_findings(facts),
        ]
    if notice.form in CLARIFICATIONS:
        return publication_findings(lot, notice, by, publish_at, at)
    if notice.form in POSTPONEMENTS:
        return postponement_findings(lot, notice, by, publish_at, at)
    return place_findings(lot, notice) if new_place(notice) else []


def _said_day_findings(notice: notices.Notice, publish_at: datetime) -> list[Finding]:
    """A publicity says on which day it starts: on another day its text would be wrong."""
    said_on = notice.values.get("publicity_starts_on") if notice.form == PUBLICITY else None
    if said_on is None or said_on == local_day(publish_at).isoformat():
        return []
    return [Finding("publicity-day-differs", "", {"said_on": said_on}, "publish_at")]


def confirm_notice(by: Actor, notice_code: str, publish_at: datetime, at: datetime) -> notices.Notice:
    """The tenderee confirms a notice and sets the instant of its publication. Raises Refused (also D01)."""
    require(by, permissions.CONFIRM_NOTICE)
    with act():
        notice = known_notice(notice_code)
        lots = lots_of(notice)
        for lot in lots:
            require_party(by, lot)
        refuse_if(
            [
                *_publication_findings(lots, notice, by, publish_at, at),
                *_said_day_findings(notice, publish_at),
            ]
        )
        rows = Lot.objects.filter(pk__in=[each.pk for each in lots])
        if notice.form in (*TENDER_FORMS, PREQUALIFICATION):
            rows.update(publish_at=publish_at)
        elif notice.form == PUBLICITY:
            rows.update(publicity_from_at=publish_at)
        return notices.confirm(by, notice_code, publish_at, at)


def pass_notice(by: Actor, notice_code: str, at: datetime) -> notices.Notice:
    """The centre finds the form in order; the notice will appear at its instant. Raises Refused."""
    require(by, permissions.CHECK_NOTICE)
    with act():
        notice = known_notice(notice_code)
        lots = lots_of(notice)
        publish_at = notice.publish_at
        if publish_at is None:
            raise Refused([Finding("notice-not-confirmed")])
        refuse_if(_publication_findings(lots, notice, by, publish_at, at))
        return notices.pass_check(by, notice_code, at)


def return_notice(by: Actor, notice_code: str, reasons: str, at: datetime) -> notices.Notice:
    """The centre sends a notice back with what its form lacks; a lot at its first notice goes back a stage."""
    require(by, permissions.CHECK_NOTICE)
    with act():
        notice = known_notice(notice_code)
        return _give_back(by, lots_of(notice), notice, reasons, at)


def _give_back(
    by: Actor, lots: Sequence[Lot], notice: notices.Notice, reasons: str, at: datetime
) -> notices.Notice:
    """The notice goes back with reasons; its dates are dead, so it is dropped and drafted anew from its terms."""
    returned = notices.return_to_draft(by, notice.code, reasons, at)
    dated = (*TENDER_FORMS, PREQUALIFICATION, PUBLICITY, *CLARIFICATIONS, *POSTPONEMENTS)
    if notice.form in dated or new_place(notice):
        notices.drop(by, notice.code, at)
    for lot in lots:
        if notice.form == PREQUALIFICATION:
            facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), reason=reasons)
            prequalifying.give_back(lot, facts, notice.code)
        elif notice.form in TENDER_FORMS:
            give_lot_back(by, lot, notice.code, at, reasons)
    tell(lots[0], hosts_of(lots[0]), "notice-returned", at, notice.code)
    return returned


def _why_held_back(refused: Sequence[Finding]) -> str:
    """What the tenderee reads about a notice that did not appear."""
    rules = sorted({each.rule for each in refused})
    if "stopped-by-order" in rules:
        return "行政监督部门责令暂停招标投标活动，公告未发布；恢复后请重新确定时间。"
    return f"未能按时发布，期限已不足（{', '.join(rules)}），请重新确定时间。"


def publish_when_due(due: Due, now: datetime) -> None:
    """The duty ``publish-notice`` for a lot's notices: published, unless it is so late that its dates break the law.

    Such a notice is returned with the reason instead, so that its tenderee sets new dates: a public text is never
    published against its own article. Warnings do not hold it back.
    """
    notice = notices.notice(str(due.payload["notice"]))
    if notice.about.room == "trading" and notice.status == notices.SCHEDULED:
        with act():
            if notice.form in (*CLARIFICATIONS, *POSTPONEMENTS):
                # It may move the deadline: submissions, which share this lock, see the old one or the new one.
                for each in sorted(notice.matters, key=str):
                    hold_lock(each)
            lots = lots_of(notice)
            late = _publication_findings(lots, notice, SYSTEM_ACTOR, now, now)
            refused = [each for each in late if each.level == REFUSAL]
            if refused:
                _give_back(SYSTEM_ACTOR, lots, notice, _why_held_back(refused), now)
                return
            notices.publish_due(due, now)
            for lot in lots:
                if notice.form in CLARIFICATIONS:
                    clarify(lot, notice, now)
                elif notice.form in POSTPONEMENTS:
                    put_off(lot, notice, now)
                elif new_place(notice):
                    correct_place(lot, notice, now)
        return
    notices.publish_due(due, now)


def on_notice_published(notice_code: str, at: datetime) -> None:
    """What a publication does to its lots; called by this room's reader, idempotent. ``at`` is the publication."""
    notice = notices.notice(notice_code)
    if notice.about.room != "trading":
        return
    with act():
        for lot in lots_of(notice):
            if notice.form == PREQUALIFICATION and lot.stage == "pq-announcing":
                prequalifying.announce_prequalification(lot, notice, at)
            elif notice.form in TENDER_FORMS and lot.stage == "announcing":
                _announce(lot, notice, at)
            elif notice.code == lot.publicity_notice and lot.stage == "reported":
                _publicise(lot, notice, at)


def _announce(lot: Lot, notice: notices.Notice, at: datetime) -> None:
    if not lot.prequalifies:
        lot.law_on = local_day(at)
    facts = StepFacts(
        at=at, by=SYSTEM_ACTOR, lot=lot_facts(lot, at), publish_at=at, notice_status="published"
    )
    Lot.objects.filter(pk=lot.pk).update(law_on=lot.law_on, publish_at=at)
    said = {"notice": notice.code, "law_on": facts.lot.law_on.isoformat()}
    if lot.method:
        said |= {"method": lot.method["id"], "draw_commitment": lot.draw_commitment}
    kind = kinds.LOT_INVITED if lot.prequalifies else kinds.LOT_ANNOUNCED
    take_step(lot, "announce", facts, kind, said, documents=stored_method(lot))
    if lot.deadline_at is None:
        raise ValueError(f"{lot.code} was announced without a deadline")
    schedule_closing(lot, lot.deadline_at)
    if lot.prequalifies:
        tell(lot, qualified_of(lot), "invited", at, notice.code)


def _publicise(lot: Lot, notice: notices.Notice, at: datetime) -> None:
    facts = _publicity_facts(lot, SYSTEM_ACTOR, at, lot.publicity_until_at, at, "published")
    take_step(lot, "publicise", facts, kinds.CANDIDATES_PUBLICISED, {"notice": notice.code})
    until_at = lot.publicity_until_at
    if until_at is None:
        raise ValueError(f"{lot.code} was publicised without an end")
    Lot.objects.filter(pk=lot.pk).update(publicity_from_at=at)
    for key in (f"publicity:{lot.code}", f"publicity:{lot.code}:{notice.code}"):
        # Where an earlier publicity has ended in an objection its duty is done: this one has its own.
        if schedule(key, duty=END_PUBLICITY_DUTY, about=lot.ref, due_at=until_at):
            break
    bidders = [each.bidder for each in Bid.objects.filter(lot=lot)]
    tell(lot, bidders, "candidates-publicised", at, notice.code)


def promised_to_objectors(lot: Lot) -> QuerySet[Objection]:
    """The objections to the result of a lot that were upheld and whose remedy was not taken yet."""
    return lot.objections.filter(matter=Objection.RESULT, settled_in="").exclude(remedy="")


def end_publicity(code: str, at: datetime) -> None:
    """The announced period has run (duty ``end-publicity``). Idempotent.

    While an objection to the result is open it does not end (招标条例 54): the last answer ends it then. Nor while what
    an answer promised waits to be done.
    """
    with act():
        lot = locked_lot(code)
        running = lot.publicity_until_at is None or at < lot.publicity_until_at
        if lot.stage != "publicity" or running or lot.suspended_at is not None or promised_to_objectors(lot):
            return
        facts = StepFacts(at=at, by=SYSTEM_ACTOR, lot=lot_facts(lot, at))
        take_step(lot, "end-publicity", facts, kinds.PUBLICITY_ENDED)
