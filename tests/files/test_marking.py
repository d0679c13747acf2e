"""Files from before marks, of another key or another way of looking, are looked at again: a few at a time."""

from __future__ import annotations

import io

import pytest

from yiwang.pure.kernel.refs import Ref
from yiwang.record.files import api as files
from yiwang.record.files import marking
from yiwang.record.files.marks import state_of_the_art
from yiwang.record.files.models import StoredDocument
from yiwang.record.files.shelves import StoreDown, shelf
from yiwang.record.journal.api import agenda, real_now, work
from yiwang.site.simulation.papers import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(monkeypatch) -> list[str]:
    """Five files of one author, stored before marks were made; two are looked at in one go."""
    monkeypatch.setattr(marking, "AT_ONCE", 2)
    return [forgotten(f"{number}") for number in range(5)]


def forgotten(title: str) -> str:
    raw = pdf(title, "孙编标")
    made = files.store(io.BytesIO(raw), name=f"{title}.pdf", max_bytes=1 << 20, types=frozenset({files.PDF}))
    StoredDocument.objects.filter(pk=made.sha256).update(author_mark="", marked_by="")
    return made.sha256


def authors(digests: list[str]) -> list[str]:
    made = files.made(digests)
    return [made[each].author if each in made else "" for each in digests]


def rounds() -> int:
    """Works off the agenda; how many duties were done."""
    done = 0
    while work((), files.DUTIES, real_now(), limit=1).dues:
        done += 1
    return done


def test_every_file_is_looked_at_a_few_at_a_time_and_then_no_more(old):
    files.begin_marking(real_now())
    assert rounds() == 4, "two, two, one, and the look that finds nothing"
    known = authors(old)
    assert len(set(known)) == 1
    assert len(known[0]) == 64
    assert agenda(Ref("files", "marks", state_of_the_art())) == []
    files.begin_marking(real_now())
    assert rounds() == 0


def test_what_comes_to_be_of_an_older_state_afterwards_is_looked_at_too(old):
    files.begin_marking(real_now())
    rounds()
    late = [forgotten("of a server that still runs the program of before")]
    for _ in range(2):  # however often the worker starts
        files.begin_marking(real_now())
    assert len(agenda(Ref("files", "marks", state_of_the_art()))) == 1
    rounds()
    assert authors(late) == authors(old[:1])


def test_it_goes_on_where_it_was_broken_off(old, monkeypatch):
    files.begin_marking(real_now())
    work((), files.DUTIES, real_now(), limit=1)
    done = sum(map(bool, authors(old)))
    assert done == 2
    look, looked = marking.marks, []

    def looking(file, media_type):
        looked.append(media_type)
        return look(file, media_type)

    monkeypatch.setattr(marking, "marks", looking)
    files.begin_marking(real_now())  # the worker started again
    rounds()
    assert all(authors(old))
    assert len(looked) == len(old) - done


def test_after_the_key_was_lost_old_marks_are_made_anew_and_compare_with_new_ones(old, settings):
    files.begin_marking(real_now())
    rounds()
    before = authors(old)
    settings.SECRET_KEY = "another key of the house"
    files.begin_marking(real_now())
    rounds()
    fresh = files.store(
        io.BytesIO(pdf("新", "孙编标")), name="新.pdf", max_bytes=1 << 20, types=frozenset({files.PDF})
    )
    after = authors([*old, fresh.sha256])
    assert len(set(after)) == 1
    assert after[0] not in before


def test_a_content_that_is_gone_is_passed_over_and_one_that_cannot_be_read_now_is_waited_for(
    old, monkeypatch
):
    shelf().remove(old[0])
    real = marking.shelf
    monkeypatch.setattr(marking, "shelf", lambda: Away())
    files.begin_marking(real_now())
    assert work((), files.DUTIES, real_now(), limit=1).failures == 1
    assert not any(authors(old))
    monkeypatch.setattr(marking, "shelf", real)
    (due,) = [each for each in agenda() if each.duty == marking.MARK_DUTY]
    marking.mark_due(due, real_now())  # as the agenda does when it tries again
    rounds()
    assert [bool(each) for each in authors(old)] == [False, True, True, True, True]


class Away:
    """A storage that does not answer."""

    def open(self, sha256: str):
        raise StoreDown
