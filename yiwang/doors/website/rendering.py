"""The bytes of every page, the same for the file that is published and for the view that stands in for it.

A page holds nothing of who reads it and nothing that changes by the second: the same records on the same day
give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.feedgenerator import Rss201rev2Feed

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import DONE, ENDED, Stage
from yiwang.doors.website import places, queries
from yiwang.doors.website.models import SearchEntry
from yiwang.law import api as law
from yiwang.pure.kernel.actors import ANYONE
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import iso, local_day, shown
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import Unborn, birth

LATEST_ON_HOME = 5
LATEST_ON_LIST = 50
OPENINGS_ON_HOME = 8
STOPPED = frozenset({"failed", "terminated"})
FINISHED = STOPPED | {"archived"}
# The periods whose end somebody waits for in a stage; the others are shown without counting down.
RUNNING = {
    "bidding": frozenset({"W01", "W07"}),
    "reported": frozenset({"W21-start"}),
    "publicity": frozenset({"W21"}),
    "awarded": frozenset({"W23", "W24"}),
    "contracted": frozenset({"W24"}),
}
AWAITED = frozenset({"registered", "announcing", "bidding"})
HOME_FORMS = ("tender-notice", "candidates-publicity", "result-notice")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

SITE_WORDS = Words("公共资源交易中心", "Public Resource Trading Centre")


class UnknownPage(LookupError):
    """No page stands at this path."""


def site_name(language: str) -> str:
    """The centre's name as it was founded, else the general one."""
    try:
        born = birth()
    except Unborn:
        return SITE_WORDS.in_language(language)
    return Words(born.centre or SITE_WORDS.zh, born.centre_en or SITE_WORDS.en).in_language(language)


def region_words(code: str) -> Words:
    """The name of a region of the city; the code itself where it is none."""
    return Words(*REGIONS.get(code, (code, code)))


def _request(page: str, language: str) -> HttpRequest:
    """A request of nobody in particular: what the base template and its context look at."""
    request = RequestFactory().get(places.address(page, language), HTTP_HOST=urlsplit(settings.ORIGIN).netloc)
    request.actor = ANYONE
    request.LANGUAGE_CODE = language
    return request


def shared_context(page: str, language: str) -> dict[str, Any]:
    """What every template of this room needs to know of its page."""
    return {
        "origin": settings.ORIGIN,
        "site_domain": urlsplit(settings.ORIGIN).hostname,
        "site_id_code": getattr(settings, "SITE_ID_CODE", ""),
        "page_address": places.address(page, language),
        "page_path": places.address(page, language),
        "prefix": "/" + places.LANGUAGES[language],
        "chinese": language.startswith("zh"),
    }


def _html(template: str, page: str, language: str, context: Mapping[str, Any]) -> bytes:
    whole = {**shared_context(page, language), "as_file": True, **context}
    return render_to_string(f"website/{template}", whole, _request(page, language)).encode()


def form_words(form: str, on: date) -> Words:
    """The title of a form of notices by the law of ``on``."""
    return law.notice_form(form, on).words


def listed_forms(on: date) -> list[tuple[str, Words]]:
    """All forms of notices in force, as (id, title)."""
    return [(form.id, form.words) for form in law.notice_forms(on)]


@dataclass(frozen=True, slots=True)
class EntryShown:
    """A search entry with its words; ``form`` and ``stage`` are None where the list itself says so."""

    kind: str
    code: str
    project: str
    lot: str
    title: str
    tenderee: str
    shown_at: datetime
    deadline_at: datetime | None
    words: Words | None
    region_words: Words
    stage_words: Words | None


def entry_shown(entry: SearchEntry, forms: Mapping[str, Words], stages: Mapping[str, Words]) -> EntryShown:
    """An entry with the words of its kind, region and stage as far as ``forms`` and ``stages`` have them."""
    return EntryShown(
        kind=entry.kind,
        code=entry.code,
        project=entry.project,
        lot=entry.lot,
        title=entry.title,
        tenderee=entry.tenderee,
        shown_at=entry.shown_at,
        deadline_at=entry.deadline_at,
        words=forms.get(entry.form),
        region_words=region_words(entry.region),
        stage_words=stages.get(entry.stage),
    )


def stage_words(on: date) -> dict[str, Words]:
    """The stages of all procedures in force, by id."""
    return {stage.id: stage.words for each in law.procedures(on) for stage in each.stages}


def _home(page: str, language: str, now: datetime) -> bytes:
    today = local_day(now)
    weekend = today + timedelta(days=6 - today.weekday())
    week = queries.openings(today, weekend, OPENINGS_ON_HOME)
    context = {
        "categories": [
            (form, form_words(form, today), queries.latest_notices(LATEST_ON_HOME, form))
            for form in HOME_FORMS
        ],
        "openings_today": [each for each in week if _opens_on(each) == today],
        "openings_later": [each for each in week if _opens_on(each) != today],
        "figures": queries.figures(now),
        "today": today,
    }
    return _html("home.html", page, language, context)


