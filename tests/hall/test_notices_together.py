"""One notice for several lots, as an agency clicks it together and everybody reads it."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.test import Client

from tests.hall.world import hidden, plain, shown, upload
from tests.site.api_world import Program
from tests.site.test_routes import client_of
from tests.trading.test_notices_together import announced, clarification, draft, lots, reported, stages
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.doors.website import api as website
from yiwang.doors.website import places
from yiwang.doors.website.models import NOTICE, SearchEntry
from yiwang.doors.website.rendering import render
from yiwang.doors.website.services import note_notice, note_project
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal.api import act, advance_rehearsal, work

__all__ = ["lots"]


@pytest.fixture
def town(db) -> Market:
    built = market()
    advance_rehearsal(built.now, SYSTEM_ACTOR)
    return built


def typed(town: Market, codes, **other) -> dict[str, object]:
    """What an agency fills in; ``other`` as ``field=value`` for the last lot."""
    terms = town.terms()
    fields: dict[str, object] = {
        "publish_at": shown(terms.publish_at),
        "documents_from_at": shown(terms.documents_from_at),
        "documents_until_on": terms.documents_until_on.isoformat(),
        "deadline_at": shown(terms.deadline_at),
        "opening_place": "第三开标室",
        "qualification": "施工总承包二级",
        "validity_days": "90",
        "method": "lowest-evaluated-price",
        "lots": list(codes),
    }
    for code in codes:
        own = {"ceiling_fen": "6000000", "deposit_fen": "60000", "period_days": "180", "qualification": ""}
        fields |= {f"{code}-{name}": value for name, value in own.items()}
    return fields | {f"{codes[-1]}-{name}": value for name, value in other.items()}


def test_an_agency_announces_lots_in_one_notice_from_the_page_of_the_project(town, lots):
    client = client_of(town.agency.person)
    path = f"/hall/projects/{lots[0][:17]}/tender-notice/"
    assert path in client.get(f"/hall/projects/{lots[0][:17]}/").content.decode()
    assert "施工二标段" in client.get(path).content.decode()
    files = {"papers": upload("招标文件"), f"{lots[1]}-papers": upload("二标段清单")}
    sent = {**typed(town, lots[:2], ceiling_fen="5500000", qualification="公路工程二级"), **files}
    preview = client.post(path, {**sent, "stage": "preview"})
    text = preview.content.decode()
    assert preview.status_code == 200, plain(text)[:800]
    assert "5,500,000.00" in text
    assert stages(lots) == ["registered"] * 3, "only shown yet"
    done = client.post(path, {**hidden(text), "stage": "confirm"})
    assert done.status_code == 302
    code = done["Location"].rstrip("/").split("/")[-1]
    assert stages(lots) == ["announcing", "announcing", "registered"]
    assert [len(trading.documents_of(trading.find_lot(each))) for each in lots[:2]] == [1, 2]
    assert [trading.find_lot(each).qualification for each in lots[:2]] == ["施工总承包二级", "公路工程二级"]
    for person in (town.agency, town.hosts[1], town.staff.checker):
        assert "施工二标段" in client_of(person.person).get(f"/hall/notices/{code}/").content.decode()
    assert code in client.get(f"/hall/lots/{lots[1]}/").content.decode(), "found from each lot"


def test_every_reason_of_every_lot_stands_on_the_page_and_nothing_typed_is_lost(town, lots):
    client = client_of(town.agency.person)
    path = f"/hall/projects/{lots[0][:17]}/tender-notice/"
    wrong = {**typed(town, lots, deposit_fen="9000000", period_days=""), f"{lots[0]}-ceiling_fen": "很多"}
    refused = client.post(path, {**wrong, "papers": upload("招标文件"), "stage": "preview"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert f'href="#id_{lots[0]}-ceiling_fen"' in text
    assert f'href="#id_{lots[2]}-period_days"' in text
    assert all(each in text for each in ('value="很多"', 'value="9000000"', "招标文件.pdf"))
    unlawful = {**typed(town, lots, deposit_fen="9000000"), "deadline_at": shown(town.terms().publish_at)}
    refused = client.post(path, {**unlawful, "papers": upload("招标文件"), "stage": "confirm"})
    summary = html.unescape(refused.content.decode()).split('class="findings refusal"')[1].split("</div>")[0]
    assert refused.status_code == 422
    assert f'href="#id_{lots[2]}-deposit_fen"' in summary
    assert "第二十六条" in summary
    assert summary.count("第二十四条") == 1, "what is the same for all is said once"
    assert client.post(path, {"stage": "preview"}).status_code == 422
    assert client.get("/hall/projects/NOBODYS/tender-notice/").status_code == 404


def test_one_publicity_and_one_result_notice_are_chosen_previewed_and_drafted(town, lots):
    announced(town, lots)
    reported(town, lots)
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    client = client_of(town.agency.person)
    path = f"/hall/projects/{lots[0][:17]}/publicity/"
    page = client.get(path).content.decode()
    proposed = {
        name: page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
        for name in ("publish_at", "publicity_until_on", "contact")
    }
    short = {**proposed, "lots": lots, "publicity_until_on": proposed["publish_at"][:10], "stage": "preview"}
    refused = client.post(path, short)
    assert refused.status_code == 422
    assert "第五十四条" in refused.content.decode()
    assert client.post(path, {**proposed, "lots": lots[:1], "stage": "preview"}).status_code == 422
    preview = client.post(path, {**proposed, "lots": lots, "stage": "preview"}).content.decode()
    assert preview.count('class="notice-part"') == 3, "the candidates of each lot under its name"
    done = client.post(path, {**hidden(preview), "stage": "confirm"})
    notice = notices.notice(done["Location"].rstrip("/").split("/")[-1])
    assert [each.about.code for each in notice.parts] == lots
    town.publish(notice.code, trading.find_lot(lots[0]).publicity_from_at)
    town.work(trading.find_lot(lots[0]).publicity_until_at)
    for code in lots:
        trading.award(town.hosts[0], code, town.bidders[1].organisation, town.now)
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    path = f"/hall/projects/{lots[0][:17]}/result-notice/"
    preview = client.post(path, {"lots": lots, "stage": "preview"}).content.decode()
    assert client.post(path, {**hidden(preview), "stage": "confirm"}).status_code == 302
    assert {trading.find_lot(each).result_notice for each in lots} == {f"{lots[0][:17]}-03"}


def test_what_lots_share_is_corrected_and_put_off_for_those_that_are_ticked(town, lots):
    notice = announced(town, lots)
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    client = client_of(town.agency.person)
    deadline = trading.find_lot(lots[0]).deadline_at
    path = f"/hall/lots/{lots[0]}/postpone/"
    assert client.get(path).content.decode().count('name="others"') == 2
    later = {"reason": "补充清单。", "others": lots[1:], "publish_at": shown(town.now + timedelta(days=1)),
             "deadline_at": shown(deadline)}  # fmt: skip
    refused = client.post(path, {**later, "stage": "preview"})
    assert refused.status_code == 422
    assert all(each in refused.content.decode() for each in lots), "each lot by its code"
    later["deadline_at"] = shown(deadline + timedelta(days=7))
    preview = client.post(path, {**later, "stage": "preview"}).content.decode()
    assert "绿化" in preview
    done = client.post(path, {**hidden(preview), "stage": "confirm"})
    assert len(notices.notice(done["Location"].rstrip("/").split("/")[-1]).parts) == 3
    wrong = {"original": notice.code, "others": lots[1:2], "content": "联系电话更正。", "affects_bids": "no"}
    preview = client.post(f"/hall/lots/{lots[0]}/correct/", {**wrong, "stage": "preview"}).content.decode()
    done = client.post(f"/hall/lots/{lots[0]}/correct/", {**hidden(preview), "stage": "confirm"})
    drafted = notices.notice(done["Location"].rstrip("/").split("/")[-1])
    assert (drafted.corrects, len(drafted.parts)) == (notice.code, 2)


def test_the_page_of_one_lot_tells_of_those_that_can_share_its_notice(town, lots):
    client = client_of(town.agency.person)
    page = client.get(f"/hall/lots/{lots[1]}/tender-notice/").content.decode()
    assert f"/hall/projects/{lots[0][:17]}/tender-notice/" in page
    for code in lots[1:]:
        trading.terminate(town.hosts[0], code, "资金调整。", town.now)
    page = client.get(f"/hall/lots/{lots[0]}/tender-notice/").content.decode()
    assert f"/hall/projects/{lots[0][:17]}/tender-notice/" not in page


def test_the_public_site_shows_one_notice_found_from_each_lot_and_each_lot_from_it(town, lots):
    notice = announced(town, lots)
    with act():
        note_notice(notice.code, town.now)
    assert [each.code for each in SearchEntry.objects.filter(kind=NOTICE)] == [notice.code]
    for language in ("zh-hans", "en"):
        page = render(places.notice_page(notice.code), language, town.now).decode()
        assert all(f"#lot-{each}" in page for each in lots)
        assert page.count('<tr class="part">') == 3
        project = render(places.project_page(lots[0][:17]), language, town.now).decode()
        assert project.count(f"/notices/{notice.code}/") >= 3
    assert render(places.paper_file(notice.code), "zh-hans", town.now).startswith(b"%PDF")


def test_the_centre_checks_and_returns_such_a_notice_as_one(town, lots):
    notice = draft(town, lots)
    publish_at = town.terms().publish_at
    host = client_of(town.hosts[1].person)
    path = f"/hall/notices/{notice.code}/confirm/"
    preview = host.post(path, {"publish_at": shown(publish_at), "stage": "preview"}).content.decode()
    assert host.post(path, {**hidden(preview), "stage": "confirm"}).status_code == 302
    centre = client_of(town.staff.checker.person)
    check = f"/hall/notices/{notice.code}/check/"
    assert centre.post(check, {"decision": "return", "reasons": "缺少电话。"}).status_code == 302
    assert stages(lots) == ["registered"] * 3


def test_one_clarification_is_drafted_for_the_lots_that_are_ticked_and_answers_their_questions(town, lots):
    announced(town, lots)
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    asked = []
    for code in lots[:2]:
        trading.take_documents(town.bidders[0], code, town.now)
        asked.append(trading.ask(town.bidders[0], code, f"{code}的清单缺页吗？", [], town.now).code)
    client = client_of(town.agency.person)
    path = f"/hall/lots/{lots[0]}/clarify/"
    page = client.get(path).content.decode()
    assert page.count('name="others"') == 2
    assert [f'value="{each}"' in page for each in asked] == [True, True]
    said = {"content": "清单以附件为准。", "affects_bids": "no", "answers": asked,
            "publish_at": shown(town.now + timedelta(days=1)), "deadline_at": ""}  # fmt: skip
    refused = client.post(path, {**said, "stage": "preview"})
    assert refused.status_code == 422
    assert "所选的提问是施工二标段的" in refused.content.decode()
    chosen = {**said, "others": lots[1:2]}
    wrong = client.post(path, {**chosen, "deadline_at": shown(town.now), "stage": "preview"})
    assert all(each in wrong.content.decode() for each in lots[:2]), "each lot by its code"
    preview = client.post(path, {**chosen, "papers": upload("补充清单"), "stage": "preview"})
    assert "施工一标段、施工二标段" in preview.content.decode()
    done = client.post(path, {**hidden(preview.content.decode()), "stage": "confirm"})
    notice = notices.notice(done["Location"].rstrip("/").split("/")[-1])
    assert [each.about.code for each in notice.parts] == lots[:2]
    assert [each["name"] for each in notice.values["documents"]] == ["补充清单.pdf"]


def test_the_end_of_several_tenders_is_told_in_one_notice_offered_by_the_project_and_by_each_lot(town, lots):
    announced(town, lots)
    trading.terminate(town.hosts[0], lots[2], "资金调整，不再建设。", town.now)
    town.lot = lots[0]
    town.close()
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    client = client_of(town.agency.person)
    path = f"/hall/projects/{lots[0][:17]}/failure-notice/"
    for page in (f"/hall/projects/{lots[0][:17]}/", f"/hall/lots/{lots[1]}/failure-notice/"):
        assert path in client.get(page).content.decode()
    assert client.post(path, {"lots": lots[:1], "stage": "preview"}).status_code == 422
    preview = client.post(path, {"lots": lots, "stage": "preview"}).content.decode()
    assert "资金调整，不再建设" in preview
    done = client.post(path, {**hidden(preview), "stage": "confirm"})
    notice = notices.notice(done["Location"].rstrip("/").split("/")[-1])
    assert (notice.form, [each.about.code for each in notice.parts]) == ("failed-tender", lots)
    assert path not in client.get(f"/hall/projects/{lots[0][:17]}/").content.decode()
    contracts = client.get(f"/hall/projects/{lots[0][:17]}/contract-notice/").content.decode()
    assert "现在没有等待这种公告的标段" in contracts


def record_of(page: str, lot: str) -> str:
    """The record of a lot on the public page of its project."""
    return page.split(f'id="lot-{lot}"')[1].split('lot-record"')[1].split("</details>")[0]


def test_the_public_record_of_every_lot_shows_that_their_notice_was_published(town, lots):
    notice = announced(town, lots[:2])
    town.publish(
        trading.draft_clarification_together(town.agency, lots[:2], clarification(town), town.now).code,
        clarification(town).publish_at,
    )
    work([website.READER], {}, town.now)
    for language, words in (("zh-hans", "公告发布"), ("en", "Notice published")):
        page = render(places.project_page(lots[0][:17]), language, town.now).decode()
        records = [record_of(page, code) for code in lots[:2]]
        assert [each.count(f">{words}<") for each in records] == [2, 2], (
            "the tender notice and the clarification"
        )
    anybody = Program()
    feed = anybody.get("/feed", {"after": 0, "limit": 100}).json()["entries"]
    published = [each for each in feed if each["kind"] == "notice-published"]
    assert [each["facts"]["matters"] for each in published] == [
        [str(trading.find_lot(code).ref) for code in lots[:2]]
    ] * 2
    for code in lots[:2]:
        shown = anybody.get(f"/lots/{code}").json()
        assert [each["facts"]["notice"] for each in published] == shown["notices"]
        assert anybody.get(f"/notices/{notice.code}").json()["lots"] == lots[:2]


def test_a_shared_notice_is_found_by_the_stage_of_each_of_its_lots_wherever_it_is_looked_for(town, lots):
    notice = announced(town, lots[:2])
    with act():
        note_notice(notice.code, town.now)
    trading.terminate(town.hosts[0], lots[1], "资金调整，不再建设。", town.now)
    with act():
        note_project(lots[0][:17], town.now)
    for stage in ("bidding", "terminated"):
        asked = {"stage": stage}
        listed = Program().get("/notices", asked).json()["notices"]
        assert [each["code"] for each in listed] == [notice.code]
        assert Program().get("/notices", {**asked, "form": "result-notice"}).json()["notices"] == []
        for page in ("/search/", "/search/feed.xml"):
            assert notice.code in Client().get(page, asked).content.decode()
    assert Program().get("/notices", {"stage": "closed"}).json()["notices"] == []
