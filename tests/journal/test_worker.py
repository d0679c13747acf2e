"""Readers and the agenda: everything once, late is possible, early never, and nobody stands in another's way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count, pairwise
from time import sleep

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.kinds import ANNOUNCED, AT, BY, HANDED_IN, at_once, envelope, lot, note
from yiwang.record.journal import models
from yiwang.record.journal import work as rounds
from yiwang.record.journal.api import (
    Due,
    Entry,
    LongDuty,
    NotInAct,
    Reader,
    act,
    agenda,
    cancel,
    hold_lock,
    lag,
    record,
    schedule,
    sequence,
    share_lock,
    watched,
    work,
)

MINUTE = timedelta(minutes=1)
NEXT = count()


class Broken(Exception):
    """What a reader or duty of these tests fails with."""


class RealTime:
    """Real time as the worker sees it, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
        monkeypatch.setattr(rounds, "real_now", lambda: self.now)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    return RealTime(monkeypatch)


def due(key: str = "key", after: timedelta = MINUTE, duty: str = "publish", payload: object = None) -> None:
    schedule(key, duty=duty, about=lot(), due_at=AT + after, payload=payload)


def seen_by(seen: list) -> Reader:
    return Reader("seen", lambda entry: seen.append(entry.index))


@pytest.mark.django_db
def test_a_reader_sees_every_entry_once_in_order_and_goes_on_where_it_stood() -> None:
    seen: list[int] = []
    for _ in range(3):
        note()
    assert work([seen_by(seen)], {}, AT).failures == 0
    note()
    work([seen_by(seen)], {}, AT)
    work([seen_by(seen)], {}, AT)
    assert seen == [0, 1, 2, 3]
    assert lag([seen_by(seen)])[0].behind == 0


@pytest.mark.django_db
def test_a_reader_sees_hidden_entries_without_their_facts() -> None:
    seen: list[Entry] = []
    note(HANDED_IN, envelope(), within=lot(), facts={"price_fen": 5})
    work([Reader("r", seen.append)], {}, AT)
    assert [(entry.kind, entry.public, dict(entry.facts)) for entry in seen] == [("bid-handed-in", False, {})]


@pytest.mark.django_db
def test_a_failing_reader_keeps_its_error_waits_longer_each_time_and_blocks_nobody(real: RealTime) -> None:
    seen, tried = [], []

    def fail(entry: Entry) -> None:
        record(ANNOUNCED, about=lot("TRACE"), by=BY, at=AT, facts={})
        if entry.index == 1:
            tried.append(real.now)
            raise Broken("no paper left")

    readers = [Reader("failing", fail), seen_by(seen)]
    note()
    note()
    before = models.Entry.objects.count()
    assert work(readers, {}, AT).failures == 1
    assert seen[:2] == [0, 1]
    assert models.Entry.objects.count() == before + 1  # what it did for the failing entry was undone
    state = lag(readers)[0]
    assert (state.reader, state.failures) == ("failing", 1)
    assert "no paper left" in state.error
    assert state.behind >= 1
    assert work(readers, {}, AT).failures == 0  # not before its time
    for failures in range(2, 6):
        real.now += rounds.backoff(failures - 1)
        assert work(readers, {}, AT).failures == 1
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert waits == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]


@pytest.mark.django_db
def test_a_reader_that_recovers_goes_on_with_the_entry_at_which_it_failed(real: RealTime) -> None:
    seen, broken = [], [True]

    def run(entry: Entry) -> None:
        if broken[0] and entry.index == 1:
            raise Broken
        seen.append(entry.index)

    for _ in range(3):
        note()
    reader = Reader("r", run)
    work([reader], {}, AT)
    broken[0] = False
    real.now += rounds.LAST_RETRY
    work([reader], {}, AT)
    assert seen == [0, 1, 2]
    assert (lag([reader])[0].failures, lag([reader])[0].error) == (0, "")


@given(st.integers(1, 100))
def test_the_wait_grows_and_is_never_longer_than_half_an_hour(failures: int) -> None:
    assert rounds.FIRST_RETRY <= rounds.backoff(failures) <= rounds.LAST_RETRY
    assert rounds.backoff(failures) <= rounds.backoff(failures + 1)


