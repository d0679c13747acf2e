"""Reads of notices, for pages and for other rooms."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.common.notices import shapes
from yiwang.common.notices.models import StoredNotice
from yiwang.pure.kernel.refs import Ref


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
