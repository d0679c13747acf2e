"""Whether published notices still count, as the lists of the site say it: kept with each entry, and caught up once.

Entries written before ``standing`` was kept have none: a duty goes through all of them, some at a time. Each run notes
where the next begins, so that a worker that is stopped goes on there, and everything lawful comes between two runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from yiwang.business.trading import api as trading
from yiwang.doors.website import places
from yiwang.doors.website.models import NOTICE, SearchEntry
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import Due, schedule

STANDINGS_DUTY = "website-standings"
ENTRIES_A_RUN = 500
PAGES = Ref("website", "site", "pages")
# Raised where what became of notices is to be found out anew for all of them.
GOING_THROUGH = 1


def note_standings(codes: Iterable[str], at: datetime) -> list[str]:
    """Brings up to date whether published notices still count; gives the pages that say it."""
    told = trading.standings(codes)
    rows = SearchEntry.objects.filter(kind=NOTICE, code__in=list(told)).defer("text").order_by("id")
    pages: list[str] = []
    for entry in rows:
        if entry.standing == told[entry.code]:
            continue
        SearchEntry.objects.filter(pk=entry.pk).update(standing=told[entry.code], changed_at=at)
        pages += [places.notice_page(entry.code), places.HOME, places.NOTICES, places.form_page(entry.form)]
        pages += [places.FEED, places.form_feed(entry.form), places.sitemap_of(entry.shown_at)]
    return pages


def plan_standings(at: datetime, after: int = -1) -> None:
    """Puts the next run on the agenda, behind the entry ``after``; one that was done is not done again. Inside an act."""
    schedule(
        f"{STANDINGS_DUTY}:{GOING_THROUGH}:{after}",
        duty=STANDINGS_DUTY,
        about=PAGES,
        due_at=at,
        payload={"after": str(after)},  # wider than an integer of JSON
    )


def next_standings(due: Due, at: datetime) -> list[str]:
    """One run: the next entries of notices in their order; gives the pages that no longer say what is. Inside an act."""
    later = SearchEntry.objects.filter(kind=NOTICE, id__gt=int(due.payload["after"])).order_by("id")
    found = list(later.values_list("id", "code")[:ENTRIES_A_RUN])
    if len(found) == ENTRIES_A_RUN:
        plan_standings(at, found[-1][0])
    return note_standings([code for _, code in found], at)
