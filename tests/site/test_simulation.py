"""The simulation: real verbs, invariants after every act, and the same city for the same seed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest

from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Bid, Lot
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.codes import uscc_findings
from yiwang.record.journal.api import found, public_feed
from yiwang.site.simulation import invariants
from yiwang.site.simulation.plans import plans
from yiwang.site.simulation.running import FOUNDED_AT, TODAY, build
from yiwang.site.simulation.script import NotRefused, World

DUTIES = {**notices.DUTIES, **trading.DUTIES}


def test_a_city_lives_lawfully_and_is_refused_where_the_law_refuses(transactional_db):
    """With real commits: thousands of savepoints in one transaction are no city, and slow on PostgreSQL."""
    found("rehearsal", FOUNDED_AT)
    city = build(5, (trading.READER,), DUTIES, limit=20)
    assert city.now.date() == TODAY
    assert {"W03", "D01", "late-bid", "W16", "W21", "W22", "W26"} - set(city.refusals) <= {"W22", "W26"}
    stages = set(Lot.objects.values_list("stage", flat=True))
    assert {
        "registered",
        "announcing",
        "bidding",
        "closed",
        "opened",
        "evaluating",
        "reported",
        "publicity",
    } <= stages
    for code in city.lots:
        assert list(invariants.lot_objections(code)) == []
    assert list(invariants.feed_objections(0)) == []
    assert list(invariants.commitment_objections(each.id for each in public_feed(0, 200))) == []
    opened = Bid.objects.select_related("lot").first()
    Lot.objects.filter(pk=opened.lot_id).update(stage="closed")
    assert any("before the opening" in each for each in invariants.lot_objections(opened.lot.code))


def test_what_should_be_refused_and_is_not_stops_the_run():
    world = World.__new__(World)
    world.refusals = {}
    with pytest.raises(NotRefused), world.refused("W03"):
        pass


def test_there_are_about_thirty_plans_and_somebody_waits_in_every_role():
    import random

    every = plans(random.Random(1), date(2026, 9, 10))
    assert 30 <= len(every) <= 40
    assert {each.stop for each in every} >= {
        "registered",
        "drafted",
        "confirmed",
        "bidding",
        "closed",
        "evaluating",
    }
    assert {each.by_agency for each in every if each.stop == "registered"} == {True, False}


def test_every_invented_code_is_valid():
    import random

    from yiwang.site.simulation.city import parties

    for seed in range(20):
        for each in parties(random.Random(seed)):
            assert uscc_findings(each.code) == []


@pytest.mark.sqlite
def test_the_same_seed_gives_the_same_journal(tmp_path):
    texts = []
    for seed, folder in ((3, "a"), (3, "b"), (4, "c")):
        environment = {
            **os.environ,
            "YIWANG_HOME": str(tmp_path / folder),
            "YIWANG_DATABASE": "",
            "DJANGO_SETTINGS_MODULE": "yiwang.site.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.site.journal_of", str(seed), "9"],
            env=environment, capture_output=True, text=True, timeout=250, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]
    assert len(texts[0].splitlines()) > 150
