"""The bytes of every page, the same for the file that is published and for the view that stands in for it.

A page holds nothing of who reads it and nothing that changes by the second: the same records on the same day
give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.feedgenerator import Rss201rev2Feed

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.doors.website import places, queries
from yiwang.doors.website.models import SearchEntry
from yiwang.law import api as law
from yiwang.pure.kernel.actors import ANYONE
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.words import Words

LATEST_ON_HOME = 5
LATEST_ON_LIST = 50
OPENINGS_ON_HOME = 8
HOME_FORMS = ("tender-notice", "candidates-publicity", "result-notice")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

SITE_WORDS = Words("公共资源交易中心", "Public Resource Trading Centre")


class UnknownPage(LookupError):
    """No page stands at this path."""


def site_name(language: str) -> str:
    """The centre's name as set, else the general one."""
    return settings.CENTRE_NAME or SITE_WORDS.in_language(language)


def region_words(code: str) -> Words:
    """The name of a region of the city; the code itself where it is none."""
    return Words(*REGIONS.get(code, (code, code)))


def _request(page: str, language: str) -> HttpRequest:
    """A request of nobody in particular: what the base template and its context look at."""
    request = RequestFactory().get(places.address(page, language), HTTP_HOST=settings.ORIGIN.split("//")[-1])
    request.actor = ANYONE
    request.LANGUAGE_CODE = language
    return request


def _html(template: str, page: str, language: str, context: Mapping[str, Any]) -> bytes:
    shared = {
        "site_name": site_name(language),
        "origin": settings.ORIGIN,
        "page_address": places.address(page, language),
        "zh_address": places.address(page, "zh-hans"),
        "en_address": places.address(page, "en"),
        "prefix": "/" + places.LANGUAGES[language],
    }
    text = render_to_string(f"website/{template}", {**shared, **context}, _request(page, language))
    return text.encode()


def form_words(form: str, on: date) -> Words:
    """The title of a form of notices by the law of ``on``."""
    return law.notice_form(form, on).words


def listed_forms(on: date) -> list[tuple[str, Words]]:
    """All forms of notices in force, as (id, title)."""
    return [(form.id, form.words) for form in law.notice_forms(on)]


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


def _opens_on(lot: SearchEntry) -> date:
    assert lot.deadline_at is not None  # openings() asked for one
    return local_day(lot.deadline_at)


def _notice_list(page: str, language: str, now: datetime, form: str = "") -> bytes:
    on = local_day(now)
    context = {
        "form": form,
        "form_words": form_words(form, on) if form else None,
        "forms": listed_forms(on),
        "entries": queries.latest_notices(LATEST_ON_LIST, form),
    }
    return _html("notices.html", page, language, context)


def _project_list(page: str, language: str, now: datetime) -> bytes:
    return _html("projects.html", page, language, {"entries": queries.latest_lots(LATEST_ON_LIST)})


def published_notice(code: str) -> notices.Notice:
    """The notice, where it is published. UnknownPage otherwise: a draft has no page."""
    try:
        notice = notices.notice(code)
    except notices.UnknownNotice as error:
        raise UnknownPage(code) from error
    if notice.status != notices.PUBLISHED:
        raise UnknownPage(code)
    return notice


def _notice(page: str, language: str, now: datetime, code: str) -> bytes:
    notice = published_notice(code)
    lot = trading.lot_page(trading.find_lot(notice.about.code))
    project = trading.project_page(trading.find_lot(notice.about.code).project.code)
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
    }
    return _html("notice.html", page, language, context)


def _body(page: str, language: str, now: datetime, code: str) -> bytes:
    return published_notice(code).body.encode()


@dataclass(frozen=True, slots=True)
class LotShown:
    """A lot of the project page with its published notices in order."""

    lot: trading.LotPage
    notices: list[notices.Notice]
    form_words: list[Words]

    @property
    def listed(self) -> list[tuple[notices.Notice, Words]]:
        return list(zip(self.notices, self.form_words, strict=True))


def _project(page: str, language: str, now: datetime, code: str) -> bytes:
    try:
        project = trading.project_page(code)
    except trading.UnknownProject as error:
        raise UnknownPage(code) from error
    lots = []
    for lot in project.lots:
        own = [notices.notice(each) for each in lot.notices]
        lots.append(LotShown(lot, own, [form_words(each.form, each.law_on) for each in own]))
    context = {"project": project, "lots": lots, "region": region_words(project.region)}
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
