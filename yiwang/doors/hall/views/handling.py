"""What the supervisor does with complaints: the list of them, and each act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import Choice, Column, listing, posted, route
from yiwang.doors.hall.complaint_acts import confirm_act, typed_act
from yiwang.doors.hall.forms.complaining import (
    AppraisalForm,
    DecisionForm,
    InquiryForm,
    OrderForm,
    RefusalForm,
)
from yiwang.doors.hall.list_pages import answered
from yiwang.doors.hall.lot_lists import WITHIN, of_lots_named
from yiwang.doors.hall.names import NameBook
from yiwang.doors.hall.views.complaining import visible_complaint
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

Warnings = tuple[Finding, ...]
SIDES = {
    "complainant": Words("本单位投诉", "made by us"),
    "respondent": Words("投诉本单位", "about us"),
    "corrector": Words("责令本单位改正", "orders us to correct"),
    "authority": Words("本部门处理", "made to us"),
}


CORRECTIONS = {
    "open": Words("待执行", "to be carried out"),
    "done": Words("已执行或者不再需要执行", "carried out, or nothing left to"),
}


def _corrected(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Narrows to decisions that order something: still to be carried out, or not any more."""
    return rows.exclude(corrector="").filter(corrected_at__isnull=value == "open")


def _due(actor: Actor, now: datetime) -> Any:
    """Narrows to open complaints whose time ends soon, or has ended."""

    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        found = []
        for row, _, clock in trading.complaints_due(actor):
            if clock is not None:
                late = clock.result_at <= now
                soon = not late and value != "overdue" and clock.result_at <= now + timedelta(days=int(value))
                found += [row.pk] if soon or (late and value == "overdue") else []
        return rows.filter(pk__in=found)

    return narrow


def _columns(actor: Actor, book: NameBook, now: datetime) -> list[Column]:
    stages = trading.complaint_stages(now)
    counted: dict[int, Any] = {}

    def clock(each: Any) -> Any:
        """The time that runs for the body, counted once a row."""
        if each.pk not in counted:
            counted[each.pk] = trading.complaint_clock(each)
        return counted[each.pk]

    columns = [
        Column(
            "lot",
            Words("标段", "Lot"),
            lambda each: f"{each.lot.project.name} · {each.lot.name}",
            sort="lot__project__name",
            link=lambda each: reverse("hall:complaint", args=[each.code]),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.lot.code, sort="lot__code", under="lot"),
        Column(
            "matter", Words("事项", "About"), lambda each: trading.MATTER_WORDS[each.matter], sort="matter"
        ),
    ]
    if actor.role == SUPERVISOR:
        columns += [
            book.column(
                "complainant", Words("投诉人", "Complainant"), lambda each: each.complainant, "complainant"
            ),
        ]
    else:
        columns.append(
            Column("side", Words("关系", "Side"), lambda each: SIDES[trading.side_of(actor, each)])
        )
        columns.append(
            book.column(
                "authority", Words("处理部门", "Handled by"), lambda each: each.authority, "authority"
            )
        )
    columns += [
        book.column(
            "respondent", Words("被投诉人", "Respondent"), lambda each: each.respondent, "respondent"
        ),
        Column("made", Words("收到", "Received"), lambda each: each.made_at, sort="made_at"),
        Column("stage", Words("状态", "State"), lambda each: stages[each.stage], sort="stage"),
    ]
    if actor.role == SUPERVISOR:
        columns += [
            Column("due", Words("最迟", "Due"), lambda each: clock(each).result_on if clock(each) else None),
            Column(
                "source",
                Words("依据", "Article"),
                lambda each: clock(each).limit.source if clock(each) else None,
                under="due",
            ),
        ]
    return [*columns, Column("ended", Words("办结", "Ended"), lambda each: each.ended_at, sort="ended_at")]


