"""Feeds of notices: RSS 2.0 and Atom, whose dates are those of their entries, never the clock's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from yiwang.business.trading.api import STANDING_WORDS
from yiwang.doors.website import places
from yiwang.doors.website.models import LOT, NOTICE, SUPPLIER, SearchEntry
from yiwang.doors.website.words import region_words, site_name
from yiwang.pure.kernel.texts import carried
from yiwang.pure.kernel.words import Words

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
DESCRIPTION = Words("最新公告，按发布时间排列", "The latest notices, newest first")


class _Rss(Rss201rev2Feed):
    def latest_post_date(self) -> datetime:
        return max((item["pubdate"] for item in self.items), default=EPOCH)


class _Atom(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=EPOCH)


FORMATS: dict[str, type[SyndicationFeed]] = {"rss": _Rss, "atom": _Atom}
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


def entry_page(entry: SearchEntry) -> str:
    """The page of a search entry: of the notice, of the supplier, or of the lot's project."""
    if entry.kind == SUPPLIER:
        return places.supplier_page(entry.code)
    return places.notice_page(entry.code) if entry.kind == NOTICE else places.project_page(entry.project)


def _title(entry: SearchEntry, language: str) -> str:
    """The title of an entry; what no longer counts as it appeared says so in front."""
    said = STANDING_WORDS.get(entry.standing)
    title = carried(entry.title)
    return f"【{said.in_language(language)}】{title}" if said else title


def feed(
    entries: Iterable[SearchEntry], title: Words, page: str, about: str, language: str, kind: str = "rss"
) -> bytes:
    """``entries`` as a feed called ``title`` that stands at the URL path ``page`` and is about ``about``."""
    made = FORMATS[kind](
        title=carried(f"{site_name(language)} · {title.in_language(language)}"),
        link=settings.ORIGIN + about,
        description=DESCRIPTION.in_language(language),
        language="zh-cn" if language.startswith("zh") else "en",
        feed_url=settings.ORIGIN + page,
    )
    for entry in entries:
        link = settings.ORIGIN + places.address(entry_page(entry), language)
        made.add_item(
            title=_title(entry, language),
            link=f"{link}#lot-{entry.lot}" if entry.kind == LOT else link,
            description=f"{carried(entry.tenderee)} · {region_words(entry.region).in_language(language)}",
            pubdate=entry.shown_at,
            updateddate=entry.changed_at or entry.shown_at,
            unique_id=f"{link}#lot-{entry.lot}" if entry.kind == LOT else link,
        )
    return made.writeString("utf-8").encode()
