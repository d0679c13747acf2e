"""Several lots in one act, by page and by key."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from tests.hall.world import hidden, upload
from tests.site.api_world import Program
from tests.site.test_routes import client_of
from tests.trading.test_lots import two_lots
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Lot
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal.api import advance_rehearsal


@pytest.fixture
def town(db) -> Market:
    town = market()
    two_lots(town)
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    return town


def lots(town: Market) -> list[str]:
    return [each.code for each in trading.lots_for(town.bidders[0]).order_by("code")]


def test_a_bidder_chooses_lots_on_one_page_and_takes_all_or_none(town):
    first, second = lots(town)
    client = client_of(town.bidders[0].person)
    path = f"/hall/projects/{first[:17]}/documents/"
    assert path in client.get(f"/hall/projects/{first[:17]}/").content.decode()
    assert client.post(path, {"lots": [first, second]}).status_code == 302
    shown = client.get(path).content.decode()
    assert "可以获取的招标文件都已获取" in shown
    assert shown.count('<span class="tag green">已获取</span>') == 2
    trading.terminate(town.hosts[0], second, "资金调整。", town.now)
    other = client_of(town.bidders[1].person)
    refused = other.post(path, {"lots": [first, second]})
    assert refused.status_code == 422
    assert "所选标段都没有获取" in refused.content.decode()
    assert not trading.has_taken(trading.find_lot(first), town.bidders[1].organisation)
    assert other.post(path, {"lots": ["x" * 5000, "\x00", first]}).status_code == 422
    assert other.post(path, {}).status_code == 422
    assert other.get("/hall/projects/NOBODYS/documents/").status_code == 404


def test_a_program_takes_documents_and_hands_in_bids_of_several_lots_with_a_receipt_each(town):
    codes = lots(town)
    program = Program(identity.make_key(town.bidders[0], "投标工具", at=town.now).key)
    taken = program.send("/taking", {"lots": codes})
    assert [each["lot"] for each in taken.json()["taken"]] == codes
    sheet = {"price_fen": 500_000_000, "period_days": 170, "deposit_fen": 6_000_000, "quality": "合格",
             "manager": "李雷", "manager_certificate": "甘1", "kept": []}  # fmt: skip
    bids = {"bids": [{"lot": each, **sheet} for each in codes]}
    handed_in = program.send("/bids", bids, "b-1")
    assert handed_in.status_code == 201
    assert [each["lot"] for each in handed_in.json()["receipts"]] == codes
    assert program.send("/bids", bids, "b-1").json() == handed_in.json(), "done once"
    refused = program.send("/bids", bids)
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["findings"]} == set(codes), "the reasons of every lot"


SHEET = {"price": "5000000", "period_days": "170", "deposit": "60000", "quality": "合格", "manager": "李雷",
         "manager_certificate": "甘1"}  # fmt: skip


def sheets(codes, **other) -> dict[str, object]:
    """What a bidder types for each of these lots; ``other`` as ``field=value`` for the last of them."""
    typed = {f"{code}-{name}": value for code in codes for name, value in SHEET.items()}
    return typed | {f"{codes[-1]}-{name}": value for name, value in other.items()} | {"lots": list(codes)}


def bidding(town: Market):
    """The browser of a bidder who has taken the documents of all lots; the page, and the codes."""
    codes = lots(town)
    trading.take_documents_together(town.bidders[0], codes, town.now)
    return client_of(town.bidders[0].person), f"/hall/projects/{codes[0][:17]}/bids/", codes


def kept_of(page: str) -> list[str]:
    kept = hidden(page).get("kept", [])
    return kept if isinstance(kept, list) else [kept]


def test_bids_in_several_lots_are_typed_checked_and_handed_in_on_one_page_with_a_receipt_each(town):
    client, path, (first, second) = bidding(town)
    assert path in client.get(f"/hall/projects/{first[:17]}/").content.decode()
    key = hidden(client.get(path).content.decode())["key"]
    files = {
        "papers_commercial": upload("营业执照"),
        f"{first}-papers_technical": upload("一标段施工组织设计"),
    }
    typed = {**sheets([first, second]), "key": key}
    checked = client.post(path, {**typed, **files, "stage": "preview"})
    assert checked.status_code == 200
    text = checked.content.decode()
    assert [text.count(f"{each}.pdf") for each in ("营业执照", "一标段施工组织设计")] == [2, 1]
    assert trading.own_envelope(trading.find_lot(first), town.bidders[0].organisation) is None, (
        "only shown yet"
    )
    back = client.post(path, {**hidden(text), "stage": "edit"}).content.decode()
    own = next(each for each in kept_of(back) if each.startswith(first))
    again = client.post(path, {**hidden(back), **typed, "also": f"{second}~{own}", "stage": "preview"})
    assert again.content.decode().count("一标段施工组织设计.pdf") == 2, (
        "attached for one, reused for the other"
    )
    done = client.post(path, {**hidden(again.content.decode()), "stage": "confirm"})
    assert done.status_code == 302
    envelopes = [
        trading.own_envelope(trading.find_lot(each), town.bidders[0].organisation) for each in (first, second)
    ]
    assert [len(each.papers) for each in envelopes] == [2, 2]
    assert {each.received_at for each in envelopes} == {town.now}
    assert sorted(envelopes[1].kinds.values()) == ["commercial", "technical"]
    receipts = client.get(done["Location"]).content.decode()
    assert all(each.leaf_hash in receipts for each in envelopes)
    repeated = client.post(path, {**hidden(again.content.decode()), "stage": "confirm"})
    assert repeated["Location"] == done["Location"], "a second click gives the same receipts"
    assert "没有可以递交的标段" in client.get(path).content.decode()


def test_every_refusal_of_every_lot_is_listed_at_once_and_nothing_typed_is_lost(town):
    client, path, (first, second) = bidding(town)
    typed = {**sheets([first, second], price="-3", quality=""), f"{first}-period_days": "", "key": "k" * 20}
    refused = client.post(path, {**typed, "papers": upload("投标函"), "stage": "preview"})
    text = refused.content.decode()
    assert refused.status_code == 422
    for field in (f"{first}-period_days", f"{second}-price", f"{second}-quality"):
        assert f'href="#id_{field}"' in text
    assert all(each in text for each in ('value="李雷"', 'value="-3"', "投标函.pdf")), "nothing typed is lost"
    for code in (first, second):
        trading.submit_bid(town.bidders[0], code, town.sheet(1), [], town.now)
    again = client.post(path, {**sheets([first, second], price="0"), "key": "k" * 20, "stage": "confirm"})
    text = html.unescape(again.content.decode())
    assert again.status_code == 422
    summary = text.split('class="findings refusal"')[1].split("</div>")[0]
    assert summary.count("实施条例") >= 2, "each lot with its article"
    assert {f"#lot-{code}" for code in (first, second)} <= set(re.findall(r'href="(#lot-[^"]+)"', summary))


def test_after_the_deadline_both_bids_are_refused_and_what_was_typed_stands_there_still(town):
    client, path, codes = bidding(town)
    deadline_at = trading.find_lot(codes[0]).deadline_at
    advance_rehearsal(deadline_at + timedelta(seconds=1), SYSTEM_ACTOR)
    refused = client.post(path, {**sheets(codes), "key": "k" * 20, "stage": "confirm"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert text.count("第二十八条") >= 2
    assert text.count('value="李雷"') == 2


def test_who_may_not_bid_here_or_sends_nonsense_is_answered_with_a_sentence(town):
    client, path, codes = bidding(town)
    nothing = client.post(path, {"key": "k" * 20, "stage": "preview"})
    assert nothing.status_code == 422
    strange = client.post(
        path, {**sheets(codes[:1]), "lots": [codes[0], "x" * 500], "key": "k" * 20, "stage": "preview"}
    )
    assert strange.status_code == 422
    assert "没有编号为" in strange.content.decode()
    forged = client.post(
        path, {**sheets(codes), "key": "k" * 20, "kept": "~~~", "also": "~", "stage": "preview"}
    )
    assert forged.status_code == 200
    other = client_of(town.bidders[1].person)
    assert "一并获取招标文件" in other.get(path).content.decode()
    assert other.get(f"{path}mine/").status_code == 404
    assert other.get("/hall/projects/NOBODYS/bids/").status_code == 404


# --- consortia ---------------------------------------------------------------------------------------------------


def admitting(town: Market, *codes: str) -> None:
    """The notices of these lots admit consortia."""
    Lot.objects.filter(code__in=codes).update(consortium_allowed=True)


def consortium(town: Market, number: int = 3, **change) -> dict[str, object]:
    """What is typed for a consortium of the bidder and another one."""
    member = {"code": town.bidders[number].organisation, "name": "第四建筑工程有限公司", "work": "机电安装",
              "percent": "30"} | change  # fmt: skip
    lines = {"partners-TOTAL_FORMS": "3", "partners-INITIAL_FORMS": "0", "leader_work": "主体结构"}
    return lines | {"leader_percent": "70"} | {f"partners-0-{name}": value for name, value in member.items()}


def test_one_consortium_is_entered_once_and_bids_for_the_lots_that_are_ticked(town):
    client, path, (first, second) = bidding(town)
    assert "leader_work" not in client.get(path).content.decode(), "no lot admits consortia"
    admitting(town, first, second)
    page = client.get(path).content.decode()
    assert [f'id="id_{code}-joint" checked' in page for code in (first, second)] == [True, True]
    typed = {**sheets([first, second]), **consortium(town), f"{first}-joint": "on", "key": "k" * 20}
    lacking = client.post(path, {**typed, f"{second}-joint": "on", "stage": "preview"})
    text = lacking.content.decode()
    assert lacking.status_code == 422
    assert all(f'href="#id_{code}-papers_agreement"' in text for code in (first, second)), "of each lot"
    assert 'value="第四建筑工程有限公司"' in text
    checked = client.post(path, {**typed, "papers_agreement": upload("共同投标协议"), "stage": "preview"})
    text = checked.content.decode()
    assert [text.count(each) for each in ("第四建筑工程有限公司 ", "共同投标协议.pdf")] == [1, 1], (
        "the other lot is bid for alone, without the agreement"
    )
    done = client.post(path, {**hidden(text), "stage": "confirm"})
    assert done.status_code == 302, done.content.decode()
    own = town.bidders[0].organisation
    joint, alone = [trading.own_envelope(trading.find_lot(each), own) for each in (first, second)]
    assert [each["code"] for each in joint.sheet["consortium"]] == [own, town.bidders[3].organisation]
    assert list(joint.kinds.values()) == ["consortium-agreement"]
    assert ("consortium" in alone.sheet, alone.papers) == (False, [])


def test_a_lot_may_have_an_agreement_of_its_own_and_one_that_admits_no_consortium_has_no_box(town):
    client, path, (first, second) = bidding(town)
    admitting(town, first)
    page = client.get(path).content.decode()
    assert f"{second}-joint" not in page
    assert "本标段不接受联合体投标" in page
    typed = {**sheets([first, second]), **consortium(town), f"{first}-joint": "on", "key": "k" * 20}
    files = {f"{first}-papers_agreement": upload("一标段共同投标协议")}
    forged = client.post(path, {**typed, **files, f"{second}-joint": "on", "stage": "preview"})
    assert forged.content.decode().count("第四建筑工程有限公司 ") == 1, "a forged tick changes nothing"
    assert client.post(path, {**hidden(forged.content.decode()), "stage": "confirm"}).status_code == 302
    own = town.bidders[0].organisation
    assert "consortium" not in trading.own_envelope(trading.find_lot(second), own).sheet


def test_what_is_wrong_with_the_consortium_is_said_once_and_a_consortium_for_no_lot_is_noticed(town):
    client, path, (first, second) = bidding(town)
    admitting(town, first, second)
    ticked = {f"{first}-joint": "on", f"{second}-joint": "on", "key": "k" * 20}
    files = {"papers_agreement": upload("共同投标协议")}
    typed = {**sheets([first, second]), **consortium(town, percent="31"), **ticked}
    wrong = client.post(path, {**typed, **files, "stage": "preview"})
    text = wrong.content.decode()
    assert wrong.status_code == 422
    summary = text.split('class="findings refusal"')[1].split("</div>")[0]
    assert summary.count("现在为 101%") == 1
    unfinished = client.post(path, {**typed, **consortium(town, work=""), "stage": "preview"})
    assert unfinished.status_code == 422
    assert 'href="#id_partners-0-work"' in unfinished.content.decode()
    none = client.post(
        path, {**sheets([first, second]), **consortium(town), "key": "k" * 20, "stage": "preview"}
    )
    assert none.status_code == 422
    assert "所选标段都没有勾选" in none.content.decode()
    again = client.post(path, {**typed, "stage": "edit"}).content.decode()
    assert 'class="findings refusal"' not in again
    assert 'value="31"' in again


# --- replacing and withdrawing -----------------------------------------------------------------------------------


def handed_in(town: Market):
    """The browser of a bidder whose bids stand in both lots; the folder of the project's bids, and the codes."""
    client, path, codes = bidding(town)
    trading.submit_bids(town.bidders[0], [trading.LotBid(each, town.sheet(), []) for each in codes], town.now)
    return client, path, codes


