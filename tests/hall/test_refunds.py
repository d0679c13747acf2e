"""Deposits go back: the page of a lot and the list of all, for those who pay, who are paid and who watch."""

from __future__ import annotations

import io
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from openpyxl import load_workbook

from tests.hall import story
from tests.hall.test_lists import table
from tests.hall.world import City, plain, settle
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Lot
from yiwang.business.trading.services import refunding
from yiwang.common.funds import api as funds
from yiwang.common.funds.models import RefundDuty
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.days import local_day
from yiwang.record.journal.api import business_now


def _listed(city: City, query: str, language: str = "") -> str:
    page = city.supervisor.get(f"{language}/hall/refunds/{query}")
    return table(page) if "<table" in page else ""


def test_a_failed_tender_pays_back_and_everybody_sees_their_part(city: City) -> None:
    code = story.announce(city)
    story.bid(city, code, 0, "11000000")
    story.bid(city, code, 1, "10500000")
    story.after_deadline(city, code)
    settle()
    path = f"/hall/lots/{code}/refunds/"
    assert path in city.host.get("/hall/")
    page = city.host.get(path)
    chosen = [part.split('"')[0] for part in page.split('name="refunds" value="')[1:]]
    assert len(chosen) == 2
    today = local_day(business_now()).isoformat()
    assert "必填" in plain(city.host.send(path, {"done_on": today}, 422))
    city.host.send(path, {"refunds": chosen[:1], "done_on": today})
    assert plain(city.host.get(path)).count("待退还") == 1
    assert plain(city.bidders[0].get(path)).count("100,000.00") == 1
    assert _listed(city, "").count(code) == _listed(city, "?state=done").count(code) == 1
    assert (
        _listed(city, "?state=any").count(code) == _listed(city, f"?state=any&q={code[-9:]}").count(code) == 2
    )
    assert _listed(city, "?state=overdue").count(code) == 0
    payee = trading.refunds_for(city.host.actor, business_now(), trading.find_lot(code))[0].creditor
    name = identity.organisation_names([payee])[payee]
    assert _listed(city, f"?q={name}").count(code) == 1
    assert code in _listed(city, "?state=any&cause=failed&order=-principal", "/en")
    assert code not in _listed(city, "?state=any&cause=contract")
    sheet = city.supervisor.client.get("/hall/refunds/?state=any&format=excel")
    assert load_workbook(io.BytesIO(sheet.content)).active.max_row == 3
    assert "To be paid back" not in plain(city.bidders[2].get(f"/en/hall/lots/{code}/"))
    city.bidders[0].send(path, {"refunds": chosen[1:], "done_on": today}, 200)
    assert trading.refunds_for(city.host.actor, business_now(), trading.find_lot(code))[0].done_on is None


def test_everybody_sees_the_refunds_of_their_lots_and_none_that_shows_who_bids(city: City) -> None:
    bidding, failed, other = story.announce(city), story.announce(city), story.announce(city)
    city_lots = {code: trading.find_lot(code) for code in (bidding, failed, other)}
    Lot.objects.filter(code__in=(bidding, failed)).update(agency=city.agency.actor.organisation)
    Lot.objects.filter(code=failed).update(stage="failed")
    stranger = "9162OTHER000000001"
    Lot.objects.filter(code=other).update(stage="failed", tenderee=stranger, agency=stranger)
    for number, (code, cause) in enumerate(
        (code, cause) for code in city_lots for cause in (funds.WITHDRAWN, funds.FAILED)
    ):
        day, lot = local_day(business_now()), Lot.objects.get(code=code)
        RefundDuty.objects.create(
            code=f"F{number}", about=str(lot.ref), creditor=city.bidders[0].actor.organisation, debtor=lot.tenderee, agent=lot.agency,
            cause=cause, law_on=day, principal_fen=100, bears_interest=False, held_since_on=day, arose_on=day,
        )  # fmt: skip
    secret = {f"{bidding} {funds.WITHDRAWN}"}
    own = {f"{code} {cause}" for code in (bidding, failed) for cause in (funds.WITHDRAWN, funds.FAILED)}
    every = own | {f"{other} {cause}" for cause in (funds.WITHDRAWN, funds.FAILED)}
    for reader, seen in (
        (city.centre, every), (city.supervisor, every - secret), (city.host, own - secret),
        (city.agency, own - secret), (city.bidders[0], every), (city.bidders[1], set()),
    ):  # fmt: skip
        rows = trading.refund_duties(reader.actor)
        assert {f"{row.about.rpartition(':')[2]} {row.cause}" for row in rows} == seen
        page = reader.get("/hall/refunds/?state=any")
        assert len(re.findall("<tr>", page.partition("<tbody>")[2])) == len(seen)


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_text_finds_the_refunds_of_a_lot_however_many_there_are(
    city: City, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(refunding, "FEW", few)
    code = story.announce(city)
    story.bid(city, code, 0, "11000000")
    story.after_deadline(city, code)
    settle()
    lot = trading.find_lot(code)
    for text in (lot.name[:3], lot.project.name[2:6], f"{lot.project.name[:2]} {code[-6:]}", code[:20]):
        assert _listed(city, f"?q={text}").count(code) == 1, text
    for text in (f"{lot.project.name[:2]}没有", f"{code[:17]}9", "%"):
        assert _listed(city, f"?q={text}").count(code) == 0, text


def test_refunds_from_before_learn_the_words_of_their_lot(city: City) -> None:
    lot = Lot.objects.get(code=story.announce(city))
    day = local_day(business_now())
    RefundDuty.objects.create(
        code="F1", about=str(lot.ref), creditor=city.bidders[0].actor.organisation, debtor=lot.tenderee,
        cause=funds.FAILED, law_on=day, principal_fen=100, bears_interest=False, held_since_on=day, arose_on=day,
    )  # fmt: skip
    editor = connection.SchemaEditorClass(connection, atomic=False)  # within the transaction of the test
    editor.deferred_sql = []
    import_module("yiwang.business.trading.migrations.0038_words_of_refunds").note_words(apps, editor)
    assert RefundDuty.objects.get().words == lot.words.text


def test_refunds_from_before_learn_who_acts_for_the_debtor(city: City) -> None:
    lots = {code: Lot.objects.get(code=code) for code in (story.announce(city), story.announce(city))}
    first, second = lots.values()
    Lot.objects.filter(pk=first.pk).update(agency=city.agency.actor.organisation)
    Lot.objects.filter(pk=second.pk).update(agency="")
    for lot in lots.values():
        day = local_day(business_now())
        RefundDuty.objects.create(
            code=f"F{lot.code}", about=str(lot.ref), creditor=city.bidders[0].actor.organisation, debtor=lot.tenderee,
            cause=funds.FAILED, law_on=day, principal_fen=100, bears_interest=False, held_since_on=day, arose_on=day,
        )  # fmt: skip
    import_module("yiwang.business.trading.migrations.0037_refunds_know_their_agent").note_agents(apps, None)
    found = dict(RefundDuty.objects.values_list("about", "agent"))
    assert found == {str(first.ref): city.agency.actor.organisation, str(second.ref): ""}
