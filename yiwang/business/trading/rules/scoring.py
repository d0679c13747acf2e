"""综合评估法: benchmark, deviation, score by deviation, experts' means, weighted total. Pure.

Computed from recorded inputs only: prices from the opening record, coefficients as they were drawn and recorded, the
experts' sheets. No step of a procedure uses it yet; nothing is drawn, read or guessed here. Every number that a line
shows is exactly the number that the next line goes on with: rounding happens where a line says so, half up, and
nowhere between. The formulas are those of ``law/evaluation/works.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yiwang.business.trading.rules.calculation import (
    FEN,
    PERCENT,
    POINTS,
    Calculation,
    Inputs,
    Line,
    Section,
    awardable_of,
    bids_findings,
    decision_section,
    evaluation_section,
    order_section,
    ordered,
    valid_prices,
)
from yiwang.business.trading.rules.drawing import Draw
from yiwang.business.trading.rules.exact import half_up, product, total
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words

MEAN = "comprehensive-mean"  # A
TRIMMED = "comprehensive-trimmed-mean"  # B
FLOATING = "comprehensive-floating"  # C
CEILING_MIX = "comprehensive-ceiling-mix"  # D
SECOND_LOWEST = "comprehensive-second-lowest"  # E
VARIANTS = (MEAN, TRIMMED, FLOATING, CEILING_MIX, SECOND_LOWEST)
WHOLE = Decimal(100)
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """How the benchmark price is taken, with the coefficients as recorded.

    ``variant`` is an id of VARIANTS. B drops ``trim_each`` highest and as many lowest prices where there are at least
    ``trim_from`` valid ones. C: ``down`` is the share taken off (下浮率, 0.03 for 3%), drawn at the opening. D:
    ``k`` and ``q`` with the ceiling in fen. Coefficients are shares, never per cent.
    """

    variant: str
    trim_from: int = 5
    trim_each: int = 1
    down: Decimal = ZERO
    k: Decimal = ONE
    q: Decimal = ZERO
    ceiling_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What the experts score, from ``least`` to ``full`` points; ``weight`` is its share of the total (1: points add up).

    ``objective``: every expert gives a bidder the same.
    """

    id: str
    words: Words
    full: Decimal
    weight: Decimal = ONE
    least: Decimal = ZERO
    objective: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """What one expert gave one bidder for one criterion."""

    expert: str
    bidder: str
    criterion: str
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What the documents say about scoring.

    ``price_full`` is F, the points of a price at the benchmark; ``above`` E1 and ``below`` E2, the points lost a per
    cent above and below it (E1 > E2). Deviations are rounded half up to ``deviation_decimals`` of a per cent, points
    to ``score_decimals``; the benchmark to the fen.
    """

    benchmark: Benchmark
    price_full: Decimal
    above: Decimal
    below: Decimal
    price_weight: Decimal = ONE
    criteria: tuple[Criterion, ...] = ()
    deviation_decimals: int = 2
    score_decimals: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringInputs(Inputs):
    """All that an award by 综合评估法 follows from: besides the bids the scheme and the experts' sheets.

    ``draw`` is how the coefficients of the scheme came about, shown with the calculation (None: none was drawn).
    """

    scheme: Scheme
    scores: tuple[Score, ...] = ()
    draw: Draw | None = None


def benchmark_findings(benchmark: Benchmark, valid: int) -> Iterator[Finding]:
    """Coefficients that give no benchmark, or too few valid prices for the variant."""
    if benchmark.variant not in VARIANTS:
        yield Finding("benchmark-unknown", params={"variant": benchmark.variant})
    if benchmark.trim_each < 0 or benchmark.trim_from <= 2 * benchmark.trim_each:
        yield Finding("benchmark-trim")
    if not ZERO <= benchmark.down < ONE:
        yield Finding("benchmark-down", params={"down": benchmark.down})
    if benchmark.variant == CEILING_MIX:
        if benchmark.ceiling_fen is None or benchmark.ceiling_fen <= 0:
            yield Finding("benchmark-ceiling")
        if benchmark.k <= ZERO or not ZERO <= benchmark.q <= ONE:
            yield Finding("benchmark-mix", params={"k": benchmark.k, "q": benchmark.q})
    if benchmark.variant == SECOND_LOWEST and valid < 2:
        yield Finding("benchmark-second", params={"valid": valid})


def scheme_findings(scheme: Scheme) -> Iterator[Finding]:
    """E1 > E2 ≥ 0, and the best possible total is a hundred points."""
    if not scheme.above > scheme.below >= ZERO:
        yield Finding("scheme-rates", params={"above": scheme.above, "below": scheme.below})
    factors = [(each.full, each.weight) for each in scheme.criteria]
    factors.append((scheme.price_full, scheme.price_weight))
    if any(full <= ZERO or weight <= ZERO for full, weight in factors):
        yield Finding("scheme-not-positive")
    best = total(*(product(full, weight) for full, weight in factors))
    if best != WHOLE:
        yield Finding("scheme-not-hundred", params={"best": best})
    if len({each.id for each in scheme.criteria}) < len(scheme.criteria):
        yield Finding("scheme-criterion-twice")


def score_findings(inputs: ScoringInputs) -> Iterator[Finding]:
    """Every expert gives every valid bid points for every criterion exactly once, from the least to full points.

    What is objective is the same from all.
    """
    bidders = {each.bidder for each in inputs.bids if not each.ground}
    full = {each.id: each.full for each in inputs.scheme.criteria}
    least = {each.id: each.least for each in inputs.scheme.criteria}
    experts = {each.expert for each in inputs.scores}
    wanted = {(expert, bidder, each) for expert in experts for bidder in bidders for each in full}
    given = [(each.expert, each.bidder, each.criterion) for each in inputs.scores]
    if full and not experts:
        yield Finding("scores-missing", params={"count": len(bidders) * len(full)})
    elif wanted - set(given):
        yield Finding("scores-missing", params={"count": len(wanted - set(given))})
    if set(given) - wanted or len(set(given)) < len(given):
        yield Finding("scores-too-many")
    for each in inputs.scores:
        if each.criterion in full and not least[each.criterion] <= each.points <= full[each.criterion]:
            yield Finding("score-out-of-range", params={"expert": each.expert, "points": each.points})
    uneven = uneven_objective(inputs.scheme, inputs.scores)
    if uneven:
        yield Finding("scores-uneven", params={"count": len(uneven)})


def uneven_objective(scheme: Scheme, scores: Sequence[Score]) -> list[tuple[str, str]]:
    """(bidder, criterion) of every objective item on which the experts differ, in the order of the scores."""
    objective = {each.id for each in scheme.criteria if each.objective}
    given: dict[tuple[str, str], set[Decimal]] = {}
    for each in scores:
        if each.criterion in objective:
            given.setdefault((each.bidder, each.criterion), set()).add(each.points)
    return [item for item, points in given.items() if len(points) > 1]


def _figures_are_finite(inputs: ScoringInputs) -> bool:
    scheme, benchmark = inputs.scheme, inputs.scheme.benchmark
    figures = [scheme.price_full, scheme.above, scheme.below, scheme.price_weight]
    figures += [benchmark.down, benchmark.k, benchmark.q]
    figures += [figure for each in scheme.criteria for figure in (each.full, each.weight)]
    figures += [each.points for each in inputs.scores]
    return all(each.is_finite() for each in figures)


def scoring_findings(inputs: ScoringInputs) -> list[Finding]:
    """Every reason why these inputs give no scores."""
    if not _figures_are_finite(inputs):
        return [Finding("scheme-not-a-number")]
    prices = valid_prices(inputs)
    found = [
        *bids_findings(inputs),
        *benchmark_findings(inputs.scheme.benchmark, len(prices)),
        *scheme_findings(inputs.scheme),
        *score_findings(inputs),
    ]
    if not found and benchmark_price(list(prices.values()), inputs.scheme.benchmark)[0] <= 0:
        found.append(Finding("benchmark-zero"))
    return found


def kept_prices(prices: Sequence[int], benchmark: Benchmark) -> list[int]:
    """The prices in fen that enter the mean, lowest first; of equal extremes B drops only as many as it must."""
    kept = sorted(prices)
    if benchmark.variant == TRIMMED and len(kept) >= benchmark.trim_from and benchmark.trim_each:
        kept = kept[benchmark.trim_each : -benchmark.trim_each]
    return kept


def benchmark_price(prices: Sequence[int], benchmark: Benchmark) -> tuple[int, str]:
    """The benchmark price in fen, rounded half up once, and its working in yuan.

    ``prices`` are the evaluated prices in fen of the valid bids, one at least. Variant E takes the second of the
    sorted prices, which equals the lowest where two are lowest.
    """
    kept = kept_prices(prices, benchmark)
    count, whole = len(kept), sum(kept)
    mean = f"({' + '.join(shown_yuan(each) for each in kept)}) ÷ {count}"
    numerator, denominator, working = Decimal(whole), Decimal(count), mean
    if benchmark.variant == FLOATING:
        numerator = product(whole, total(ONE, benchmark.down.copy_negate()))
        working = f"{mean} × (1 − {benchmark.down})"
    elif benchmark.variant == CEILING_MIX:
        ceiling = benchmark.ceiling_fen or 0
        numerator = total(
            product(ceiling, benchmark.k, benchmark.q, count),
            product(whole, total(ONE, benchmark.q.copy_negate())),
        )
        working = f"{shown_yuan(ceiling)} × {benchmark.k} × {benchmark.q} + {mean} × (1 − {benchmark.q})"
    elif benchmark.variant == SECOND_LOWEST:
        numerator, denominator = total(kept[1] * count, whole), Decimal(2 * count)
        working = f"({shown_yuan(kept[1])} + {mean}) ÷ 2"
    return int(half_up(numerator, denominator, 0)), working


def deviation(price_fen: int, benchmark_fen: int, decimals: int) -> Decimal:
    """偏差率 in per cent: 100% × (price − benchmark) ÷ benchmark, half up to ``decimals``."""
    return half_up(100 * (price_fen - benchmark_fen), benchmark_fen, decimals)


def price_score(price_fen: int, benchmark_fen: int, deviates: Decimal, scheme: Scheme) -> Decimal:
    """F less E1 a per cent above the benchmark, F less E2 a per cent below it, never below zero."""
    above = price_fen > benchmark_fen
    lost = product(deviates, scheme.above.copy_negate() if above else scheme.below)
    return half_up(max(total(scheme.price_full, lost), ZERO), 1, scheme.score_decimals)


def _price_working(price_fen: int, benchmark_fen: int, deviates: Decimal, scheme: Scheme) -> str:
    above = price_fen > benchmark_fen
    sign, rate = ("−", scheme.above) if above else ("+", scheme.below)
    shown = f"({deviates})" if deviates < ZERO else f"{deviates}"
    return f"{scheme.price_full} {sign} {shown} × {rate}"


def _price_lines(
    inputs: ScoringInputs, prices: Mapping[str, int], benchmark_fen: int, names: Mapping[str, str]
) -> tuple[list[Line], dict[str, Decimal]]:
    scheme, lines, scores = inputs.scheme, [], {}
    for bidder, fen in prices.items():
        deviates = deviation(fen, benchmark_fen, scheme.deviation_decimals)
        scores[bidder] = price_score(fen, benchmark_fen, deviates, scheme)
        floored = "" if scores[bidder] > ZERO else "，不低于 0"
        lines += [
            Line(
                words=Words(
                    f"偏差率，四舍五入到 {scheme.deviation_decimals} 位小数",
                    f"deviation, half up to {scheme.deviation_decimals} decimals",
                ),
                name=names[bidder],
                working=f"100 × ({shown_yuan(fen)} − {shown_yuan(benchmark_fen)}) ÷ {shown_yuan(benchmark_fen)}",
                value=deviates,
                unit=PERCENT,
            ),
            Line(
                words=Words(
                    f"报价得分{floored}", "score of the price" + (", not below 0" if floored else "")
                ),
                name=names[bidder],
                working=_price_working(fen, benchmark_fen, deviates, scheme),
                value=scores[bidder],
                unit=POINTS,
            ),
        ]
    return lines, scores


def expert_mean(points: Sequence[Decimal], decimals: int) -> Decimal:
    """The mean of the experts' points, half up to ``decimals``. At least one is needed."""
    return half_up(total(*points), len(points), decimals)


