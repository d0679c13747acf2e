"""The message centre: all that an organisation was told, and copies by mail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import Choice, Column, Listing, listing, posted, refusing, route, wants_excel
from yiwang.doors.hall.categories import (
    CATEGORY_WORDS,
    KNOWN_MATTERS,
    OTHER,
    categories_for,
    category_of,
    matters_of,
)
from yiwang.doors.hall.edge import REFUSED_STATUS, language, render, said_done
from yiwang.doors.hall.forms.mail import MailForm
from yiwang.doors.hall.lot_lists import of_lots_named
from yiwang.doors.hall.mail import confirm_address, stop_copies, wish_copies, wish_of
from yiwang.doors.hall.messages import SHOWN, act_of, shown_messages
from yiwang.doors.hall.rows import message_rows
from yiwang.doors.hall.words import MESSAGES, UNNAMED_MESSAGE
from yiwang.pure.kernel.actors import EXPERT
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

COLUMNS = (
    Column("told", Words("时间", "When"), lambda told: told.told_at, sort="told_at"),
    Column("category", Words("类别", "Category"), lambda told: CATEGORY_WORDS[category_of(told.matter)]),
    Column("what", Words("内容", "What"), lambda told: MESSAGES.get(told.matter, UNNAMED_MESSAGE)),
    Column("project", Words("项目", "Project"), lambda told: told.lot.project.name),
    Column("lot", Words("标段", "Lot"), lambda told: told.lot.name),
    Column("code", Words("标段编号", "Code of the lot"), lambda told: told.lot.code),
    Column("due", Words("办理期限", "Until"), lambda told: told.due_at, sort="due_at"),
    Column("act", Words("办理", "To do"), lambda told: act_of(told)[0]),
    Column("read", Words("阅读时间", "Read"), lambda told: told.read_at),
)


def _category(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == OTHER:
        return rows.exclude(matter__in=KNOWN_MATTERS)
    return rows.filter(matter__in=matters_of(value))


def _state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "due":
        return rows.filter(due_at__gt=business_now())
    return rows.filter(read_at__isnull=value == "unread")


STATES = Choice(
    "state",
    Words("状态", "State"),
    [
        ("unread", Words("未读", "Unread")),
        ("read", Words("已读", "Read")),
        ("due", Words("有期限未到", "With a deadline ahead")),
    ],
    narrow=_state,
)


def _messages(request: HttpRequest) -> Listing:
    rows = trading.urgent_first(trading.messages_for(request.actor).only(*SHOWN), business_now())
    categories = list(categories_for(request.actor.role).items())
    choices = (STATES, Choice("category", Words("类别", "Category"), categories, narrow=_category))
    return listing(request, rows, COLUMNS, search=of_lots_named, choices=choices)


@route(permissions.READ_MESSAGES)
@require_GET
def messages_page(request: HttpRequest) -> HttpResponse:
    """All that my organisation was told: what asks for an act soon comes first."""
    shown, now = _messages(request), business_now()
    if wants_excel(request):
        return shown.excel("messages")
    told, back = shown_messages(shown.page.object_list, now), request.get_full_path()
    context = {
        "listing": shown,
        "told": message_rows(request, told, back, now),
        "unread_here": shown.counted_with(read_at__isnull=True),
        "back": back,
        "query": request.GET.urlencode(),
        "copies": permissions.WISH_COPIES.allows(request.actor),
    }
    return render(request, "hall/messages.html", context)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the form came from; the list of messages where that is nowhere here."""
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe and back.startswith("/") else reverse("hall:messages"))


@route(permissions.READ_MESSAGES)
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Everything that the filter of the page shows, and that was told up to now, is read."""
    trading.mark_messages_read(request.actor, business_now(), _messages(request).found)
    return _back(request)


@route(permissions.READ_MESSAGES)
@require_POST
def mark_one(request: HttpRequest, number: int) -> HttpResponse:
    """One message is read, or unread again, or opened: read, and on to its act."""
    actor, now = request.actor, business_now()
    trading.mark_message(actor, number, request.POST.get("as") != "unread", now)
    if request.POST.get("as") == "open":
        return redirect(act_of(trading.messages_for(actor).get(pk=number))[1])
    return _back(request)


@route(permissions.WISH_COPIES)
def mail(request: HttpRequest) -> HttpResponse:
    """Whether copies go out by mail, where to, and of which categories."""
    actor, now = request.actor, business_now()
    wish = wish_of(actor)
    if request.method == "POST" and request.POST.get("do") == "stop":
        stop_copies(actor)
        said_done(request)
        return redirect("hall:mail")
    categories = categories_for(actor.role)
    initial: dict[str, object] = {"categories": list(categories)}
    if wish is not None:
        initial = {"address": wish.address, "categories": wish.categories}
    form = MailForm(categories, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        wish_copies(actor, form.cleaned_data["address"], form.cleaned_data["categories"], language(), now)
        said_done(request)
        return redirect("hall:mail")
    status = REFUSED_STATUS if request.method == "POST" else 200
    context = {"form": form, "wish": wish, "expert": actor.role == EXPERT}
    return render(request, "hall/mail.html", context, status=status)


@route(permissions.WISH_COPIES)
def mail_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The letter that asks to confirm an address leads here."""
    if request.method == "POST":
        form = MailForm({}, {})
        with refusing(form):
            confirm_address(request.actor, token, business_now())
            said_done(request)
            return redirect("hall:mail")
        return render(request, "hall/mail_confirm.html", {"form": form}, status=REFUSED_STATUS)
    return render(request, "hall/mail_confirm.html", {"form": None})
