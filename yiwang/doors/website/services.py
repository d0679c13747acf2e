"""What the site writes: search entries, and the pages that no longer show what the records say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.common.notices import api as notices
from yiwang.doors.website import index, months, places, sitemaps, suppliers
from yiwang.doors.website.dates import KINDS, Dated, dated_matters
from yiwang.doors.website.folder import GENERATION_FILE, is_whole, raise_generation, write_page
from yiwang.doors.website.following import forget_unconfirmed, write_letters
from yiwang.doors.website.models import (
    LOT,
    NOTICE,
    PLACES_AN_INSTANT,
    SUPPLIER,
    DatedMatter,
    FurtherLot,
    Page,
    SearchEntry,
    place_of,
)
from yiwang.doors.website.rendering import UnknownPage, matter_of, render
from yiwang.doors.website.standings import PAGES, next_standings, note_standings, plan_standings
from yiwang.doors.website.words import site_name
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, start_of
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import Due, act, schedule, timeline

WRITE_DUTY, REFRESH_DUTY, DAY_DUTY = "website-write-page", "website-refresh", "website-new-day"
WORKS = "works"  # the family of all that trading runs by now
REFRESHING = "refresh:"  # before the code of a project: no page, but what must be done before its pages
MADE_BY_FILE = ".made-by"
ROOM = Path(__file__).parent


def put_entry(kind: str, code: str, **values: object) -> SearchEntry:
    """Adds or renews a search entry and its index; the same facts again change nothing."""
    row = SearchEntry.objects.filter(kind=kind, code=code).first()
    old = (_marks_of(row), row.text) if row else None
    shown_at = values["shown_at"]
    assert isinstance(shown_at, datetime)
    if row is not None and row.shown_at != shown_at:
        raise ValueError(f"{kind} {code}: what became public once does not become public again")
    row = row or SearchEntry(id=_free_place(shown_at), kind=kind, code=code)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    marks = _marks_of(row)
    if old != (marks, row.text):
        index.put(row.pk, marks, row.text, old)
    return row


def _marks_of(row: SearchEntry) -> tuple[str, ...]:
    return index.marks_of(row.kind, row.form, row.region)


def _free_place(shown_at: datetime) -> int:
    """The number of one more entry that is shown at an instant. One reader writes entries: nobody takes it meanwhile."""
    first = place_of(shown_at)
    taken = SearchEntry.objects.filter(id__gte=first, id__lt=first + PLACES_AN_INSTANT).aggregate(
        last=Max("id")
    )
    return first if taken["last"] is None else int(taken["last"]) + 1


def note_notice(code: str, at: datetime) -> None:
    """Makes a published notice findable and marks every page that shows it."""
    notice = notices.notice(code)
    project, (lot, *others) = matter_of(notice)  # one entry also where it is about several
    entry = put_entry(
        NOTICE,
        code,
        form=notice.form,
        category=notice.category,
        region=notice.region,
        stage=lot.stage,
        project=project.code,
        lot=lot.code,
        title=notice.title,
        tenderee=project.tenderee,
        shown_at=notice.published_at,
        deadline_at=None,
        text="\n".join([notices.plain_text(notice), code, project.code, project.tenderee, project.agency]),
    )
    for other in others:
        FurtherLot.objects.update_or_create(entry=entry, lot=other.code, defaults={"stage": other.stage})
    write_letters(entry)
    pages = [
        places.notice_page(code),
        places.body_file(code),
        places.paper_file(code),
        places.NOTICES,
        places.form_page(notice.form),
    ]
    pages += [places.FEED, places.form_feed(notice.form), places.SITEMAP, places.sitemap_of(entry.shown_at)]
    if notice.corrects:
        pages += note_standings([notice.corrects], at)
    mark_stale(pages, at)


def note_project(code: str, at: datetime) -> None:
    """Renews the entries and dates of a project's lots and marks the pages that show the project."""
    project = trading.project_page(code)
    pages = [places.HOME, places.PROJECTS, places.project_page(code), places.SITEMAP]
    for lot in project.lots:
        entry = put_entry(
            LOT,
            lot.code,
            form="",
            category=WORKS,
            region=project.region,
            stage=lot.stage,
            project=project.code,
            lot=lot.code,
            title=f"{project.name}（{lot.name}）",
            tenderee=project.tenderee,
            shown_at=project.registered_at,
            deadline_at=_deadline_of(lot),
            changed_at=_changed_at(lot),
            text=_text_of(project, lot),
        )
        SearchEntry.objects.filter(kind=NOTICE, lot=lot.code).update(stage=lot.stage)
        FurtherLot.objects.filter(lot=lot.code).update(stage=lot.stage)
        pages += [places.sitemap_of(entry.shown_at), *put_dates(entry, lot, at)]
        if lot.winner or lot.passings:
            pages += [places.supplier_page(each.bidder) for each in lot.records]
            suppliers.count_awards(each.bidder for each in lot.records)
    pages += note_standings({code for lot in project.lots for code in lot.notices}, at)
    mark_stale(pages, at)


