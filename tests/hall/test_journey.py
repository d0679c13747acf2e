"""One tender from registration to archive, clicked through the pages as people do."""

from __future__ import annotations

import re

from tests.hall import story
from tests.hall.world import City, hidden, plain
from yiwang.business.trading import api as trading


def test_a_tender_goes_from_registration_to_archive_through_the_pages(city: City) -> None:
    code = story.awarded(city)
    lot = trading.lot_page(trading.find_lot(code))
    assert lot.winner is not None
    assert lot.winner.price_fen == 1_050_000_050

    path = f"/hall/lots/{code}/contract/"
    page = city.host.get(path)
    assert story.proposed(page, "amount") == "10500000.50"
    fields = {"number": "HT-2026-01", "amount": "10500000.50", "bond": "1000000"}
    city.host.step(path, {**fields, "signed_on": story.proposed(page, "signed_on")})

    result = f"/hall/lots/{code}/result-notice/"
    notice = city.host.once(result).rstrip("/").split("/")[-1]
    story.publish(city, notice)
    city.centre.once(f"/hall/lots/{code}/archive/")
    assert trading.find_lot(code).stage == "archived"

    text = plain(city.host.get(f"/hall/lots/{code}/"))
    for said in ("已归档", "HT-2026-01", "10,500,000.50", "中标结果公告", "开标"):
        assert said in text


def test_every_page_of_a_tender_also_speaks_english(city: City) -> None:
    code = story.awarded(city)
    text = plain(city.host.get(f"/en/hall/lots/{code}/"))
    assert "What you may do now" in text
    assert "Enter the contract" in text
    assert "Award letter" in plain(city.host.get(f"/en/hall/lots/{code}/letter/"))
    assert "My to-dos" in plain(city.bidders[0].get("/en/hall/"))


def test_the_winner_reads_the_letter_and_the_losers_do_not(city: City) -> None:
    code = story.awarded(city)
    winner, loser = city.bidders[1], city.bidders[0]
    assert "中标通知书" in plain(winner.get(f"/hall/lots/{code}/letter/"))
    loser.get(f"/hall/lots/{code}/letter/", 404)
    assert "贵单位未中标" in plain(loser.get("/hall/messages/"))
    assert "贵单位中标" in plain(winner.get("/hall/"))
    winner.send("/hall/messages/read/")
    assert "is-unread" not in winner.get("/hall/messages/")


def test_a_failed_tender_is_announced_as_failed_and_held_again(city: City) -> None:
    code = story.announce(city)
    story.bid(city, code, 0, "11000000")
    story.after_deadline(city, code)
    assert trading.find_lot(code).stage == "failed"
    assert "招标失败" in plain(city.host.get("/hall/"))
    notice = city.host.once(f"/hall/lots/{code}/failure-notice/").rstrip("/").split("/")[-1]
    story.publish(city, notice)
    again = city.host.once(f"/hall/lots/{code}/retender/").rstrip("/").split("/")[-1]
    assert again != code
    assert "第2次招标" in plain(city.host.get(f"/hall/lots/{again}/"))


def test_a_bid_is_replaced_withdrawn_and_handed_in_anew(city: City) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    assert story.bid(city, code, 0, "11000000") == f"/hall/lots/{code}/receipt/"
    first = bidder.client.get(f"/hall/lots/{code}/receipt.json").json()
    path = f"/hall/lots/{code}/bid/replace/"
    key = hidden(bidder.get(path))["key"]
    bidder.step(path, {**story.SHEET, "key": key, "price": "10900000"})
    second = bidder.client.get(f"/hall/lots/{code}/receipt.json").json()
    assert (first["number"], second["number"]) == (1, 2)
    assert first["leaf_hash"] != second["leaf_hash"]
    bidder.once(f"/hall/lots/{code}/bid/withdraw/")
    bidder.get(f"/hall/lots/{code}/receipt/", 404)
    story.bid(city, code, 0, "10800000")


def test_confirming_a_bid_twice_hands_in_one_bid(city: City) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/bid/"
    fields = {**story.SHEET, "key": hidden(bidder.get(path))["key"]}
    confirm = {**fields, "stage": "confirm"}
    assert bidder.send(path, confirm) == bidder.send(path, confirm)
    assert trading.find_lot(code).envelopes.count() == 1


def test_the_centre_returns_a_notice_and_the_form_remembers_what_was_typed(city: City) -> None:
    code = story.register(city)
    notice = story.draft(city, code)
    page = city.second_host.get(f"/hall/notices/{notice}/confirm/")
    city.second_host.step(
        f"/hall/notices/{notice}/confirm/", {"publish_at": story.proposed(page, "publish_at")}
    )
    check = f"/hall/notices/{notice}/check/"
    assert "请填写" in plain(city.centre.send(check, {"decision": "return", "reasons": ""}, 422))
    city.centre.send(check, {"decision": "return", "reasons": "资格要求一栏请补充安全生产许可证。"})
    assert trading.find_lot(code).stage == "registered"
    again = city.host.get(f"/hall/lots/{code}/tender-notice/")
    assert "建筑工程施工总承包二级及以上资质。" in again
    assert "招标文件.pdf" in again
    assert "退回" in plain(city.host.get("/hall/"))


def test_a_notice_is_taken_back_and_drafted_again(city: City) -> None:
    code = story.register(city)
    notice = story.draft(city, code)
    city.host.once(f"/hall/notices/{notice}/take-back/")
    assert trading.find_lot(code).stage == "registered"
    assert story.draft(city, code) != notice


