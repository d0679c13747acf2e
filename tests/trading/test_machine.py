"""The verbs of a tender as a state machine, briefly; ``python -m bench.machine`` runs it for long."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import MarketMachine, settle_market


def test_whatever_anybody_does_at_any_time_leaves_a_lawful_tender(db: None) -> None:
    settle_market()
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
    met = MarketMachine.met
    assert {"open_bids", "award", "submit_bid"} <= set(met)
    assert any(name.endswith("refused") for name in met)
