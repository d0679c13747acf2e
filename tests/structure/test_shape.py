"""What the eye would see: functions fit a screen, files have one name, nothing tells of a machine."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import yiwang

PACKAGE = Path(yiwang.__file__).parent
ROOT = PACKAGE.parent
SOURCES = sorted(each for each in PACKAGE.rglob("*.py") if "migrations" not in each.parts)
SCREEN = 60
BANNED_NAMES = {"utils.py", "helpers.py", "manager.py", "misc.py", "common.py"}


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda each: str(each.relative_to(PACKAGE)))
def test_every_function_fits_a_screen_and_types_its_arguments(path):
    for each in functions(path):
        assert each.end_lineno - each.lineno < SCREEN, (
            f"{each.name} is {each.end_lineno - each.lineno} lines long"
        )
        arguments = [*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs]
        untyped = [arg.arg for arg in arguments if arg.annotation is None and arg.arg not in ("self", "cls")]
        assert not untyped, f"{each.name}: {untyped}"


def test_no_file_has_a_name_that_says_nothing():
    assert not [each for each in SOURCES if each.name in BANNED_NAMES]


@pytest.mark.parametrize("path", SOURCES, ids=lambda each: str(each.relative_to(PACKAGE)))
def test_nothing_swallows_every_error(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "BaseException")
            reraises = any(isinstance(each, ast.Raise) for each in ast.walk(node))
            assert not broad or reraises, f"{path}:{node.lineno}"


def test_every_room_says_what_it_is_for():
    for room in PACKAGE.rglob("apps.py"):
        text = ast.get_docstring(ast.parse((room.parent / "__init__.py").read_text("utf-8")))
        assert text, room.parent
        assert len(text) > 80, room.parent


def test_the_repository_names_no_machine_and_no_registry():
    parts = ("py" + "pi.org", "registry." + "npmjs", "deb." + "debian", "files.python" + "hosted")
    here = (f"{ROOT}/", f"{Path.home()}/")  # where this very checkout and its user live
    pattern = re.compile("|".join(re.escape(each) for each in (*parts, *here)))
    kept = (".py", ".md", ".toml", ".html", ".css", ".js", ".txt", ".lock", ".conf", ".json", ".sh")
    for folder in ("yiwang", "tests", "bench", "docs", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if "node_modules" in path.parts:
                continue  # what a test installed for itself, outside the repository
            if path.is_file() and (path.suffix in kept or path.name == "run") and path != Path(__file__):
                found = pattern.search(path.read_text("utf-8", errors="ignore"))
                assert not found, f"{path}: {found and found[0]}"
