"""Consortia: what their bids need, who is read out, and who may not take part twice; from the rules to the notices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.test_rules_properties import LOT, SHEET, step
from tests.trading.world import ELSEWHERE, Market, code, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.rules.consortium import consortium_findings, taken_part_twice
from yiwang.business.trading.rules.facts import PartnerFacts
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Refused
from yiwang.site.simulation.papers import stored_pdf

RULES_TESTED = (
    "W-consortium",
    "W-consortium-notice",
    "W-consortium-agreement",
    "W-agency-bids",
    "W17",
)
LEADER = Actor("P", code(11), "bidder")


def partner(number: int, percent: int, work: str = "主体结构") -> PartnerFacts:
    return PartnerFacts(code=code(number), name=f"第{number}建筑工程有限公司", work=work, percent=percent)


def found(*members: PartnerFacts, agreement: bool = True, allowed: bool = True, lot=LOT) -> list[str]:
    said = step(
        by=LEADER, lot=replace(lot, consortium_allowed=allowed), sheet=replace(SHEET, consortium=members),
        agreement=agreement,
    )  # fmt: skip
    return [each.rule for each in consortium_findings(said)]


@given(st.lists(st.integers(-1, 101) | st.sampled_from((49, 50, 51)), min_size=1, max_size=9))
def test_the_shares_of_a_consortium_of_two_to_eight_make_a_hundred(shares):
    rules = found(*(partner(11 + n, share) for n, share in enumerate(shares)))
    assert ("consortium-shares" in rules) == (
        sum(shares) != 100 or any(not 0 < each < 100 for each in shares)
    )
    assert ("consortium-size" in rules) == (not 2 <= len(shares) <= 8)
    assert set(rules) <= {"consortium-shares", "consortium-size"}


def test_a_consortium_is_admitted_by_the_notice_led_by_who_hands_in_and_brings_its_agreement():
    two = (partner(11, 60), partner(12, 40, "机电安装"))
    assert found(*two) == []
    assert found(*two, allowed=False) == ["W-consortium-notice"]
    assert found(*two, agreement=False) == ["W-consortium-agreement"]
    assert found(*two[::-1]) == ["consortium-leader"]
    assert found(two[0], two[0]) == ["consortium-twice", "consortium-shares"]
    assert found(two[0], replace(two[1], work="")) == ["consortium-work"]
    assert found(two[0], replace(two[1], code="91620502MA00000000")) == ["uscc"]
    assert found(*two, lot=replace(LOT, tenderee=code(12))) == ["agency-bids"]
    assert found(*two, lot=replace(LOT, agency=code(12))) == ["agency-bids"]
    assert found() == ["consortium-members-missing"]
    assert found(agreement=False) == []


@given(st.dictionaries(st.integers(0, 5), st.sets(st.integers(0, 8), max_size=4), max_size=6))
def test_who_takes_part_in_two_bids_is_found_with_all_of_them_and_nobody_else_is(drawn):
    bids = {
        str(leader): [str(leader), *map(str, sorted(others - {leader}))] for leader, others in drawn.items()
    }
    twice = taken_part_twice(bids)
    for party in {each for parties in bids.values() for each in parties}:
        of = sorted(bidder for bidder, parties in bids.items() if party in parties)
        assert twice.get(party, ()) == (tuple(of) if len(of) > 1 else ())


@pytest.fixture
def town(db) -> Market:
    return market()


def announce(town: Market, consortia: bool = True) -> None:
    town.register()
    terms = town.terms(consortium_allowed=consortia)
    town.notice = trading.draft_tender_notice(town.hosts[0], town.lot, terms, town.now).code
    town.publish(town.notice, terms.publish_at)


def joint(town: Market, *others: int) -> trading.SheetFacts:
    names = {each.organisation: f"第{n}建筑工程有限公司" for n, each in enumerate(town.bidders, 1)}
    codes = [town.bidders[0].organisation, *(town.bidders[each].organisation for each in others)]
    shares = [100 - 10 * len(others), *(10 for _ in others)]
    members = [
        trading.PartnerFacts(code=each, name=names[each], work="主体结构", percent=share)
        for each, share in zip(codes, shares, strict=True)
    ]
    return replace(town.sheet(490_000_000), consortium=tuple(members))


def hand_in(town: Market, sheet: trading.SheetFacts) -> None:
    agreement = stored_pdf("共同投标协议")
    trading.submit_bid(
        town.bidders[0], town.lot, sheet, [stored_pdf("投标文件"), agreement], town.now,
        paper_kinds={agreement[0]: trading.AGREEMENT},
    )  # fmt: skip


def test_a_consortium_is_read_out_publicised_and_awarded_with_all_of_its_members(town):
    announce(town)
    assert notices.notice(town.notice).values["consortium"] == "accepted"
    with pytest.raises(Refused) as caught:
        trading.submit_bid(town.bidders[0], town.lot, joint(town, 3), [stored_pdf("投标文件")], town.now)
    assert {each.rule for each in caught.value.findings} == {"W-consortium-agreement"}
    hand_in(town, joint(town, 3))
    # Whoever named a member in a sealed bid, the member itself learns nothing of it before the opening.
    for number, price in ((1, 500_000_000), (3, 510_000_000)):
        paper = stored_pdf(f"投标文件{price}")
        sheet = replace(town.sheet(price), manager_certificate=f"甘{number}")
        trading.submit_bid(town.bidders[number], town.lot, sheet, [paper], town.now)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    rows = {row.bidder: row for row in trading.opening_rows(trading.find_lot(town.lot))}
    row = rows[town.bidders[0].organisation]
    assert row.name == "第1建筑工程有限公司（联合体牵头人）、第4建筑工程有限公司"
    assert [(each.code, each.percent) for each in row.consortium] == [
        (town.bidders[0].organisation, 90), (town.bidders[3].organisation, 10),
    ]  # fmt: skip
    lot = trading.find_lot(town.lot)
    (sign,) = trading.sign_lines(town.staff.opener, lot)
    assert sign.what.en == "one organisation takes part in more than one bid"
    assert {bidder for bidder, _ in sign.bids} == {town.bidders[0].organisation, town.bidders[3].organisation}
    assert "第三十七条" in sign.source
    for stranger in (town.hosts[0], town.agency, town.bidders[1], town.operator):
        assert trading.sign_lines(stranger, lot) == ()
    members = [*town.committee()[:4], trading.MemberFacts(name="代表", kind="representative")]
    member_of = replace(members[0], employer_code=town.bidders[3].organisation)
    with pytest.raises(Refused) as caught:
        trading.enter_committee(town.staff.opener, town.lot, [member_of, *members[1:]], town.now, ELSEWHERE)
    assert "W17-conflict" in {each.rule for each in caught.value.findings}
    trading.enter_committee(town.staff.opener, town.lot, members, town.now, ELSEWHERE)
    for bidder, price in ((0, 490_000_000), (1, 500_000_000), (3, 510_000_000)):
        trading.evaluate_bid(
            town.staff.opener, town.lot, town.bidders[bidder].organisation, price, "", town.now
        )
    ranking = [town.bidders[each].organisation for each in (0, 1, 3)]
    trading.receive_report(town.staff.opener, town.lot, ranking, "", town.now)
    from tests.trading.sitting import publicise

    publicise(town)
    (publicity,) = [
        each
        for each in notices.notices(about=trading.find_lot(town.lot).ref)
        if each.form == "candidates-publicity"
    ]
    assert publicity.values["candidates"][0]["name"] == row.name


def test_a_lot_that_admits_no_consortia_says_so_and_refuses_one(town):
    announce(town, consortia=False)
    with pytest.raises(Refused) as caught:
        hand_in(town, joint(town, 3))
    assert {each.rule for each in caught.value.findings} == {"W-consortium-notice"}
