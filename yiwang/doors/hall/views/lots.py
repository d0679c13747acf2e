"""The lists of lots and of projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import Choice, Column, Typed, address, listing, route
from yiwang.doors.hall.list_pages import answered
from yiwang.doors.hall.lot_lists import (
    REGION_OPTIONS,
    begins_with,
    charge_of,
    lots_listing,
    of_parties,
    region_of,
    stage_of,
    stage_words,
)
from yiwang.doors.hall.names import NameBook
from yiwang.pure.kernel.actors import BIDDER
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now


@route(permissions.READ_LOT)
@require_GET
def lots(request: HttpRequest) -> HttpResponse:
    """The lots that the actor may see; for bidders all that were announced, or those they took part in."""
    actor, stages = request.actor, stage_words(business_now())
    shown, book, found, taken = lots_listing(request)
    divides = permissions.DIVIDE_WORK.allows(actor)

    def learn(rows: Sequence[Any]) -> None:
        book.learn(code for lot in rows for code in (lot.project.tenderee, lot.project.agency))
        if divides:
            book.learn_people(charge_of(lot) for lot in rows)

    mine = shown.extra.get("mine") == "yes"
    counts = trading.stage_counts_of_mine(actor, taken) if mine else trading.stage_counts(found)
    return answered(
        request,
        "lots",
        shown,
        learn,
        bidder=actor.role == BIDDER,
        mine=mine,
        stages=[(key, words, counted(counts[key])) for key, words in stages.items() if counts.get(key)],
        stage_here=shown.chosen["stage"],
        may_give=divides and shown.narrowed,
    )


@route(permissions.READ_LOT)
@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """The projects whose lots the actor may see."""
    actor, now = request.actor, business_now()
    stages, book = stage_words(now), NameBook()
    columns = [
        Column(
            "name",
            Words("项目", "Project"),
            lambda each: each.name,
            sort="name",
            link=lambda each: address("hall:project", each.code),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.code, sort="code", under="name"),
        book.column("tenderee", Words("招标人", "Tenderee"), lambda each: each.tenderee, "tenderee"),
        book.column(
            "agency", Words("代理机构", "Agency"), lambda each: each.agency, "agency", under="tenderee"
        ),
        Column("region", Words("区县", "District"), lambda each: region_of(each.region), sort="region"),
        Column("lots", Words("标段和阶段", "Lots and stages"), lambda each: _lots_words(each, stages)),
        Column(
            "registered",
            Words("登记时间", "Registered"),
            lambda each: each.registered_at,
            sort="registered_at",
        ),
    ]
    shown = listing(
        request,
        trading.projects_for(actor).prefetch_related("lots"),
        columns,
        search=_project_text,
        choices=[Choice("region", Words("区县", "District"), REGION_OPTIONS, "region")],
        fields=[Typed("party", Words("招标人或者代理机构", "Tenderee or agency"), of_parties(""))],
        order="-registered",
        left_out=trading.number_unannounced if actor.role == BIDDER else None,
    )

    def learn(rows: Sequence[Any]) -> None:
        book.learn(code for each in rows for code in (each.tenderee, each.agency))

    return answered(request, "projects", shown, learn)


def _project_text(rows: QuerySet[Any], text: str, given: Mapping[str, str]) -> QuerySet[Any]:
    found = begins_with(rows, text)
    return trading.projects_named(rows, text, given) if found is None else found


def _lots_words(project: Any, stages: Mapping[str, Words]) -> Words:
    """The lots of a project with their stages, in a line."""
    lots = [(lot.name, stage_of(stages, lot)) for lot in sorted(project.lots.all(), key=lambda lot: lot.code)]
    return Words(
        "；".join(f"{name}：{words.zh}" for name, words in lots),
        "; ".join(f"{name}: {words.en}" for name, words in lots),
    )


def counted(number: int) -> str:
    """A number of lots for reading: "10000+" where they are not counted any further."""
    return f"{number}+" if number >= trading.MOST_COUNTED else str(number)
