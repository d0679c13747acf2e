"""The worked evaluations beside the law: each is calculated, and a wrong one would be noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from yiwang.business.trading.rules.calculation import BidInput, Calculation
from yiwang.business.trading.rules.scoring import (
    VARIANTS,
    Benchmark,
    Criterion,
    Scheme,
    Score,
    ScoringInputs,
    comprehensive,
)
from yiwang.law import api as law
from yiwang.law.examples import ScoringExample, read_scoring_examples
from yiwang.pure.kernel.money import fen_from_yuan
from yiwang.pure.kernel.words import Words

RULES_TESTED = ("W-best", "W-tie")
EXAMPLES = read_scoring_examples(law.DIRECTORY)


def calculated(case: ScoringExample) -> Calculation:
    """The calculation of a case; one that judges nothing gets one criterion on which all are equal."""
    fens = [fen_from_yuan(each) for each in case.prices]
    judged = case.judged or tuple("1" for _ in fens)
    scheme = Scheme(
        benchmark=Benchmark(
            variant=case.method,
            trim_from=case.trim_from,
            trim_each=case.trim_each,
            ceiling_fen=fen_from_yuan(case.ceiling) if case.ceiling else None,
            **{name: D(value) for name, value in case.coefficients.items()},
        ),
        price_full=D(case.price_full),
        above=D(case.above),
        below=D(case.below),
        criteria=(Criterion(id="c", words=Words("评分", "points"), full=100 - D(case.price_full)),),
    )
    return comprehensive(
        ScoringInputs(
            lot="L",
            law_on=date(2026, 3, 4),
            bids=tuple(
                BidInput(bidder=str(n), name=f"{n}号", place=n, price_fen=fen, evaluated_fen=fen)
                for n, fen in enumerate(fens, 1)
            ),
            tie_break="按招标文件",
            tie_order=tuple(str(n) for n in range(1, len(fens) + 1)),
            scheme=scheme,
            scores=tuple(
                Score(f"{number}", str(n), "c", D(points))
                for n, given in enumerate(judged, 1)
                for number, points in enumerate(given.split(), 1)
            ),
        )
    )


def objection(case: ScoringExample) -> str:
    """How the calculation differs from what was worked out; "" where it agrees."""
    made = calculated(case)
    if made.findings:
        return str(made.findings)
    by_title = {each.title.en[3:]: each.lines for each in made.sections}
    benchmark = by_title["Benchmark price"][-1].value
    prices = by_title["Deviation and score of the price"]
    found = {
        "benchmark": str(D(benchmark) / 100),
        "deviations": tuple(str(each.value) for each in prices[::2]),
        "scores": tuple(str(each.value) for each in prices[1::2]),
        "totals": tuple(str(each.value) for each in by_title["Totals"]) if case.totals else (),
        "order": tuple(each.bidder for each in made.order) if case.order else (),
    }
    wanted = {name: getattr(case, name) for name in found} | {"benchmark": str(D(case.benchmark).normalize())}
    found["benchmark"] = str(D(found["benchmark"]).normalize())
    return "" if found == wanted else f"{found} instead of {wanted}"


def test_there_are_enough_cases_and_every_variant_has_one():
    assert len(EXAMPLES) >= 12
    assert {each.method for each in EXAMPLES} == set(VARIANTS)


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.title[:24])
def test_a_worked_evaluation_holds(case):
    assert objection(case) == ""


@pytest.mark.parametrize("case", EXAMPLES[4:5])
@pytest.mark.parametrize("change", [{"benchmark": "1100000.01"}, {"scores": ("50.92", "60.00", "41.82")},
                                    {"deviations": ("-9.10", "0.00", "9.09")}, {"totals": ("86.91", "90.00", "80.23")},
                                    {"order": ("1", "2", "3")}])  # fmt: skip
def test_a_wrong_one_is_noticed(case, change):
    assert objection(replace(case, **change)) != ""
