"""A bid takes what was verified: manager and certificate without typing, and a frozen snapshot with its papers."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.hall import story
from tests.hall.world import City, hidden, plain
from tests.identity.credentials import scan, stored, verified
from yiwang.business.trading import api as trading
from yiwang.business.trading.rest_edge import with_credentials
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


def names_of(lot: str, bidder: str) -> list[str]:
    receipt = trading.receipt_of(trading.own_envelope(trading.find_lot(lot), bidder))
    return [name for _, name in receipt_papers(receipt)]


@pytest.mark.parametrize(("first", "field"), [("upload", "papers"), ("record", "papers_commercial")])
def test_what_the_bidder_uploaded_stays_although_a_record_with_the_same_paper_comes_and_goes(
    city: City, first: str, field: str
) -> None:
    code = story.announce(city)
    bidder, at = city.bidders[0], business_now()
    record = verified(bidder.actor, city.centre.actor, identity.QUALIFICATION, at)
    bidder.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/bid/"
    typed = {**story.SHEET, "price": "11000000", "stage": "preview"}
    own = SimpleUploadedFile("自己上传的资质.pdf", scan(identity.QUALIFICATION), "application/pdf")
    begun = {**typed, "key": hidden(bidder.get(path))["key"]}
    uploading, choosing = {field: own}, {"credentials": record}
    for step in [uploading, choosing] if first == "upload" else [choosing, {**uploading, **choosing}]:
        shown = bidder.send(path, {**begun, **step}, 200)
        begun = {**typed, **hidden(shown), "stage": "preview"}
    assert identity.SNAPSHOT_NAME in shown
    assert "自己上传的资质.pdf" in shown, "under the name that the bidder gave"
    del begun["credentials"]
    shown = bidder.send(path, begun, 200)
    assert identity.SNAPSHOT_NAME not in shown
    bidder.send(path, {**hidden(shown), "stage": "confirm"})
    assert names_of(code, bidder.actor.organisation) == ["自己上传的资质.pdf"]


def test_by_key_too_what_was_sent_keeps_its_name_and_the_record_adds_the_rest(city: City) -> None:
    bidder, at = city.bidders[0].actor, business_now()
    record = verified(bidder, city.centre.actor, identity.QUALIFICATION, at)
    own = (stored(identity.QUALIFICATION).sha256, "自己上传的资质.pdf")
    papers, frozen = with_credentials(bidder, [own], [record], at)
    snapshot = identity.snapshot(bidder, [record], at=at)[0].sha256
    assert (papers, frozen) == ([own, (snapshot, identity.SNAPSHOT_NAME)], [snapshot])
