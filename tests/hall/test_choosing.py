"""The pages of a draw of experts, and of signs among bids: who reads what, who does what, in the order of the story."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.hall.world import Person, plain
from tests.trading.sitting import PRICES, to_sitting
from tests.trading.test_corrections import carried_out, ordered_by_both, upheld
from tests.trading.test_expert_draw import announce, called, opened, plan, pool
from tests.trading.test_new_committee import another_representative, seated_and_scored
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import ExpertTicket
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import EXPERT, Actor


@pytest.fixture
def town(db) -> Market:
    return market()


def text(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(plain(page)))


def test_a_draw_from_its_plan_to_the_committee_on_the_pages_of_the_hall(town):
    people = pool(town)
    announce(town)
    lot = f"/hall/lots/{town.lot}/"
    host, centre = Person(town.hosts[0]), Person(town.staff.opener)
    names = list(people)
    asked = {
        "wanted-TOTAL_FORMS": "3", "wanted-INITIAL_FORMS": "0", "wanted-MIN_NUM_FORMS": "0",
        "wanted-MAX_NUM_FORMS": "8", "wanted-0-specialty": "technical|房屋建筑", "wanted-0-count": "2",
        "wanted-1-specialty": "economic|工程造价", "wanted-1-count": "1", "representatives": [names[-1]],
    }  # fmt: skip
    refused = host.send(f"{lot}experts/plan/", {**asked, "stage": "preview"}, 422)
    assert "第三十七条" in text(refused)
    host.step(f"{lot}experts/plan/", {**asked, "wanted-0-count": "3"})
    assert "开标后进行" in text(host.get(f"{lot}experts/"))
    host.get(f"{lot}experts/special/")
    opened(town)
    centre.once(f"{lot}experts/draw/")
    page = text(centre.get(f"{lot}experts/"))
    assert "等待答复" in page
    drawn = {each.person for each in called(town)}
    shown = trading.panel_page(town.staff.opener, trading.find_lot(town.lot))
    told = {row.name for order in shown.draws[0].orders for row in order.tickets if row.status}
    assert all(each in page for each in told)
    assert not any(each in text(host.get(f"{lot}experts/")) for each in told)
    Person(town.bidders[0]).get(f"{lot}experts/", 404)
    first, second = called(town)[:2]
    expert = Person(Actor(first.person, "", EXPERT))
    assert "第1建筑工程有限公司" in text(expert.get(f"/hall/calls/{first.code}/"))
    assert "答复评标通知" in text(expert.get("/hall/"))
    expert.send(f"/hall/calls/{first.code}/", {"answer": "no", "why": "", "note": ""}, 422)
    expert.send(f"/hall/calls/{first.code}/", {"answer": "no", "why": "interest", "note": ""})
    Person(Actor(second.person, "", EXPERT)).get(f"/hall/calls/{first.code}/", 404)
    centre.step(f"{lot}experts/{second.code}/unreached/", {"note": "两个号码均无人接听"})
    for each in called(town):
        Person(Actor(each.person, "", EXPERT)).send(f"/hall/calls/{each.code}/", {"answer": "yes"})
    assert "组成评标委员会" in text(centre.get(f"{lot}experts/"))
    centre.once(f"{lot}experts/seat/")
    assert town.stage == "evaluating"
    assert {first.person, second.person} <= drawn
    assert ExpertTicket.objects.filter(status="accepted").count() == 4
    assert "substitute" in centre.get(f"{lot}committee/1/replace/")
    centre.step(f"{lot}committee/1/substitute/", {"why": "health"})
    assert offered(centre.get(f"{lot}committee/1/replace/")) == set(), "nobody has accepted yet"
    (substitute,) = called(town)
    Person(Actor(substitute.person, "", EXPERT)).send(f"/hall/calls/{substitute.code}/", {"answer": "yes"})
    assert offered(centre.get(f"{lot}committee/1/replace/")) == {substitute.person}
    centre.step(f"{lot}committee/1/replace/", {"why": "health", "person": substitute.person})


def offered(page: str) -> set[str]:
    """The experts among whom one may be chosen; a representative is the tenderee's to name."""
    field = page.split('name="person"', 1)[1].split("</select>", 1)[0]
    experts = {each.person for each in identity.experts() if each.kind != "representative"}
    return set(re.findall(r'value="([^"]+)"', field)) & experts


def test_an_expert_says_when_they_are_away_and_whom_they_avoid(town):
    person = next(iter(pool(town)))
    expert, own = Person(Actor(person, "", EXPERT)), "/account/expertise/"
    expert.send(own, {"what": "avoid", "organisation": "1", "reason": "近亲属任职"}, 422)
    expert.send(own, {"what": "avoid", "organisation": town.bidders[0].organisation, "reason": "近亲属任职"})
    assert "第1建筑工程有限公司" in text(expert.get(own))
    expert.send(own, {"what": "away", "until_on": "2020-01-01"}, 422)
    expert.send(own, {"what": "end", "organisation": town.bidders[0].organisation})
    assert "没有申报" in text(expert.get(own))


