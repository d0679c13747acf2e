"""Rank 1 gives up, a candidate is examined again: clicked through the pages as people do."""

from __future__ import annotations

from tests.hall import story
from tests.hall.world import City, hidden, plain, upload
from yiwang.business.trading import api as trading


def decided(city: City) -> tuple[str, list[str]]:
    """A lot whose publicity is over; its code and the ranked bidders."""
    code = story.reported(city)
    story.publicity(city, code)
    city.until(trading.find_lot(code).publicity_until_at)
    rows = trading.opening_rows(trading.find_lot(code))
    return code, [row.bidder for row in sorted((row for row in rows if row.rank), key=lambda row: row.rank)]


def test_rank_one_gives_up_and_the_second_is_awarded_with_the_reason_on_every_page(city: City) -> None:
    code, (first, second) = decided(city)
    path = f"/hall/lots/{code}/pass-over/"
    assert path in city.host.get(f"/hall/lots/{code}/")
    fields = {"bidder": first, "ground": "gave-up", "reason": "来函放弃中标。"}
    refused = city.host.send(path, {**fields, "stage": "preview"}, 422)
    assert "请附证明文件" in plain(refused)
    assert "来函放弃中标。" in refused
    city.host.step(path, {**fields, "papers": upload("放弃函")})
    award = city.host.get(f"/hall/lots/{code}/award/")
    assert f'value="{first}"' not in award
    city.host.step(f"/hall/lots/{code}/award/", {"key": hidden(award)["key"], "bidder": second})
    page = city.bidders[2].get(f"/hall/lots/{code}/")
    assert "来函放弃中标。" in plain(page)
    assert "/passed/" not in page
    proof = city.supervisor.get(f"/hall/lots/{code}/").split("/passed/")[1].split("/")[0]
    paper = city.supervisor.client.get(f"/hall/lots/{code}/passed/{proof}/")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    city.bidders[2].get(f"/hall/lots/{code}/passed/{proof}/", 404)
    winner = next(each for each in city.bidders if each.actor.organisation == second)
    assert "中标通知书" in plain(winner.get(f"/hall/lots/{code}/letter/"))


def test_a_candidate_is_examined_again_found_unfit_and_nobody_is_awarded(city: City) -> None:
    code, (first, _) = decided(city)
    city.host.step(f"/hall/lots/{code}/reexamine/", {"bidder": first, "reason": "已进入破产重整。"})
    path = f"/hall/lots/{code}/reexamined/"
    assert path in city.centre.get("/hall/")
    city.centre.step(path, {"stands": "out", "reason": "资质已被吊销。"})
    no_winner = f"/hall/lots/{code}/no-winner/"
    assert no_winner in city.host.get(f"/hall/lots/{code}/")
    city.host.step(no_winner, {"reason": "其余报价高于控制目标。"})
    assert trading.find_lot(code).stage == "failed"
    assert "held again" in plain(city.host.get(f"/en/hall/lots/{code}/"))
