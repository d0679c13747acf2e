"""Every verb of a complaint, tried by everybody in every state of one: done, or refused for that reason and no other.

The table is written by hand. Each try is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.trading.test_complaints import PRICES, complaint
from tests.trading.walk import detour
from tests.trading.world import Market, announced
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused

RULES_TESTED = ("W27-refusal", "W28-bad-faith", "W28-inquiry", "W28-suspend", "W28-correction")
ELSEWHERE = "91620502MA0000099X"
HANDLED = ("accepted", "asked", "stopped", "appraising")
STATES = ("received", *HANDLED, "refused", "decided", "decided-stopped", "withdrawn")
OPEN = ("received", *HANDLED)


@dataclass
class Case:
    """A complaint in a state, and who tries to do something about it."""

    town: Market
    code: str
    actors: Mapping[str, Actor]


type Call = Callable[[Case, Actor], object]


@dataclass(frozen=True)
class Verb:
    """``who`` does it in the states ``where``; ``but`` are other refusals of who may, by state."""

    name: str
    who: str
    where: tuple[str, ...]
    call: Call
    roles: tuple[str, ...] = ("supervisor",)
    but: Mapping[str, str] = field(default_factory=dict)


def _decided(case: Case, by: Actor, outcome: str, ground: str = "", correction: str = "") -> object:
    return trading.decide_complaint(
        by, case.code, outcome, "查明如下。", [], case.town.now, ground, correction=correction
    )


VERBS = (
    Verb("accept_complaint", "body", ("received",),
         lambda case, by: trading.accept_complaint(by, case.code, case.town.now)),
    Verb("refuse_complaint", "body", ("received",),
         lambda case, by: trading.refuse_complaint(by, case.code, "late", "逾期。", case.town.now)),
    Verb("ask_respondent", "body", ("accepted", "stopped", "appraising"),
         lambda case, by: trading.ask_respondent(by, case.code, "请说明。", None, case.town.now),
         but={"asked": "inquiry-open"}),
    Verb("answer_complaint", "host", ("asked",),
         lambda case, by: trading.answer_complaint(by, case.code, "说明如下。", [], case.town.now),
         roles=("bidder", "tenderee", "agency")),
    Verb("order_suspension", "body", ("accepted", "asked", "appraising"),
         lambda case, by: trading.order_suspension(by, case.code, "必要。", case.town.now),
         but={"stopped": "stopped-already"}),
    Verb("lift_suspension", "body", ("stopped", "decided-stopped"),
         lambda case, by: trading.lift_suspension(by, case.code, case.town.now),
         but=dict.fromkeys(("accepted", "asked", "appraising", "decided"), "no-order-stands")),
    Verb("begin_appraisal", "body", ("accepted", "asked", "stopped"),
         lambda case, by: trading.begin_appraisal(by, case.code, "送鉴定。", case.town.now),
         but={"appraising": "appraisal-open"}),
    Verb("end_appraisal", "body", ("appraising",),
         lambda case, by: trading.end_appraisal(by, case.code, case.town.now),
         but=dict.fromkeys(("accepted", "asked", "stopped"), "no-appraisal-open")),
    Verb("decide_complaint", "body", ("accepted", "asked", "stopped"),
         lambda case, by: _decided(case, by, "upheld", correction="none"), but={"appraising": "appraisal-open"}),
    Verb("decide_complaint bad faith", "body", ("accepted", "asked", "stopped"),
         lambda case, by: _decided(case, by, "bad-faith", "forged-papers"), but={"appraising": "appraisal-open"}),
    Verb("state_correction", "host", ("decided-stopped",),
         lambda case, by: trading.state_correction(by, case.code, "已重新编制。", case.town.now),
         roles=("tenderee",)),
    Verb("withdraw_complaint", "complainant", OPEN,
         lambda case, by: trading.withdraw_complaint(by, case.code, case.town.now),
         roles=("bidder", "tenderee")),
)  # fmt: skip


def _states(case: Case) -> Iterator[str]:
    """The names of the states, while the complaint stands in each of them."""
    town, code, body = case.town, case.code, case.actors["body"]
    yield "received"
    with detour():
        trading.refuse_complaint(body, code, "late", "逾期。", town.now)
        yield "refused"
    with detour():
        trading.withdraw_complaint(case.actors["complainant"], code, town.now)
        yield "withdrawn"
    trading.accept_complaint(body, code, town.now)
    yield "accepted"
    with detour():
        trading.ask_respondent(body, code, "请说明。", local_day(town.now) + timedelta(days=3), town.now)
        yield "asked"
    with detour():
        trading.begin_appraisal(body, code, "送鉴定。", town.now)
        yield "appraising"
    with detour():
        trading.decide_complaint(body, code, "dismissed", "查无实据。", [], town.now)
        yield "decided"
    trading.order_suspension(body, code, "必要。", town.now)
    yield "stopped"
    trading.decide_complaint(
        body, code, "upheld", "属实。", [], town.now, keeps_suspension=True, correction="other"
    )
    yield "decided-stopped"


def tried(verb: Verb, case: Case, actor: str) -> set[str]:
    """The rules that refuse it; empty where it is done. Undone either way."""
    try:
        with detour():
            verb.call(case, case.actors[actor])
    except Refused as refused:
        return {each.rule for each in refused.findings}
    return set()


def wanted(verb: Verb, case: Case, actor: str, state: str) -> set[str]:
    """What the table says: nothing where it is done; to whom it is none of their business there is no complaint."""
    if case.actors[actor].role not in verb.roles:
        return {"no-permission"}
    if actor != verb.who or (verb.who == "host" and state not in verb.where):
        return {"no-such-complaint"}
    if state in verb.where:
        return set()
    return {verb.but.get(state, "complaint-wrong-stage")}


@pytest.mark.django_db
def test_everybody_tries_every_verb_of_a_complaint_in_every_state_and_only_the_table_is_allowed():
    town = announced()
    town.bid(PRICES)
    code = trading.complain(town.bidders[0], town.lot, complaint(town), town.now)[0].code
    actors = {
        "complainant": town.bidders[0],
        "bidder": town.bidders[1],
        "host": town.hosts[0],
        "agency": town.agency,
        "centre": town.staff.opener,
        "operator": town.operator,
        "body": town.supervisor,
        "other-body": Actor("P-OTHER-BODY0000", ELSEWHERE, "supervisor"),
    }
    case = Case(town, code, actors)
    wrong, been = [], []
    for state in _states(case):
        been.append(state)
        for verb in VERBS:
            for actor in actors:
                came = tried(verb, case, actor)
                if came != wanted(verb, case, actor, state):
                    wrong.append((verb.name, actor, state, sorted(came)))
    assert not wrong, "\n".join(map(str, wrong))
    assert set(been) == set(STATES)
