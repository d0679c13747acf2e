"""The lists of the hall: lots, projects, notices, objections, to-dos; filtered in the address, and Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity.api import organisations_called
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import Choice, Column, Listing, Typed, listing, route, say, wants_excel
from yiwang.doors.hall.edge import render, said_done
from yiwang.doors.hall.links import is_open_since, queues, step_url
from yiwang.doors.hall.names import NameBook
from yiwang.doors.hall.saved import PAGES, drop_view, save_view, views_of
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, SUPERVISOR, TENDEREE, Actor, permission
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

WORKS_OPEN = "works-open"
LIST_NOTICES = permission("hall.list-notices", TENDEREE, AGENCY, CENTRE, SUPERVISOR)
LIST_OBJECTIONS = permission("hall.list-objections", TENDEREE, AGENCY, BIDDER, SUPERVISOR)
LIST_TODOS = permission("hall.list-todos", TENDEREE, AGENCY, BIDDER, CENTRE)
WITHIN = {
    "1": Words("24 小时内", "within 24 hours"),
    "3": Words("3 日内", "within 3 days"),
    "7": Words("7 日内", "within 7 days"),
    "30": Words("30 日内", "within 30 days"),
    "overdue": Words("已超期", "overdue"),
}
REGION_OPTIONS = [(code, Words(*names)) for code, names in REGIONS.items()]


def answered(
    request: HttpRequest, page: str, shown: Listing, learn: Callable[[Sequence[Any]], None], **more: Any
) -> HttpResponse:
    """The page of a list with its saved views, or its Excel file; ``learn`` looks up names for the rows shown."""
    if wants_excel(request):
        learn(shown.found)
        return shown.excel(page)
    learn(shown.page.object_list)
    context = {"listing": shown, "page_name": page, "saved_views": views_of(request, page), **more}
    context["query"] = request.GET.urlencode()
    return render(request, f"hall/{page}.html", context)


def _unlearned(rows: Sequence[Any]) -> None:
    """For lists without names to look up."""


def of_parties(prefix: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """Narrows to lots or projects of tenderees and agencies whose name contains a text."""

    def narrow(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        codes = organisations_called(text)
        return rows.filter(Q(**{f"{prefix}tenderee__in": codes}) | Q(**{f"{prefix}agency__in": codes}))

    return narrow


def lot_text(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Narrows lots to a text in names or codes; what looks like a code is looked up by its beginning."""
    if text.upper().startswith("C62") and text.isalnum() and text.isascii():
        return rows.filter(code__startswith=text.upper())
    return trading.lots_named(rows, text)


def due_within(actor: Actor, now: datetime) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """Narrows lots to those in which something falls due soon, or was due and is not done."""

    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "overdue":
            return trading.overdue(actor, rows, now)
        return trading.falling_due(actor, rows, now, now + timedelta(days=int(value)))

    return narrow


