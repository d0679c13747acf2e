"""The simulation: real verbs, invariants after every act, and the same city for the same seed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import date, timedelta

import pytest

from yiwang.business.trading import api as trading
from yiwang.business.trading.kinds import LOT_SUSPENDED
from yiwang.business.trading.models import Bid, Envelope, Lot
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.codes import uscc_findings
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import RefusedOnRecord, act, found, public_feed, record, timeline
from yiwang.site.simulation import invariants
from yiwang.site.simulation.faults import Faults, Trouble
from yiwang.site.simulation.plans import AWARDED, PUBLICITY, TO_THE_END, Plan, plans, working_day
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
    code, deadline_at = opened.lot.code, opened.lot.deadline_at
    Lot.objects.filter(pk=opened.lot_id).update(stage="closed")
    said = " ".join(invariants.lot_objections(code))
    assert "opened before the opening" in said
    assert "but its entries lead to" in said
    Envelope.objects.filter(pk=opened.envelope_id).update(received_at=deadline_at)
    assert any("came after the deadline" in each for each in invariants.lot_objections(code))
    Envelope.objects.filter(pk=opened.envelope_id).update(leaf_hash="0" * 64)
    assert any("the closing list has" in each for each in invariants.lot_objections(code))


def test_lots_of_a_project_that_are_ready_together_share_their_notices(transactional_db, monkeypatch):
    found("rehearsal", FOUNDED_AT)
    together = Plan(working_day(date(2026, 7, 30)), 4, TO_THE_END, True, lots=2)
    monkeypatch.setattr("yiwang.site.simulation.plans.plans", lambda rng, today: [together])
    city = build(5, (trading.READER,), DUTIES, pick=1)
    first, second = (notices.notices(about=trading.find_lot(each).ref) for each in city.lots)
    shared = [each.form for each in first if each.parts and each in second]
    assert shared == ["tender-notice", "candidates-publicity", "result-notice", "contract-notice"]
    assert {trading.find_lot(each).stage for each in city.lots} == {"archived"}


def test_a_new_evaluation_that_is_ordered_ends_in_a_publicity_of_its_own_and_the_first_stays_void(
    transactional_db, monkeypatch
):
    found("rehearsal", FOUNDED_AT)
    ordered = Plan(
        working_day(date(2026, 7, 1)), 5, TO_THE_END, False, method="floating", voice="complaint-ordered"
    )
    monkeypatch.setattr("yiwang.site.simulation.plans.plans", lambda rng, today: [ordered])
    city = build(5, (trading.READER,), DUTIES, pick=1)
    (code,) = city.lots
    lot = trading.find_lot(code)
    assert (lot.stage, lot.round) == ("archived", 2)
    publicities = [
        each.code for each in notices.notices(about=lot.ref) if each.form == "candidates-publicity"
    ]
    void = trading.void_publicities([code])
    assert [(each, code) in void for each in sorted(publicities)] == [True, False]
    assert list(invariants.lot_objections(code)) == []
    ended = [each for each in timeline(lot.ref, public_only=False) if each.kind == "publicity-ended"]
    assert len(ended) == 2, "the decision lifts the suspension, so the first ends before it is undone"
    Lot.objects.filter(pk=lot.pk).update(publicity_until_at=ended[1].at + timedelta(minutes=1))
    assert f"{code}: publicity ended early" in invariants.lot_objections(code)


def test_a_new_tender_that_is_ordered_goes_to_its_award_and_the_first_one_stays_void(
    transactional_db, monkeypatch
):
    found("rehearsal", FOUNDED_AT)
    day = working_day(date(2026, 7, 1))
    ordered = Plan(day, 5, AWARDED, False, retender=True, voice="complaint-retender")
    monkeypatch.setattr("yiwang.site.simulation.plans.plans", lambda rng, today: [ordered])
    city = build(5, (trading.READER,), DUTIES, pick=1)
    again = trading.find_lot(city.lots[0])
    first = trading.find_lot(again.retender_of)
    assert (first.stage, first.outcome) == ("failed", "by-order")
    assert (again.stage, again.attempt) == ("awarded", 2)
    forms = [each.form for each in notices.notices(about=first.ref, status="published")]
    assert forms[-2:] == ["candidates-publicity", "failed-tender"]
    assert list(trading.standings([first.publicity_notice]).values()) == ["void"]
    for each in (first, again):
        assert list(invariants.lot_objections(each.code)) == []


def test_a_newly_formed_committee_that_is_ordered_is_awaited_by_a_lot_whose_bids_are_all_open(
    transactional_db, monkeypatch
):
    found("rehearsal", FOUNDED_AT)
    ordered = Plan(working_day(date(2026, 7, 1)), 4, PUBLICITY, False, voice="complaint-new-committee")
    monkeypatch.setattr("yiwang.site.simulation.plans.plans", lambda rng, today: [ordered])
    city = build(5, (trading.READER,), DUTIES, pick=1)
    (code,) = city.lots
    lot = trading.find_lot(code)
    assert (lot.stage, lot.round) == ("opened", 2)
    assert set(lot.committee.values_list("replaced_why", flat=True)) == {"order"}
    assert {each.status for each in lot.bids.all()} == {"open"}
    assert len(trading.void_publicities([code])) == 1
    assert list(invariants.lot_objections(code)) == []


def test_lots_that_are_clarified_and_fail_together_share_these_notices_too(transactional_db, monkeypatch):
    found("rehearsal", FOUNDED_AT)
    together = Plan(working_day(date(2026, 8, 10)), 2, TO_THE_END, True, lots=2, voice="clarified")
    monkeypatch.setattr("yiwang.site.simulation.plans.plans", lambda rng, today: [together])
    city = build(5, (trading.READER,), DUTIES, pick=1)
    first, second = (notices.notices(about=trading.find_lot(each).ref) for each in city.lots)
    shared = [each.form for each in first if each.parts and each in second]
    assert shared == ["tender-notice", "clarification", "failed-tender"] == [each.form for each in first]
    assert {each.status for each in first} == {"published"}


def test_a_troubled_city_breaks_no_invariant_and_its_faults_are_met(transactional_db):
    """Late rounds, repeated requests, dying processes, entries shown twice, a clock that jumps."""
    found("rehearsal", FOUNDED_AT)
    city = build(11, (trading.READER,), DUTIES, pick=4, faults=Faults())
    assert {"late rounds", "shown twice", "died before-commit", "again, under its key"} <= set(city.faults)
    assert city.acts > 40


@pytest.mark.parametrize("keyed", [False, True])
def test_a_line_that_repeats_an_act_is_found_out_where_the_act_is_done_twice(db, monkeypatch, keyed):
    """The check of repetitions can fail: a verb that records although it refuses is caught."""
    found("rehearsal", FOUNDED_AT)
    trouble = Trouble(Faults(die=0.0, again=1.0), random.Random(1))
    monkeypatch.setattr(trouble, "happens", lambda share: keyed if share == 0.5 else share > 0)

    def verb(by: Actor) -> None:
        with act():
            record(LOT_SUSPENDED, about=Ref("trading", "lot", "L"), by=by, at=FOUNDED_AT, facts={})
            raise RefusedOnRecord([Finding("wrong-stage")])

    with pytest.raises(invariants.Broken, match="left an entry"):
        trouble.send(verb, SYSTEM_ACTOR)


def test_what_should_be_refused_and_is_not_stops_the_run():
    world = World.__new__(World)
    world.refusals = {}
    with pytest.raises(NotRefused), world.refused("W03"):
        pass


def test_there_are_about_forty_plans_and_somebody_waits_in_every_role():
    every = plans(random.Random(1), date(2026, 9, 10))
    assert 30 <= len(every) <= 50
    assert {each.stop for each in every} >= {
        "registered",
        "drafted",
        "confirmed",
        "bidding",
        "closed",
        "evaluating",
    }
    assert {each.by_agency for each in every if each.stop == "registered"} == {True, False}
    voices = [each.voice for each in every]
    assert {"complaint-ordered", "complaint-retender", "complaint-new-committee", "objected"} <= set(voices)
    assert [each.voice for each in every if each.method][-1] == "evaluated-again"


def test_every_invented_code_is_valid():
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