def _plain(entries: Iterable[SearchEntry]) -> list[EntryShown]:
    """Entries of a list whose heading says their kind."""
    return [entry_shown(entry, {}, {}) for entry in entries]


def _opens_on(lot: SearchEntry) -> date:
    assert lot.deadline_at is not None  # openings() asked for one
    return local_day(lot.deadline_at)


def _notice_list(page: str, language: str, now: datetime, form: str = "") -> bytes:
    on = local_day(now)
    shown_forms = {} if form else dict(listed_forms(on))
    context = {
        "form": form,
        "form_words": form_words(form, on) if form else None,
        "forms": listed_forms(on),
        "entries": [
            entry_shown(each, shown_forms, {}) for each in queries.latest_notices(LATEST_ON_LIST, form)
        ],
    }
    return _html("notices.html", page, language, context)


def _project_list(page: str, language: str, now: datetime) -> bytes:
    stages = stage_words(local_day(now))
    entries = [entry_shown(each, {}, stages) for each in queries.latest_lots(LATEST_ON_LIST)]
    return _html("projects.html", page, language, {"entries": entries})


def published_notice(code: str) -> notices.Notice:
    """The notice, where it is published. UnknownPage otherwise: a draft has no page."""
    try:
        notice = notices.notice(code)
    except notices.UnknownNotice as error:
        raise UnknownPage(code) from error
    if notice.status != notices.PUBLISHED:
        raise UnknownPage(code)
    return notice


def matter_of(notice: notices.Notice) -> tuple[trading.ProjectPage, trading.LotPage]:
    """The project and the lot that a notice is about."""
    project = trading.project_page(trading.find_lot(notice.about.code).project.code)
    return project, next(lot for lot in project.lots if lot.code == notice.about.code)


def _notice(page: str, language: str, now: datetime, code: str) -> bytes:
    notice = published_notice(code)
    assert notice.published_at is not None  # the database says so too
    assert notice.confirmed_at is not None
    project, lot = matter_of(notice)
    context = {
        "notice": notice,
        "form": law.notice_form(notice.form, notice.law_on),
        "rows": notices.detailed_rows(notice, language),
        "corrections": notices.corrections(code),
        "original": published_notice(notice.corrects) if notice.corrects else None,
        "project": project,
        "lot": lot,
        "region": region_words(notice.region),
        "body_address": "/" + places.body_file(code),
        "published_shown": shown(notice.published_at),
        "confirmed_shown": shown(notice.confirmed_at),
    }
    return _html("notice.html", page, language, context)


def _body(page: str, language: str, now: datetime, code: str) -> bytes:
    return published_notice(code).body.encode()


@dataclass(frozen=True, slots=True)
class LotShown:
    """A lot of the project page: its stations, its published notices in order with their kind, how it was awarded."""

    lot: trading.LotPage
    stages: tuple[Stage, ...]
    listed: tuple[tuple[notices.Notice, Words], ...]
    calculation: trading.Calculation | None

    @property
    def ranked(self) -> bool:
        """Whether the evaluation is public."""
        return any(row.rank or row.ground for row in self.lot.records)

    @property
    def finished(self) -> bool:
        """Whether nothing more is waited for: its deadlines are history."""
        return self.lot.stage in FINISHED

    @property
    def clocks(self) -> list[tuple[law.Clock, bool]]:
        """The clocks of the lot, each with whether it counts down: those that run now come first."""
        running = RUNNING.get(self.lot.stage, frozenset())
        if self.lot.suspended_at is not None:
            running |= {"W08"}  # the time for the answer: everybody waits for it
        told = [(clock, clock.limit.id in running) for clock in self.lot.clocks]
        return sorted(told, key=lambda each: not each[1])

    @property
    def awaited(self) -> bool:
        """Whether the deadline for bids still lies ahead in the life of the lot."""
        return self.lot.stage in AWAITED and self.lot.postponed_at is None


def _stages(lot: trading.LotPage) -> tuple[Stage, ...]:
    """The stations of a lot: by whom only where somebody has yet to act; a lot that failed ends where it stopped."""
    stages = []
    for part in lot.progress:
        acts = part.state != DONE and part.by.en not in ("", "the system")
        stages.append(Stage(part.words, part.state, part.by if acts else None, part.until))
    if lot.stage in STOPPED:
        stages[-1] = replace(stages[-1], state=ENDED)
    return tuple(stages)


def _lot_shown(lot: trading.LotPage) -> LotShown:
    own = [notices.notice(code) for code in lot.notices]
    listed = tuple((each, form_words(each.form, each.law_on)) for each in own)
    return LotShown(lot, _stages(lot), listed, trading.calculation_of(lot.code) if lot.winner else None)


