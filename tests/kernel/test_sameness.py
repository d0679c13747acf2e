"""The same name or certificate, however it is written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yiwang.pure.kernel.sameness import FEWEST_DIGITS, key, same_certificate

RULES_TESTED = ()
BETWEEN = st.sampled_from(("", " ", "-", "　", "·", "（", "."))


@given(st.text("甘陕AZ09", min_size=1, max_size=14), st.lists(BETWEEN, min_size=14, max_size=14))
def test_spaces_hyphens_capitals_and_full_width_forms_are_no_difference(number, between):
    wide = "".join(chr(ord(each) + 0xFEE0) if each.isascii() else each for each in number)
    written = "".join(a + b for a, b in zip(wide.lower(), between, strict=False))
    assert key(written) == key(number)
    assert same_certificate(written, number)


@given(st.integers(FEWEST_DIGITS - 2, FEWEST_DIGITS + 2), st.sampled_from(("甘", "")))
def test_a_number_is_found_behind_its_title_where_it_is_long_enough_to_say_something(digits, prefix):
    number = prefix + "7" * digits
    for written in (f"二级建造师 建筑工程 {number}", f"{number}（二级）"):
        assert same_certificate(written, number) is (digits >= FEWEST_DIGITS)
        assert same_certificate(number, written) is (digits >= FEWEST_DIGITS)


@given(st.sampled_from(("", " ", "—", "（）")), st.sampled_from(("", " ", "—", "甘262000000001")))
def test_what_says_nothing_is_no_certificate(nothing, other):
    assert not same_certificate(nothing, other)
    assert not same_certificate(other, nothing)


@given(st.integers(7, 11))
def test_a_number_with_another_title_on_each_side_is_found_where_it_is_longer_than_a_day(digits):
    number = "7" * digits
    assert same_certificate(f"二级建造师 甘{number}", f"甘{number}（二级）") is (digits > 8)
