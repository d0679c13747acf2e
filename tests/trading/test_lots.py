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


# --- one act for several lots ----------------------------------------------------------------------------------


def test_documents_of_several_lots_are_taken_in_one_act_or_none_with_the_reasons_of_each(town):
    first, second = two_lots(town)
    by = town.bidders[0]
    take = lambda *codes: trading.take_documents_together(by, codes, town.now)  # noqa: E731
    assert [each.lot.code for each in take(second, first)] == [first, second]
    assert [each.code for each in take(first, second)] == [each.code for each in take(second, first)]
    trading.terminate(town.hosts[0], second, "资金调整。", town.now)
    other = town.bidders[1]
    with pytest.raises(Refused) as caught:
        trading.take_documents_together(other, [first, second, "C6205000001260001009009"], town.now)
    assert {(each.field, each.rule) for each in caught.value.findings} == {
        (second, "wrong-stage"),
        ("C6205000001260001009009", "no-such-lot"),
    }
    assert not trading.has_taken(trading.find_lot(first), other.organisation), "all or none"
    assert reasons(lambda: take()) == {"no-lots-chosen"}
    assert reasons(lambda: take(first, first)) == {"lot-twice"}
    assert reasons(lambda: take(first, "C6205000001260002001001")) == {"lots-of-one-project"}
    assert reasons(lambda: trading.take_documents_together(town.hosts[0], [first], town.now)) == {
        "no-permission"
    }


def test_bids_in_several_lots_are_handed_in_together_each_with_its_own_receipt_or_none(town):
    first, second = two_lots(town)
    by = town.bidders[0]
    papers = [stored_pdf("投标文件")]

    def submit(price: int = PRICES[0], at=None):
        bids = [
            trading.LotBid(first, town.sheet(PRICES[0]), papers),
            trading.LotBid(second, town.sheet(price), papers),
        ]
        return trading.submit_bids(by, bids, at or town.now)

    with pytest.raises(Refused) as caught:
        submit(0)
    assert {each.field for each in caught.value.findings} == {f"{second}.price"}
    assert trading.own_envelope(trading.find_lot(first), by.organisation) is None, "all or none"
    receipts = submit()
    assert [each.lot for each in receipts] == [first, second]
    assert len({each.leaf_hash for each in receipts}) == 2
    assert {each.received_at for each in receipts} == {town.now}
    with pytest.raises(Refused) as caught:
        submit()
    assert {(each.field, each.rule) for each in caught.value.findings} == {
        (first, "already-bid"),
        (second, "already-bid"),
    }


def test_an_outage_in_one_of_several_lots_stays_on_record_and_nothing_else_does(town):
    first, second = two_lots(town)
    by, received_at = town.bidders[4], town.now
    bid(town, second, town.bidders[:3])
    town.lot = first
    deadline_at = trading.find_lot(second).deadline_at
    town.work(deadline_at + timedelta(minutes=1))
    bids = [trading.LotBid(each, town.sheet(), [stored_pdf("标")]) for each in (first, second)]
    assert reasons(lambda: trading.submit_bids(by, bids, received_at)) == {"outage"}
    for code in (first, second):
        kinds = [each.kind for each in timeline(trading.find_lot(code).ref, public_only=False)]
        assert kinds.count("bid-outage") == 1
        assert trading.own_envelope(trading.find_lot(code), by.organisation) is None
