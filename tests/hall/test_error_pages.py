"""The pages of 429 and 500 as they really come about: somebody who tries too often, and a view that raises."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.hall.test_browser import objections_at_every_size
from tests.hall.world import City

pytestmark = pytest.mark.django_db
BROKEN = "notices/form/tender-notice/"


def fault(*given: object) -> bytes:
    raise RuntimeError("a fault of ours with a secret in it")


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch, settings, caplog: pytest.LogCaptureFixture) -> Client:
    """A visitor of a server whose public pages raise, with DEBUG off as it is for everybody."""
    settings.DEBUG = False
    caplog.set_level(logging.CRITICAL, logger="django.request")
    monkeypatch.setattr("yiwang.doors.website.views.reading.render", fault)
    return Client(raise_request_exception=False)


def visited_too_often(prefix: str, times: int) -> object:
    """Somebody who sends the form of registration over and over: the last answer."""
    client = Client()
    for _ in range(times):
        answer = client.post(f"{prefix}/account/register/", {"name": "某公司"})
        if answer.status_code == 429:
            break
    return answer


def test_a_view_that_raises_is_told_in_the_language_of_the_address_without_any_of_its_words(
    city: City, outage: Client
):
    for prefix, words, home in (
        ("", "系统出错，我们已记录", 'href="/"'),
        ("/en", "Something broke on our side", 'href="/en/"'),
    ):
        answer = outage.get(f"{prefix}/{BROKEN}")
        text = answer.content.decode()
        assert answer.status_code == 500
        assert words in text
        assert home in text
        assert not any(each in text for each in ("RuntimeError", "secret in it", "Traceback"))


@pytest.mark.parametrize(("prefix", "words"), [("", "尝试过于频繁"), ("/en", "Too many attempts")])
def test_who_tries_too_often_is_told_when_to_come_back(city: City, prefix: str, words: str):
    answer = visited_too_often(prefix, 40)
    assert answer.status_code == 429
    assert words in answer.content.decode()
    minutes = -(-int(answer["Retry-After"]) // 60)
    assert f"{minutes} 分钟" in answer.content.decode() or f"{minutes} min" in answer.content.decode()


@pytest.mark.parametrize(("prefix", "words"), [("", "分钟"), ("/en", "min")])
def test_a_login_that_fails_too_often_is_told_to_wait_and_keeps_its_name(city: City, prefix: str, words: str):
    client = Client()
    for _ in range(8):
        answer = client.post(f"{prefix}/account/login/", {"username": "wangfang", "password": "guess"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'value="wangfang"' in text


@pytest.mark.browser
def test_axe_finds_nothing_on_the_pages_of_429_and_500(city: City, outage: Client):
    pages = {f"{prefix}/{BROKEN}": outage.get(f"{prefix}/{BROKEN}").content for prefix in ("", "/en")}
    pages |= {f"{prefix}/account/register/": visited_too_often(prefix, 40).content for prefix in ("", "/en")}
    assert objections_at_every_size(pages) == []
