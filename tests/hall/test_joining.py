"""The button of a public page that leads into the hall: to the lot, or to a page that says why not and what to do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.hall.world import Person, plain
from tests.identity.people import COMPANY, COMPANY_SAYS, PASSWORD
from tests.trading.world import announced, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import APPLICANT, Actor

pytestmark = pytest.mark.django_db


def test_who_may_bid_is_led_to_the_lot_from_the_public_page():
    town = announced()
    address = f"/hall/lots/{town.lot}/"
    bidder = Person(town.bidders[0])
    for who in (bidder, Person(town.hosts[0]), Person(town.staff.opener)):
        answer = who.client.get(f"{address}join/")
        assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert bidder.client.get(f"/en{address}join/").headers["Location"] == f"/en{address}"
    outside = Client().get(f"{address}join/")
    assert outside.status_code == 302
    assert outside.headers["Location"].startswith(f"{reverse('identity:login')}?next=")


def test_everybody_else_learns_why_not_and_what_to_do():
    town = market()
    town.register(by_agency=False)
    town.announce()
    address = f"/hall/lots/{town.lot}/join/"
    code = identity.create_person("newcomer", PASSWORD, "王秀英", at=town.now)
    newcomer = Person(Actor(code, "", APPLICANT))
    page = newcomer.get(address)
    assert f'href="{reverse("identity:register")}"' in page
    assert f"/projects/{trading.find_lot(town.lot).project.code}/" in page
    assert "Register an organisation" in newcomer.get(f"/en{address}")
    identity.register_organisation(newcomer.actor, code=COMPANY, at=town.now, **COMPANY_SAYS)
    page = Person(Actor(code, COMPANY, APPLICANT)).get(address)
    assert "还没有通过交易中心核验" in plain(page)
    assert f'href="{reverse("identity:my-organisation")}"' in page
    page = Person(town.agency).get(address)
    assert "不是以投标人身份进入" in plain(page)
    assert f'href="{reverse("identity:choose")}?next={address}"' in page


def test_nobody_learns_of_a_lot_that_is_not_public():
    town = market()
    town.register()
    code = identity.create_person("newcomer", PASSWORD, "王秀英", at=town.now)
    for who in (Person(Actor(code, "", APPLICANT)), Person(town.bidders[0])):
        who.get(f"/hall/lots/{town.lot}/join/", 404)
        who.get("/hall/lots/C6205000000000000000001/join/", 404)
