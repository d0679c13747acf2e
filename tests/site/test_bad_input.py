"""Whatever is sent to whatever route by whoever may call it: a sentence and 4xx or the form again, nothing typed lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from tests.site.test_routes import ALL, OPERATIONS, SAMPLES, address, client_of, people
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import VISITOR

SCRIPT = "<script>alert(1)</script>\u202e' OR 1=1 -- \"{{ 7*7 }}"
FORM = "application/x-www-form-urlencoded"
# One value for every field at once; bytes are sent as they are, percent-encoded.
VALUES: dict[str, bytes | str] = {
    "markup, bidi, SQL": SCRIPT,
    "NUL": "\x00甲\x00",
    "no UTF-8 (a lone surrogate)": b"\xed\xa0\x80\xff",
    "a number of 400 digits": "9" * 400,
    "the last instant": "9999-12-31T23:59",
    "the first instant": "0001-01-01T00:00",
    "a negative": "-1",
    "controls": "\x1b[31m\x7f\r\n\t",
    "signs that no file can carry": "甲\x0b乙\ufffe丙\uffff",
    "a power of ten": "9E999999",
}
BODIES = {
    "JSON in JSON": ("application/json", b'{"a":' * 3000 + b"1" + b"}" * 3000),
    "JSON with a key twice": ("application/json", b'{"a":1,"a":2}'),
    "no boundary": ("multipart/form-data", b"x"),
    "a broken boundary": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data"),
    "a part without a name": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: x\r\n\r\n1\r\n--b--\r\n",
    ),
    "a type that nobody knows": ("text/\xe4; q=\x01", b"\x00\xff"),
    "another charset": (f"{FORM}; charset=utf-7", b"name=%2BADw-"),
    "a thousand fields": (FORM, b"&".join(b"f%d=1" % number for number in range(1500))),
}
QUERIES = (
    "q=%00&order=%00&page=%00&stage=%FF&month=9999-99&day=0000-00-00&kind=%27&region=1",
    "q=%0B%EF%BF%BE甲&follow=%0B",
    "q=%ED%A0%80%FF&page=99999999999999999999&order=zzz&from=0001-01-01&to=9999-12-31&sort=x&last_on=9999-12-31",
    "q="
    + quote(SCRIPT)
    + "%E9%95%BF" * 3000
    + "&back=//x&next=//x&format=excel&page=-1&order=-&first_on=0001-01-01",
)
FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>", re.S)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
KEPT_TYPES = {"", "text", "search", "email", "tel", "url", "textarea"}


@dataclass
class Field:
    """A field of a form that was shown: its name, its type, the value that it came with."""

    name: str
    kind: str
    value: str


def fields_of(page: str) -> list[Field]:
    """The fields of the forms of a page that post, without the token against forgery."""
    found = []
    for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", page, re.S | re.I):
        for tag, attributes in FIELD.findall(form):
            told = dict(ATTRIBUTE.findall(attributes))
            if told.get("name") and told["name"] != "csrfmiddlewaretoken":
                kind = told.get("type", "") if tag == "input" else tag
                found.append(Field(told["name"], kind, html.unescape(told.get("value", ""))))
    return found


def town_of(stage: str) -> Market:
    made = market()
    if stage == "evaluating":
        made.to_evaluating([510_000_000, 500_000_000, 505_000_000])
    else:
        made.register()
        made.announce()
        trading.take_documents(made.bidders[0], made.lot, made.now)
    assert made.lot == SAMPLES["code"]
    return made


def callers(town: Market) -> dict[str, Client]:
    return {role: client_of(actor.person) for role, actor in people(town).items()} | {VISITOR: Client()}


def caller(pattern: Any, clients: dict[str, Client]) -> Client:
    """Somebody who may call a route: of the market where possible, there the forms are."""
    roles = pattern.callback.permission.roles
    return next(clients[role] for role in (*("tenderee", "bidder", "centre"), *clients) if role in roles)


def sent(client: Client, method: str, path: str, **given: Any) -> tuple[Any, str]:
    """The answer, and what was wrong with it ("" nothing)."""
    try:
        response = client.generic(method, path, **given)
        content = b"".join(response) if response.streaming else response.content
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return None, f"{type(error).__name__}: {str(error)[:100]}"
    if response.status_code >= 500:
        return response, str(response.status_code)
    if response.status_code >= 400 and response.status_code != 405 and len(content) < 50:
        return response, f"{response.status_code} without a sentence"
    return response, ""


def encoded(fields: list[Field], value: bytes | str) -> bytes:
    """The fields of a form: hidden ones as they came, every other with the value."""
    pairs = [(each.name, each.value if each.kind in ("hidden", "submit") else value) for each in fields]
    return urlencode(pairs).encode()


def lost(response: Any, fields: list[Field], value: str) -> list[str]:
    """The fields whose typed text no longer stands in the form that is shown again."""
    if response.status_code not in (200, 400, 422) or not fields:
        return []
    page = html.unescape(response.content.decode())
    shown = {each.name for each in fields_of(response.content.decode())}
    return [
        each.name for each in fields if each.kind in KEPT_TYPES and each.name in shown and value not in page
    ]


@pytest.mark.parametrize("stage", ["bidding", "evaluating"])
def test_forms_and_pages_answer_hostile_input_with_a_sentence_and_keep_what_was_typed(
    db: None, stage: str
) -> None:
    town = town_of(stage)
    clients = callers(town)
    wrong: list[tuple[str, str, str]] = []
    forms = 0
    for pattern, text in ALL if stage == "bidding" else [each for each in ALL if "lots/" in each[1]]:
        client, path = caller(pattern, clients), address(pattern, text)
        page, fault = sent(client, "GET", path)
        fields = fields_of(page.content.decode()) if page is not None and not page.streaming and "html" in page["Content-Type"] else []  # fmt: skip
        forms += bool(fields)
        for name, value in VALUES.items() if fields else [("markup, bidi, SQL", SCRIPT)]:
            asked = fields or [Field("name", "text", "")]
            response, fault = sent(client, "POST", path, data=encoded(asked, value), content_type=FORM)
            if fault:
                wrong.append((text, name, fault))
            elif name == "markup, bidi, SQL":
                assert (
                    SCRIPT not in response.content.decode(errors="replace")
                    if not response.streaming
                    else True
                ), text
                wrong += [(text, name, f"lost {each}") for each in lost(response, fields, SCRIPT)]
    assert forms > (12 if stage == "bidding" else 2)
    assert not wrong


def test_bodies_and_queries_that_nobody_writes_are_answered_on_every_page(db: None) -> None:
    town = town_of("bidding")
    clients = callers(town)
    wrong = []
    for pattern, text in ALL:
        client, path = caller(pattern, clients), address(pattern, text)
        for name, (kind, body) in BODIES.items():
            response, fault = sent(client, "POST", path, data=body, content_type=kind)
            wrong += [(text, name, fault)] if fault else []
            if response is not None and response.status_code == 405:
                break  # nothing is posted here
        for query in QUERIES:
            _, fault = sent(client, "GET", f"{path}?{query}")
            wrong += [(text, query[:40], fault)] if fault else []
    assert not wrong


def hostile_paths() -> Iterator[str]:
    for _, text in [*ALL, *((None, text) for _, text in OPERATIONS)]:
        if "<" in text and "(?P" not in text:
            for part in (
                "%00",
                "%ED%A0%80",
                "..%2f..%2fetc",
                quote(SCRIPT, safe=""),
                "9" * 300,
                "%E9%95%BF" * 200,
            ):
                yield "/" + re.sub(r"<[^>]+>", lambda _, part=part: part, text).replace("^", "").replace("$", "").replace("\\", "")  # fmt: skip


def test_addresses_that_nobody_was_given_lead_nowhere_in_words(db: None) -> None:
    town = town_of("bidding")
    clients = callers(town)
    wrong = []
    for path in set(hostile_paths()):
        _, fault = sent(clients["tenderee"], "GET", path)
        wrong += [(path[:80], fault)] if fault else []
    assert not wrong


API_VALUES = (SCRIPT, "\x00", "9" * 400, "-1", "null", "1e999", "", "true", "[" * 200)
API_FIELDS = (
    "price_fen", "period_days", "deposit_fen", "quality", "manager", "manager_certificate", "kept", "text", "matter",
    "amends", "remedy", "file", "papers",
)  # fmt: skip


def test_programs_get_a_problem_for_everything_that_is_no_request(db: None) -> None:
    town = town_of("bidding")
    keys = {
        role: identity.make_key(each, role, at=town.now).key
        for role, each in people(town).items()
        if role in identity.MARKET_ROLES
    }
    wrong = []
    for declared, text in OPERATIONS:
        path = "/" + re.sub(r"<(\w+)>", lambda part: SAMPLES[part[1]], text)
        role = next((each for each in keys if each in declared.permission.roles), "")
        client = Client(headers={"Authorization": f"Bearer {keys[role]}"} if role else {})
        tries = [(FORM, urlencode([(name, value) for name in API_FIELDS]).encode()) for value in API_VALUES]
        tries += [
            (FORM, urlencode([(name, b"\xed\xa0\x80\xff") for name in API_FIELDS]).encode()),
            *BODIES.values(),
        ]
        for kind, body in tries if declared.method != "GET" else []:
            response, fault = sent(client, declared.method, path, data=body, content_type=kind)
            if (
                not fault
                and response.status_code not in (200, 201)
                and "json" not in response["Content-Type"]
            ):
                fault = f"{response.status_code} as {response['Content-Type']}"
            wrong += [(text, body[:40], fault)] if fault else []
            if response is not None and response.status_code == 429:
                break
        for query in QUERIES if declared.method == "GET" else ():
            _, fault = sent(client, "GET", f"{path}?{query}")
            wrong += [(text, query[:40], fault)] if fault else []
    assert not wrong


def test_a_text_of_a_million_characters_is_refused_and_not_lost_or_is_too_large(db: None) -> None:
    town = town_of("bidding")
    client = client_of(town.bidders[0].person)
    path = f"/hall/lots/{town.lot}/ask/"
    fields = fields_of(client.get(path).content.decode())
    assert fields
    response, fault = sent(client, "POST", path, data=encoded(fields, "长" * 1_000_000), content_type=FORM)
    assert not fault
    assert 400 <= response.status_code < 500
    response, fault = sent(client, "POST", path, data=encoded(fields, "a" * 1_000_000), content_type=FORM)
    assert not fault
    assert response.status_code in (200, 413, 422)
    if response.status_code != 413:
        assert "a" * 1_000_000 in response.content.decode()
