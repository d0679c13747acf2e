"""Who follows a search is told of what fits it, once, after saying yes, until saying no; and nobody learns of whom."""

from __future__ import annotations

import logging
import re
import smtplib
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.site.api_world import Town, town
from tests.website.test_search import put
from yiwang.doors.website import feeds, following, post, queries, services
from yiwang.doors.website.models import Letter, SearchEntry, Subscription
from yiwang.doors.website.queries import Wanted
from yiwang.pure.kernel.days import SHANGHAI, local, on_day_at
from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import act, public_feed, timeline

READER = "laowang@example.com"


@pytest.fixture
def built(db: None, settings: Any) -> Town:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    return town()


@pytest.fixture
def outbox(built: Town) -> list[Any]:
    return mail.outbox


def linked(letter: Any, what: str) -> str:
    found = re.search(rf"http://localhost:8000(\S*/subscriptions/{what}/\S+)", letter.body)
    assert found
    return found[1]


def asked(town: Town, path: str = "/search/follow/?q=教学楼", often: str = "immediate") -> Any:
    return Client().post(path, {"address": READER, "often": often})


def confirmed(built: Town, often: str = "immediate", path: str = "/search/follow/?q=教学楼") -> Any:
    assert asked(built, path, often).status_code == 302
    post.post_letters(built.market.now)
    letter = mail.outbox[-1]
    assert Client().post(linked(letter, "confirm")).status_code == 200
    return letter


def publish(built: Town, days: int = 1) -> str:
    """One more notice of the lot: a clarification that moves nothing."""
    from yiwang.business.trading import api as trading

    market = built.market
    at = on_day_at(local(market.now).date() + timedelta(days=days), 9)
    text = trading.NewClarification(
        content="补充图纸说明。", affects_bids=False, publish_at=at, new_deadline_at=None
    )
    notice = trading.draft_clarification(market.agency, market.lot, text, market.now).code
    market.publish(notice, at)
    built.until(at + timedelta(minutes=1))
    return notice


def test_nothing_goes_out_before_yes_and_everything_that_fits_once_after(
    built: Town, outbox: list[Any]
) -> None:
    assert asked(built).status_code == 302
    publish(built)
    assert post.post_letters(built.market.now) == 1
    assert len(outbox) == 1
    assert Client().get(linked(outbox[0], "confirm")).status_code == 200
    assert Subscription.objects.get().confirmed_at is None  # programs that open links say no yes
    assert Client().post(linked(outbox[0], "confirm")).status_code == 200
    notice = publish(built, 2)
    assert post.post_letters(built.market.now) == 1
    told = outbox[-1]
    assert f"/notices/{notice}/" in told.body
    assert told.to == [READER]
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with act():
        services.note_notice(notice, built.market.now)  # the journal is read again
    assert post.post_letters(built.market.now + timedelta(days=1)) == 0
    assert len(outbox) == 2


def test_one_click_of_a_mail_program_ends_it_and_the_address_is_gone(built: Town, outbox: list[Any]) -> None:
    letter = confirmed(built)
    publish(built)
    post.post_letters(built.market.now)
    address = outbox[-1].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert address == linked(letter, "end")
    done = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert not Subscription.objects.exists()
    assert not Letter.objects.exists()
    assert Client().get(address).status_code == 422


def test_what_does_not_fit_is_not_told(built: Town, outbox: list[Any]) -> None:
    confirmed(built, path="/search/follow/?q=污水处理")
    confirmed(built, path="/search/follow/?form=result-notice")
    confirmed(built, path="/en/search/follow/?region=620503&form=clarification")
    before = len(outbox)
    publish(built)
    post.post_letters(built.market.now)
    assert len(outbox) == before + 1
    assert "new notice(s)" in outbox[-1].subject
    assert "/en/notices/" in outbox[-1].body


def test_a_daily_letter_goes_out_at_eight_with_all_that_came(built: Town, outbox: list[Any]) -> None:
    confirmed(built, "daily")
    before = len(outbox)
    first, second = publish(built), publish(built)
    assert (
        post.post_letters(built.market.now) == 1
    )  # the first waited for the eight o'clock before the second
    assert first in outbox[-1].body
    due = Letter.objects.get(notice=second).due_at
    assert (local(due).hour, local(due).minute) == (8, 0)
    assert post.post_letters(due - timedelta(seconds=1)) == 0
    assert post.post_letters(due) == 1
    assert len(outbox) == before + 2


@given(at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)) | st.integers(-2, 2).map(
    lambda seconds: datetime(2026, 3, 2, 8) + timedelta(seconds=seconds)))  # fmt: skip
def test_a_daily_letter_waits_less_than_a_day_and_until_eight(at: datetime) -> None:
    at = at.replace(tzinfo=SHANGHAI)
    due = following.due_at(True, at)
    assert timedelta(0) <= due - at < timedelta(days=1)
    assert local(due).strftime("%H:%M:%S") == "08:00:00"
    assert following.due_at(False, at) == at


NASTY = "滨河路工程1aA \"'*():&|!<->，"


@given(texts=st.lists(st.text(NASTY, max_size=10), min_size=1, max_size=5), query=st.text(NASTY, max_size=4))
def test_a_notice_fits_a_search_exactly_where_the_search_finds_it(
    transactional_search: Any,
    texts: list[str],
    query: str,
) -> None:
    with transactional_search():
        for number, text in enumerate(texts):
            put(f"F{number}", text, form="ab"[number % 2], region=("620502", "620503")[number % 2])
        for wanted in (
            Wanted(query=query),
            Wanted(query=query, form="a"),
            Wanted(query=query, region="620503"),
        ):
            found = set(queries.matching(wanted).values_list("code", flat=True))
            assert found == {each.code for each in SearchEntry.objects.all() if following.fits(each, wanted)}


