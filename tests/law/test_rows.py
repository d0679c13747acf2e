"""The rows themselves: amendments, local rows, settings, and what the reader refuses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law.copies import AMENDED_ON, amended, copy_of_the_law, row
from yiwang.law import api
from yiwang.law.limits import TIME_UNITS

TODAY = date(2026, 11, 23)


def test_an_amendment_of_two_files_leaves_old_lots_under_the_old_rule(tmp_path: Path) -> None:
    law = amended(tmp_path)
    issued_on = date(2026, 7, 1)
    old, new = law.clock("W03", issued_on, on=date(2026, 5, 31)), law.clock("W03", issued_on, on=AMENDED_ON)
    assert old.result_on == issued_on + timedelta(days=20)
    assert new.result_on == issued_on + timedelta(days=25)
    assert "第二十四条" in old.explanation("zh")
    assert "《修正案》" in new.explanation("zh")


@given(shift=st.sampled_from([-1, 0, 1]) | st.integers(-4000, 4000))
def test_on_each_day_exactly_one_row_of_an_amended_rule_is_in_force(
    shift: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    law = amended_once(tmp_path_factory)
    day = AMENDED_ON + timedelta(days=shift)
    assert law.limit("W03", day).at_least == (20 if day < AMENDED_ON else 25)
    assert sum(each.id == "W03" and each.in_force(day) for each in law.all_limits) == 1


@given(shift=st.integers(-3, 3) | st.integers(-400, 400), days=st.integers(-2, 3) | st.integers(0, 400))
def test_the_rows_of_a_span_are_those_of_its_days(
    shift: int, days: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    law, begin = amended_once(tmp_path_factory), AMENDED_ON + timedelta(days=shift)
    spans = law.limit_spans("W03", begin, begin + timedelta(days=days))
    every = [row.at_least for row, number in spans for _ in range(number)]
    assert every == [law.limit("W03", begin + timedelta(days=each)).at_least for each in range(days)]


_once: dict[str, api.Law] = {}


def amended_once(factory: pytest.TempPathFactory) -> api.Law:
    if "law" not in _once:
        _once["law"] = amended(factory.mktemp("amended"))
    return _once["law"]


def test_a_row_that_applies_at_once_reaches_old_lots_on_the_day_of_the_act(tmp_path: Path) -> None:
    law = amended(tmp_path, 'applies = "at-once"')
    assert law.limit("W03", on=date(2026, 5, 31)).at_least == 20
    assert law.limit("W03", on=date(2026, 5, 31), acted_on=date(2026, 5, 31)).at_least == 20
    assert law.limit("W03", on=date(2026, 5, 31), acted_on=AMENDED_ON).at_least == 25


def test_a_row_for_new_lots_does_not_reach_old_ones_whenever_they_act(tmp_path: Path) -> None:
    law = amended(tmp_path)
    assert law.limit("W03", on=date(2026, 5, 31), acted_on=date(2026, 12, 1)).at_least == 20


def test_other_law_can_be_used_for_a_while(tmp_path: Path) -> None:
    law = amended(tmp_path)
    with api.using(law):
        assert api.limit("W03", TODAY).at_least == 25
    assert api.limit("W03", TODAY).at_least == 20


def test_before_a_rule_began_it_is_not_found() -> None:
    with pytest.raises(api.NoSuchRule):
        api.limit("W01", date(2012, 1, 31))
    assert api.limit("W01", date(2012, 2, 1)).at_least == 5


@given(days=st.sampled_from([19, 20, 21]) | st.integers(1, 60), at_most=st.booleans())
def test_a_local_row_may_be_stricter_than_the_national_one_and_never_looser(
    days: int, at_most: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("local") / "limits"
    folder.mkdir()
    comparator, gives = ("at_most", "latest-day") if at_most else ("at_least", "earliest-day")
    national = row("X01", 20, "2020-01-01", comparator=comparator, gives=gives)
    local = row("X01", days, "2021-01-01", 'jurisdiction = "620500"', comparator=comparator, gives=gives)
    text = (api.DIRECTORY / "limits" / "anchors.toml").read_text("utf-8") + national + local
    (folder / "rows.toml").write_text(text, "utf-8")
    if days > 20 if at_most else days < 20:
        with pytest.raises(api.BadLaw, match="looser"):
            api.load(folder.parent)
        return
    law = api.load(folder.parent)
    assert law.limit("X01", TODAY).value == 20
    assert law.limit("X01", TODAY, region="620500").value == days
    assert law.limit("X01", TODAY, region="620502").value == days
    assert law.limit("X01", TODAY, region="620100").value == 20
    assert law.limit("X01", date(2020, 6, 1), region="620500").value == 20


def test_a_local_row_may_not_count_otherwise_than_the_national_one(tmp_path: Path) -> None:
    folder = copy_of_the_law(tmp_path)
    local = row("W03", 20, "2021-01-01", 'jurisdiction = "620500"').replace("calendar-day", "working-day")
    (folder / "limits" / "local.toml").write_text(local, "utf-8")
    with pytest.raises(api.BadLaw, match="unlike"):
        api.load(folder)


def test_two_rows_of_a_rule_may_not_be_in_force_on_the_same_day(tmp_path: Path) -> None:
    folder = copy_of_the_law(tmp_path)
    (folder / "limits" / "amendment.toml").write_text(row("W03", 25, "2026-06-01"), "utf-8")
    with pytest.raises(api.BadLaw, match="still in force"):
        api.load(folder)


@pytest.mark.parametrize(
    ("until", "accepted"), [("2026-05-30", True), ("2026-05-31", True), ("2026-06-01", False)]
)
def test_the_old_row_ends_before_the_day_on_which_the_new_one_begins(
    tmp_path: Path, until: str, accepted: bool
) -> None:
    folder = tmp_path / "limits"
    folder.mkdir()
    text = (api.DIRECTORY / "limits" / "anchors.toml").read_text("utf-8")
    text += row("X01", 20, "2020-01-01", f"until = {until}") + row("X01", 25, "2026-06-01")
    (folder / "rows.toml").write_text(text, "utf-8")
    if accepted:
        assert api.load(tmp_path).limit("X01", date(2026, 6, 1)).at_least == 25
    else:
        with pytest.raises(api.BadLaw, match="still in force"):
            api.load(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "objection"),
    [
        ("at_least = 20", "at_least = 0", "at least 1"),
        ("at_least = 20", 'at_least = "20,5"', "no share"),
        ("at_least = 20", "at_least = 20.0", "whole number"),
        ("at_least = 20", "at_least = true", "whole number"),
        ("at_least = 20", "at_least = 20\nat_most = 30", "exactly one of"),
        ("at_least = 20", "more_than = 20", "a period is"),
        ('unit = "calendar-day"', 'unit = "day"', "is not one of"),
        ('anchor = "documents-issued"', 'anchor = "nowhere"', "no anchor nowhere"),
        ('counting = "first-day-excluded"', "", "counting is missing"),
        ('counting = "first-day-excluded"', 'counting = "moment"', "is not one of"),
        ('source = "《修正案》第一条"', 'source = " "', "must be a text"),
        ('source = "《修正案》第一条"', "", "source is missing"),
        ('sure = "read"', 'sure = "certain"', "is not one of"),
        ("since = 2026-01-01", 'since = "2026-01-01"', "must be a day"),
        ("since = 2026-01-01", "since = 2026-01-01\nuntil = 2025-12-31", "until lies before since"),
        ("since = 2026-01-01", "since = 2026-01-01\ncolour = 1", "unknown keys colour"),
        ('gives = "earliest-day"', "", "gives is missing"),
        ('direction = "forward"', 'direction = "backward"\nroll = "next-working-day"', "can roll"),
        ("[[limit]]", "[[limit", "amendment.toml"),
        ("[[limit]]", "[[limits]]", "unknown keys limits"),
    ],
)
def test_a_row_that_is_not_in_the_format_is_named(
    tmp_path: Path, before: str, after: str, objection: str
) -> None:
    folder = copy_of_the_law(tmp_path)
    text = row("X01", 20, "2026-01-01")
    assert before in text
    (folder / "limits" / "amendment.toml").write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(api.BadLaw) as raised:
        api.load(folder)
    assert objection in str(raised.value)
    assert "amendment.toml" in str(raised.value)


def test_an_empty_folder_is_no_law(tmp_path: Path) -> None:
    with pytest.raises(api.BadLaw, match="no limits"):
        api.load(tmp_path)


def test_a_setting_of_the_house_is_never_shown_as_law() -> None:
    settings = [each for each in api.current().all_limits if not each.is_law]
    assert settings
    for each in settings:
        assert "《" not in each.source
        assert "非法律规定" in each.citation.zh
        assert "not law" in each.citation.en
        if each.unit in TIME_UNITS:
            explained = api.clock(each.id, date(2024, 3, 1), TODAY).explanation("zh")
            assert "非法律规定" in explained


def test_an_article_that_was_not_read_says_so_beside_it() -> None:
    for each in api.current().all_rows:
        assert ("条文待核对" in each.citation.zh) is (each.sure in ("secondary", "memory"))


def test_every_row_names_a_law_or_is_a_setting() -> None:
    for each in api.current().all_rows:
        assert each.source.strip()
        assert each.sure == "setting" or "《" in each.source or "财库" in each.source


def test_every_title_stands_in_both_languages() -> None:
    grounds = [each.words for rule in api.rules(TODAY) for each in rule.choices]
    for words in [*grounds, *(each.words for each in api.current().all_rows)]:
        assert any("\u4e00" <= char <= "\u9fff" for char in words.zh)
        assert words.en.isascii()


def test_the_seven_grounds_of_rejection_carry_their_own_item_of_the_article() -> None:
    grounds = api.rule("W30", TODAY).choices
    assert len(grounds) == 7
    assert len({each.source for each in grounds}) == 7
    assert api.rule("W30", TODAY).choice("not-responsive").source.endswith("第（六）项")


def test_the_numbers_that_embarrass_most_are_right() -> None:
    def number(rule: str) -> tuple[str, int, str]:
        limit = api.limit(rule, TODAY)
        return limit.comparator, int(limit.value), limit.unit

    assert number("W01") == ("at_least", 5, "calendar-day")
    assert number("P02") == ("at_least", 5, "working-day")
    assert number("W03") == number("P04") == ("at_least", 20, "calendar-day")
    assert number("W04") == ("at_least", 15, "calendar-day")
    assert number("W11") == ("at_least", 3, "count")
    assert number("W14") == ("at_most", 2, "percent")
    assert number("W14-cap") == ("at_most", 800_000_00, "fen")
    assert number("W16") == ("at_least", 5, "count")
    assert number("W21") == ("at_least", 3, "calendar-day")
    assert number("W21-start") == ("at_most", 3, "calendar-day")
    assert number("W23") == number("P19") == ("at_most", 30, "calendar-day")
    assert number("W25") == ("at_most", 5, "calendar-day")
    assert number("P07") == ("at_most", 5, "working-day")
    assert number("W26") == ("at_most", 10, "percent")
    assert number("W28") == ("at_most", 30, "working-day")
    assert number("P20") == ("at_most", 2, "working-day")
    assert number("P21") == ("at_most", 7, "working-day")
    assert number("T01") == ("at_least", 4_000_000_00, "fen")
    assert number("T02") == ("at_least", 2_000_000_00, "fen")
    assert number("T03") == ("at_least", 1_000_000_00, "fen")


def test_every_number_of_the_works_list_has_its_row() -> None:
    ids = {each.id for each in api.current().all_rows}
    assert not {f"W{number:02d}" for number in range(1, 35)} - ids


def test_asking_a_minimum_for_its_maximum_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        _ = api.limit("W03", TODAY).at_most
    with pytest.raises(TypeError):
        _ = api.limit("W16-experts", TODAY).at_least
