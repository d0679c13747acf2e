"""The pages of logins, people and credentials, and of suppliers, in a browser: axe finds nothing, nothing is cut off."""

from __future__ import annotations

import pytest

from tests.hall import story
from tests.hall.test_browser import objections_at_every_size
from tests.hall.world import City
from tests.identity.credentials import submitted, verified
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Membership, Person
from yiwang.pure.kernel.actors import ANYONE
from yiwang.record.journal.api import business_now, real_now

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_on_the_pages_of_accounts(city: City) -> None:
    bidder, centre, at = city.bidders[0], city.centre, business_now()
    boss = bidder.actor
    Membership.objects.filter(person__code=boss.person).update(administrator=True)
    paper = identity.invite(boss, "李伟", ["bidder"], now=real_now(), at=at)
    new = identity.NewPerson("liwei", "correct horse 2026", "李伟", "13893800002")
    joined = identity.accept_invitation(ANYONE, paper, new, address="", now=real_now(), at=at)
    identity.invite(boss, "赵强", ["bidder"], now=real_now(), at=at)
    identity.ask_reset(boss, Person.objects.get(code=joined).username, "本人到场，手机丢失", at=at)
    code = verified(boss, centre.actor, identity.QUALIFICATION, at, valid_until="2026-04-01")
    verified(boss, centre.actor, identity.PERSONNEL, at)
    waits = submitted(boss, identity.PERFORMANCE, at)
    lot = story.announce(city)
    bidder.send(f"/hall/lots/{lot}/documents/")
    account = (
        "passkeys/",
        "recovery-codes/",
        "resets/",
        "organisation/people/",
        f"organisation/people/{joined}/",
        "organisation/invitations/",
        "organisation/delegation/",
        "invitation/",
        "credentials/",
        "credentials/new/performance/",
        f"credentials/{code}/",
    )
    wanted = [(bidder, f"/account/{path}") for path in account]
    wanted += [
        (bidder, f"/hall/lots/{lot}/bid/"),
        (centre, "/account/credentials/review/"),
        (centre, f"/account/credentials/review/{waits}/"),
        (bidder, f"/suppliers/{boss.organisation}/"),
    ]
    pages = {
        f"{prefix}{path}": who.get(f"{prefix}{path}").encode()
        for who, path in wanted
        for prefix in ("", "/en")
    }
    bidder.client.post("/account/logout/")
    for path in ("/account/login/", "/account/invitation/", "/account/reset/"):
        pages |= {prefix + path: bidder.get(prefix + path).encode() for prefix in ("", "/en")}
    assert objections_at_every_size(pages) == []