def numbers(town: Market, codes) -> list[int]:
    """Which submission stands in each lot; 0 for none."""
    standing = [trading.own_envelope(trading.find_lot(each), town.bidders[0].organisation) for each in codes]
    return [each.number if each else 0 for each in standing]


def test_bids_are_replaced_in_the_lots_that_are_chosen_in_one_act(town):
    client, path, codes = handed_in(town)
    for page in (path, f"{path}mine/"):
        text = client.get(page).content.decode()
        assert f"{path}replace/" in text
        assert f"{path}withdraw/" in text
    page = client.get(f"{path}replace/").content.decode()
    assert page.count('name="lots"') == 2
    assert 'name="lots" value="' + codes[0] + '" checked' not in page, (
        "nothing is replaced unless it is chosen"
    )
    typed = {**sheets(codes, price="-1"), "key": "k" * 20}
    wrong = client.post(f"{path}replace/", {**typed, "stage": "preview"})
    assert wrong.status_code == 422
    assert f'href="#id_{codes[1]}-price"' in wrong.content.decode()
    typed = {**sheets(codes), "key": "k" * 20, "papers": upload("新投标函")}
    checked = client.post(f"{path}replace/", {**typed, "lots": codes, "stage": "preview"}).content.decode()
    assert numbers(town, codes) == [1, 1], "only shown yet"
    sent = {**hidden(checked), "stage": "confirm"}
    assert client.post(f"{path}replace/", sent).status_code == 302
    assert numbers(town, codes) == [2, 2]
    client.post(f"{path}replace/", sent)
    assert numbers(town, codes) == [2, 2], "a second click replaces nothing again"
    one = client.post(f"{path}replace/", {**sheets(codes[1:]), "key": "m" * 20, "stage": "confirm"})
    assert (one.status_code, numbers(town, codes)) == (302, [2, 3])