def _standing(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "suspended":
        return rows.filter(Q(suspended_at__isnull=False) | Q(postponed_at__isnull=False))
    return rows.filter(stage__in=trading.LIVE if value == "live" else trading.OVER)


STANDING = Choice(
    "standing",
    Words("状态", "State"),
    [
        ("live", Words("办理中", "under way")),
        ("suspended", Words("暂停中", "suspended")),
        ("over", Words("已结束", "over")),
    ],
    narrow=_standing,
)


def stage_words(now: datetime) -> dict[str, Words]:
    """The words of every stage, by today's law."""
    return {each.id: each.words for each in law.procedure(WORKS_OPEN, on=local_day(now)).stages}


def _stage(stages: Mapping[str, Words], lot: Any) -> Words:
    words = stages.get(lot.stage, Words(lot.stage, lot.stage))
    if lot.suspended_at or lot.postponed_at:
        return Words(f"{words.zh}（暂停）", f"{words.en} (suspended)")
    return words


def lot_columns(stages: Mapping[str, Words], book: NameBook) -> list[Column]:
    """The columns of a list of lots."""
    return [
        Column(
            "name",
            Words("标段", "Lot"),
            lambda lot: f"{lot.project.name} · {lot.name}",
            sort="project__name",
            link=lambda lot: reverse("hall:lot", args=[lot.code]),
        ),
        Column("code", Words("编号", "Code"), lambda lot: lot.code, sort="code"),
        book.column(
            "tenderee", Words("招标人", "Tenderee"), lambda lot: lot.project.tenderee, "project__tenderee"
        ),
        book.column("agency", Words("代理机构", "Agency"), lambda lot: lot.project.agency, "project__agency"),
        Column(
            "region",
            Words("区县", "District"),
            lambda lot: _region(lot.project.region),
            sort="project__region",
        ),
        Column("stage", Words("阶段", "Stage"), lambda lot: _stage(stages, lot), sort="stage"),
        Column(
            "estimate",
            Words("估算价", "Estimate"),
            lambda lot: lot.estimate_fen,
            sort="estimate_fen",
            amount=True,
        ),
        Column("deadline", Words("投标截止", "Deadline"), lambda lot: lot.deadline_at, sort="deadline_at"),
        Column(
            "since",
            Words("进入本阶段", "In this stage since"),
            lambda lot: lot.stage_since_at,
            sort="stage_since_at",
        ),
    ]


def _region(code: str) -> Words:
    return Words(*REGIONS.get(code, (code, code)))


def whose_choice(actor: Actor, now: datetime) -> list[Choice]:
    """The filter by who is in charge; none for roles that divide no work."""
    if not permissions.DIVIDE_WORK.allows(actor):
        return []

    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return trading.lots_in_charge(actor, rows, value, local_day(now))

    mates = [(code, Words(name, name)) for code, name in trading.work_mates(actor) if code != actor.person]
    own = [("mine", Words("我负责的", "mine")), ("unassigned", Words("无人负责", "nobody's"))]
    return [Choice("whose", Words("负责人", "In charge"), [*own, *mates[:MOST_MATES]], narrow=narrow)]


MOST_MATES = 50


def lots_listing(request: HttpRequest) -> tuple[Listing, NameBook, Any]:
    """The list of lots as the address asks, with the names that its rows need, and all lots before filtering."""
    actor, now = request.actor, business_now()
    stages, book = stage_words(now), NameBook()
    mine = actor.role == BIDDER and request.GET.get("mine") == "yes"
    found: Any = trading.my_lots(actor) if mine else trading.lots_for(actor)
    columns, divides = lot_columns(stages, book), permissions.DIVIDE_WORK.allows(actor)
    if divides:
        columns.append(book.people("charge", Words("负责人", "In charge"), _charge))
    shown = listing(
        request,
        trading.with_charges(actor, found) if divides else found,
        columns,
        search=lot_text,
        choices=[
            Choice("stage", Words("阶段", "Stage"), list(stages.items()), "stage"),
            STANDING,
            Choice("due", Words("期限", "Due"), list(WITHIN.items()), narrow=due_within(actor, now)),
            Choice("region", Words("区县", "District"), REGION_OPTIONS, "project__region"),
            *whose_choice(actor, now),
        ],
        fields=[Typed("party", Words("招标人或者代理机构", "Tenderee or agency"), of_parties("project__"))],
        order="-since",
        extra={"mine": "yes"} if mine else None,
    )
    return shown, book, found


def _charge(lot: Any) -> str:
    return lot.own_charges[0].person if lot.own_charges else ""


@route(permissions.READ_LOT)
@require_GET
def lots(request: HttpRequest) -> HttpResponse:
    """The lots that the actor may see; for bidders all that were announced, or those they took part in."""
    actor, stages = request.actor, stage_words(business_now())
    shown, book, found = lots_listing(request)
    divides = permissions.DIVIDE_WORK.allows(actor)

    def learn(rows: Sequence[Any]) -> None:
        book.learn(code for lot in rows for code in (lot.project.tenderee, lot.project.agency))
        if divides:
            book.learn_people(_charge(lot) for lot in rows)

    counts = trading.stage_counts(found)
    return answered(
        request,
        "lots",
        shown,
        learn,
        bidder=actor.role == BIDDER,
        mine=shown.extra.get("mine") == "yes",
        stages=[(key, words, counts[key]) for key, words in stages.items() if counts.get(key)],
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
            link=lambda each: reverse("hall:project", args=[each.code]),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.code, sort="code"),
        book.column("tenderee", Words("招标人", "Tenderee"), lambda each: each.tenderee, "tenderee"),
        book.column("agency", Words("代理机构", "Agency"), lambda each: each.agency, "agency"),
        Column("region", Words("区县", "District"), lambda each: _region(each.region), sort="region"),
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
    )

    def learn(rows: Sequence[Any]) -> None:
        book.learn(code for each in rows for code in (each.tenderee, each.agency))

    return answered(request, "projects", shown, learn)


