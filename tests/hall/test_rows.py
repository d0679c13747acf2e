"""Rows that are put together without a template: whatever somebody typed stands in them as text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import RequestFactory
from django.utils import translation

from yiwang.business.trading import api as trading
from yiwang.doors.hall.calendars import Meeting, Shown
from yiwang.doors.hall.messages import Message
from yiwang.doors.hall.rows import event_rows, message_rows
from yiwang.law import api as law
from yiwang.pure.kernel.words import Words

HOSTILE = """<script>alert("1")</script>'&amp;{0}{}%s"""
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LOT = "C6205000001500001001001"
EVENT = trading.Event("opening", LOT, HOSTILE, HOSTILE, AT, False, law.clock("W03", date(2026, 2, 2), on=date(2026, 2, 2)), HOSTILE, True)  # fmt: skip
MESSAGE = Message(
    7, Words("一", "one"), Words("类", "kind"), LOT, HOSTILE, HOSTILE, AT, AT + timedelta(hours=5), True, True, AT, HOSTILE, Words("办", "do"), "/hall/"
)  # fmt: skip


class Page(HTMLParser):
    """What a browser reads: the elements with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements, self.text = list[tuple[str, dict[str, str | None]]](), ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_event_shows_hostile_names_and_places_as_text(language: str) -> None:
    with translation.override(language):
        rows = event_rows([Shown(EVENT, (Meeting(Words(HOSTILE, HOSTILE), LOT),))])
    page = Page(rows)
    assert "script" not in page.tags()
    assert (
        page.text.count(HOSTILE) == 5
    )  # project, lot, place, what it meets, and the lot behind "article and count"
    assert next(attributes["href"] for tag, attributes in page.elements if tag == "a").endswith(
        f"/hall/lots/{LOT}/"
    )
    assert "第二十四条" in page.text
    assert ("招标暂停" if language == "zh-hans" else "suspended") in page.text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("read", [True, False])
def test_a_message_shows_hostile_names_as_text_and_returns_to_a_hostile_address(
    language: str, read: bool
) -> None:
    back = f'/hall/messages/?q="><script>{HOSTILE}'
    with translation.override(language):
        rows = message_rows(RequestFactory().get("/"), [replace(MESSAGE, read=read)], back, AT)
    page = Page(rows)
    assert "script" not in page.tags()
    assert page.text.count(HOSTILE) == (5 if read else 4)  # twice project and lot, and who read it
    values = {
        attributes["name"]: attributes["value"]
        for tag, attributes in page.elements
        if tag in ("input", "button")
    }
    assert values["back"] == back
    assert len(values["csrfmiddlewaretoken"]) == 64
    assert [attributes["value"] for tag, attributes in page.elements if tag == "button"] == [
        "open",
        "unread" if read else "read",
    ]


def test_a_time_that_has_run_is_said_of_unread_messages_only() -> None:
    run = replace(MESSAGE, running=False, read=False, read_by="")
    for told, said in ((run, True), (replace(run, read=True), False), (replace(run, due_at=None), False)):
        assert ("期限已过" in message_rows(RequestFactory().get("/"), [told], "/", AT)) == said
    running = message_rows(RequestFactory().get("/"), [MESSAGE], "/", AT)
    assert re.search(r'办理期限：<span class="until is-soon">.*还有 5 小时 0 分', running)
