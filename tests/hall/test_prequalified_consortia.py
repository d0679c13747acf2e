"""A consortium that prequalified bids with the same members, by page and by key (招标条例 37)."""

from __future__ import annotations

import json

import pytest

from tests.hall.world import hidden, upload
from tests.site.api_world import SHEET, Program, paper
from tests.site.test_api_reads import rules_of
from tests.site.test_routes import client_of
from tests.trading.prequalifying import applying, decide
from tests.trading.world import Market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Lot
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal.api import advance_rehearsal
from yiwang.site.simulation.papers import stored_pdf

TYPED = {"price": "5000000", "period_days": "170", "deposit": "60000", "quality": "合格", "manager": "李雷",
         "manager_certificate": "甘1"}  # fmt: skip
NAMES = {3: "第四建筑工程有限公司", 4: "第五建筑工程有限公司"}


@pytest.fixture
def town(db) -> Market:
    """A lot open for bids of those who passed: the first bidder with the fifth as its member, two others alone."""
    town = applying()
    codes = []
    for number in range(3):
        bidder = town.bidders[number]
        trading.take_documents(bidder, town.lot, town.now)
        members = [(town.bidders[4].organisation, NAMES[4])] if number == 0 else []
        papers = [stored_pdf(f"资格预审申请{number}")]
        codes.append(trading.submit_application(bidder, town.lot, papers, town.now, members=members).code)
    town.close()
    decide(town, codes, [True] * 3)
    trading.notify_results(town.hosts[0], town.lot, town.now)
    town.announce()
    for bidder in town.bidders[:3]:
        trading.take_documents(bidder, town.lot, town.now)
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    return town


def lines(town: Market, *numbers: int) -> dict[str, object]:
    """What is typed for these members."""
    typed: dict[str, object] = {"partners-TOTAL_FORMS": len(numbers), "partners-INITIAL_FORMS": len(numbers),
                                "leader_work": "主体结构", "leader_percent": 100 - 10 * len(numbers)}  # fmt: skip
    for place, number in enumerate(numbers):
        member = {
            "code": town.bidders[number].organisation,
            "name": NAMES[number],
            "work": "机电安装",
            "percent": 10,
        }
        typed |= {f"partners-{place}-{name}": value for name, value in member.items()}
    return typed


def test_the_members_that_prequalified_stand_in_the_form_and_others_are_refused_with_the_article(town):
    client, path = client_of(town.bidders[0].person), f"/hall/lots/{town.lot}/bid/"
    page = client.get(path).content.decode()
    assert page.count("readonly") == 2
    needed = page.split("联合体（资格预审时的成员）")[1].split("</details>")[0]
    assert "（选填）" not in needed
    assert "单独投标的不填" not in needed
    assert f'value="{town.bidders[4].organisation}"' in page
    typed = {**TYPED, "key": hidden(page)["key"]}
    agreement = {"papers_agreement": upload("共同投标协议")}
    alone = client.post(path, {**typed, "stage": "confirm"})
    assert alone.status_code == 422
    assert "资格预审后联合体不得减少成员" in alone.content.decode()
    other = client.post(path, {**typed, **lines(town, 3), **agreement, "stage": "confirm"})
    said = other.content.decode()
    assert other.status_code == 422
    assert all(each in said for each in ("不得减少成员", "不得增加成员", "第三十七条"))
    unfinished = client.post(path, {**typed, **lines(town, 4), "partners-0-work": "", "stage": "preview"})
    assert unfinished.status_code == 422
    assert 'href="#id_partners-0-work"' in unfinished.content.decode()
    agreement = {"papers_agreement": upload("共同投标协议")}
    checked = client.post(path, {**typed, **lines(town, 4), **agreement, "stage": "preview"}).content.decode()
    assert client.post(path, {**hidden(checked), "stage": "confirm"}).status_code == 302
    envelope = trading.own_envelope(trading.find_lot(town.lot), town.bidders[0].organisation)
    assert [each["code"] for each in envelope.sheet["consortium"]] == [
        town.bidders[0].organisation, town.bidders[4].organisation,
    ]  # fmt: skip


def test_who_prequalified_alone_bids_alone_by_page_and_by_key(town):
    client, path = client_of(town.bidders[1].person), f"/hall/lots/{town.lot}/bid/"
    page = client.get(path).content.decode()
    assert "贵单位以自己名义通过资格预审" in page
    assert "leader_work" not in page
    program = Program(identity.make_key(town.bidders[1], "投标工具", at=town.now).key)
    two = [
        {"code": town.bidders[each].organisation, "name": name, "work": "土建", "percent": 50}
        for each, name in ((1, "第二建筑工程有限公司"), (3, NAMES[3]))
    ]
    joint = {**SHEET, "consortium": json.dumps(two), "agreement_papers": [paper("协议")]}
    assert rules_of(program.post(f"/lots/{town.lot}/bid", joint), 422) == ["consortium-member-added"]
    assert program.post(f"/lots/{town.lot}/bid", SHEET).status_code == 201


def test_on_the_page_for_several_lots_the_members_stand_there_too_and_a_lot_is_bid_for_alone_without_them(
    town,
):
    lot = trading.find_lot(town.lot)
    other = Lot.objects.get(code=town.lot)
    other.pk, other.code, other.name = None, f"{town.lot[:-1]}2", "绿化"
    other.procedure, other.tender_notice = "works-open", ""
    other.save(force_insert=True)
    bidder = town.bidders[0]
    trading.take_documents(bidder, other.code, town.now)
    client, path = client_of(bidder.person), f"/hall/projects/{lot.code[:17]}/bids/"
    page = client.get(path).content.decode()
    assert page.count("readonly") == 2
    assert all(f'id="id_{code}-joint" checked' in page for code in (lot.code, other.code))
    typed: dict[str, object] = {
        f"{code}-{name}": value for code in (lot.code, other.code) for name, value in TYPED.items()
    }
    untouched = {
        **lines(town, 4),
        "partners-0-work": "",
        "partners-0-percent": "",
        "leader_work": "",
        "leader_percent": "",
    }
    alone = client.post(
        path, {**typed, **untouched, "lots": [other.code], "key": "k" * 20, "stage": "preview"}
    )
    assert alone.status_code == 200, "the members of the other lot are not asked about"
    both = {
        **typed,
        **lines(town, 4),
        "lots": [lot.code, other.code],
        f"{lot.code}-joint": "on",
        "key": "k" * 20,
    }
    agreement = {"papers_agreement": upload("共同投标协议")}
    checked = client.post(path, {**both, **agreement, "stage": "preview"}).content.decode()
    assert client.post(path, {**hidden(checked), "stage": "confirm"}).status_code == 302
    sheets = [
        trading.own_envelope(trading.find_lot(each), bidder.organisation).sheet
        for each in (lot.code, other.code)
    ]
    assert [len(each.get("consortium", [])) for each in sheets] == [2, 0]
    assert (
        "资格预审后联合体不得减少成员"
        in client.post(
            f"{path}replace/", {**typed, "lots": [lot.code], "key": "m" * 20, "stage": "preview"}
        ).content.decode()
    )