def note_supplier(code: str, at: datetime) -> None:
    """Makes an organisation that bids findable, or renews what is found, and marks its page."""
    text = suppliers.text_of(code)
    if text is None:
        return
    party = identity.organisation(code)
    entry = put_entry(
        SUPPLIER,
        code,
        form="",
        category="",
        region=party.region,
        stage="",
        project="",
        lot="",
        title=party.name,
        tenderee="",
        shown_at=suppliers.admitted_at(code) or at,
        deadline_at=None,
        changed_at=at,
        text=text,
    )
    suppliers.put_line(code)
    mark_stale([places.supplier_page(code), places.SITEMAP, places.sitemap_of(entry.shown_at)], at)


def _deadline_of(lot: trading.LotPage) -> datetime | None:
    """The deadline that a lot waits for: that of the applications while they are handed in, else that of the bids."""
    if lot.stage == "applying" and lot.prequalification:
        return lot.prequalification.deadline_at
    return lot.deadline_at


def _text_of(project: trading.ProjectPage, lot: trading.LotPage) -> str:
    """What of a lot is searched."""
    texts = [project.name, lot.name, lot.code, project.code, project.tenderee, project.agency, lot.content]
    return "\n".join([*texts, lot.winner.name] if lot.winner else texts)


def _changed_at(lot: trading.LotPage) -> datetime | None:
    """When the last public thing happened to a lot, as far as its page shows it."""
    return max((each.at for each in timeline(Ref("trading", "lot", lot.code))), default=None)


def put_dates(entry: SearchEntry, lot: trading.LotPage, at: datetime) -> list[str]:
    """Brings the calendar of a lot up to date; gives the pages that no longer show it."""
    standing = {row.kind: row for row in DatedMatter.objects.filter(lot=lot.code)}
    changed: list[datetime] = []
    kinds = set()
    for matter in dated_matters(lot):
        row = standing.get(matter.kind)
        if row is None or (row.at, row.off, row.place) != (matter.at, matter.off, lot.opening_place):
            changed += [matter.at, row.at] if row else [matter.at]
            kinds.add(matter.kind)
            _put_date(row, matter, entry, lot, at)
    if not changed:
        return []
    found = {months.first_of(local_day(each)) for each in changed}
    around = {step(month) for month in found for step in (months.last_month, months.next_month)}
    pages = [places.CALENDAR, places.STANDING_SITEMAP, places.lot_calendar(lot.code)]
    pages += [places.calendar_file(name) for name in (months.ALL, *sorted(kinds))]
    return pages + [places.month_page(month) for month in sorted(found | around)]


def _put_date(
    row: DatedMatter | None, matter: Dated, entry: SearchEntry, lot: trading.LotPage, at: datetime
) -> None:
    changes = row.changes + 1 if row else 0
    row = row or DatedMatter(lot=lot.code, kind=matter.kind, project=entry.project, region=entry.region)
    row.title, row.place = entry.title, lot.opening_place
    row.at, row.off, row.changes, row.changed_at = matter.at, matter.off, changes, at
    row.save()


def mark_stale(pages: Iterable[str], at: datetime) -> None:
    """Puts the writing of pages on the agenda, each as a duty of its own: one that fails holds up no other.

    A page that waits already is not asked for twice. Inside an act.
    """
    paths = list(dict.fromkeys(pages))
    rows = _locked(paths)
    missing = set(paths) - {page.path for page in rows}
    if missing:
        Page.objects.bulk_create([Page(path=path) for path in sorted(missing)], ignore_conflicts=True)
        rows = _locked(paths)
    by_path = {page.path: page for page in rows if not page.stale}
    if by_path:
        Page.objects.filter(pk__in=[page.pk for page in by_path.values()]).update(stale=True)
    for path in paths:
        if path in by_path:
            schedule(
                f"website:{path}:{by_path[path].writings}",
                duty=REFRESH_DUTY if path.startswith(REFRESHING) else WRITE_DUTY,
                about=PAGES,
                due_at=at,
                payload={"page": path},
            )


def _locked(paths: list[str]) -> list[Page]:
    """The rows of pages, in one order for all, so that two who mark the same pages never wait for each other."""
    return list(Page.objects.select_for_update().filter(path__in=paths).order_by("path"))


def ask_for_refresh(project: str, at: datetime) -> None:
    """Something happened to a project: its entries are to be renewed, once for all that happens meanwhile."""
    mark_stale([REFRESHING + project], at)


def refresh_due(due: Due, now: datetime) -> None:
    """The duty that renews the entries of a project and then marks its pages."""
    path = str(due.payload["page"])
    with act():
        _taken_up(path)
        note_project(path.removeprefix(REFRESHING), now)


def _taken_up(path: str) -> None:
    """The row is held until the act ends: whoever marks the page meanwhile waits, and marks it for the next time."""
    page = Page.objects.select_for_update().get(path=path)
    Page.objects.filter(pk=page.pk).update(stale=False, writings=page.writings + 1)