@route(permissions.READ_COMPLAINTS)
@require_GET
def complaints(request: HttpRequest) -> HttpResponse:
    """The complaints that the actor may know of: those made to one's body, one's own, those about oneself."""
    actor, now, book = request.actor, business_now(), NameBook()
    stages = trading.complaint_stages(now)
    choices = [
        Choice("stage", Words("状态", "State"), list(stages.items()), "stage"),
        Choice("matter", Words("事项", "About"), list(trading.MATTER_WORDS.items()), "matter"),
        Choice("correction", Words("责令改正", "Ordered"), list(CORRECTIONS.items()), narrow=_corrected),
    ]
    if actor.role == SUPERVISOR:
        choices.append(Choice("within", Words("期限", "Due"), list(WITHIN.items()), narrow=_due(actor, now)))
    shown = listing(
        request,
        trading.complaints_for(actor),
        _columns(actor, book, now),
        search=of_lots_named,
        choices=choices,
        order="-made",
    )

    def learn(rows: Sequence[Any]) -> None:
        book.learn(code for row in rows for code in (row.complainant, row.respondent, row.authority))

    return answered(request, "complaints", shown, learn)


@route(permissions.HANDLE_COMPLAINTS)
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Accepts a complaint."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)
    return confirm_act(request, "accept", found, lambda: trading.accept_complaint(actor, code, now))


@route(permissions.HANDLE_COMPLAINTS)
def refuse(request: HttpRequest, code: str) -> HttpResponse:
    """Does not accept a complaint, on a ground of the law."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)
    form = RefusalForm(found[0].law_on or local_day(now), posted(request))

    def do(typed: dict[str, Any], papers: list[tuple[str, str]]) -> Warnings:
        return trading.refuse_complaint(actor, code, typed["ground"], typed["reason"], now)

    return typed_act(request, "refuse", found, form, do)


@route(permissions.HANDLE_COMPLAINTS)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Asks the respondent for an answer."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)

    def do(typed: dict[str, Any], papers: list[tuple[str, str]]) -> None:
        trading.ask_respondent(actor, code, typed["text"], typed["until_on"], now)

    return typed_act(request, "ask", found, InquiryForm(posted(request)), do)


@route(permissions.HANDLE_COMPLAINTS)
def suspend(request: HttpRequest, code: str) -> HttpResponse:
    """Orders the tender to be suspended."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)

    def do(typed: dict[str, Any], papers: list[tuple[str, str]]) -> None:
        trading.order_suspension(actor, code, typed["reason"], now)

    return typed_act(request, "suspend", found, OrderForm(posted(request)), do)


@route(permissions.HANDLE_COMPLAINTS)
def lift(request: HttpRequest, code: str) -> HttpResponse:
    """Lets the tender go on."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)
    return confirm_act(request, "lift", found, lambda: trading.lift_suspension(actor, code, now))


@route(permissions.HANDLE_COMPLAINTS)
def appraisal(request: HttpRequest, code: str) -> HttpResponse:
    """Enters that something is inspected, tested, appraised or reviewed."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)

    def do(typed: dict[str, Any], papers: list[tuple[str, str]]) -> None:
        trading.begin_appraisal(actor, code, typed["text"], now)

    return typed_act(request, "appraisal", found, AppraisalForm(posted(request)), do)


@route(permissions.HANDLE_COMPLAINTS)
def appraised(request: HttpRequest, code: str) -> HttpResponse:
    """Enters that the result of the appraisal is there."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)
    return confirm_act(request, "appraised", found, lambda: trading.end_appraisal(actor, code, now))


@route(permissions.HANDLE_COMPLAINTS)
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Decides a complaint in writing."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)
    lot, page = found
    on, ordered = lot.law_on or local_day(now), page.ordered_at is not None
    form = DecisionForm(on, ordered, posted(request), request.FILES or None)

    def do(typed: dict[str, Any], papers: list[tuple[str, str]]) -> Warnings:
        return trading.decide_complaint(
            actor,
            code,
            typed["outcome"],
            typed["reason"],
            papers,
            now,
            typed["ground"],
            bool(typed.get("keeps")),
            typed["correction"],
        )

    return typed_act(request, "decide", found, form, do)
