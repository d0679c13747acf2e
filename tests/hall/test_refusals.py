"""What the law or the form says no to: at its field, with its article, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.hall import story
from tests.hall.world import City, hidden, paper, plain, shown, upload
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal.api import advance_rehearsal


def error_of(page: str, name: str) -> str:
    """What stands under the field ``name``."""
    parts = page.split(f'id="id_{name}_error"')
    assert len(parts) == 2, plain(page)[:1500]
    return plain("<div" + parts[1].split("</div>")[0])


def test_a_deadline_one_day_short_is_refused_at_its_field_and_what_was_typed_is_kept(city: City) -> None:
    code = story.register(city)
    times = story.timetable()
    fields = {**story.terms_fields(times), "deadline_at": shown(times.deadline_at - timedelta(days=1))}
    page = city.host.send(f"/hall/lots/{code}/tender-notice/", {**fields, "stage": "preview"}, 422)
    assert "招标投标法》第二十四条" in error_of(page, "deadline_at")
    assert 'href="#id_deadline_at"' in page
    assert "市公共资源交易中心第三开标室" in page
    assert shown(times.deadline_at - timedelta(days=1)) in page
    assert "招标文件.pdf" in page
    assert trading.find_lot(code).stage == "registered"


def test_all_reasons_are_told_at_once(city: City) -> None:
    code = story.register(city)
    times = story.timetable()
    fields = {
        **story.terms_fields(times),
        "deadline_at": shown(times.deadline_at - timedelta(days=1)),
        "documents_until_on": (times.publish_at + timedelta(days=2)).date().isoformat(),
        "deposit_fen": "240000.01",
    }
    page = city.host.send(f"/hall/lots/{code}/tender-notice/", {**fields, "stage": "preview"}, 422)
    assert "第二十四条" in error_of(page, "deadline_at")
    assert "第十六条" in error_of(page, "documents_until_on")
    assert "第二十六条" in error_of(page, "deposit_fen")


@pytest.mark.parametrize("typed", ["5", "9", "-1"])
def test_decimals_of_a_method_that_no_rule_allows_are_refused_at_their_fields(city: City, typed: str) -> None:
    code = story.register(city)
    fields = {**story.terms_fields(story.timetable()), "method": "comprehensive-mean", "stage": "preview"}
    path = f"/hall/lots/{code}/tender-notice/"
    page = city.host.send(path, {**fields, "deviation_decimals": typed, "score_decimals": typed}, 422)
    for name in ("deviation_decimals", "score_decimals"):
        assert "小数位数应在 0 至 4 之间" in error_of(page, name)
    page = city.host.send(path, {**fields, "deviation_decimals": "4", "score_decimals": "4"}, 422)
    assert "小数位数应在" not in plain(page)


def test_a_recount_from_another_publication_fills_in_the_shortest_times(city: City) -> None:
    code = story.register(city)
    times = story.timetable()
    later = times.publish_at + timedelta(days=7)
    fields = {**story.terms_fields(times), "publish_at": shown(later), "recalculate": "1"}
    page = city.host.send(f"/hall/lots/{code}/tender-notice/", fields, 200)
    assert story.proposed(page, "documents_from_at") == shown(later)
    assert story.proposed(page, "deadline_at") > shown(times.deadline_at)
    assert "has-error" not in page


def test_a_refused_notice_keeps_its_uploaded_file_and_takes_it_when_mended(city: City) -> None:
    code = story.register(city)
    path = f"/hall/lots/{code}/tender-notice/"
    fields = {**story.terms_fields(story.timetable()), "qualification": ""}
    page = city.host.send(path, {**fields, "stage": "preview"}, 422)
    mended = {**fields, "qualification": "建筑工程施工总承包二级。", "kept": hidden(page)["kept"]}
    mended.pop("papers")
    city.host.step(path, mended)
    assert [each.name for each in trading.documents_of(trading.find_lot(code))] == ["招标文件.pdf"]


def test_a_kept_file_can_be_removed_and_then_the_documents_are_missing(city: City) -> None:
    code = story.register(city)
    path = f"/hall/lots/{code}/tender-notice/"
    fields = {**story.terms_fields(story.timetable()), "qualification": ""}
    token = hidden(city.host.send(path, {**fields, "stage": "preview"}, 422))["kept"]
    again = {**fields, "qualification": "二级。", "kept": token, "remove": token, "stage": "preview"}
    again.pop("papers")
    page = city.host.send(path, again, 422)
    assert "招标文件" in error_of(page, "papers")


def test_a_token_of_somebody_elses_file_is_worth_nothing(city: City) -> None:
    code = story.register(city)
    fields = {**story.terms_fields(story.timetable()), "qualification": ""}
    page = city.host.send(f"/hall/lots/{code}/tender-notice/", {**fields, "stage": "preview"}, 422)
    other = story.register(city)
    stolen = {**story.terms_fields(story.timetable()), "kept": hidden(page)["kept"], "stage": "preview"}
    stolen.pop("papers")
    refused = city.second_host.send(f"/hall/lots/{other}/tender-notice/", stolen, 422)
    assert "招标文件.pdf" not in refused


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bid.pdf", b"", "文件是空的"),
        ("bid.pdf", b"MZ\x90\x00 this is a program", "文件类型"),
        ("bid.exe", b"\x7fELF\x02\x01\x01", "文件类型"),
    ],
)
def test_files_that_are_no_documents_are_refused_by_their_content(
    city: City, name: str, content: bytes, said: str
) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/bid/"
    fields = {**story.SHEET, "key": hidden(bidder.get(path))["key"], "stage": "preview"}
    good, bad = upload("施工组织设计"), SimpleUploadedFile(name, content)
    page = bidder.send(path, {**fields, "papers": [good, bad]}, 422)
    assert said in error_of(page, "papers")
    assert "施工组织设计.pdf" in page
    assert "11000000" in page


def test_who_drafted_a_notice_cannot_confirm_it(city: City) -> None:
    code = story.register(city)
    notice = story.draft(city, code)
    page = city.host.get(f"/hall/notices/{notice}/confirm/")
    assert "D01" in page
    fields = {"publish_at": story.proposed(page, "publish_at"), "stage": "confirm"}
    refused = city.host.send(f"/hall/notices/{notice}/confirm/", fields, 422)
    assert "职责分离（D01）" in plain(refused)
    assert trading.find_lot(code).stage == "announcing"


def test_a_bid_after_the_deadline_is_refused_with_the_article_and_both_instants(city: City) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    path = f"/hall/lots/{code}/bid/"
    key = hidden(bidder.get(path))["key"]
    for number in (1, 2, 3):
        story.bid(city, code, number, "11000000")
    advance_rehearsal(trading.find_lot(code).deadline_at, SYSTEM_ACTOR)
    page = bidder.send(path, {**story.SHEET, "key": key, "stage": "confirm"}, 422)
    assert "第二十八条" in plain(page)
    assert "09:30:00" in plain(page)
    assert trading.find_lot(code).envelopes.filter(bidder=bidder.actor.organisation).count() == 0


def test_bids_are_not_opened_before_the_deadline(city: City) -> None:
    code = story.announce(city)
    page = city.centre.get(f"/hall/lots/{code}/open/")
    refused = city.centre.send(f"/hall/lots/{code}/open/", {**hidden(page), "stage": "confirm"}, 422)
    assert "标段不在该步骤所需的阶段" in plain(refused)
    assert trading.find_lot(code).stage == "bidding"


def test_before_the_opening_no_role_sees_a_price_or_a_paper(city: City) -> None:
    code = story.announce(city)
    story.bid(city, code, 0, "11223344.55")
    receipt = city.bidders[0].client.get(f"/hall/lots/{code}/receipt.json").json()
    sha256, bidder = receipt["papers"][0]["sha256"], city.bidders[0].actor.organisation
    for person in (city.host, city.centre, city.supervisor, city.operator, *city.bidders):
        person.get(f"/hall/lots/{code}/bids/{bidder}/{sha256}/", 404)
        page = person.get(f"/hall/lots/{code}/")
        assert "11223344.55" not in page.replace(",", "")
        if person is not city.bidders[0]:
            assert bidder not in page


def test_after_the_opening_the_centre_and_the_bidder_read_the_paper(city: City) -> None:
    code = story.opened(city)
    bidder = city.bidders[0]
    sha256 = bidder.client.get(f"/hall/lots/{code}/receipt.json").json()["papers"][0]["sha256"]
    path = f"/hall/lots/{code}/bids/{bidder.actor.organisation}/{sha256}/"
    answer = city.centre.client.get(path)
    assert b"".join(answer.streaming_content) == paper("投标文件0")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    city.bidders[1].get(path, 404)


def test_documents_are_downloaded_only_by_who_is_on_record_as_having_taken_them(city: City) -> None:
    code = story.announce(city)
    sha256 = trading.documents_of(trading.find_lot(code))[0].sha256
    path = f"/hall/lots/{code}/documents/{sha256}/"
    bidder = city.bidders[3]
    assert bidder.client.get(path).status_code == 302
    bidder.send(f"/hall/lots/{code}/documents/")
    assert b"".join(bidder.client.get(path).streaming_content) == paper("招标文件")


def test_a_committee_of_four_or_with_too_few_experts_is_refused(city: City) -> None:
    code = story.opened(city)
    path = f"/hall/lots/{code}/committee/"
    page = city.centre.send(path, {**story.committee_fields(4), "stage": "preview"}, 422)
    assert "第三十七条" in plain(page)
    fields = {**story.committee_fields(), "members-0-kind": "representative"}
    page = city.centre.send(path, {**fields, "stage": "preview"}, 422)
    assert "三分之二" in plain(page)
    assert "专家5" in page


def test_a_ranking_that_is_not_by_the_lowest_price_is_refused_at_the_ranking(city: City) -> None:
    code = story.evaluated(city)
    rows = [r for r in trading.opening_rows(trading.find_lot(code), everything=True) if r.status == "valid"]
    highest, lowest = sorted(rows, key=lambda row: -(row.evaluated_fen or 0))
    fields = {
        "first": highest.bidder,
        "second": lowest.bidder,
        "third": "",
        "tie_break": "",
        "stage": "preview",
    }
    page = city.centre.send(f"/hall/lots/{code}/report/", fields, 422)
    assert "第四十一条" in error_of(page, "first")


def test_a_publicity_one_day_short_is_refused_at_its_field(city: City) -> None:
    code = story.reported(city)
    path = f"/hall/lots/{code}/publicity/"
    page = city.host.get(path)
    fields = {name: story.proposed(page, name) for name in ("publish_at", "contact")}
    last_on = story.proposed(page, "publicity_until_on")
    short = (date.fromisoformat(last_on) - timedelta(days=1)).isoformat()
    refused = city.host.send(path, {**fields, "publicity_until_on": short, "stage": "preview"}, 422)
    assert "第五十四条" in error_of(refused, "publicity_until_on")


def test_a_contract_at_another_price_is_refused_at_its_amount(city: City) -> None:
    code = story.awarded(city)
    path = f"/hall/lots/{code}/contract/"
    fields = {"number": "HT-1", "amount": "10500000.51", "bond": "1050001", "signed_on": "2026-03-31"}
    page = city.host.send(path, {**fields, "stage": "preview"}, 422)
    assert "第四十六条" in error_of(page, "amount")
    assert "HT-1" in page


def test_a_registration_without_its_lots_says_so_at_each_field_and_keeps_the_rest(city: City) -> None:
    fields = {**story.project_fields(), "key": "k", "lots-0-name": "", "lots-0-estimate": "一百万"}
    page = city.host.send("/hall/projects/new/", {**fields, "stage": "preview"}, 422)
    assert error_of(page, "lots-0-name")
    assert error_of(page, "lots-0-estimate")
    assert "秦州区育才中学教学楼新建工程" in page


def test_another_lot_is_added_without_complaints_about_the_empty_one(city: City) -> None:
    page = city.host.send("/hall/projects/new/", {**story.project_fields(), "key": "k", "add_lot": "1"}, 200)
    assert "lots-1-name" in page
    assert "has-error" not in page


def test_with_state_funds_the_award_to_the_second_in_rank_is_refused_at_the_choice(city: City) -> None:
    code = story.reported(city)
    story.publicity(city, code)
    city.until(trading.find_lot(code).publicity_until_at)
    second = next(row for row in trading.opening_rows(trading.find_lot(code)) if row.rank == 2)
    path = f"/hall/lots/{code}/award/"
    fields = {"key": "k", "bidder": second.bidder, "stage": "preview"}
    page = city.host.send(path, fields, 422)
    assert "第五十五条" in plain(page)
    assert 'href="#id_bidder"' in page


def test_before_the_publicity_has_run_nothing_is_awarded(city: City) -> None:
    code = story.reported(city)
    story.publicity(city, code)
    first = next(row for row in trading.opening_rows(trading.find_lot(code)) if row.rank == 1)
    fields = {"key": "k", "bidder": first.bidder, "stage": "confirm"}
    city.host.send(f"/hall/lots/{code}/award/", fields, 422)
    assert "期满后方可定标" in plain(city.host.get(f"/hall/lots/{code}/"))
