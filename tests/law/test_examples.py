"""The worked cases beside the rows: each is run, and a wrong one is noticed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.law.copies import changed, copy_of_the_law
from yiwang.law import api
from yiwang.law.checking import law_objections
from yiwang.law.examples import Example, example_objection, read_examples

EXAMPLES = read_examples(api.DIRECTORY)


def test_there_are_enough_cases() -> None:
    assert len(EXAMPLES) >= 25


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: f"{case.rule} {case.begins}")
def test_a_worked_case_holds(case: Example) -> None:
    assert example_objection(api.current(), case) == ""


def test_every_period_that_a_step_uses_has_a_worked_case() -> None:
    used = {each.id for each in api.limits(date(2026, 11, 23)) if each.is_time and not each.use}
    assert not used - {each.rule for each in EXAMPLES}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('result = "2024-09-02"', 'result = "2024-09-03"'),
        ('strict_result = "2024-09-03"', 'strict_result = "2024-09-04"'),
        ('not_counted = ["2024-08-29"]', 'not_counted = ["2024-08-30"]'),
        ('rule = "W02"', 'rule = "W99"'),
        ('rule = "W02"', 'rule = "W14"'),
        ('from = "2024-09-03"', 'from = "2030-09-03"'),
    ],
)
def test_a_wrong_case_is_an_objection(tmp_path: Path, before: str, after: str) -> None:
    folder = copy_of_the_law(tmp_path)
    changed(folder / "examples" / "works.toml", before, after)
    assert len(law_objections(api.load(folder), read_examples(folder))) == 1


def test_a_case_without_a_readable_beginning_is_named(tmp_path: Path) -> None:
    folder = copy_of_the_law(tmp_path)
    changed(folder / "examples" / "works.toml", 'from = "2024-09-03"', 'from = "autumn"')
    with pytest.raises(api.BadLaw, match=r"works\.toml"):
        read_examples(folder)
