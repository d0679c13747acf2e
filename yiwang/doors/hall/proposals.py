"""What the forms propose: the shortest lawful timetable from an instant, counted by the law's clocks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.business.trading.api import earliest_deadline_on
from yiwang.law import api as law
from yiwang.pure.kernel.days import local, local_day, on_day_at

OFFICE_HOUR = 9
FRESH_DAYS = 3
OPENING_HOUR, OPENING_MINUTE = 9, 30


def working_day_from(day: date) -> date:
    """``day`` or the next working day; ``day`` itself where the calendar of the year is not published."""
    while law.is_published(day.year) and not law.is_working_day(day):
        day += timedelta(days=1)
    return day


def next_office_hour(at: datetime) -> datetime:
    """09:00 of the next working day after ``at``."""
    return on_day_at(working_day_from(local_day(at) + timedelta(days=1)), OFFICE_HOUR)


def next_half_hour(at: datetime) -> datetime:
    """The first half or full hour that lies at least half an hour after ``at``."""
    start = local(at + timedelta(minutes=30)).replace(second=0, microsecond=0)
    return start + timedelta(minutes=-start.minute % 30)


@dataclass(frozen=True, slots=True)
class Timetable:
    """A timetable of a tender with the clocks that it keeps."""

    publish_at: datetime
    documents_from_at: datetime
    documents_until_on: date
    deadline_at: datetime
    clocks: tuple[law.Clock, ...]

    def initial(self) -> dict[str, object]:
        """The fields of the form."""
        return {
            "publish_at": self.publish_at,
            "documents_from_at": self.documents_from_at,
            "documents_until_on": self.documents_until_on,
            "deadline_at": self.deadline_at,
        }


def timetable_from(publish_at: datetime) -> Timetable:
    """The shortest timetable from the publication: W01 by the strict count, W03; the opening on a working day."""
    on = local_day(publish_at)
    sale, bids = law.clock("W01", publish_at, on=on), law.clock("W03", publish_at, on=on)
    opening_on = working_day_from(bids.result_on)
    return Timetable(
        publish_at=publish_at,
        documents_from_at=publish_at,
        documents_until_on=max(sale.result_on, sale.strict_on),
        deadline_at=on_day_at(opening_on, OPENING_HOUR, OPENING_MINUTE),
        clocks=(sale, bids),
    )


def prequalification_from(publish_at: datetime) -> Timetable:
    """The shortest prequalification from the publication: W01 by the strict count, then W02; due on a working day."""
    on = local_day(publish_at)
    sale = law.clock("W01", publish_at, on=on)
    until_on = max(sale.result_on, sale.strict_on)
    applications = law.clock("W02", until_on, on=on)
    return Timetable(
        publish_at=publish_at,
        documents_from_at=publish_at,
        documents_until_on=until_on,
        deadline_at=on_day_at(working_day_from(applications.result_on), OPENING_HOUR, OPENING_MINUTE),
        clocks=(sale, applications),
    )


def deadline_after(
    publish_at: datetime, deadline_at: datetime, on: date, limit: str = "W04"
) -> datetime | None:
    """The deadline that an amendment at ``publish_at`` needs (W04, W05), None where the present one leaves enough days.

    The earliest lawful working day, at the hour of the present deadline.
    """
    earliest_on = earliest_deadline_on(publish_at, on, limit)
    if local_day(deadline_at) >= earliest_on:
        return None
    present = local(deadline_at)
    return on_day_at(working_day_from(earliest_on), present.hour, present.minute)


def deadline_anew(publish_at: datetime, deadline_at: datetime) -> datetime:
    """A new deadline where the old one passed in a suspension and the documents stay as they are.

    No article says how far ahead it lies: the house proposes the first working day after ``FRESH_DAYS``.
    """
    present = local(deadline_at)
    day = working_day_from(local_day(publish_at) + timedelta(days=FRESH_DAYS))
    return on_day_at(day, present.hour, present.minute)


@dataclass(frozen=True, slots=True)
class PublicityProposal:
    """When the publicity may start and end, with the clocks that it keeps."""

    publish_at: datetime
    until_on: date
    clocks: tuple[law.Clock, ...]


def publicity_from(publish_at: datetime, report_received_at: datetime, on: date) -> PublicityProposal:
    """The shortest publicity from ``publish_at`` (W21); W21-start says how late it may begin."""
    start = law.clock("W21-start", report_received_at, on=on)
    length = law.clock("W21", publish_at, on=on)
    return PublicityProposal(publish_at, length.result_on, (start, length))


def publicity_start(at: datetime, report_received_at: datetime, on: date) -> datetime:
    """The next office hour, or half an hour from now where that would be too late (W21-start)."""
    latest_at = law.clock("W21-start", report_received_at, on=on).result_at
    proposed = next_office_hour(at)
    return proposed if proposed < latest_at else next_half_hour(at)
