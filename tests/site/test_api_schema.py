"""Schemathesis over the OpenAPI document: whatever it makes up, no server error, and every answer as described."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.site.api_world import Town, town
from yiwang.common.identity.throttle import KEY_VERBS
from yiwang.site.rest import openapi_document
from yiwang.site.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(openapi_document())
ALL = [each.ok() for each in SCHEMA.get_all_operations()]
# Those of the lot's side are asked one after the other in one town, by its key.
HOSTING = [each for each in ALL if "tenders of my organisation" in each.definition.raw.get("tags", ())]
OPERATIONS = [each for each in ALL if each not in HOSTING]


@pytest.fixture(autouse=True)
def _connection_of_the_test():
    """A server closes its connection after each request; here the test's own transaction must outlive it."""
    for each in (request_started, request_finished):
        each.disconnect(close_old_connections)
    yield
    for each in (request_started, request_finished):
        each.connect(close_old_connections)


@pytest.fixture
def built(db: None) -> Town:
    return town()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key may be used as often as one likes."""
    monkeypatch.setattr(
        "yiwang.common.identity.key_tries.KEY_VERBS", type(KEY_VERBS)("key-verbs", 10_000, 60, 60)
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_whatever_is_sent_the_answer_is_as_described(built, operation, patient):
    _tried(operation, built.program(built.market.bidders[0]).key)


def test_whatever_the_lots_side_sends_the_answer_is_as_described(built, patient):
    key = built.program(built.market.hosts[0]).key
    assert len(HOSTING) > 12
    for operation in HOSTING:
        _tried(operation, key)


def _tried(operation, key):
    operation.app = application
    sent = []

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(
            max_examples=6,
            phases=[Phase.generate],
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case):
            response = case.call(headers={"Authorization": f"Bearer {key}"})
            sent.append(response.status_code)
            case.validate_response(response, checks=CHECKS)

        send()
    assert sent


def test_no_two_shapes_of_the_document_share_a_name():
    """The later one would silently describe the answers of the earlier one too."""
    found: dict[str, set[str]] = {}
    waiting = list(Schema.__subclasses__())
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each.__module__.startswith("yiwang."):
            found.setdefault(each.__name__, set()).add(each.__module__)
    described = openapi_document()["components"]["schemas"]
    assert {name: rooms for name, rooms in found.items() if name in described and len(rooms) > 1} == {}
