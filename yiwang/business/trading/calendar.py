"""What falls on which day in the lots of an actor: openings, ends of periods, answers, contracts, refunds.

Each kind of event is one query bounded by the window, however many lots there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet

from yiwang.business.trading.complaints import complaints_due, open_inquiries_to
from yiwang.business.trading.models import Award, Contract, Lot, Objection
from yiwang.business.trading.queries import lots_for, taken_part_in
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import end_of, local_day
from yiwang.pure.kernel.words import Words

EVENT_WORDS = {
    "publication": Words("公告发布", "A notice appears"),
    "documents-end": Words("招标文件获取截止", "Last day to take the documents"),
    "prequalification-documents-end": Words(
        "资格预审文件获取截止", "Last day to take the prequalification documents"
    ),
    "applications-end": Words("资格预审申请截止", "Deadline for applications to prequalify"),
    "opening": Words("投标截止、开标", "Deadline for bids, opening"),
    "answer-due": Words("答复异议期限", "Answer to an objection due"),
    "publicity-due": Words("开始公示期限", "Publicity has to begin"),
    "publicity-end": Words("公示期满", "Publicity ends"),
    "contract-due": Words("订立合同期限", "Contract due"),
    "report-due": Words("书面报告期限", "Written report due"),
    "complaint-accept-due": Words("决定是否受理投诉期限", "A complaint to be accepted or not"),
    "complaint-decide-due": Words("投诉处理决定期限", "Decision on a complaint due"),
    "complaint-answer-due": Words("向行政监督部门说明期限", "Answer to the supervisor due"),
    "refund-due": Words("退还投标保证金期限", "Refund of deposits due"),
}
HOSTS = (TENDEREE, AGENCY)
# What an event needs of a lot, which has many more columns.
_READ = (
    "code", "name", "stage", "stage_since_at", "procedure", "tender_notice", "law_on", "suspended_at", "postponed_at", "documents_from_at",
    "documents_until_on", "deadline_at", "opening_place", "publicity_from_at", "publicity_until_at", "report_received_at",
    "project__name",
)  # fmt: skip
_LONGEST = timedelta(days=60)  # no period counted here from its anchor is longer, holidays included


@dataclass(frozen=True, slots=True)
class Event:
    """Something that falls on an instant. ``by_day``: a day's end is meant (24:00 of ``on``).

    ``clock`` explains the count where a period of the law stands behind it; ``place`` is where (openings);
    ``suspended``: the tender stands still, the instant may move.
    """

    matter: str
    lot: str
    lot_name: str
    project: str
    at: datetime
    by_day: bool
    clock: law.Clock | None = None
    place: str = ""
    suspended: bool = False

    @property
    def words(self) -> Words:
        return EVENT_WORDS[self.matter]

    @property
    def on(self) -> date:
        return local_day(self.at - timedelta(seconds=1) if self.by_day else self.at)


def _event(
    matter: str, lot: Lot, at: datetime, clock: law.Clock | None = None, by_day: bool = False, place: str = ""
) -> Event:
    suspended = lot.suspended_at is not None or lot.postponed_at is not None
    return Event(matter, lot.code, lot.name, lot.project.name, at, by_day, clock, place, suspended)


def events(
    actor: Actor, start_at: datetime, end_at: datetime, lots: QuerySet[Lot] | None = None
) -> list[Event]:
    """The events of the actor's lots with ``start_at`` ≤ instant ≤ ``end_at``, in order.

    For bidders the lots that they take part in; ``lots`` narrows further.
    """
    if lots is None:
        lots = lots_for(actor)
        lots = taken_part_in(lots, actor.organisation) if actor.role == BIDDER else lots
    lots = lots.exclude(stage="terminated").order_by().only(*_READ)
    found = [*_terms(lots, start_at, end_at)]
    if actor.role != BIDDER:
        found += _publications(lots, start_at, end_at)
    if actor.role in (*HOSTS, SUPERVISOR):
        found += _answers(lots, start_at, end_at)
        found += _reports(lots, start_at, end_at)
        found += _refunds(lots, start_at, end_at)
    if actor.role != CENTRE:
        found += _contracts(actor, lots, start_at, end_at)
        found += _complaints(actor, lots)
    return sorted(
        (each for each in found if start_at <= each.at <= end_at), key=lambda each: (each.at, each.lot)
    )


def _counted(limit: str, anchor: datetime | None, lot: Lot) -> law.Clock | None:
    return None if anchor is None else _clock(limit, local_day(anchor), _law_on(lot))


@lru_cache(maxsize=4096)
def _clock(limit: str, anchor_on: date, on: date) -> law.Clock:
    """A period in days counted from a day: the same for every lot, so it is counted once."""
    return law.clock(limit, anchor_on, on=on)


def _terms(lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    """What the terms of the lots say themselves."""
    announced = lots.filter(law_on__isnull=False)
    days = (local_day(start_at) - timedelta(days=1), local_day(end_at))
    for lot in announced.filter(stage__in=("bidding", "applying"), documents_until_on__range=days):
        if lot.documents_until_on is not None:
            clock = _counted("W01", lot.documents_from_at, lot)
            matter = "prequalification-documents-end" if lot.phase else "documents-end"
            yield _event(matter, lot, end_of(lot.documents_until_on), clock, by_day=True)
    # While an invitation is drafted its deadline is nobody's yet, and that of the applications is over.
    for lot in announced.filter(deadline_at__range=(start_at, end_at)).exclude(stage="announcing"):
        if lot.deadline_at is not None and lot.phase:
            ends = end_of(lot.documents_until_on) - timedelta(seconds=1) if lot.documents_until_on else None
            yield _event("applications-end", lot, lot.deadline_at, _counted("W02", ends, lot))
        elif lot.deadline_at is not None:
            clock = _counted("W03", lot.documents_from_at, lot)
            yield _event("opening", lot, lot.deadline_at, clock, place=lot.opening_place)
    for lot in announced.filter(stage__in=RANKED, publicity_until_at__range=(start_at, end_at)):
        if lot.publicity_until_at is not None:
            clock = _counted("W21", lot.publicity_from_at, lot)
            yield _event("publicity-end", lot, lot.publicity_until_at, clock, by_day=True)


def falling_due(actor: Actor, lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> QuerySet[Lot]:
    """Those of ``lots`` in which something falls due between the instants: what :func:`events` has, uncounted.

    Instants that the lots say themselves are asked of the database; only periods of the law are counted.
    """
    window = (start_at, end_at)
    read = lots.only(*_READ)
    counted = [*_answers(read, *window), *_reports(read, *window), *_contracts(actor, read, *window)]
    codes = {each.lot for each in counted if start_at <= each.at <= end_at}
    days = (local_day(start_at), local_day(end_at) - timedelta(days=1))
    said = lots.filter(stage__in=_UNDER_WAY).filter(
        Q(stage__in=("bidding", "closed", "applying"), deadline_at__range=window)
        | Q(stage__in=("bidding", "applying"), documents_until_on__range=days)
        | Q(stage="publicity", publicity_until_at__range=window)
        | Q(stage__in=("announcing", "pq-announcing"), publish_at__range=window)
    )
    found = {*said.order_by().values_list("pk", flat=True), *_keys(codes)}
    return lots.filter(pk__in=found)


_UNDER_WAY = ("announcing", "pq-announcing", "applying", "bidding", "closed", "publicity")


def _keys(codes: Collection[str]) -> Iterable[int]:
    """The keys of the lots with these codes: few lots are under way, and a key is found at once among very many."""
    return Lot.objects.filter(code__in=codes).order_by().values_list("pk", flat=True) if codes else ()


def overdue(actor: Actor, lots: QuerySet[Lot], now: datetime) -> QuerySet[Lot]:
    """Those of ``lots`` in which somebody had to answer, publicise or sign by a day that has passed."""
    return lots.filter(pk__in=list(_keys({each.lot for each in owed(actor, lots, now)})))


def owed(actor: Actor, lots: QuerySet[Lot], now: datetime) -> list[Event]:
    """What somebody had to do in one of ``lots`` by a day that has passed; nothing older than 400 days."""
    window, lots = (now - _LONG_AGO, now), lots.only(*_READ)
    counted = [*_answers(lots, *window), *_reports(lots, *window), *_contracts(actor, lots, *window)]
    return [each for each in counted if each.matter in OWED and now - _LONG_AGO <= each.at <= now]


# What is overdue once its day has passed: somebody had to act, and the record says that nobody did.
OWED = ("answer-due", "publicity-due", "contract-due", "report-due")
_LONG_AGO = timedelta(days=400)
RANKED = ("publicity", "publicity-ended", "awarded", "contracted", "archived")


def _law_on(lot: Lot) -> date:
    return lot.law_on or local_day(lot.stage_since_at)


def _publications(lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    """Notices that were checked and wait for their instant."""
    waiting = [each for each in notices.awaiting_publication() if each.room == "trading"]
    of_lots = {each.code: each for each in lots.filter(code__in={each.about for each in waiting})}
    for notice in waiting:
        if notice.publish_at is not None and notice.about in of_lots:
            yield _event("publication", of_lots[notice.about], notice.publish_at)


def _with_lots[Row: (Objection, Award, Contract)](
    rows: QuerySet[Row], lots: QuerySet[Lot]
) -> Iterator[tuple[Row, Lot]]:
    """``rows`` that belong to one of ``lots``, with it: what falls due is little, so it is asked for first."""
    found = list(rows)
    if not found:
        return
    known = {each.pk: each for each in lots.filter(pk__in={each.lot_id for each in found})}
    yield from ((each, known[each.lot_id]) for each in found if each.lot_id in known)


def _answers(lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    rows = Objection.objects.filter(
        lot__suspended_at__isnull=False, answered_at=None, raised_at__range=(start_at - _LONGEST, end_at)
    )
    for row, lot in _with_lots(rows.exclude(matter=Objection.OPENING), lots):
        clock = _clock("W08", local_day(row.raised_at), _law_on(lot))
        yield _event("answer-due", lot, clock.result_at, clock, by_day=True)


def _reports(lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    """Publicity that has to begin, and the written report that follows the award."""
    since = (start_at - _LONGEST, end_at)
    for lot in lots.filter(stage="reported", report_received_at__range=since):
        clock = _counted("W21-start", lot.report_received_at, lot)
        if clock is not None:
            yield _event("publicity-due", lot, clock.result_at, clock, by_day=True)
    rows = Award.objects.filter(
        lot__stage__in=("awarded", "contracted"), sent_at__range=since, withdrawn_at=None, reported_at=None
    )
    for row, lot in _with_lots(rows, lots):
        clock = _clock("W24", local_day(row.sent_at), _law_on(lot))
        yield _event("report-due", lot, clock.result_at, clock, by_day=True)


def _contracts(actor: Actor, lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    # Few lots are awarded and have no contract yet, so they are asked for first.
    waiting = list(Lot.objects.filter(stage="awarded").order_by().values_list("pk", flat=True))
    rows = Award.objects.filter(
        lot__in=waiting, sent_at__range=(start_at - _LONGEST, end_at), withdrawn_at=None
    )
    if actor.role == BIDDER:
        rows = rows.filter(bid__bidder=actor.organisation)
    for row, lot in _with_lots(rows, lots):
        clock = _clock("W23", local_day(row.sent_at), _law_on(lot))
        yield _event("contract-due", lot, clock.result_at, clock, by_day=True)


def _refunds(lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    days = (local_day(start_at - _LONGEST), local_day(end_at))
    rows = Contract.objects.filter(lot__stage="contracted", signed_on__range=days)
    for row, lot in _with_lots(rows, lots):
        clock = _clock("W25", row.signed_on, _law_on(lot))
        yield _event("refund-due", lot, clock.result_at, clock, by_day=True)


def _complaints(actor: Actor, lots: QuerySet[Lot]) -> Iterator[Event]:
    """What the body has to do about the complaints made to it, and who is asked about one: few, so they are all read."""
    for complaint, lot, clock in complaints_due(actor, lots):
        if clock is not None:
            matter = "complaint-accept-due" if complaint.stage == "received" else "complaint-decide-due"
            yield _event(matter, lot, clock.result_at, clock, by_day=True)
    asked = list(open_inquiries_to(actor).exclude(until_on=None))
    known = lots.in_bulk({each.complaint.lot_id for each in asked}) if asked else {}
    for each in asked:
        if each.complaint.lot_id in known and each.until_on is not None:
            yield _event("complaint-answer-due", each.complaint.lot, end_of(each.until_on), by_day=True)
