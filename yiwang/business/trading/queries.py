"""Reads: the pages of projects and lots, what each person has to do, who may read which document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, When

from yiwang.business.trading.clocks import lot_clocks
from yiwang.business.trading.consents import confirmed_members
from yiwang.business.trading.evaluations import draw_shown, method_words
from yiwang.business.trading.models import (
    PREQUALIFYING,
    Application,
    Award,
    Bid,
    Clarification,
    CommitteeMember,
    Contract,
    Envelope,
    Lot,
    LotDocument,
    Objection,
    Prequalification,
    Project,
    Reviewer,
    Round,
    Taking,
    Told,
)
from yiwang.business.trading.parties import bid_names, names
from yiwang.business.trading.progress import progress_line
from yiwang.business.trading.rules.awarding import valid_until_on
from yiwang.business.trading.rules.complaining import BY_ORDER, ORDER
from yiwang.business.trading.rules.methods import shown_points
from yiwang.business.trading.rules.passing import RE_EXAMINATION
from yiwang.business.trading.services.correcting import CORRECTION
from yiwang.business.trading.services.reexamining import is_reexamining
from yiwang.business.trading.shapes import (
    AwardLine,
    ChangedTerm,
    DocumentLine,
    LotPage,
    ObjectionMark,
    OpeningObjection,
    OpeningRow,
    PaperLine,
    PartnerLine,
    PassingLine,
    PrequalificationLine,
    ProjectPage,
    ReportLine,
)
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import among, counted_to, counts_by, numbers_of, one_of
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, EXPERT, OPERATOR, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import KeptQuery

OPENED = (
    "opened",
    "evaluating",
    "reported",
    "publicity",
    "publicity-ended",
    "awarded",
    "contracted",
    "archived",
)
RANKS_PUBLIC = ("publicity", "publicity-ended", "awarded", "contracted", "archived")
PUBLISHED_FROM = ("bidding", "closed", *OPENED)

OUTCOMES = {
    "too-few-bidders": Words(
        "截止时投标人不足三个，招标失败", "Fewer than three bidders at the deadline: the tender failed"
    ),
    "too-few-applicants": Words(
        "申请截止时资格预审申请人不足三个，重新招标",
        "Fewer than three applicants at the deadline: the tender is held again",
    ),
    "too-few-qualified": Words(
        "通过资格预审的申请人不足三个，重新招标",
        "Fewer than three passed prequalification: the tender is held again",
    ),
    "all-rejected": Words(
        "评标委员会否决全部投标，招标失败", "The committee rejected all bids: the tender failed"
    ),
    "not-tendered": Words("再次招标失败，不再招标", "Failed a second time: not tendered again"),
    "no-winner": Words(
        "中标候选人不符合中标条件，重新招标", "A candidate was passed over: the tender is held again"
    ),
    "objection-upheld": Words(
        "对评标结果的异议成立，重新招标", "An objection to the result was upheld: the tender is held again"
    ),
    "by-order": Words("行政监督部门责令重新招标", "The supervisory body ordered to hold the tender again"),
    "unlawful-documents": Words(
        "招标文件违法，修改后重新招标", "The documents were unlawful: amended, and tendered again"
    ),
    "terminated": Words("招标人终止招标", "Terminated by the tenderee"),
    "awarded": Words("已定标", "Awarded"),
}


class UnknownProject(LookupError):
    """No project or lot has this code."""


def opening_rows(lot: Lot, everything: bool = False) -> tuple[OpeningRow, ...]:
    """The opening record; ranks and rejections only once they are public, or with ``everything``."""
    if lot.stage not in OPENED and not lot.bids.exists():
        return ()
    told = everything or lot.stage in RANKS_PUBLIC
    rows = []
    bids = list(lot.bids.select_related("envelope", "passing"))
    known = bid_names(bids)
    confirmed = confirmed_members(lot) if everything and any(bid.consortium for bid in bids) else None
    for bid in bids:
        rows.append(
            OpeningRow(
                bid.place,
                bid.bidder,
                known[bid.bidder],
                bid.price_fen,
                bid.period_days,
                bid.deposit_fen,
                bid.envelope.received_at,
                bid.envelope.leaf_hash,
                bid.status if told else "",
                bid.evaluated_fen if told else None,
                _ground(lot, bid) if told and bid.ground else None,
                bid.rank if told else None,
                _passed(lot, bid) if told else None,
                shown_points(bid.points, lot.method) if told else "",
                _partners(bid, confirmed),
            )
        )
    return tuple(rows)


def _partners(bid: Bid, confirmed: set[tuple[str, str]] | None) -> tuple[PartnerLine, ...]:
    """The members of a consortium, the leader in front; with ``confirmed`` whether each said so itself."""
    return tuple(
        PartnerLine(
            **each,
            confirmed=None
            if confirmed is None or each["code"] == bid.bidder
            else (bid.bidder, each["code"]) in confirmed,
        )
        for each in bid.consortium
    )


def _passed(lot: Lot, bid: Bid) -> Words | None:
    """On which ground a candidate was passed over; None where it was not."""
    if not hasattr(bid, "passing"):
        return None
    return passing_ground(lot, bid.passing.ground)


def passing_ground(lot: Lot, ground: str) -> Words:
    """A ground on which a shortlisted bidder is passed over, in words (W22; 招标条例 56)."""
    if ground == RE_EXAMINATION:
        return Words("原评标委员会审查认为不符合", "found unfit by the original committee")
    return law.rule("W22", on=lot.law_on or local_day(lot.stage_since_at)).choice(ground).words


def _report_line(lot: Lot, award: Award | None) -> ReportLine | None:
    """The written report on the standing award; None where none was handed in."""
    report = lot.written_reports.filter(award=award).first() if award else None
    return ReportLine(report.document, report.handed_in_at, report.late) if report else None


def passings_of(lot: Lot) -> tuple[PassingLine, ...]:
    """The shortlisted bidders that were passed over, in order, with ground and reason."""
    rows = list(lot.passings.select_related("bid"))
    known = names(each.bid.bidder for each in rows)
    return tuple(
        PassingLine(
            known[each.bid.bidder],
            each.bid.rank,
            passing_ground(lot, each.ground),
            each.reason,
            each.after_letter,
            each.passed_at,
            tuple(PaperLine(sha256, name) for sha256, name in each.papers),
        )
        for each in rows
    )


def _ground(lot: Lot, bid: Bid) -> Words:
    rule = law.rule("W30", on=lot.law_on or local_day(lot.stage_since_at))
    return rule.choice(bid.ground).words


def terms_public(lot: Lot) -> bool:
    """Whether the timetable that the lot has now was published: an invitation after a prequalification may be under way."""
    return lot.law_on is not None and not (lot.prequalifies and lot.stage == "announcing")


def _objection_marks(lot: Lot) -> tuple[ObjectionMark, ...]:
    """The objections to documents and result; those to the opening stand with their words in its record."""
    return tuple(
        ObjectionMark(each.raised_at, each.answered_at, each.matter, bool(each.remedy))
        for each in lot.objections.all()
        if each.matter != Objection.OPENING
    )


def lot_page(lot: Lot, everything: bool = False) -> LotPage:
    """A lot as the public may see it; with ``everything`` as its tenderee and the centre may."""
    rows = opening_rows(lot, everything)
    award = Award.objects.select_related("bid").filter(lot=lot, withdrawn_at=None).first()
    contract = Contract.objects.filter(lot=lot).first()
    published = notices.notices(about=lot.ref, status="published")
    announced = terms_public(lot) or everything
    tendered = announced and not lot.phase  # those of a prequalification stand in its own line
    procedure = law.procedure(lot.procedure, on=lot.law_on or local_day(lot.stage_since_at))
    return LotPage(
        code=lot.code,
        name=lot.name,
        content=lot.content,
        estimate_fen=lot.estimate_fen,
        ceiling_fen=lot.ceiling_fen if announced else None,
        deposit_fen=lot.deposit_fen if announced else 0,
        period_days=lot.period_days,
        stage=lot.stage,
        stage_words=procedure.stage(lot.stage).words,
        stage_since_at=lot.stage_since_at,
        law_on=lot.law_on,
        attempt=lot.attempt,
        retender_of=lot.retender_of,
        publish_at=lot.publish_at if announced else None,
        documents_from_at=lot.documents_from_at if tendered else None,
        documents_until_on=lot.documents_until_on if tendered else None,
        deadline_at=lot.deadline_at if tendered else None,
        consortium_allowed=lot.consortium_allowed,
        opening_place=lot.opening_place if announced else "",
        phase=lot.phase,
        prequalification=_prequalification_line(lot),
        validity_days=lot.validity_days,
        valid_until_on=valid_until_on(lot.deadline_at, lot.validity_days)
        if lot.deadline_at and tendered
        else None,
        progress=progress_line(lot, procedure),
        clocks=lot_clocks(lot, award) if announced else (),
        notices=tuple(
            each.code for each in sorted(published, key=lambda each: (each.published_at, each.code))
        ),
        records=rows,
        winner=next((row for row in rows if award is not None and row.bidder == award.bid.bidder), None),
        contract_number=contract.number if contract else "",
        contract_amount_fen=contract.amount_fen if contract else None,
        contract_on=contract.signed_on if contract else None,
        outcome=OUTCOMES.get(lot.outcome),
        suspended_at=lot.suspended_at,
        stopped_at=lot.stopped_at,
        postponed_at=lot.postponed_at,
        method=method_words(lot) if announced else None,
        draw=draw_shown(lot) if announced else None,
        objections=_objection_marks(lot),
        opening_objections=opening_objections(lot),
        passings=passings_of(lot),
        retendered_as=Lot.objects.filter(retender_of=lot.code).values_list("code", flat=True).first() or "",
        written_report=_report_line(lot, award),
        reexamining=is_reexamining(lot),
        changes=changed_terms(lot, published),
    )


def changed_terms(lot: Lot, published: Sequence[notices.Notice]) -> tuple[ChangedTerm, ...]:
    """What published notices changed of what was announced of a lot, oldest first."""
    forms = {each.code: each.form for each in published}
    found = [
        ChangedTerm(
            "application-deadline"
            if forms.get(row.notice, "").startswith("prequalification")
            else "deadline",
            row.deadline_before_at,
            row.new_deadline_at,
            row.notice,
            row.published_at,
        )
        for row in lot.clarifications.exclude(published_at=None).exclude(new_deadline_at=None)
        if row.published_at is not None and row.new_deadline_at is not None
    ]
    place = ""
    for each in sorted(published, key=lambda each: (each.published_at, each.code)):
        said = dict(each.values)
        for part in each.parts:
            said |= part.values if part.about == lot.ref else {}
        if new := str(said.get("opening_place", "")):
            if each.form == CORRECTION and each.published_at is not None:
                found.append(ChangedTerm("opening-place", place, new, each.code, each.published_at))
            place = new
    return tuple(sorted(found, key=lambda each: each.at))


def _prequalification_line(lot: Lot) -> PrequalificationLine | None:
    """The terms of the prequalification once they were published; None of a lot without one."""
    row = Prequalification.objects.filter(lot=lot).first() if lot.prequalifies and lot.law_on else None
    if row is None:
        return None
    rule = law.rule("H-prequalification-method", on=lot.law_on or local_day(row.deadline_at))
    running = lot.stage in ("applying", "reviewing") and lot.deadline_at is not None
    return PrequalificationLine(
        rule.choice(row.method).words,
        row.most,
        row.criteria,
        row.documents_from_at,
        lot.documents_until_on if running and lot.documents_until_on else row.documents_until_on,
        lot.deadline_at if running and lot.deadline_at else row.deadline_at,
        row.notified_at,
    )


def awards_to(bidder: str) -> list[AwardLine]:
    """The standing awards of a bidder (organisation code), newest first; each is public by ``award-decided``."""
    rows = list(
        Award.objects.select_related("bid", "lot__project")
        .filter(bid__bidder=bidder, withdrawn_at=None)
        .order_by("-sent_at", "-pk")
    )
    contracts = {each.lot_id: each for each in Contract.objects.filter(lot__in=[row.lot_id for row in rows])}
    known = names(row.lot.project.tenderee for row in rows)
    found = []
    for row in rows:
        contract, project = contracts.get(row.lot_id), row.lot.project
        found.append(
            AwardLine(
                project=project.code,
                project_name=project.name,
                lot=row.lot.code,
                lot_name=row.lot.name,
                tenderee=known[project.tenderee],
                price_fen=row.bid.price_fen,
                awarded_at=row.sent_at,
                contract_amount_fen=contract.amount_fen if contract else None,
                contract_on=contract.signed_on if contract else None,
            )
        )
    return found


def awards_counted(bidders: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
    """How many standing awards each bidder has, and when it got the newest; those without any are there too."""
    codes = set(bidders)
    rows = Award.objects.filter(bid__bidder__in=codes, withdrawn_at=None).order_by()
    counted = rows.values("bid__bidder").annotate(awards=Count("pk"), newest=Max("sent_at"))
    found = {row["bid__bidder"]: (row["awards"], row["newest"]) for row in counted}
    return {code: found.get(code, (0, None)) for code in sorted(codes)}


def opening_objections(lot: Lot) -> tuple[OpeningObjection, ...]:
    """What was objected to at the opening and answered there, oldest first."""
    rows = list(lot.objections.filter(matter=Objection.OPENING))
    known = names(each.objector for each in rows)
    return tuple(
        OpeningObjection(known[each.objector], each.text, each.raised_at, each.answer, each.answered_at)
        for each in rows
    )


def find_lot(code: str) -> Lot:
    """The stored lot of that code. Raises UnknownProject."""
    lot = Lot.objects.select_related("project").filter(code=code).first()
    if lot is None:
        raise UnknownProject(code)
    return lot


def project_page(code: str, everything: bool = False) -> ProjectPage:
    """A project with its lots. Raises UnknownProject."""
    project = Project.objects.filter(code=code).first()
    if project is None:
        raise UnknownProject(code)
    known = names((project.tenderee, project.agency))
    lots = tuple(
        lot_page(each, everything) for each in project.lots.select_related("project").order_by("code")
    )
    return ProjectPage(
        project.code,
        project.name,
        project.region,
        known[project.tenderee],
        project.tenderee,
        known.get(project.agency, ""),
        project.agency,
        project.funds,
        project.approval,
        project.registered_at,
        lots,
    )


def void_publicities(lots: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """By (notice, lot): since when a publicity is void, because an objection to the result was upheld, or by order (招标条例 54, 81)."""
    lots = list(lots)
    undone = Objection.objects.filter(lot__code__in=lots, matter=Objection.RESULT)
    rows = undone.exclude(remedy="").exclude(settled_in="").order_by("answered_at")
    told = rows.values_list("settled_in", "lot__code", "answered_at")
    ordered = Round.objects.filter(lot__code__in=lots, why=ORDER)
    by_order = ordered.values_list("kept__annulled__publicity", "lot__code", "ended_at")
    ended = Lot.objects.filter(code__in=lots, outcome=BY_ORDER).values_list(
        "publicity_notice", "code", "stage_since_at"
    )
    return {(notice, lot): at for notice, lot, at in [*told, *by_order, *ended] if at is not None and notice}


def every_lot() -> QuerySet[Lot]:
    """All lots with their projects, whoever may see them."""
    return Lot.objects.select_related("project")


def lots_for(actor: Actor) -> QuerySet[Lot]:
    """The lots that an actor may see in the hall: one's own, for bidders what is or was open to all."""
    lots = every_lot()
    if actor.role in (CENTRE, SUPERVISOR, OPERATOR):
        return lots
    if actor.role == TENDEREE:
        return lots.filter(tenderee=actor.organisation)
    if actor.role == AGENCY:
        return lots.filter(agency=actor.organisation)
    if actor.role == BIDDER:
        return lots.filter(law_on__isnull=False)
    if actor.role == EXPERT:
        sits = CommitteeMember.objects.filter(person=actor.person, replaced_at=None).values("lot_id")
        reviews = Reviewer.objects.filter(person=actor.person, replaced_at=None).values("lot_id")
        return lots.filter(Q(pk__in=sits) | Q(pk__in=reviews))
    return lots.none()


