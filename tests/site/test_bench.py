"""``make bench`` walks every bench, says of each goal whether it was met, and stops at none that misses or breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bench
from bench import __main__ as all_of_them
from bench.verdicts import REPORT, Verdicts, read

HERE = Path(bench.__file__).parent
NOT_IN_TURN = {
    "__init__", "__main__", "verdicts", "servers", "kept", "pace", "town", "deposits", "tenders", "notices", "bidding", "audit", "forking",
    "killing", "restoring", "pages_app", "tus_client", "fuzz_sm", "fuzz_tlog", "fuzzing",
}  # fmt: skip


def test_every_bench_is_walked_and_knows_the_options_that_it_is_given() -> None:
    modules = {each.stem for each in HERE.glob("*.py")} - NOT_IN_TURN
    assert modules == set(all_of_them.BENCHES)
    for name, each in all_of_them.BENCHES.items():
        known = set(re.findall(r'"(--[a-z-]+)"', (HERE / f"{name}.py").read_text()))
        asked = {option for option in (*each.usual, *each.quick) if option.startswith("--")}
        assert asked | ({"--keep"} if each.keeps else set()) <= known, name


def test_all_goals_are_summed_up_and_a_bench_that_breaks_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked: list[list[str]] = []
    ends = {"api": 0, "search": 1, "lists": 3}

    def status(command: list[str], report: Path) -> int:
        asked.append(command[2:])
        name = command[2].removeprefix("bench.")
        monkeypatch.setenv(REPORT, str(report))
        verdicts = Verdicts(name)
        verdicts.most("quick enough", 1.0, 2.0, "ms")
        if name == "search":
            verdicts.least("exact", 0.9, 1.0)
        return ends[name]

    monkeypatch.setattr(all_of_them, "BENCHES", {name: all_of_them.BENCHES[name] for name in ends})
    monkeypatch.setattr(all_of_them, "_status", status)
    assert all_of_them.main(["--quick", "--keep", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "3 of 4 goals met" in said
    assert "MISSED  search: exact: 0.90 (≥ 1)" in said
    assert "BROKEN, or goals of its own missed: lists" in said
    assert [each[0] for each in asked] == ["bench.api", "bench.search", "bench.lists"]
    assert "--keep" not in asked[0]
    assert asked[1] == ["bench.search", "--notices", "2000", "--keep", str(tmp_path)]
    ends |= {"search": 0, "lists": 0}
    monkeypatch.setattr(all_of_them, "BENCHES", {"api": all_of_them.BENCHES["api"]})
    assert all_of_them.main([]) == 0


def test_a_report_keeps_what_was_noted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report = tmp_path / "report"
    assert read(report) == []
    monkeypatch.setenv(REPORT, str(report))
    verdicts = Verdicts("x")
    verdicts.note("a figure", "7")
    verdicts.most("another", 3, 2, "s")
    assert [(each.what, each.goal, each.met) for each in read(report)] == [
        ("a figure", "", True),
        ("another", "≤ 2 s", False),
    ]
    assert (verdicts.missed, verdicts.status) == (["another"], 1)
