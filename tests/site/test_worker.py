"""The worker's rounds: what the law waits for never queues behind pages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import Due, act, schedule
from yiwang.site import worker


@pytest.mark.usefixtures("rehearsal")
def test_a_closing_does_not_wait_for_pages_that_were_due_before_it(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    about = Ref("bench", "lot", "L1")
    with act():
        for number in range(worker.PAGES_A_ROUND * 3):
            schedule(f"page-{number}", duty="page", about=about, due_at=at - timedelta(days=1))
        schedule("close", duty="close", about=about, due_at=at)
    monkeypatch.setattr(worker, "READERS", ())
    monkeypatch.setattr(worker, "LAWFUL", {"close": lambda due, now: done.append(due.key)})
    monkeypatch.setattr(worker, "PAGES", {"page": lambda due, now: done.append(due.key)})
    assert worker.one_round().dues == 1 + worker.PAGES_A_ROUND
    assert done[0] == "close"
    while worker.one_round().dues:
        pass
    assert len(done) == 1 + worker.PAGES_A_ROUND * 3


@pytest.mark.usefixtures("rehearsal")
def test_a_closing_that_falls_due_while_pages_are_written_waits_for_one_page_only(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    about = Ref("bench", "lot", "L1")

    def page(due: Due, now: datetime) -> None:
        done.append(due.key)
        if len(done) == 2:
            schedule("close", duty="close", about=about, due_at=at)

    with act():
        for number in range(worker.PAGES_A_ROUND):
            schedule(f"page-{number}", duty="page", about=about, due_at=at - timedelta(days=1))
    monkeypatch.setattr(worker, "READERS", ())
    monkeypatch.setattr(worker, "LAWFUL", {"close": lambda due, now: done.append(due.key)})
    monkeypatch.setattr(worker, "PAGES", {"page": page})
    worker.one_round()
    assert done.index("close") == 2
