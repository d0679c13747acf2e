"""An organisation whose administrator is gone gets a new one: two people of the centre, on record, told."""

from __future__ import annotations

import pytest

from tests.trading.world import Market, market
from yiwang.common.identity import api as identity
from yiwang.common.identity.queries import administrator_requests
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import timeline

WHY = "原管理员已离职，单位出具加盖公章的申请。"


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@pytest.fixture
def town(db) -> Market:
    return market()


def administrators(organisation: str) -> set[str]:
    return {each.person for each in identity.people_of(organisation) if each.administrator}


def username(person: str) -> str:
    from yiwang.common.identity.models import Person

    return Person.objects.get(code=person).username


def asked(town: Market, person: str, by=None) -> str:
    organisation = town.hosts[0].organisation
    return identity.ask_administrator(
        by or town.staff.opener, organisation, username(person), WHY, at=town.now
    )


def test_one_asks_and_another_decides_and_nothing_changes_before(town):
    first, second = town.hosts
    assert administrators(first.organisation) == {first.person}
    identity.close_person(SYSTEM_ACTOR, first.person, at=town.now)
    assert administrators(first.organisation) == set()
    code = asked(town, second.person)
    assert administrators(first.organisation) == set()
    deciding = lambda by: identity.decide_administrator(by, code, True, at=town.now)  # noqa: E731
    assert reasons(lambda: deciding(town.staff.opener)) == {"administrator-four-eyes"}
    assert reasons(lambda: deciding(town.operator)) == {"no-permission"}
    assert [each.decidable for each in administrator_requests(town.staff.checker)] == [True]
    assert identity.waiting_verifications(town.staff.checker).administrators == 1
    assert identity.waiting_verifications(town.staff.opener).administrators == 0
    deciding(town.staff.checker)
    assert administrators(first.organisation) == {second.person}
    assert reasons(lambda: deciding(town.staff.checker)) == {"administrator-unknown"}
    kinds = [each.kind for each in timeline(identity.person_ref(second.person), public_only=False)]
    assert kinds[-2:] == ["administrator-asked", "administrator-appointed"]


def test_somebody_from_outside_gets_the_roles_of_the_organisation_and_the_present_administrator_is_told(town):
    outside = identity.create_person("newcomer", None, "新来的", at=town.now)
    organisation = town.bidders[0].organisation
    code = identity.ask_administrator(town.staff.opener, organisation, "newcomer", WHY, at=town.now)
    identity.decide_administrator(town.staff.checker, code, True, at=town.now)
    assert administrators(organisation) == {town.bidders[0].person, outside}
    assert {each.role for each in identity.members(outside)} == {"bidder"}
    told = [each.kind for each in timeline(identity.person_ref(town.bidders[0].person), public_only=False)]
    assert told[-1] == "administrator-appointed"


def test_declined_changes_nothing_and_a_new_request_is_possible(town):
    second = town.hosts[1].person
    code = asked(town, second)
    assert reasons(lambda: asked(town, second)) == {"administrator-asked-already"}
    identity.decide_administrator(town.staff.checker, code, False, at=town.now)
    assert administrators(town.hosts[0].organisation) == {town.hosts[0].person}
    asked(town, second)


def test_every_reason_is_said_at_once(town):
    short = lambda name: identity.ask_administrator(  # noqa: E731
        town.staff.opener, town.hosts[0].organisation, name, "急", at=town.now
    )
    assert reasons(lambda: short("nobody-has-this")) == {"text-length", "reset-not-entitled"}
    assert reasons(lambda: short(username(town.hosts[0].person))) == {"text-length", "administrator-is-one"}
    own = lambda: short(username(town.staff.opener.person))  # noqa: E731
    assert {"not-oneself", "roles-conflict"} <= reasons(own)
    house = town.operator.organisation
    asking = lambda: identity.ask_administrator(  # noqa: E731
        town.staff.opener, house, username(town.hosts[1].person), WHY, at=town.now
    )
    assert "administrator-market-only" in reasons(asking)


def test_the_page_asks_and_decides_and_keeps_what_was_typed(town):
    from tests.site.test_routes import client_of

    opener, checker = client_of(town.staff.opener.person), client_of(town.staff.checker.person)
    path = "/account/administrators/"
    typed = {"organisation": town.hosts[0].organisation, "username": "nobody-has-this", "reason": WHY}
    refused = opener.post(path, typed)
    assert refused.status_code == 422
    assert "nobody-has-this" in refused.content.decode()
    assert opener.post(path, {**typed, "username": username(town.hosts[1].person)}).status_code == 302
    assert "单位管理员复核" in checker.get("/hall/").content.decode()
    assert "单位管理员复核" not in opener.get("/hall/").content.decode()
    (line,) = administrator_requests(town.staff.checker)
    assert checker.post(f"{path}{line.code}/", {"decision": "allow"}).status_code == 302
    assert town.hosts[1].person in administrators(town.hosts[0].organisation)
