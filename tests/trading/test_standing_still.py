"""An order of suspension extends no period of the law; what is late beside one says on which days it stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.world import CONTACT, Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import awarding
from yiwang.business.trading.rules.standing import Standstill, stood_still
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import LOT, step

RULES_TESTED = ("W21-start", "W23", "W28-suspend")
DAY = date(2026, 3, 9)
PRICES = [500_000_000, 490_000_000, 510_000_000]


@given(st.integers(-3, 12), st.integers(0, 6), st.integers(0, 12))
def test_the_days_said_are_those_after_the_beginning_to_the_act(begins: int, lasts: int, until: int) -> None:
    order = Standstill(DAY + timedelta(days=begins), DAY + timedelta(days=begins + lasts))
    said = stood_still([order], DAY, DAY + timedelta(days=until))
    touched = [n for n in range(begins, begins + lasts + 1) if 0 < n <= until]
    assert said.get("stopped_days", 0) == len(touched)
    assert bool(said) == bool(touched)


def test_orders_that_meet_on_a_day_count_it_once_and_one_that_stands_has_no_end() -> None:
    orders = [Standstill(DAY, DAY + timedelta(days=2)), Standstill(DAY + timedelta(days=2))]
    said = stood_still(orders, DAY - timedelta(days=1), DAY + timedelta(days=4))
    assert said == {"stopped": "2026-03-09–2026-03-11、2026-03-11–", "stopped_days": 5}


@given(st.integers(1, 8), st.integers(0, 6))
def test_no_order_moves_the_last_day_of_w21_start_or_w23(begins: int, lasts: int) -> None:
    order = Standstill(DAY + timedelta(days=begins), DAY + timedelta(days=begins + lasts))
    lot = replace(LOT, report_received_at=on_day_at(DAY, 16), law_on=DAY, standstills=(order,))
    for limit, after in (("W21-start", 3), ("W23", 30)):
        last_on = law.clock(limit, on_day_at(DAY, 16), on=DAY).result_on
        for late in (0, 1):
            on = last_on + timedelta(days=late)
            stopped = DAY + timedelta(days=begins) <= on
            found = (
                awarding.publicity_start_findings(step(lot, publish_at=on_day_at(on, 9)))
                if limit == "W21-start"
                else awarding.contract_period_findings(
                    step(lot, received_at=on_day_at(DAY, 16), signed_on=on, at=on_day_at(on, 18))
                )
            )
            expected = [f"{limit}-stopped" if stopped else limit] if late else []
            assert [each.rule for each in found] == expected, (limit, after)


@pytest.mark.django_db
def test_a_publicity_that_an_order_made_late_names_the_order_and_so_does_the_list_of_what_is_late() -> None:
    town: Market = market()
    town.to_report(PRICES)
    new = trading.NewComplaint(
        matter="other",
        respondent=town.hosts[0].organisation,
        authority=town.supervisor.organisation,
        learnt_on=local_day(town.now),
        text="评标委员会成员应当回避。",
        request="责令重新评标。",
        papers=[stored_pdf("证明")],
    )
    code = trading.complain(town.bidders[0], town.lot, new, town.now)[0].code
    trading.accept_complaint(town.supervisor, code, town.now)
    ordered_on = local_day(town.now)
    trading.order_suspension(town.supervisor, code, "必要。", town.now)
    (waits,) = [each for each in trading.todos(town.hosts[0], town.now) if each.step == "draft-publicity"]
    body = "天水市住房和城乡建设局（演练）"
    assert waits.waiting is not None
    assert f"{body}责令暂停招标投标活动（{ordered_on.isoformat()} 起，第 1 日）" in waits.waiting.zh
    assert waits.beside is not None, "the period runs on, and that is said"
    town.now = on_day_at(local_day(town.now) + timedelta(days=9), 9)
    stored = trading.find_lot(town.lot)
    standing, beside = trading.orders_beside(stored, trading.lot_page(stored), town.now)
    assert standing is not None
    assert "day 10" in standing.en
    assert list(beside) == ["W21-start"]
    lifted_on = local_day(town.now)
    trading.lift_suspension(town.supervisor, code, town.now)
    (due,) = [each for each in trading.todos(town.hosts[0], town.now) if each.step == "draft-publicity"]
    assert due.waiting is None
    assert due.beside is not None
    spans = f"{ordered_on.isoformat()}–{lifted_on.isoformat()}"
    (late,) = [each for each in trading.watched(town.supervisor, town.now) if each.kind == "late"]
    assert late.words is not None
    assert due.beside.zh in late.words.zh, "to-do and register say the same"
    assert due.beside.en in late.words.en
    assert f"其间{body}责令暂停" in due.beside.zh
    assert spans in late.words.zh
    assert spans in late.words.en
    publish_at = on_day_at(lifted_on + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    notice = trading.draft_publicity(town.hosts[0], town.lot, publish_at, until_on, CONTACT, town.now)
    town.publish(notice.code, publish_at)
    warned = [each.finding for each in trading.watched(town.supervisor, town.now) if each.finding]
    (found,) = [each for each in warned if each.rule.startswith("W21-start")]
    assert (found.rule, found.params["stopped"]) == ("W21-start-stopped", spans)
    assert "第五十四条" in found.source
    assert "第六十二条" in found.source
    stored = trading.find_lot(town.lot)
    later = town.now + timedelta(days=30)
    standing, beside = trading.orders_beside(stored, trading.lot_page(stored), later)
    assert standing is None
    assert beside["W21-start"].zh == due.beside.zh, "the days do not grow after the publicity began"
