"""Experts are drawn: planned by the tenderee, held by the centre, called in order, seated; from the verbs to the journal."""

from __future__ import annotations

import json

import pytest

from tests.trading.methods import SCORED
from tests.trading.sitting import PRICES, award, hand_in, score, seats
from tests.trading.world import ELSEWHERE, Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import ExpertDraw, ExpertTicket
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Person
from yiwang.pure.kernel.actors import EXPERT, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import sequence, timeline

RULES_TESTED = ("W16", "W17", "W-draw", "W-special", "W-replaced")
WANTED = (
    trading.Wanted(kind="technical", specialty="房屋建筑", count=3),
    trading.Wanted(kind="economic", specialty="工程造价", count=1),
)
REASON = "深基坑与既有地铁隧道交叉，全省仅少数专家具备评审经验。"


@pytest.fixture
def town(db) -> Market:
    return market()


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def pool(town: Market, technical: int = 6, economic: int = 3) -> dict[str, Actor]:
    """A pool of experts and one representative; actors by person, the representative last."""
    found = {}
    kinds = ["technical"] * technical + ["economic"] * economic + ["representative"]
    for number, kind in enumerate(kinds):
        facts = identity.ExpertFacts(
            name=f"专家{number + 1:02}", kind=kind, years=8, title="高级工程师", employer="甘肃某大学",
            specialty={"technical": "房屋建筑", "economic": "工程造价"}.get(kind, "管理"), employer_code="",
        )  # fmt: skip
        code = identity.register_expert(town.staff.opener, f"pool{number}", None, facts, at=town.now)
        found[code] = Actor(code, "", EXPERT)
    return found


def announce(town: Market) -> None:
    town.register()
    terms = town.terms(method=SCORED)
    notice = trading.draft_tender_notice(town.hosts[0], town.lot, terms, town.now)
    town.publish(notice.code, terms.publish_at)


def plan(town: Market, people: dict[str, Actor], wanted=WANTED) -> tuple[str, ...]:
    warnings = trading.plan_expert_draw(town.hosts[0], town.lot, wanted, list(people)[-1:], town.now)
    return tuple(each.rule for each in warnings)


def opened(town: Market) -> None:
    town.bid(PRICES)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)


def drawn(town: Market) -> dict[str, Actor]:
    """Planned while bids come in, opened, and drawn."""
    people = pool(town)
    announce(town)
    plan(town, people)
    opened(town)
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    return people


def called(town: Market) -> list[ExpertTicket]:
    return list(ExpertTicket.objects.filter(draw__lot__code=town.lot, status="called").order_by("turn"))


def accept_all(town: Market, people: dict[str, Actor]) -> None:
    for each in called(town):
        trading.answer_call(people[each.person], each.code, True, "", "", town.now)


def page(town: Market, actor: Actor) -> trading.PanelPage:
    return trading.panel_page(actor, trading.find_lot(town.lot))


def test_the_experts_who_were_drawn_and_accepted_are_the_committee_and_nobody_else(town):
    people = drawn(town)
    enter = trading.enter_committee
    hand_picked = [*seats(list(people.values())[:4]), *seats(list(people.values())[-1:])]
    assert "expert-draw-missing" in refused(
        lambda: enter(town.staff.opener, town.lot, hand_picked, town.now, ELSEWHERE)
    )
    assert "W16" in refused(lambda: trading.seat_drawn_experts(town.staff.opener, town.lot, town.now))
    accept_all(town, people)
    accepted = {each.person for each in ExpertTicket.objects.filter(status="accepted")}
    others = [each for each in people if each not in accepted]
    swapped = seats([people[others[0]], *(people[each] for each in sorted(accepted)[1:]), people[others[-1]]])
    assert "expert-not-drawn" in refused(
        lambda: enter(town.staff.opener, town.lot, swapped, town.now, ELSEWHERE)
    )
    committee = trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)
    assert {each.person for each in committee} == accepted | {list(people)[-1]}
    assert town.stage == "evaluating"


def test_two_experts_of_the_same_name_sit_together_where_both_were_drawn(town):
    people = drawn(town)
    Person.objects.filter(code__in=people).update(name="张伟")
    accept_all(town, people)
    committee = trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)
    assert [each.name for each in committee] == ["张伟"] * 5
    assert town.stage == "evaluating"


