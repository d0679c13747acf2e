"""The lists of notices and of objections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import Choice, Column, address, listing, route
from yiwang.doors.hall.list_pages import answered, nothing_to_learn
from yiwang.doors.hall.lot_lists import REGION_OPTIONS, begins_with, of_lots_named, of_party, region_of
from yiwang.doors.hall.names import NameBook
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, SUPERVISOR, TENDEREE, Actor, permission
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

LIST_NOTICES = permission("hall.list-notices", TENDEREE, AGENCY, CENTRE, SUPERVISOR)
LIST_OBJECTIONS = permission("hall.list-objections", TENDEREE, AGENCY, BIDDER, SUPERVISOR)


def _notices_of(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = notices.stored_notices()
    if actor.role == TENDEREE:
        return rows.filter(tenderee=actor.organisation)
    return rows.filter(drafted_for=actor.organisation) if actor.role == AGENCY else rows


def _notice_columns(book: NameBook, forms: Mapping[str, Words], became: Mapping[str, str]) -> list[Column]:
    """The columns of the list; ``became`` is filled with what became of the notices that are shown."""
    return [
        Column(
            "title",
            Words("公告", "Notice"),
            lambda each: each.title,
            sort="title",
            link=lambda each: address("hall:notice", each.code),
        ),
        Column(
            "form",
            Words("种类", "Kind"),
            lambda each: forms.get(each.form, Words(each.form, each.form)),
            under="title",
        ),
        book.column("tenderee", Words("招标人", "Tenderee"), lambda each: each.tenderee, "tenderee"),
        Column("region", Words("区县", "District"), lambda each: region_of(each.region), sort="region"),
        Column(
            "status", Words("状态", "State"), lambda each: notices.STATUS_WORDS[each.status], sort="status"
        ),
        Column(
            "became",
            Words("是否仍有效", "What became of it"),
            lambda each: trading.STANDING_WORDS.get(became.get(each.code, "")),
            under="status",
        ),
        Column(
            "due",
            Words("定于", "Due to appear"),
            lambda each: each.publish_at,
            sort="publish_at",
            begins=True,
        ),
        Column(
            "published",
            Words("发布时间", "Published"),
            lambda each: each.published_at,
            sort="published_at",
            begins=True,
        ),
        Column(
            "created",
            Words("起草时间", "Drafted"),
            lambda each: each.created_at,
            sort="created_at",
            under="published",
        ),
    ]


@route(LIST_NOTICES)
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """The notices of the actor's organisation, all for the centre and the supervisor."""
    on, book = local_day(business_now()), NameBook()
    forms = {each.id: each.words for each in law.notice_forms(on)}
    became: dict[str, str] = {}
    columns = _notice_columns(book, forms, became)
    shown = listing(
        request,
        _notices_of(request.actor),
        columns,
        search=_notice_text,
        choices=[
            Choice("status", Words("状态", "State"), list(notices.STATUS_WORDS.items()), "status"),
            Choice("form", Words("种类", "Kind"), list(forms.items()), "form"),
            Choice("region", Words("区县", "District"), REGION_OPTIONS, "region"),
        ],
        order="-created",
    )

    def learn(rows: Sequence[Any]) -> None:
        book.learn(each.tenderee for each in rows)
        became.update(trading.standings([each.code for each in rows]))

    return answered(request, "notices", shown, learn)


def _notice_text(rows: QuerySet[Any], text: str, given: Mapping[str, str]) -> QuerySet[Any]:
    found = begins_with(rows, text)
    return notices.notices_named(rows, text, given) if found is None else found


def _answered(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(answered_at__isnull=value == "open")


@route(LIST_OBJECTIONS)
@require_GET
def objections(request: HttpRequest) -> HttpResponse:
    """The objections that the actor may see; never who raised them."""

    @cache
    def clock(each: Any) -> law.Clock:
        return law.clock("W08", each.raised_at, on=each.lot.law_on or local_day(each.raised_at))

    columns = [
        Column(
            "lot",
            Words("标段", "Lot"),
            lambda each: f"{each.lot.project.name} · {each.lot.name}",
            sort="lot__project__name",
            link=lambda each: address("hall:lot", each.lot.code),
            known=of_party(request.actor, "lot__project"),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.lot.code, sort="lot__code", under="lot"),
        Column("raised", Words("提出时间", "Raised"), lambda each: each.raised_at, sort="raised_at"),
        Column("due", Words("答复期限", "Answer due"), lambda each: clock(each).result_at),
        Column("source", Words("依据", "Article"), lambda each: clock(each).limit.source),
        Column("answered", Words("答复时间", "Answered"), lambda each: each.answered_at, sort="answered_at"),
    ]
    shown = listing(
        request,
        trading.objections_for(request.actor),
        columns,
        search=of_lots_named,
        choices=[
            Choice(
                "state",
                Words("状态", "State"),
                [("open", Words("待答复", "not answered")), ("answered", Words("已答复", "answered"))],
                narrow=_answered,
            )
        ],
        order="-raised",
    )
    return answered(request, "objections", shown, nothing_to_learn)
