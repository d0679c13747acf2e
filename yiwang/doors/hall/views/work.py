"""The lists of what waits: to-dos, and for supervisor and centre what stands still, is late or was warned of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import Choice, Column, address, listing, route, say
from yiwang.doors.hall.links import is_open_since, queues, step_url
from yiwang.doors.hall.list_pages import answered, nothing_to_learn
from yiwang.doors.hall.lot_lists import WITHIN, whose_choice
from yiwang.doors.hall.names import NameBook
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, SUPERVISOR, TENDEREE, permission
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

LIST_TODOS = permission("hall.list-todos", TENDEREE, AGENCY, BIDDER, CENTRE, SUPERVISOR)

TODO_COLUMNS = [
    Column(
        "what",
        Words("事项", "To do"),
        lambda each: each.words,
        sort="self",
        link=step_url,
    ),
    Column("project", Words("项目", "Project"), lambda each: each.project, sort="self"),
    Column("lot", Words("标段", "Lot"), lambda each: each.lot_name, under="project"),
    Column(
        "code",
        Words("编号", "Code"),
        lambda each: each.lot,
        sort="self",
        link=lambda each: address("hall:lot", each.lot),
        under="project",
    ),
    Column("due", Words("期限", "Due"), lambda each: each.due_at, sort="self"),
    Column(
        "source",
        Words("依据", "Article"),
        lambda each: each.clock.limit.source if each.clock else None,
    ),
    Column("why", Words("还不能办理的原因", "Why not yet"), lambda each: each.waiting),
    Column("beside", Words("其间责令暂停", "Suspended meanwhile"), lambda each: each.beside, under="due"),
]


@route(LIST_TODOS)
@require_GET
def todo_list(request: HttpRequest) -> HttpResponse:
    """Everything that the actor may or must do, with its deadline and article."""
    actor, now = request.actor, business_now()
    whose = whose_choice(actor, now)
    asked = request.GET.get("whose", "")
    lots = trading.lots_for(actor)
    if whose and any(asked == value for value, _ in whose[0].options):
        lots = trading.lots_in_charge(actor, lots, asked, local_day(now))
    found = trading.todos(actor, now, lots)
    within = request.GET.get("within", "")
    if within in WITHIN:
        found = [each for each in found if is_due(each, within, now)]
    steps = {each.step: each.words for each in found}
    shown = listing(
        request,
        found,
        TODO_COLUMNS,
        search=("all",),
        choices=[
            Choice("step", Words("事项", "To do"), list(steps.items()), lambda each: each.step),
            Choice(
                "state",
                Words("状态", "State"),
                [("ready", Words("可办理", "ready")), ("later", Words("还不能办理", "not yet possible"))],
                lambda each: "ready" if each.waiting is None else "later",
            ),
        ],
        extra={
            key: value
            for key, value in (("within", within if within in WITHIN else ""), ("whose", asked))
            if value
        },
    )
    return answered(
        request,
        "todos",
        shown,
        nothing_to_learn,
        within=within,
        whose=asked,
        whoses=whose[0].options[:2] if whose else [],
        withins=list(WITHIN.items()),
        queues=queues(found),
    )


def is_due(todo: trading.ToDo, value: str, now: datetime) -> bool:
    """Whether a to-do falls due within so many days, or was due (``overdue``)."""
    due_at = todo.due_at
    if due_at is None or is_open_since(todo, now):
        return False
    return due_at <= now if value == "overdue" else now < due_at <= now + timedelta(days=int(value))


WATCHED_WORDS = {
    "suspended": Words("暂停", "suspended"),
    "late": Words("超期", "late"),
    "warned": Words("预警", "warned"),
}


@route(permissions.READ_FINDINGS)
@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """Every lot that stands still, is late, or was warned of, with the article; for supervisor and centre."""
    found = trading.watched(request.actor, business_now())
    book = NameBook()
    columns = [
        Column(
            "lot",
            Words("标段", "Lot"),
            lambda each: f"{each.project} · {each.lot_name}",
            sort="self",
            link=lambda each: address("hall:lot", each.lot),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.lot, sort="self", under="lot"),
        Column("kind", Words("类别", "Kind"), lambda each: WATCHED_WORDS[each.kind], sort="self"),
        book.column("tenderee", Words("招标人", "Tenderee"), lambda each: each.tenderee, "self"),
        Column("what", Words("情况", "What"), _what),
        Column("source", Words("依据", "Article"), lambda each: each.source),
        Column("since", Words("起", "Since"), lambda each: each.since_at, sort="self"),
        Column("late", Words("超期日数", "Days late"), lambda each: each.days_late, sort="self"),
    ]
    book.learn(each.tenderee for each in found)
    shown = listing(
        request,
        found,
        columns,
        search=("all",),
        choices=[Choice("kind", Words("类别", "Kind"), list(WATCHED_WORDS.items()), lambda each: each.kind)],
    )
    return answered(request, "findings", shown, nothing_to_learn)


def _what(watched: trading.Watched) -> object:
    return (
        watched.words
        if watched.finding is None
        else say(watched.finding).partition("（依据")[0].partition(" (Source")[0]
    )
