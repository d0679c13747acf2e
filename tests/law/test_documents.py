"""docs/law is generated from the rows and the tests, and is fresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.law import api
from yiwang.law.documents import pages, rules_tested, rules_with_tests, untried_rules, uses_by_rule

ROOT = Path(__file__).parents[2]
PAGES = pages(api.current(), ROOT / "tests")


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_generated_page_is_fresh(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == PAGES[path], "run: yiwang law docs"


def test_nothing_else_stands_among_the_generated_pages() -> None:
    assert {each.relative_to(ROOT).as_posix() for each in (ROOT / "docs" / "law").glob("*.md")} == set(PAGES)


def test_every_rule_that_a_test_names_exists() -> None:
    known = {each.id for each in api.current().all_rows}
    for rule, modules in rules_with_tests(ROOT / "tests").items():
        assert rule in known, f"{rule} in {modules}"


def test_the_rules_of_a_module_are_read_without_running_it(tmp_path: Path) -> None:
    module = tmp_path / "test_it.py"
    module.write_text('raise SystemExit\nRULES_TESTED: tuple[str, ...] = ("W03", "W21")\n', "utf-8")
    assert rules_tested(module) == ("W03", "W21")
    module.write_text("x = 1\n", "utf-8")
    assert rules_tested(module) == ()


def test_the_table_says_which_step_uses_a_rule() -> None:
    uses = uses_by_rule(api.current())
    assert "works-open/announce" in uses["W03"]
    assert "works-open/publicise" in uses["W21"]
    assert "P02" not in uses


def test_a_rule_in_use_that_no_test_names_is_listed(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text('RULES_TESTED = ("W03",)\n', "utf-8")
    untried = untried_rules(api.current(), tmp_path)
    assert "W21" in untried
    assert "W03" not in untried
    assert "P02" not in untried


def test_the_diagram_has_every_stage_and_begins_at_the_first() -> None:
    page = PAGES["docs/law/procedure-works-open.md"]
    assert "[*] --> registered" in page
    (procedure,) = [each for each in api.current().all_procedures if each.id == "works-open"]
    for stage in procedure.stages:
        assert f"as {stage.id.replace('-', '_')}\n" in page


def test_no_rule_that_a_step_uses_is_without_a_test():
    assert not untried_rules(api.current(), ROOT / "tests")
