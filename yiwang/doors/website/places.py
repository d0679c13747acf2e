"""Where things stand on the public site: pages by their path without the language. Pure."""

from __future__ import annotations

from datetime import date, datetime

from yiwang.pure.kernel.days import local_day

LANGUAGES = {"zh-hans": "", "en": "en/"}
TAGS = {"zh-hans": "zh-Hans", "en": "en"}  # as pages and search engines name them

HOME = ""
NOTICES = "notices/"
PROJECTS = "projects/"
SUPPLIERS = "suppliers/"  # a list that is asked, like search: no file
CALENDAR = "calendar/"
CHECK = "check/"
GUIDE = "guide/"
FEED = "feed.xml"
SITEMAP = "sitemap.xml"
STANDING_SITEMAP = "sitemaps/standing.xml"
ROBOTS = "robots.txt"
STANDING = (HOME, NOTICES, PROJECTS, CALENDAR, CHECK, GUIDE, FEED, SITEMAP, STANDING_SITEMAP, ROBOTS)
ONCE = frozenset({SITEMAP, ROBOTS})  # in one language only


def notice_page(code: str) -> str:
    return f"notices/{code}/"


def body_file(code: str) -> str:
    """The canonical body of a notice as a file, for whoever checks its hash."""
    return f"notices/{code}/body.json"


def paper_file(code: str) -> str:
    """A notice as PDF, one file a language."""
    return f"notices/{code}/{code}.pdf"


def form_page(form: str) -> str:
    return f"notices/form/{form}/"


def form_feed(form: str) -> str:
    return f"notices/form/{form}/feed.xml"


def project_page(code: str) -> str:
    return f"projects/{code}/"


def supplier_page(code: str) -> str:
    """The page of an organisation that bids, by its 统一社会信用代码."""
    return f"suppliers/{code}/"


def month_page(month: date) -> str:
    return f"calendar/{month:%Y-%m}/"


def calendar_file(name: str) -> str:
    """The calendar that programs follow: of all matters ("all") or of one kind."""
    return f"calendar/{name}.ics"


def lot_calendar(lot: str) -> str:
    return f"calendar/lots/{lot}.ics"


def sitemap_of(shown_at: datetime) -> str:
    """The part of the sitemap that lists what was shown first in that month of Shanghai."""
    return f"sitemaps/{local_day(shown_at):%Y-%m}.xml"


def is_once(page: str) -> bool:
    """Whether a page exists once, for both languages."""
    return page in ONCE or page.startswith("sitemaps/") or page.endswith("/body.json")


def file_name(page: str, language: str) -> str:
    """The file of a page: ``en/notices/X/index.html`` for ``notices/X/`` in English."""
    name = LANGUAGES[language] + page
    return f"{name}index.html" if not name or name.endswith("/") else name


def address(page: str, language: str) -> str:
    """The URL path of a page: ``/en/notices/X/``."""
    return f"/{LANGUAGES[language]}{page}"
