"""The verbs of a tender as a state machine, briefly; ``python -m bench.machine`` runs it for long."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from . import machine
from .machine import MarketMachine, settle_market
from .turns import TURNS


def test_whatever_anybody_does_at_any_time_leaves_a_lawful_tender(db: None) -> None:
    settle_market()
    before = MarketMachine.met.copy()
    run_state_machine_as_test(
        MarketMachine,
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    tried = MarketMachine.met - before
    assert sum(tried.values()) > 60
    assert any(name.endswith("refused") for name in tried)


REACHED = {
    "objected": ("bidding", True),
    "opening-objected": ("opened", True),
    "result-objected": ("publicity", True),
    "corrected": ("bidding", False),
    "terminated": ("terminated", False),
    "failed-twice": ("failed", False),
    "second-ranked": ("awarded", False),
    "gave-up": ("awarded", False),
    "paid-back": ("contracted", False),
}


def test_every_turn_that_chance_seldom_takes_is_taken(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "event", lambda what: None)
    settle_market()
    before, reached = MarketMachine.met.copy(), {}
    for turn in TURNS:
        taken = MarketMachine()
        taken.brought_to(beginning=turn, few=0, scored=False)
        reached[turn] = (taken.lot.stage, taken.lot.suspended_at is not None)
        taken.teardown()
    assert reached == REACHED
    done = MarketMachine.met - before
    assert {"submit_bid", "open_bids", "award", "pass_over", "retender", "note_refund"} <= set(done)
