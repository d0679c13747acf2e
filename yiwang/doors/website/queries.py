"""Reads for lists, the home page and search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet

from yiwang.doors.website.index import found_in, marks_of
from yiwang.doors.website.models import LOT, NOTICE, SUPPLIER, FurtherLot, SearchEntry, place_of
from yiwang.pure.kernel.bigrams import phrases
from yiwang.pure.kernel.days import end_of, start_of

MOST = 2**63 - 1
PAGE_SIZE = 20
COUNT_CAP = 1000
LAST_PAGE = COUNT_CAP // PAGE_SIZE
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(9999, 12, 1)
SORTS = {
    "newest": ("-id",),
    "oldest": ("id",),
    "deadline": ("deadline_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as asked: "" and None stand for "any"; days are of Asia/Shanghai, both ends included."""

    query: str = ""
    kind: str = ""
    form: str = ""
    region: str = ""
    stage: str = ""
    first_on: date | None = None
    last_on: date | None = None
    sort: str = "newest"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results; ``count`` stops at COUNT_CAP, ``capped`` says so."""

    entries: tuple[SearchEntry, ...]
    count: int
    capped: bool
    page: int
    pages: int


def _in_reach(day: date) -> date:
    """A day that has a day before and after it in every zone; nothing was published beyond."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def _number(at: datetime) -> int:
    """The place of an instant among the numbers that a database has."""
    return min(max(place_of(at), -MOST), MOST)


def matching(wanted: Wanted) -> QuerySet[SearchEntry]:
    """The entries that fit all that is asked, in the order asked for.

    A query without any letter or digit (``"`` alone) asks for nothing that could be found: none fit.
    """
    rows = SearchEntry.objects.all()
    kind = wanted.kind or (NOTICE if wanted.form else "")  # only notices have a form
    for name, value in (
        ("kind", kind), ("form", wanted.form), ("region", wanted.region), ("stage", wanted.stage)
    ):  # fmt: skip
        if value:
            rows = rows.filter(**{name: value})
    if kind == SUPPLIER:
        rows = rows.filter(
            form=""
        )  # as all of them: few among the notices and lots, they are found by their index
    if wanted.first_on:  # numbers follow the instants, and lists go by number
        since = start_of(_in_reach(wanted.first_on))
        rows = rows.filter(shown_at__gte=since, id__gte=_number(since))
    if wanted.last_on:
        until = end_of(_in_reach(wanted.last_on))
        rows = rows.filter(shown_at__lt=until, id__lt=_number(until))
    if wanted.sort == "deadline":
        rows = rows.filter(deadline_at__isnull=False)
    asked = phrases(wanted.query)
    if wanted.query.strip() and not asked:
        return rows.none()
    return found_in(rows, asked, SORTS[wanted.sort], marks_of(kind, wanted.form, wanted.region))


def listed(wanted: Wanted, limit: int, **where: object) -> list[SearchEntry]:
    """The first ``limit`` entries that fit, in the order asked for, without their texts; ``where`` narrows further.

    A notice for several lots is listed by the stage of any of them.
    """
    rows = list(matching(wanted).filter(**where).defer("text")[:limit])
    others = _by_further_lots(wanted)
    if others is None:
        return rows
    return _in_order([*rows, *others.filter(**where).defer("text")[:limit]], wanted)[:limit]


def _by_further_lots(wanted: Wanted) -> QuerySet[SearchEntry] | None:
    """Shared notices whose first lot is in another stage than the one asked for, but a further one is in it.

    They are few beside those that an index of stages gives in order: so both are read, each in its order, and put
    together, instead of asking for either in one query that no index could answer. None where none can be.
    """
    if not wanted.stage or wanted.kind not in ("", NOTICE) or wanted.sort == "deadline":
        return None
    found = FurtherLot.objects.filter(stage=wanted.stage)
    if not found.exists():
        return None
    return (
        matching(replace(wanted, stage="")).filter(id__in=found.values("entry")).exclude(stage=wanted.stage)
    )


