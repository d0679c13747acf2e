"""Complaints clicked through the pages: made by a bidder, handled by the supervisor, seen by nobody else."""

from __future__ import annotations

import io
from datetime import timedelta

from docx import Document

from tests.hall import story
from tests.hall.world import City, Person, hidden, plain, upload
from tests.poppler import text_of
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.days import local_day
from yiwang.record.journal.api import business_now

FACTS, REQUEST = "招标人向个别潜在投标人透露了最高投标限价的编制底稿。", "责令改正并顺延投标截止时间。"


def fields(city: City, form: str, **more: object) -> dict[str, object]:
    return {
        "key": hidden(form)["key"],
        "matter": "other",
        "respondent": city.host.actor.organisation,
        "authority": city.supervisor.actor.organisation,
        "learnt_on": local_day(business_now()).isoformat(),
        "text": FACTS,
        "request": REQUEST,
        "papers": upload("聊天记录公证书"),
        **more,
    }


def complained(city: City, code: str, bidder: Person, **more: object) -> str:
    """A bidder that took the documents complains; the code of the complaint."""
    bidder.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/complain/"
    place = bidder.step(path, fields(city, bidder.get(path), **more))
    return place.rstrip("/").split("/")[-1]


def test_a_complaint_goes_to_the_supervisor_suspends_and_is_decided_and_nobody_else_learns_of_it(
    city: City,
) -> None:
    lot = story.announce(city)
    bidder, body = city.bidders[0], city.supervisor
    code = complained(city, lot, bidder)
    page = f"/hall/complaints/{code}/"
    assert FACTS in plain(bidder.get(page))
    assert "收到一件投诉" in plain(body.get("/hall/messages/"))
    assert "决定是否受理投诉" in plain(body.get("/hall/"))
    assert "陇原" in plain(body.get(page))

    others = (city.host, city.agency, city.centre, city.bidders[1])
    for each in others[:2]:
        each.get(page, 404)
        assert FACTS not in plain(each.get("/hall/complaints/"))
    city.bidders[1].get(page, 404)
    assert "投诉（不公开）" not in plain(city.host.get(f"/hall/lots/{lot}/"))

    body.once(f"{page}accept/")
    assert "贵单位的投诉已受理" in plain(bidder.get("/hall/messages/"))
    body.step(f"{page}ask/", {"text": "请说明最高投标限价的编制和保管情况。", "until_on": ""})
    assert "要求贵单位说明" in plain(city.host.get("/hall/messages/"))
    asked = plain(city.host.get(f"{page}answer/"))
    assert FACTS in asked
    assert "陇原" not in asked, "the respondent does not learn who complained"
    assert "聊天记录公证书" not in asked
    city.host.step(
        f"{page}answer/", {"text": "底稿由造价咨询单位保管，未曾外传。", "papers": upload("保管记录")}
    )
    assert "未曾外传" in plain(body.get(page))
    assert "未曾外传" not in plain(bidder.get(page)), "the answer is for the supervisor"

    body.step(f"{page}suspend/", {"reason": "调查期间不宜开标。"})
    for each in (city.host, city.bidders[1], city.centre):
        text = plain(each.get(f"/hall/lots/{lot}/"))
        assert "责令暂停招标投标活动（2" in text
        assert "调查期间不宜开标" not in text
    story.after_deadline(city, lot)
    assert trading.find_lot(lot).stage == "bidding"
    assert trading.find_lot(lot).postponed_at is not None

    body.step(f"{page}decide/", {"outcome": "dismissed", "ground": "", "reason": "查无实据，予以驳回。"})
    assert trading.find_lot(lot).suspended_at is None
    assert "查无实据" in plain(bidder.get(page))
    assert "查无实据" in plain(city.host.get(page))
    assert "陇原" not in plain(city.host.get(page))
    city.centre.get("/hall/complaints/", 403)
    the_decision_is_taken_away(page, bidder, city)


def the_decision_is_taken_away(page: str, complainant: Person, city: City) -> None:
    """By who may read it; the respondent's copy does not say who complained; to all others there is none."""
    path = f"{page}decision.pdf"
    for each in (complainant, city.supervisor, city.host):
        assert path in each.get(page)
        text = decision(each, path)
        assert "投诉处理决定书" in text
        assert "查无实据，予以驳回。" in text
        assert "陇原" in text or each is city.host
    assert "陇原" not in decision(city.host, path)
    assert "不向被投诉人、招标人提供" in decision(city.host, path)
    assert "Decisiononacomplaint" in decision(complainant, f"/en{path}")
    words = Document(io.BytesIO(complainant.client.get(f"{page}decision.docx").content))
    assert any("查无实据" in each.text for each in words.paragraphs)
    assert complainant.client.get(f"{page}decision.txt").status_code == 404
    for each in (city.agency, city.bidders[1]):
        assert each.client.get(path).status_code == 404
    assert city.centre.client.get(path).status_code == 403


