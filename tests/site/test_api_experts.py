"""Programs of the tenderee's side read how the experts of a lot are chosen: every draw in its state, never who."""

from __future__ import annotations

import json

import pytest

from tests.site.api_world import Program, Town
from tests.trading.sitting import hand_in, score
from tests.trading.test_corrections import upheld
from tests.trading.test_expert_draw import accept_all, announce, opened, plan, pool
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading


@pytest.fixture
def town(db: None) -> Market:
    return market()


def states(host: Program, lot: str) -> list[tuple[int, str]]:
    answer = host.get(f"/me/lots/{lot}/experts")
    assert answer.status_code == 200, answer.content
    return [(each["number"], each["state"]) for each in answer.json()["draws"]]


def test_a_draw_is_told_in_its_state_and_so_is_one_for_a_committee_that_was_stood_down(town: Market) -> None:
    people = pool(town, technical=9, economic=4)
    announce(town)
    host = Town(town).program(town.hosts[0])
    assert states(host, town.lot) == []
    plan(town, people)
    assert states(host, town.lot) == [(1, "planned")]
    opened(town)
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    assert states(host, town.lot) == [(1, "calling")]
    accept_all(town, people)
    assert states(host, town.lot) == [(1, "complete")]
    seats = trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)
    actors = [people[each.person] for each in seats]
    score(town, actors)
    hand_in(town, actors)
    code = upheld(town, "evaluate-new-committee", respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    assert states(host, town.lot) == [(1, "stood-down")]
    told = host.get(f"/me/lots/{town.lot}/experts").json()
    assert (told["complete"], told["missing"]) == (False, 0)
    assert [sum(draw["accepted"]) for draw in told["draws"]] == [len(actors) - 1]
    names = {each.name for each in trading.find_lot(town.lot).committee.exclude(kind="representative")}
    assert not [each for each in names if each in json.dumps(told, ensure_ascii=False)]
    assert Town(town).program(town.bidders[0]).get(f"/me/lots/{town.lot}/experts").status_code in (403, 404)


def test_a_draw_whose_order_is_used_up_says_so(town: Market) -> None:
    people = pool(town)
    announce(town)
    plan(town, people)
    opened(town)
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    host = Town(town).program(town.hosts[0])
    for _ in range(len(people)):
        for actor in people.values():
            for call in trading.calls_to(actor):
                if call.open:
                    trading.answer_call(actor, call.code, False, "time", "在外地。", town.now)
    assert states(host, town.lot) == [(1, "used-up")]
