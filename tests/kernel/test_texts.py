"""Texts: what every page, feed and office file can carry, by a real parser of XML."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yiwang.pure.kernel.texts import ONE_LINE, SEVERAL_LINES, carried, cut_to_units, strange_place

STRANGE = ["\x00", "\x0b", "\x0c", "\x1f", "\x7f", "\ufffe", "\uffff", "\ud800", "\udfff"]
RARE = [
    "㐂",
    "𠮷",
    "𰻝",
    "·",
    "\u3000",
    "１",
    "\t",
    "\n",
    "\x85",
    "\ue863",
    "\ufffd",
    "\U0001fffe",
    "\U0010ffff",
]


@pytest.mark.parametrize("sign", STRANGE)
def test_what_no_file_can_carry_is_found_and_left_out(sign):
    assert strange_place(f"甲{sign}乙") == 2
    assert carried(f"甲{sign}乙") == "甲乙"


@pytest.mark.parametrize("sign", RARE)
def test_rare_signs_are_texts_like_others(sign):
    assert strange_place(f"甲{sign}乙") == 0
    assert carried(f"甲{sign}乙") == f"甲{sign}乙"


@given(st.text() | st.text(st.sampled_from(STRANGE + RARE)))
@example("\ufffe")
def test_what_is_left_is_read_by_a_parser_of_xml(text):
    left = carried(text)
    written = left.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;").replace("]]>", "]]&gt;")
    assert (ElementTree.fromstring(f"<a>{written}</a>").text or "") == left
    assert (left == text) == (strange_place(text) == 0)


@pytest.mark.parametrize("sign", [each for each in STRANGE if not "\ud800" <= each <= "\udfff"])
def test_programs_are_refused_the_same_signs(sign):
    assert not re.fullmatch(ONE_LINE, sign)
    assert not re.fullmatch(SEVERAL_LINES, sign)


def test_programs_send_lines_only_where_there_may_be_several():
    assert not re.fullmatch(ONE_LINE, "\n")
    assert re.fullmatch(f"{SEVERAL_LINES}+", "甲\n\t𠮷乙")


@given(st.text(st.sampled_from("a甲𠮷"), max_size=12), st.integers(0, 12))
def test_a_text_is_cut_to_units_and_no_character_in_two(text, most):
    cut = cut_to_units(text, most)
    assert text.startswith(cut)
    units = [len(each.encode("utf-16-le")) // 2 for each in text]
    assert sum(units[: len(cut)]) <= most
    assert len(cut) == len(text) or sum(units[: len(cut) + 1]) > most
