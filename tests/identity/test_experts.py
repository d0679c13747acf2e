"""The list of experts: the centre registers them on a page, they log in as themselves and act for nobody."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from tests.identity.people import PASSWORD, House, house
from tests.identity.test_pages import LANGUAGES, entered
from yiwang.common.identity import api as identity

FORM = {
    "name": "杨慧敏",
    "kind": "economic",
    "specialty": "工程造价",
    "title": "高级经济师",
    "years": "8",
    "employer": "甘肃某咨询公司",
    "employer_code": "",
    "phone": "13893800009",
    "username": "yanghuimin",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_seven_years_are_refused_at_the_field_with_the_article_and_nothing_typed_is_lost(
    made: House, prefix: str, language: str
) -> None:
    answer = entered(made.reviewer).post(f"{prefix}/account/experts/", {**FORM, "years": "7", "title": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_years"' in page
    assert 'href="#id_title"' in page
    assert "第三十七条" in page
    assert 'value="杨慧敏"' in page
    assert PASSWORD not in page
    assert identity.experts() == []


def test_an_expert_is_registered_and_enters_the_hall_as_themselves(made: House) -> None:
    client = entered(made.reviewer)
    assert client.post("/account/experts/", FORM).status_code == 302
    (listed,) = identity.experts()
    assert (listed.name, listed.kind, listed.years) == ("杨慧敏", "economic", 8)
    assert "杨慧敏" in client.get("/account/experts/").content.decode()
    (seat,) = identity.members(listed.person)
    expert = Client()
    answer = expert.post("/account/enter-as/", {"as": f"{seat.person}::{seat.role}"}, follow=True)
    assert answer.status_code == 200
    assert "评标专家" in answer.content.decode()


def test_nobody_else_sees_the_list(made: House) -> None:
    for actor in (made.supervisor, made.operator):
        assert entered(actor).get("/account/experts/").status_code == 403
