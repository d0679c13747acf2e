"""Every route declares its permission, and answers every role as it declares."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.trading.sitting import register_experts
from tests.trading.world import Market, market
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Person
from yiwang.pure.kernel.actors import ROLES, SYSTEM, VISITOR, Actor

SAMPLES = {
    "code": "C6205000001260001001001",
    "sha256": "0" * 64,
    "bidder": "91620502MA00000001",
    "path": "guide/",
    "rule": "W03",
    "number": "1",
    "secret": "nobody-was-given-this",
    "motion": "M-000000000000",
    "ticket": "Q-000000000000",
    "token": "nobody-signed-this",
    "kind": "qualification",
    "paper": "opening",
    "ending": "pdf",
}


def routes(resolver: URLResolver | None = None, prefix: str = ""):
    """Every pattern with the address that it answers, language prefix and samples filled in."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            part = "" if "Locale" in type(each.pattern).__name__ else str(each.pattern)
            yield from routes(each, prefix + part)
        else:
            yield each, prefix + str(each.pattern)


def address(pattern: URLPattern, text: str) -> str:
    if "(?P<path>" in text:
        return "/guide/"
    for name, converter in pattern.pattern.converters.items():
        kind = next(key for key in ("slug", "str", "int", "path") if f"<{key}:{name}>" in text)
        assert converter is not None
        text = text.replace(f"<{kind}:{name}>", SAMPLES[name])
    return "/" + text.replace("^", "").replace("$", "").replace("\\", "")


EVERY = list(routes())
# Routes for programs act by a key, never by a session: each of their operations declares its own permission.
OPERATIONS = [
    (declared, text)
    for pattern, text in EVERY
    for declared in getattr(pattern.callback, "operations", {}).values()
]
ALL = [(pattern, text) for pattern, text in EVERY if not hasattr(pattern.callback, "operations")]


def test_there_are_routes_and_each_declares_a_permission():
    assert len(ALL) > 40
    undeclared = [text for pattern, text in ALL if not getattr(pattern.callback, "permission", None)]
    assert not undeclared
    for pattern, _ in ALL:
        assert pattern.callback.permission.roles <= set(ROLES)


def people(town: Market) -> dict[str, Actor]:
    return {
        "tenderee": town.hosts[0],
        "agency": town.agency,
        "bidder": town.bidders[0],
        "centre": town.staff.checker,
        "supervisor": town.supervisor,
        "operator": town.operator,
        "expert": register_experts(town, 1)[0],
        "applicant": Actor(identity.create_person("newcomer", None, "新来的", at=town.now), "", "applicant"),
    }


def client_of(person: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(code=person))
    return client


def test_every_route_answers_every_role_as_it_declares(db):
    town = market()
    actors = people(town)
    clients = {role: client_of(actor.person) for role, actor in actors.items()} | {VISITOR: Client()}
    wrong = []
    for pattern, text in ALL:
        needed = pattern.callback.permission
        for role, client in clients.items():
            response = client.get(address(pattern, text))
            if response.status_code >= 500:
                wrong.append((text, role, response.status_code))
            elif role == VISITOR and role not in needed.roles:
                login = response.status_code == 302 and "/account/login/" in response["Location"]
                wrong += [] if login else [(text, role, response.status_code)]
            elif (response.status_code == 403) == (role in needed.roles):
                wrong.append((text, role, response.status_code))
    assert not wrong


def test_every_operation_for_programs_answers_every_key_as_it_declares(db):
    assert len(OPERATIONS) > 15
    town = market()
    market_people = {role: actor for role, actor in people(town).items() if role in identity.MARKET_ROLES}
    keys = {role: identity.make_key(each, role, at=town.now).key for role, each in market_people.items()}
    session = client_of(town.bidders[0].person)  # a session alone is nobody here
    wrong = []
    for declared, text in OPERATIONS:
        path = "/" + re.sub(r"<(\w+)>", lambda part: SAMPLES[part[1]], text)
        assert declared.permission.roles <= set(ROLES)
        for role in (VISITOR, *keys):
            headers = {"Authorization": f"Bearer {keys[role]}"} if role in keys else {}
            response = session.generic(declared.method, path, headers=headers)
            refused = 401 if role == VISITOR else 403
            if response.status_code >= 500 or (response.status_code == refused) == (
                role in declared.permission.roles
            ):
                wrong.append((declared.method, text, role, response.status_code))
    assert not wrong


@pytest.mark.parametrize("path", ["/nowhere/", "/en/nowhere/", "/notices/../secret-key", "/hall/lots/%00/"])
def test_what_does_not_exist_is_said_so_without_a_traceback(rehearsal, client, path):
    response = client.get(path)
    assert response.status_code in (400, 404)
    assert b"Traceback" not in response.content


def test_no_route_is_for_the_system_alone():
    assert not [text for pattern, text in ALL if pattern.callback.permission.roles == {SYSTEM}]
