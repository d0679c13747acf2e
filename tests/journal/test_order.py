"""The order of the journal: nothing that commits late is skipped, on either database."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from tests.journal.kinds import ANNOUNCED, AT, BY, HANDED_IN, OPENED, at_once, envelope, lot
from yiwang.record.journal import models
from yiwang.record.journal.api import Reader, act, entry, public_feed, record, sequence, work


def say(about=None, kind_of=ANNOUNCED, within=None, **facts: object):
    return record(kind_of, about=about or lot(), by=BY, at=AT, facts=facts, within=within)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_placed_late_and_never_skipped() -> None:
    recorded, go_on = threading.Event(), threading.Event()
    seen: list[int] = []
    reader = Reader("r", lambda each: seen.append(each.id))
    slow: list[int] = []

    def slowly() -> None:
        try:
            with act():
                slow.append(say(lot("SLOW")).id)
                recorded.set()
                assert go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert recorded.wait(20)
    with act():
        quick = say(lot("QUICK")).id
    assert slow[0] < quick  # the row that commits later has the smaller id
    work([reader], {}, AT)
    assert seen == [quick]
    assert [each.id for each in public_feed(0, 10)] == [quick]
    go_on.set()
    thread.join(20)
    work([reader], {}, AT)
    assert seen == [quick, slow[0]]
    assert [(each.id, each.number) for each in public_feed(0, 10)] == [(quick, 1), (slow[0], 2)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_entry_is_in_nobodys_order_before_the_sequencer_placed_it() -> None:
    with act():
        made = say()
    assert (made.index, made.number, made.public) == (None, None, True)
    assert public_feed(0, 10) == []
    assert sequence() == 1
    assert (entry(made.id).index, entry(made.id).number) == (0, 1)
    assert sequence() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_sequencers_at_once_place_every_entry_once() -> None:
    def one(number: int) -> None:
        if number % 2:
            sequence(limit=5)
        else:
            with act():
                say(lot(f"L{number % 5}"), number=number)

    at_once(one, range(160), 16)
    while sequence(limit=5):
        pass
    assert list(models.Index.objects.order_by("index").values_list("index", flat=True)) == list(range(80))
    assert not models.Pending.objects.exists()


@pytest.mark.sqlite
@pytest.mark.django_db
def test_on_sqlite_an_entry_has_its_place_at_once() -> None:
    with act():
        assert [(say().index, say().number)] == [(0, 2)]
    assert sequence() == 0
    assert not models.Pending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_within_a_subject_the_order_of_the_journal_is_the_order_of_its_numbers() -> None:
    def some(number: int) -> None:
        with act():
            say(lot(f"L{number % 4}"), number=number)

    at_once(some, range(80), 16)
    while sequence(limit=9):
        pass
    for code in range(4):
        rows = models.Entry.objects.filter(about=str(lot(f"L{code}"))).order_by("placed__index")
        assert [row.n for row in rows] == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_an_opening_opens_what_was_placed_before_it_even_in_one_act() -> None:
    with act():
        bid = say(envelope(), HANDED_IN, lot())
        opened = say(lot(), OPENED)
        late = say(envelope("E2"), HANDED_IN, lot())
    sequence()
    assert [(each.id, each.number) for each in public_feed(0, 10)] == [(opened.id, 1), (bid.id, 2)]
    assert not entry(late.id).public
