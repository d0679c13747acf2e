"""Rows that are few, or whose keys are known: found, counted and put in order at once, and as they would be otherwise."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.hall import story
from tests.hall.test_lists import many, table
from tests.hall.world import City, plain
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Lot, Project
from yiwang.business.trading.wordlists import note_lots, note_project
from yiwang.common.shell import lists, wordindex
from yiwang.doors.hall import lot_lists
from yiwang.record.journal.api import business_now


def codes_of(page: str) -> list[str]:
    """The codes of lots of a table, in order."""
    return list(dict.fromkeys(re.findall(r"C62\d{17}\b", table(page))))


@pytest.mark.parametrize("few", [5, 1_000])
def test_what_a_text_finds_is_in_order_and_counted_however_few_it_is(
    city: City, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    monkeypatch.setattr(
        wordindex, "SAMPLED", 1
    )  # everything is sampled, and nothing is too common to be looked up
    monkeypatch.setattr(wordindex, "COMMON", 1.0)
    many(city, 45)
    now = business_now()
    for number, lot in enumerate(Lot.objects.order_by("pk")):
        day = None if number % 3 == 0 else now + timedelta(days=number * 7 % 45)
        Lot.objects.filter(pk=lot.pk).update(deadline_at=day)
    note_lots(Lot.objects.filter(words=None).select_related("project"))
    rows = list(Lot.objects.filter(words__text__contains="道路").values_list("deadline_at", "pk", "code"))
    filled, empty = [each for each in rows if each[0]], [each for each in rows if not each[0]]
    for sign, down in (("", False), ("-", True)):
        expected = [
            code
            for part in (sorted(filled, reverse=down), sorted(empty, key=lambda each: each[1], reverse=down))
            for _, _, code in part
        ]
        found = []
        for page in (1, 2, 3):
            said = city.centre.get(f"/hall/lots/?q=道路&order={sign}deadline&page={page}")
            assert "共 45 条" in plain(said)
            found += codes_of(said)
        assert found == expected
    assert "没有符合条件的记录" in plain(city.centre.get("/hall/lots/?q=道路&stage=archived"))
    assert "共 45 条" in plain(city.centre.get("/hall/lots/?q=道路&stage=registered"))


@pytest.mark.parametrize(("few", "most"), [(0, 0), (0, 99), (99, 99)])
def test_a_code_finds_what_belongs_to_its_lots_however_many_they_are(
    city: City, monkeypatch: pytest.MonkeyPatch, few: int, most: int
) -> None:
    monkeypatch.setattr(lot_lists, "FEW_LOTS", few)
    monkeypatch.setattr(lot_lists, "MANY_LOTS", most)
    code, other = story.announce(city), story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], business_now())
    for page in ("objections", "messages"):
        found = city.host.get(f"/hall/{page}/?q={code}")
        assert code in found, page
        assert other not in found, page
        assert code in city.host.get(f"/hall/{page}/?q={code[:11]}"), page


@pytest.mark.parametrize("common", [-1.0, 1.0])
def test_a_text_that_all_of_the_rows_hold_narrows_nothing_and_another_does(
    city: City, monkeypatch: pytest.MonkeyPatch, common: float
) -> None:
    monkeypatch.setattr(wordindex, "COMMON", common)
    monkeypatch.setattr(wordindex, "SAMPLED", 1)
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], business_now())
    name = trading.find_lot(code).project.name
    for someone in (city.host, city.supervisor):
        assert code in someone.get(f"/hall/objections/?q={name[:3]}")
        assert code not in someone.get("/hall/objections/?q=没有这个")


def test_the_unread_among_what_is_listed_are_counted(city: City) -> None:
    code, other = story.announce(city), story.announce(city)
    for each in (code, other):
        city.bidders[0].send(f"/hall/lots/{each}/documents/")
        trading.object_to_documents(city.bidders[0].actor, each, "资格条件过高。", [], business_now())
    unread = trading.messages_for(city.host.actor).filter(read_at=None)
    for query, rows in (("", unread), (f"?q={code}", unread.filter(lot__code=code))):
        assert f"所列 {rows.count()} 条未读全部标为已读" in plain(city.host.get(f"/hall/messages/{query}"))


@pytest.mark.parametrize("walked", [0, 30_000])
@pytest.mark.parametrize("quiet", [0, 9])
def test_what_a_bidder_may_not_see_is_not_counted_among_the_many_that_hold_a_text(
    city: City, monkeypatch: pytest.MonkeyPatch, quiet: int, walked: int
) -> None:
    for name, value in (("OFTEN", 2), ("OFTEN_IN_GIN", 2), ("WALKED", walked), ("SAMPLED", 1)):
        monkeypatch.setattr(wordindex, name, value)
    monkeypatch.setattr(lists, "COUNTED_OF_TEXT", 4)
    monkeypatch.setattr(lists, "FEW", 2)
    many(city, 12)
    announced = list(Lot.objects.order_by("-pk")[: 12 - quiet])
    Lot.objects.filter(pk__in=[each.pk for each in announced]).update(law_on=business_now().date())
    note_lots(Lot.objects.filter(words=None).select_related("project"))
    for project in Project.objects.filter(words=None):
        note_project(project)
    for page in ("lots", "projects"):
        said = city.bidders[0].get(f"/hall/{page}/?q=道路&order=-code")
        assert ("共 3 条" if quiet else "共 4+ 条") in plain(said), page
        seen = {each.pk for each in Project.objects.all() if each.code in table(said)}
        assert seen <= {lot.project_id for lot in announced}
        assert len(seen) == min(4, len(announced))


@pytest.mark.parametrize("prefixed", [0, 5_000])
def test_what_begins_with_a_part_of_a_code_is_found_in_order_however_many_it_is(
    city: City, monkeypatch: pytest.MonkeyPatch, prefixed: int
) -> None:
    monkeypatch.setattr(lot_lists, "PREFIXED", prefixed)
    other = story.announce(city)
    many(city, 12)
    every = sorted(Lot.objects.filter(code__startswith="C6205000009").values_list("code", flat=True))
    for text, expected in (("c6205000009", every), ("C620500000900000", every[:10]), (every[3], every[3:4])):
        for order, codes in (("code", expected), ("-code", expected[::-1])):
            said = city.centre.get(f"/hall/lots/?q={text}&order={order}")
            assert codes_of(said) == codes
            assert f"共 {len(codes)} 条" in plain(said)
    assert other in table(city.centre.get(f"/hall/lots/?q={other[:17]}"))
