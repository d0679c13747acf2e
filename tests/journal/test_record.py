"""What an entry states, what it hides, and what is left of it after an erasure."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

import pytest
import rfc8785
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.kinds import (
    ANNOUNCED,
    AT,
    BY,
    FETCHED,
    GIVEN_UP,
    HANDED_IN,
    KINDS,
    OPENED,
    at_once,
    envelope,
    lot,
    note,
)
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import NotCanonical
from yiwang.pure.kernel.days import iso
from yiwang.record.journal import models
from yiwang.record.journal.api import (
    LeafTooLarge,
    NotInAct,
    act,
    commitment,
    entry,
    erase,
    kind,
    leaf_hash,
    openings,
    opens,
    public_feed,
    record,
    revealed,
    sequence,
    timeline,
    who,
)
from yiwang.record.journal.leaf import Content, hidden_leaf, public_leaf

pytestmark = pytest.mark.django_db

DIGEST = hashlib.sha256(b"a document").hexdigest()

words = st.text(st.characters(codec="utf-8", max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
names = st.text("abcdefghij_", min_size=1, max_size=8)


@given(facts=st.dictionaries(names, values, max_size=6), private=st.dictionaries(names, values, max_size=4))
def test_a_leaf_is_canonical_and_says_exactly_what_happened(facts: dict, private: dict) -> None:
    private = {name: value for name, value in private.items() if name not in facts}
    made = note(ANNOUNCED, facts=facts, private=private, documents=[DIGEST])
    body = json.loads(made.leaf)
    assert rfc8785.dumps(body) == made.leaf
    assert set(body) == {"v", "kind", "about", "n", "prev", "at", "actor", "digests", "facts", "c"}
    assert (body["facts"], body["at"], body["digests"]) == (facts, iso(AT), [{"sha256": DIGEST}])
    assert set(body["c"]) == set(private)
    assert made.leaf_hash == hashlib.sha256(b"\0" + made.leaf).hexdigest()
    assert entry(made.id).facts == facts


@given(
    kind_of=st.sampled_from(KINDS),
    facts=st.dictionaries(names, values, max_size=10),
    private=st.dictionaries(names, values, max_size=10),
)
def test_every_commitment_opens_and_opens_to_nothing_else(kind_of, facts: dict, private: dict) -> None:
    private = {name: value for name, value in private.items() if name not in facts}
    made = note(kind_of, facts=facts, private=private)
    for opening in openings(made.id):
        assert opens(made.leaf, opening)
        assert len(b64decode(opening.salt)) == 16
        changed = type(opening)(opening.slot, opening.name, [opening.value], opening.salt)
        assert not opens(made.leaf, changed)
    known = revealed(made.id)
    wanted = private if kind_of.public == "now" else facts | private
    assert {name: value for name, (value, _) in known.items()} == wanted
    carried = set(json.loads(made.leaf)["c"].values())
    assert {commitment(name, value, salt) for name, (value, salt) in known.items()} <= carried


@given(facts=st.dictionaries(names, values, max_size=9), private=st.dictionaries(names, values, max_size=9))
def test_a_hidden_leaf_shows_nothing_but_its_instant_and_a_rough_size(facts: dict, private: dict) -> None:
    private = {name: value for name, value in private.items() if name not in facts}
    made = note(HANDED_IN, envelope(), within=lot(), facts=facts, private=private, documents=[DIGEST])
    body = json.loads(made.leaf)
    assert set(body) == {"v", "at", "c"}
    slots = -(-max(1, len(facts) + len(private)) // 8) * 8
    fixed = {"kind", "about", "n", "prev", "actor", "digests"}
    assert set(body["c"]) == fixed | {f"f{number}" for number in range(1, slots + 1)}
    assert {len(each) for each in body["c"].values()} == {44}
    for secret in (HANDED_IN.name, str(envelope()), str(lot()), made.actor, BY.person, DIGEST):
        assert secret.encode() not in made.leaf


def test_two_hidden_leaves_of_different_kinds_look_alike() -> None:
    one = note(HANDED_IN, envelope("E1"), facts={"price_fen": 5})
    two = note(FETCHED, lot("L77"), facts={"document": "x", "address": "y"}, private={"name": "张三"})
    assert len(one.leaf) == len(two.leaf)
    assert json.loads(one.leaf)["c"].keys() == json.loads(two.leaf)["c"].keys()


def test_the_same_value_twice_gives_different_commitments() -> None:
    one, two = (note(ANNOUNCED, facts={}, private={"id": "620502199001011234"}) for _ in range(2))
    assert json.loads(one.leaf)["c"] != json.loads(two.leaf)["c"]


def _content(size: int, private: dict) -> Content:
    """What makes a leaf that would be exactly ``size`` bytes long if it were public."""
    without = Content("thing", "trading:lot:L1", 1, None, iso(AT), "A-" + "0" * 12, (), {"text": ""}, private)
    missing = size - len(public_leaf(without).text)
    return replace(without, facts={"text": "x" * missing})


@given(
    over=st.integers(-2, 2) | st.integers(-3000, 50_000), leaf_of=st.sampled_from([public_leaf, hidden_leaf])
)
def test_a_leaf_of_more_than_4096_bytes_is_a_bug_not_an_entry(over: int, leaf_of) -> None:
    content = _content(4096 + over, {})
    if over > 0:
        with pytest.raises(LeafTooLarge):
            leaf_of(content)
    else:
        assert len(leaf_of(content).text) <= 4096


@given(over=st.integers(-2, 2))
def test_commitments_count_towards_the_size_of_a_public_leaf(over: int) -> None:
    content = _content(4096 + over, {"phone": "13900000000"})
    if over > 0:
        with pytest.raises(LeafTooLarge):
            public_leaf(content)
    else:
        assert len(public_leaf(content).text) == 4096 + over


def test_a_leaf_that_is_too_large_leaves_nothing_behind() -> None:
    with pytest.raises(LeafTooLarge):
        note(facts={"text": "x" * 5000})
    assert not models.Entry.objects.exists()


@pytest.mark.parametrize("value", [1.5, 2**53, "\ud800", {"\U0001f600": 1}, {1: 2}, b"x"])
@pytest.mark.parametrize("kind_of", [ANNOUNCED, FETCHED])
def test_what_has_no_canonical_form_is_no_fact(kind_of, value: object) -> None:
    with pytest.raises(NotCanonical):
        note(kind_of, facts={"x": value})
    with pytest.raises(NotCanonical):
        note(kind_of, private={"x": value})
    assert not models.Entry.objects.exists()


def test_a_name_is_either_a_fact_or_private() -> None:
    with pytest.raises(ValueError, match="both fact and private"):
        note(facts={"price": 1}, private={"price": 2})


@pytest.mark.parametrize("digest", ["", "abc", "G" * 64, "A" * 64, "a" * 65])
def test_a_document_is_known_by_its_sha256(digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        note(documents=[digest])


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        note(at=datetime(2026, 3, 2, 10))


def test_nothing_is_recorded_outside_an_act() -> None:
    with pytest.raises(NotInAct):
        record(ANNOUNCED, about=lot(), by=BY, at=AT, facts={})


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 4)), max_size=25))
@settings(max_examples=25)
def test_numbers_have_no_gaps_within_a_subject_and_each_names_the_one_before(steps: list) -> None:
    start = {code: len(timeline(lot(f"G{code}"), public_only=False)) for code in range(1, 5)}
    last: dict[int, str | None] = defaultdict(lambda: None)
    for code in start:
        before = timeline(lot(f"G{code}"), public_only=False)
        last[code] = before[-1].leaf_hash if before else None
    for kind_of, code in steps:
        made = note(kind_of, lot(f"G{code}"))
        start[code] += 1
        assert made.n == start[code]
        body = json.loads(made.leaf)
        prev = (
            body["prev"] if "prev" in body else next(o.value for o in openings(made.id) if o.slot == "prev")
        )
        assert prev == last[code]
        last[code] = made.leaf_hash


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_record_at_once() -> None:
    def some(number: int) -> None:
        with act():
            record(KINDS[number % 4], about=lot(f"C{number % 3}"), by=BY, at=AT, facts={"number": number})
            if number % 7 == 0:
                record(ANNOUNCED, about=lot("C9"), by=BY, at=AT, facts={"number": number})

    at_once(some, range(90), threads=16)
    while sequence(limit=7):
        pass
    for code in ("C0", "C1", "C2", "C9"):
        entries = timeline(lot(code), public_only=False)
        assert [each.n for each in entries] == list(range(1, len(entries) + 1))
        hashes = [None, *(each.leaf_hash for each in entries)]
        for each, prev in zip(entries, hashes, strict=False):
            shown = {o.slot: o.value for o in openings(each.id)} | json.loads(each.leaf)
            assert shown["prev"] == prev
    placed = list(models.Index.objects.order_by("index").values_list("index", flat=True))
    assert placed == list(range(90 + 13))
    numbers = list(models.PublicNumber.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_actor_has_one_pseudonym_a_subject_and_another_for_every_other(actors) -> None:
    one, again, elsewhere = note(about=lot("L1")), note(about=lot("L1")), note(about=lot("L2"))
    other = note(about=lot("L1"), by=actors.bidder)
    assert one.actor == again.actor
    assert len({one.actor, elsewhere.actor, other.actor}) == 3
    assert who(one.actor) == who(elsewhere.actor) == BY
    assert who(other.actor) == actors.bidder
    assert BY.person.encode() not in one.leaf
    assert who("A-NOBODY") is None


def test_one_person_in_two_capacities_has_two_pseudonyms() -> None:
    one = note(by=Actor("P-1", "A", "tenderee"))
    two = note(by=Actor("P-1", "B", "agency"))
    assert one.actor != two.actor


def test_a_subject_that_begins_is_recorded_like_any_other_and_begins_only_once() -> None:
    facts = {"price_fen": 7}
    first = note(HANDED_IN, envelope("E1"), within=lot("L1"), facts=facts, documents=[DIGEST], begins=True)
    assert (first.n, who(first.actor)) == (1, BY)
    assert revealed(first.id)["price_fen"][0] == 7
    assert list(models.EntryDocument.objects.values_list("entry_id", "sha256")) == [(first.id, DIGEST)]
    again = note(HANDED_IN, envelope("E1"), within=lot("L1"), facts=facts)
    assert (again.n, again.actor) == (2, first.actor)
    with pytest.raises(IntegrityError):
        note(HANDED_IN, envelope("E1"), within=lot("L1"), facts=facts, begins=True)


def test_what_opens_later_becomes_public_with_the_opening_of_its_own_matter() -> None:
    mine = note(HANDED_IN, envelope("E1"), within=lot("L1"), facts={"price_fen": 7}, documents=[DIGEST])
    other = note(HANDED_IN, envelope("E2"), within=lot("L2"), facts={"price_fen": 8})
    assert public_feed(0, 10) == []
    assert timeline(lot("L1")) == []
    assert entry(mine.id).facts == {}
    assert entry(mine.id).documents == ()
    opened = note(OPENED, lot("L1"))
    feed = public_feed(0, 10)
    assert [(each.id, each.number) for each in feed] == [(opened.id, 1), (mine.id, 2)]
    assert feed[1].facts == {"price_fen": 7}
    assert feed[1].documents == (DIGEST,)
    assert [each.id for each in timeline(lot("L1"))] == [mine.id, opened.id]
    assert not entry(other.id).public


def test_what_is_handed_in_after_one_opening_waits_for_the_next() -> None:
    note(OPENED, lot("L1"))
    late = note(HANDED_IN, envelope("E1"), within=lot("L1"), facts={"price_fen": 7})
    assert not entry(late.id).public
    note(OPENED, lot("L1"))
    assert entry(late.id).public


def test_what_was_given_up_before_the_opening_never_becomes_public_and_the_rest_does() -> None:
    gone = note(HANDED_IN, envelope("E1"), within=lot("L1"), facts={"price_fen": 7})
    stays = note(HANDED_IN, envelope("E2"), within=lot("L1"), facts={"price_fen": 8})
    note(GIVEN_UP, envelope("E1"), within=lot("L1"))
    anew = note(HANDED_IN, envelope("E1"), within=lot("L1"), facts={"price_fen": 9})
    opened = note(OPENED, lot("L1"))
    assert [each.id for each in public_feed(0, 10)] == [opened.id, stays.id, anew.id]
    assert not entry(gone.id).public
    assert entry(gone.id).facts == {}


def test_an_opening_within_a_larger_matter_opens_what_waits_for_either() -> None:
    project = lot("P1")
    in_lot = note(HANDED_IN, envelope("E1"), within=lot("L1"))
    in_project = note(HANDED_IN, envelope("E2"), within=project)
    note(OPENED, lot("L1"), within=project)
    assert entry(in_lot.id).public
    assert entry(in_project.id).public


def test_private_values_never_become_public() -> None:
    made = note(HANDED_IN, envelope(), within=lot(), facts={"price_fen": 7}, private={"phone": "13900000000"})
    note(OPENED, lot())
    assert entry(made.id).facts == {"price_fen": 7}
    assert revealed(made.id)["phone"][0] == "13900000000"
    assert b"13900000000" not in b"".join(each.leaf for each in public_feed(0, 10))


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 3)), max_size=30))
@settings(max_examples=25)
def test_the_feed_numbers_each_public_entry_once_and_without_gaps(steps: list) -> None:
    seen, last = [], max((each.number or 0 for each in public_feed(0, 10_000)), default=0)
    first = last
    for kind_of, code in steps:
        note(kind_of, envelope(f"F{code}"), within=lot(f"F{code}"))
        new = public_feed(last, 100)
        seen += new
        last = new[-1].number if new else last
    assert [each.number for each in seen] == list(range(first + 1, first + 1 + len(seen)))
    assert len({each.id for each in seen}) == len(seen)
    now = [kind_of for kind_of, _ in steps if kind_of.public == "now"]
    assert len([each for each in seen if each.kind in ("lot-announced", "bids-opened")]) == len(now)


def test_a_timeline_holds_what_is_about_or_within_it_and_nothing_else() -> None:
    about, within = note(ANNOUNCED, lot("L1")), note(FETCHED, envelope("E1"), within=lot("L1"))
    note(ANNOUNCED, lot("L2"))
    assert [each.id for each in timeline(lot("L1"), public_only=False)] == [about.id, within.id]
    assert [each.id for each in timeline(lot("L1"))] == [about.id]


def test_after_an_erasure_nothing_personal_is_left_and_every_leaf_still_holds() -> None:
    made = [
        note(ANNOUNCED, lot("L1"), facts={"title": "道路"}, private={"phone": "13900000000"}),
        note(FETCHED, lot("L1"), facts={"address": "10.0.0.1"}),
    ]
    kept = note(FETCHED, lot("L2"), facts={"address": "10.0.0.2"})
    before = [(each.leaf, each.leaf_hash) for each in made]
    erased = erase(lot("L1"), by=BY, at=AT, reason="当事人申请")
    sequence()
    after = [entry(each.id) for each in made]
    assert [(each.leaf, each.leaf_hash) for each in after] == before
    assert all(leaf_hash(leaf) == hashed for leaf, hashed in before)
    assert [revealed(each.id) for each in made] == [{}, {}]
    assert [openings(each.id) for each in made] == [[], []]
    assert [who(each.actor) for each in made] == [None, None]
    assert after[0].facts == {"title": "道路"}
    assert revealed(kept.id)["address"][0] == "10.0.0.2"
    assert erased.n == 3
    assert revealed(erased.id)["openings"][0] == 2
    assert not erased.public


def test_what_was_erased_before_it_became_public_is_public_without_its_facts() -> None:
    made = note(HANDED_IN, envelope(), within=lot(), facts={"price_fen": 7})
    erase(envelope(), by=BY, at=AT, reason="当事人申请")
    sequence()
    note(OPENED, lot())
    assert entry(made.id).public
    assert entry(made.id).facts == {}


def test_an_entry_that_is_not_there_is_said_so() -> None:
    with pytest.raises(LookupError):
        entry(404)


@pytest.mark.parametrize(
    ("name", "public"),
    [("Upper", "now"), ("under_score", "now"), ("", "now"), ("a", "later"), ("a", "after:"), ("a", "after:Bad"),
     ("x" * 65, "now"), ("a", "")],
)  # fmt: skip
def test_a_bad_declaration_of_a_kind_is_a_bug(name: str, public: str) -> None:
    with pytest.raises(ValueError, match=r"kind|public"):
        kind(name, public=public, zh="事", en="Thing")