def _in_order(entries: list[SearchEntry], wanted: Wanted) -> list[SearchEntry]:
    return sorted(entries, key=lambda each: each.pk, reverse=wanted.sort != "oldest")


def search(wanted: Wanted) -> Found:
    """One page of what fits. Counting stops at COUNT_CAP, so no query costs more than that."""
    rows, others = matching(wanted), _by_further_lots(wanted)
    further = [] if others is None else list(others.defer("text")[: COUNT_CAP + 1])
    keys = list(rows.values_list("pk", flat=True)[: COUNT_CAP + 1])  # found once: counted, and cut into pages
    count = len(keys) + len(further)
    capped = count > COUNT_CAP
    count = min(count, COUNT_CAP)
    pages = max(1, -(-count // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    first = (page - 1) * PAGE_SIZE
    here = keys[first : first + PAGE_SIZE]
    entries = _page(keys, further, wanted, first) if further else _entries(here)
    return Found(tuple(entries), count, capped, page, pages)


def _entries(keys: list[int]) -> list[SearchEntry]:
    """The entries with these keys, in their order, without their texts."""
    found = SearchEntry.objects.defer("text").in_bulk(keys)
    return [found[each] for each in keys if each in found]


def _page(keys: list[int], further: list[SearchEntry], wanted: Wanted, first: int) -> list[SearchEntry]:
    """One page, from ``first``, of the entries of ``keys`` and ``further`` together, both in the order asked for.

    In front of it stand at most all of the further ones: so many rows more are read, and those further ones that come
    before the first row that was read are left out.
    """
    skipped = max(0, first - len(further))
    read = _entries(keys[skipped : first + PAGE_SIZE])
    before = sum(_in_order([each, read[0]], wanted)[0] is each for each in further) if skipped else 0
    start = first - skipped - before
    return _in_order([*read, *further[before:]], wanted)[start : start + PAGE_SIZE]


def latest_notices(limit: int, form: str = "") -> list[SearchEntry]:
    """The newest notices (of one form), newest first."""
    rows = SearchEntry.objects.filter(kind=NOTICE).defer("text")
    if form:
        rows = rows.filter(form=form)
    return list(rows.order_by("-id")[:limit])


def latest_lots(limit: int) -> list[SearchEntry]:
    """The lots of the newest projects, newest first."""
    return list(SearchEntry.objects.filter(kind=LOT).defer("text").order_by("-id")[:limit])


def openings(first_on: date, last_on: date, limit: int) -> list[SearchEntry]:
    """Lots whose bids are opened within these days of Asia/Shanghai (both included), soonest first."""
    rows = SearchEntry.objects.filter(
        kind=LOT, deadline_at__gte=start_of(first_on), deadline_at__lt=end_of(last_on)
    ).exclude(stage="applying")  # applications are not opened in public
    return list(rows.defer("text").order_by("deadline_at", "id")[:limit])


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands on the home page: published notices, projects, lots that take bids at an instant."""

    notices: int
    projects: int
    open_lots: int


def figures(at: datetime) -> Figures:
    """Counted from the entries that search looks through, so that each figure can be listed."""
    lots = SearchEntry.objects.filter(kind=LOT)
    return Figures(
        notices=SearchEntry.objects.filter(kind=NOTICE).count(),
        projects=lots.order_by().values("project").distinct().count(),
        open_lots=lots.filter(stage="bidding", deadline_at__gt=at).count(),
    )


def findable(notice: str) -> bool:
    """Whether a search for the code of a notice finds it."""
    return matching(Wanted(query=notice, kind=NOTICE)).filter(code=notice).exists()


def replace_kind(wanted: Wanted, kind: str) -> Wanted:
    """The same search among entries of one kind; forms belong to notices only."""
    return replace(wanted, kind=kind, form="" if kind == LOT else wanted.form)
