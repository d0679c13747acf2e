"""What an applicant keeps of an application, and what it does not type again: the receipt, verified records."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.hall.world import hidden, upload
from tests.identity.credentials import verified
from tests.poppler import text_of
from tests.site.api_world import Program
from tests.site.test_routes import client_of
from tests.trading.prequalifying import apply, applying
from tests.trading.world import Market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Lot
from yiwang.common.identity import api as identity
from yiwang.doors.website import queries
from yiwang.doors.website.models import DatedMatter
from yiwang.doors.website.services import note_project
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.days import iso, local_day
from yiwang.record.journal.api import act, advance_rehearsal


@pytest.fixture
def town(db) -> Market:
    town = applying()
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    return town


def test_the_receipt_of_an_application_is_a_pdf_for_its_applicant_alone(town):
    apply(town, (1,))
    bidder, member = town.bidders[0], town.bidders[4].organisation
    trading.take_documents(bidder, town.lot, town.now)
    client, path = client_of(bidder.person), f"/hall/lots/{town.lot}/apply/receipt.pdf"
    assert client.get(path).status_code == 404, "nothing handed in yet"
    page = client.get(f"/hall/lots/{town.lot}/apply/").content.decode()
    fields = {
        "key": hidden(page)["key"],
        "members": f"{member} 第五建筑工程有限公司",
        "papers": upload("申请函"),
    }
    done = client.post(f"/hall/lots/{town.lot}/apply/", {**fields, "stage": "confirm"})
    assert done.status_code == 302
    assert path in client.get(done["Location"]).content.decode()
    row = trading.own_application(trading.find_lot(town.lot), bidder.organisation)
    receipt = client.get(path)
    assert receipt.content == client.get(path).content, "at any time the same"
    said = "".join(text_of(receipt.content).split())
    for each in ("资格预审申请递交回执", row.code, row.leaf_hash, row.papers[0][0], "申请函.pdf", member):
        assert each in said, each
    english = "".join(text_of(client.get(f"/en{path}").content).split())
    assert "Receiptofanapplication" in english
    other = client_of(town.bidders[1].person).get(path)
    assert row.code not in text_of(other.content), "everybody gets their own"
    for stranger in (town.bidders[2], town.hosts[0], town.staff.opener):
        assert client_of(stranger.person).get(path).status_code in (403, 404)


def test_verified_records_go_with_an_application_as_with_a_bid(town):
    bidder = town.bidders[0]
    qualification = verified(bidder, town.staff.checker, identity.QUALIFICATION, town.now)
    foreign = verified(town.bidders[1], town.staff.checker, identity.PERSONNEL, town.now)
    trading.take_documents(bidder, town.lot, town.now)
    client, path = client_of(bidder.person), f"/hall/lots/{town.lot}/apply/"
    page = client.get(path).content.decode()
    assert qualification in page
    assert foreign not in page
    fields = {"key": hidden(page)["key"], "members": ""}
    refused = client.post(path, {**fields, "credentials": [foreign], "stage": "preview"})
    assert refused.status_code == 422
    shown = client.post(path, {**fields, "credentials": [qualification], "stage": "preview"})
    text = shown.content.decode()
    assert shown.status_code == 200, "verified records are papers enough"
    assert all(each in text for each in (identity.SNAPSHOT_NAME, "qualification.pdf"))
    assert client.post(path, {**hidden(text), "stage": "confirm"}).status_code == 302
    row = trading.own_application(trading.find_lot(town.lot), bidder.organisation)
    frozen = identity.snapshot(bidder, [qualification], at=town.now)
    assert {each.sha256 for each in frozen} == {sha256 for sha256, _ in row.papers}
    again = client.get(f"{path}replace/").content.decode()
    assert qualification in again


def test_lists_show_and_sort_the_deadline_for_applications_and_say_what_it_is_for(town):
    deadline_at = trading.find_lot(town.lot).deadline_at
    with act():
        note_project(town.lot[:17], town.now)
    program, anybody = Program(), Client()
    (line,) = program.get("/lots", {"stage": "applying"}).json()["lots"]
    assert line["deadline_at"] == iso(deadline_at)
    for path, said in (("/search/", "资格预审申请截止"), ("/en/search/", "Applications until")):
        page = anybody.get(path, {"kind": "lot", "sort": "deadline"}).content.decode()
        assert town.lot in page
        assert said in page
    assert queries.openings(local_day(deadline_at), local_day(deadline_at), 9) == [], "no opening of bids"
    bidder = client_of(town.bidders[0].person)
    listed = bidder.get("/hall/lots/", {"sort": "deadline"}).content.decode()
    assert "资格预审申请" in listed.split("<tbody>")[1]
    month = local_day(deadline_at).strftime("%Y-%m")
    host = client_of(town.hosts[0].person)
    assert "申请截止" in host.get("/hall/calendar/", {"month": month}).content.decode()
    dated = DatedMatter.objects.get(lot=town.lot, kind="applications")
    assert (dated.at, dated.off) == (deadline_at, False)
    Lot.objects.filter(code=town.lot).update(stage="reviewing")
    with act():
        note_project(town.lot[:17], town.now)
    (line,) = program.get("/lots", {"stage": "reviewing"}).json()["lots"]
    assert line["deadline_at"] is None
