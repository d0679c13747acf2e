"""A message asks for an act only until it was done: then it has no day any more by which it is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.trading.test_complaints import accepted, made
from tests.trading.test_objections_to_opening_and_result import publicised
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Told
from yiwang.pure.kernel.days import local_day


@pytest.fixture
def town(db: None) -> Market:
    town = market()
    publicised(town)
    return town


def due(document: str, matter: str) -> list[datetime | None]:
    return list(Told.objects.filter(document=document, matter=matter).values_list("due_at", flat=True))


@pytest.mark.parametrize("act", ["accept", "refuse", "withdraw"])
def test_a_complaint_that_came_in_asks_its_body_until_it_is_accepted_or_not(town: Market, act: str) -> None:
    code, other = made(town), made(town)
    assert due(code, "complaint-made") != [None]
    if act == "accept":
        trading.accept_complaint(town.supervisor, code, town.now)
    elif act == "refuse":
        trading.refuse_complaint(town.supervisor, code, "nothing-definite", "没有线索。", town.now)
    else:
        trading.withdraw_complaint(town.bidders[0], code, town.now)
    assert due(code, "complaint-made") == [None]
    assert None not in due(other, "complaint-made"), "the other one waits"


@pytest.mark.parametrize("act", ["answer", "decide", "withdraw"])
def test_who_is_asked_about_a_complaint_is_asked_until_the_answer_or_the_end(town: Market, act: str) -> None:
    host, body = town.hosts[0], town.supervisor
    code = accepted(town, respondent=host.organisation, matter="other")
    trading.ask_respondent(body, code, "请说明。", local_day(town.now + timedelta(days=4)), town.now)
    assert None not in due(code, "complaint-asked")
    if act == "answer":
        trading.answer_complaint(host, code, "没有透露。", [], town.now)
    elif act == "decide":
        trading.decide_complaint(body, code, "dismissed", "不属实。", [], town.now)
    else:
        trading.withdraw_complaint(town.bidders[0], code, town.now)
    assert due(code, "complaint-asked") == [None]


def test_an_objection_asks_the_lots_side_until_it_is_answered(town: Market) -> None:
    first = trading.object_to_result(town.bidders[1], town.lot, "评分有误。", [], town.now)
    other = trading.object_to_result(town.bidders[2], town.lot, "资质有误。", [], town.now)
    assert None not in due(first.code, "result-objected")
    trading.answer_objection(town.hosts[0], first.code, "经核查无误。", [], False, town.now)
    assert set(due(first.code, "result-objected")) == {None}
    assert None not in due(other.code, "result-objected")
