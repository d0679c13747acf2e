"""Which pages exist for which role, and whose matter is whose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.hall import story
from tests.hall.world import City, Person, plain, shown
from yiwang.business.trading import api as trading
from yiwang.doors.hall.proposals import timetable_from
from yiwang.doors.hall.urls import urlpatterns
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal.api import advance_rehearsal, business_now, timeline

ROLES = ("host", "agency", "bidder", "centre", "supervisor", "operator")


def person_of(city: City, role: str) -> Person:
    return {
        "host": city.host,
        "agency": city.agency,
        "bidder": city.bidders[0],
        "centre": city.centre,
        "supervisor": city.supervisor,
        "operator": city.operator,
    }[role]


def addresses(code: str, notice: str, bidder: str) -> dict[str, str]:
    """Every address of the hall with the arguments that it takes."""
    values = {
        "code": code,
        "sha256": "0" * 64,
        "bidder": bidder,
        "number": 1,
        "token": "unsigned",
        "paper": "opening",
        "ending": "pdf",
        "secret": "nobody-was-given-this",
        "motion": "M-000000000000",
        "ticket": "Q-000000000000",
    }
    found = {}
    for each in urlpatterns:
        names = list(each.pattern.converters)
        given = [
            notice
            if each.name.startswith("notice")
            else code[:17]
            if each.name.startswith("project")
            else values[n]
            for n in names[:1]
        ]
        given += [values[n] for n in names[1:]]
        found[each.name] = reverse(f"hall:{each.name}", args=given)
    return found


def test_every_view_of_the_hall_declares_its_permission() -> None:
    assert get_resolver()
    for each in urlpatterns:
        assert each.callback.permission.roles, each.name


@pytest.mark.parametrize("role", ROLES)
def test_a_page_answers_403_exactly_to_the_roles_that_lack_its_permission(city: City, role: str) -> None:
    code = story.announce(city)
    notice = trading.find_lot(code).tender_notice
    person = person_of(city, role)
    for name, path in addresses(code, notice, city.bidders[0].actor.organisation).items():
        view = next(each.callback for each in urlpatterns if each.name == name)
        status = person.client.get(path).status_code
        assert (status == 403) is not view.permission.allows(person.actor), (name, role, status)
        assert status < 500, (name, role)


def test_a_visitor_is_sent_to_the_login_and_comes_back(city: City) -> None:
    code = story.announce(city)
    notice = trading.find_lot(code).tender_notice
    for name, path in addresses(code, notice, city.bidders[0].actor.organisation).items():
        answer = Client().get(path)
        if name == "calendar-feed":  # a program has no session: who has the secret address reads, nobody else
            assert answer.status_code == 404
            continue
        assert answer.status_code == 302
        assert "next=" in answer.headers["Location"]


def test_acts_are_taken_by_post_with_a_token_only(city: City) -> None:
    code = story.announce(city)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = city.bidders[0].client.cookies
    assert strict.post(f"/hall/lots/{code}/documents/").status_code == 403
    assert city.host.client.get("/hall/messages/read/").status_code == 405
    assert city.centre.client.post(f"/hall/lots/{code}/timeline.json").status_code == 405


def test_another_tenderee_finds_neither_the_lot_nor_its_notice(city: City) -> None:
    code = story.announce(city)
    notice = trading.find_lot(code).tender_notice
    for name, path in addresses(code, notice, city.bidders[0].actor.organisation).items():
        if name == "join":  # says what the public page says: that this tenderee is not among its bidders
            assert "您还不能参与这个标段" in city.stranger.get(path)
        elif code[:17] in path:
            assert city.stranger.client.get(path).status_code in (403, 404, 405), path
    assert code not in city.stranger.get("/hall/lots/")


def test_a_bidder_sees_no_draft_and_no_lot_that_was_not_announced(city: City) -> None:
    code = story.register(city)
    notice = story.draft(city, code)
    bidder = city.bidders[0]
    page = bidder.get(f"/hall/lots/{code}/", 404)
    assert "退出登录" in page
    assert ">登录<" not in page
    bidder.get(f"/hall/notices/{notice}/", 404)
    assert code not in bidder.get("/hall/lots/")


def test_a_supervisor_reads_everything_changes_nothing_and_leaves_a_trace(city: City) -> None:
    code = story.announce(city)
    before = len(timeline(trading.find_lot(code).ref, public_only=False))
    page = plain(city.supervisor.get(f"/hall/lots/{code}/"))
    assert "导出 Excel" in page
    assert city.supervisor.client.post(f"/hall/lots/{code}/open/").status_code == 403
    exported = city.supervisor.client.get(f"/hall/lots/{code}/timeline.json").json()
    assert {"project-registered", "notice-published", "lot-announced"} <= {
        each["kind"] for each in exported["entries"]
    }
    sheet = city.supervisor.client.get(f"/hall/lots/{code}/timeline.xlsx")
    assert sheet.content.startswith(b"PK")
    traces = timeline(trading.find_lot(code).ref, public_only=False)[before:]
    assert [each.kind for each in traces] == ["supervisor-read"] * 3
    assert "supervisor-read" not in str(exported)


def test_the_list_filters_searches_and_goes_to_excel(city: City) -> None:
    code = story.announce(city)
    waiting = story.register(city)
    page = city.host.get("/hall/lots/?stage=bidding")
    assert code in page
    assert waiting not in page
    assert waiting in city.host.get(f"/hall/lots/?q={waiting}")
    assert city.host.client.get("/hall/lots/?format=excel").content.startswith(b"PK")
    assert "没有符合条件的记录" in plain(city.host.get("/hall/lots/?q=nothing-like-it"))


def test_the_rehearsal_clock_moves_forward_only(city: City) -> None:
    code = story.announce(city)
    deadline_at = trading.find_lot(code).deadline_at
    page = city.host.get("/hall/clock/")
    assert "投标截止" in plain(page)
    now = business_now()
    city.host.send("/hall/clock/", {"by": "hour"})
    assert (business_now() - now).total_seconds() == 3600
    city.host.send("/hall/clock/", {"by": "next"})
    assert business_now() >= deadline_at
    back = city.host.send("/hall/clock/", {"by": "typed", "to": "2026-01-01T00:00"}, 422)
    assert "id_to_error" in back
    assert "请填写要前进到的时间" in plain(city.host.send("/hall/clock/", {"by": "typed", "to": ""}, 422))


def test_what_is_not_yet_possible_is_said_with_reason_and_date(city: City) -> None:
    code = story.announce(city)
    page = plain(city.host.get(f"/hall/lots/{code}/"))
    assert "还不能办理" in page
    assert "投标截止之前任何人不得开标" in page
    assert "第三十四条" in page
    drafted = story.draft(city, story.register(city))
    assert "职责分离 D01" in plain(city.host.get(f"/hall/lots/{drafted[:23]}/"))


def test_every_empty_hall_says_how_to_begin(city: City) -> None:
    assert "登记一个项目" in plain(city.host.get("/hall/"))
    assert "可获取招标文件的标段会出现在这里" in plain(city.bidders[0].get("/hall/"))
    assert "等待形式核验的公告会出现在这里" in plain(city.centre.get("/hall/"))
    assert "您的查阅会记录在案" in plain(city.supervisor.get("/hall/"))


def test_a_missed_worker_round_is_told_on_the_clock_page(city: City) -> None:
    code = story.announce(city)
    advance_rehearsal(trading.find_lot(code).deadline_at.replace(hour=20), SYSTEM_ACTOR)
    assert "系统正在办理到期事项" in plain(city.host.get("/hall/clock/"))


def test_the_menu_leads_each_role_only_to_pages_that_it_may_open(city: City) -> None:
    for role in ROLES:
        person = person_of(city, role)
        side = person.get("/hall/").split('class="side"')[1].split("</nav>")[0]
        addresses_there = [each.split('"')[0] for each in side.split('href="')[1:]]
        assert len(addresses_there) >= 4
        for path in addresses_there:
            assert person.client.get(path).status_code == 200, (role, path)


def test_documents_that_are_not_issued_yet_are_announced_with_their_instant(city: City) -> None:
    code = story.register(city)
    times = story.timetable()
    later = timetable_from(times.publish_at + timedelta(days=2))
    fields = {**story.terms_fields(later), "publish_at": shown(times.publish_at)}
    notice = city.host.step(f"/hall/lots/{code}/tender-notice/", fields).rstrip("/").split("/")[-1]
    story.publish(city, notice)
    page = plain(city.bidders[0].get(f"/hall/lots/{code}/"))
    assert "招标文件自" in page.split("还不能办理")[1]
    refused = city.bidders[0].send(f"/hall/lots/{code}/documents/", status=422)
    assert "起才可获取" in plain(refused)