def test_who_works_for_a_party_avoids_one_is_away_or_left_the_pool_is_never_drawn(town):
    people = pool(town, technical=8)
    codes = list(people)
    bidder, host = town.bidders[0].organisation, town.hosts[0].organisation
    facts = identity.ExpertFacts(
        name="投标人的员工", kind="technical", specialty="房屋建筑", title="高工", years=9, employer="", employer_code=bidder
    )  # fmt: skip
    works = identity.register_expert(town.staff.opener, "works", None, facts, at=town.now)
    announce(town)
    plan(town, people)
    identity.declare_avoidance(people[codes[0]], host, "近亲属在该单位任职", at=town.now)
    identity.declare_avoidance(people[codes[1]], bidder, "曾任该单位顾问", at=town.now)
    identity.end_expert(town.staff.opener, codes[2], at=town.now)
    opened(town)
    identity.be_away(people[codes[3]], local_day(town.now), at=town.now)
    identity.be_away(people[codes[4]], local_day(town.now), at=town.now)
    identity.be_away(people[codes[4]], None, at=town.now)
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    why = {each.person: each.excluded for each in ExpertTicket.objects.all()}
    assert why == {
        **dict.fromkeys(codes[4:-1], ""), codes[0]: "avoids", codes[1]: "avoids", codes[2]: "off-list",
        codes[3]: "away", works: "works-for-bidder",
    }  # fmt: skip
    out = {each.code for each in ExpertTicket.objects.exclude(excluded="")}
    assert not out & {code for order in ExpertDraw.objects.get().orders for code in order}


def test_who_declines_or_is_not_reached_is_followed_by_the_next_in_the_order_with_the_reason(town):
    people = drawn(town)
    order = ExpertDraw.objects.get().orders[0]
    first, second = called(town)[:2]
    stranger = next(each for each in people.values() if each.person != first.person)
    now = town.now
    assert refused(lambda: trading.answer_call(stranger, first.code, True, "", "", now)) == {"no-such-call"}
    assert refused(lambda: trading.answer_call(people[first.person], first.code, False, "", "", now)) == {
        "call-why"
    }
    trading.answer_call(people[first.person], first.code, False, "interest", "", now)
    assert [each.code for each in called(town) if each.place == 0] == order[1:4]
    assert refused(lambda: trading.answer_call(people[first.person], first.code, True, "", "", now)) == {
        "call-answered"
    }
    assert refused(lambda: trading.note_unreached(town.staff.opener, second.code, "", now)) == {"call-note"}
    trading.note_unreached(town.staff.opener, second.code, "两部电话各拨打三次无人接听", now)
    assert [each.code for each in called(town) if each.place == 0] == order[2:5]
    shown = page(town, town.staff.opener).draws[0].orders[0].tickets
    assert [(each.status, each.why.zh if each.why else "") for each in shown[:2]] == [
        ("declined", "与投标人有利害关系，回避"),
        ("unreached", ""),
    ]


def test_an_order_that_is_used_up_is_told_to_the_tenderee_who_plans_a_further_draw(town):
    people = pool(town, technical=3, economic=3)
    announce(town)
    plan(town, people)
    opened(town)
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    assert refused(lambda: plan(town, people)) >= {"expert-draw-goes-on", "expert-draw-pool"}
    gone = called(town)[0]
    trading.answer_call(people[gone.person], gone.code, False, "health", "", town.now)
    accept_all(town, people)
    assert page(town, town.hosts[0]).used_up
    assert "experts-used-up" in {each.matter for each in trading.messages_for(town.hosts[0])}
    assert [each.step for each in trading.todos(town.hosts[0], town.now)] == ["choose-experts"]
    same = (trading.Wanted(kind="economic", specialty="工程造价", count=1),)
    assert "expert-draw-pool" in refused(lambda: plan(town, people, same)), "each has one ticket in a lot"
    facts = identity.ExpertFacts(
        name="市政专家", kind="technical", specialty="道路", also=("市政工程",), title="", standing="省级工法第一完成人",
        years=9, employer="", employer_code="",
    )  # fmt: skip
    newcomer = identity.register_expert(town.staff.opener, "newcomer", None, facts, at=town.now)
    more = (trading.Wanted(kind="technical", specialty="市政工程", count=1),)
    assert plan(town, people, more) == ("expert-draw-late",)
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    accept_all(town, {**people, newcomer: Actor(newcomer, "", EXPERT)})
    assert len(trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)) == 5


def test_a_plan_is_lawful_as_a_whole_or_refused_with_every_reason(town):
    people = pool(town)
    announce(town)
    four = (WANTED[0], trading.Wanted(kind="economic", specialty="水利", count=2))
    assert refused(lambda: plan(town, people, four)) == {"W16", "expert-draw-pool"}
    assert refused(
        lambda: trading.plan_expert_draw(town.hosts[0], town.lot, WANTED, ["P-NOBODY"], town.now)
    ) == {"representative-unknown"}
    for actor in (town.staff.opener, town.bidders[0], town.supervisor):
        assert refused(
            lambda actor=actor: trading.plan_expert_draw(actor, town.lot, WANTED, [], town.now)
        ) == {"no-permission"}
    assert refused(lambda: trading.hold_expert_draw(town.staff.opener, town.lot, town.now)) == {
        "wrong-stage-now"
    }
    assert plan(town, people) == ()
    opened(town)
    assert refused(
        lambda: trading.enter_committee(town.staff.opener, town.lot, town.committee(), town.now, ELSEWHERE)
    ) >= {"expert-draw-first"}


