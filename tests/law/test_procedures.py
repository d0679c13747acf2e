"""Procedures explored by machine: days left instead of dates, people interchangeable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.law.copies import changed, copy_of_the_law
from yiwang.law import api
from yiwang.law.checking import ABANDONING, law_objections
from yiwang.law.exploring import A_DAY, Exploration, State, explore
from yiwang.law.procedures import Procedure

RULES_TESTED = ("W11", "W13", "W20")

TODAY = date(2026, 11, 23)
MOST = 5


def number_of(limit_id: str) -> int:
    return int(api.limit(limit_id, TODAY).value)


def works() -> Procedure:
    return api.procedure("works-open", TODAY)


def walked(procedure: Procedure, without: frozenset[str] = frozenset()) -> Exploration:
    return explore(procedure, number_of, MOST, without)


def test_every_stage_is_reached_and_every_step_can_be_taken() -> None:
    walk = walked(works())
    assert walk.stages() == {each.id for each in works().stages}
    assert walk.steps() == {each.id for each in works().steps}
    assert {state.counters[1] for state in walk.moves} == set(range(MOST + 1))


def test_from_every_state_the_matter_can_end_without_giving_up() -> None:
    walk = walked(works(), ABANDONING)
    assert not walk.stuck(frozenset(each.id for each in works().finals))


def test_every_stage_but_the_last_ones_is_left_by_a_step() -> None:
    finals = {each.id for each in works().finals}
    for stage in works().stages:
        leaving = [each for each in works().steps_from(stage.id) if each.to_stage != stage.id]
        assert bool(leaving) is (stage.id not in finals)


def test_no_bid_is_opened_with_fewer_than_three_bidders_and_none_before_the_deadline() -> None:
    procedure = works()
    names = procedure.counters
    for state, moves in walked(procedure).moves.items():
        counters = dict(zip(names, state.counters, strict=True))
        taken = {step for step, _ in moves}
        if taken & {"close", "open"}:
            assert counters["bids"] >= 3
            assert counters["days-left"] == 0
        if state.stage == "bidding" and counters["days-left"] == 0:
            assert len(taken & {"close", "fail"}) == 1
        if taken & {"submit-bid", "replace-bid", "withdraw-bid"}:
            assert counters["days-left"] > 0


def test_a_report_needs_a_valid_bid_and_all_may_be_rejected_only_below_three() -> None:
    procedure = works()
    for state, moves in walked(procedure).moves.items():
        valid = dict(zip(procedure.counters, state.counters, strict=True))["valid"]
        taken = {step for step, _ in moves}
        if state.stage == "evaluating":
            assert ("report" in taken) is (valid > 0)
            assert ("reject-all" in taken) is (valid < 3)


def test_the_shortest_lawful_way_takes_23_days() -> None:
    procedure = works()
    walk = walked(procedure)
    start = State(procedure.initial.id, (0,) * len(procedure.counters))
    best = {start: 0}
    waiting = [start]
    while waiting:
        state = waiting.pop()
        for step, after in walk.moves[state]:
            cost = best[state] + (step == A_DAY)
            if cost < best.get(after, 10_000):
                best[after] = cost
                waiting.append(after)
    assert min(cost for state, cost in best.items() if state.stage == "archived") == 20 + 3


def test_a_dead_stage_and_an_unreachable_one_are_found(tmp_path: Path) -> None:
    folder = copy_of_the_law(tmp_path)
    path = folder / "procedures" / "works-open.toml"
    changed(path, 'from = ["contracted"]\nto = "archived"', 'from = ["archived"]\nto = "archived"')
    found = law_objections(api.load(folder), ())
    assert any("the stage archived can never be reached" in each for each in found)
    assert any("from the stage contracted some states never come to an end" in each for each in found)


@pytest.mark.parametrize(
    ("before", "after", "objection"),
    [
        (
            'guards = ["not-stopped", "lawful-ground", "committee-on-paper"]',
            'guards = ["lawful-mood", "committee-on-paper"]',
            "no guard lawful-mood",
        ),
        (
            'guards = ["not-stopped", "lawful-ground", "committee-on-paper"]',
            'guards = ["committee-on-paper"]',
            "no step asks the guard lawful-ground",
        ),
        ('notices = ["opening-record"]', 'notices = ["opening-song"]', "no form of notice opening-song"),
        ('limits = ["W23", "W24"]', 'limits = ["W23", "W99"]', "no limit W99"),
        ('limits = ["W25"]', "limits = []", "W25 is named by no step or guard"),
        ('rules = ["W-losers-told"]', 'rules = ["W-losers-sung"]', "no rule W-losers-sung"),
        ('rules = ["W20"]', 'rules = ["W14-cap-design"]', "W14-cap-design is marked data only"),
        ('effects = ["bids - 1"]', 'effects = ["bits - 1"]', "no counter bits"),
        ('"comprehensive-mean",', '"by-lot",', "no method by-lot"),
        ('agenda = "publicity-end"\n', "", "steps of the system"),
        (
            'from = ["contracted"]\nto = "archived"',
            'from = ["contracted"]\nto = "nowhere"',
            "no stage nowhere",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_found(tmp_path: Path, before: str, after: str, objection: str) -> None:
    folder = copy_of_the_law(tmp_path)
    changed(folder / "procedures" / "works-open.toml", before, after)
    found = law_objections(api.load(folder), ())
    assert any(objection in each for each in found), found


@pytest.mark.parametrize(
    ("before", "after", "objection"),
    [
        ('effects = ["bids - 1"]', 'effects = ["bids > 1"]', "cannot read"),
        ('kind = "initial"', 'kind = "first"', "is not one of"),
        ('kind = "initial"\n', "", "one initial stage"),
        ('from = ["registered"]\n', "", "needs stages to come from"),
    ],
)
def test_a_procedure_that_is_not_in_the_format_is_named(
    tmp_path: Path, before: str, after: str, objection: str
) -> None:
    folder = copy_of_the_law(tmp_path)
    changed(folder / "procedures" / "works-open.toml", before, after)
    with pytest.raises(api.BadLaw, match=objection):
        api.load(folder)


def test_every_step_and_guard_has_a_source_and_both_languages() -> None:
    named = [(each.source, each.words) for each in works().steps]
    for source, words in [*named, *((each.source, each.words) for each in works().guards)]:
        assert "《" in source
        assert words.en.isascii()
        assert not words.zh.isascii()


def test_the_steps_of_the_system_are_those_that_the_agenda_takes() -> None:
    assert all((each.by == ("system",)) is bool(each.agenda) for each in works().steps)
    assert {each.id for each in works().steps if each.agenda == "bid-deadline"} == {"close", "fail"}


def test_a_step_that_never_ends_would_be_noticed() -> None:
    procedure = works()
    kept = tuple(
        each
        for each in procedure.steps
        if each.id not in ("fail", "terminate", "annul-documents", "annul-by-order")
    )
    walk = walked(replace(procedure, steps=kept))
    stuck = walk.stuck(frozenset(each.id for each in procedure.finals))
    assert {state.stage for state in stuck} == {"bidding"}


def test_a_procedure_is_found_by_day_and_its_parts_by_name() -> None:
    with pytest.raises(api.NoSuchRule):
        api.procedure("works-open", date(1999, 12, 31))
    with pytest.raises(api.NoSuchRule):
        works().step("dance")
    assert works().stage("bidding").words.zh == "投标中"
    assert works().initial.id == "registered"


def prequalified() -> Procedure:
    return api.procedure("works-open-prequalified", TODAY)


def test_nobody_is_invited_before_three_passed_and_nothing_is_closed_before_its_deadline() -> None:
    procedure = prequalified()
    for state, moves in walked(procedure).moves.items():
        counters = dict(zip(procedure.counters, state.counters, strict=True))
        taken = {step for step, _ in moves}
        if taken & {"close-applications", "fail-for-applicants"}:
            assert counters["days-left"] == 0
        if state.stage == "applying" and counters["days-left"] == 0:
            assert len(taken & {"close-applications", "fail-for-applicants"}) == 1
        if state.stage == "reviewing":
            assert ("notify-results" in taken) is (counters["valid"] >= 3)
            assert ("fail-prequalification" in taken) is (counters["valid"] < 3)
        if taken & {"submit-application", "withdraw-application"}:
            assert counters["days-left"] > 0


def test_a_procedure_that_extends_another_has_all_of_it_and_changes_only_what_it_names() -> None:
    base, longer = works(), prequalified()
    assert [each.id for each in longer.stages if each in base.stages] == [each.id for each in base.stages]
    assert longer.stages[0] == base.initial
    changed = {each.id for each in base.steps if longer.step(each.id) != each}
    assert changed == {
        "draft-notice", "return-notice", "announce", "take-documents", "submit-bid", "replace-bid", "terminate",
        "annul-documents",
        "annul-by-order",
    }  # fmt: skip
    assert set(works().step("terminate").from_stages) < set(longer.step("terminate").from_stages)
    assert all(longer.guard(each.id) == each for each in base.guards)


@pytest.mark.parametrize(
    ("before", "after", "objection"),
    [
        ('extends = "works-open"', 'extends = "works-opened"', "extends no procedure"),
        ('step = "take-documents"', 'step = "take-nothing"', "changes no step"),
        ('id = "applying"', 'id = "bidding"', "stands in works-open already"),
    ],
)
def test_an_extension_of_nothing_is_named(tmp_path: Path, before: str, after: str, objection: str) -> None:
    folder = copy_of_the_law(tmp_path)
    changed(folder / "procedures" / "works-open-prequalified.toml", before, after)
    with pytest.raises(api.BadLaw, match=objection):
        api.load(folder)
