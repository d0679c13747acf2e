"""Questions, clarifications and objections, clicked through the pages as people do."""

from __future__ import annotations

from datetime import timedelta

from tests.hall import story
from tests.hall.world import City, hidden, plain, shown, upload
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.record.journal.api import business_now

QUESTION = "招标文件第3页的桩长以哪张图为准？"


def asked(city: City, code: str, number: int = 0) -> None:
    """A bidder takes the documents and asks."""
    bidder = city.bidders[number]
    bidder.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/ask/"
    key = hidden(bidder.get(path))["key"]
    bidder.step(path, {"key": key, "text": QUESTION, "papers": upload("本公司的疑问")})


def test_a_question_is_answered_by_an_amendment_that_moves_the_deadline(city: City) -> None:
    code = story.announce(city)
    asked(city, code)
    name = trading.lot_page(trading.find_lot(code)).name
    page = plain(city.host.get(f"/hall/lots/{code}/"))
    assert QUESTION in page
    assert "陇原" not in page
    assert "本公司的疑问" not in page, "a file name would tell who asked"
    assert "待答复" in plain(city.bidders[0].get(f"/hall/lots/{code}/"))
    assert QUESTION not in plain(city.bidders[1].get(f"/hall/lots/{code}/"))
    old = trading.find_lot(code).deadline_at
    city.until(on_day_at(local_day(old) - timedelta(days=12), 10))

    path = f"/hall/lots/{code}/clarify/"
    form = city.host.get(path)
    assert "第二十一条" in form
    fields = {
        "content": "第3页的桩长以结构图为准。",
        "affects_bids": "yes",
        "publish_at": story.proposed(form, "publish_at"),
        "answers": trading.questions_of(city.host.actor, trading.find_lot(code))[0].code,
    }
    refused = plain(city.host.send(path, {**fields, "deadline_at": "", "stage": "preview"}, 422))
    assert "不得少于 15 日" in refused
    assert "招标投标法实施条例" in refused
    moved = {**fields, "deadline_at": story.proposed(form, "deadline_at"), "papers": upload("补充图纸")}
    notice = city.host.step(path, moved).rstrip("/").split("/")[-1]
    story.publish(city, notice)

    lot = trading.find_lot(code)
    assert lot.deadline_at > old
    assert f"{shown(lot.deadline_at)[:10]}" in city.bidders[0].get(f"/hall/lots/{code}/")
    assert "投标截止时间已顺延" in plain(city.bidders[0].get("/hall/messages/"))
    assert "补充图纸.pdf" in city.bidders[0].get(f"/hall/lots/{code}/documents/")
    assert name in plain(city.bidders[0].get(f"/en/hall/notices/{notice}/"))
    assert "answered" in plain(city.bidders[0].get(f"/en/hall/lots/{code}/"))
    assert business_now() > old - timedelta(days=12)


def test_the_pages_of_the_dialogue_speak_english_and_say_why_a_form_is_closed(city: City) -> None:
    code = story.announce(city)
    city.bidders[0].send(f"/hall/lots/{code}/documents/")
    assert "nobody learns who asked" in plain(city.bidders[0].get(f"/en/hall/lots/{code}/ask/"))
    assert "May it affect bids?" in plain(city.host.get(f"/en/hall/lots/{code}/clarify/"))
    empty = city.bidders[0].send(
        f"/en/hall/lots/{code}/ask/", {"key": "k", "text": "", "stage": "preview"}, 422
    )
    assert "Fill in this field" in plain(empty)
    waiting = story.register(city)
    assert "once the notice is published" in plain(city.host.get(f"/en/hall/lots/{waiting}/clarify/"))


