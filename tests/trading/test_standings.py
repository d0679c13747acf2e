"""Whether a published notice still counts: the gravest of what later notices and decisions did to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import standings
from yiwang.common.notices.api import Line

RULES_TESTED = ()

LOTS = ("A", "B")
forms = st.sampled_from(("correction", "postponement", "clarification", "result-notice"))
some_lots = st.sets(st.sampled_from(LOTS), min_size=1).map(tuple)
later = st.lists(st.builds(Line, st.just("N-2"), forms, some_lots), max_size=3)


@given(some_lots, later, st.sets(st.sampled_from(LOTS)))
def test_a_notice_counts_unless_every_lot_of_it_was_undone_or_told_anew(lots, over, undone):
    said = standings.standing("result-notice", lots, over, undone)
    anew = {lot for each in over if each.form == "result-notice" for lot in each.lots}
    gone = (undone | anew) & set(lots)
    if gone == set(lots):
        assert said == ("void" if gone <= undone or not gone <= anew else "replaced")
    elif gone:
        assert said == "partly-void"
    elif any(each.form == "correction" for each in over):
        assert said == "corrected"
    elif any(each.form != "result-notice" for each in over):
        assert said == "amended"
    else:
        assert said == ""


@given(some_lots, later)
def test_what_changes_a_notice_of_another_form_never_makes_it_void(lots, over):
    assert standings.standing("tender-notice", lots, over, ()) in ("", "amended", "corrected")


def test_every_standing_but_the_plain_one_is_said_in_both_languages():
    assert set(standings.STANDING_WORDS) == {"amended", "corrected", "replaced", "partly-void", "void"}
    assert all(words.zh and words.en for words in standings.STANDING_WORDS.values())
