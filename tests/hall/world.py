"""A small city for the tests of the hall: real people with logins, a clock that moves, a worker that catches up."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.codes import uscc_of
from yiwang.pure.kernel.days import local
from yiwang.record.journal.api import advance_rehearsal, business_now, work

REGION = "620502"
DUTIES = {**notices.DUTIES, **trading.DUTIES}


def paper(title: str = "paper") -> bytes:
    """A small PDF."""
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% " + title.encode() + b"\ntrailer\n<< >>\n%%EOF\n"
    )


def upload(title: str = "招标文件") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{title}.pdf", paper(title), content_type="application/pdf")


@dataclass
class Person:
    """Somebody with a browser: an actor and a client that is logged in as them since it was first used."""

    actor: Actor

    @cached_property
    def client(self) -> Client:
        browser = Client()
        browser.force_login(get_user_model().objects.get(code=self.actor.person))
        return browser

    def get(self, path: str, status: int = 200) -> str:
        """The page at ``path``; fails where the answer has another status."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, plain(answer.content.decode())[:600])
        return answer.content.decode()

    def send(self, path: str, fields: dict[str, object] | None = None, status: int = 302) -> str:
        """Posts a form; the address it leads to, or the page where the form was not accepted."""
        answer = self.client.post(path, fields or {})
        text = "" if answer.status_code == 302 else answer.content.decode()
        assert answer.status_code == status, (path, answer.status_code, plain(text)[:1500])
        return urlsplit(answer.headers["Location"]).path if status == 302 else text

    def step(self, path: str, fields: dict[str, object] | None = None) -> str:
        """A step in two pages: fills in the form, then confirms what the second page shows; where it leads."""
        shown = self.send(path, {**(fields or {}), "stage": "preview"}, 200)
        assert 'value="confirm"' in shown, plain(shown)[:1500]
        return self.send(path, {**hidden(shown), "stage": "confirm"})

    def once(self, path: str) -> str:
        """A step that only has to be confirmed; where it leads."""
        shown = self.get(path)
        return self.send(path, {**hidden(shown), "stage": "confirm"})


@dataclass
class City:
    """Everybody whom a tender needs."""

    host: Person
    second_host: Person
    agency: Person
    bidders: list[Person]
    centre: Person
    supervisor: Person
    operator: Person
    stranger: Person
    people: dict[str, Person] = field(default_factory=dict)

    def until(self, at: datetime) -> None:
        """Moves the clock to ``at`` and lets the worker do what fell due."""
        advance_rehearsal(at, SYSTEM_ACTOR)
        settle()


def settle() -> None:
    """The worker runs until nothing is left to do."""
    for _ in range(20):
        worked = work((trading.READER,), DUTIES, business_now())
        assert not worked.failures
        if not worked.entries and not worked.dues:
            return
    raise AssertionError("the worker does not come to rest")


def hidden(page: str) -> dict[str, object]:
    """The hidden fields of all forms of a page, as a browser would send them; repeated names as lists."""
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken":
            continue
        text = html.unescape(value[1]) if value else ""
        before = found.get(name[1])
        if before is None:
            found[name[1]] = text
        else:
            found[name[1]] = [*(before if isinstance(before, list) else [before]), text]
    return found


def plain(page: str) -> str:
    """The text of a page."""
    body = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def shown(value: datetime) -> str:
    """An instant as a browser sends it."""
    return local(value).strftime("%Y-%m-%dT%H:%M")


def _code(serial: int) -> str:
    return uscc_of(f"91620500MA{serial:07d}")


def _market(serial: int, name: str, role: str, people: list[str], at: datetime) -> list[Person]:
    """An admitted market party with its people, made through the verbs."""
    code = _code(serial)
    first = identity.create_person(f"user{serial}", None, people[0], at=at, by=SYSTEM_ACTOR)
    identity.register_organisation(
        SYSTEM_ACTOR,
        code=code,
        name=name,
        region=REGION,
        address="天水市秦州区某路一号",
        contact_name=people[0],
        contact_phone="0938-8210000",
        roles={role},
        at=at,
        person=first,
    )
    identity.submit_registration(SYSTEM_ACTOR, code, at=at)
    identity.admit_organisation(SYSTEM_ACTOR, code, at=at)
    persons = [Person(Actor(first, code, role))]
    for number, each in enumerate(people[1:], 2):
        more = identity.create_person(f"user{serial}x{number}", None, each, at=at, by=SYSTEM_ACTOR)
        identity.grant_membership(SYSTEM_ACTOR, person=more, organisation=code, role=role, at=at)
        persons.append(Person(Actor(more, code, role)))
    return persons


def _house(serial: int, name: str, role: str, at: datetime) -> Person:
    code = identity.establish(
        SYSTEM_ACTOR,
        code=_code(serial),
        name=name,
        region="620500",
        address="天水市秦州区某路二号",
        contact_name="值班员",
        contact_phone="0938-8210001",
        roles={role},
        at=at,
    )
    person = identity.create_person(f"house{serial}", None, "王值班", at=at, by=SYSTEM_ACTOR)
    identity.appoint(SYSTEM_ACTOR, person, role, organisation=code, at=at)
    return Person(Actor(person, code, role))


def build(at: datetime) -> City:
    """The city, in which everybody can log in."""
    host, second = _market(1, "天水市育才教育投资有限公司", "tenderee", ["赵建国", "钱晓梅"], at)
    agency = _market(2, "陇上信达工程咨询有限公司", "agency", ["孙志强"], at)[0]
    names = (
        "甘肃陇原第一建筑工程有限公司",
        "天水恒固建设集团有限公司",
        "渭水路桥工程有限公司",
        "关山建工有限公司",
    )
    bidders = [_market(11 + n, name, "bidder", [f"李{n}工"], at)[0] for n, name in enumerate(names)]
    stranger = _market(31, "麦积区惠民建设管理中心", "tenderee", ["周海涛"], at)[0]
    centre = _house(41, "天水市公共资源交易中心", "centre", at)
    supervisor = _house(42, "天水市住房和城乡建设局", "supervisor", at)
    operator = _house(43, "天水市大数据中心", "operator", at)
    return City(host, second, agency, bidders, centre, supervisor, operator, stranger)
