"""Every parser refuses or gives back byte for byte what it read; nothing else ever comes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tlog.parsers import PARSERS
from tests.tlog.worlds import rules_of
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import sentences

SENTENCES = sentences()


def mutations(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """A good text with a few bytes replaced, cut out, doubled or put in."""
    odd = st.sampled_from(
        [
            b"",
            b"\n",
            b"\n\n",
            b" ",
            b"+",
            b"0",
            b"\x00",
            b"\xff",
            b"\r\n",
            b"=",
            "—".encode(),
            "\u00a0".encode(),
        ]
    )
    edit = st.tuples(st.integers(0, 4000), st.integers(0, 40), odd | st.binary(max_size=4))

    def apply(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
        for at, cut, put in edits:
            place = at % (len(seed) + 1)
            seed = seed[:place] + put + seed[place + cut :]
        return seed

    return st.builds(apply, st.sampled_from(seeds), st.lists(edit, max_size=3))


@pytest.mark.parametrize("name", PARSERS)
def test_good_texts_come_back_byte_for_byte(name):
    parser, seeds = PARSERS[name]
    for seed in seeds:
        assert parser(seed) == seed


@pytest.mark.parametrize("name", PARSERS)
def test_anything_is_refused_with_a_sentence_or_comes_back_byte_for_byte(name):
    parser, seeds = PARSERS[name]

    @settings(max_examples=400, deadline=None)
    @given(mutations(seeds) | st.binary(max_size=200))
    def check(raw):
        try:
            assert parser(raw) == raw
        except Refused as refusal:
            for each in refusal.findings:
                assert SENTENCES.say(each, "zh")
                assert SENTENCES.say(each, "en")

    check()


def test_a_refusal_names_its_rule():
    with pytest.raises(Refused) as refusal:
        PARSERS["note"][0](b"")
    assert rules_of(refusal) == ["note-no-blank-line"]
