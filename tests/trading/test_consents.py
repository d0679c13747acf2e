"""Members of a consortium may say by their own login that they take part: sealed like a bid, and nothing depends on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.site.api_world import Town
from tests.site.test_api_hosting import ok, rules
from tests.site.test_routes import client_of
from tests.trading.test_consortia import LEADER, announce, hand_in, joint
from tests.trading.test_rules_properties import LOT, step
from tests.trading.world import Market, code, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import ConsortiumConsent
from yiwang.business.trading.rules.consortium import consent_findings
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.days import on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import advance_rehearsal, sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import days_2026

RULES_TESTED = ("W-consortium", "W-consortium-notice", "W-consortium-agreement")


@given(
    days_2026,
    st.integers(-2, 2) | st.integers(-5000, 5000),
    st.sampled_from(("bidding", "announcing", "closed")),
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
def test_a_member_says_so_before_the_deadline_once_and_not_beside_a_bid(
    day, left, stage, allowed, known, given_already, bids, postponed
):
    deadline = on_day_at(day, 9)
    lot = replace(LOT, stage=stage, deadline_at=deadline, consortium_allowed=allowed, postponed=postponed)
    facts = step(by=LEADER, lot=lot, at=deadline - timedelta(minutes=left))
    found = list(consent_findings(facts, code(12), known=known, given=given_already, bids=bids))
    wanted = set()
    wanted |= {"consent-closed"} if stage != "bidding" or (left <= 0 and not postponed) else set()
    wanted |= set() if allowed else {"W-consortium-notice"}
    wanted |= set() if known else {"consent-leader-unknown"}
    wanted |= {"consent-given"} if given_already else set()
    wanted |= {"consent-beside-bid"} if bids else set()
    assert {each.rule for each in found} == wanted
    assert all(each.source for each in found)
    own = consent_findings(facts, LEADER.organisation, known=True, given=False, bids=False)
    assert "consent-to-oneself" in {each.rule for each in own}


@pytest.fixture
def town(db) -> Market:
    return market()


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def test_what_a_member_said_is_for_its_leader_until_the_opening_and_then_for_who_judges(town):
    announce(town)
    leader, member, other = town.bidders[0], town.bidders[3], town.bidders[1]
    assert refused(lambda: trading.take_consent_back(member, town.lot, town.now)) == {"no-consent"}
    trading.consent(member, town.lot, other.organisation, town.now)
    assert refused(lambda: trading.consent(member, town.lot, leader.organisation, town.now)) == {
        "consent-given"
    }
    trading.take_consent_back(member, town.lot, town.now)
    trading.consent(member, town.lot, leader.organisation, town.now)
    lot = trading.find_lot(town.lot)
    for reader, seen in ((leader, 1), (member, 1), (other, 0), (town.hosts[0], 0), (town.staff.opener, 0)):
        assert len(trading.consents_of(reader, lot)) == seen
    sequence()
    assert not [each for each in timeline(lot.ref) if "consent" in each.kind], "nothing of it is public"
    hand_in(town, joint(town, 3))
    for number, price in ((1, 500_000_000), (2, 510_000_000)):
        sheet = replace(town.sheet(price), manager_certificate=f"甘{number}")
        trading.submit_bid(town.bidders[number], town.lot, sheet, [stored_pdf(f"投标文件{price}")], town.now)
    assert refused(lambda: trading.consent(town.bidders[1], town.lot, leader.organisation, town.now)) == {
        "consent-beside-bid"
    }
    town.close()
    assert refused(lambda: trading.take_consent_back(member, town.lot, town.now)) == {"consent-closed"}
    trading.open_bids(town.staff.opener, town.lot, town.now)
    lot = trading.find_lot(town.lot)
    told = {row.bidder: row for row in trading.opening_rows(lot, everything=True)}[leader.organisation]
    assert [each.confirmed for each in told.consortium] == [None, True]
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    judged = client_of(town.staff.opener.person).get(f"/hall/lots/{town.lot}/evaluation/")
    assert "已在平台确认" in judged.content.decode()
    whole = client_of(town.staff.opener.person).get(f"/hall/lots/{town.lot}/").content.decode()
    assert "已在平台确认" in whole
    for stranger in (town.bidders[1], other):
        assert (
            "已在平台确认" not in client_of(stranger.person).get(f"/hall/lots/{town.lot}/").content.decode()
        )
    public = {row.bidder: row for row in trading.opening_rows(lot)}[leader.organisation]
    assert [each.confirmed for each in public.consortium] == [None, None]
    ConsortiumConsent.objects.update(over_at=town.now)
    told = {row.bidder: row for row in trading.opening_rows(lot, everything=True)}[leader.organisation]
    assert [each.confirmed for each in told.consortium] == [None, False], "the bid stands all the same"
    assert trading.find_lot(town.lot).bids.get(bidder=leader.organisation).status == "open"


def test_a_member_says_so_on_a_page_or_by_key(town, client):
    announce(town)
    leader, member, lone = town.bidders[0], town.bidders[3], town.bidders[2]
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    programs = Town(town)
    by_key, of_leader = programs.program(member), programs.program(leader)
    path = f"/lots/{town.lot}/consent"
    assert rules(by_key.send(path, {"leader": code(99)})) == {"consent-leader-unknown"}
    given = ok(by_key.send(path, {"leader": leader.organisation}, "c-1"), 201)
    assert ok(by_key.send(path, {"leader": leader.organisation}, "c-1"), 201) == given, "done once"
    seen = ok(of_leader.get(f"/me/lots/{town.lot}/consents"))
    assert (seen["given"], [each["member"] for each in seen["received"]]) == (None, [member.organisation])
    ok(by_key.send(f"{path}/withdrawal", {}))
    assert ok(of_leader.get(f"/me/lots/{town.lot}/consents"))["received"] == []

    page, browser = f"/hall/lots/{town.lot}/consortium/", client_of(lone.person)
    assert "不确认不影响投标" in browser.get(page).content.decode()
    wrong = browser.post(page, {"leader": lone.organisation})
    assert wrong.status_code == 422
    assert lone.organisation in wrong.content.decode(), "what was typed is kept"
    assert browser.post(page, {"leader": leader.organisation}).status_code == 302
    assert leader.organisation in browser.get(page).content.decode()
    told = client_of(leader.person).get(f"/en{page}").content.decode()
    assert "Members that confirmed to you as leader" in told
    assert browser.post(page, {"do": "back"}).status_code == 302
    assert trading.consents_of(lone, trading.find_lot(town.lot)) == ()
