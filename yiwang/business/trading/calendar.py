"""What falls on which day in the lots of an actor: openings, ends of periods, answers, contracts, refunds.

Each kind of event is one query bounded by the window, however many lots there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet

from yiwang.business.trading.complaints import complaints_due, open_inquiries_to
from yiwang.business.trading.models import Award, Contract, Lot, Objection, phase_of
from yiwang.business.trading.queries import lots_for, taken_part_in
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import one_of
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import end_of, local_day, shown, start_of
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import KeptQuery

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
_LONGEST = timedelta(days=60)  # no period counted here from its anchor is longer, holidays included


@dataclass(frozen=True, slots=True)
class NamedLot:
    """What a row about a lot shows of it, which has many more columns."""

    pk: int
    code: str
    name: str
    project: str
    tenderee: str
    agency: str


@dataclass(frozen=True, slots=True)
class CountedLot(NamedLot):
    """What a period of the law needs of a lot besides: by which day's law it counts, and whether the lot stands still."""

    stage_since_at: datetime
    law_on: date | None
    suspended_at: datetime | None
    stopped_at: datetime | None
    postponed_at: datetime | None

    @property
    def counts_on(self) -> date:
        """The day whose law counts its periods."""
        return self.law_on or local_day(self.stage_since_at)


@dataclass(frozen=True, slots=True)
class DatedLot(CountedLot):
    """What the terms of a lot say of their own instants."""

    procedure: str
    stage: str
    tender_notice: str
    documents_from_at: datetime | None
    documents_until_on: date | None
    deadline_at: datetime | None
    opening_place: str
    publicity_from_at: datetime | None
    publicity_until_at: datetime | None
    report_received_at: datetime | None

    @property
    def phase(self) -> str:
        return phase_of(self.procedure, self.stage, self.tender_notice)


# The ORM names of what each shape holds, in its order.
_READ = {
    shape: tuple("project__name" if each.name == "project" else each.name for each in fields(shape))
    for shape in (NamedLot, CountedLot, DatedLot)
}


def read_lots[Shape: NamedLot](lots: QuerySet[Lot], shape: type[Shape]) -> list[Shape]:
    """``lots`` with the columns of a shape and no others: a page reads hundreds of them."""
    return [shape(*row) for row in lots.order_by().values_list(*_READ[shape])]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that falls on an instant. ``by_day``: a day's end is meant (24:00 of ``on``).

    ``clock`` explains the count where a period of the law stands behind it; ``place`` is where (openings);
    ``suspended``: the tender stands still, the instant may move. ``of`` is what it is about where a lot may have several
    of its matter at once (objections, complaints, notices): its code.
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
    of: str = ""

    @property
    def key(self) -> str:
        """Names the event among all others, also when its instant moves."""
        return "-".join(each for each in (self.matter, self.lot, self.of) if each)

    @property
    def words(self) -> Words:
        return EVENT_WORDS[self.matter]

    @property
    def on(self) -> date:
        return local_day(self.at - timedelta(seconds=1) if self.by_day else self.at)

    @property
    def time(self) -> str:
        """The wall-clock time on that day: 24:00 where the day's end is meant."""
        return shown(self.at, begins=not self.by_day)[11:]


def _event(
    matter: str,
    lot: CountedLot,
    at: datetime,
    clock: law.Clock | None = None,
    by_day: bool = False,
    place: str = "",
    of: str = "",
) -> Event:
    suspended = lot.suspended_at is not None or lot.postponed_at is not None
    return Event(matter, lot.code, lot.name, lot.project, at, by_day, clock, place, suspended, of)


def events(
    actor: Actor, start_at: datetime, end_at: datetime, lots: QuerySet[Lot] | None = None
) -> list[Event]:
    """The events of the actor's lots with ``start_at`` ≤ instant ≤ ``end_at``, in order.

    For bidders the lots that they take part in; ``lots`` narrows further.
    """
    lots = _lots_of(actor, lots)
    found = [*_terms(lots, start_at, end_at), *_others(actor, lots, start_at, end_at)]
    return _ordered(each for each in found if start_at <= each.at <= end_at)