def _project(page: str, language: str, now: datetime, code: str) -> bytes:
    try:
        project = trading.project_page(code)
    except trading.UnknownProject as error:
        raise UnknownPage(code) from error
    context = {
        "project": project,
        "lots": [_lot_shown(lot) for lot in project.lots],
        "region": region_words(project.region),
        "registered_shown": shown(project.registered_at),
    }
    return _html("project.html", page, language, context)


def _standing(template: str) -> Callable[[str, str, datetime], bytes]:
    def render(page: str, language: str, now: datetime) -> bytes:
        return _html(template, page, language, {})

    return render


class _Feed(Rss201rev2Feed):
    """RSS 2.0 whose date is that of its newest item; an empty feed has a fixed one, never the clock's."""

    def latest_post_date(self) -> datetime:
        return max((item["pubdate"] for item in self.items), default=EPOCH)


def _feed(page: str, language: str, now: datetime, form: str = "") -> bytes:
    words = form_words(form, local_day(now)) if form else Words("公告", "Notices")
    feed = _Feed(
        title=f"{site_name(language)} · {words.in_language(language)}",
        link=settings.ORIGIN + places.address(page.removesuffix(places.FEED) or places.HOME, language),
        description=Words("最新公告，按发布时间排列", "The latest notices, newest first").in_language(
            language
        ),
        language="zh-cn" if language.startswith("zh") else "en",
        feed_url=settings.ORIGIN + places.address(page, language),
    )
    for entry in queries.latest_notices(LATEST_ON_LIST, form):
        link = settings.ORIGIN + places.address(places.notice_page(entry.code), language)
        feed.add_item(
            title=entry.title,
            link=link,
            description=f"{entry.tenderee} · {region_words(entry.region).in_language(language)}",
            pubdate=entry.shown_at,
            unique_id=link,
        )
    return feed.writeString("utf-8").encode()


def _sitemap(page: str, language: str, now: datetime) -> bytes:
    """Every public page in both languages; at most 50,000 addresses, the newest notices first."""
    rows = [(place, None) for place in places.STANDING if place.endswith("/") or not place]
    notices_shown = SearchEntry.objects.filter(kind="notice").order_by("-shown_at", "-id")
    rows += [
        (places.notice_page(code), at) for code, at in notices_shown.values_list("code", "shown_at")[:20_000]
    ]
    projects = SearchEntry.objects.filter(kind="lot").order_by("project").values_list("project", flat=True)
    rows += [(places.project_page(code), None) for code in projects.distinct()[:4_000]]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for place, at in rows:
        changed = f"<lastmod>{iso(at)[:10]}</lastmod>" if at else ""
        for each in places.LANGUAGES:
            address = escape(settings.ORIGIN + places.address(place, each))
            lines.append(f"<url><loc>{address}</loc>{changed}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def _robots(page: str, language: str, now: datetime) -> bytes:
    closed = [
        f"Disallow: /{prefix}{path}" for prefix in places.LANGUAGES.values() for path in ("hall/", "search/")
    ]
    return "\n".join(["User-agent: *", *closed, f"Sitemap: {settings.ORIGIN}/sitemap.xml", ""]).encode()


_STANDING: Mapping[str, Callable[[str, str, datetime], bytes]] = {
    places.HOME: _home,
    places.NOTICES: _notice_list,
    places.PROJECTS: _project_list,
    places.CHECK: _standing("check.html"),
    places.GUIDE: _standing("guide.html"),
    places.FEED: _feed,
    places.SITEMAP: _sitemap,
    places.ROBOTS: _robots,
}


def _by_path(page: str, language: str, now: datetime) -> bytes:
    """Pages with a code or a form in their path."""
    parts = page.split("/")
    match parts:
        case ["notices", "form", form, ""] if _known(form, now):
            return _notice_list(page, language, now, form)
        case ["notices", "form", form, "feed.xml"] if _known(form, now):
            return _feed(page, language, now, form)
        case ["notices", code, ""]:
            return _notice(page, language, now, code)
        case ["notices", code, "body.json"]:
            return _body(page, language, now, code)
        case ["projects", code, ""]:
            return _project(page, language, now, code)
    raise UnknownPage(page)


def _known(form: str, now: datetime) -> bool:
    return any(form == each for each, _ in listed_forms(local_day(now)))


def render(page: str, language: str, now: datetime) -> bytes:
    """The bytes of ``page`` in ``language`` (zh-hans or en) as of the business instant ``now``.

    Raises UnknownPage where nothing public stands there.
    """
    with translation.override(language):
        standing = _STANDING.get(page)
        return standing(page, language, now) if standing else _by_path(page, language, now)
