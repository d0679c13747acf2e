"""One transaction a verb, and writers that queue fairly."""

from __future__ import annotations

import signal
import threading
from time import perf_counter, sleep

import pytest
from django.contrib.auth import get_user_model  # noqa: F401 - the user model must be loaded before sessions are
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, connection, transaction

from tests.journal.kinds import ANNOUNCED, AT, BY, at_once, lot, note
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal import models
from yiwang.record.journal.api import (
    NotInAct,
    RefusedOnRecord,
    act,
    hold_lock,
    once,
    record,
    schedule,
    scratch,
    sequence,
    share_lock,
    trial,
)
from yiwang.record.journal.fair import FairLock, lock_of


class Interrupted(BaseException):
    """Stands for whatever may break into a verb, KeyboardInterrupt included."""


def say(facts: dict | None = None) -> None:
    record(ANNOUNCED, about=lot(), by=BY, at=AT, facts=facts or {})


def our_lock() -> FairLock:
    return lock_of(str(connection.settings_dict["NAME"]))


@pytest.mark.django_db
def test_a_refusal_on_record_keeps_its_entry_through_every_act_and_key_around_it() -> None:
    def refuse() -> None:
        with act():
            say()
            raise RefusedOnRecord([Finding("outage")])

    with pytest.raises(RefusedOnRecord):
        once("key", BY, {}, refuse)
    assert models.Entry.objects.count() == 1
    assert not models.Once.objects.exists()


@pytest.mark.django_db
def test_of_a_trial_nothing_stays_not_even_a_refusal_on_record() -> None:
    def tried() -> int:
        with trial():
            say()
            schedule("key", duty="d", about=lot(), due_at=AT)
            return models.Entry.objects.count()

    def refused() -> None:
        with trial(), act():
            say()
            raise RefusedOnRecord([Finding("outage")])

    assert tried() == 1, "it was done"
    with pytest.raises(RefusedOnRecord):
        refused()
    assert not models.Entry.objects.exists()
    assert not models.Due.objects.exists()


@pytest.mark.django_db
def test_what_a_trial_puts_outside_the_database_lasts_as_long_as_the_outermost() -> None:
    assert scratch() is None
    with trial():
        with trial():
            scratch()["name"] = b"content"
        assert scratch() == {"name": b"content"}
    assert scratch() is None
    with trial():
        assert scratch() == {}
    with act():
        say()
    assert models.Entry.objects.count() == 1, "an act after a trial counts"


@pytest.mark.django_db
def test_what_leaves_an_act_undoes_all_that_it_did() -> None:
    for error in (ValueError, Interrupted):
        with pytest.raises(error), act():
            say()
            schedule("key", duty="d", about=lot(), due_at=AT)
            raise error
    for table in (
        models.Entry,
        models.Index,
        models.PublicNumber,
        models.Pseudonym,
        models.Due,
        models.Pending,
    ):
        assert not table.objects.exists()


@pytest.mark.django_db
def test_an_inner_act_joins_the_outer_one() -> None:
    with pytest.raises(ValueError, match="outer"), act():
        with act():
            say()
        raise ValueError("outer")
    assert not models.Entry.objects.exists()


@pytest.mark.django_db
def test_an_inner_act_that_is_refused_undoes_its_own_part_alone() -> None:
    with act():
        say({"which": "outer"})
        with pytest.raises(Refused), act():
            say({"which": "inner"})
            raise Refused([Finding("no")])
        say({"which": "last"})
    assert [row.n for row in models.Entry.objects.order_by("n")] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_an_act_inside_a_transaction_that_is_none_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), act():
        say()
    note()  # and nothing is left locked


@pytest.mark.django_db
def test_locks_belong_inside_an_act() -> None:
    for lock in (share_lock, hold_lock):
        with pytest.raises(NotInAct):
            lock(lot())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [16, 64])
def test_no_writer_is_refused_however_many_there_are(threads: int) -> None:
    waits = at_once(_timed, range(threads * 3), threads)
    while sequence():
        pass
    assert models.Entry.objects.count() == models.Index.objects.count() == threads * 3
    assert max(waits) < 30
    if connection.vendor == "sqlite":
        assert our_lock().waiting() == 0


def _timed(number: int) -> float:
    started = perf_counter()
    with act():
        say({"number": number})
    return perf_counter() - started


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_writers_are_served_in_the_order_of_their_arrival() -> None:
    served: list[int] = []

    def write(number: int) -> None:
        try:
            with act():
                served.append(number)
                say({"number": number})
        finally:
            connection.close()

    threads = []
    with act():
        for number in range(24):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            _until(lambda expected=number + 1: our_lock().waiting() == expected)
    for thread in threads:
        thread.join(timeout=60)
    assert served == list(range(24))