def events_until(actor: Actor, first: date, lasts: Sequence[date], enough: int) -> tuple[list[Event], date]:
    """The events from ``first`` to that of ``lasts`` (rising) by which there are more than ``enough``, else the last; and that day.

    What the terms of all lots say is much and is read from one day to the next; the rest, and what those of one's own
    lots say, is little and is read once.
    """
    lots = _lots_of(actor)
    found = [*_others(actor, lots, start_of(first), end_of(lasts[-1]))]
    since, much = first, actor.role in (CENTRE, SUPERVISOR)
    for last in lasts:
        reaches = last if much else lasts[-1]
        if since <= reaches:
            said = _terms(lots, start_of(since), end_of(reaches))
            found += [each for each in said if since <= each.on <= reaches]
        within = [each for each in found if first <= each.on <= last]
        if len(within) > enough:
            break
        since = reaches + timedelta(days=1)
    return _ordered(within), last


def _lots_of(actor: Actor, lots: QuerySet[Lot] | None = None) -> QuerySet[Lot]:
    if lots is None:
        lots = lots_for(actor)
        lots = taken_part_in(lots, actor.organisation) if actor.role == BIDDER else lots
    return lots.exclude(stage="terminated")


def _ordered(found: Iterable[Event]) -> list[Event]:
    return sorted(found, key=lambda each: (each.at, each.lot, each.key))


