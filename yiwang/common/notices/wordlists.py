"""What lists of notices find by a text: title and code, indexed when a notice is drafted or revised."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yiwang.common.notices.models import NoticeWords, StoredNotice
from yiwang.common.shell.api import WordIndex
from yiwang.pure.kernel.bigrams import folded

NOTICES = WordIndex("notices_notice_index")


def notice_text(code: str, title: str) -> str:
    """What finds a notice: its title and its code, which begins with that of the lot."""
    return folded(f"{title}\n{code}")


def note_notice(row: StoredNotice) -> None:
    """Makes a new or revised notice findable."""
    text = notice_text(row.code, row.title)
    known = NoticeWords.objects.filter(pk=row.pk).first()
    if known is not None and known.text == text:
        return
    NOTICES.put(row.pk, text, known.text if known else None)
    NoticeWords.objects.update_or_create(notice=row, defaults={"text": text})


def notices_named[T: QuerySet[Any]](rows: T, text: str) -> T:
    """Those of ``rows`` (notices) in whose title or code every word of ``text`` stands."""
    return NOTICES.narrowed(rows, text, "pk", "words__text")
