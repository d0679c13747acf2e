"""``yiwang law``: answers in both languages, JSON for programs, sentences and status 2 for mistakes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from tests.law.copies import amended, changed, copy_of_the_law
from yiwang.law import api, cli


def run(*arguments: str) -> int:
    """The exit status of ``yiwang law`` with these arguments."""
    parser = argparse.ArgumentParser(prog="yiwang")
    cli.add_commands(parser.add_subparsers(required=True))
    parsed = parser.parse_args(["law", *arguments])
    return int(parsed.run(parsed))


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(*arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_explain_gives_the_result_the_article_and_the_days_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = answered(capsys, "explain", "W21", "--from", "2023-04-28T10:00:00+08:00", "--json")
    assert answer["rule"] == "W21"
    assert (answer["value"], answer["unit"], answer["direction"]) == (3, "calendar-day", "forward")
    assert answer["counting"] == "first-day-excluded"
    assert answer["source"] == "《中华人民共和国招标投标法实施条例》第五十四条"
    assert answer["result"] == "2023-05-04"
    assert "strict_result" not in answer
    assert [each["day"] for each in answer["not_counted"]] == [
        "2023-04-28",
        "2023-05-01",
        "2023-05-02",
        "2023-05-03",
    ]
    assert answer["provisional"] is False


def test_explain_shows_the_strict_result_where_it_differs(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "explain", "P02", "--from", "2024-09-30", "--json")
    assert (answer["result"], answer["strict_result"]) == ("2024-10-11", "2024-10-12")


def test_explain_takes_the_law_of_another_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "W01", "--from", "2024-08-29", "--on", "2012-01-31") == 2
    assert "没有规则 W01" in capsys.readouterr().err
    assert answered(capsys, "explain", "W01", "--from", "2024-08-29", "--on", "2012-02-01", "--json")


def test_explain_reads_an_instant_without_a_zone_in_the_time_of_beijing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    late = answered(capsys, "explain", "W03", "--from", "2024-08-29T23:59:59", "--json")
    other = answered(capsys, "explain", "W03", "--from", "2024-08-29T23:59:59+00:00", "--json")
    assert (late["result"], other["result"]) == ("2024-09-18", "2024-09-19")


def test_explain_gives_an_instant_for_hours(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "explain", "W-media", "--from", "2024-08-29T20:00", "--json")
    assert answer["result"] == "2024-08-30T08:00:00+08:00"


def test_explain_speaks_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "W03", "--from", "2024-08-29") == 0
    chinese, english = capsys.readouterr().out.splitlines()
    assert "最早为2024-09-18" in chinese
    assert "earliest 2024-09-18" in english


def test_explain_flags_a_calendar_that_is_not_published(capsys: pytest.CaptureFixture[str]) -> None:
    year = next(year for year in range(2026, 2200) if not api.is_published(year))
    answer = answered(capsys, "explain", "W28", "--from", f"{year}-03-01", "--on", "2024-01-01", "--json")
    assert answer["provisional"] is True
    assert answer["unpublished_years"] == [year]
    assert "not yet published" in answer["warning_en"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("explain", "W99", "--from", "2024-01-01"), "There is no rule W99"),
        (("explain", "W30", "--from", "2024-01-01"), "W30 is no period"),
        (("explain", "W14", "--from", "2024-01-01"), "W14 is no period"),
        (("explain", "W03", "--from", "soon"), "“soon” is no day or instant"),
        (("explain", "W03", "--from", "0001-01-01T00:00+14:00"), "is no day or instant"),
        (("explain", "W03", "--from", "2024-01-01", "--on", "now"), "“now” is no day"),
        (("explain", "W-media", "--from", "2024-01-01"), "needs a time"),
        (("explain", "W03", "--from", "9999-12-20"), "outside the calendar"),
        (("explain", "P23", "--from", "9990-01-01"), "outside the calendar"),
        (("show", "W99"), "There is no rule W99"),
        (("show", "W01", "--on", "2012-01-31"), "There is no rule W01"),
    ],
)
def test_mistakes_are_answered_in_sentences_with_status_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert run(*arguments) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert len(printed.err.splitlines()) == 2
    assert not printed.out


def test_show_gives_a_row_by_day_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "show", "W03", "--on", "2024-01-01", "--json")
    assert (answer["rule"], answer["value"], answer["comparator"]) == ("W03", 20, "at_least")
    assert answer["anchor"] == "documents-issued"
    share = answered(capsys, "show", "W16-experts", "--on", "2024-01-01", "--json")
    assert share["value"] == "2/3"


def test_show_gives_every_dated_row_of_an_amended_rule(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with api.using(amended(tmp_path)):
        rows = answered(capsys, "show", "W03", "--json")
    assert [each["value"] for each in rows] == [25, 20]


def test_show_lists_all_rules_and_prints_grounds_and_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show") == 0
    assert len(capsys.readouterr().out.splitlines()) > 100
    assert run("show", "W30") == 0
    assert capsys.readouterr().out.count("第五十一条第") == 7
    assert run("show", "H01") == 0
    assert "非法律规定" in capsys.readouterr().out


def test_check_is_content_with_the_packaged_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    assert "The law is sound" in capsys.readouterr().out


def test_check_names_what_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = copy_of_the_law(tmp_path)
    changed(folder / "procedures" / "works-open.toml", 'limits = ["W25"]', "limits = []")
    with api.using(api.load(folder)):
        assert run("check") == 1
    assert "W25 is named by no step" in capsys.readouterr().out


def test_rows_that_cannot_be_read_are_a_sentence_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable() -> api.Law:
        raise api.BadLaw("limits/works.toml, limit W03: since is missing")

    monkeypatch.setattr(api, "current", unreadable)
    assert run("show", "W03") == 2
    assert "since is missing" in capsys.readouterr().err


def test_docs_need_a_checkout(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("docs", "--root", str(tmp_path)) == 2
    assert "--root" in capsys.readouterr().err
    (tmp_path / "tests").mkdir()
    assert run("docs", "--root", str(tmp_path)) == 0
    assert (tmp_path / "docs" / "law" / "rules.md").is_file()


@pytest.mark.parametrize("leaf", ["show", "explain", "check", "docs"])
def test_every_leaf_has_help(capsys: pytest.CaptureFixture[str], leaf: str) -> None:
    with pytest.raises(SystemExit) as raised:
        run(leaf, "--help")
    assert raised.value.code == 0
    assert leaf in capsys.readouterr().out
