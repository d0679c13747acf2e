"""A published notice is corrected, and a deadline put off, by the pages."""

from __future__ import annotations

from tests.hall import story
from tests.hall.world import City, plain
from yiwang.business.trading import api as trading


def test_a_notice_is_corrected_and_its_deadline_put_off(city: City) -> None:
    code = story.announce(city)
    page = city.host.get(f"/hall/lots/{code}/")
    correct, postpone = f"/hall/lots/{code}/correct/", f"/hall/lots/{code}/postpone/"
    assert correct in page
    assert postpone in page
    original = trading.find_lot(code).tender_notice
    fields = {"original": original, "content": "原为三楼，更正为二楼。", "affects_bids": "yes"}
    refused = city.host.send(correct, {**fields, "stage": "preview"}, 422)
    assert "不能以更正公告办理" in plain(refused)
    assert "原为三楼" in refused
    notice = city.host.step(correct, {**fields, "affects_bids": "no"}).rstrip("/").split("/")[-1]
    story.publish(city, notice)
    assert "更正为二楼" in plain(city.bidders[0].get(f"/hall/notices/{notice}/"))

    city.bidders[0].send(f"/hall/lots/{code}/documents/")
    form = city.host.get(postpone)
    old = trading.find_lot(code).deadline_at
    fields = {name: story.proposed(form, name) for name in ("publish_at", "deadline_at")}
    notice = city.host.step(postpone, {**fields, "reason": "系统维护。"}).rstrip("/").split("/")[-1]
    story.publish(city, notice)
    assert trading.find_lot(code).deadline_at > old
    assert "延期" in plain(city.bidders[0].get("/hall/messages/"))
    assert "put off" in plain(city.bidders[0].get("/en/hall/messages/"))
