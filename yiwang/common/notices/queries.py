"""Reads of notices, for pages and for other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.db.models.lookups import Exact

from yiwang.common.notices import shapes
from yiwang.common.notices.models import NoticeMatter, StoredNotice
from yiwang.common.shell.api import unindexed
from yiwang.pure.kernel.canonical import loads
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import KeptQuery, Texts, one_of_texts

_AT_A_TIME = 400  # references in one query: SQLite takes a limited number of values


def notice(code: str) -> shapes.Notice:
    """The notice as it stands. Raises UnknownNotice."""
    found = _ONE.first(code)
    if found is None:
        raise shapes.UnknownNotice(code)
    *values, corrects = found
    return StoredNotice.from_db("default", _COLUMNS, values).facts(corrects or "")


_COLUMNS = [each.attname for each in StoredNotice._meta.concrete_fields]
_ONE = KeptQuery(
    lambda code: StoredNotice.objects.filter(code=code).order_by().values_list(*_COLUMNS, "corrects__code")
)


def notices(
    about: Ref | None = None,
    status: str | Iterable[str] | None = None,
    *,
    tenderee: str | None = None,
    drafted_for: str | None = None,
    form: str | None = None,
    limit: int = 500,
) -> list[shapes.Notice]:
    """Notices that fit all that is given, in the order in which they were drafted; at most ``limit``.

    Those about a lot are its own, and those that it shares with other lots.
    """
    rows = StoredNotice.objects.select_related("corrects")
    if about is not None:
        rows = rows.filter(_about(str(about)))
    if status is not None:
        rows = rows.filter(status__in=[status] if isinstance(status, str) else list(status))
    if tenderee is not None:
        rows = rows.filter(tenderee=tenderee)
    if drafted_for is not None:
        rows = rows.filter(drafted_for=drafted_for)
    if form is not None:
        rows = rows.filter(form=form)
    return [row.facts() for row in rows.order_by("created_at", "id")[:limit]]


def _about(matter: str) -> Q:
    """Notices of a matter alone, and those that tell of it beside others. Asked apart: PostgreSQL then has an index for both."""
    shared = list(NoticeMatter.objects.filter(about=matter).values_list("notice_id", flat=True))
    return Q(about=matter) | Q(pk__in=shared) if shared else Q(about=matter)


def notice_lines(about: Iterable[Ref]) -> dict[str, list[shapes.NoticeLine]]:
    """The notices of many matters at once, by the code of the matter, in the order in which they were drafted."""
    wanted = Texts(str(each) for each in about)
    found: dict[str, list[shapes.NoticeLine]] = {}
    for _, *columns in sorted([*_OWN_LINES.rows(wanted), *_SHARED_LINES.rows(wanted)]) if wanted else ():
        line = _line(*columns)
        found.setdefault(line.about, []).append(line)
    return found


_LINE = ("code", "form", "about", "status", "authors", "publish_at")
_SHARED_LINE = tuple(each if each == "about" else f"notice__{each}" for each in _LINE)
_OWN_LINES = KeptQuery(
    lambda about: (
        StoredNotice.objects.filter(one_of_texts("about", about)).order_by().values_list("id", *_LINE)
    )
)
_SHARED_LINES = KeptQuery(
    lambda about: (
        NoticeMatter.objects.filter(one_of_texts("about", about))
        .order_by()
        .values_list("notice_id", *_SHARED_LINE)
    )
)


def _line(
    code: str, form: str, about: str, status: str, authors: str, publish_at: datetime | None
) -> shapes.NoticeLine:
    matter = Ref.parse(about)
    return shapes.NoticeLine(code, form, matter.room, matter.code, status, tuple(loads(authors)), publish_at)


def awaiting_check() -> list[shapes.NoticeLine]:
    """The confirmed notices that await the centre's check of form, the one that is to appear first in front."""
    return _waiting(shapes.CONFIRMED)


def awaiting_publication() -> list[shapes.NoticeLine]:
    """The notices that were checked and wait for their instant, the next to appear in front."""
    return _waiting(shapes.SCHEDULED)


def _waiting(status: str) -> list[shapes.NoticeLine]:
    """The notices of a status by the instant at which they appear; one of several lots stands for the first of them."""
    first = dict(_SHARED_OF.rows(status))
    listed = _OF_STATUS.rows(status)
    return [_line(code, form, first.get(key, about), *others) for key, code, form, about, *others in listed]


_OF_STATUS = KeptQuery(
    lambda status: (
        StoredNotice.objects.filter(status=status).order_by("publish_at", "id").values_list("id", *_LINE)
    )
)
_SHARED_OF = KeptQuery(
    lambda status: (
        NoticeMatter.objects.filter(notice__status=status).order_by("-id").values_list("notice_id", "about")
    )
)


def has_notice(form: str, about: Any) -> Exists:
    """Whether a matter (an expression that gives its Ref in text) has a notice of a form that was not dropped."""
    return Exists(
        StoredNotice.objects.filter(about=about, form=form).exclude(status=shapes.DROPPED).order_by()
    )


def stored_notices() -> QuerySet[StoredNotice]:
    """Every notice for lists that filter and page in the database, newest first, with the columns that lists show."""
    return StoredNotice.objects.only(*_LISTED).order_by("-created_at", "-id")


_LISTED = (
    "code",
    "form",
    "title",
    "region",
    "tenderee",
    "status",
    "publish_at",
    "published_at",
    "created_at",
)


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


def is_pointed_to(code: str) -> bool:
    """Whether a published notice corrects, amends or replaces this one."""
    return _POINTED_TO.first(code) is not None


_POINTED_TO = KeptQuery(
    lambda code: (
        StoredNotice.objects.filter(Exact(unindexed("status"), shapes.PUBLISHED), corrects__code=code)
        .order_by()
        .values_list("pk")[:1]
    )
)


def published_lines(
    codes: Iterable[str],
) -> tuple[dict[str, shapes.Line], dict[str, list[shapes.Line]]]:
    """The published ones among notices, and by their codes the published notices that point to each, oldest first."""
    wanted = list(dict.fromkeys(codes))
    found: dict[str, shapes.Line] = {}
    over: dict[str, list[shapes.Line]] = {}
    for start in range(0, len(wanted), _AT_A_TIME):
        part = wanted[start : start + _AT_A_TIME]
        keys = list(StoredNotice.objects.filter(code__in=part).order_by().values_list("pk", flat=True))
        found |= {line.code: line for line, _ in _published_lines(Q(pk__in=keys))}
        for line, original in _published_lines(Q(corrects__in=keys)):
            over.setdefault(original, []).append(line)
    return found, over


def _published_lines(which: Q) -> list[tuple[shapes.Line, str]]:
    """Published notices, oldest first, each with the code of the one that it points to ("" for none)."""
    # Ordered here: a database would rather walk all that is published in its order than look up a few and sort them.
    rows = StoredNotice.objects.filter(which, Exact(unindexed("status"), shapes.PUBLISHED)).order_by()
    read = rows.values_list("published_at", "id", "code", "form", "about", "corrects__code")
    listed = [row[1:] for row in sorted(read, key=lambda row: row[:2])]
    shared: dict[int, list[str]] = {}
    matters = NoticeMatter.objects.filter(notice__in=[key for key, *_ in listed]).order_by("id")
    for key, about in matters.values_list("notice_id", "about"):
        shared.setdefault(key, []).append(about)
    return [
        (
            shapes.Line(code, form, tuple(Ref.parse(each).code for each in shared.get(key, [about]))),
            corrects or "",
        )
        for key, code, form, about, corrects in listed
    ]
