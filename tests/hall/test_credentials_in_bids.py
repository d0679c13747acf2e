"""A bid takes what was verified: manager and certificate without typing, and a frozen snapshot with its papers."""

from __future__ import annotations

from tests.hall import story
from tests.hall.world import City, hidden, plain
from tests.identity.credentials import verified
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.record.journal.api import business_now


def test_manager_and_records_come_from_the_register(city: City) -> None:
    code = story.announce(city)
    bidder, at = city.bidders[0], business_now()
    manager = verified(bidder.actor, city.centre.actor, identity.PERSONNEL, at)
    qualification = verified(bidder.actor, city.centre.actor, identity.QUALIFICATION, at)
    bidder.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/bid/"
    page = bidder.get(path)
    assert "赵立新 二级注册建造师" in page
    typed = {key: value for key, value in story.SHEET.items() if not key.startswith("manager")}
    chosen = {"manager_credential": manager, "credentials": qualification}
    fields = {**typed, **chosen, "key": hidden(page)["key"], "price": "11000000", "stage": "preview"}
    shown = bidder.send(path, fields, 200)
    assert "赵立新 · 二级注册建造师 建筑工程 甘262000000001" in plain(shown)
    for name in (identity.SNAPSHOT_NAME, "personnel.pdf", "qualification.pdf"):
        assert name in shown
    back = {
        **fields,
        **hidden(shown),
        "manager_credential": "",
        **story.SHEET,
        "price": "11000000",
        "stage": "preview",
    }
    fewer = bidder.send(path, back, 200)
    assert "qualification.pdf" in fewer
    assert "personnel.pdf" not in fewer, "what is not chosen any more goes with no bid"
    assert fewer.count(f">{identity.SNAPSHOT_NAME}<") == shown.count(f">{identity.SNAPSHOT_NAME}<")
    bidder.send(path, {**hidden(shown), "stage": "confirm"})
    envelope = trading.own_envelope(trading.find_lot(code), bidder.actor.organisation)
    receipt = trading.receipt_of(envelope)
    frozen = identity.snapshot(bidder.actor, [manager, qualification], at=at)
    assert {each.sha256 for each in frozen} <= {sha256 for sha256, *_ in map(tuple, receipt_papers(receipt))}


def receipt_papers(receipt: trading.Receipt) -> list[tuple[str, str]]:
    """The papers of a receipt as (sha256, name)."""
    return [(each["sha256"], each["name"]) for each in receipt.as_json()["papers"]]


def test_a_record_of_another_bidder_is_not_offered_and_not_taken(city: City) -> None:
    code = story.announce(city)
    mine, at = city.bidders[0], business_now()
    foreign = verified(city.bidders[1].actor, city.centre.actor, identity.PERSONNEL, at)
    mine.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/bid/"
    page = mine.get(path)
    assert foreign not in page
    fields = {**story.SHEET, "credentials": foreign, "manager_credential": foreign, "price": "11000000"}
    shown = mine.send(path, {**fields, "key": hidden(page)["key"], "stage": "preview"}, 200)
    assert "赵立新" not in shown
    assert identity.SNAPSHOT_NAME not in shown