def _expert_lines(
    inputs: ScoringInputs, names: Mapping[str, str], bidders: Sequence[str]
) -> tuple[list[Line], dict[str, dict[str, Decimal]]]:
    numbers = list(dict.fromkeys(each.expert for each in inputs.scores))
    lines = [
        Line(
            words=Words(
                f"括号内依次是评委 {'、'.join(numbers)} 的评分", f"in brackets: members {', '.join(numbers)}"
            )
        )
    ]
    means: dict[str, dict[str, Decimal]] = {bidder: {} for bidder in bidders}
    for bidder in bidders:
        for criterion in inputs.scheme.criteria:
            points = [
                each.points
                for each in inputs.scores
                if each.bidder == bidder and each.criterion == criterion.id
            ]
            mean = expert_mean(points, inputs.scheme.score_decimals)
            means[bidder][criterion.id] = mean
            lines.append(
                Line(
                    words=Words(
                        f"{criterion.words.zh}：{len(points)} 名专家的平均分",
                        f"{criterion.words.en}: mean of {len(points)} experts",
                    ),
                    name=names[bidder],
                    working=f"({' + '.join(str(each) for each in points)}) ÷ {len(points)}",
                    value=mean,
                    unit=POINTS,
                )
            )
    return lines, means


def _total_line(
    scheme: Scheme, name: str, price: Decimal, means: Mapping[str, Decimal]
) -> tuple[Line, Decimal]:
    parts = [(price, scheme.price_weight), *((means[each.id], each.weight) for each in scheme.criteria)]
    value = half_up(total(*(product(points, weight) for points, weight in parts)), 1, scheme.score_decimals)
    working = " + ".join(f"{points}" if weight == ONE else f"{points} × {weight}" for points, weight in parts)
    return (
        Line(words=Words("总分", "total"), name=name, working=working, value=value, unit=POINTS),
        value,
    )


