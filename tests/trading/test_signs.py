"""Signs that bids may not stand beside each other: from verified data and recorded facts, for the committee alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import DepositPayment
from yiwang.business.trading.rules.depositing import (
    ACCOUNT_AT_LEAST,
    ACCOUNT_AT_MOST,
    NAME_AT_LEAST,
    NAME_AT_MOST,
    NOTED_IN,
    PayerFacts,
    payers_findings,
)
from yiwang.business.trading.rules.signs import (
    CONTROLS,
    EQUAL_RATIOS,
    EQUAL_STEPS,
    MANAGES,
    MIXED,
    PAID_FOR,
    SAME_AUTHOR,
    SAME_FILE,
    SAME_HAND,
    SAME_HEAD,
    SAME_MANAGER,
    SAME_PAYER,
    SAME_SOURCE,
    SIGN_RULES,
    SIGN_WORDS,
    TWICE,
    BidSeen,
    TiesOfParty,
    price_patterns,
    signs,
)
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Ties
from yiwang.common.identity.rules.ties import is_identity_number
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

RULES_TESTED = ("W31", "W-consortium", "W-collusion")
NUMBER, OTHER = "11010519491231002X", "440524188001010014"
CODES = ("A", "B", "C", "D")


def bid(bidder: str, *others: str, **more: object) -> BidSeen:
    fields: dict = {
        "bidder": bidder,
        "parties": (bidder, *others),
        "certificate": bidder,
        "manager": "李雷",
        **more,
    }
    return BidSeen(**fields)


def whats(*bids: BidSeen, ties=None, known=frozenset()) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.what, each.bidders) for each in signs(bids, ties or {}, known)]


@given(
    st.dictionaries(
        st.sampled_from(CODES),
        st.builds(
            TiesOfParty,
            head_mark=st.sampled_from(("", "", "m1", "m2")),
            controllers=st.sets(st.sampled_from(CODES), max_size=2).map(frozenset),
            managers=st.sets(st.sampled_from(CODES), max_size=1).map(frozenset),
        ),
    )
)
def test_related_bidders_are_found_as_pairs_and_nobody_else_is(ties):
    found = set(whats(*(bid(each) for each in CODES), ties=ties))
    wanted = set()
    for a, b in combinations(CODES, 2):
        one, other = ties.get(a, TiesOfParty()), ties.get(b, TiesOfParty())
        if one.head_mark and one.head_mark == other.head_mark:
            wanted.add((SAME_HEAD, (a, b)))
        if b in one.controllers or a in other.controllers:
            wanted.add((CONTROLS, (a, b)))
        if b in one.managers or a in other.managers:
            wanted.add((MANAGES, (a, b)))
    assert found == wanted


@given(
    st.lists(st.integers(0, 6) | st.integers(0, 400_000_000), min_size=0, max_size=7, unique=True),
    st.sampled_from((1, 7, 99_999, 100_000, 100_001)),
)
def test_prices_that_follow_each_other_by_one_amount_are_found_as_whole_runs(steps, unit):
    prices = {f"B{number}": 500_000_000 + step * unit for number, step in enumerate(steps)}
    found = [run for what, run in price_patterns(prices) if what == EQUAL_STEPS]
    ordered = sorted(prices, key=lambda each: (prices[each], each))
    wanted = []
    for first in range(len(ordered)):
        for last in range(first + 3, len(ordered) + 1):
            run = ordered[first:last]
            gaps = {prices[b] - prices[a] for a, b in pairwise(run)}
            before = ordered[max(first - 1, 0) : first + 2]
            after = ordered[last - 2 : last + 1]
            longer = any(
                len(each) == 3 and prices[each[1]] - prices[each[0]] == prices[each[2]] - prices[each[1]]
                for each in (before if first else [], after)
            )
            odd = min(gaps) % 100_000 or (len(run) >= 4 and 2 * len(run) > len(ordered))
            if len(gaps) == 1 and not longer and odd:
                wanted.append(tuple(run))
    assert found == wanted


@given(st.integers(100_000_000, 900_000_000), st.integers(1001, 1200), st.integers(3, 6), st.integers(-3, 3))
def test_prices_that_follow_each_other_by_one_ratio_are_found_though_rounded_to_the_fen(
    low, ratio, bids, off
):
    prices = {f"B{number}": round(low * (ratio / 1000) ** number) for number in range(bids)}
    found = [run for what, run in price_patterns(prices) if what == EQUAL_RATIOS]
    assert found == [tuple(prices)]
    prices["B1"] += off * 1000
    if off:
        assert tuple(prices)[:3] not in [run[:3] for what, run in price_patterns(prices)]


def test_who_hands_two_bids_in_and_papers_that_name_another_bidder_are_found():
    mine, other = frozenset({"A", "甲建筑公司"}), frozenset({"B", "乙建筑公司"})
    one = bid("A", hand="P-1", names=mine, titles=("甲建筑公司投标函.pdf",))
    two = bid("B", hand="P-1", names=other, titles=("甲建筑公司业绩.pdf",))
    assert whats(one, two) == [(SAME_HAND, ("A", "B")), (MIXED, ("A", "B"))]
    assert whats(one, replace(two, hand="P-2", titles=("业绩.pdf",))) == []
    longer = replace(
        one, hand="P-2", names=frozenset({"A", "省乙建筑公司"}), titles=("省乙建筑公司业绩.pdf",)
    )
    assert whats(longer, replace(two, titles=())) == [], "a name within one's own is one's own"
    assert whats(replace(one, hand=""), replace(two, hand="", titles=())) == []
    partner = replace(two, parties=("B", "A"), names=mine | other, hand="P-2")
    assert (MIXED, ("A", "B")) not in whats(one, partner), "a consortium names its own members"


def test_members_of_one_consortium_may_be_related_those_of_two_bids_may_not():
    same = {"A": TiesOfParty(head_mark="m"), "B": TiesOfParty(head_mark="m")}
    assert whats(bid("A", "B"), bid("C"), ties=same) == []
    assert whats(bid("A"), bid("C", "B"), ties=same) == [(SAME_HEAD, ("A", "C"))]
    assert whats(bid("A", "B"), bid("B")) == [(TWICE, ("A", "B"))]
    assert whats(bid("A", "D"), bid("B", "D"), bid("C")) == [(TWICE, ("A", "B"))]


def test_a_sister_company_is_no_controlled_one():
    sisters = {"A": TiesOfParty(controllers=frozenset({"X"})), "B": TiesOfParty(controllers=frozenset({"X"}))}
    assert whats(bid("A"), bid("B"), ties=sisters) == []


def test_the_same_manager_is_the_same_certificate_and_name_and_a_name_alone_is_nobody():
    assert whats(bid("A"), bid("B")) == [], "the same name, other certificates"
    assert whats(bid("A", certificate="甘 1"), bid("B", certificate="甘1")) == [(SAME_MANAGER, ("A", "B"))]
    assert whats(bid("A", certificate="甘1"), bid("B", certificate="甘1", manager="韩梅梅")) == []
    assert whats(bid("A", certificate=""), bid("B", certificate="")) == []
    register = "二级注册建造师 建筑工程 甘262000000001"  # as a verified record writes it
    for typed in ("甘262000000001", "262000000001", "甘２６２０-０００００-００１", "甘262000000001（二级）"):
        assert whats(bid("A", certificate=register), bid("B", certificate=typed)) == [
            (SAME_MANAGER, ("A", "B"))
        ], typed
    assert whats(bid("A", certificate=register), bid("B", certificate="甘262000000002")) == []


def test_the_very_same_file_is_a_sign_unless_the_lot_handed_it_out():
    one, other = bid("A", files=frozenset({"f", "form"})), bid("B", files=frozenset({"f", "form", "g"}))
    assert whats(one, other) == [(SAME_FILE, ("A", "B"))]
    assert whats(one, other, known=frozenset({"f", "form"})) == []


def test_every_sign_has_words_an_article_and_a_ground():
    assert SIGN_WORDS.keys() == SIGN_RULES.keys()


@pytest.mark.parametrize(
    ("number", "good"),
    [(NUMBER, True), (OTHER, True), ("110105194912310021", False), ("11010519491231002", False), ("", False)],
)
def test_an_identity_number_has_its_check_digit(number, good):
    assert is_identity_number(number) == good


def test_deposits_from_one_account_or_one_holder_or_paid_by_the_other_are_told_and_from_their_own_are_not():
    own = [bid("A", payer="甲", account="1"), bid("B", payer="乙", account="2"), bid("C")]
    assert whats(*own) == []
    assert whats(bid("A", payer="甲", account="1"), bid("B", payer="乙", account="1")) == [
        (SAME_PAYER, ("A", "B"))
    ]
    assert whats(bid("A", payer="丙（集团）", account="1"), bid("B", payer="丙 (集团)")) == [
        (SAME_PAYER, ("A", "B"))
    ], "the holder is the same however written"
    assert whats(
        bid("A", payer="乙公司", names=frozenset({"甲公司"})), bid("B", names=frozenset({"乙公司"}))
    ) == [(PAID_FOR, ("A", "B"))]
    shared = frozenset({"乙公司"})  # takes part in both: the sign of that is another one
    assert whats(bid("A", payer="乙公司", names=shared), bid("B", names=shared)) == []


def test_files_of_one_author_or_source_are_told_but_not_what_the_lot_itself_handed_out():
    one = bid("A", authors=frozenset({"m", "n"}), sources=frozenset({"s"}))
    other = bid("B", authors=frozenset({"m"}), sources=frozenset({"s"}))
    assert whats(one, other) == [(SAME_SOURCE, ("A", "B")), (SAME_AUTHOR, ("A", "B"))]
    assert whats(one, other, known=frozenset({"m"})) == [(SAME_SOURCE, ("A", "B"))]
    assert whats(one, bid("B", authors=frozenset({"x"}), sources=frozenset({"m"}))) == []


@given(
    st.sampled_from(("closed", *NOTED_IN, "awarded")),
    st.integers(NAME_AT_LEAST - 2, NAME_AT_LEAST + 1) | st.integers(NAME_AT_MOST - 1, NAME_AT_MOST + 1),
    st.integers(0, ACCOUNT_AT_LEAST + 1) | st.integers(ACCOUNT_AT_MOST - 1, ACCOUNT_AT_MOST + 1),
    st.sampled_from(("A", "Z")),
)
def test_payers_are_noted_between_opening_and_award_with_a_name_and_a_number_that_may_be_one(
    stage, name, account, bidder
):
    given_now = [PayerFacts(bidder, "户" * name, "-".join("7" * account))]
    expected = ["wrong-stage-now"] * (stage not in NOTED_IN) + ["no-such-bid"] * (bidder == "Z")
    named = bool(name or account)
    expected += ["payer-name"] * (named and not NAME_AT_LEAST <= name <= NAME_AT_MOST)
    expected += ["payer-account"] * (account > 0 and not ACCOUNT_AT_LEAST <= account <= ACCOUNT_AT_MOST)
    assert [each.rule for each in payers_findings(stage, {"A"}, given_now)] == expected
    assert [each.rule for each in payers_findings("opened", {"A"}, [PayerFacts("A", "")] * 2)] == [
        "payer-twice"
    ]


# --- verbs -----------------------------------------------------------------------------------------------


@pytest.fixture
def town(db) -> Market:
    return market()


def declare(town: Market, bidder: int, number: str = NUMBER, verify: bool = True, **more: object) -> None:
    facts = identity.TiesFacts(head="王建国", number=number, **more)
    identity.declare_ties(town.bidders[bidder], facts, at=town.now)
    if verify:
        identity.verify_ties(town.staff.checker, town.bidders[bidder].organisation, at=town.now)


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def test_who_heads_an_organisation_is_declared_by_it_verified_by_another_and_its_number_is_not_kept(town):
    code = town.bidders[0].organisation
    assert refused(lambda: declare(town, 0, number="1")) == {"identity-number"}
    assert refused(lambda: declare(town, 0, controllers=((code, "自己"),))) == {"ties-listed"}
    declare(town, 0, verify=False)
    assert refused(lambda: declare(town, 0)) == {"ties-open"}
    assert identity.verified_ties([code]) == {}
    assert refused(lambda: identity.verify_ties(town.bidders[0], code, at=town.now)) == {"no-permission"}
    identity.return_ties(town.staff.checker, code, "负责人姓名与登记信息不符", at=town.now)
    declare(town, 0, number="")
    assert refused(lambda: identity.verify_ties(town.staff.checker, code, at=town.now)) == {"ties-unknown"}
    assert identity.verified_ties([code])[code].number == 2
    assert NUMBER not in str(list(Ties.objects.values()))


def test_related_bids_are_put_before_the_committee_and_nothing_of_it_is_public(town):
    declare(town, 0)
    declare(town, 1)
    declare(town, 2, number=OTHER, controllers=((town.bidders[0].organisation, "第1建筑工程有限公司"),))
    town.register()
    town.announce()
    shared = stored_pdf("施工组织设计")
    for number in range(4):
        sheet = replace(town.sheet(500_000_000 + number * number), manager_certificate=f"甘{number}")
        papers = [stored_pdf(f"投标文件{number}"), *([shared] if number > 1 else [])]
        trading.submit_bid(town.bidders[number], town.lot, sheet, papers, town.now)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    found = trading.sign_lines(town.staff.opener, trading.find_lot(town.lot))
    codes = [each.organisation for each in town.bidders]
    assert [(each.what.zh, tuple(code for code, _ in each.bids), each.ground) for each in found] == [
        (SIGN_WORDS[SAME_HEAD].zh, (codes[0], codes[1]), "not-qualified"),
        (SIGN_WORDS[CONTROLS].zh, (codes[0], codes[2]), "not-qualified"),
        (SIGN_WORDS[SAME_FILE].zh, (codes[2], codes[3]), "collusion-fraud-bribery"),
    ]
    assert ["第三十四条" in each.source for each in found] == [True, True, False]
    sequence()
    ref = trading.find_lot(town.lot).ref
    assert "signs-found" in {each.kind for each in timeline(ref, public_only=False)}
    assert "signs-found" not in {each.kind for each in timeline(ref)}


def test_what_was_handed_in_by_one_hand_named_for_another_and_priced_by_rule_goes_to_the_committee(town):
    town.register()
    town.announce()
    codes = [each.organisation for each in town.bidders]
    for number in range(3):
        hand = (
            replace(town.bidders[number], person=town.bidders[0].person)
            if number == 1
            else town.bidders[number]
        )
        sheet = replace(town.sheet(500_000_000 + 123_457 * number), manager_certificate=f"甘{number}")
        title = f"{codes[0]}投标文件" if number == 2 else f"投标文件{number}"
        trading.submit_bid(hand, town.lot, sheet, [stored_pdf(title)], town.now)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    lot = trading.find_lot(town.lot)
    found = trading.sign_lines(town.staff.opener, lot)
    assert [(each.what.zh, tuple(code for code, _ in each.bids)) for each in found] == [
        (SIGN_WORDS[SAME_HAND].zh, (codes[0], codes[1])),
        (SIGN_WORDS[MIXED].zh, (codes[0], codes[2])),
        (SIGN_WORDS[EQUAL_STEPS].zh, (codes[0], codes[1], codes[2])),
    ]
    assert all("第四十条" in each.source for each in found)
    assert {each.status for each in lot.bids.all()} == {"open"}, "nothing is rejected by itself"
    assert trading.sign_lines(town.bidders[0], lot) == ()


def test_who_paid_the_deposits_is_noted_after_the_opening_and_told_to_committee_and_supervisor_alone(town):
    town.to_evaluating([500_000_000, 490_000_001, 510_000_003])
    codes = [each.organisation for each in town.bidders]
    lot = trading.find_lot(town.lot)

    def note(by, *given):
        trading.note_deposit_payers(by, town.lot, [trading.PayerFacts(*each) for each in given], town.now)

    def told(actor):
        words = {SIGN_WORDS[SAME_PAYER].zh, SIGN_WORDS[PAID_FOR].zh}
        return [each for each in trading.sign_lines(actor, lot) if each.what.zh in words]

    number = "6217 0000 1234 5678"
    assert refused(lambda: note(town.bidders[0], (codes[0], "甲公司", number))) == {"no-permission"}
    assert refused(lambda: note(town.agency, (codes[0], "", number), ("91620502MA00000001", "甲公司"))) == {
        "payer-name", "no-such-bid",
    }  # fmt: skip
    note(
        town.agency,
        (codes[0], "天水鼎信劳务有限公司", number),
        (codes[1], "天水鼎信劳务", "6217-0000-1234-5678"),
    )
    (line,) = told(town.staff.opener)
    assert [code for code, _ in line.bids] == codes[:2]
    assert "第四十条" in line.source
    assert told(town.supervisor) == [line]
    assert told(town.bidders[0]) == told(town.agency) == []
    assert trading.deposit_payers(lot)[codes[0]] == ("天水鼎信劳务有限公司", "5678")
    assert "62170000" not in str(list(DepositPayment.objects.values("payer", "account_mark", "account_tail")))
    note(town.staff.opener, (codes[0], "天水鼎信劳务有限公司"))  # the account stays
    assert told(town.staff.opener) == [line]
    note(town.hosts[0], (codes[1], ""))
    assert told(town.staff.opener) == []
    assert {each.status for each in lot.bids.all()} == {"open"}, "nothing is rejected by itself"
    sequence()
    every = [each.kind for each in timeline(lot.ref, public_only=False)]
    assert every.count("deposit-payers-noted") == 3
    assert "deposit-payers-noted" not in {each.kind for each in timeline(lot.ref)}
    texts = "".join(each.leaf.decode() for each in timeline(lot.ref, public_only=False))
    assert "鼎信" not in texts


def test_bids_whose_files_name_one_author_are_put_before_the_committee_and_a_form_that_was_handed_out_is_not(
    town,
):
    town.register()
    town.announce()
    (form, *_) = trading.documents_of(trading.find_lot(town.lot))
    codes = [each.organisation for each in town.bidders]
    shared = stored_pdf("投标函", "周编标")
    for number, author in enumerate(("孙编标", "孙 编标", "李技术")):
        sheet = replace(town.sheet(500_000_000 + number * number), manager_certificate=f"甘{number}")
        papers = [stored_pdf(f"投标文件{number}", author), (form.sha256, "招标文件.pdf")]
        papers += [shared] if number else []
        trading.submit_bid(town.bidders[number], town.lot, sheet, papers, town.now)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)
    found = trading.sign_lines(town.supervisor, trading.find_lot(town.lot))
    assert [(each.what.zh, tuple(code for code, _ in each.bids)) for each in found] == [
        (SIGN_WORDS[SAME_FILE].zh, (codes[1], codes[2])),
        (SIGN_WORDS[SAME_AUTHOR].zh, (codes[0], codes[1])),
    ], "the very same file tells nothing more by its author"
    assert all("第四十条" in each.source for each in found)