@dataclass(frozen=True, slots=True)
class Taken:
    """The lots in which a bidder took part: how many, counted up to MOST_COUNTED, and their keys where they are fewer."""

    number: int
    keys: str | None


def taken_by(actor: Actor) -> Taken | None:
    """What a bidder took part in; None for others."""
    if actor.role != BIDDER:
        return None
    found = numbers_of(_taken_part_in(actor.organisation), MOST_COUNTED - 1)
    return Taken(MOST_COUNTED, None) if found is None else Taken(found[1], found[0])


def my_lots(actor: Actor, walk: bool = True, taken: Taken | None = None) -> QuerySet[Lot]:
    """For bidders only what they took part in; for the others :func:`lots_for`.

    Many are found by walking the order until a page is full; not so (``walk``) where something else narrows them.
    ``taken``: what they are, where that was asked already.
    """
    if actor.role != BIDDER:
        return lots_for(actor)
    taken = taken or taken_by(actor)
    if taken is not None and taken.keys is not None:
        return every_lot().filter(one_of("pk", taken.keys, walked=walk and taken.number > FEW_TAKEN))
    lots = _taken_part_in(actor.organisation)
    return every_lot().filter(among("pk", lots) if walk else Q(pk__in=lots))


def _taken_part_in(bidder: str) -> Any:
    """The keys of the lots in which a bidder took part; a lot is announced before anybody can."""
    taken = Taking.objects.filter(organisation=bidder).order_by().values_list("lot_id", flat=True)
    bid_in = Envelope.objects.filter(bidder=bidder).order_by().values_list("lot_id", flat=True)
    applied = Application.objects.filter(applicant=bidder).order_by().values_list("lot_id", flat=True)
    return taken.union(bid_in, applied)