def _others(actor: Actor, lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    """What does not stand in the terms of lots: notices that wait, periods that others set off, complaints."""
    window, due = (start_at, end_at), list[Due]()
    if actor.role in (*HOSTS, SUPERVISOR):
        due += [*_answers(*window), *_publicity(*window), *_refunds(*window)]
    if actor.role != CENTRE:
        due += _after_awards(actor, *window, reports=actor.role != BIDDER)
    yield from (event for _, event in _of_lots(due, lots))
    if actor.role != BIDDER:
        yield from _publications(lots)
    if actor.role != CENTRE:
        yield from _complaints(actor, lots)


def _counted(limit: str, anchor: datetime | None, lot: DatedLot) -> law.Clock | None:
    return None if anchor is None else _clock(limit, local_day(anchor), lot.counts_on)


@lru_cache(maxsize=4096)
def _clock(limit: str, anchor_on: date, on: date) -> law.Clock:
    """A period in days counted from a day: the same for every lot, so it is counted once."""
    return law.clock(limit, anchor_on, on=on)


def _terms(lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> Iterator[Event]:
    """What the terms of the lots say themselves."""
    days = (local_day(start_at) - timedelta(days=1), local_day(end_at))
    window = (start_at, end_at)
    # Whoever's they are: what falls into the window is found by its day, then one's own among it by their keys.
    said = Lot.objects.filter(
        Q(stage__in=("bidding", "applying"), documents_until_on__range=days)
        | Q(deadline_at__range=window)
        | Q(stage__in=RANKED, publicity_until_at__range=window)
    )
    keys = list(said.order_by().values_list("pk", flat=True))
    for lot in read_lots(lots.filter(one_of("pk", keys), law_on__isnull=False), DatedLot):
        yield from _terms_of(lot)


def _terms_of(lot: DatedLot) -> Iterator[Event]:
    if lot.stage in ("bidding", "applying") and lot.documents_until_on is not None:
        clock = _counted("W01", lot.documents_from_at, lot)
        matter = "prequalification-documents-end" if lot.phase else "documents-end"
        yield _event(matter, lot, end_of(lot.documents_until_on), clock, by_day=True)
    # While an invitation is drafted its deadline is nobody's yet, and that of the applications is over.
    if lot.stage != "announcing" and lot.deadline_at is not None:
        if lot.phase:
            ends = end_of(lot.documents_until_on) - timedelta(seconds=1) if lot.documents_until_on else None
            yield _event("applications-end", lot, lot.deadline_at, _counted("W02", ends, lot))
        else:
            clock = _counted("W03", lot.documents_from_at, lot)
            yield _event("opening", lot, lot.deadline_at, clock, place=lot.opening_place)
    if lot.stage in RANKED and lot.publicity_until_at is not None:
        clock = _counted("W21", lot.publicity_from_at, lot)
        yield _event("publicity-end", lot, lot.publicity_until_at, clock, by_day=True)


def falling_due(actor: Actor, lots: QuerySet[Lot], start_at: datetime, end_at: datetime) -> QuerySet[Lot]:
    """Those of ``lots`` in which something falls due between the instants: what :func:`events` has, uncounted.

    Instants that the lots say themselves are asked of the database; only periods of the law are counted.
    """
    window = (start_at, end_at)
    counted = _of_lots([*_answers(*window), *_publicity(*window), *_after_awards(actor, *window)], lots)
    found = {lot.pk for lot, event in counted if start_at <= event.at <= end_at}
    days = (local_day(start_at), local_day(end_at) - timedelta(days=1))
    said = lots.filter(stage__in=_UNDER_WAY).filter(
        Q(stage__in=("bidding", "closed", "applying"), deadline_at__range=window)
        | Q(stage__in=("bidding", "applying"), documents_until_on__range=days)
        | Q(stage="publicity", publicity_until_at__range=window)
        | Q(stage__in=("announcing", "pq-announcing"), publish_at__range=window)
    )
    found.update(said.order_by().values_list("pk", flat=True))
    return lots.filter(one_of("pk", found))


_UNDER_WAY = ("announcing", "pq-announcing", "applying", "bidding", "closed", "publicity")


def overdue(actor: Actor, lots: QuerySet[Lot], now: datetime) -> QuerySet[Lot]:
    """Those of ``lots`` in which somebody had to answer, publicise or sign by a day that has passed."""
    return lots.filter(one_of("pk", {lot.pk for lot, _ in owed(actor, lots, now)}))


def owed(actor: Actor, lots: QuerySet[Lot], now: datetime) -> list[tuple[CountedLot, Event]]:
    """What somebody had to do in one of ``lots`` by a day that has passed; nothing older than 400 days."""
    window = (now - _LONG_AGO, now)
    counted = _of_lots([*_answers(*window), *_publicity(*window), *_after_awards(actor, *window)], lots)
    return [(lot, each) for lot, each in counted if each.matter in OWED and now - _LONG_AGO <= each.at <= now]


# What is overdue once its day has passed: somebody had to act, and the record says that nobody did.
OWED = ("answer-due", "publicity-due", "contract-due", "report-due")
_LONG_AGO = timedelta(days=400)
RANKED = ("publicity", "publicity-ended", "awarded", "contracted", "archived")


def _publications(lots: QuerySet[Lot]) -> Iterator[Event]:
    """Notices that were checked and wait for their instant."""
    waiting = [each for each in notices.awaiting_publication() if each.room == "trading"]
    about = {each.about for each in waiting}
    named = read_lots(lots.filter(code__in=about), CountedLot) if about else []
    of_lots = {each.code: each for each in named}
    for notice in waiting:
        if notice.publish_at is not None and notice.about in of_lots:
            yield _event("publication", of_lots[notice.about], notice.publish_at, of=notice.code)


@dataclass(frozen=True, slots=True)
class Due:
    """A period of the law that runs in a lot: the day from which it counts, and what is due at its end."""

    matter: str
    limit: str
    lot: int
    anchor_on: date
    of: str = ""


def _of_lots(due: Sequence[Due], lots: QuerySet[Lot]) -> Iterator[tuple[CountedLot, Event]]:
    """``due`` in ``lots``, counted: what falls due is little, so it is asked for first, and then its lots, once."""
    keys = {each.lot for each in due}
    read = read_lots(lots.filter(one_of("pk", keys)), CountedLot) if keys else []
    by_key = {each.pk: each for each in read}
    for each in due:
        if (lot := by_key.get(each.lot)) is not None:
            clock = _clock(each.limit, each.anchor_on, lot.counts_on)
            yield lot, _event(each.matter, lot, clock.result_at, clock, by_day=True, of=each.of)


def _answers(start_at: datetime, end_at: datetime) -> Iterator[Due]:
    for lot, raised_at, code in _ASKED.rows(start_at - _LONGEST, end_at):
        yield Due("answer-due", "W08", lot, local_day(raised_at), code)


_ASKED = KeptQuery(
    lambda first, last: (
        Objection.objects.filter(
            lot__suspended_at__isnull=False, answered_at=None, raised_at__gte=first, raised_at__lte=last
        )
        .exclude(matter=Objection.OPENING)
        .order_by()
        .values_list("lot_id", "raised_at", "code")
    )
)


def _publicity(start_at: datetime, end_at: datetime) -> Iterator[Due]:
    """Publicity that has to begin."""
    for lot, received_at in _REPORTED.rows(start_at - _LONGEST, end_at):
        yield Due("publicity-due", "W21-start", lot, local_day(received_at))


_REPORTED = KeptQuery(
    lambda first, last: (
        Lot.objects.filter(stage="reported", report_received_at__gte=first, report_received_at__lte=last)
        .order_by()
        .values_list("pk", "report_received_at")
    )
)


def _after_awards(actor: Actor, start_at: datetime, end_at: datetime, reports: bool = True) -> Iterator[Due]:
    """The written reports and the contracts that follow awards; bidders see the contracts of their own."""
    # Few lots are awarded and not archived yet, so they are asked for first.
    stages = dict(_AWARDED.rows())
    rows = Award.objects.filter(
        one_of("lot", stages), sent_at__range=(start_at - _LONGEST, end_at), withdrawn_at=None
    )
    asked = list(rows.order_by().values_list("lot_id", "sent_at", "reported_at", "bid__bidder"))
    for lot, sent_at, reported_at, _ in asked:
        if reports and reported_at is None:
            yield Due("report-due", "W24", lot, local_day(sent_at))
    for lot, sent_at, _, bidder in asked:
        if stages[lot] == "awarded" and (actor.role != BIDDER or bidder == actor.organisation):
            yield Due("contract-due", "W23", lot, local_day(sent_at))


_AWARDED = KeptQuery(
    lambda: Lot.objects.filter(stage__in=("awarded", "contracted")).order_by().values_list("pk", "stage")
)


def _refunds(start_at: datetime, end_at: datetime) -> Iterator[Due]:
    days = (local_day(start_at - _LONGEST), local_day(end_at))
    rows = Contract.objects.filter(lot__stage="contracted", signed_on__range=days)
    for lot, signed_on in rows.order_by().values_list("lot_id", "signed_on"):
        yield Due("refund-due", "W25", lot, signed_on)


def _complaints(actor: Actor, lots: QuerySet[Lot]) -> Iterator[Event]:
    """What the body has to do about the complaints made to it, and who is asked about one: few, so they are all read."""
    due = [(complaint, clock) for complaint, _, clock in complaints_due(actor) if clock is not None]
    asked = list(open_inquiries_to(actor).exclude(until_on=None))
    about = {each.lot_id for each, _ in due} | {each.complaint.lot_id for each in asked}
    read = read_lots(lots.filter(pk__in=about), CountedLot) if about else []
    by_key = {each.pk: each for each in read}
    for complaint, clock in due:
        if complaint.lot_id in by_key:
            matter = "complaint-accept-due" if complaint.stage == "received" else "complaint-decide-due"
            lot = by_key[complaint.lot_id]
            yield _event(matter, lot, clock.result_at, clock, by_day=True, of=complaint.code)
    for each in asked:
        if each.complaint.lot_id in by_key and each.until_on is not None:
            lot = by_key[each.complaint.lot_id]
            ends_at = end_of(each.until_on)
            yield _event("complaint-answer-due", lot, ends_at, by_day=True, of=each.complaint.code)
