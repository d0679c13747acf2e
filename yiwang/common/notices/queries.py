"""Reads of notices, for pages and for other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, QuerySet

from yiwang.common.notices import shapes
from yiwang.common.notices.models import StoredNotice
from yiwang.pure.kernel.canonical import loads
from yiwang.pure.kernel.refs import Ref

_AT_A_TIME = 400  # references in one query: SQLite takes a limited number of values


def notice(code: str) -> shapes.Notice:
    """The notice as it stands. Raises UnknownNotice."""
    try:
        return StoredNotice.objects.select_related("corrects").get(code=code).facts()
    except StoredNotice.DoesNotExist as error:
        raise shapes.UnknownNotice(code) from error


def notices(
    about: Ref | None = None,
    status: str | Iterable[str] | None = None,
    *,
    tenderee: str | None = None,
    drafted_for: str | None = None,
    form: str | None = None,
    limit: int = 500,
) -> list[shapes.Notice]:
    """Notices that fit all that is given, in the order in which they were drafted; at most ``limit``."""
    rows = StoredNotice.objects.select_related("corrects")
    if about is not None:
        rows = rows.filter(about=str(about))
    if status is not None:
        rows = rows.filter(status__in=[status] if isinstance(status, str) else list(status))
    if tenderee is not None:
        rows = rows.filter(tenderee=tenderee)
    if drafted_for is not None:
        rows = rows.filter(drafted_for=drafted_for)
    if form is not None:
        rows = rows.filter(form=form)
    return [row.facts() for row in rows.order_by("created_at", "id")[:limit]]


def notice_lines(about: Iterable[Ref]) -> dict[str, list[shapes.NoticeLine]]:
    """The notices of many matters at once, by the code of the matter, in the order in which they were drafted."""
    wanted = [str(each) for each in about]
    found: dict[str, list[shapes.NoticeLine]] = {}
    for start in range(0, len(wanted), _AT_A_TIME):
        rows = StoredNotice.objects.filter(about__in=wanted[start : start + _AT_A_TIME])
        for columns in rows.order_by("id").values_list(*_LINE):
            line = _line(*columns)
            found.setdefault(line.about, []).append(line)
    return found


_LINE = ("code", "form", "about", "status", "authors", "publish_at")


def _line(
    code: str, form: str, about: str, status: str, authors: str, publish_at: datetime | None
) -> shapes.NoticeLine:
    matter = Ref.parse(about)
    return shapes.NoticeLine(code, form, matter.room, matter.code, status, tuple(loads(authors)), publish_at)


def awaiting_check() -> list[shapes.NoticeLine]:
    """The confirmed notices that await the centre's check of form, the one that is to appear first in front."""
    rows = StoredNotice.objects.filter(status=shapes.CONFIRMED).order_by("publish_at", "id")
    return [_line(*columns) for columns in rows.values_list(*_LINE)]


def awaiting_publication() -> list[shapes.NoticeLine]:
    """The notices that were checked and wait for their instant, the next to appear in front."""
    rows = StoredNotice.objects.filter(status=shapes.SCHEDULED).order_by("publish_at", "id")
    return [_line(*columns) for columns in rows.values_list(*_LINE)]


def has_notice(form: str, about: Any) -> Exists:
    """Whether a matter (an expression that gives its Ref in text) has a notice of a form that was not dropped."""
    return Exists(
        StoredNotice.objects.filter(about=about, form=form).exclude(status=shapes.DROPPED).order_by()
    )


def stored_notices() -> QuerySet[StoredNotice]:
    """Every notice for lists that filter and page in the database, newest first, without text and values."""
    return StoredNotice.objects.defer("body", "field_values").order_by("-created_at", "-id")


def corrections(code: str) -> list[shapes.Notice]:
    """The published notices that correct this one, oldest first."""
    rows = StoredNotice.objects.select_related("corrects").filter(
        corrects__code=code, status=shapes.PUBLISHED
    )
    return [row.facts() for row in rows.order_by("published_at", "id")]


def latest_published(limit: int, form: str | None = None) -> list[shapes.Notice]:
    """The newest published notices (of one form), newest first."""
    rows = StoredNotice.objects.select_related("corrects").filter(status=shapes.PUBLISHED)
    if form is not None:
        rows = rows.filter(form=form)
    return [row.facts() for row in rows.order_by("-published_at", "-id")[:limit]]
