"""The calculation of an award: by hand, at the boundaries, beside independent fractions, and from the real journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Bid
from yiwang.business.trading.rules.calculation import (
    FEN,
    BidInput,
    Inputs,
    Recorded,
    compared,
    lowest_price,
)
from yiwang.business.trading.rules.exact import half_up
from yiwang.business.trading.rules.scoring import (
    CEILING_MIX,
    FLOATING,
    MEAN,
    SECOND_LOWEST,
    TRIMMED,
    VARIANTS,
    Benchmark,
    Criterion,
    Scheme,
    Score,
    ScoringInputs,
    benchmark_price,
    comprehensive,
    deviation,
    price_score,
    scoring_findings,
)
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.money import MAX_FEN
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import sequence, timeline
from yiwang.record.journal.models import Opening

from .world import Market, market

RULES_TESTED = ("W-lowest", "W20", "W22", "W30", "W-all-rejected")
ON = date(2026, 3, 4)
YUAN = 100
PRICES = [500_000_000, 490_000_000, 510_000_000, 505_000_000]

# Prices that meet each other often, and prices of any size.
fens = st.integers(100, 103) | st.integers(1, 10**13)
grounds = st.sampled_from(["", "", "", "not-qualified", "below-cost-or-above-ceiling"])


def bid(place: int, price_fen: int, **more: object) -> BidInput:
    given_ = {"evaluated_fen": None if more.get("ground") else price_fen} | more
    return BidInput(bidder=f"B{place}", name=f"{place}号公司", place=place, price_fen=price_fen, **given_)


def inputs(*bids: BidInput, **more: object) -> Inputs:
    return Inputs(lot="LOT", law_on=ON, bids=bids, **more)


def rules(findings) -> set[str]:
    return {each.rule for each in findings}


# --- 经评审的最低投标价法 -------------------------------------------------------------------------------


def test_the_lowest_evaluated_price_comes_first_even_where_its_price_was_not_the_lowest():
    dearer = bid(1, 100_00, evaluated_fen=98_00, note="扣除重复计列的费用")
    made = lowest_price(inputs(dearer, bid(2, 99_00), bid(3, 97_00, ground="not-qualified")))
    assert [(each.bidder, each.rank, each.value) for each in made.order] == [("B1", 1, 9800), ("B2", 2, 9900)]
    assert made.awardable == ("B1",)
    lines = made.sections[0].lines
    assert [line.value for line in lines] == [10000, 9800, 9900, 9900, 9700, None]
    assert (lines[1].working, lines[1].said) == ("100.00 − 2.00", "扣除重复计列的费用")
    assert "不符合规定的资格条件" in lines[5].words.zh
    assert "not qualified" in lines[5].words.en


def test_a_correction_upwards_is_written_as_a_sum():
    line = lowest_price(inputs(bid(1, 100_00, evaluated_fen=100_01, note="漏项"))).sections[0].lines[1]
    assert (line.working, line.value, line.figure.zh) == ("100.00 + 0.01", 10001, "100.01 元")


@given(st.lists(st.tuples(fens, grounds), min_size=1, max_size=8))
def test_every_valid_bid_has_a_place_no_rejected_one_has_and_no_place_is_lower_than_the_next(drawn):
    bids = [bid(place, fen, ground=ground) for place, (fen, ground) in enumerate(drawn, 1)]
    made = lowest_price(inputs(*bids, tie_order=tuple(each.bidder for each in bids), tie_break="按开标顺序"))
    standing = [each for each in bids if not each.ground]
    assert {each.bidder for each in made.order} == {each.bidder for each in standing}
    assert [each.rank for each in made.order] == list(range(1, len(standing) + 1))
    values = [each.value for each in made.order]
    assert values == sorted(each.price_fen for each in standing)
    assert ("calculation-nothing-valid" in rules(made.findings)) == (not standing)


@pytest.mark.parametrize("chosen", list(permutations(["B1", "B2", "B3"])))
def test_between_equal_prices_the_order_of_the_report_decides_whatever_it_is(chosen):
    made = lowest_price(inputs(bid(1, 5), bid(2, 5), bid(3, 5), tie_order=chosen, tie_break="现场抽签"))
    assert tuple(each.bidder for each in made.order) == chosen
    assert made.awardable == chosen[:1]


@pytest.mark.parametrize(
    ("order", "words"), [(("B2", "B1"), ""), (("B2", "B1"), "  "), ((), "现场抽签"), (("B3",), "抽签")]
)
def test_a_tie_for_the_first_place_without_words_or_without_a_choice_gives_no_award(order, words):
    given_ = inputs(bid(1, 5), bid(2, 5), bid(3, 6), tie_order=order, tie_break=words)
    made = lowest_price(given_)
    assert made.awardable == ()
    seen = compared(made, Recorded(("B1", "B2", "B3"), "B1", 5), given_)
    assert seen.verdict == "differs"
    assert "tie-left-open" in rules(seen.differences)


def test_one_fen_is_no_tie():
    made = lowest_price(inputs(bid(1, 6), bid(2, 5), tie_order=("B1", "B2"), tie_break="抽签"))
    assert [each.bidder for each in made.order] == ["B2", "B1"]


def test_a_tie_lower_down_follows_the_report_and_leaves_the_award_alone():
    made = lowest_price(inputs(bid(1, 9), bid(2, 9), bid(3, 5), tie_order=("B3", "B2", "B1")))
    assert [each.bidder for each in made.order] == ["B3", "B2", "B1"]
    assert made.awardable == ("B3",)


def test_where_state_funds_do_not_control_any_of_the_three_shortlisted_may_be_awarded_and_no_fourth():
    bids = [bid(place, place) for place in (1, 2, 3, 4)]
    private = inputs(*bids, tie_order=("B1", "B2", "B3"), state_funded=False)
    made = lowest_price(private)
    assert made.awardable == ("B1", "B2", "B3")

    def verdict(which: Inputs, awarded: str, price: int) -> str:
        return compared(lowest_price(which), Recorded(("B1", "B2", "B3"), awarded, price), which).verdict

    assert [verdict(private, f"B{n}", n) for n in (1, 2, 3, 4)] == ["equal", "equal", "equal", "differs"]
    public = replace(private, state_funded=True)
    assert [verdict(public, f"B{n}", n) for n in (1, 2, 3, 4)] == ["equal", "differs", "differs", "differs"]


@pytest.mark.parametrize(
    ("recorded", "difference"),
    [
        (Recorded(("B1",), "B1", 1), None),
        (Recorded(("B1", "B2", "B3"), "B1", 1), None),
        (Recorded((), "B1", 1), "ranking-differs"),
        (Recorded(("B2", "B1", "B3"), "B1", 1), "ranking-differs"),
        (Recorded(("B1", "B2", "B3", "B4"), "B1", 1), "ranking-differs"),
        (Recorded(("B1", "B2"), "B2", 2), "award-differs"),
        (Recorded(("B1", "B2"), "B1", 2), "award-price-differs"),
        (Recorded(("B1", "B2"), "nobody", 1), "award-differs"),
    ],
)
def test_what_the_record_says_otherwise_is_named(recorded, difference):
    given_ = inputs(*(bid(place, place) for place in (1, 2, 3, 4)))
    found = rules(compared(lowest_price(given_), recorded, given_).differences)
    assert (difference in found) if difference else not found


@pytest.mark.parametrize(
    ("bids", "finding"),
    [
        ([], "calculation-no-bids"),
        ([bid(1, 5), replace(bid(2, 5), bidder="B1")], "calculation-bidder-twice"),
        ([bid(1, 5), replace(bid(2, 5), evaluated_fen=None)], "calculation-undecided"),
        ([bid(1, 5, ground="not-qualified")], "calculation-nothing-valid"),
    ],
)
def test_inputs_that_give_no_calculation_say_why_and_are_compared_with_nothing(bids, finding):
    given_ = inputs(*bids)
    made = compared(lowest_price(given_), Recorded(("B1",), "B1", 5), given_)
    assert finding in rules(made.findings)
    assert (made.verdict, made.sections, made.recorded) == ("cannot", (), None)


# --- rounding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "bottom", "decimals", "rounded"),
    [(1, 2, 0, "1"), (-1, 2, 0, "-1"), (1, 8, 2, "0.13"), (-1, 8, 2, "-0.13"), (1, 3, 2, "0.33"), (2, 3, 2, "0.67"),
     (0, 7, 2, "0.00"), (-1, 1000, 2, "0.00"), ("0.125", 1, 2, "0.13"), ("0.12499999999999999999999999999999999", 1, 2, "0.12")],
)  # fmt: skip
def test_the_exact_half_goes_up_and_what_lies_just_below_it_does_not(top, bottom, decimals, rounded):
    assert str(half_up(Decimal(top), bottom, decimals)) == rounded


def fraction_half_up(value: Fraction, decimals: int) -> Fraction:
    """Independent: on fractions, half away from zero."""
    scaled = abs(value) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    whole += scaled - whole >= Fraction(1, 2)
    return Fraction(whole, 10**decimals) * (-1 if value < 0 else 1)


@given(st.integers(-(10**12), 10**12), st.integers(1, 2000) | st.integers(1, 10**12), st.integers(0, 4))
def test_a_quotient_rounds_as_its_exact_fraction_does(top, bottom, decimals):
    assert Fraction(half_up(top, bottom, decimals)) == fraction_half_up(Fraction(top, bottom), decimals)


@given(st.integers(0, 10**9), st.integers(-1, 1), st.integers(0, 3))
def test_around_the_exact_half_of_the_last_digit_a_hair_decides(count, hair, decimals):
    tiny = Decimal(10) ** -40
    half = (Decimal(2 * count + 1) / 2).scaleb(-decimals)
    top = half.as_integer_ratio()
    value = Fraction(*top) + hair * Fraction(*tiny.as_integer_ratio())
    got = half_up(value.numerator, value.denominator, decimals)
    assert Fraction(got) == Fraction(count + (hair >= 0), 10**decimals)


# --- 综合评估法 -----------------------------------------------------------------------------------------


def scheme(**more: object) -> Scheme:
    given_: dict[str, object] = {
        "benchmark": Benchmark(variant=MEAN), "price_full": Decimal(100), "above": Decimal(2), "below": Decimal(1),
    }  # fmt: skip
    return Scheme(**given_ | more)


def scored(*bids: BidInput, **more: object) -> ScoringInputs:
    return ScoringInputs(**{"lot": "LOT", "law_on": ON, "bids": bids, "scheme": scheme()} | more)


D = Decimal


@pytest.mark.parametrize(
    ("benchmark", "fen"),
    [
        (Benchmark(variant=MEAN), 10_200),  # (100 + 101 + 102 + 103 + 104) / 5
        (Benchmark(variant=TRIMMED), 10_200),  # (101 + 102 + 103) / 3
        (Benchmark(variant=FLOATING, down=D("0.03")), 9_894),  # 102 × 0.97
        (Benchmark(variant=CEILING_MIX, k=D("0.95"), q=D("0.4"), ceiling_fen=12_000), 10_680),  # 45.6 + 61.2
        (Benchmark(variant=SECOND_LOWEST), 10_150),  # (101 + 102) / 2
    ],
)
def test_each_benchmark_by_hand(benchmark, fen):
    assert benchmark_price([10_400, 10_000, 10_300, 10_100, 10_200], benchmark)[0] == fen


@pytest.mark.parametrize(("count", "dropped"), [(1, 0), (4, 0), (5, 1), (6, 1)])
def test_the_highest_and_the_lowest_are_dropped_from_five_prices_on_and_not_from_four(count, dropped):
    prices = [100 * 4**n for n in range(count)]
    kept = sorted(prices)[dropped : count - dropped]
    wanted = fraction_half_up(Fraction(sum(kept), len(kept)), 0)
    assert benchmark_price(prices, Benchmark(variant=TRIMMED))[0] == wanted


def test_of_equal_extremes_only_one_is_dropped():
    assert benchmark_price([100, 100, 100, 100, 600], Benchmark(variant=TRIMMED))[0] == 100
    assert benchmark_price([100, 600, 600, 600, 600], Benchmark(variant=TRIMMED))[0] == 600


def test_the_second_lowest_of_two_equal_lowest_is_that_price():
    assert benchmark_price([100, 100, 400], Benchmark(variant=SECOND_LOWEST))[0] == 150  # (100 + 200) / 2


def test_the_benchmark_is_rounded_half_up_to_the_fen():
    assert benchmark_price([1, 2], Benchmark(variant=MEAN))[0] == 2
    assert benchmark_price([1, 1, 2], Benchmark(variant=MEAN))[0] == 1


@pytest.mark.parametrize(
    ("price", "deviates", "points"),
    [
        (10_000, "0.00", "100.00"),  # at the benchmark: nothing is lost
        (10_001, "0.01", "99.98"),  # E1 = 2 above it
        (9_999, "-0.01", "99.99"),  # E2 = 1 below it
        (10_100, "1.00", "98.00"),
        (9_900, "-1.00", "99.00"),
        (14_999, "49.99", "0.02"),
        (15_000, "50.00", "0.00"),  # exactly zero
        (15_001, "50.01", "0.00"),  # the floor
        (90_000, "800.00", "0.00"),
    ],
)
def test_the_score_of_a_price_by_hand(price, deviates, points):
    per_cent = deviation(price, 10_000, 2)
    assert str(per_cent) == deviates
    assert str(price_score(price, 10_000, per_cent, scheme())) == points


shares = st.sampled_from(["0", "0.005", "0.03", "0.0725", "0.5", "0.999"]).map(Decimal)
benchmarks = st.builds(
    Benchmark, variant=st.sampled_from(VARIANTS), down=shares, q=shares, trim_from=st.integers(3, 6),
    k=st.sampled_from(["0.9", "0.955", "1"]).map(Decimal), ceiling_fen=fens,
)  # fmt: skip


def fraction_benchmark(prices: list[int], benchmark: Benchmark) -> Fraction:
    """Independent: the formulas as they stand in the rules, on fractions."""
    ordered = sorted(map(Fraction, prices))
    mean = sum(ordered) / len(ordered)
    if benchmark.variant == TRIMMED and len(ordered) >= benchmark.trim_from:
        return sum(ordered[1:-1]) / (len(ordered) - 2)
    if benchmark.variant == FLOATING:
        return mean * (1 - Fraction(benchmark.down))
    if benchmark.variant == CEILING_MIX:
        q = Fraction(benchmark.q)
        return benchmark.ceiling_fen * Fraction(benchmark.k) * q + mean * (1 - q)
    if benchmark.variant == SECOND_LOWEST:
        return (ordered[1] + mean) / 2
    return mean


@given(
    st.lists(fens, min_size=2, max_size=7), benchmarks, st.sampled_from(["1.01", "2", "3"]), st.integers(0, 3)
)
def test_benchmark_deviation_and_score_equal_an_independent_computation_on_fractions(
    prices, benchmark, e1, decimals
):
    used = scheme(benchmark=benchmark, above=D(e1), deviation_decimals=decimals)
    base, _ = benchmark_price(prices, benchmark)
    assert base == fraction_half_up(fraction_benchmark(prices, benchmark), 0)
    if base == 0:
        return
    for price in [*prices, base, base + 1, max(1, base - 1)]:
        wanted = fraction_half_up(Fraction(100 * (price - base), base), decimals)
        got = deviation(price, base, decimals)
        assert Fraction(got) == wanted
        lost = Fraction(e1) * wanted if price > base else -wanted
        assert Fraction(price_score(price, base, got, used)) == max(0, fraction_half_up(100 - lost, 2))


@given(st.integers(10**4, 10**12), st.integers(0, 10**6))
def test_above_the_benchmark_never_scores_more_than_the_same_distance_below_it(base, distance):
    distance = min(distance, base - 1)
    high, low = (
        price_score(base + way, base, deviation(base + way, base, 2), scheme())
        for way in (distance, -distance)
    )
    assert D(0) <= high <= low <= D(100)


QUALITY = Criterion(id="design", words=Words("施工组织设计", "construction plan"), full=D(40))


def sheets(points: dict[str, list[str]]) -> tuple[Score, ...]:
    return tuple(
        Score(f"E{number}", bidder, "design", D(each))
        for bidder, given_ in points.items()
        for number, each in enumerate(given_, 1)
    )


def two_part(*bids: BidInput, points: dict[str, list[str]], **more: object) -> ScoringInputs:
    parts = scheme(price_full=D(60), criteria=(QUALITY,))
    return scored(*bids, scheme=parts, scores=sheets(points), **more)


def test_a_whole_comprehensive_evaluation_by_hand():
    """Benchmark 101.00; deviations −0.99%, 0, 0.99%; means of five experts; totals added up."""
    points = {"B1": ["30", "31", "32", "33", "34.5"], "B2": ["35"] * 5, "B3": ["38", "38", "38", "38", "39"]}
    made = comprehensive(two_part(bid(1, 10_000), bid(2, 10_100), bid(3, 10_200), points=points))
    assert [(each.bidder, str(each.value)) for each in made.order] == [
        ("B3", "96.22"),
        ("B2", "95.00"),
        ("B1", "91.11"),
    ]
    assert made.awardable == ("B3",)
    by_title = {section.title.en.split(". ")[-1]: section.lines for section in made.sections}
    assert (by_title["Benchmark price"][-1].value, by_title["Benchmark price"][-1].unit) == (10_100, FEN)
    prices = by_title["Deviation and score of the price"]
    assert [str(line.value) for line in prices] == ["-0.99", "59.01", "0.00", "60.00", "0.99", "58.02"]
    assert prices[1].working == "60 + (-0.99) × 1"
    assert prices[5].working == "60 − 0.99 × 2"
    assert [str(line.value) for line in by_title["The experts' points"][1:]] == ["32.10", "35.00", "38.20"]
    assert by_title["Totals"][0].working == "59.01 + 32.10"


def test_a_weighted_scheme_of_hundred_points_each_gives_the_same_as_points_that_add_up():
    weighted = scheme(price_weight=D("0.6"), criteria=(replace(QUALITY, full=D(100), weight=D("0.4")),))
    made = comprehensive(
        scored(bid(1, 100), bid(2, 100), scheme=weighted, scores=sheets({"B1": ["80"], "B2": ["70.125"]}))
    )
    assert [str(each.value) for each in made.order] == ["92.00", "88.05"]  # 70.125 → 70.13; 60 + 28.052


def test_equal_totals_go_to_the_lower_price_and_equal_prices_to_the_documents():
    flat = scheme(above=D("0.02"), below=D("0.01"), deviation_decimals=0)  # a per cent is next to nothing
    made = comprehensive(scored(bid(1, 10_001), bid(2, 10_000), scheme=flat))
    assert [each.bidder for each in made.order] == ["B2", "B1"]
    equal = scored(bid(1, 10_000), bid(2, 10_000))
    assert comprehensive(equal).awardable == ()
    settled = comprehensive(replace(equal, tie_order=("B2", "B1"), tie_break="技术得分高者在前"))
    assert settled.awardable == ("B2",)


def test_rejected_bids_enter_neither_the_benchmark_nor_the_scores():
    made = comprehensive(
        scored(
            bid(1, 10_000), bid(2, 10_000, ground="not-responsive"), bid(3, 90_000, ground="not-qualified")
        )
    )
    assert [(each.bidder, str(each.value)) for each in made.order] == [("B1", "100.00")]


@given(st.lists(fens, min_size=2, max_size=6), st.data())
def test_whole_totals_equal_an_independent_computation_and_every_shown_number_is_the_one_used(prices, data):
    points = st.sampled_from(["0", "0.005", "19.995", "33.335", "40"]) | st.integers(0, 4000).map(
        lambda n: str(D(n) / 100)
    )
    given_ = {f"B{n}": data.draw(st.lists(points, min_size=3, max_size=3)) for n in range(1, len(prices) + 1)}
    bids = [bid(place, fen) for place, fen in enumerate(prices, 1)]
    made = comprehensive(two_part(*bids, points=given_))
    base = fraction_half_up(fraction_benchmark(prices, Benchmark(variant=MEAN)), 0)
    for each in made.order:
        price = prices[int(each.bidder[1:]) - 1]
        away = fraction_half_up((price - base) * 100 / base, 2)
        price_points = max(0, fraction_half_up(60 - (2 * away if price > base else -away), 2))
        mean = fraction_half_up(sum(map(Fraction, given_[each.bidder])) / 3, 2)
        assert Fraction(each.value) == price_points + mean
    keys = [(-each.value, prices[int(each.bidder[1:]) - 1]) for each in made.order]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"above": D(1)}, "scheme-rates"),  # E1 = E2 is not E1 > E2
        ({"below": D("-0.1")}, "scheme-rates"),
        ({"price_full": D("99.99")}, "scheme-not-hundred"),
        ({"price_weight": D(0)}, "scheme-not-positive"),
        ({"price_full": D("NaN")}, "scheme-not-a-number"),
        ({"criteria": (QUALITY, QUALITY), "price_full": D(20)}, "scheme-criterion-twice"),
        ({"benchmark": Benchmark(variant="lucky-number")}, "benchmark-unknown"),
        ({"benchmark": Benchmark(variant=TRIMMED, trim_from=2)}, "benchmark-trim"),
        ({"benchmark": Benchmark(variant=FLOATING, down=D(1))}, "benchmark-down"),
        ({"benchmark": Benchmark(variant=CEILING_MIX)}, "benchmark-ceiling"),
        ({"benchmark": Benchmark(variant=CEILING_MIX, ceiling_fen=1, q=D("1.01"))}, "benchmark-mix"),
        ({"benchmark": Benchmark(variant=FLOATING, down=D("0.9999"))}, "benchmark-zero"),
    ],
)
def test_a_scheme_that_cannot_be_meant_gives_its_reason_and_no_scores(change, finding):
    made = comprehensive(scored(bid(1, 100), bid(2, 101), scheme=scheme(**change)))
    assert finding in rules(made.findings)
    assert made.verdict == "cannot"


def test_variant_e_needs_two_valid_prices():
    lone = scored(bid(1, 100), scheme=scheme(benchmark=Benchmark(variant=SECOND_LOWEST)))
    assert rules(comprehensive(lone).findings) == {"benchmark-second"}


@pytest.mark.parametrize(
    ("points", "finding"),
    [
        ({}, "scores-missing"),
        ({"B1": ["30", "31"], "B2": ["30"]}, "scores-missing"),
        ({"B1": ["30"], "B2": ["30"], "B9": ["30"]}, "scores-too-many"),
        ({"B1": ["40.01"], "B2": ["30"]}, "score-out-of-range"),
        ({"B1": ["-0.01"], "B2": ["30"]}, "score-out-of-range"),
    ],
)
def test_sheets_that_are_not_whole_give_their_reason(points, finding):
    assert finding in rules(scoring_findings(two_part(bid(1, 100), bid(2, 101), points=points)))


def test_the_largest_amounts_lose_no_digit():
    top = benchmark_price(
        [MAX_FEN, MAX_FEN - 1, MAX_FEN - 1], Benchmark(variant=FLOATING, down=D("0.0000000001"))
    )[0]
    exact = Fraction(3 * MAX_FEN - 2, 3) * (1 - Fraction(1, 10**10))
    assert top == fraction_half_up(exact, 0)


# --- from the journal ------------------------------------------------------------------------------------


@pytest.fixture
def town(db) -> Market:
    return market()


def test_before_the_award_there_is_no_calculation(town):
    town.to_award(PRICES)
    sequence()
    assert trading.calculation_of(town.lot) is None
    assert trading.recomputed(town.lot, public_only=False) is None


def awarded(town: Market, prices: list[int] = PRICES) -> None:
    ranking = town.to_award(prices)
    trading.award(town.hosts[0], town.lot, ranking[0], town.now)
    sequence()


def test_an_award_is_calculated_again_from_public_entries_and_equals_the_record(town):
    awarded(town)
    made = trading.calculation_of(town.lot)
    assert made is not None
    assert (made.verdict, made.findings, made.differences) == ("equal", (), ())
    assert [each.value for each in made.order] == sorted(PRICES)
    assert made.order[0].bidder == town.bidders[1].organisation


def test_adjustments_rejections_and_second_thoughts_of_the_committee_are_in_the_calculation(town):
    town.to_evaluating(PRICES)
    opener, codes = town.staff.opener, [each.organisation for each in town.bidders]
    trading.evaluate_bid(opener, town.lot, codes[0], PRICES[0], "", town.now)
    trading.reject_bid(opener, town.lot, codes[0], "not-qualified", "资质证书过期", town.now)
    trading.reject_bid(opener, town.lot, codes[1], "not-qualified", "看错了", town.now)
    trading.evaluate_bid(opener, town.lot, codes[1], 511_000_000, "单价与合价不符，" * 200, town.now)
    for number in (2, 3):
        trading.evaluate_bid(opener, town.lot, codes[number], PRICES[number], "", town.now)
    ranking = [codes[3], codes[2], codes[1]]
    trading.receive_report(opener, town.lot, ranking, "", town.now)
    made = award_after_report(town, ranking[0])
    assert made.verdict == "equal"
    assert [each.bidder for each in made.order] == ranking
    told = [line for section in made.sections for line in section.lines]
    assert any(
        line.said.startswith("单价与合价不符") and line.working == "4,900,000.00 + 210,000.00"
        for line in told
    )
    assert not any("资质证书过期" in line.said or "资质证书过期" in line.words.zh for line in told), (
        "the reason is private"
    )


def award_after_report(town: Market, bidder: str) -> trading.Calculation:
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    notice = trading.draft_publicity(
        town.hosts[0], town.lot, publish_at, until_on, "电话 0938-8000000", town.now
    )
    town.publish(notice.code, publish_at)
    town.work(on_day_at(until_on + timedelta(days=1), 10))
    trading.award(town.hosts[0], town.lot, bidder, town.now)
    sequence()
    made = trading.calculation_of(town.lot)
    assert made is not None
    return made


def test_what_the_tables_say_is_not_looked_at(town):
    awarded(town)
    before = trading.calculation_of(town.lot)
    Bid.objects.filter(lot__code=town.lot).update(price_fen=1, evaluated_fen=1, rank=None)
    assert trading.calculation_of(town.lot) == before


def test_an_entry_whose_facts_were_changed_afterwards_is_found_out(town):
    awarded(town)
    lot = trading.find_lot(town.lot).ref
    entry = next(each for each in timeline(lot) if each.kind == "bid-evaluated")
    row = Opening.objects.get(pk=entry.id)
    assert str(PRICES[0]) in row.hidden
    Opening.objects.filter(pk=entry.id).update(hidden=row.hidden.replace(str(PRICES[0]), "480000000"))
    made = trading.calculation_of(town.lot)
    assert made is not None
    assert rules(made.findings) == {"entry-does-not-open"}
    assert made.verdict == "cannot"


def test_an_entry_whose_leaf_has_not_its_hash_is_found_out(town, monkeypatch):
    awarded(town)
    tampered = [
        replace(
            each,
            leaf=each.leaf.replace(b"490000000", b"480000000"),
            facts={**each.facts, "price_fen": 480_000_000},
        )
        if each.kind == "award-decided"
        else each
        for each in timeline(trading.find_lot(town.lot).ref)
    ]
    monkeypatch.setattr("yiwang.business.trading.recomputing.timeline", lambda *asked: tampered)
    made = trading.calculation_of(town.lot)
    assert made is not None
    assert rules(made.findings) == {"entry-does-not-open"}


def test_a_retendered_lot_belongs_to_its_project_and_an_unknown_one_is_refused(town):
    town.register()
    town.announce()
    town.bid(PRICES[:2])
    town.close()
    assert town.stage == "failed"
    again = trading.retender(town.hosts[0], town.lot, town.now)
    assert trading.lots_of(town.lot[:17]) == (town.lot, again.code)
    assert trading.lots_of(again.code) == (again.code,)
    with pytest.raises(Refused) as caught:
        trading.lots_of(town.lot[:-1] + "9")
    assert rules(caught.value.findings) == {"no-such-project"}
