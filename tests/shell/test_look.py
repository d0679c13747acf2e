"""Large type without scripts: a form sets a cookie, one small style sheet follows it, and nobody is led away."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_large_type_is_chosen_kept_and_given_up_without_scripts(rehearsal: object) -> None:
    citizen = Client()
    assert citizen.get("/look.css").content == b""
    form = citizen.get("/look/", {"back": "/en/notices/"}).content.decode()
    assert "Use large type" in form
    chosen = citizen.post("/look/", {"look": "elder", "back": "/en/notices/"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/en/notices/")
    sheet = citizen.get("/look.css")
    assert b"font-size: 150%" in sheet.content
    assert "Cookie" in sheet["Vary"]
    citizen.post("/look/", {"look": "plain"})
    assert citizen.get("/look.css").content == b""


@pytest.mark.parametrize(
    "back", ["https://elsewhere.cn/", "//elsewhere.cn/", "/\\elsewhere.cn", "x", "/a\nb", ""]
)
def test_nobody_is_led_to_another_site(rehearsal: object, back: str) -> None:
    assert Client().post("/look/", {"look": "elder", "back": back})["Location"] == "/"


def test_pages_offer_it_where_no_scripts_run(rehearsal: object) -> None:
    page = Client().get("/search/?q=a").content.decode()
    assert '<noscript><link rel="stylesheet" href="/look.css"></noscript>' in page
    assert 'href="/look/?back=/search/%3Fq%3Da"' in page
