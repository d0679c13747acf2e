"""A made-up amendment of a limit, in two files: old lots keep the rule under which they began."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.law.copies import AMENDED_ON, amended
from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused

from .world import market

RULES_TESTED = ("W03",)


def test_a_lot_announced_before_keeps_twenty_days_and_a_new_one_needs_twenty_five(db, tmp_path):
    town = market()
    with law.using(amended(tmp_path)):
        town.now = on_day_at(AMENDED_ON - timedelta(days=5), 10)
        town.register()
        town.announce()
        old = trading.find_lot(town.lot)
        assert (local_day(old.deadline_at) - local_day(old.documents_from_at)).days == 20
        town.now = on_day_at(AMENDED_ON + timedelta(days=3), 10)
        assert clock_of(town.lot).limit.at_least == 20
        town.register()
        publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
        short = town.terms(deadline_at=on_day_at(local_day(publish_at) + timedelta(days=24), 9, 30))
        with pytest.raises(Refused) as caught:
            trading.draft_tender_notice(town.hosts[0], town.lot, short, town.now)
        assert {each.rule: each.params["at_least_days"] for each in caught.value.findings} == {"W03": 25}
        town.announce()
        assert clock_of(town.lot).limit.at_least == 25
    assert date(2026, 6, 1) == AMENDED_ON


def clock_of(code: str) -> law.Clock:
    return next(each for each in trading.lot_page(trading.find_lot(code)).clocks if each.limit.id == "W03")
