"""What the quick ways of canonical JSON must refuse all the same."""

from __future__ import annotations

import pytest

from yiwang.pure.kernel.canonical import NotCanonical, loads, written_again


def test_numbers_out_of_range_and_escapes_that_come_back_otherwise_are_refused_in_plain_texts() -> None:
    for text in (
        f"[{2**53}]",
        f"[-{2**53}]",
        "[-0]",
        '["\\ud800"]',
        '["\\u4e00"]',
        "[1.0]",
        "[1e2]",
        "[NaN]",
    ):
        with pytest.raises(NotCanonical):
            loads(text)
    assert loads(f"[{2**53 - 1},{1 - 2**53}]") == [2**53 - 1, 1 - 2**53]


def test_what_was_loaded_is_written_again_as_it_was() -> None:
    text = '{"a":[1,"二",null,true],"b":{}}'.encode()
    assert written_again(loads(text)) == text