def test_names_are_for_the_centre_and_the_supervisor_and_the_public_learns_tickets_after_the_award(town):
    people = drawn(town)
    accept_all(town, people)
    committee = [
        people[each.person] for each in trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)
    ]
    names = {each.name for each in identity.experts(people)}
    told = [row for order in page(town, town.staff.opener).draws[0].orders for row in order.tickets]
    assert {row.name for row in told} <= names
    hidden = page(town, town.hosts[0]).draws[0]
    assert [(each.accepted, each.tickets) for each in hidden.orders] == [(3, ()), (1, ())]
    assert hidden.secret == ""
    ref = Ref("trading", "draw", f"{town.lot}-1")
    sequence()
    assert {each.kind for each in timeline(ref)} == {"expert-draw-planned"}
    assert trading.draws_again(town.lot) == ()
    score(town, committee)
    award(town, hand_in(town, committee)[0])
    sequence()
    (again,) = trading.draws_again(town.lot)
    assert again.findings == ()
    assert len(again.called) == 4
    public = list(timeline(ref))
    assert "expert-tickets" not in {each.kind for each in public}
    text = json.dumps([dict(each.facts) for each in public], ensure_ascii=False)
    assert not any(each in text for each in (*names, *people))


def test_a_draw_that_was_changed_in_the_tables_or_called_out_of_turn_is_found_out(town):
    people = drawn(town)
    last = called(town)[-1]
    (again,) = trading.draws_again(town.lot, public_only=False)
    assert again.findings == ()
    from yiwang.business.trading.services.expert_draw import _call
    from yiwang.record.journal.api import act

    order = last.draw.orders[0]
    with act():
        _call(last.draw, 0, order[-1], town.staff.opener, town.now)
    (again,) = trading.draws_again(town.lot, public_only=False)
    assert [each.rule for each in again.findings] == ["expert-draw-calls"]
    assert people


def test_a_drawn_member_who_cannot_go_on_is_followed_by_the_next_of_the_same_order(town):
    people = drawn(town)
    accept_all(town, people)
    trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)
    order = ExpertDraw.objects.get().orders[0]
    leaving = trading.find_lot(town.lot).committee.get(number=1)
    by_code = {each.code: each.person for each in ExpertTicket.objects.all()}
    following, beyond = by_code[order[3]], by_code[order[4]]

    def replaced(person: str, elsewhere=None):
        return trading.replace_member(town.staff.opener, town.lot, 1, "health", person, town.now, elsewhere)

    assert by_code[order[0]] == leaving.person
    assert refused(lambda: replaced(following)) == {"expert-not-drawn"}
    assert refused(lambda: trading.call_substitute(town.staff.opener, town.lot, 1, "tired", town.now)) == {
        "W-replaced"
    }
    assert refused(lambda: trading.call_substitute(town.staff.opener, town.lot, 5, "health", town.now)) == {
        "member-not-drawn"
    }
    trading.call_substitute(town.staff.opener, town.lot, 1, "health", town.now)
    assert [each.person for each in called(town)] == [following]
    assert refused(lambda: replaced(beyond, ELSEWHERE)) == {"expert-not-drawn"}
    assert refused(lambda: replaced(following)) == {"expert-not-drawn"}
    trading.answer_call(people[following], called(town)[0].code, True, "", "", town.now)
    assert replaced(following).number == 6
    (again,) = trading.draws_again(town.lot, public_only=False)
    assert next(each.answer.en for each in again.called) == "replaced during the evaluation"
    assert again.findings == ()


def test_a_special_tender_names_its_experts_with_the_cause_and_the_reason_in_public(town):
    people = pool(town)
    announce(town)
    names = trading.name_experts_directly
    now = town.now
    assert refused(lambda: names(town.hosts[0], town.lot, "quick", "快", now)) == {
        "W-special",
        "special-reason",
    }
    assert refused(lambda: names(town.staff.opener, town.lot, "complex", REASON, now)) == {"no-permission"}
    names(town.hosts[0], town.lot, "complex", REASON, now)
    assert refused(lambda: plan(town, people)) == {"experts-named"}
    said = [each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "experts-named"]
    assert said[0].facts["reason"] == REASON
    opened(town)
    members = seats([*list(people.values())[:4], list(people.values())[-1]])
    trading.enter_committee(town.staff.opener, town.lot, members, town.now)
    assert town.stage == "evaluating"


def test_a_called_expert_finds_the_call_among_their_todos_with_who_takes_part(town):
    people = drawn(town)
    first = called(town)[0]
    who = people[first.person]
    (todo,) = trading.todos(who, town.now)
    assert (todo.step, todo.matter) == ("answer-call", first.code)
    (call,) = trading.calls_to(who)
    assert len(call.bidders) == 3
    assert call.open
    assert [each.step for each in trading.todos(town.staff.opener, town.now)] == ["await-experts"]
    accept_all(town, people)
    assert [each.step for each in trading.todos(town.staff.opener, town.now)] == ["seat-experts"]
    assert trading.calls_to(town.staff.opener) == ()
