"""The draw of experts as a pure rule: uniform, done again, blind to who is left out, and nobody excluded ever drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading.rules.expert_draw import (
    ACCEPTED,
    CALLED,
    DECLINED_FOR,
    EXCLUDED_FOR,
    Candidate,
    Ticket,
    again_findings,
    answer_findings,
    call_findings,
    commitment_of,
    drawn_findings,
    excluded_for,
    first_calls,
    holding_findings,
    key_of,
    next_in,
    orders_of,
    plan_findings,
    special_findings,
)
from yiwang.business.trading.rules.facts import MemberFacts, StepFacts
from yiwang.business.trading.rules.panel_facts import DrawnElsewhere, PanelFacts, Wanted
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import SHANGHAI

from .test_rules_properties import LOT

RULES_TESTED = ("W16", "W16-experts", "W17", "W17-years", "W-draw", "W-special", "W-supervisor-sits")
OPENING = "0f" * 32
TODAY = date(2026, 3, 24)
BIDDER = "91620502MA00000110"
BUILDING, COST = (
    Wanted(kind="technical", specialty="房屋建筑", count=3),
    Wanted(kind="economic", specialty="工程造价", count=1),
)


def ticket(number: int, kind: str = "technical", *specialties: str, excluded: str = "") -> Ticket:
    return Ticket(code=f"Q-{number}", kind=kind, specialties=specialties or ("房屋建筑",), excluded=excluded)


def facts(panel: PanelFacts | None = None, **more: object) -> StepFacts:
    fields: dict = {
        "at": datetime(2026, 3, 24, 10, tzinfo=SHANGHAI), "by": Actor("P", "O", "tenderee"),
        "lot": replace(LOT, stage="bidding"), "panel": panel, "bidders": (BIDDER,), **more,
    }  # fmt: skip
    return StepFacts(**fields)


def rules(found) -> list[str]:
    return [each.rule for each in found]


TICKETS = st.lists(
    st.tuples(
        st.sampled_from(("technical", "economic")),
        st.sets(st.sampled_from(("房屋建筑", "工程造价", "市政")), min_size=1),
        st.sampled_from(("", "", "", *EXCLUDED_FOR)),
    ),
    max_size=14,
).map(
    lambda rows: [
        Ticket(code=f"Q-{n}", kind=kind, specialties=tuple(sorted(fields)), excluded=why)
        for n, (kind, fields, why) in enumerate(rows)
    ]
)
WANTED = st.lists(
    st.builds(
        Wanted,
        kind=st.sampled_from(("technical", "economic")),
        specialty=st.sampled_from(("房屋建筑", "工程造价", "市政")),
        count=st.integers(1, 4),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: (each.kind, each.specialty),
)


def test_every_ticket_comes_first_about_as_often_as_any_other():
    tickets = [ticket(n) for n in range(6)]
    firsts = Counter(
        orders_of("LOT", 1, f"D-{seed}", OPENING, [BUILDING], tickets)[0][0] for seed in range(6000)
    )
    # Chi-square with five degrees of freedom; the seeds are fixed, so this is one number, not a hope.
    chi_square = sum((firsts[each.code] - 1000) ** 2 / 1000 for each in tickets)
    assert chi_square < 15.1


def test_every_order_of_three_comes_about_as_often_as_any_other():
    tickets = [ticket(n) for n in range(3)]
    found = Counter(orders_of("LOT", 1, f"D-{seed}", OPENING, [BUILDING], tickets)[0] for seed in range(3000))
    assert len(found) == 6
    assert sum((each - 500) ** 2 / 500 for each in found.values()) < 15.1


@given(TICKETS, WANTED, st.text(min_size=1, max_size=8))
def test_nobody_excluded_and_nobody_of_another_field_is_ever_in_an_order_or_called(tickets, wanted, secret):
    orders = orders_of("LOT", 1, secret, OPENING, wanted, tickets)
    by_code = {each.code: each for each in tickets}
    for want, order in zip(wanted, orders, strict=True):
        assert len(set(order)) == len(order)
        for code in order:
            assert not by_code[code].excluded
            assert by_code[code].kind == want.kind
            assert want.specialty in by_code[code].specialties
    calls = first_calls(orders, wanted)
    assert len({code for _, code in calls}) == len(calls), "nobody is called for two places"
    for place, want in enumerate(wanted):
        assert sum(each == place for each, _ in calls) <= want.count


@given(TICKETS, WANTED, st.data())
def test_who_is_left_out_moves_nobody_else(tickets, wanted, data):
    full = orders_of("LOT", 1, "D-1", OPENING, wanted, tickets)
    eligible = [each for each in tickets if not each.excluded]
    if not eligible:
        return
    gone = data.draw(st.sampled_from(eligible)).code
    fewer = [replace(each, excluded="away") if each.code == gone else each for each in tickets]
    assert orders_of("LOT", 1, "D-1", OPENING, wanted, fewer) == tuple(
        tuple(code for code in order if code != gone) for order in full
    )


@given(TICKETS, WANTED, st.lists(st.integers(0, 5), max_size=8))
def test_a_draw_and_its_calls_done_again_agree_and_any_change_is_found(tickets, wanted, declines):
    orders = orders_of("LOT", 1, "D-1", OPENING, wanted, tickets)
    calls = first_calls(orders, wanted)
    for number in declines:  # some of those called decline, and the next of the same order follows
        if number < len(calls):
            following = next_in(orders[calls[number][0]], {code for _, code in calls})
            calls += [(calls[number][0], following)] if following else []
    told = {
        "secret": "D-1", "commitment": commitment_of("LOT", 1, "D-1"), "opening": OPENING, "opened": OPENING,
    }  # fmt: skip

    def again(told=told, orders=orders, tickets=tickets) -> list[str]:
        return rules(again_findings("LOT", 1, told=told, wanted=wanted, tickets=tickets, orders=orders))

    assert again() == []
    assert rules(call_findings(orders, wanted, calls)) == []
    assert "draw-secret" in again(told={**told, "commitment": commitment_of("LOT", 2, "D-1")})
    assert "expert-draw-opening" in again(told={**told, "opening": "00" * 32})
    if any(len(order) > 1 for order in orders):
        assert again(orders=tuple(tuple(reversed(order)) for order in orders)) == ["expert-draw-order"]
    if len(calls) > 1:
        assert rules(call_findings(orders, wanted, calls[::-1])) == ["expert-draw-calls"]
        assert rules(call_findings(orders, wanted, [*calls, calls[0]])) == ["expert-draw-calls"]


def test_a_key_depends_on_the_lot_the_draw_the_secret_the_opening_and_its_own_ticket():
    texts = ("LOT", 1, "D-1", OPENING, "Q-1")
    others = ("LOU", 2, "D-2", "1" + OPENING[1:], "Q-2")
    keys = {key_of(*texts)} | {key_of(*texts[:n], others[n], *texts[n + 1 :]) for n in range(5)}
    assert len(keys) == 6
    assert all(len(each) == 64 for each in keys)


@given(
    st.integers(6, 9), st.booleans(), st.sampled_from(("", BIDDER, LOT.tenderee, LOT.agency, "91620502MA00000999")),
    st.booleans(), st.sets(st.sampled_from((BIDDER, LOT.tenderee, "91620502MA00000999"))),
    st.sampled_from((None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))), st.booleans(),
)  # fmt: skip
def test_who_may_come_is_in_the_pool_able_and_without_an_interest(
    years, titled, employer, supervises, avoids, away, listed
):
    who = Candidate(
        listed=listed, years=years, titled=titled, employer_code=employer, supervises=supervises,
        avoids=frozenset(avoids), away_until_on=away,
    )  # fmt: skip
    free = (
        listed
        and years >= 8
        and titled
        and not supervises
        and employer not in (BIDDER, LOT.tenderee, LOT.agency)
        and not avoids & {BIDDER, LOT.tenderee}
        and (away is None or away < TODAY)
    )
    why = excluded_for(who, facts(), TODAY)
    assert (why == "") == free
    assert why == "" or why in EXCLUDED_FOR


def test_without_an_agency_nobody_is_taken_to_work_for_it():
    nobody = replace(LOT, agency="")
    assert excluded_for(Candidate(years=8), facts(lot=nobody), TODAY) == ""


def plan(*wanted: Wanted, **more: object) -> list[str]:
    given: dict = {"wanted": wanted, "fitting": tuple(9 for _ in wanted), "representatives": 1, **more}
    return rules(plan_findings(facts(PanelFacts(**given))))


@given(st.integers(0, 8), st.integers(0, 4), st.integers(0, 4))
def test_a_plan_makes_a_lawful_committee_or_says_every_reason(technical, economic, representatives):
    wanted = [replace(BUILDING, count=technical)] if technical else []
    wanted += [replace(COST, count=economic)] if economic else []
    size, experts = technical + economic + representatives, technical + economic
    found = plan(*wanted, representatives=representatives)
    assert ("W16" in found) == (size < 5 or size % 2 == 0)
    assert ("W16-experts" in found) == (size > 0 and 3 * experts < 2 * size)
    assert ("expert-draw-wanted" in found) == (not wanted)


def test_a_plan_names_fields_once_within_the_pool_and_is_refused_beside_what_was_decided():
    assert plan(BUILDING, COST) == []
    assert plan(BUILDING, COST, fitting=(2, 1)) == ["expert-draw-pool"]
    assert plan(BUILDING, COST, fitting=(3, 0)) == ["expert-draw-pool"]
    assert plan(BUILDING, COST, fitting=(3, 1)) == []
    assert "expert-draw-twice" in plan(BUILDING, BUILDING)
    assert "expert-draw-line" in plan(replace(BUILDING, kind="representative"), COST)
    assert plan(BUILDING, COST, direct=True) == ["experts-named"]
    assert plan(BUILDING, COST, held=True, goes_on=True) == ["expert-draw-goes-on"]
    assert plan(BUILDING, COST, strange_representatives=True) == ["representative-unknown"]
    assert plan(replace(BUILDING, count=1), held=True, seated=3) == []


def test_a_plan_after_the_opening_is_noted_and_one_before_is_not():
    panel = PanelFacts(wanted=(BUILDING, COST), fitting=(3, 1), representatives=1)
    found = {
        stage: rules(plan_findings(facts(panel, lot=replace(LOT, stage=stage))))
        for stage in ("bidding", "closed", "opened")
    }
    assert found == {"bidding": [], "closed": [], "opened": ["expert-draw-late"]}


def test_a_draw_is_held_with_as_many_left_as_are_wanted():
    def held(**more: object) -> list[str]:
        return rules(holding_findings(facts(PanelFacts(planned=True, wanted=(BUILDING,), **more))))

    assert held(fitting=(3,)) == []
    assert held(fitting=(2,)) == ["expert-draw-left"]
    assert rules(holding_findings(facts(PanelFacts()))) == ["expert-draw-not-planned"]


def test_a_call_is_answered_once_and_who_declines_says_why():
    assert rules(answer_findings(CALLED, True, "", "")) == []
    assert rules(answer_findings(ACCEPTED, True, "", "")) == ["call-answered"]
    assert rules(answer_findings(CALLED, False, "", "")) == ["call-why"]
    assert rules(answer_findings(CALLED, False, "because", "")) == ["call-why"]
    assert rules(answer_findings(CALLED, False, "other", " ")) == ["call-note"]
    assert rules(answer_findings(CALLED, True, "", "x" * 501)) == ["call-note-long"]
    for why in DECLINED_FOR:
        assert rules(answer_findings(CALLED, False, why, "说明")) == []


def test_a_special_tender_has_a_cause_of_the_law_and_a_reason():
    def special(cause: str, reason: str, **more: object) -> list[str]:
        return rules(special_findings(facts(PanelFacts(**more), ground=cause, reason=reason)))

    reason = "特种设备安装，全省仅三家有检测能力。"
    assert special("complex", reason) == []
    assert special("convenient", reason) == ["W-special"]
    assert special("complex", "太难了") == ["special-reason"]
    assert special("", "") == ["W-special", "special-reason"]
    assert special("complex", reason, planned=True) == ["expert-draw-begun"]
    assert special("complex", reason, direct=True) == ["experts-named"]


COMMITTEE = (
    *(MemberFacts(name=f"专家{n}", kind="technical", person=f"P{n}") for n in range(4)),
    MemberFacts(name="代表", kind="representative", person="R"),
)


def test_a_committee_of_hand_picked_experts_is_refused_and_a_drawn_one_is_not():
    def seated(committee=COMMITTEE, **more: object) -> list[str]:
        return rules(drawn_findings(facts(PanelFacts(**more), committee=committee)))

    everybody = frozenset(f"P{n}" for n in range(4))
    assert seated() == ["W-draw"]
    assert seated(elsewhere=DrawnElsewhere(pool="省库", record="")) == ["W-draw"]
    assert seated(elsewhere=DrawnElsewhere(pool="省库", record="1")) == []
    assert seated(direct=True) == []
    assert seated(held=True, accepted=everybody) == []
    assert seated(held=True, accepted=everybody - {"P0"}) == ["expert-not-drawn"]
    assert seated(held=True, accepted=everybody, missing=1) == ["expert-draw-missing"]
    assert seated(planned=True) == ["expert-draw-first"]
    # What was drawn here is not set aside by a record of elsewhere.
    elsewhere = DrawnElsewhere(pool="省库", record="1")
    assert seated(held=True, elsewhere=elsewhere) == ["expert-not-drawn"] * 4
    assert seated(COMMITTEE[4:]) == []