def number_of_my_lots(actor: Actor, taken: Taken | None = None) -> int:
    """How many :func:`my_lots` there are, counted up to MOST_COUNTED. ``taken``: what they are, where that was asked already."""
    known = taken or taken_by(actor)
    return known.number if known else counted_to(lots_for(actor), MOST_COUNTED)


def taken_part_in(lots: QuerySet[Lot], bidder: str) -> QuerySet[Lot]:
    """Those of ``lots`` in which a bidder takes part, asked lot by lot: for ``lots`` that are few already."""
    of_lot = {"lot": OuterRef("pk")}
    return lots.filter(
        Exists(Taking.objects.filter(organisation=bidder, **of_lot))
        | Exists(Envelope.objects.filter(bidder=bidder, **of_lot))
        | Exists(Application.objects.filter(applicant=bidder, **of_lot))
    )


def projects_for(actor: Actor) -> QuerySet[Project]:
    """The projects whose lots an actor may see in the hall, newest first."""
    if actor.role in (CENTRE, SUPERVISOR, OPERATOR):
        return Project.objects.all()
    if actor.role == TENDEREE:
        return Project.objects.filter(tenderee=actor.organisation)
    if actor.role == AGENCY:
        return Project.objects.filter(agency=actor.organisation)
    if actor.role == BIDDER:  # as numbers: PostgreSQL takes a query to be asked anew for every row
        return Project.objects.exclude(one_of("pk", _not_announced()))
    return Project.objects.none()


