"""The rows of the calendar and of the messages, put together here: a template takes ten times as long for so many of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString, mark_safe

from yiwang.common.shell.api import address, deadline_html, instant_html, language_now, until_html
from yiwang.doors.hall.calendars import Shown
from yiwang.doors.hall.messages import Message
from yiwang.pure.kernel.words import Words

_SUSPENDED = Words("招标暂停", "suspended")
_CONFLICT = Words("冲突", "conflict")
_COUNT = Words("依据与计算", "Article and count")
_UNREAD = Words("未读", "unread")
_READ = Words("已阅", "read")
_READ_BY = Words("{} 已阅", "read by {}")
_UNTIL = Words("办理期限：", "Until: ")
_HAS_RUN = Words("期限已过", "its time has run")
_AS_UNREAD = Words("重新标为未读", "Mark as unread")
_AS_READ = Words("标为已读", "Mark as read")
_COLON = Words("：", ": ")


def _said(words: Words) -> str:
    return escape(words.in_language(language_now()))


def event_rows(events: Iterable[Shown]) -> SafeString:
    """The events of a day as ``<li>``."""
    return mark_safe("".join(map(_event_row, events)))  # noqa: S308 - escaped parts


def _event_row(shown: Shown) -> str:
    event = shown.event
    suspended = f' <span class="tag amber">{_said(_SUSPENDED)}</span>' if event.suspended else ""
    place = f'<p class="help">{escape(event.place)}</p>' if event.place else ""
    meets = "".join(
        f'<p class="event-meets"><span class="tag amber">{_said(_CONFLICT)}</span> '
        f'<a href="{escape(address("hall:lot", met.lot))}">{_said(met.words)}</a></p>'
        for met in shown.meets
    )
    count = ""
    if event.clock is not None:
        count = (
            f'<details class="deadline-how"><summary>{_said(_COUNT)}<span class="visually-hidden"> '
            f"{_said(event.words)} {escape(event.lot_name)}</span></summary>"
            f"{deadline_html(event.clock, None, quiet=True)}</details>"
        )
    return (
        f'<li class="event is-{escape(event.matter)}"><p class="event-what"><span class="event-time">{event.time}</span> '
        f"<strong>{_said(event.words)}</strong>{suspended}</p>\n"
        f'<p><a href="{escape(address("hall:lot", event.lot))}">{escape(event.project)} · {escape(event.lot_name)}</a></p>\n'
        f"{place}\n{meets}\n{count}</li>\n"
    )


def message_rows(request: HttpRequest, told: Iterable[Message], back: str, now: datetime) -> SafeString:
    """Messages as ``<li>``, each with its form; ``back`` is the page to which it returns."""
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(get_token(request))}">'
    hidden = f'{token}<input type="hidden" name="back" value="{escape(back)}">'
    return mark_safe("".join(_message_row(each, hidden, now) for each in told))  # noqa: S308 - escaped parts


def _message_row(told: Message, hidden: str, now: datetime) -> str:
    lot, do = escape(address("hall:lot", told.lot)), escape(address("hall:message", told.id))
    project, lot_name = escape(told.project), escape(told.lot_name)
    unread = "" if told.read else f'<span class="tag amber">{_said(_UNREAD)}</span> '
    read = f" · {_read_by(told)} {instant_html(told.read_at)}" if told.read else ""
    quiet = " quiet" if told.read or not told.running else ""
    mark, words = ("unread", _AS_UNREAD) if told.read else ("read", _AS_READ)
    which, opens = (
        f'<a href="{lot}">{project} · {lot_name}</a>',
        (
            f'<button class="button{quiet}" name="as" value="open">{_said(told.act)}<span class="visually-hidden">{_said(_COLON)}'
            f'<span lang="zh-Hans">{project} {lot_name}</span></span></button>\n'
        ),
    )
    if told.closed:
        which, opens = f'<span lang="zh-Hans">{project} · {lot_name}</span>', ""
    return (
        f'<li class="message{"" if told.read else " is-unread"}">\n'
        f'<div class="message-what">{unread}<span class="tag">{_said(told.category)}</span>\n'
        f'<p class="message-words">{_said(told.words)}</p>\n'
        f'<p class="help">{which} · {instant_html(told.told_at)}{read}</p>\n'
        f"{_due(told, now)}</div>\n"
        f'<form method="post" action="{do}" class="message-do">{hidden}\n'
        f"{opens}"
        f'<button class="link" name="as" value="{mark}">{_said(words)}</button></form>\n</li>\n'
    )


def _read_by(told: Message) -> str:
    return _said(_READ_BY).format(escape(told.read_by)) if told.read_by else _said(_READ)


def _due(told: Message, now: datetime) -> str:
    if told.running and told.due_at is not None:
        return f'<p class="message-due">{_said(_UNTIL)}{until_html(told.due_at, now)}</p>'
    if told.due_at is not None and not told.read:
        return f'<p class="message-due"><span class="tag">{_said(_HAS_RUN)}</span></p>'
    return ""