@pytest.mark.django_db
@given(early=st.integers(-3, 3) | st.integers(-(10**9), 10**9))
def test_a_duty_may_be_late_but_never_early(early: int) -> None:
    """``early``: microseconds by which the worker looks before the duty is due."""
    key = f"key{models.Due.objects.count()}"
    done: list[tuple[str, datetime]] = []
    schedule(key, duty="exact", about=lot(), due_at=AT)
    now = AT - timedelta(microseconds=early)
    work([], {"exact": lambda each, at: done.append((each.key, at))}, now)
    assert done == ([] if early > 0 else [(key, now)])
    cancel(key)


@pytest.mark.django_db
def test_duties_are_done_in_the_order_in_which_they_fall_due_and_readers_are_up_to_date_before_each() -> None:
    order: list[object] = []
    for key, minutes in (("late", 9), ("early", 1), ("middle", 5)):
        due(key, minutes * MINUTE)

    def publish(each: Due, now: datetime) -> None:
        order.append(each.key)
        record(ANNOUNCED, about=lot(each.key), by=BY, at=now, facts={})

    done = work(
        [Reader("r", lambda entry: order.append(entry.about.code))], {"publish": publish}, AT + 60 * MINUTE
    )
    assert order == ["early", "early", "middle", "middle", "late", "late"]
    assert done.dues == 3
    assert agenda() == []


@pytest.mark.django_db
def test_a_duty_that_a_duty_schedules_is_done_in_the_same_round_in_its_turn() -> None:
    order: list[str] = []

    def publish(each: Due, now: datetime) -> None:
        order.append(each.key)
        if each.key == "first":
            due("between", 2 * MINUTE)

    due("first", MINUTE)
    due("last", 3 * MINUTE)
    work([], {"publish": publish}, AT + 60 * MINUTE)
    assert order == ["first", "between", "last"]


@pytest.mark.django_db
def test_a_failing_duty_keeps_its_error_is_undone_retried_and_blocks_nobody(real: RealTime) -> None:
    done: list[str] = []
    broken = [True]

    def publish(each: Due, now: datetime) -> None:
        record(ANNOUNCED, about=lot(each.key), by=BY, at=now, facts={})
        if each.key == "bad" and broken[0]:
            raise Broken("printer on fire")
        done.append(each.key)

    due("bad", MINUTE)
    due("good", 2 * MINUTE)
    assert work([], {"publish": publish}, AT + 5 * MINUTE).failures == 1
    assert done == ["good"]
    left = agenda()[0]
    assert (left.key, left.attempts, left.retry_at) == ("bad", 1, real.now + rounds.FIRST_RETRY)
    assert "printer on fire" in left.error
    assert not models.Entry.objects.filter(about=str(lot("bad"))).exists()
    assert work([], {"publish": publish}, AT + 5 * MINUTE).failures == 0
    broken[0] = False
    real.now += rounds.FIRST_RETRY
    assert work([], {"publish": publish}, AT + 5 * MINUTE).dues == 1
    assert done == ["good", "bad"]
    assert models.Entry.objects.filter(about=str(lot("bad"))).count() == 1


@pytest.mark.django_db
def test_a_duty_that_nobody_here_knows_is_left_for_those_who_do() -> None:
    due("foreign", duty="elsewhere")
    assert work([], {"publish": lambda each, now: None}, AT + 5 * MINUTE).idle
    assert [each.key for each in agenda()] == ["foreign"]


@pytest.mark.django_db
def test_a_duty_is_moved_while_it_is_not_done_and_never_afterwards() -> None:
    done: list[object] = []
    duties = {"publish": lambda each, now: done.append((each.due_at, each.payload))}
    due(payload={"n": 1})
    due(after=3 * MINUTE, payload={"n": 2})
    assert work([], duties, AT + 2 * MINUTE).dues == 0
    assert work([], duties, AT + 3 * MINUTE).dues == 1
    assert done == [(AT + 3 * MINUTE, {"n": 2})]
    assert not schedule("key", duty="publish", about=lot(), due_at=AT + 9 * MINUTE)
    assert work([], duties, AT + 60 * MINUTE).dues == 0


@pytest.mark.django_db
def test_a_cancelled_duty_is_not_done() -> None:
    due()
    assert cancel("key")
    assert not cancel("key")
    assert work([], {"publish": lambda each, now: None}, AT + 5 * MINUTE).dues == 0


