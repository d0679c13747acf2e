"""The method of evaluation as the documents state it: fixed at publication, checked before it. Pure.

Coefficients are shares (3% is 0.03). A coefficient with several options is drawn at the opening, one with a single
option is simply that. The formulas are those of ``rules/scoring.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.method_terms import LOWEST, LOWEST_PRICE, CriterionTerms, MethodTerms
from yiwang.business.trading.rules.scoring import (
    CEILING_MIX,
    FLOATING,
    VARIANTS,
    Benchmark,
    Criterion,
    Scheme,
    benchmark_findings,
    scheme_findings,
)
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.words import Words

COEFFICIENTS: Mapping[str, tuple[str, ...]] = {FLOATING: ("down",), CEILING_MIX: ("k", "q")}
OPTIONS_AT_MOST, CRITERIA_AT_MOST, DECIMALS_AT_MOST = 30, 30, 4
ENOUGH_VALID = (
    3  # for the look at the coefficients alone: a tender that is opened has three bids at least (W11)
)
_BY_LOT = re.compile(r"抽签|摇号|抓阄|随机|draw(ing|n)?\s+(of\s+)?lots|lottery", re.IGNORECASE)


def coefficient_options(terms: MethodTerms) -> dict[str, tuple[Decimal, ...]]:
    """The coefficients that the variant uses, with the options of each; empty where it uses none."""
    every = {"down": terms.down, "k": terms.k, "q": terms.q}
    return {name: every[name] for name in COEFFICIENTS.get(terms.id, ())}


def is_drawn(terms: MethodTerms) -> bool:
    """Whether something is drawn at the opening: a coefficient with more than one option."""
    return any(len(options) > 1 for options in coefficient_options(terms).values())


def scheme_of(terms: MethodTerms, values: Mapping[str, Decimal], ceiling_fen: int | None) -> Scheme:
    """The scheme by which bids are scored once the coefficients are known; ``values`` by name."""
    return Scheme(
        benchmark=Benchmark(
            variant=terms.id,
            trim_from=terms.trim_from,
            trim_each=terms.trim_each,
            down=values.get("down", Decimal(0)),
            k=values.get("k", Decimal(1)),
            q=values.get("q", Decimal(0)),
            ceiling_fen=ceiling_fen,
        ),
        price_full=terms.price_full,
        above=terms.above,
        below=terms.below,
        criteria=tuple(
            Criterion(
                id=each.id, words=Words(each.title, each.title), full=each.full, least=each.least,
                objective=each.objective,
            )
            for each in terms.criteria
        ),
        deviation_decimals=terms.deviation_decimals,
        score_decimals=terms.score_decimals,
    )  # fmt: skip


def _option_findings(terms: MethodTerms, ceiling_fen: int | None) -> Iterator[Finding]:
    """Every option has to give a benchmark; the list says each once."""
    options = coefficient_options(terms)
    for name, values in options.items():
        if not 0 < len(values) <= OPTIONS_AT_MOST or len(set(values)) < len(values):
            yield Finding("coefficient-options", params={"at_most": OPTIONS_AT_MOST}, field=name)
    if not all(options.values()) and options:
        return
    longest = max((len(each) for each in options.values()), default=1)
    told: dict[str, Finding] = {}
    for place in range(longest):
        chosen = {name: values[min(place, len(values) - 1)] for name, values in options.items()}
        scheme = scheme_of(terms, chosen, ceiling_fen)
        for each in benchmark_findings(scheme.benchmark, ENOUGH_VALID):
            told.setdefault(each.rule, each)
    fields = {"benchmark-down": "down", "benchmark-mix": "k", "benchmark-ceiling": "ceiling_fen",
              "benchmark-trim": "trim_each"}  # fmt: skip
    for each in told.values():
        yield Finding(each.rule, each.source, each.params, fields.get(each.rule, ""))


def _criterion_findings(each: CriterionTerms) -> Iterator[Finding]:
    if not each.title.strip():
        yield Finding("criterion-title", field="criteria")
    if not Decimal(0) <= each.least <= each.full:
        yield Finding("criterion-range", params={"title": each.title[:60]}, field="criteria")


def by_lot_findings(text: str, on: date, field: str) -> Iterator[Finding]:
    """W32: no lots decide who is shortlisted, not even between equal bids."""
    if _BY_LOT.search(text):
        yield Finding("W32", law.rule("W32", on=on).source, field=field)


def method_findings(terms: MethodTerms, ceiling_fen: int | None, on: date) -> list[Finding]:
    """Every objection to the method that the documents are to state; fields are those of the form of the notice."""
    if terms.id == LOWEST:
        return []
    source = law.rule("W-best", on=on).source
    if terms.id not in VARIANTS:
        return [Finding("benchmark-unknown", params={"variant": terms.id[:60]}, field="method")]
    found = list(_option_findings(terms, ceiling_fen))
    fields = {
        "scheme-rates": "above",
        "scheme-not-hundred": "price_full",
        "scheme-not-positive": "price_full",
    }
    for each in scheme_findings(scheme_of(terms, {}, ceiling_fen)):
        found.append(Finding(each.rule, source, each.params, fields.get(each.rule, "criteria")))
    for criterion in terms.criteria:
        found += _criterion_findings(criterion)
    if not 0 < len(terms.criteria) <= CRITERIA_AT_MOST:
        found.append(Finding("criteria-missing", source, {"at_most": CRITERIA_AT_MOST}, "criteria"))
    places = {"deviation_decimals": terms.deviation_decimals, "score_decimals": terms.score_decimals}
    found += [
        Finding("decimals-range", params={"at_most": DECIMALS_AT_MOST}, field=name)
        for name, given in places.items()
        if not 0 <= given <= DECIMALS_AT_MOST
    ]
    if not terms.tie.strip():
        found.append(Finding("tie-rule-missing", law.rule("W-tie", on=on).source, field="tie"))
    found += by_lot_findings(terms.tie, on, "tie")
    return found


def method_complete_findings(facts: StepFacts) -> Iterator[Finding]:
    """The guard ``method-complete``: the method of the lot as its notice states it."""
    yield from method_findings(facts.lot.method, facts.lot.ceiling_fen, facts.lot.law_on)


def no_lots_findings(facts: StepFacts) -> Iterator[Finding]:
    """The guard ``no-lots``: what the report says about a tie."""
    yield from by_lot_findings(facts.tie_break, facts.lot.law_on, "tie_break")


def shown_points(points: Decimal | None, method: Mapping[str, Any]) -> str:
    """A total with the decimals of the documents (``method`` as stored with the lot); "" for None."""
    return "" if points is None else f"{points:.{method.get('score_decimals', 2)}f}"


def terms_as_json(terms: MethodTerms) -> dict[str, Any]:
    """The terms as canonical JSON: decimals as text. ``{}`` for the lowest price, which has no parameters."""
    if terms.id == LOWEST:
        return {}
    return {
        "id": terms.id,
        "price_full": str(terms.price_full),
        "above": str(terms.above),
        "below": str(terms.below),
        "trim_from": terms.trim_from,
        "trim_each": terms.trim_each,
        "down": [str(each) for each in terms.down],
        "k": [str(each) for each in terms.k],
        "q": [str(each) for each in terms.q],
        "criteria": [
            {
                "id": each.id,
                "title": each.title,
                "part": each.part,
                "objective": each.objective,
                "full": str(each.full),
                "least": str(each.least),
            }
            for each in terms.criteria
        ],
        "deviation_decimals": terms.deviation_decimals,
        "score_decimals": terms.score_decimals,
        "tie": terms.tie,
    }


def terms_from_json(told: Mapping[str, Any]) -> MethodTerms:
    """The terms that :func:`terms_as_json` wrote."""
    if not told:
        return LOWEST_PRICE
    return MethodTerms(
        id=told["id"],
        price_full=Decimal(told["price_full"]),
        above=Decimal(told["above"]),
        below=Decimal(told["below"]),
        trim_from=told["trim_from"],
        trim_each=told["trim_each"],
        down=tuple(Decimal(each) for each in told["down"]),
        k=tuple(Decimal(each) for each in told["k"]),
        q=tuple(Decimal(each) for each in told["q"]),
        criteria=tuple(
            CriterionTerms(
                id=each["id"],
                title=each["title"],
                part=each["part"],
                objective=each["objective"],
                full=Decimal(each["full"]),
                least=Decimal(each["least"]),
            )
            for each in told["criteria"]
        ),
        deviation_decimals=told["deviation_decimals"],
        score_decimals=told["score_decimals"],
        tie=told["tie"],
    )