def decision(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    return text_of(answer.content)


def test_what_a_complaint_lacks_is_said_all_at_once_and_nothing_typed_is_lost(city: City) -> None:
    lot = story.announce(city)
    bidder = city.bidders[1]
    path = f"/hall/lots/{lot}/complain/"
    form = bidder.get(path)
    tomorrow = (local_day(business_now()) + timedelta(days=1)).isoformat()
    nothing = {"matter": "", "text": "", "papers": "", "stage": "preview", "interest": ""}
    text = plain(bidder.send(path, fields(city, form, **nothing), 422))
    for why in ("请填写这一项", "说明有何利害关系", "至少上传一个文件"):
        assert why in text
    empty = {"papers": "", "learnt_on": tomorrow, "stage": "preview", "interest": ""}
    refused = bidder.send(path, fields(city, form, **empty), 422)
    text = plain(refused)
    for why in ("说明有何利害关系", "至少上传一个文件", "不能晚于今天", "第六十条"):
        assert why in text
    assert FACTS in text
    english = plain(bidder.send(f"/en{path}", fields(city, form, **empty), 422))
    assert "say how it concerns you" in english

    late = (local_day(business_now()) - timedelta(days=40)).isoformat()
    shown = bidder.send(
        path,
        fields(city, form, interest="拟分包。", learnt_on=late, matter="documents", stage="preview"),
        200,
    )
    assert "现已超过" in plain(shown)
    assert "没有贵单位就此提出异议的记录" in plain(shown)
    place = bidder.send(path, {**hidden(shown), "stage": "confirm"})
    assert "现已超过" in plain(city.supervisor.get(place)), "the supervisor sees what the law notes of it"


def test_a_complaint_is_refused_on_a_ground_of_the_law_or_withdrawn(city: City) -> None:
    lot = story.announce(city)
    bidder, body = city.bidders[0], city.supervisor
    first = f"/hall/complaints/{complained(city, lot, bidder)}/"
    refused = plain(body.send(f"{first}refuse/", {"reason": "", "stage": "preview"}, 422))
    assert refused.count("请填写这一项") >= 2
    body.step(f"{first}refuse/", {"ground": "nothing-definite", "reason": "未提供能够核实的线索。"})
    assert "未提供能够核实的线索" in plain(bidder.get(first))
    assert "投诉不予受理决定书" in decision(bidder, f"{first}decision.pdf")
    body.get(f"{first}accept/")
    late = plain(body.send(f"{first}accept/", {"stage": "confirm"}, 422))
    assert "投诉不在该步骤所需的阶段" in late

    path = f"/hall/lots/{lot}/complain/"
    second = bidder.step(path, fields(city, bidder.get(path)))
    assert bidder.client.get(f"{second}decision.pdf").status_code == 404
    bidder.once(f"{second}withdraw/")
    assert "已撤回" in plain(body.get(second))
    assert "投诉人已撤回投诉" in plain(body.get("/hall/messages/"))


def test_the_tenderee_evaluates_again_as_ordered_and_the_lot_says_that_the_result_is_void(city: City) -> None:
    lot = story.reported(city)
    bidder, body = city.bidders[0], city.supervisor
    path = f"/hall/lots/{lot}/complain/"
    page = bidder.step(path, fields(city, bidder.get(path)))
    body.once(f"{page}accept/")
    ordered = {"outcome": "upheld", "reason": "评分有误。", "correction": "evaluate-again"}
    body.step(f"{page}decide/", ordered)
    assert "按处理决定重新评标" in plain(city.host.get(page))
    bidder.get(f"{page}evaluate-again/", 403)
    assert "原评标委员会重新评审" in plain(city.host.get(f"{page}evaluate-again/"))
    city.host.once(f"{page}evaluate-again/")
    assert trading.find_lot(lot).round == 2
    assert "已执行" in plain(body.get(page))
    assert "责令重新评标" in plain(city.bidders[1].get("/hall/messages/"))
    late = plain(city.host.send(f"{page}evaluate-again/", {"stage": "confirm"}, 422))
    assert "没有尚待执行的重新评标决定" in late


def test_the_tenderee_tenders_again_as_ordered_and_everybody_reads_why_the_tender_ended(city: City) -> None:
    lot = story.reported(city)
    bidder, body = city.bidders[0], city.supervisor
    path = f"/hall/lots/{lot}/complain/"
    page = bidder.step(path, fields(city, bidder.get(path)))
    body.once(f"{page}accept/")
    body.step(f"{page}decide/", {"outcome": "upheld", "reason": "评分有误。", "correction": "tender-again"})
    assert "按处理决定重新招标" in plain(city.host.get(page))
    bidder.get(f"{page}tender-again/", 403)
    assert "保证金应当退还" in plain(city.host.get(f"{page}tender-again/"))
    city.host.once(f"{page}tender-again/")
    assert trading.find_lot(lot).stage == "failed"
    assert "已执行" in plain(body.get(page))
    assert "行政监督部门责令重新招标" in plain(city.host.get(f"/hall/lots/{lot}/"))
    assert "责令重新招标" in plain(city.bidders[1].get("/hall/messages/"))


def test_the_list_of_complaints_filters_searches_and_goes_to_excel(city: City) -> None:
    lot = story.announce(city)
    code = complained(city, lot, city.bidders[0])
    body = city.supervisor
    assert code in body.get("/hall/complaints/?stage=received&within=7")
    assert code not in body.get("/hall/complaints/?stage=decided")
    assert code not in body.get("/hall/complaints/?within=overdue")
    assert code in body.get("/hall/complaints/?q=育才中学&order=made")
    assert code not in body.get("/hall/complaints/?correction=open")
    trading.accept_complaint(body.actor, code, business_now())
    trading.decide_complaint(body.actor, code, "upheld", "属实。", [], business_now(), correction="other")
    assert code in body.get("/hall/complaints/?correction=open")
    assert code not in body.get("/hall/complaints/?correction=done")
    page = f"/hall/complaints/{code}/"
    assert "说明如何执行处理决定" in plain(city.host.get(page))
    city.host.step(f"{page}correction/", {"text": "已修改并告知全部投标人。"})
    assert code in body.get("/hall/complaints/?correction=done")
    assert "已修改并告知" in plain(body.get(page))
    assert "已修改并告知" not in plain(city.bidders[0].get(page)), "how it was done is told to the body"


def test_a_complaint_that_waits_is_found_by_the_time_that_is_left(city: City) -> None:
    lot = story.announce(city)
    code = complained(city, lot, city.bidders[0])
    body = city.supervisor
    assert "Accept a complaint" in plain(body.get("/en/hall/todos/"))
    answer = body.client.get("/hall/complaints/?format=excel")
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    city.until(business_now() + timedelta(days=12))
    assert code in body.get("/hall/complaints/?within=overdue")


def test_the_tenderee_has_a_new_committee_evaluate_as_ordered_and_the_old_members_cannot_be_entered_again(
    city: City,
) -> None:
    lot = story.reported(city)
    bidder, body = city.bidders[0], city.supervisor
    path = f"/hall/lots/{lot}/complain/"
    page = bidder.step(path, fields(city, bidder.get(path)))
    body.once(f"{page}accept/")
    ordered = {"outcome": "upheld", "reason": "专家未经抽取。", "correction": "evaluate-new-committee"}
    body.step(f"{page}decide/", ordered)
    assert "按处理决定重新组建评标委员会" in plain(city.host.get(page))
    bidder.get(f"{page}evaluate-again/", 403)
    shown = plain(city.host.get(f"{page}evaluate-again/"))
    assert "原评标委员会成员全部退出" in shown
    assert "第七十条" in shown
    assert "All members of the committee stand down" in plain(city.host.get(f"/en{page}evaluate-again/"))
    city.host.once(f"{page}evaluate-again/")
    assert trading.find_lot(lot).stage == "opened"
    assert "已执行" in plain(body.get(page))
    assert "责令重新组建评标委员会" in plain(city.bidders[1].get("/hall/messages/"))
    assert "编制专家抽取方案" in plain(city.host.get(f"/hall/lots/{lot}/"))
    again = {**story.committee_fields(), "stage": "preview"}
    refused = plain(city.centre.send(f"/hall/lots/{lot}/committee/", again, 422))
    assert "已按投诉处理决定退出评标委员会" in refused
    assert trading.find_lot(lot).stage == "opened"
