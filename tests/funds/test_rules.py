"""Interest on what was held, day by day at the rate of the day; refunds that are late are noted as late."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from yiwang.common.funds import rules
from yiwang.law import api as law

RULES_TESTED = ("W15", "W25")
CHANGE = date(2025, 5, 20)


def test_interest_by_hand_across_the_day_on_which_the_rate_changes():
    # 36,000,000.00 yuan, two days at 0.1 % and three at 0.05 %: 2 × 100 + 3 × 50 yuan.
    assert rules.interest_fen(3_600_000_000, date(2025, 5, 18), date(2025, 5, 23)) == 35_000


@given(st.integers(1, 80_000_000), st.integers(-400, 400), st.integers(0, 1) | st.integers(0, 400))
def test_interest_is_what_the_days_bring_and_never_falls_with_time(principal, offset, days):
    start = CHANGE + timedelta(days=offset)
    end = start + timedelta(days=days)
    exact = sum(
        (
            Fraction(principal) * law.limit(rules.RATE, on=start + timedelta(days=n)).share / 360
            for n in range(days)
        ),
        Fraction(0),
    )
    found = rules.interest_fen(principal, start, end)
    assert abs(found - exact) <= Fraction(1, 2)
    assert found <= rules.interest_fen(principal, start, end + timedelta(days=1))
    assert rules.interest_fen(principal, start, start) == 0


@given(st.integers(-2, 8), st.integers(-2, 2))
def test_a_refund_lies_between_its_cause_and_today_and_after_its_last_day_it_is_late(after, left):
    arose_on = date(2026, 4, 20)
    due_on = law.clock("W25", arose_on, on=arose_on).result_on
    done_on = arose_on + timedelta(days=after)
    today = done_on + timedelta(days=left)
    found = {
        each.rule: each.level
        for each in rules.done_findings(arose_on, done_on, due_on, today, "W25", arose_on)
    }
    assert ("refund-before-cause" in found) is (after < 0)
    assert ("refund-in-the-future" in found) is (left < 0)
    assert found.get("refund-late") == ("warning" if done_on > due_on else None)
