"""How an award came about, for programs: made once for what is on record, known by its ETag, and not for free."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading import kept_calculations
from yiwang.common.identity.api import Limit, Measure
from yiwang.doors.website import rest
from yiwang.record.files.shelves import shelf
from yiwang.record.journal.api import sequence, timeline
from yiwang.record.journal.models import Opening
from yiwang.site.simulation.papers import stored_pdf

PRICES = [500_000_000, 490_000_000, 510_000_000]


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The lots whose calculation was made, each time that it was."""
    codes: list[str] = []
    make = kept_calculations.calculation_of

    def making(code: str):
        codes.append(code)
        return make(code)

    monkeypatch.setattr(kept_calculations, "calculation_of", making)
    monkeypatch.setattr(rest, "_MADE", Measure())
    return codes


@pytest.fixture
def town(db, made) -> Market:
    town = market()
    town.ranking = town.to_award(PRICES)
    return town


def award(town: Market) -> None:
    trading.award(town.hosts[0], town.lot, town.ranking[0], town.now)
    sequence()


def asked(town: Market, **headers: str):
    return Client().get(f"/api/v1/lots/{town.lot}/calculation", headers=headers)


def test_before_the_award_there_is_none_and_nothing_is_made(town, made):
    assert asked(town).status_code == 404
    assert Client().get("/api/v1/lots/C6205000001260009001001/calculation").status_code == 404
    assert made == []


def test_who_has_it_already_gets_no_body_and_it_is_made_once(town, made):
    award(town)
    first = asked(town)
    assert (first.status_code, first.json()["verdict"]) == (200, "equal")
    assert first["Cache-Control"] == "no-cache"
    again = asked(town)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    for known in (first["ETag"], f'"other", W/{first["ETag"]}', "*"):
        same = asked(town, if_none_match=known)
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert asked(town, if_none_match='"other"').content == first.content
    assert made == [town.lot]


def test_what_is_recorded_or_changed_later_is_calculated_anew(town, made):
    award(town)
    first = asked(town)
    entry = next(each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "bid-evaluated")
    row = Opening.objects.get(pk=entry.id)
    Opening.objects.filter(pk=entry.id).update(hidden=row.hidden.replace(str(PRICES[0]), "480000000"))
    found = asked(town, if_none_match=first["ETag"]).json()
    assert (found["verdict"], [each["rule"] for each in found["findings"]]) == (
        "cannot",
        ["entry-does-not-open"],
    )
    Opening.objects.filter(pk=entry.id).update(hidden=row.hidden)
    assert asked(town).content == first.content
    papers = [stored_pdf("放弃中标说明")]
    trading.pass_over(town.hosts[0], town.lot, town.ranking[0], "gave-up", "放弃中标。", papers, town.now)
    sequence()
    assert asked(town).status_code == 404, "the letter was taken back"
    assert made == [town.lot] * 2


def test_what_could_not_be_made_whole_is_tried_again(town, made):
    award(town)
    opened = next(each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "bids-opened")
    place = shelf()._path(opened.documents[0])
    content = place.read_bytes()
    place.unlink()
    assert asked(town).json()["verdict"] == "cannot"
    place.write_bytes(content)
    assert asked(town).json()["verdict"] == "equal"
    assert made == [town.lot] * 2


def test_who_asks_for_too_many_that_have_to_be_made_waits_and_the_kept_are_there_all_the_same(
    town, made, monkeypatch
):
    monkeypatch.setattr(rest, "CALCULATIONS", Limit("calculations", 1, 60, 60))
    award(town)
    assert asked(town).status_code == 200
    assert asked(town).status_code == 200, "kept: costs nothing"
    kept_calculations._kept.clear()
    refused = asked(town)
    assert (refused.status_code, [each["rule"] for each in refused.json()["findings"]]) == (
        429,
        ["api-too-many"],
    )
    assert 0 < int(refused["Retry-After"]) <= 61
    assert Client(REMOTE_ADDR="192.0.2.7").get(f"/api/v1/lots/{town.lot}/calculation").status_code == 200
    assert asked(town).status_code == 200
    assert made == [town.lot] * 2


def test_of_many_those_asked_for_last_are_kept(town, made, monkeypatch):
    award(town)
    monkeypatch.setattr(kept_calculations, "MOST_KEPT", 1)
    asked(town)
    kept_calculations._keep("another lot", b"")
    assert list(kept_calculations._kept) == ["another lot"]
    assert asked(town).status_code == 200
    assert made == [town.lot] * 2