_COEFFICIENTS = {
    "down": Words("下浮率", "share taken off"),
    "k": Words("系数 K", "coefficient K"),
    "q": Words("权重 Q", "weight Q"),
}


def _draw_lines(draw: Draw | None) -> list[Line]:
    if draw is None:
        return []
    lines = [
        Line(
            words=Words(
                f"开标时抽取的{_COEFFICIENTS[name].zh}", f"{_COEFFICIENTS[name].en}, drawn at the opening"
            ),
            value=value,
        )
        for name, value in draw.values.items()
    ]
    proof = Words(
        f"抽取可以验算：公布的摘要 {draw.commitment}，秘密值 {draw.secret}，截止清单 {draw.closing}",
        f"Draw it again from digest {draw.commitment}, secret {draw.secret}, closing list {draw.closing}",
    )
    return [*lines, Line(words=proof)]


def _benchmark_section(
    method: law.EvaluationMethod, prices: Mapping[str, int], taken: Benchmark, draw: Draw | None
) -> Section:
    fen, working = benchmark_price(list(prices.values()), taken)
    kept = len(kept_prices(list(prices.values()), taken))
    lines = [Line(words=Words(f"{method.title}：{method.formula}", method.title_en))]
    if kept < len(prices):
        lines.append(
            Line(
                words=Words(
                    f"有效报价 {len(prices)} 个，去掉最高、最低各 {taken.trim_each} 个",
                    f"{len(prices)} valid prices: the {taken.trim_each} highest and as many lowest are left out",
                )
            )
        )
    lines += _draw_lines(draw)
    words = Words("评标基准价，四舍五入到分", "benchmark price, half up to the fen")
    lines.append(Line(words=words, working=working, value=fen, unit=FEN))
    return Section(Words("二、评标基准价", "2. Benchmark price"), tuple(lines))


