"""A member of a committee on paper is replaced (招标条例 48): what was entered with it is void and entered anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.trading.sitting import PRICES, award, publicise, to_sitting, uphold
from tests.trading.test_expert_draw import refused
from tests.trading.world import ELSEWHERE, Market, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.record.journal.api import openings, sequence, timeline
from yiwang.site.cli import parser
from yiwang.site.commands.award import recompute

NEW = trading.MemberFacts(name="钱进", kind="technical", employer="某设计院")
OTHER = trading.MemberFacts(name="孙立", kind="technical", employer="某大学")


@pytest.fixture
def town(db) -> Market:
    return market()


def follow(town, new=NEW, number=1, why="health", person="", elsewhere=ELSEWHERE):
    by = town.staff.opener
    return trading.replace_member(by, town.lot, number, why, person, town.now, elsewhere, new)


def decided(town: Market) -> list[tuple[str, int | None, str]]:
    bids = trading.find_lot(town.lot).bids.order_by("place")
    return [(each.status, each.evaluated_fen, each.ground) for each in bids]


def evaluate_all(town: Market) -> list[str]:
    """Every bid at its price, and the report; its ranking."""
    codes = [each.organisation for each in town.bidders]
    for bidder, price in zip(codes, PRICES, strict=False):
        trading.evaluate_bid(town.staff.opener, town.lot, bidder, price, "", town.now)
    ranking = [codes[place] for place in sorted(range(len(PRICES)), key=lambda place: PRICES[place])[:3]]
    trading.receive_report(town.staff.opener, town.lot, ranking, "", town.now)
    return ranking


def test_what_was_entered_with_who_left_is_void_and_entered_anew_up_to_the_award(town):
    town.to_evaluating(PRICES)
    opener, codes = town.staff.opener, [each.organisation for each in town.bidders]
    trading.reject_bid(opener, town.lot, codes[0], "not-qualified", "资质证书过期", town.now)
    for bidder, price in zip(codes[1:], PRICES[1:], strict=False):
        trading.evaluate_bid(opener, town.lot, bidder, price - 100, "算术修正", town.now)
    seat = follow(town)
    assert (seat.number, seat.replaces, seat.name, seat.kind, seat.person) == (6, 1, "钱进", "technical", "")
    assert decided(town) == [("open", None, "")] * 3
    assert [each.name for each in trading.sitting_page(opener, town.lot).seats][-1] == "钱进"
    ranking = codes[1:3]
    assert "undecided" in refused(lambda: trading.receive_report(opener, town.lot, ranking, "", town.now))
    ranking = evaluate_all(town)
    assert "wrong-stage" in refused(lambda: follow(town, OTHER, number=2)), "the report was handed in"
    members = trading.evaluation_report_of(trading.find_lot(town.lot)).members
    assert [(each.number, each.replaced_why) for each in members if each.replaced_at] == [(1, "health")]
    award(town, ranking[0])
    sequence()
    assert trading.calculation_of(town.lot).verdict == "equal"
    assert recompute(parser("award").parse_args(["award", "recompute", town.lot])) == 0


def test_the_journal_says_how_who_follows_was_chosen_and_no_name(town):
    town.to_evaluating(PRICES)
    follow(town)
    follow(town, replace(NEW, name="李代表", kind="representative"), number=5, elsewhere=None)
    entries = timeline(trading.find_lot(town.lot).ref, public_only=False)
    expert, representative = (each for each in entries if each.kind == "member-replaced")
    assert not expert.public, "secret until the award"
    said = {each.name: each.value for each in openings(expert.id)}
    assert {name: said[name] for name in ("out", "in", "why")} == {"out": 1, "in": 6, "why": "health"}
    assert (said["chosen"], said["pool"]) == ("drawn-elsewhere", ELSEWHERE.pool)
    assert said["record"] == ELSEWHERE.record
    assert "chosen" not in {each.name for each in openings(representative.id)}, "the tenderee's to name"
    for each in (expert, representative):
        assert not any(name in str(each.leaf) for name in ("钱进", "专家0", "专家4", "李代表"))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"why": "as-we-like"}, "W-replaced"),
        ({"why": "order"}, "W-replaced"),
        ({"elsewhere": None}, "W-draw"),
        ({"new": None}, "member-not-on-paper"),
        ({"new": replace(NEW, name="　 ")}, "member-not-on-paper"),
        ({"new": replace(NEW, person="P-SOMEBODY")}, "member-not-on-paper"),
        ({"person": "P-SOMEBODY"}, "member-not-on-paper"),
        ({"number": 9}, "no-such-member"),
        ({"new": replace(NEW, name="专家1")}, "committee-names"),
        ({"new": replace(NEW, kind="representative")}, "W16-experts"),
        ({"new": replace(NEW, name=" 专家 ０")}, "member-returns"),
    ],
)
def test_who_follows_on_paper_is_refused_with_its_reason_and_nothing_is_void(town, given, found):
    town.to_evaluating(PRICES)
    trading.evaluate_bid(town.staff.opener, town.lot, town.bidders[0].organisation, PRICES[0], "", town.now)
    before = decided(town)
    assert refused(lambda: follow(town, **given)) == {found}
    assert decided(town) == before


def test_who_works_for_a_bidder_or_for_the_supervisor_does_not_follow(town):
    town.to_evaluating(PRICES)
    bound = replace(NEW, employer_code=town.bidders[0].organisation)
    assert refused(lambda: follow(town, bound)) == {"W17-conflict"}
    watching = replace(NEW, employer_code=town.supervisor.organisation)
    assert refused(lambda: follow(town, watching)) == {"supervisor-sits"}


def test_in_a_special_tender_who_follows_is_named_and_nowhere_drawn(town):
    town.register()
    town.announce()
    town.bid(PRICES)
    town.close()
    trading.name_experts_directly(
        town.hosts[0], town.lot, "complex", "全省仅数名专家具备评审经验。", town.now
    )
    trading.open_bids(town.staff.opener, town.lot, town.now)
    trading.enter_committee(town.staff.opener, town.lot, town.committee(), town.now)
    assert follow(town, elsewhere=None).number == 6


def test_nobody_comes_back_who_was_replaced(town):
    town.to_evaluating(PRICES)
    follow(town)
    assert refused(lambda: follow(town, replace(NEW, name="专家0"), number=6)) == {"member-returns"}
    follow(town, OTHER, number=6)
    assert refused(lambda: follow(town, NEW, number=7)) == {"member-returns"}


def test_nobody_comes_back_by_the_same_login_either_and_a_namesake_with_another_one_may_follow(town):
    experts = to_sitting(town)
    follow(town, None, person=experts[5].person)
    again = lambda person, number: refused(lambda: follow(town, None, number, person=person))  # noqa: E731
    assert again(experts[0].person, 6) == {"member-returns"}
    assert again(experts[1].person, 2) == {"member-returns"}, "nobody follows themselves"
    assert again("", 2) == {"member-not-online"}
    assert refused(lambda: follow(town, NEW, 2)) == {"member-not-online"}
    facts = identity.ExpertFacts(
        name="专家1", kind="technical", specialty="建筑工程", title="高级工程师", years=9, employer="", employer_code=""
    )  # fmt: skip
    namesake = identity.register_expert(town.staff.opener, "namesake", None, facts, at=town.now)
    assert follow(town, None, 6, person=namesake).name == "专家1"


def test_in_a_second_round_on_paper_what_stayed_of_the_first_is_void_too_and_the_first_stays_on_record(town):
    ranking = town.to_report(PRICES)
    publicise(town)
    uphold(town)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.round) == ("evaluating", 2)
    assert {status for status, *_ in decided(town)} == {"valid"}, "on paper the centre enters what changed"
    follow(town)
    assert decided(town) == [("open", None, "")] * 3
    (first,) = trading.earlier_rounds(trading.find_lot(town.lot))
    assert list(first.report.ranking) == ranking
    assert {each.replaced_at for each in first.report.members} == {None}, "who sat then"
    assert evaluate_all(town) == ranking
    award(town, ranking[0])
    sequence()
    assert trading.calculation_of(town.lot).verdict == "equal"