def test_bids_are_withdrawn_in_the_lots_that_are_chosen_or_in_none(town):
    client, path, codes = handed_in(town)
    page = f"{path}withdraw/"
    assert client.post(page, {"stage": "preview"}).status_code == 422, "none chosen"
    assert client.post(page, {"lots": ["x" * 300], "stage": "confirm"}).status_code == 422
    checked = client.post(page, {"lots": codes, "stage": "preview"}).content.decode()
    assert all(f'id="lot-{each}"' in checked for each in codes)
    assert numbers(town, codes) == [1, 1], "only shown yet"
    trading.withdraw_bid(town.bidders[0], codes[1], town.now)
    refused = client.post(page, {**hidden(checked), "stage": "confirm"})
    assert (refused.status_code, numbers(town, codes)) == (422, [1, 0]), "one of them stands no more"
    assert client.post(page, {"lots": codes[:1], "stage": "confirm"}).status_code == 302
    assert numbers(town, codes) == [0, 0]
    assert "没有可以撤回的投标文件" in client.get(page).content.decode()
    assert "没有可以替换的投标文件" in client.get(f"{path}replace/").content.decode()


def test_after_the_deadline_nothing_is_replaced_or_withdrawn_here_either(town):
    client, path, codes = handed_in(town)
    advance_rehearsal(trading.find_lot(codes[0]).deadline_at + timedelta(seconds=1), SYSTEM_ACTOR)
    late = client.post(f"{path}replace/", {**sheets(codes), "key": "k" * 20, "stage": "confirm"})
    assert late.status_code == 422
    assert late.content.decode().count("第二十八条") >= 2
    assert client.post(f"{path}withdraw/", {"lots": codes, "stage": "confirm"}).status_code == 422
    assert numbers(town, codes) == [1, 1]