class Refusing(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({READER: (550, b"no such mailbox: " + READER.encode())})


def test_a_mail_server_that_refuses_is_asked_again_and_no_log_or_journal_holds_the_address(
    built: Town, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    asked(built)
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Refusing"}}
    with caplog.at_level(logging.DEBUG):
        assert post.post_letters(built.market.now) == 1
    assert "were not sent" in caplog.text
    assert READER not in caplog.text
    letter = Letter.objects.get()
    assert (letter.attempts, letter.sent_at) == (1, None)
    assert letter.retry_at is not None
    assert not [each for each in public_feed(0, 1000) if READER.encode() in each.leaf]
    assert not [
        each
        for each in timeline(Ref("trading", "lot", built.market.lot), public_only=False)
        if READER.encode() in each.leaf
    ]


def test_a_wrong_address_is_shown_again_with_a_sentence(built: Town) -> None:
    answer = Client().post("/search/follow/?q=教学楼", {"address": "no address", "often": "daily"})
    assert answer.status_code == 422
    assert 'value="no address"' in answer.content.decode()
    assert not Subscription.objects.exists()


def test_nobody_can_flood_a_mailbox_or_learn_whether_it_follows(built: Town, outbox: list[Any]) -> None:
    for _ in range(8):
        assert asked(built).status_code == 302
        post.post_letters(built.market.now)
    assert len(outbox) <= 5
    statuses = [Client().post(f"/search/follow/?q={n}", {"address": f"a{n}@b.cn", "often": "daily"}).status_code for n in range(20)]  # fmt: skip
    assert statuses[-1] == 429


def test_who_does_not_answer_is_forgotten_after_three_days(built: Town) -> None:
    asked(built)
    following.forget_unconfirmed(built.market.now + timedelta(days=2))
    assert Subscription.objects.exists()
    following.forget_unconfirmed(built.market.now + timedelta(days=3, seconds=1))
    assert not Subscription.objects.exists()


@pytest.fixture
def found(built: Town) -> SearchEntry:
    return SearchEntry.objects.filter(kind="notice").order_by("id")[0]


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_a_search_is_a_feed_without_a_login(found: SearchEntry, name: str) -> None:
    answer = Client().get(f"/search/{name}", {"q": found.title[:4], "kind": "notice"})
    ElementTree.fromstring(answer.content)
    assert f"http://localhost:8000/notices/{found.code}/" in answer.content.decode()
    assert found.code not in Client().get(f"/search/{name}", {"q": "不存在的字"}).content.decode()


def test_a_search_is_a_calendar_without_a_login(found: SearchEntry) -> None:
    answer = Client().get("/en/search/calendar.ics", {"q": found.title[:4]})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:{found.lot}-opening@localhost" in answer.content.decode()


def test_a_search_goes_to_excel_as_it_is_filtered(found: SearchEntry) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    answer = Client().get("/search/", {"q": found.code, "kind": "notice", "format": "excel"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert found.code in {cell.value for row in sheet.iter_rows() for cell in row}


UNWRITABLE = "x@" + "ü" * 60 + ".de"  # its domain is too long for the net


def test_an_address_to_which_no_letter_can_be_written_is_refused(built: Town, outbox: list[Any]) -> None:
    for address in (UNWRITABLE, "x@אa.cn", "=?utf-8?q?=0A?=@x.cn", "=?utf-8?q?a?=@x.cn"):
        answer = Client().post("/search/follow/?q=教学楼", {"address": address, "often": "immediate"})
        assert answer.status_code == 422
        assert "不是有效的邮箱地址" in answer.content.decode()
    assert not Subscription.objects.exists()
    assert Client().post("/search/follow/", {"address": "x@例子.中国", "often": "daily"}).status_code == 302
    assert post.post_letters(built.market.now) == 1
    assert outbox[-1].to == ["x@例子.中国"]


def test_an_address_from_before_that_no_letter_can_be_written_to_holds_nobody_up(
    built: Town, outbox: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    following.follow(UNWRITABLE, Wanted(query="教学楼"), "zh-hans", False, built.market.now)
    asked(built)
    with caplog.at_level(logging.WARNING):
        assert post.post_letters(built.market.now) == 2
    assert [each.to for each in outbox] == [[READER]]
    assert "üü" not in caplog.text
    unsent = Letter.objects.get(sent_at=None)
    assert (unsent.attempts, unsent.retry_at is not None) == (1, True)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_sign_that_no_feed_can_carry_spoils_no_feed(db: None, kind: str) -> None:
    at = on_day_at(local(datetime(2026, 3, 2, tzinfo=SHANGHAI)).date(), 9)
    entry = SearchEntry(
        kind="notice", code="N-1", title="甲\x0b乙\ufffe丙", tenderee="丁\uffff", region="620502", shown_at=at
    )
    made = feeds.feed([entry], Words("搜索：\x0b", "Search: \ufffe"), "/feed.xml", "/", "zh-hans", kind)
    titles = [each.text for each in ElementTree.fromstring(made).iter() if each.tag.endswith("title")]
    assert "甲乙丙" in titles
