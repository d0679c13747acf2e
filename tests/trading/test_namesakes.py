"""On paper nothing but the name says who somebody is: a namesake of who left sits where it is on record what tells them apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.hall.world import Person, plain
from tests.trading.sitting import PRICES, to_sitting
from tests.trading.test_corrections import upheld
from tests.trading.test_expert_draw import pool, refused
from tests.trading.world import ELSEWHERE, Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Told
from yiwang.common.identity import api as identity
from yiwang.record.journal.api import openings, timeline

NEW = "evaluate-new-committee"
APART = "身份证件号码后四位 0312，任职单位不同"


@pytest.fixture
def town(db) -> Market:
    return market()


def stood_down(town: Market) -> str:
    """A committee on paper was stood down by order; the complaint."""
    town.to_evaluating(PRICES)
    code = upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    return code


def fresh(town: Market, **first: str) -> list[trading.MemberFacts]:
    """Five others, the first of whom has the name of one who was stood down, and what is said of them."""
    old, *others = town.committee()
    return [replace(old, **first), *(replace(each, name=f"新{each.name}") for each in others)]


def enter(town: Market, members: list[trading.MemberFacts]) -> list:
    return trading.enter_committee(town.staff.opener, town.lot, members, town.now, ELSEWHERE)


def told(town: Market) -> list[tuple[str, str]]:
    rows = Told.objects.filter(lot__code=town.lot, matter="namesake-seated")
    return list(rows.values_list("organisation", "document"))


def test_a_namesake_of_who_was_stood_down_sits_told_apart_and_the_body_that_ordered_it_learns_it(town):
    code = stood_down(town)
    assert refused(lambda: enter(town, fresh(town))) == {"member-stood-down"}
    seat, *others = enter(town, fresh(town, employer="某大学", told_apart=f" {APART} "))
    assert (seat.told_apart, {each.told_apart for each in others}) == (APART, {""})
    assert told(town) == [(town.supervisor.organisation, code)]
    entries = timeline(trading.find_lot(town.lot).ref, public_only=False)
    entered = [each for each in entries if each.kind == "committee-entered"][-1]
    said = {each.name: each.value for each in openings(entered.id)}
    assert said["namesakes"] == 1
    assert APART not in str(entered.leaf)
    for actor, shown in ((town.staff.opener, APART), (town.supervisor, APART), (town.hosts[0], "")):
        assert trading.sitting_page(actor, town.lot).seats[0].told_apart == shown


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ({"told_apart": APART}, {"told-apart"}),
        ({"told_apart": APART, "employer": "  "}, {"told-apart"}),
        ({"told_apart": "九个字还是不够长吗", "employer": "某大学"}, {"told-apart"}),
        ({"told_apart": "证" * 201, "employer": "某大学"}, {"told-apart"}),
        ({"told_apart": "　 ", "employer": "某大学"}, {"member-stood-down"}),
        ({"told_apart": "十个字正好够说明白了", "employer": "某大学"}, set()),
        ({"told_apart": "证" * 200, "employer": "某大学"}, set()),
    ],
)
def test_what_tells_apart_is_written_out_with_the_employer(town, first, found):
    stood_down(town)
    if found:
        assert refused(lambda: enter(town, fresh(town, **first))) == found
        assert told(town) == []
    else:
        enter(town, fresh(town, **first))


def test_nobody_is_told_of_a_committee_without_a_namesake(town):
    stood_down(town)
    enter(town, fresh(town, name="赵一", employer="某大学", told_apart=APART))
    assert told(town) == []


def test_who_was_stood_down_by_a_login_cannot_be_told_apart_from_themselves(town):
    experts = to_sitting(town)
    code = upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    again = trading.MemberFacts(
        name="", kind="", person=experts[0].person, employer="某大学", told_apart=APART
    )
    assert "member-stood-down" in refused(lambda: enter(town, [again, *fresh(town)[1:]]))
    assert told(town) == []


def test_who_was_stood_down_on_paper_does_not_sit_by_a_login_whatever_is_said(town):
    people = pool(town)
    first, *others = people
    name = next(each.name for each in identity.experts([first]))
    town.to_evaluating(PRICES)
    trading.find_lot(town.lot).committee.filter(number=1).update(name=name)
    code = upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    seats = [
        trading.MemberFacts(name="", kind="", person=each, told_apart=APART) for each in (first, *others[:4])
    ]
    assert "member-stood-down" in refused(lambda: enter(town, seats))


def test_a_namesake_follows_a_member_on_paper_told_apart(town):
    code = stood_down(town)
    old = town.committee()
    enter(town, [replace(each, name=f"新{each.name}") for each in old])

    def follow(number: int, new: trading.MemberFacts):
        by = town.staff.opener
        return trading.replace_member(by, town.lot, number, "health", "", town.now, ELSEWHERE, new)

    namesake = replace(old[0], employer="某大学")
    assert refused(lambda: follow(6, namesake)) == {"member-stood-down"}
    assert follow(6, replace(namesake, told_apart=APART)).told_apart == APART
    assert told(town) == [(town.supervisor.organisation, code)]
    own = replace(old[0], name=f"新{old[2].name}", employer="某大学")
    assert refused(lambda: follow(8, own)) == {"member-returns"}
    assert follow(8, replace(own, told_apart=APART)).number == 12
    assert len(told(town)) == 1, "no order is about who leaves for their health"


def test_the_centre_says_it_on_the_pages_and_the_supervisor_reads_it(town):
    stood_down(town)
    lot = f"/hall/lots/{town.lot}/"
    centre, body = Person(town.staff.opener), Person(town.supervisor)
    typed = {"members-TOTAL_FORMS": "5", "members-INITIAL_FORMS": "0", "pool": ELSEWHERE.pool}
    typed |= {"record": ELSEWHERE.record, "stage": "preview"}
    for number, each in enumerate(fresh(town, employer="某大学")):
        typed |= {f"members-{number}-name": each.name, f"members-{number}-kind": each.kind}
        typed |= {f"members-{number}-employer": each.employer}
    assert "members-0-told_apart" in centre.get(f"{lot}committee/")
    assert "确系另一人的" in plain(centre.send(f"{lot}committee/", typed, 422))
    typed["members-0-told_apart"] = APART
    assert APART in plain(centre.send(f"{lot}committee/", typed, 200))
    centre.send(f"{lot}committee/", typed | {"stage": "confirm"})
    assert APART in plain(centre.get(f"{lot}evaluation/"))
    assert 'name="told_apart"' in centre.get(f"{lot}committee/6/replace/")
    assert "有成员与退出的成员同名" in plain(body.get("/hall/messages/"))
    number = Told.objects.get(matter="namesake-seated").pk
    report = body.send(f"/hall/messages/{number}/", {"as": "open"})
    assert report == f"{lot}evaluation-report/"
    assert APART in plain(body.get(report))
    assert f"Another person than who left with that name: {APART}" in plain(body.get(f"/en{report}"))
    Person(town.hosts[0]).get(f"{lot}evaluation-report/", 404)


def test_nothing_is_asked_about_namesakes_where_nobody_left(town):
    town.register()
    town.announce()
    town.bid(PRICES)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    assert "told_apart" not in Person(town.staff.opener).get(f"/hall/lots/{town.lot}/committee/")
