"""Committees of the simulated city that sit online, one tender at a time."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.refs import seeded_codes
from yiwang.record.journal.api import found, sequence
from yiwang.site.simulation import people, plans
from yiwang.site.simulation.running import FOUNDED_AT, NOW_AT, TODAY, Run
from yiwang.site.simulation.script import Tender, World

DUTIES = {**notices.DUTIES, **trading.DUTIES}


SCORED = [each for each in plans.plans(random.Random(1), TODAY) if each.method]


def test_there_is_one_in_every_part_of_an_evaluation():
    assert {each.stop for each in SCORED} >= {plans.VOTING, plans.SCORING, plans.SIGNING, plans.TO_THE_END}


@pytest.mark.parametrize("plan", SCORED[-1:], ids=lambda each: each.stop)
def test_a_committee_sits_online_and_what_it_comes_to_is_calculated_again(transactional_db, plan):
    found("rehearsal", FOUNDED_AT)
    with seeded_codes(random.Random(2)):
        world = people.settle(World(random.Random(1), FOUNDED_AT))
        run = Run(world, (trading.READER,), DUTIES, lambda share: None)
        hosts = world.tenderees[0]
        tender = Tender(world, plan, "育才中学教学楼", "新建教学楼。", "620502", hosts, None, 900_000_000)
        run.add(tender)
        run.until(NOW_AT + timedelta(days=1))
    sequence()
    stage = trading.find_lot(tender.code).stage
    if plan.stop == plans.TO_THE_END:
        assert stage == "archived"
        made = trading.calculation_of(tender.code)
        assert (made.verdict, made.findings) == ("equal", ())
        (drawn,) = trading.draws_again(tender.code)
        assert drawn.findings == ()
        assert {each.answer.en for each in drawn.called} == {"accepted", "declined", "could not be reached"}
        assert world.refusals.keys() >= {
            "committee-decides",
            "ranking-not-by-score",
            "dissent-reasons",
            "W16",
        }
    else:
        assert stage == ("publicity" if plan.stop == plans.PUBLICITY else "evaluating")
