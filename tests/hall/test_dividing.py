"""Who of an organisation is in charge of what, who stands in for whom, and what stays on record of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.hall import story
from tests.hall.world import City, plain
from tests.trading.world import market
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import business_now, timeline


def todo_codes(city: City, whose: str, second: bool = False) -> str:
    who = city.second_host if second else city.host
    return who.get(f"/hall/todos/?whose={whose}")


def test_lots_are_mine_a_colleagues_or_nobodys_and_the_new_holder_is_told(city: City) -> None:
    first, second = story.register(city), story.register(city)
    other = city.second_host.actor.person
    city.host.send(f"/hall/lots/{first}/charge/", {"person": other})
    assert "您成为这个标段的负责人" in plain(city.second_host.get("/hall/messages/"))
    assert "您成为这个标段的负责人" not in plain(city.host.get("/hall/messages/"))
    assert "负责人：钱晓梅" in plain(city.host.get(f"/hall/lots/{first}/"))
    assert first in todo_codes(city, "mine", second=True)
    assert first not in todo_codes(city, "mine")
    assert second in todo_codes(city, "unassigned")
    assert first not in todo_codes(city, "unassigned")
    assert first in city.host.get(f"/hall/lots/?whose={other}")
    kinds = [each.kind for each in timeline(trading.find_lot(first).ref, public_only=False)]
    assert kinds.count("lot-given") == 1
    assert "lot-given" not in [each.kind for each in timeline(trading.find_lot(first).ref)]
    city.host.send(f"/hall/lots/{first}/charge/", {"person": ""})
    assert first in todo_codes(city, "unassigned")


def test_all_lots_of_a_filter_are_shown_and_given_at_once(city: City) -> None:
    codes = [story.register(city) for _ in range(3)]
    page = plain(city.host.get("/hall/lots/give/?stage=registered"))
    assert "以下 3 个标段" in page
    assert all(each in page for each in codes)
    city.host.send("/hall/lots/give/?stage=registered", {"person": city.host.actor.person})
    assert all(each in todo_codes(city, "mine") for each in codes)
    refused = plain(city.host.send("/hall/lots/give/?stage=bidding", {"person": ""}, 422))
    assert "没有选中标段" in refused


def test_only_a_colleague_in_the_same_role_is_put_in_charge_and_only_of_own_lots(city: City) -> None:
    code, now = story.register(city), business_now()
    for person in (city.agency.actor.person, city.stranger.actor.person, "P-NOBODY"):
        with pytest.raises(Refused, match="no-colleague"):
            trading.give_lots(city.host.actor, [code], person, now)
    with pytest.raises(Refused, match="lots-not-yours"):
        trading.give_lots(city.stranger.actor, [code], city.stranger.actor.person, now)
    city.stranger.get(f"/hall/lots/{code}/charge/", 404)


def test_a_deputy_finds_the_lots_of_the_absent_acts_as_themselves_and_the_record_says_for_whom(
    city: City,
) -> None:
    code = story.register(city)
    notice = story.draft(city, code)
    today = local_day(business_now())
    trading.give_lots(city.host.actor, [code], city.host.actor.person, business_now())
    assert code not in todo_codes(city, "mine", second=True)
    days = {"since_on": today.isoformat(), "until_on": (today + timedelta(days=2)).isoformat()}
    city.host.send("/hall/absence/", {**days, "deputy": city.second_host.actor.person})
    assert code in todo_codes(city, "mine", second=True)
    story.publish(city, notice)
    acts = plain(city.host.get(f"/hall/lots/{code}/acts/"))
    assert "赵建国" in acts
    assert "钱晓梅" not in acts.split("办理人")[1] or "代 赵建国" in acts
    city.until(business_now() + timedelta(days=4))
    assert code not in todo_codes(city, "mine", second=True)


def test_absences_are_refused_with_every_reason_and_end_when_their_person_says_so(city: City) -> None:
    today = local_day(business_now())
    path, deputy = "/hall/absence/", city.second_host.actor.person
    wrong = {"since_on": today.isoformat(), "until_on": "2026-01-01", "deputy": deputy}
    assert "结束日期不得早于" in plain(city.host.send(path, wrong, 422))
    for until_on, rule in ((today + timedelta(days=366), ""), (today + timedelta(days=367), "absence-long")):
        if rule:
            with pytest.raises(Refused, match=rule):
                trading.note_absence(city.host.actor, deputy, today, until_on, business_now())
    absence = trading.note_absence(city.host.actor, deputy, today, today, business_now())
    with pytest.raises(Refused, match="absence-overlaps"):
        trading.note_absence(city.host.actor, deputy, today, today + timedelta(days=1), business_now())
    with pytest.raises(Refused, match="no-colleague"):
        trading.note_absence(city.second_host.actor, deputy, today, today, business_now())
    assert "没有这条外出登记" in plain(city.second_host.send(f"/hall/absence/{absence.pk}/end/", {}, 422))
    city.host.send(f"/hall/absence/{absence.pk}/end/")
    assert "现在没有人外出" in plain(city.host.get(path))
    assert "还没有同一角色的其他人员" in plain(city.agency.get(path))
    assert isinstance(today, date)


def test_what_stands_still_is_late_or_was_warned_of_is_in_one_list_with_its_article(city: City) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    objection = trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], business_now())
    page = plain(city.supervisor.get("/hall/findings/"))
    assert "有异议待答复" in page
    assert "超期日数" in page
    city.until(business_now() + timedelta(days=5))
    late = plain(city.supervisor.get("/hall/findings/?kind=late"))
    assert "答复异议期限" in late
    assert "第二十二条" in late
    trading.answer_objection(city.host.actor, objection.code, "维持原要求。", [], False, business_now())
    warned = plain(city.centre.get("/hall/findings/?kind=warned"))
    assert "共 1 条" in warned
    assert "没有符合条件的记录" in plain(city.supervisor.get("/hall/findings/?kind=suspended"))
    assert city.supervisor.client.get("/hall/findings/?format=excel").content.startswith(b"PK")
    city.host.get("/hall/findings/", 403)


def test_an_agency_takes_back_what_it_drafted_until_the_tenderee_confirmed_it(db: None) -> None:
    town = market()
    town.register(by_agency=True)
    notice = trading.draft_tender_notice(town.agency, town.lot, town.terms(), town.now)
    trading.take_back_notice(town.agency, notice.code, town.now)
    assert town.stage == "registered"
    terms = town.terms()
    notice = trading.draft_tender_notice(town.agency, town.lot, terms, town.now)
    trading.confirm_notice(town.hosts[0], notice.code, terms.publish_at, town.now)
    with pytest.raises(Refused, match="agency-takes-back"):
        trading.take_back_notice(town.agency, notice.code, town.now)
    trading.take_back_notice(town.hosts[0], notice.code, town.now)
    assert town.stage == "registered"
