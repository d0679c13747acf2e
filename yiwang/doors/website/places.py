"""Where things stand on the public site: pages by their path without the language. Pure."""

from __future__ import annotations

LANGUAGES = {"zh-hans": "", "en": "en/"}

HOME = ""
NOTICES = "notices/"
PROJECTS = "projects/"
CHECK = "check/"
GUIDE = "guide/"
FEED = "feed.xml"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
STANDING = (HOME, NOTICES, PROJECTS, CHECK, GUIDE, FEED, SITEMAP, ROBOTS)
ONCE = frozenset({SITEMAP, ROBOTS})  # in one language only


def notice_page(code: str) -> str:
    return f"notices/{code}/"


def body_file(code: str) -> str:
    """The canonical body of a notice as a file, for whoever checks its hash."""
    return f"notices/{code}/body.json"


def form_page(form: str) -> str:
    return f"notices/form/{form}/"


def form_feed(form: str) -> str:
    return f"notices/form/{form}/feed.xml"


def project_page(code: str) -> str:
    return f"projects/{code}/"


def is_once(page: str) -> bool:
    """Whether a page exists once, for both languages."""
    return page in ONCE or page.endswith("/body.json")


def file_name(page: str, language: str) -> str:
    """The file of a page: ``en/notices/X/index.html`` for ``notices/X/`` in English."""
    name = LANGUAGES[language] + page
    return f"{name}index.html" if not name or name.endswith("/") else name


def address(page: str, language: str) -> str:
    """The URL path of a page: ``/en/notices/X/``."""
    return f"/{LANGUAGES[language]}{page}"
