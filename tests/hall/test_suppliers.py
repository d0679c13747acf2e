"""The public page of a supplier: verified facts and awards, found by search, linked from results, nobody's name."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client

from tests.hall import story
from tests.hall.world import City
from tests.identity.credentials import verified
from yiwang.common.identity import api as identity
from yiwang.doors.website import api as website
from yiwang.doors.website import suppliers
from yiwang.doors.website.models import SupplierLine
from yiwang.record.journal.api import business_now, work


def written(settings, path: str) -> str:
    return (Path(settings.PUBLIC_ROOT) / path / "index.html").read_text("utf-8")


def catch_up() -> None:
    while work((website.READER,), website.DUTIES, business_now()).entries:
        pass
    work((website.READER,), website.DUTIES, business_now())


def listed(**asked: str) -> list[str]:
    """The codes on the public list of suppliers, in its order."""
    page = Client().get("/suppliers/", asked).content.decode().partition("<main")[2]
    return re.findall(r'href="/suppliers/([0-9A-Z]{18})/"', page)


def test_the_list_of_suppliers_is_complete_sorted_filtered_and_goes_to_excel(city: City) -> None:
    catch_up()
    bidders = {each.actor.organisation for each in city.bidders}
    assert set(listed()) == bidders
    assert listed(order="-code") == sorted(bidders, reverse=True)
    assert set(listed(region="620502")) == bidders
    assert listed(region="620525") == []
    sheet = Client().get("/en/suppliers/", {"format": "excel"})
    assert sheet.content.startswith(b"PK")
    page = Client().get("/suppliers/", {"region": "620525"}).content.decode()
    assert "没有符合条件的记录" in page
    assert 'href="/suppliers/" aria-current="page"' in page


def test_the_list_is_filled_again_where_it_is_missing(city: City) -> None:
    catch_up()
    SupplierLine.objects.all().delete()
    suppliers.fill_lines()
    assert len(listed()) == len(city.bidders)


def test_a_supplier_is_found_with_what_was_verified_and_without_persons(city: City, settings) -> None:
    bidder, at = city.bidders[0].actor, business_now()
    for kind in (identity.QUALIFICATION, identity.PERFORMANCE, identity.PERSONNEL):
        code = verified(bidder, city.centre.actor, kind, at)
    catch_up()
    for path, heading in (
        (f"suppliers/{bidder.organisation}", "资质"),
        (f"en/suppliers/{bidder.organisation}", "Qualifications"),
    ):
        page = written(settings, path)
        assert heading in page
        assert bidder.organisation in page
        assert "建筑工程施工总承包" in page
        assert "秦州区第三中学教学楼" in page
        party = identity.organisation(bidder.organisation)
        for hidden in ("赵立新", "甘262000000001", party.contact_name, party.contact_phone, party.address):
            assert hidden not in page
    found = Client().get("/search/", {"q": "施工总承包", "kind": "supplier"}).content.decode()
    assert f"/suppliers/{bidder.organisation}/" in found
    assert (
        f"/suppliers/{bidder.organisation}/"
        in Client().get("/search/", {"q": bidder.organisation}).content.decode()
    )
    assert (
        "赵立新"
        not in Client()
        .get("/search/", {"q": "赵立新", "kind": "supplier"})
        .content.decode()
        .partition("results")[2]
    )
    [line] = [
        each for each in identity.credentials_of(bidder.organisation) if each.kind == identity.QUALIFICATION
    ]
    assert listed(q="施工总承包") == listed(qualification="总承包") == listed(q=bidder.organisation)
    assert listed(q=bidder.organisation) == [bidder.organisation]
    identity.withdraw_credential(bidder, line.code, at=at)
    catch_up()
    assert listed(qualification="总承包") == []
    assert "建筑工程施工总承包" not in written(settings, f"suppliers/{bidder.organisation}")
    assert identity.credential(code) is not None


def test_awards_come_from_the_record_and_results_lead_to_the_winner(city: City, settings) -> None:
    lot = story.awarded(city)
    catch_up()
    project = written(settings, f"projects/{lot[:17]}")
    winner = project.partition("<main")[2].partition('href="/suppliers/')[2].partition("/")[0]
    page = written(settings, f"suppliers/{winner}")
    assert f"/projects/{lot[:17]}/#lot-{lot}" in page
    loser = next(each.actor.organisation for each in city.bidders if each.actor.organisation != winner)
    assert "还没有中标记录" in Client().get(f"/suppliers/{loser}/").content.decode()
    assert listed(order="-awards")[0] == winner
    assert listed(awarded="yes") == [winner]
    assert loser in listed(awarded="no")


def test_who_does_not_bid_has_no_page(city: City) -> None:
    for code in (city.host.actor.organisation, city.centre.actor.organisation, "91620502MA00000001"):
        assert Client().get(f"/suppliers/{code}/").status_code == 404
