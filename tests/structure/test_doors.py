"""Every verb that an organisation of the market may do on a page can be done by its key."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from yiwang.business.trading import permissions
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import AGENCY, BIDDER, TENDEREE

TRADING = Path(permissions.__file__).parent
MARKET = {TENDEREE, AGENCY, BIDDER}
BY_HAND = {
    "mark_message": "one message; a program marks all that it has read",
    "note_absence": "a person's own absence: a program has none",
    "end_absence": "a person's own absence: a program has none",
}
"""What only people do, each with the reason."""


NOT_SAID = {
    "Terms": {"papers": "kept"},
    "PrequalificationTerms": {"papers": "kept"},
    "NewClarification": {"papers": "kept"},
    "NewComplaint": {"papers": "kept"},
    "SheetFacts": {},
    "MethodTerms": {},
    "CriterionTerms": {"id": "by the order, as on a page"},
    "PayerFacts": {},
    "NewProject": {},
    "NewLot": {},
}
"""What a verb is told, and what a key says under another name, or not at all, each with the reason."""


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


def fields_of(path: Path) -> dict[str, set[str]]:
    """The annotated names of every class of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        each.name: {
            line.target.id
            for line in each.body
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        }
        for each in ast.walk(tree)
        if isinstance(each, ast.ClassDef)
    }


@pytest.mark.parametrize("told", sorted(NOT_SAID))
def test_what_a_page_may_tell_a_verb_a_key_may_tell_it(told: str):
    """A field that pages fill and no schema has is a door that is half open: as the method of evaluation was."""
    facts = {name: each for path in TRADING.rglob("*.py") for name, each in fields_of(path).items()}
    schemas = [each for path in TRADING.glob("rest*.py") for each in fields_of(path).values()]
    wanted = facts[told] - set(NOT_SAID[told])
    assert wanted, told
    nearest = min((wanted - each for each in schemas), key=len)
    assert nearest == set()


def test_who_has_no_key_is_no_organisation_of_the_market():
    """Verbs of experts, centre and supervisors have pages alone: a key acts for an organisation of the market."""
    assert set(identity.MARKET_ROLES) == MARKET
    others = {name: roles for name, roles in verbs().items() if roles and not roles & MARKET}
    assert {"cast_vote", "enter_committee", "decide_complaint"} <= set(others)
