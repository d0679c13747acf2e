"""The sitemap: an index and parts of so many entries, so that a new notice renews one part; and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Max, Min
from django.db.models.functions import TruncMonth

from yiwang.doors.website import months, places
from yiwang.doors.website.models import LOT, NOTICE, SUPPLIER, SearchEntry
from yiwang.pure.kernel.days import SHANGHAI, iso, local_day, start_of

_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_CLOSED = ("account/", "hall/", "search/", "subscriptions/")


def index(page: str, language: str, now: datetime) -> bytes:
    """The parts of the sitemap, each with the instant of its newest change."""
    lines = [_HEAD, f'<sitemapindex xmlns="{_SPACE}">', _part(places.STANDING_SITEMAP, None)]
    lines += [_part(part, changed_at) for part, changed_at in parts()]
    return "\n".join([*lines, "</sitemapindex>", ""]).encode()


def parts() -> list[tuple[str, datetime | None]]:
    """The parts that hold entries, one a month, with their newest changes."""
    month = TruncMonth("shown_at", tzinfo=SHANGHAI)
    rows = SearchEntry.objects.order_by().annotate(month=month).values("month")
    newest = rows.annotate(shown=Max("shown_at"), changed=Max("changed_at")).order_by("month")
    return [
        (places.sitemap_of(row["month"]), max(row["shown"], row["changed"] or row["shown"])) for row in newest
    ]


def _part(page: str, changed_at: datetime | None) -> str:
    return f"<sitemap><loc>{escape(settings.ORIGIN)}/{page}</loc>{_lastmod(changed_at)}</sitemap>"


def _lastmod(at: datetime | None) -> str:
    return f"<lastmod>{iso(at)[:19]}Z</lastmod>" if at else ""


def standing(page: str, language: str, now: datetime) -> bytes:
    """The pages that always stand, and the months of the calendar."""
    pages = [place for place in places.STANDING if place.endswith("/") or not place] + [places.SUPPLIERS]
    pages += [places.month_page(month) for month in months.months(local_day(now))]
    return _urls([(place, None) for place in pages])


def part(month: date) -> bytes | None:
    """What was shown first in a month: notices, and projects by their first lot; None where there is nothing."""
    first = start_of(month)
    rows = SearchEntry.objects.filter(shown_at__gte=first, shown_at__lt=start_of(months.next_month(month)))
    if not rows.exists():
        return None
    found: list[tuple[str, datetime | None]] = [
        (places.notice_page(code), changed_at or shown_at)
        for code, shown_at, changed_at in rows.filter(kind=NOTICE)
        .order_by("pk")
        .values_list("code", "shown_at", "changed_at")
    ]
    found += [
        (places.supplier_page(code), changed_at)
        for code, changed_at in rows.filter(kind=SUPPLIER).order_by("pk").values_list("code", "changed_at")
    ]
    named = rows.filter(kind=LOT).order_by().values_list("project", flat=True).distinct()
    whole = (
        SearchEntry.objects.filter(kind=LOT, project__in=list(named)).order_by("project").values("project")
    )
    for row in whole.annotate(first=Min("shown_at"), shown=Max("shown_at"), changed=Max("changed_at")):
        if row["first"] >= first:
            found.append((places.project_page(row["project"]), row["changed"] or row["shown"]))
    return _urls(found)


def _urls(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Every page in both languages, each naming the other."""
    lines = [_HEAD, f'<urlset xmlns="{_SPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">']
    for page, changed_at in pages:
        addresses = {each: settings.ORIGIN + places.address(page, each) for each in places.LANGUAGES}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(addresses[language])}/>'
            for language, tag in places.TAGS.items()
        )
        for address in addresses.values():
            lines.append(f"<url><loc>{escape(address)}</loc>{_lastmod(changed_at)}{others}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def robots(page: str, language: str, now: datetime) -> bytes:
    """What robots may read: everything but search, forms and the hall."""
    closed = [f"Disallow: /{prefix}{path}" for prefix in places.LANGUAGES.values() for path in _CLOSED]
    lines = ["User-agent: *", *closed, "Disallow: /api/", f"Sitemap: {settings.ORIGIN}/{places.SITEMAP}", ""]
    return "\n".join(lines).encode()