def _not_announced() -> QuerySet[Lot, int]:
    """The projects of which no lot was announced: few, while those with one are nearly all. Every project has a lot."""
    announced = Lot.objects.filter(law_on__isnull=False, project=OuterRef("project"))
    quiet = Lot.objects.filter(Q(law_on__isnull=True) & ~Exists(announced)).order_by()
    return quiet.values_list("project_id", flat=True)


def number_unannounced() -> int:
    """How many lots are not announced, counted up to MOST_COUNTED: as many lots, or projects, a bidder may not see at most."""
    return counted_to(Lot.objects.filter(law_on__isnull=True), MOST_COUNTED)


def projects_of(parties: Sequence[str], most: int) -> list[int] | None:
    """The keys of the projects of tenderees and agencies; None where there are more than ``most``."""
    found: set[int] = set()
    for role in ("tenderee", "agency"):
        rows = Project.objects.filter(**{f"{role}__in": parties}).order_by()
        found.update(rows.values_list("pk", flat=True)[: most + 1])
    return list(found) if len(found) <= most else None


_OF_OBJECTIONS = (
    "lot__code", "lot__name", "lot__law_on", "lot__project__name", "raised_at", "answered_at",
)  # fmt: skip


def objections_for(actor: Actor) -> QuerySet[Objection]:
    """The objections that an actor may see, newest first, with what a list shows of them: of one's own lots, all for the supervisor, a bidder's own.

    Who raised them is for nobody to show but to the objector.
    """
    rows = (
        Objection.objects.select_related("lot__project").only(*_OF_OBJECTIONS).order_by("-raised_at", "-id")
    )
    if actor.role in (TENDEREE, AGENCY):
        return rows.filter(**{f"lot__{actor.role}": actor.organisation})
    if actor.role == BIDDER:
        return rows.filter(objector=actor.organisation)
    return rows if actor.role == SUPERVISOR else rows.none()


