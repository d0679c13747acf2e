"""Complaints to the supervisor (招标条例 60-62): received, accepted or not, inquired into, suspended for, decided."""

from __future__ import annotations

import pytest

from tests.trading.world import Market, announced
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.site.simulation.papers import stored_pdf

pytestmark = pytest.mark.django_db
RULES_TESTED = (
    "W27-objection",
    "W27-refusal",
    "W28-inquiry",
    "W28-suspend",
    "W28-bad-faith",
    "W28-accept",
    "W28",
)
PRICES = [500_000_000, 490_000_000, 510_000_000]


def complaint(town: Market, **change: object) -> trading.NewComplaint:
    return trading.NewComplaint(
        **{
            "matter": "other",
            "respondent": town.hosts[0].organisation,
            "authority": town.supervisor.organisation,
            "learnt_on": local_day(town.now),
            "text": "招标人向个别潜在投标人透露标底。",
            "request": "责令改正，重新招标。",
            "papers": [stored_pdf("录音文字稿")],
            **change,
        }
    )


def made(town: Market, by: Actor | None = None, **change: object) -> str:
    return trading.complain(by or town.bidders[0], town.lot, complaint(town, **change), town.now)[0].code


def accepted(town: Market, **change: object) -> str:
    code = made(town, **change)
    trading.accept_complaint(town.supervisor, code, town.now)
    return code


def rules(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@pytest.fixture
def town() -> Market:
    return announced()


def test_a_complaint_is_made_accepted_suspended_for_and_decided(town):
    town.bid(PRICES)
    code = made(town)
    body = town.supervisor
    assert trading.accept_complaint(body, code, town.now) == ()
    trading.order_suspension(body, code, "调查期间不宜开标。", town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stopped_at, lot.suspended_at) == (town.now, town.now)
    assert rules(lambda: trading.open_bids(town.staff.opener, town.lot, town.now)) == {"wrong-stage"}
    trading.decide_complaint(body, code, "dismissed", "查无实据。", [], town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stopped_at, lot.suspended_at, lot.stage) == (None, None, "bidding")
    _, page = trading.complaint_page(town.bidders[0], code)
    assert (page.stage, page.outcome.zh, page.reason) == ("decided", "投诉不成立，驳回", "查无实据。")
    town.close()
    assert town.stage == "closed"