def comprehensive(inputs: ScoringInputs) -> Calculation:
    """综合评估法: the highest total first, equal totals by the lower price, then as the documents provide.

    Inputs that give no calculation come back as ``findings``, all of them.
    """
    scheme = inputs.scheme
    known = scheme.benchmark.variant if scheme.benchmark.variant in VARIANTS else MEAN
    method = law.evaluation_method(known, on=inputs.law_on)
    found = tuple(scoring_findings(inputs))
    if found:
        return Calculation(lot=inputs.lot, method=method, findings=found)
    names = {each.bidder: each.name for each in inputs.bids}
    prices = valid_prices(inputs)
    benchmark_fen, _ = benchmark_price(list(prices.values()), scheme.benchmark)
    price_lines, price_scores = _price_lines(inputs, prices, benchmark_fen, names)
    expert_lines, means = _expert_lines(inputs, names, list(prices))
    totals, total_lines = {}, []
    for bidder in prices:
        line, totals[bidder] = _total_line(scheme, names[bidder], price_scores[bidder], means[bidder])
        total_lines.append(line)
    order = ordered(inputs, totals, {each: (totals[each].copy_negate(), prices[each]) for each in prices})
    order_title = Words(
        "六、排序：总分由高到低，同分的报价低者在前", "6. Order: highest total first, then the lower price"
    )
    return Calculation(
        lot=inputs.lot,
        method=method,
        sections=(
            evaluation_section(inputs),
            _benchmark_section(method, prices, scheme.benchmark, inputs.draw),
            Section(Words("三、偏差率与报价得分", "3. Deviation and score of the price"), tuple(price_lines)),
            Section(Words("四、专家评分", "4. The experts' points"), tuple(expert_lines)),
            Section(Words("五、总分", "5. Totals"), tuple(total_lines)),
            order_section(order_title, Words("总分", "total"), order, POINTS, inputs.tie_break),
            decision_section(Words("七、", "7. "), inputs, order),
        ),
        order=order.placed,
        awardable=awardable_of(inputs, order),
    )