def _until(condition) -> None:
    end = perf_counter() + 20
    while not condition():
        assert perf_counter() < end, "waited in vain"
        sleep(0.001)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [ValueError, Interrupted])
def test_the_lock_is_free_again_whatever_happens(error: type[BaseException]) -> None:
    with pytest.raises(error), act():
        say()
        raise error
    with pytest.raises(Exception, match=r"closed|connection|transaction"), act():
        say()
        connection.close()
        say()
    with pytest.raises(IntegrityError), act():
        models.Waiting.objects.create(entry_id=404, matter="x", kind="y")  # a foreign key fails on commit
    done = at_once(lambda number: note(facts={"number": number}).n, range(4), 4)
    assert sorted(done) == [1, 2, 3, 4]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_hook_after_the_commit_may_write_itself() -> None:
    with act():
        say()
        transaction.on_commit(lambda: note(facts={"after": "commit"}))
    assert models.Entry.objects.count() == 2


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_single_statements_and_sessions_queue_with_the_verbs() -> None:
    models.Once.objects.create(key="k", request="r", result="{}")
    seen = []

    def update(number: int) -> None:
        if number % 3 == 0:
            models.Once.objects.filter(key="k").update(result=str(number))
        elif number % 3 == 1:
            SessionStore().save()
        else:
            note(facts={"number": number})
        seen.append(number)

    at_once(update, range(60), 20)
    assert sorted(seen) == list(range(60))
    assert our_lock().waiting() == 0


def test_a_lock_that_nobody_holds_cannot_be_released() -> None:
    with pytest.raises(RuntimeError):
        FairLock().release()


def test_whoever_is_interrupted_while_waiting_leaves_the_queue_in_order() -> None:
    def interrupt(number: int, frame: object) -> None:
        raise Interrupted

    lock = FairLock()
    lock.acquire()
    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        timer = threading.Timer(0.05, signal.pthread_kill, (threading.main_thread().ident, signal.SIGUSR1))
        timer.start()
        with pytest.raises(Interrupted):
            lock.acquire()
        timer.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert lock.waiting() == 0
    lock.release()
    lock.acquire()  # free again: the one who gave up neither holds it nor waits for it
    lock.release()


def test_whoever_is_interrupted_just_when_the_lock_came_hands_it_on() -> None:
    lock = FairLock()
    lock.acquire()
    lock._give_up(threading.Lock())  # no longer in the queue: it was handed over
    lock.acquire()
    lock.release()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sharers_of_a_matter_do_not_wait_for_each_other_but_whoever_closes_it_waits_for_all() -> None:
    together = threading.Barrier(3, timeout=20)
    order: list[str] = []

    def work(number: int) -> None:
        if number < 3:
            with act():
                share_lock(lot())
                together.wait()  # all three are inside at the same time
                sleep(0.2)
                order.append("shared")
        else:
            _until(lambda: together.n_waiting > 0 or order)
            sleep(0.05)
            with act():
                hold_lock(lot())
                order.append("alone")

    at_once(work, range(4), 4)
    assert order == ["shared"] * 3 + ["alone"]


@pytest.mark.django_db
def test_the_first_result_of_a_key_is_replayed_and_nothing_done_twice(actors) -> None:
    def run() -> dict:
        say()
        return {"n": models.Entry.objects.count()}

    first = once("key-1", actors.bidder, {"price": 1}, run)
    assert once("key-1", actors.bidder, {"price": 1}, run) == first == {"n": 1}
    assert models.Entry.objects.count() == 1
    assert once("key-2", actors.bidder, {"price": 1}, run) == {"n": 2}
    assert once("key-1", actors.bidders[1], {"price": 1}, run) == {"n": 3}


@pytest.mark.django_db
def test_a_key_with_another_request_is_refused(actors) -> None:
    once("key", actors.bidder, {"price": 1}, lambda: 1)
    with pytest.raises(Refused) as refused:
        once("key", actors.bidder, {"price": 2}, lambda: 2)
    assert [finding.rule for finding in refused.value.findings] == ["idempotency-key-reused"]


@pytest.mark.django_db
def test_a_refused_request_may_be_tried_again_under_its_key(actors) -> None:
    def refuse() -> None:
        say()
        raise Refused([Finding("no")])

    with pytest.raises(Refused):
        once("key", actors.bidder, {}, refuse)
    assert not models.Entry.objects.exists()
    assert once("key", actors.bidder, {}, lambda: "done") == "done"


@pytest.mark.django_db(transaction=True)
def test_one_key_used_by_many_at_once_runs_once(actors) -> None:
    results = at_once(lambda _: once("key", actors.bidder, {}, lambda: note().n), range(24), 12)
    assert results == [1] * 24
