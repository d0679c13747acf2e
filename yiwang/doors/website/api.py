"""What the site's root needs of the public site: its reader, its duties, and the care of its pages."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.doors.website.following import confirmed_follower
from yiwang.doors.website.post import post_letters
from yiwang.doors.website.queries import Wanted, findable
from yiwang.doors.website.readers import READER
from yiwang.doors.website.services import (
    DAY_DUTY,
    REFRESH_DUTY,
    WRITE_DUTY,
    freshen,
    new_day_due,
    refresh_due,
    standings_due,
    write_after,
    write_before,
    write_everything,
)
from yiwang.doors.website.standings import STANDINGS_DUTY
from yiwang.record.journal.api import Duty, LongDuty

DUTIES: Mapping[str, Duty] = {
    REFRESH_DUTY: refresh_due,
    WRITE_DUTY: LongDuty(write_before, write_after),
    DAY_DUTY: new_day_due,
    STANDINGS_DUTY: standings_due,
}

__all__ = [
    "READER",
    "DUTIES",
    "findable",
    "freshen",
    "write_everything",
    "confirmed_follower",
    "post_letters",
    "Wanted",
]