def test_an_objection_suspends_the_tender_until_the_answer_and_a_new_deadline(city: City) -> None:
    code = story.announce(city)
    for number, price in enumerate(("11000000", "10500000", "11800000")):
        story.bid(city, code, number, price)
    path = f"/hall/lots/{code}/object/"
    form = city.bidders[0].get(path)
    assert "第二十二条" in form
    fields = {"key": hidden(form)["key"], "text": "资格条件过高。", "papers": upload("本公司的异议书")}
    city.bidders[0].step(path, fields)
    host = plain(city.host.get(f"/hall/lots/{code}/"))
    assert "招标暂停" in host
    assert "资格条件过高" in host
    assert "本公司的异议书" not in host
    other = plain(city.bidders[1].get(f"/hall/lots/{code}/"))
    assert "待答复" in other
    assert "资格条件过高" not in other
    story.after_deadline(city, code)
    assert trading.find_lot(code).stage == "bidding"
    assert "不截止、不开标" in plain(city.bidders[1].get(f"/hall/lots/{code}/"))
    assert "等待新的投标截止时间" in plain(city.bidders[1].get("/hall/messages/"))

    objection = trading.objections_of(city.host.actor, trading.find_lot(code))[0]
    answer = f"/hall/objections/{objection.code}/answer/"
    assert answer in city.host.get("/hall/")
    city.bidders[1].get(answer, 403)
    city.stranger.get(answer, 404)
    shown_again = city.host.send(answer, {"text": "不违反规定。", "amends": "no", "stage": "preview"}, 200)
    assert "现已逾期" in plain(shown_again)
    city.host.send(answer, {**hidden(shown_again), "stage": "confirm"})
    assert "不违反规定" in plain(city.bidders[0].get(f"/hall/lots/{code}/"))
    assert "已经答复" in plain(city.host.get(answer))

    clarify = f"/hall/lots/{code}/clarify/"
    assert clarify in city.host.get("/hall/")
    form = city.host.get(clarify)
    fields = {name: story.proposed(form, name) for name in ("publish_at", "deadline_at")}
    fields |= {"content": "重新确定投标截止时间。", "affects_bids": "no"}
    story.publish(city, city.host.step(clarify, fields).rstrip("/").split("/")[-1])
    assert "招标暂停" not in plain(city.host.get(f"/hall/lots/{code}/")).split("时间线")[0]
    story.after_deadline(city, code)
    assert trading.find_lot(code).stage == "closed"


def test_an_objection_that_comes_too_late_is_refused_with_the_article_and_nothing_typed_is_lost(
    city: City,
) -> None:
    code = story.announce(city)
    city.bidders[0].send(f"/hall/lots/{code}/documents/")
    city.until(on_day_at(local_day(trading.find_lot(code).deadline_at) - timedelta(days=9), 10))
    assert f"/hall/lots/{code}/object/" not in city.bidders[0].get(f"/hall/lots/{code}/")
    late = city.bidders[0].send(
        f"/hall/lots/{code}/object/", {"key": "k", "text": "资格条件过高。", "stage": "preview"}, 422
    )
    assert "10 日前提出" in plain(late)
    assert "第二十二条" in plain(late)
    assert "资格条件过高。" in late
    english = city.bidders[0].get(f"/en/hall/lots/{code}/object/")
    assert "a question suspends nothing" in plain(english)


def test_an_objection_to_the_opening_is_answered_on_its_page_before_the_committee_is_entered(
    city: City,
) -> None:
    code = story.opened(city)
    path = f"/hall/lots/{code}/object/opening/"
    assert path in city.bidders[1].get(f"/hall/lots/{code}/opening/")
    assert path not in city.bidders[3].get(f"/hall/lots/{code}/opening/")
    key = hidden(city.bidders[1].get(path))["key"]
    city.bidders[1].step(path, {"key": key, "text": "唱标的工期有误。"})
    refused = city.centre.send(
        f"/hall/lots/{code}/committee/", story.committee_fields() | {"stage": "preview"}, 422
    )
    assert "尚未当场答复" in plain(refused)
    objection = trading.objections_of(city.host.actor, trading.find_lot(code))[0]
    answer = f"/hall/objections/{objection.code}/answer/"
    assert answer in city.host.get("/hall/")
    city.host.step(answer, {"text": "经核对，宣读无误。"})
    record = plain(city.bidders[3].get(f"/hall/lots/{code}/opening/"))
    assert "唱标的工期有误。" in record
    assert "经核对，宣读无误。" in record
    city.centre.step(f"/hall/lots/{code}/committee/", story.committee_fields())


def test_an_objection_to_the_result_keeps_the_publicity_open_and_an_upheld_one_undoes_it(city: City) -> None:
    code = story.reported(city)
    story.publicity(city, code)
    path = f"/hall/lots/{code}/object/result/"
    assert path in city.bidders[0].get(f"/hall/lots/{code}/")
    key = hidden(city.bidders[3].get(path))["key"]
    unsaid = city.bidders[3].send(
        path, {"key": key, "text": "业绩不实。", "interest": "", "stage": "preview"}, 422
    )
    assert "业绩不实。" in unsaid
    city.bidders[3].step(path, {"key": key, "text": "业绩不实。", "interest": "本单位是其拟用的分包人。"})
    city.until(trading.find_lot(code).publicity_until_at)
    assert "公示不结束、不定标" in plain(city.bidders[0].get(f"/hall/lots/{code}/"))
    assert "业绩不实" not in city.bidders[0].get(f"/hall/lots/{code}/")
    objection = trading.objections_of(city.host.actor, trading.find_lot(code))[0]
    answer = f"/hall/objections/{objection.code}/answer/"
    city.host.send(answer, {"text": "属实。", "stage": "preview"}, 422)
    city.host.step(answer, {"text": "属实。", "remedy": "re-evaluation"})
    assert trading.find_lot(code).stage == "evaluating"
    assert "upheld" in plain(city.bidders[3].get(f"/en/hall/lots/{code}/"))