def test_an_organisation_declares_its_head_and_the_centre_verifies_it(town):
    bidder, centre = Person(town.bidders[0]), Person(town.staff.checker)
    own = "/account/organisation/ties/"
    bidder.send(own, {"head": "王建国", "number": "1"}, 422)
    bidder.send(own, {"head": "王建国", "number": "11010519491231002X", "controllers": "", "managers": ""})
    assert "王建国" in text(centre.get("/account/ties/"))
    centre.send(
        "/account/ties/",
        {"organisation": town.bidders[0].organisation, "decision": "return", "reason": ""},
        422,
    )
    centre.send("/account/ties/", {"organisation": town.bidders[0].organisation, "decision": "verify"})
    assert "已核验" in text(bidder.get(own))


def test_who_draws_for_a_new_committee_reads_that_draw_and_not_the_one_for_who_stood_down(town):
    people = pool(town, technical=9, economic=4)
    announce(town)
    plan(town, people)
    opened(town)
    seated_and_scored(town, people)
    code = upheld(town, "evaluate-new-committee", respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    people |= another_representative(town)
    plan(town, people)
    centre, lot, told = (
        Person(town.staff.opener),
        f"/hall/lots/{town.lot}/",
        "为已按投诉处理决定退出的评标委员会",
    )
    whole, drawing = text(centre.get(f"{lot}experts/")), text(centre.get(f"{lot}experts/draw/"))
    assert (told in whole, told in drawing) == (True, False)
    assert "第 2 次抽取" in drawing
    assert "尚未抽取" in drawing
    assert "开标后进行" not in drawing


def test_who_evaluates_on_paper_is_followed_by_somebody_written_down_and_all_is_entered_anew(town):
    (listed, *_) = pool(town)
    town.to_evaluating(PRICES)
    centre, lot = Person(town.staff.opener), f"/hall/lots/{town.lot}/"
    path = f"{lot}committee/1/replace/"
    bidder = town.bidders[0].organisation
    centre.send(f"{lot}evaluation/{bidder}/", {"decision": "valid", "evaluated": str(PRICES[0] // 100)})
    assert path in centre.get(f"{lot}evaluation/")
    page = centre.get(path)
    assert "纸面上评标" in text(page)
    assert 'name="person"' not in page, "a committee on paper stays on paper"
    assert listed not in page
    assert 'value="order"' not in page, "an order is no cause that the centre chooses"
    assert "evaluates on paper" in text(centre.get(f"/en{path}"))
    typed = {"why": "health", "name": "钱进", "employer": "某设计院", "employer_code": ""}
    refused = text(centre.send(path, {**typed, "stage": "preview"}, 422))
    assert "第四十六条" in refused, "not drawn anywhere"
    typed |= {"pool": "甘肃省综合评标专家库", "record": "2026-0317"}
    twice = text(centre.send(path, {**typed, "name": "专家2", "stage": "preview"}, 422))
    assert "不得重复" in twice
    checked = text(centre.send(path, {**typed, "stage": "preview"}, 200))
    assert "专家0" in checked
    assert "钱进，某设计院" in checked
    assert "全部作废" in checked
    centre.send(path, {**typed, "stage": "confirm"})
    page = text(centre.get(f"{lot}evaluation/"))
    assert "6. 钱进" in page
    assert "专家0" not in page
    assert "还有 3 份投标未评审" in page
    centre.get(path, 404)
    for other in (town.hosts[0], town.bidders[0], town.supervisor):
        Person(other).get(f"{lot}committee/2/replace/", 403)


def test_who_was_stood_down_reads_it_among_their_messages_and_the_bidder_that_no_answer_is_due(town):
    member, bidder = to_sitting(town)[0], town.bidders[0]
    asked = trading.ask_bidder(
        member, town.lot, bidder.organisation, "unclear-meaning", "工期从何时起算？", town.now
    )
    code = upheld(town, "evaluate-new-committee", respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    expert = Person(member)
    page = expert.get("/hall/messages/")
    assert "您不再参加本标段的评标" in text(page)
    assert [each for each in (code, f"/hall/lots/{town.lot}/") if each in page] == []
    assert 'href="/hall/messages/mail/"' in page
    assert "您不再参加本标段的评标" in text(expert.get("/hall/"))
    (told,) = trading.messages_for(member)
    assert expert.send(f"/hall/messages/{told.pk}/", {"as": "open"}) == "/hall/messages/"
    expert.get(f"/hall/lots/{town.lot}/", 404)
    asking = f"/hall/inquiries/{asked.code}/"
    assert "不必再答复" in text(Person(bidder).get("/hall/messages/"))
    closed = Person(bidder).get(asking)
    assert "不必再答复" in text(closed)
    assert "<textarea" not in closed


def test_an_order_that_a_new_tender_has_overtaken_is_told_to_its_body_as_moot_and_never_as_carried_out(db):
    town, (first, own), bodies = ordered_by_both("tender-again", "evaluate-new-committee")
    carried_out(town, "tender-again", first)
    body, page = Person(bodies[1]), f"/hall/complaints/{own}/"
    assert "不再需要执行" in text(body.get("/hall/messages/"))
    assert "本次招标已经结束，不再需要执行" in text(body.get(page))
    assert "已执行" not in text(body.get(page))
    assert "已执行" in text(Person(bodies[0]).get(f"/hall/complaints/{first}/"))
    asked = text(Person(town.hosts[0]).get(page))
    assert "不再需要执行" in asked
    assert "按处理决定重新组建评标委员会" not in asked