def test_a_program_replaces_and_withdraws_bids_of_several_lots(town):
    codes = lots(town)
    program = Program(identity.make_key(town.bidders[0], "投标工具", at=town.now).key)
    program.send("/taking", {"lots": codes})
    sheet = {"price_fen": 500_000_000, "period_days": 170, "deposit_fen": 6_000_000, "quality": "合格",
             "manager": "李雷", "manager_certificate": "甘1"}  # fmt: skip
    first = [{"lot": codes[0], **sheet}]
    assert program.send("/bids", {"bids": first}).status_code == 201
    mixed = [{**first[0], "replace": True}, {"lot": codes[1], **sheet, "replace": True}]
    refused = program.send("/bids", {"bids": mixed})
    assert [(each["field"], each["rule"]) for each in refused.json()["findings"]] == [
        (codes[1], "no-bid-yet")
    ]
    mixed[1]["replace"] = False
    made = program.send("/bids", {"bids": mixed})
    assert [each["number"] for each in made.json()["receipts"]] == [2, 1]
    gone = program.send("/bids/withdrawals", {"lots": codes}, "w-1")
    assert [each["lot"] for each in gone.json()["withdrawn"]] == codes
    assert program.send("/bids/withdrawals", {"lots": codes}, "w-1").json() == gone.json(), "done once"
    assert numbers(town, codes) == [0, 0]
    again = program.send("/bids/withdrawals", {"lots": codes})
    assert {each["field"] for each in again.json()["findings"]} == set(codes)
