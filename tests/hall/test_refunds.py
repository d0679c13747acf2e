"""Deposits go back: the page of a lot and the list of all, for those who pay, who are paid and who watch."""

from __future__ import annotations

from tests.hall import story
from tests.hall.world import City, plain, settle
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.days import local_day
from yiwang.record.journal.api import business_now


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
    assert plain(city.supervisor.get("/hall/refunds/")).count(code) == 2
    assert "To be paid back" not in plain(city.bidders[2].get(f"/en/hall/lots/{code}/"))
    city.bidders[0].send(path, {"refunds": chosen[1:], "done_on": today}, 200)
    assert trading.refunds_for(city.host.actor, business_now(), trading.find_lot(code))[0].done_on is None