@pytest.mark.django_db
def test_the_agenda_of_a_matter_is_in_the_order_of_time() -> None:
    due("b", 2 * MINUTE)
    due("a", MINUTE)
    schedule("c", duty="publish", about=lot("L2"), due_at=AT)
    assert [each.key for each in agenda(lot())] == ["a", "b"]
    assert [each.key for each in agenda()] == ["c", "a", "b"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_holds_the_lot_and_moves_or_cancels_a_duty_never_waits_for_the_worker_at_it() -> None:
    """A worker at the duty waits for the lot, its holder cancels the duty: neither waits for the other for ever."""
    done: list[str] = []
    held, begun = threading.Event(), threading.Event()

    def terminate(_: int) -> None:
        with act():
            hold_lock(lot())
            held.set()
            assert begun.wait(10)
            sleep(0.2)  # the worker waits for the lot by now
            assert cancel("key")

    def publish(each: Due, now: datetime) -> None:
        begun.set()
        hold_lock(lot())
        done.append(each.key)

    def worker(_: int) -> object:
        assert held.wait(10)
        return work([], {"publish": publish}, AT + MINUTE)

    due()
    _, worked = at_once(lambda number: (terminate, worker)[number](number), range(2), 2)
    assert (worked.failures, done, agenda()) == (0, ["key"], [])


@pytest.mark.django_db
def test_a_duty_that_moves_itself_is_due_again_and_one_that_cancels_itself_is_gone() -> None:
    done: list[str] = []

    def publish(each: Due, now: datetime) -> None:
        done.append(each.key)
        if each.key == "gone":
            cancel("gone")
        elif len(done) < 3:
            due("moved", 3 * MINUTE)

    due("gone")
    due("moved", 2 * MINUTE)
    assert work([], {"publish": publish}, AT + 2 * MINUTE).failures == 0
    assert [(each.key, each.due_at) for each in agenda()] == [("moved", AT + 3 * MINUTE)]
    work([], {"publish": publish}, AT + 3 * MINUTE)
    assert (done, agenda()) == (["gone", "moved", "moved"], [])


class Died(BaseException):
    """The end of a process, as far as one can be had inside a test."""


def dying_at(point: str) -> Callable[[str], None]:
    """Dies at ``point``, but not before the worker is at a duty or a reader (placing entries is an act too)."""
    busy: list[str] = []

    def hook(passed: str) -> None:
        if passed in ("duty", "read"):
            busy.append(passed)
        if busy and passed == point:
            raise Died

    return hook


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["duty", "before-commit", "after-commit"])
def test_the_duty_of_a_worker_that_died_is_free_at_once_and_is_done_once(point: str) -> None:
    done: list[str] = []

    def publish(each: Due, now: datetime) -> None:
        record(ANNOUNCED, about=lot(each.key), by=BY, at=now, facts={})
        done.append(each.key)

    due()
    with watched(dying_at(point)), pytest.raises(Died):
        work([], {"publish": publish}, AT + MINUTE)
    again = work([], {"publish": publish}, AT + MINUTE)
    assert again.dues == (0 if point == "after-commit" else 1)
    assert models.Entry.objects.filter(about=str(lot("key"))).count() == 1
    assert agenda() == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_between_reader_and_cursor_repeats_the_entry_and_nothing_twice() -> None:
    def react(entry: Entry) -> None:
        models.Once.objects.create(key=str(entry.id), request="", result="")

    note()
    with watched(dying_at("read")), pytest.raises(Died):
        work([Reader("r", react)], {}, AT)
    assert models.Once.objects.count() == 0
    assert work([Reader("r", react)], {}, AT).failures == 0
    assert models.Once.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_duty_that_another_worker_is_at_is_passed_over() -> None:
    order: list[str] = []
    due("first", MINUTE)
    due("second", 2 * MINUTE)

    def other(_: int) -> object:
        return work([], {"publish": lambda each, now: order.append(each.key)}, AT + 5 * MINUTE)

    def slow(each: Due, now: datetime) -> None:
        if not order:
            at_once(other, range(1), 1)
        order.append(each.key)

    assert work([], {"publish": slow}, AT + 5 * MINUTE).dues == 1
    assert order == ["second", "first"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_do_everything_once() -> None:
    for number in range(12):
        due(f"d{number}", number * MINUTE)
        note(facts={"number": number})

    def keep(what: str) -> None:
        models.Once.objects.create(key=what, request="", result="")  # the key is unique: twice would fail

    reader = Reader("r", lambda entry: keep(f"entry{entry.id}"))
    duties = {"publish": lambda each, now: keep(each.key)}
    done = at_once(lambda _: work([reader], duties, AT + 60 * MINUTE), range(8), 8)
    assert sum(each.failures for each in done) == 0
    assert models.Once.objects.count() == 24
    assert agenda() == []


@pytest.mark.django_db
def test_a_stream_of_new_entries_keeps_no_duty_waiting() -> None:
    done: list[str] = []
    due()
    note()
    stream = Reader("r", lambda entry: note())  # whatever it reads, there is one more
    worked = work([stream], {"publish": lambda each, now: done.append(each.key)}, AT + MINUTE, limit=20)
    assert done == ["key"]
    assert worked.dues == 1


@pytest.mark.django_db
@pytest.mark.parametrize("backlog", [9, 10, 11, 25])
def test_a_backlog_as_long_as_a_round_keeps_no_duty_waiting_once_it_is_read(backlog: int) -> None:
    done: list[str] = []
    due()
    for _ in range(backlog):
        note()
    while len(done) == 0:
        duties = {"publish": lambda each, now: done.append(each.key)}
        worked = work([Reader("r", lambda entry: None)], duties, AT + MINUTE, limit=10)
        backlog -= 10
        assert worked.dues == (backlog <= 0)


@pytest.mark.django_db
def test_a_round_ends_at_its_limit() -> None:
    for number in range(10):
        due(f"d{number}")
    done = work([], {"publish": lambda each, now: None}, AT + MINUTE, limit=4)
    assert done.dues == 4
    assert len(agenda()) == 6


@pytest.mark.django_db
def test_the_lag_says_how_far_behind_a_reader_is_and_since_when() -> None:
    reader = Reader("r", lambda entry: None)
    assert [(each.behind, each.oldest_at) for each in lag([reader])] == [(0, None)]
    note(at=AT)
    note(at=AT + MINUTE)
    assert [(each.behind, each.oldest_at) for each in lag([reader])] == [(2, AT)]


@pytest.mark.django_db
def test_readers_and_duties_work_inside_an_act() -> None:
    with pytest.raises(NotInAct):
        share_lock(lot())
    due()
    note()
    done = work(
        [Reader("r", lambda entry: share_lock(lot()))],
        {"publish": lambda each, now: share_lock(lot())},
        AT + MINUTE,
    )
    assert done.failures == 0


def in_an_act() -> bool:
    try:
        share_lock(lot())
    except NotInAct:
        return False
    return True


@pytest.mark.django_db
def test_the_long_part_of_a_duty_keeps_no_writer_waiting() -> None:
    due()
    seen: list[bool] = []
    duty = LongDuty(lambda each, now: seen.append(in_an_act()), lambda each, now: seen.append(in_an_act()))
    assert work((), {"publish": duty}, AT).dues == 0
    assert seen == []
    assert work((), {"publish": duty}, AT + MINUTE).dues == 1
    one_writer = connection.vendor == "sqlite"
    assert seen == [not one_writer, True]
    assert work((), {"publish": duty}, AT + MINUTE).dues == 0


@pytest.mark.django_db
@pytest.mark.parametrize("failing", ["before", "after"])
def test_a_long_duty_of_which_a_part_fails_is_done_again_as_a_whole(failing: str, real: RealTime) -> None:
    due()
    seen: list[str] = []

    def part(name: str) -> Callable[[Due, datetime], None]:
        def run(each: Due, now: datetime) -> None:
            seen.append(name)
            if failing == name and seen.count(name) == 1:
                raise Broken

        return run

    duties = {"publish": LongDuty(part("before"), part("after"))}
    assert work((), duties, AT + MINUTE).failures == 1
    first = ["before"] if failing == "before" else ["before", "after"]
    assert seen == first
    real.now += timedelta(minutes=1)
    assert work((), duties, AT + MINUTE).dues == 1
    assert seen == [*first, "before", "after"]


@pytest.mark.django_db
@given(st.lists(st.sampled_from(["note", "work", "fail"]), max_size=30))
@settings(max_examples=25)
def test_whatever_happens_in_between_a_reader_ends_up_having_seen_all_in_order(steps: list[str]) -> None:
    seen: list[int] = []
    failing = [False]

    def run(entry: Entry) -> None:
        if failing[0]:
            raise Broken
        assert entry.index is not None
        seen.append(entry.index)

    reader = Reader(f"reader{next(NEXT)}", run)
    for step in [*steps, "work"]:
        if step == "note":
            note()
        else:
            failing[0] = step == "fail"
            models.Cursor.objects.update(retry_at=None)
            work([reader], {}, AT)
    assert seen == list(range(models.Index.objects.count()))
    assert sequence() == 0
