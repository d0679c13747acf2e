"""Every rule that the code can break has a sentence in both languages, and no sentence stands for nothing."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from string import Formatter

import yiwang.pure.tlog
from yiwang.pure.tlog.api import sentences

FOLDER = Path(yiwang.pure.tlog.__file__).parent


def _calls() -> list[tuple[str, set[str], str]]:
    """(rule, parameters, place) of every ``refused`` and ``finding`` in the package."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in ("refused", "finding") and isinstance(node.args[0], ast.Constant | ast.IfExp):
                first = node.args[0]
                rules = [first] if isinstance(first, ast.Constant) else [first.body, first.orelse]
                given = {each.arg for each in node.keywords if each.arg}
                found += [(f"tlog.{each.value}", given, f"{path.name}:{node.lineno}") for each in rules]
    return found


def test_every_rule_has_its_sentence_with_the_parameters_it_is_given():
    texts = tomllib.loads((FOLDER / "sentences.toml").read_text("utf-8"))
    calls = _calls()
    assert len(calls) > 80
    for rule, given, place in calls:
        assert rule in texts, place
        for language in ("zh", "en"):
            wanted = {name for _, name, _, _ in Formatter().parse(texts[rule][language]) if name}
            assert wanted <= given, (place, rule, language)


def test_no_sentence_is_left_over():
    assert sentences().rules() - {"tlog.kind-unchecked"} <= {rule for rule, _, _ in _calls()}


def test_every_public_function_says_what_it_gives():
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            inner = isinstance(node, ast.FunctionDef) and node.name in ("leaf", "node", "run")  # closures
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not inner
            ):
                assert ast.get_docstring(node), f"{path.name}:{node.lineno} {node.name}"
