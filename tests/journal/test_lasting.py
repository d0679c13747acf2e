"""Marks stay comparable when the key of the house is exchanged, and a key that was lost is not lost silently."""

from __future__ import annotations

import logging
from importlib import import_module

import pytest
from django.apps import apps
from django.utils.crypto import salted_hmac

from tests.journal.kinds import ANNOUNCED, AT, BY, lot
from yiwang.record.journal.api import act, keyed_mark, marks_key_number, marks_keys_lost, record
from yiwang.record.journal.models import LastingKey

pytestmark = pytest.mark.django_db


def test_a_mark_is_the_same_for_the_same_and_another_for_another_kind_or_text() -> None:
    mark = keyed_mark("account", "6217")
    assert len(mark) == 64
    assert keyed_mark("account", "6217") == mark
    assert len({mark, keyed_mark("account", "6218"), keyed_mark("head", "6217")}) == 3
    assert LastingKey.objects.count() == 1


def test_a_new_key_of_the_house_changes_no_mark_and_the_old_one_may_go_then(settings) -> None:
    mark, old = keyed_mark("account", "6217"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of the house", [old]
    assert keyed_mark("account", "6217") == mark
    settings.SECRET_KEY_FALLBACKS = []
    assert keyed_mark("account", "6217") == mark, "sealed with the new key at its first use"
    assert (marks_key_number(), marks_keys_lost()) == (1, 0)
    assert old not in LastingKey.objects.get().sealed


def test_where_nothing_opens_the_key_another_begins_with_a_number_and_a_line_in_the_log(
    settings, caplog
) -> None:
    mark = keyed_mark("account", "6217")
    settings.SECRET_KEY = "another key of the house"
    with caplog.at_level(logging.ERROR, "yiwang.keys"):
        other = keyed_mark("account", "6217")
    assert other != mark
    assert "a new one begins" in caplog.text
    assert (marks_key_number(), keyed_mark("account", "6217")) == (2, other)
    assert marks_keys_lost() == 1


def test_a_house_that_has_begun_keeps_the_key_with_which_it_made_its_marks(settings) -> None:
    step = import_module("yiwang.record.journal.migrations.0004_lasting_keys")
    step.keep_the_key_in_use(apps, None)
    assert not LastingKey.objects.exists(), "a new house draws its own"
    with act():
        record(ANNOUNCED, about=lot(), by=BY, at=AT, facts={})
    step.keep_the_key_in_use(apps, None)
    before = salted_hmac("account", "6217", secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
    assert keyed_mark("account", "6217") == before