def write_before(due: Due, now: datetime) -> None:
    """The long part of the duty that writes one page in both languages, as the records say now.

    Whoever marks the page while it is made marks it for the next time: it was taken up before the first look.
    """
    path = str(due.payload["page"])
    with act():
        _taken_up(path)
    write_now(path, now)


def write_after(due: Due, now: datetime) -> None:
    """What follows in the records from a page that was written."""
    if due.payload["page"] == places.HOME:
        _plan_next_day(now)


def write_now(page: str, now: datetime) -> int:
    """Writes the files of a page; gives how many changed. What is not public leaves no file."""
    root = Path(settings.PUBLIC_ROOT)
    _begin(root)
    changed = 0
    for language in _languages(page):
        try:
            content = render(page, language, now)
        except UnknownPage:
            continue
        changed += write_page(root, places.file_name(page, language), content)
    if changed:
        raise_generation(root)
    return changed


def _begin(root: Path) -> None:
    """The first page of a folder says what all of them are made with, so that the next start need not write them again."""
    if not (root / GENERATION_FILE).exists() and not (root / MADE_BY_FILE).exists():
        root.mkdir(parents=True, exist_ok=True)
        (root / MADE_BY_FILE).write_text(design_digest())


def _languages(page: str) -> list[str]:
    return ["zh-hans"] if places.is_once(page) else list(places.LANGUAGES)


def _plan_next_day(now: datetime) -> None:
    """Home and calendar say what is due today: they are written anew when the day changes in Shanghai."""
    tomorrow = local_day(now) + timedelta(days=1)
    schedule(f"website-day:{tomorrow}", duty=DAY_DUTY, about=PAGES, due_at=start_of(tomorrow))


def new_day_due(due: Due, now: datetime) -> None:
    """The duty at midnight: home and calendar of the new day."""
    today = local_day(now)
    pages = [places.HOME, places.CALENDAR, places.STANDING_SITEMAP]
    pages += [places.calendar_file(name) for name in (months.ALL, *KINDS)]
    pages += [places.month_page(months.first_of(day)) for day in (today - timedelta(days=1), today)]
    with act():
        mark_stale(pages, now)
        forget_unconfirmed(now)


def standings_due(due: Due, now: datetime) -> None:
    """The duty that goes through what was published before the site kept whether it still counts."""
    with act():
        mark_stale(next_standings(due, now), now)


def all_pages(now: datetime) -> list[str]:
    """Every page that stands on the site now."""
    pages = list(places.STANDING)
    for form in law.notice_forms(local_day(now)):
        pages += [places.form_page(form.id), places.form_feed(form.id)]
    for code in SearchEntry.objects.filter(kind=NOTICE).order_by("id").values_list("code", flat=True):
        pages += [places.notice_page(code), places.body_file(code), places.paper_file(code)]
    projects = SearchEntry.objects.filter(kind=LOT).order_by("project").values_list("project", flat=True)
    pages += [places.project_page(code) for code in projects.distinct()]
    found = SearchEntry.objects.filter(kind=SUPPLIER).order_by("id").values_list("code", flat=True)
    pages += [places.supplier_page(code) for code in found]
    pages += [places.month_page(month) for month in months.months(local_day(now))]
    pages += [places.calendar_file(name) for name in (months.ALL, *KINDS)]
    lots = DatedMatter.objects.order_by("lot").values_list("lot", flat=True)
    pages += [places.lot_calendar(lot) for lot in lots.distinct()]
    return pages + [page for page, _ in sitemaps.parts()]


def design_digest() -> str:
    """A digest of what pages are made with: the address and name of the site, this room, the shell and papers."""
    digest = hashlib.sha256(f"{settings.ORIGIN}\n{site_name('zh-hans')}".encode())
    shell = ROOM.parent.parent / "common" / "shell"
    papers = ROOM.parent.parent / "pure" / "papers"
    for folder in (ROOM, shell, papers):
        for path in sorted(each for kind in ("*.html", "*.py", "*.typ") for each in folder.rglob(kind)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def freshen(now: datetime) -> int:
    """What a start of the site asks for; gives the number of pages marked.

    All pages after the program changed (or where there are none yet); else those that a power failure lost.
    """
    root = Path(settings.PUBLIC_ROOT)
    made_by, design = root / MADE_BY_FILE, design_digest()
    known = made_by.read_text() if made_by.is_file() else ""
    pages = [page for page in all_pages(now) if known != design or not _stands(root, page)]
    with act():
        suppliers.fill_lines()
        plan_standings(now)
        mark_stale(pages, now)
    root.mkdir(parents=True, exist_ok=True)
    made_by.write_text(design)
    return len(pages)


def _stands(root: Path, page: str) -> bool:
    return all(is_whole(root, places.file_name(page, language)) for language in _languages(page))


def write_everything(now: datetime) -> int:
    """Writes every page at once, without the agenda; gives the number of files that changed."""
    return sum(write_now(page, now) for page in all_pages(now))