OVER = ("archived", "terminated", "failed")


def standing_still(lots: QuerySet[Lot]) -> QuerySet[Lot]:
    """Those of ``lots`` that are suspended or wait for a new deadline: few, each found by an index of its own."""
    found = {key for kept in (_SUSPENDED, _POSTPONED) for (key,) in kept.rows()}
    return lots.filter(one_of("pk", found))


_SUSPENDED = KeptQuery(lambda: Lot.objects.filter(suspended_at__isnull=False).order_by().values_list("pk"))
_POSTPONED = KeptQuery(lambda: Lot.objects.filter(postponed_at__isnull=False).order_by().values_list("pk"))


MOST_COUNTED = 10_000
FEW_TAKEN = 1_000  # so many lots that a bidder took part in are named one by one
LIVE = ("registered", *PREQUALIFYING, "announcing", "bidding", "closed", *OPENED[:-1])


def stage_counts_of_mine(actor: Actor, taken: Taken | None = None) -> dict[str, int]:
    """How many of the lots that a bidder took part in (``taken``, where that was asked already) are in each stage.

    Nearly all lots of many years are archived: of those whose stage is another the index of stages is walked, the rest
    is archived. Where not all are counted, each is looked up.
    """
    taken = taken or taken_by(actor)
    if taken is not None and taken.keys is not None and taken.number > FEW_TAKEN:
        mine = Lot.objects.filter(
            one_of("pk", taken.keys, walked=True), stage__in=(*LIVE, *OVER[1:])
        ).order_by()
        counts = dict(mine.values_list("stage").annotate(Count("pk")))
        return counts | {OVER[0]: taken.number - sum(counts.values())}
    lots = my_lots(actor, walk=False, taken=taken).order_by()
    return dict(lots.values_list("stage").annotate(Count("pk")))


