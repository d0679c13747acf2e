"""What lists of notices find by a text: title and code, indexed when a notice is drafted or revised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from yiwang.common.notices.models import NoticeWords, StoredNotice
from yiwang.common.shell.api import WordIndex, marks
from yiwang.pure.kernel.bigrams import folded

MARKED = ("tenderee", "drafted_for", "region", "form")
NOTICES = WordIndex("notices_notice_index", MARKED)


def notice_text(code: str, title: str) -> str:
    """What finds a notice: its title and its code, which begins with that of the lot."""
    return folded(f"{title}\n{code}")


def note_notice(row: StoredNotice) -> None:
    """Makes a new or revised notice findable."""
    text = notice_text(row.code, row.title)
    known = NoticeWords.objects.filter(pk=row.pk).first()
    if known is not None and known.text == text:
        return
    mark = marks({each: getattr(row, each) for each in MARKED})
    NOTICES.put(row.pk, text, known.text if known else None, mark=mark)
    NoticeWords.objects.update_or_create(notice=row, defaults={"text": text})


def notices_named[T: QuerySet[Any]](rows: T, text: str, given: Mapping[str, str] | None = None) -> T:
    """Those of ``rows`` (notices) in whose title or code every word of ``text`` stands.

    ``given``: what they will be filtered by besides, by ORM name.
    """
    return NOTICES.narrowed(rows, text, "pk", "words__text", given)
