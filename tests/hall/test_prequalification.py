"""A prequalification as people click it: notice, documents, application, committee, review, result, invitation, bid."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from tests.hall import story
from tests.hall.world import City, hidden, plain, shown, upload
from yiwang.business.trading import api as trading
from yiwang.doors.hall.forms.bidding import BidForm, partner_forms
from yiwang.doors.hall.forms.prequalifying import ApplicationForm
from yiwang.doors.hall.proposals import next_office_hour, prequalification_from
from yiwang.record.journal.api import business_now

MEMBER = "91620502MA0000030X"


def terms_fields() -> dict[str, object]:
    times = prequalification_from(next_office_hour(business_now()))
    return {
        "publish_at": shown(times.publish_at),
        "documents_from_at": shown(times.documents_from_at),
        "documents_until_on": times.documents_until_on.isoformat(),
        "deadline_at": shown(times.deadline_at),
        "qualification": "建筑工程施工总承包二级及以上资质。",
        "consortium_allowed": "on",
        "method": "qualified",
        "most": "",
        "criteria": "资质、业绩、信誉均合格。",
        "papers": upload("资格预审文件"),
    }


def apply(city: City, code: str, number: int, members: str = "") -> None:
    bidder = city.bidders[number]
    bidder.send(f"/hall/lots/{code}/documents/")
    key = hidden(bidder.get(f"/hall/lots/{code}/apply/"))["key"]
    fields = {"key": key, "members": members, "papers": upload(f"申请文件{number}")}
    assert bidder.step(f"/hall/lots/{code}/apply/", fields) == f"/hall/lots/{code}/apply/mine/"


@pytest.mark.parametrize("gap", [" ", "\t", "　", "  　"])
def test_the_members_of_a_consortium_are_typed_with_any_space_between_code_and_name(gap: str) -> None:
    sent = QueryDict(mutable=True)
    sent.update({"key": "k", "members": f"\n {MEMBER.lower()}{gap}某某 建设公司 \n"})
    form = ApplicationForm(sent, consortium=True)
    assert form.is_valid()
    assert form.cleaned_data["members"] == [(MEMBER, "某某 建设公司")]
    too_long = ApplicationForm(QueryDict(f"key=k&members={MEMBER}0 某某公司"), consortium=True)
    assert too_long.is_valid()  # the rule refuses the code as it was typed, none is cut to fit
    assert too_long.cleaned_data["members"] == [(f"{MEMBER}0", "某某公司")]


def test_a_prequalification_from_its_notice_to_the_bids_of_those_who_passed(city: City):
    code = story.register(city)
    assert "采用资格预审" in city.host.get(f"/hall/lots/{code}/")
    place = city.host.step(f"/hall/lots/{code}/prequalification-notice/", terms_fields())
    story.publish(city, place.rstrip("/").split("/")[-1])
    assert trading.find_lot(code).stage == "applying"
    page = plain(city.bidders[0].get(f"/hall/lots/{code}/"))
    assert "获取资格预审文件" in page
    assert "投标截止（开标）" not in page
    wrong = {
        "key": hidden(city.bidders[0].get(f"/hall/lots/{code}/apply/"))["key"],
        "members": "某某公司",
        "stage": "preview",
    }
    refused = plain(city.bidders[0].send(f"/hall/lots/{code}/apply/", wrong, 422))
    assert "有一行没有写全" in refused
    assert "某某公司" in refused
    for number in range(4):
        apply(city, code, number)
    own = f"/hall/lots/{code}/apply/"
    key = hidden(city.bidders[0].get(f"{own}replace/"))["key"]
    city.bidders[0].step(f"{own}replace/", {"key": key, "members": "", "papers": upload("申请文件补充")})
    city.bidders[3].once(f"{own}withdraw/")
    for reader in (city.host, city.centre, city.supervisor):
        assert "申请截止前任何人都看不到" in plain(reader.get(f"/hall/lots/{code}/applications/"))
    story.after_deadline(city, code)
    assert trading.find_lot(code).stage == "reviewing"

    city.centre.step(f"/hall/lots/{code}/review-committee/", story.committee_fields())
    listed = city.centre.get(f"/hall/lots/{code}/applications/")
    codes = [each.code for each in trading.standing_applications(trading.find_lot(code))]
    assert len(codes) == 3
    assert all(f"/hall/applications/{each}/review/" in listed for each in codes)
    city.bidders[1].get(f"/hall/applications/{codes[0]}/review/", 403)
    missing = city.centre.send(f"/hall/applications/{codes[0]}/review/", {"passes": "no", "reason": ""}, 422)
    assert "请写明" in plain(missing) or "写明理由" in plain(missing)
    for each in codes:
        city.centre.send(f"/hall/applications/{each}/review/", {"passes": "yes", "reason": ""})
    city.agency.get(f"/hall/lots/{code}/", 404)
    assert "邀请通过的申请人投标" in plain(city.host.get(f"/hall/lots/{code}/applications/notify/"))
    city.host.once(f"/hall/lots/{code}/applications/notify/")
    assert "通过资格预审" in plain(city.bidders[0].get(f"{own}mine/"))
    mine = trading.own_application(trading.find_lot(code), city.bidders[0].actor.organisation).code
    letter = city.bidders[0].client.get(f"/hall/applications/{mine}/result.pdf")
    assert letter.status_code == 200
    assert letter.content.startswith(b"%PDF")
    assert city.bidders[1].client.get(f"/hall/applications/{mine}/result.pdf").status_code == 404

    assert "编制投标邀请书" in plain(city.host.get(f"/hall/lots/{code}/tender-notice/"))
    story.publish(city, story.draft(city, code))
    assert trading.find_lot(code).stage == "bidding"
    outsider = city.bidders[3]
    told = outsider.get(f"/hall/lots/{code}/documents/")
    assert "贵单位没有通过" in told
    main = told.split("<main", 1)[1].split("</main>", 1)[0]
    assert 'method="post"' not in main, "no button that only refuses"
    refused = plain(outsider.send(f"/hall/lots/{code}/documents/", {}, 422))
    assert "没有通过本标段的资格预审" in refused
    for number in range(3):
        story.bid(city, code, number, "11000000")
    story.after_deadline(city, code)
    assert trading.find_lot(code).stage == "closed"


def test_a_consortium_that_prequalified_says_who_does_what_and_reads_every_gap_above_the_form(db) -> None:
    members = [(MEMBER, "某某建设公司")]
    sent = QueryDict(
        "partners-TOTAL_FORMS=1&partners-INITIAL_FORMS=1&leader_work=&leader_percent=", mutable=True
    )
    sent.update({"partners-0-code": MEMBER, "partners-0-name": "某某建设公司", "partners-0-percent": "40"})
    form, partners = BidForm(sent, consortia=True), partner_forms(sent, members)
    form.as_prequalified()
    assert all(form.fields[each].needed for each in ("leader_work", "leader_percent", "papers_agreement"))
    assert {"leader_work", "price"} & set(form.errors) == {"price"}, "the verb asks for it, with the article"
    assert list(partners.forms[0].errors) == ["work"]
    page = render_to_string("hall/parts/summary.html", {"form": form, "also": partners})
    assert page.count("data-focus") == 1
    for name in ("id_price", "id_partners-0-work"):
        assert f'href="#{name}"' in page
