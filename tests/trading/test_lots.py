"""Lots side by side: a bidder in several, one session for those that close together, all of them or none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yiwang.business.trading import api as trading
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

from .world import Market, market

PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@pytest.fixture
def town(db) -> Market:
    return market()


def two_lots(town: Market) -> tuple[str, str]:
    """Two lots of one project, announced to close at the same instant."""
    lot = trading.NewLot(name="施工", content="新建教学楼", estimate_fen=600_000_000, period_days=180)
    new = trading.NewProject(
        name="麦积区中学迁建工程", tenderee=town.hosts[0].organisation, agency=town.agency.organisation,
        region="620503", funds="财政预算资金", approval="天发改投〔2026〕2号", state_funded=True, lots=[lot, lot],
    )  # fmt: skip
    project = trading.register_project(town.agency, new, town.now)
    first, second = (each.code for each in trading.project_page(project.code).lots)
    terms = town.terms()
    for code in (first, second):
        notice = trading.draft_tender_notice(town.hosts[0], code, terms, town.now)
        trading.confirm_notice(town.hosts[1], notice.code, terms.publish_at, town.now)
        trading.pass_notice(town.staff.checker, notice.code, town.now)
    town.work(terms.publish_at + timedelta(minutes=1))
    return first, second


def bid(town: Market, code: str, bidders) -> None:
    for bidder, price in zip(bidders, PRICES, strict=False):
        trading.take_documents(bidder, code, town.now)
        trading.submit_bid(bidder, code, town.sheet(price), [stored_pdf(f"{code}{price}")], town.now)


def test_lots_that_close_together_are_opened_in_one_session_each_on_its_own_record(town):
    first, second = two_lots(town)
    bid(town, first, town.bidders[:3])
    bid(town, second, town.bidders[1:4])  # two of them in both lots
    project = first[:17]
    assert reasons(lambda: trading.open_session(town.staff.opener, project, town.now)) == {"nothing-to-open"}
    town.lot = first
    town.close()
    assert [each.code for each in trading.lots_of_session(project)] == [first, second]
    assert reasons(lambda: trading.open_session(town.bidders[0], project, town.now)) == {"no-permission"}
    assert trading.open_session(town.staff.opener, project, town.now) == [first, second]
    pages = trading.project_page(project).lots
    assert [(each.stage, len(each.records)) for each in pages] == [("opened", 3), ("opened", 3)]
    sequence()
    entry = timeline(trading.find_lot(first).project.ref)[-1]
    assert (entry.kind, entry.facts["lots"]) == ("opening-session", [first, second])


def test_a_lot_that_fails_leaves_its_neighbour_alone(town):
    first, second = two_lots(town)
    bid(town, first, town.bidders[:3])
    bid(town, second, town.bidders[:2])
    town.lot = first
    town.close()
    assert [trading.find_lot(each).stage for each in (first, second)] == ["closed", "failed"]
    assert trading.open_session(town.agency, first[:17], town.now) == [first]
