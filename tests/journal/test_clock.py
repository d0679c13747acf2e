"""One business clock, forward only, and a stamp for ever."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kinds import AT, BY
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal import models
from yiwang.record.journal.api import Unborn, act, advance_rehearsal, birth, business_now, found, real_now
from yiwang.record.journal.services import clock

pytestmark = pytest.mark.django_db


def rules(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.rule for finding in refused.value.findings]


def test_a_database_is_stamped_once_and_for_ever() -> None:
    with pytest.raises(Unborn):
        birth()
    born = found("rehearsal", AT, centre="天水市公共资源交易中心", region="620500")
    assert birth() == born
    assert (born.rehearsal, born.born_at, born.centre, born.region) == (
        True,
        AT,
        "天水市公共资源交易中心",
        "620500",
    )
    for kind in ("real", "rehearsal"):
        with pytest.raises(Refused) as refused:
            found(kind, AT)
        assert rules(refused) == ["database-founded"]
    assert birth() == born


def test_a_database_has_a_code_that_tells_it_from_every_other(rehearsal) -> None:
    assert re.fullmatch(r"H-[0-9A-HJKMNP-TV-Z]{16}", birth().code)


def test_a_real_database_knows_only_real_time() -> None:
    found("real", AT)
    before = real_now()
    assert before <= business_now() <= real_now()
    with pytest.raises(Refused) as refused:
        advance_rehearsal(AT + timedelta(days=1), BY)
    assert rules(refused) == ["clock-real"]


def test_a_database_that_is_neither_is_refused() -> None:
    with pytest.raises(Exception, match="journal_birth_kind"), act():
        found("demo", AT)


@given(st.integers(-3, 3) | st.integers(-(10**12), 10**12))
def test_the_rehearsal_clock_moves_forward_only(microseconds: int) -> None:
    if not models.Birth.objects.exists():
        found("rehearsal", AT)
    now = business_now()
    to = now + timedelta(microseconds=microseconds)
    if microseconds < 0:
        with pytest.raises(Refused) as refused:
            advance_rehearsal(to, BY)
        assert rules(refused) == ["clock-backwards"]
        assert business_now() == now
    else:
        advance_rehearsal(to, BY)
        assert business_now() == to


def test_the_rehearsal_clock_stands_until_it_is_told_to_run(
    rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = datetime(2026, 11, 23, tzinfo=UTC)
    monkeypatch.setattr(clock, "real_now", lambda: real)
    advance_rehearsal(AT + timedelta(hours=1), BY)
    real += timedelta(hours=5)
    assert business_now() == AT + timedelta(hours=1)
    advance_rehearsal(AT + timedelta(hours=2), BY, running=True)
    real += timedelta(minutes=7)
    assert business_now() == AT + timedelta(hours=2, minutes=7)
    advance_rehearsal(AT + timedelta(hours=3), BY)  # goes on running
    real += timedelta(minutes=1)
    assert business_now() == AT + timedelta(hours=3, minutes=1)
    advance_rehearsal(AT + timedelta(hours=4), BY, running=False)
    real += timedelta(minutes=1)
    assert business_now() == AT + timedelta(hours=4)


def test_a_running_clock_never_goes_back_with_the_machine(rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    real = datetime(2026, 11, 23, tzinfo=UTC)
    monkeypatch.setattr(clock, "real_now", lambda: real)
    advance_rehearsal(AT, BY, running=True)
    real -= timedelta(days=3)
    assert business_now() == AT
