"""Every verb that an organisation of the market may do on a page can be done by its key."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from yiwang.business.trading import permissions
from yiwang.pure.kernel.actors import AGENCY, BIDDER, TENDEREE

TRADING = Path(permissions.__file__).parent
MARKET = {TENDEREE, AGENCY, BIDDER}
BY_HAND = {
    "mark_message": "one message; a program marks all that it has read",
    "note_reading": "who reads does it, with every route that reads",
    "note_absence": "a person's own absence: a program has none",
    "end_absence": "a person's own absence: a program has none",
}
"""What only people do, each with the reason."""


def roles_of(function: ast.FunctionDef) -> set[str]:
    """The roles that may do a verb, as its own first lines require."""
    for each in ast.walk(function):
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "require":
            needed = ast.unparse(each.args[1])
            if needed.startswith("permissions."):
                return set(getattr(permissions, needed.removeprefix("permissions.")).roles)
    return set()


def verbs() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted((TRADING / "services").glob("*.py")):
        for each in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(each, ast.FunctionDef) or each.name.startswith("_"):
                continue
            if each.args.args and each.args.args[0].arg == "by":
                found[each.name] = roles_of(each)
    return found


def doors() -> set[str]:
    """What the routes of the interface name of this room."""
    found = set()
    for path in sorted(TRADING.glob("rest*.py")):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.Attribute) and ast.unparse(each.value) == "trading":
                found.add(each.attr)
    return found


def test_verbs_and_doors_are_found():
    assert "submit_bid" in verbs()
    assert verbs()["submit_bid"] == {BIDDER}
    assert "submit_bid" in doors()


@pytest.mark.parametrize("verb", sorted(name for name, roles in verbs().items() if roles & MARKET))
def test_what_an_organisation_may_do_its_key_may_do(verb: str):
    assert (verb in doors()) != (verb in BY_HAND), f"{verb}: a route, or a reason why only people do it"