def test_a_terminated_tender_tells_everybody_who_took_documents(city: City) -> None:
    code = story.announce(city)
    city.bidders[2].send(f"/hall/lots/{code}/documents/")
    city.host.step(f"/hall/lots/{code}/terminate/", {"ending": "terminated", "reason": "项目资金计划调整。"})
    assert trading.find_lot(code).stage == "terminated"
    assert "终止" in plain(city.bidders[2].get("/hall/"))


def test_all_bids_are_rejected_one_by_one_and_the_tender_fails(city: City) -> None:
    code = story.opened(city)
    city.centre.step(f"/hall/lots/{code}/committee/", story.committee_fields())
    for row in trading.opening_rows(trading.find_lot(code), everything=True):
        fields = {"decision": "rejected", "ground": "not-qualified", "reason": "资质不符。"}
        city.centre.send(f"/hall/lots/{code}/evaluation/{row.bidder}/", fields)
    city.centre.step(f"/hall/lots/{code}/reject-all/", {"reason": "全部投标不符合招标文件要求。"})
    assert trading.find_lot(code).stage == "failed"


def test_an_agency_drafts_and_the_tenderee_confirms(city: City) -> None:
    key = hidden(city.agency.get("/hall/projects/new/"))["key"]
    fields = {**story.project_fields(), "key": key, "tenderee": city.host.actor.organisation}
    place = city.agency.step("/hall/projects/new/", fields)
    code = trading.project_page(place.rstrip("/").split("/")[-1]).lots[0].code
    path = f"/hall/lots/{code}/tender-notice/"
    notice = city.agency.step(path, story.terms_fields(story.timetable())).rstrip("/").split("/")[-1]
    assert "确认公告" in plain(city.host.get("/hall/"))
    assert "等待招标人确认" in plain(city.agency.get(f"/hall/lots/{code}/"))
    story.publish(city, notice)
    assert trading.find_lot(code).stage == "bidding"


def test_a_project_is_registered_with_two_lots_once_even_when_confirmed_twice(city: City) -> None:
    key = hidden(city.host.get("/hall/projects/new/"))["key"]
    second = {"name": "施工二标段", "content": "室外附属工程。", "estimate": "3000000", "period_days": "120"}
    fields = {
        **story.project_fields(),
        "key": key,
        "lots-TOTAL_FORMS": "2",
        **{f"lots-1-{name}": value for name, value in second.items()},
        "stage": "confirm",
    }
    places = {city.host.send("/hall/projects/new/", fields) for _ in range(2)}
    assert len(places) == 1
    page = trading.project_page(places.pop().rstrip("/").split("/")[-1])
    assert [each.name for each in page.lots] == ["施工一标段", "施工二标段"]


WORDS_OF_THE_PAGE = re.compile(
    r"<(label|legend|button|h1|h2|h3|th|dt|summary|p class=\"help\")[^>]*>(.*?)</(?:label|legend|button|h1|h2|h3|th|dt|summary|p)>",
    re.S,
)


def chinese_on(page: str, of_the_city: tuple[str, ...]) -> list[str]:
    """Chinese in labels, headings and buttons of a page, besides statutes and what the city's people typed."""
    main = page.split('<main id="main"')[1].split("</main>")[0]
    found = []
    for each in WORDS_OF_THE_PAGE.finditer(main):
        text = re.sub(r"《[^》]*》[第一二三四五六七八九十百条款项（）、]*", "", plain(each[2]))
        for known in of_the_city:
            text = text.replace(known, "")
        found += re.findall(r"[\u4e00-\u9fff]+", text)
    return found


def test_no_form_and_no_page_of_the_hall_speaks_chinese_in_english(city: City) -> None:
    awarded, evaluating, bidding = story.awarded(city), story.evaluated(city), story.announce(city)
    story.bid(city, bidding, 0, "11000000")
    city.bidders[1].send(f"/hall/lots/{bidding}/documents/")
    registered = story.register(city)
    notice = trading.find_lot(bidding).tender_notice
    bidder = trading.opening_rows(trading.find_lot(evaluating))[0].bidder
    pages = [
        (city.host, "/hall/"),
        (city.host, "/hall/projects/new/"),
        (city.host, f"/hall/lots/{registered}/tender-notice/"),
        (city.host, f"/hall/lots/{awarded}/"),
        (city.host, f"/hall/lots/{awarded}/contract/"),
        (city.host, f"/hall/lots/{awarded}/letter/"),
        (city.host, f"/hall/lots/{bidding}/terminate/"),
        (city.host, f"/hall/notices/{notice}/"),
        (city.host, "/hall/clock/"),
        (city.host, "/hall/lots/"),
        (city.bidders[1], f"/hall/lots/{bidding}/bid/"),
        (city.bidders[0], f"/hall/lots/{bidding}/receipt/"),
        (city.centre, f"/hall/lots/{evaluating}/evaluation/{bidder}/"),
        (city.centre, f"/hall/lots/{evaluating}/report/"),
        (city.centre, f"/hall/lots/{evaluating}/reject-all/"),
    ]
    city_words = (
        "秦州区育才中学教学楼新建工程",
        "施工一标段",
        "招标公告",
        "甘肃陇原第一建筑工程有限公司",
        "合格",
    )
    assert chinese_on(city.host.get("/hall/"), city_words)
    for person, path in pages:
        assert chinese_on(person.get(f"/en{path}"), city_words) == [], path
