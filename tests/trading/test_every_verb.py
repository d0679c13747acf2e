"""Every verb of the works procedure, tried by everybody in every state on a database: allowed, or refused for that reason.

The states are built once (``walk``); each try is undone. The table (``verbs``) is written by hand: a verb that forgets
its permission, its party, its stage or a guard does not fit it any more.
"""

from __future__ import annotations

import inspect

import pytest

from tests.trading.verbs import OTHERS, STATES, VERBS, Verb
from tests.trading.walk import Walk, begin, detour, states
from tests.trading.world import START, market
from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused

RULES_TESTED = ("W09", "W12", "W13", "W18", "W19", "W22")
STRANGERS = ("stranger", "colleague", "guest", "fresh", "agency")  # tried where it could be allowed
STAGES = {
    "drafted": "announcing", "confirmed": "announcing", "documents-objected": "bidding",
    "opening-objected": "opened", "result-objected": "publicity", "reexamining": "publicity-ended",
    "passed-over": "publicity-ended", "voted": "evaluating", "all-rejected": "evaluating",
    "reviewed": "evaluating", "scored": "evaluating", "time-asked": "evaluating", "drawn-up": "evaluating",
    "signed": "evaluating",
}  # fmt: skip
PUBLISHED = ("clarify", "postpone", "publicise")  # taken by the system when the notice appears
SPLIT = {  # one verb, several steps of the procedure by what it is about
    "answer_objection": ("answer-objection", "answer-opening-objection", "answer-result-objection"),
    "pass_over": ("pass-over", "withdraw-award"),
    "hand_in_written_report": ("report-award", "report-after-contract"),
}


def tried(verb: Verb, walk: Walk, actor: str) -> set[str]:
    """The rules that refuse it; empty where it is done. Undone either way."""
    try:
        with detour():
            verb.call(walk, walk.actors[actor])
    except Refused as refused:
        return {each.rule for each in refused.findings}
    except Exception as bug:  # noqa: BLE001 - reported with the rest of the table
        return {f"{type(bug).__name__}: {bug}"[:120]}
    return set()


def roles_of(verb: Verb, walk: Walk) -> set[str]:
    """Whose role may do it at all: that of those who may somewhere."""
    return {walk.actors[each].role for each in verb.who}


def fits(verb: Verb, walk: Walk, actor: str, state: str, came: set[str]) -> bool:
    """Whether that is what the table says: done, refused for exactly those reasons, or (elsewhere) for some of those."""
    if walk.actors[actor].role not in roles_of(verb, walk):
        return came == {"no-permission"}
    for key in (f"{actor} {state}", actor if state in verb.where else "", state):
        if key in verb.but and (actor not in STRANGERS or actor == "agency" or key != state):
            return came == verb.but[key]
    if state in verb.where and actor in verb.who:
        return not came
    others = {"stranger": {"not-your-lot"}, "guest": {"not-seated"}}.get(actor, set())
    return bool(came) and came <= verb.elsewhere | others | verb.but.get(actor, set()) | verb.but.get(
        state, set()
    )


def actors_of(verb: Verb, walk: Walk, state: str) -> list[str]:
    """Everybody in some states where somebody is allowed, and at the beginning; elsewhere who is allowed somewhere."""
    names = verb.only or tuple(walk.actors)
    if state in verb.where[:3] or state == "registered":
        return list(names)
    return [
        each
        for each in names
        if each in verb.who and (each not in STRANGERS or state in verb.but or each in verb.who[:1])
    ]


@pytest.mark.django_db
def test_everybody_tries_every_verb_in_every_state_and_only_the_table_is_allowed():
    walk = begin(market())
    wrong, been, done = [], [], set()
    for state in states(walk):
        been.append(state)
        assert trading.find_lot(walk.scored).stage == STAGES.get(state, state)
        for verb in VERBS:
            for actor in actors_of(verb, walk, state):
                came = tried(verb, walk, actor)
                if not fits(verb, walk, actor, state, came):
                    wrong.append((verb.name, actor, state, sorted(came)))
                if not came:
                    done.add(verb.name)
    assert not wrong, "\n".join(map(str, wrong))
    assert set(been) == set(STATES)
    assert done == {each.name for each in VERBS if each.where}, "every verb was done at least once"


def test_the_table_has_every_verb_of_the_room():
    verbs = {
        name
        for name in trading.__all__
        if inspect.isfunction(getattr(trading, name))
        and next(iter(inspect.signature(getattr(trading, name)).parameters), "") == "by"
    }
    assert verbs == {each.name.split()[0] for each in VERBS} | set(OTHERS)


def test_the_table_agrees_with_the_procedure_of_the_law_on_who_and_in_which_stage():
    procedure = law.procedure("works-open", on=local_day(START))
    roles = {"host": "tenderee", "colleague": "tenderee", "fresh": "bidder", "guest": "expert"}
    for verb in VERBS:
        name = verb.name.split()[0]
        steps = [procedure.step(each) for each in SPLIT.get(name, (verb.step,) if verb.step else ())]
        for step in steps:
            assert step.source, f"{name} rests on no article"
        if not steps or verb.step in PUBLISHED:
            continue
        by = {role for step in steps for role in step.by}
        stages = {stage for step in steps for stage in step.from_stages}
        for who in verb.who:
            assert roles.get(who, who) in by, (verb.name, who)
        for state in verb.where:
            assert STAGES.get(state, state) in stages, (verb.name, state)