def _project_text(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    if text.upper().startswith("C62") and text.isalnum() and text.isascii():
        return rows.filter(code__startswith=text.upper())
    return rows.filter(Q(name__icontains=text) | Q(code__icontains=text))


def _lots_words(project: Any, stages: Mapping[str, Words]) -> Words:
    """The lots of a project with their stages, in a line."""
    lots = [(lot.name, _stage(stages, lot)) for lot in project.lots.all()]
    return Words(
        "；".join(f"{name}：{words.zh}" for name, words in lots),
        "; ".join(f"{name}: {words.en}" for name, words in lots),
    )


def _notices_of(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = notices.stored_notices()
    if actor.role == TENDEREE:
        return rows.filter(tenderee=actor.organisation)
    return rows.filter(drafted_for=actor.organisation) if actor.role == AGENCY else rows


@route(LIST_NOTICES)
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """The notices of the actor's organisation, all for the centre and the supervisor."""
    on, book = local_day(business_now()), NameBook()
    forms = {each.id: each.words for each in law.notice_forms(on)}
    columns = [
        Column(
            "title",
            Words("公告", "Notice"),
            lambda each: each.title,
            sort="title",
            link=lambda each: reverse("hall:notice", args=[each.code]),
        ),
        Column("form", Words("种类", "Kind"), lambda each: forms.get(each.form, Words(each.form, each.form))),
        book.column("tenderee", Words("招标人", "Tenderee"), lambda each: each.tenderee, "tenderee"),
        Column("region", Words("区县", "District"), lambda each: _region(each.region), sort="region"),
        Column(
            "status", Words("状态", "State"), lambda each: notices.STATUS_WORDS[each.status], sort="status"
        ),
        Column("due", Words("定于", "Due to appear"), lambda each: each.publish_at, sort="publish_at"),
        Column(
            "published", Words("发布时间", "Published"), lambda each: each.published_at, sort="published_at"
        ),
        Column("created", Words("起草时间", "Drafted"), lambda each: each.created_at, sort="created_at"),
    ]
    shown = listing(
        request,
        _notices_of(request.actor),
        columns,
        search=("title", "about"),
        choices=[
            Choice("status", Words("状态", "State"), list(notices.STATUS_WORDS.items()), "status"),
            Choice("form", Words("种类", "Kind"), list(forms.items()), "form"),
            Choice("region", Words("区县", "District"), REGION_OPTIONS, "region"),
        ],
        order="-created",
    )
    return answered(request, "notices", shown, lambda rows: book.learn(each.tenderee for each in rows))


def _answered(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(answered_at__isnull=value == "open")


@route(LIST_OBJECTIONS)
@require_GET
def objections(request: HttpRequest) -> HttpResponse:
    """The objections that the actor may see; never who raised them."""

    def clock(each: Any) -> law.Clock:
        return law.clock("W08", each.raised_at, on=each.lot.law_on or local_day(each.raised_at))

    columns = [
        Column(
            "lot",
            Words("标段", "Lot"),
            lambda each: f"{each.lot.project.name} · {each.lot.name}",
            sort="lot__project__name",
            link=lambda each: reverse("hall:lot", args=[each.lot.code]),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.lot.code, sort="lot__code"),
        Column("raised", Words("提出时间", "Raised"), lambda each: each.raised_at, sort="raised_at"),
        Column("due", Words("答复期限", "Answer due"), lambda each: clock(each).result_at),
        Column("source", Words("依据", "Article"), lambda each: clock(each).limit.source),
        Column("answered", Words("答复时间", "Answered"), lambda each: each.answered_at, sort="answered_at"),
    ]
    shown = listing(
        request,
        trading.objections_for(request.actor),
        columns,
        search=("lot__name", "lot__code", "lot__project__name"),
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
    return answered(request, "objections", shown, _unlearned)


TODO_COLUMNS = [
    Column(
        "what",
        Words("事项", "To do"),
        lambda each: each.words,
        sort="self",
        link=step_url,
    ),
    Column("project", Words("项目", "Project"), lambda each: each.project, sort="self"),
    Column("lot", Words("标段", "Lot"), lambda each: each.lot_name),
    Column(
        "code",
        Words("编号", "Code"),
        lambda each: each.lot,
        sort="self",
        link=lambda each: reverse("hall:lot", args=[each.lot]),
    ),
    Column("due", Words("期限", "Due"), lambda each: each.due_at, sort="self"),
    Column(
        "source",
        Words("依据", "Article"),
        lambda each: each.clock.limit.source if each.clock else None,
    ),
    Column("why", Words("还不能办理的原因", "Why not yet"), lambda each: each.waiting),
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
        _unlearned,
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


@route(permissions.READ_LOT)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keeps the list in front of the reader under a name."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    save_view(request.actor, page, request.POST.get("name", ""), query, business_now())
    said_done(request)
    return redirect(f"{reverse(PAGES[page])}?{query}")


@route(permissions.READ_LOT)
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Forgets a saved list."""
    drop_view(request.actor, number)
    page = request.POST.get("page", "lots")
    return redirect(PAGES.get(page, "hall:lots"))


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
        Column("kind", Words("类别", "Kind"), lambda each: WATCHED_WORDS[each.kind], sort="self"),
        Column(
            "lot",
            Words("标段", "Lot"),
            lambda each: f"{each.project} · {each.lot_name}",
            sort="self",
            link=lambda each: reverse("hall:lot", args=[each.lot]),
        ),
        Column("code", Words("编号", "Code"), lambda each: each.lot, sort="self"),
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
    return answered(request, "findings", shown, _unlearned)


def _what(watched: trading.Watched) -> object:
    return (
        watched.words
        if watched.finding is None
        else say(watched.finding).partition("（依据")[0].partition(" (Source")[0]
    )