def stage_counts(lots: QuerySet[Lot]) -> dict[str, int]:
    """How many of ``lots`` are in each stage; those that are over are counted up to MOST_COUNTED, which then means more."""
    lots = lots.order_by()
    counts: dict[str, int] = dict(lots.filter(stage__in=LIVE).values_list("stage").annotate(Count("pk")))
    return counts | counts_by(lots, "stage", OVER, MOST_COUNTED)


def documents_of(lot: Lot) -> tuple[DocumentLine, ...]:
    """The documents of the phase that a lot is in: of its prequalification, then of its tender."""
    return tuple(
        DocumentLine(each.sha256, each.name, each.size)
        for each in LotDocument.objects.filter(lot=lot, phase=lot.phase)
    )


def holds_document(sha256: str) -> bool:
    """Whether a draft here needs a document that no entry of the journal names yet."""
    drafted = Clarification.objects.filter(published_at=None, papers__icontains=sha256)
    return LotDocument.objects.filter(sha256=sha256).exists() or drafted.exists()


def may_read_tender_document(actor: Actor, lot: Lot, sha256: str) -> bool:
    """Tender documents: the parties and the centre always; a bidder once it is on record as having taken them."""
    phases = list(lot.documents.filter(sha256=sha256).values_list("phase", flat=True))
    if not phases:
        return False
    if actor.role in (CENTRE, SUPERVISOR) or actor.organisation in (lot.project.tenderee, lot.project.agency):
        return True
    if actor.role == EXPERT:
        sits = lot.committee.filter(person=actor.person, replaced_at=None).exists()
        return sits or lot.reviewers.filter(person=actor.person, replaced_at=None).exists()
    taken = Taking.objects.filter(lot=lot, organisation=actor.organisation, phase__in=phases)
    return taken.exists() and actor.role == BIDDER


