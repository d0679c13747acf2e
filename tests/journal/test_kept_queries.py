"""A kept query gives what the object mapper gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kinds import AT
from yiwang.record.journal import models
from yiwang.record.journal.api import KeptQuery, Texts, one_of_texts

pytestmark = pytest.mark.django_db

_DUE = KeptQuery(
    lambda duty, now: (
        models.Due.objects.filter(duty=duty, due_at__gt=now, done_at__isnull=True)
        .order_by("key")
        .values_list("key", "due_at", "done_at", "attempts")[:2]
    )
)


def _asked(duty: str, now) -> list[tuple]:
    rows = models.Due.objects.filter(duty=duty, due_at__gt=now, done_at__isnull=True).order_by("key")
    return list(rows.values_list("key", "due_at", "done_at", "attempts")[:2])


@given(
    duties=st.lists(st.tuples(st.sampled_from("ab'%"), st.integers(-2, 2), st.booleans()), max_size=6),
    duty=st.sampled_from("ab'%"),
    micros=st.integers(-1, 1),
)
def test_a_kept_query_gives_the_rows_of_the_object_mapper(duties: list, duty: str, micros: int) -> None:
    models.Due.objects.all().delete()
    for place, (name, days, done) in enumerate(duties):
        due = AT + timedelta(days=days)
        models.Due.objects.create(
            key=f"{place}", duty=name, about="a:b:c", due_at=due, payload="", done_at=AT if done else None
        )
    now = AT + timedelta(microseconds=micros)
    assert _DUE.rows(duty, now) == _asked(duty, now)
    assert _DUE.first(duty, now) == next(iter(_asked(duty, now)), None)


_AMONG = KeptQuery(
    lambda keys: models.Due.objects.filter(one_of_texts("key", keys)).order_by("key").values_list("key")
)


@given(st.lists(st.sampled_from(["0", "1", "2", "a,b", "{x}", "\\", '"', "没有", "'; --"]), max_size=7))
def test_texts_go_as_one_value_however_they_look(asked: list[str]) -> None:
    models.Due.objects.all().delete()
    there = ["1", "2", "3", "a,b", "{x}", "\\", '"', "'; --"]
    for key in there:
        models.Due.objects.create(key=key, duty="a", about="a:b:c", due_at=AT, payload="")
    assert [key for (key,) in _AMONG.rows(Texts(asked))] == sorted(set(asked) & set(there))
