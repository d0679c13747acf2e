"""Every finding that a room can raise has a sentence, in both languages, with the same values in both."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from string import Formatter

import pytest
from django.conf import settings

import yiwang
from yiwang.common.shell.api import sentences

PACKAGE = Path(yiwang.__file__).parent
ROOMS = sorted(
    path for floor in ("record", "common", "business", "doors") for path in (PACKAGE / floor).rglob("*.py")
)


def named_rules(path: Path) -> set[str]:
    """The rules that a file names literally in ``Finding("…")``."""
    calls = [each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "Finding"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def values(text: str) -> set[str]:
    """The names of the values that a sentence needs, without the language they are in."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return {name.removesuffix("_zh").removesuffix("_en") for name in names}


def test_every_named_finding_has_a_sentence() -> None:
    missing = {path.name: named_rules(path) - sentences().rules() for path in ROOMS}
    assert {name: rules for name, rules in missing.items() if rules} == {}


@pytest.mark.parametrize("path", settings.SENTENCES, ids=lambda path: path.parent.name)
def test_both_languages_name_the_same_values(path: Path) -> None:
    for rule, texts in tomllib.loads(path.read_text("utf-8")).items():
        assert values(texts["zh"]) == values(texts["en"]), rule


def test_the_search_finds_a_rule_without_a_sentence(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text('refuse_if([Finding("never-heard-of", "", {})])')
    assert named_rules(planted) - sentences().rules() == {"never-heard-of"}