def may_read_bid_document(actor: Actor, envelope: Envelope) -> bool:
    """Papers of a bid: nobody at all before the opening, not even who handed them in; after it those who evaluate.

    A withdrawn or replaced envelope is never opened.
    """
    if not Bid.objects.filter(envelope=envelope).exists():
        return False
    if actor.role == BIDDER:
        return actor.organisation == envelope.bidder
    lot = envelope.lot
    if actor.role == EXPERT:
        return lot.committee.filter(person=actor.person, replaced_at=None).exists()
    own = actor.role in (TENDEREE, AGENCY) and actor.organisation in (
        lot.project.tenderee,
        lot.project.agency,
    )
    return own or actor.role in (CENTRE, SUPERVISOR)


def messages_for(actor: Actor) -> QuerySet[Told]:
    """What the actor's organisation was told, and what the actor alone was told for it; newest first."""
    told = Told.objects.select_related("lot", "lot__project").filter(organisation=actor.organisation)
    return told.filter(person__in=("", actor.person))


_UNREAD = KeptQuery(
    lambda organisation, person: (
        Told.objects.filter(organisation=organisation, read_at__isnull=True)
        .filter(Q(person="") | Q(person=person))
        .order_by()
        .values("organisation")
        .annotate(number=Count("pk"))
        .values_list("number")
    )
)


def number_unread(actor: Actor) -> int:
    """How many messages of ``messages_for`` nobody has read."""
    found = _UNREAD.first(actor.organisation, actor.person)
    return int(found[0]) if found else 0


def urgent_first(messages: QuerySet[Told], at: datetime) -> QuerySet[Told]:
    """Unread ones whose time still runs come first, the next to end in front; then the newest."""
    running = Q(due_at__gt=at, read_at__isnull=True)
    due_at = Case(When(running, then=F("due_at")), default=None, output_field=DateTimeField())
    return messages.order_by(due_at.asc(nulls_last=True), "-told_at", "-id")


def next_due(lot: Lot, at: datetime) -> datetime | None:
    """The next instant at which something happens to the lot by itself."""
    candidates = [
        each for each in (lot.publish_at, lot.deadline_at, lot.publicity_until_at) if each and each > at
    ]
    return min(candidates) if candidates else None
