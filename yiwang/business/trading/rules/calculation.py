"""The calculation of an award as data: every step a line of words, working and exact value. Pure.

Whoever has the recorded inputs (:class:`Inputs`) gets the same lines, the same order and the same decision; nothing
else is looked at. Prices are integers of fen, never rounded and never float. 综合评估法 is in ``scoring``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from yiwang.business.trading.rules.method_terms import LOWEST
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words

FEN, PERCENT, POINTS = "fen", "percent", "points"
EQUAL, DIFFERS, CANNOT, NOT_COMPARED = "equal", "differs", "cannot", "not-compared"

type Exact = int | Decimal
type SortKey = tuple[Exact, ...]

_UNITS: Mapping[str, Words] = {
    PERCENT: Words("{}%", "{}%"),
    POINTS: Words("{} 分", "{} points"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BidInput:
    """A bid as recorded: the price read out and what the committee decided. Amounts in fen.

    ``evaluated_fen`` is the price after arithmetic correction and adjustment, ``note`` why it differs from
    ``price_fen``; ``ground`` is the choice of W30 on which it was rejected ("" where it stands). A bid with
    neither was never decided.
    """

    bidder: str
    name: str
    place: int
    price_fen: int
    evaluated_fen: int | None = None
    note: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that an award by 经评审的最低投标价法 follows from.

    ``law_on`` is the day whose law applies; ``tie_order`` the committee's order, looked at only between equal
    bids, ``tie_break`` what the documents provide for that; ``state_funded`` whether state funds control, and
    ``passed`` the shortlisted bidders that were passed over on record (W22).
    """

    lot: str
    law_on: date
    bids: tuple[BidInput, ...]
    tie_order: tuple[str, ...] = ()
    tie_break: str = ""
    state_funded: bool = True
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a calculation.

    ``name`` is the bidder it is about, ``said`` what a person wrote (in the language in which it was written),
    ``working`` the operation with its numbers, ``value`` what comes out, exactly, in ``unit``: an integer of fen,
    per cent, points, or "" where nothing is counted.
    """

    words: Words
    name: str = ""
    said: str = ""
    working: str = ""
    value: Exact | None = None
    unit: str = ""

    @property
    def figure(self) -> Words:
        """The value as it is shown; empty where there is none."""
        if self.value is None:
            return Words("", "")
        if self.unit == FEN:
            shown = shown_yuan(int(self.value))
            return Words(f"{shown} 元", f"CNY {shown}")
        pattern = _UNITS.get(self.unit, Words("{}", "{}"))
        return Words(pattern.zh.format(self.value), pattern.en.format(self.value))


@dataclass(frozen=True, slots=True)
class Section:
    """A step of the calculation: its title and lines."""

    title: Words
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A valid bid in the order: ``value`` is its evaluated price in fen, or its score in points."""

    bidder: str
    name: str
    rank: int
    value: Exact


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record says came out: the committee's ranking, who was awarded ("": nobody), at which price in fen."""

    ranking: tuple[str, ...]
    awarded: str
    price_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """A whole calculation.

    ``order`` has every valid bid; ``awardable`` those whom the law lets be awarded, empty where a tie is left open.
    ``findings`` say why nothing could be calculated (``method`` may then be unknown); ``differences`` where the record says otherwise.
    """

    lot: str
    method: law.EvaluationMethod | None = None
    sections: tuple[Section, ...] = ()
    order: tuple[Placed, ...] = ()
    awardable: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    differences: tuple[Finding, ...] = ()
    recorded: Recorded | None = None

    @property
    def verdict(self) -> str:
        """equal, differs, cannot or not-compared."""
        if self.findings:
            return CANNOT
        if self.differences:
            return DIFFERS
        return NOT_COMPARED if self.recorded is None else EQUAL


def bids_findings(inputs: Inputs) -> Iterator[Finding]:
    """Why these inputs give no calculation: no bid, one twice, one undecided, none valid."""
    if not inputs.bids:
        yield Finding("calculation-no-bids")
        return
    if len({each.bidder for each in inputs.bids}) < len(inputs.bids):
        yield Finding("calculation-bidder-twice")
    for each in inputs.bids:
        if each.evaluated_fen is None and not each.ground:
            yield Finding("calculation-undecided", params={"name": each.name})
    if all(each.ground for each in inputs.bids):
        yield Finding("calculation-nothing-valid", law.rule("W-all-rejected", on=inputs.law_on).source)


def valid_prices(inputs: Inputs) -> dict[str, int]:
    """Bidder → evaluated price in fen of the bids that stand, in the order of the opening."""
    standing = [each for each in inputs.bids if not each.ground]
    return {each.bidder: each.evaluated_fen for each in standing if each.evaluated_fen is not None}


def evaluation_section(inputs: Inputs) -> Section:
    """From the price read out to the evaluated price: correction and adjustment, or the ground of rejection."""
    return Section(
        Words("一、投标报价与评审价格", "1. Prices read out and evaluated prices"),
        tuple(line for each in inputs.bids for line in _evaluated(each, inputs.law_on)),
    )


def _evaluated(bid: BidInput, law_on: date) -> Iterator[Line]:
    yield Line(
        words=Words("开标时公布的投标报价", "price read out at the opening"),
        name=bid.name,
        value=bid.price_fen,
        unit=FEN,
    )
    if bid.ground:
        choice = law.rule("W30", on=law_on).choice(bid.ground)
        yield Line(
            words=Words(
                f"否决，不参加排序：{choice.title}（{choice.source}）",
                f"rejected, not ranked: {choice.title_en} ({choice.source})",
            ),
            name=bid.name,
        )
    elif bid.evaluated_fen == bid.price_fen:
        yield Line(
            words=Words(
                "有效；不作调整，评审价格即投标报价", "valid; no adjustment: the evaluated price is the price"
            ),
            name=bid.name,
            value=bid.price_fen,
            unit=FEN,
        )
    elif bid.evaluated_fen is not None:
        adjustment = bid.evaluated_fen - bid.price_fen
        sign = "+" if adjustment > 0 else "−"
        yield Line(
            words=Words(
                "有效；经算术修正和评审调整的价格", "valid; the price after correction and adjustment"
            ),
            name=bid.name,
            said=bid.note,
            working=f"{shown_yuan(bid.price_fen)} {sign} {shown_yuan(abs(adjustment))}",
            value=bid.evaluated_fen,
            unit=FEN,
        )


@dataclass(frozen=True, slots=True)
class Order:
    """The valid bids best first, the groups that are equal in every respect counted, and whether the first is sure."""

    placed: tuple[Placed, ...]
    ties: tuple[tuple[Placed, ...], ...]
    first_is_open: bool


def ordered(inputs: Inputs, values: Mapping[str, Exact], keys: Mapping[str, SortKey]) -> Order:
    """Bids by ``keys``, smallest first; equal ones by the committee's order, then by the opening.

    The first place is open where equal bids stand there and the record does not say both what the documents
    provide and which of them it put first.
    """
    names = {each.bidder: each.name for each in inputs.bids}
    opening = [each.bidder for each in sorted(inputs.bids, key=lambda each: each.place)]
    chosen = {bidder: number for number, bidder in enumerate(inputs.tie_order)}
    best = sorted(
        keys, key=lambda bidder: (keys[bidder], chosen.get(bidder, len(chosen)), opening.index(bidder))
    )
    placed = tuple(Placed(each, names[each], rank, values[each]) for rank, each in enumerate(best, 1))
    groups = [tuple(group) for _, group in groupby(placed, key=lambda each: keys[each.bidder])]
    settled = bool(inputs.tie_break.strip()) and placed[0].bidder in chosen
    return Order(
        placed,
        tuple(group for group in groups if len(group) > 1),
        len(groups[0]) > 1 and not settled,
    )


def order_section(title: Words, by: Words, order: Order, unit: str, tie_break: str) -> Section:
    """Every valid bid with its place, and what was done about equal ones."""
    lines = [
        Line(
            words=Words(f"第 {each.rank} 名，{by.zh}", f"no. {each.rank}, {by.en}"),
            name=each.name,
            value=each.value,
            unit=unit,
        )
        for each in order.placed
    ]
    for group in order.ties:
        together = "、".join(each.name for each in group)
        if group[0].rank == 1:
            words = Words(
                "并列第一，法律没有规定，按招标文件的规定排序",
                "equal in first place: the law is silent, the documents decide",
            )
            lines.append(Line(words=words, name=together, said=tie_break))
        else:
            words = Words("并列，按评标报告的排序", "equal: in the order of the evaluation report")
            lines.append(Line(words=words, name=together))
    return Section(title, tuple(lines))


def at_most_shortlisted(inputs: Inputs) -> int:
    """W20: how many bidders may be shortlisted."""
    return law.limit("W20", on=inputs.law_on).at_most


def awardable_of(inputs: Inputs, order: Order) -> tuple[str, ...]:
    """W22: the first alone where state funds control, else any of the shortlisted; none while the first is open."""
    if order.first_is_open:
        return ()
    shortlisted = tuple(each.bidder for each in order.placed[: at_most_shortlisted(inputs)])
    left = tuple(each for each in shortlisted if each not in inputs.passed)
    return left[:1] if inputs.state_funded else left


def decision_section(number: Words, inputs: Inputs, order: Order) -> Section:
    """Who may be shortlisted (W20) and who may be awarded (W22)."""
    shortlist = law.limit("W20", on=inputs.law_on)
    first = law.rule("W22", on=inputs.law_on)
    lines = [
        Line(
            words=Words(
                f"中标候选人不超过 {shortlist.at_most} 个，并标明排序（{shortlist.source}）",
                f"at most {shortlist.at_most} shortlisted bidders, ranked ({shortlist.source})",
            ),
            name="、".join(each.name for each in order.placed[: shortlist.at_most]),
        )
    ]
    names = {each.bidder: each.name for each in order.placed}
    may_be = "、".join(names[each] for each in awardable_of(inputs, order))
    passed = "、".join(names.get(each, each) for each in inputs.passed)
    if passed:
        words = Words(
            f"记录在案的不符合中标条件者，依次由后一名递补（{first.source}）",
            f"passed over on record: the next one follows ({first.source})",
        )
        lines.append(Line(words=words, name=passed))
    if order.first_is_open:
        lines.append(
            Line(
                words=Words(
                    "记录没有说明并列第一如何处理，不能得出中标人",
                    "the record does not say how the tie for the first place was broken: no award follows",
                )
            )
        )
    elif inputs.state_funded:
        words = Words(
            f"国有资金占控股或者主导地位：{'其余候选人中' if passed else ''}排名第一的中标（{first.source}）",
            f"state funds control: the first in rank{' that is left' if passed else ''} is awarded ({first.source})",
        )
        lines.append(Line(words=words, name=may_be))
    else:
        words = Words(
            "国有资金不占控股或者主导地位：招标人在中标候选人中确定",
            "state funds do not control: the tenderee decides among the shortlisted",
        )
        lines.append(Line(words=words, name=may_be))
    return Section(Words(f"{number.zh}定标", f"{number.en}Award"), tuple(lines))


def lowest_price(inputs: Inputs) -> Calculation:
    """经评审的最低投标价法 (招标投标法 41): the lowest evaluated price among the valid bids comes first."""
    method = law.evaluation_method(LOWEST, on=inputs.law_on)
    found = tuple(bids_findings(inputs))
    if found:
        return Calculation(lot=inputs.lot, method=method, findings=found)
    prices = valid_prices(inputs)
    order = ordered(inputs, prices, {bidder: (fen,) for bidder, fen in prices.items()})
    title = Words("二、排序：评审价格由低到高", "2. Order: lowest evaluated price first")
    by = Words("评审价格", "evaluated price")
    return Calculation(
        lot=inputs.lot,
        method=method,
        sections=(
            evaluation_section(inputs),
            order_section(title, by, order, FEN, inputs.tie_break),
            decision_section(Words("三、", "3. "), inputs, order),
        ),
        order=order.placed,
        awardable=awardable_of(inputs, order),
    )


def difference_findings(calculation: Calculation, recorded: Recorded, inputs: Inputs) -> Iterator[Finding]:
    """Where the record says otherwise than the calculation: the ranking, the award, the price."""
    source = calculation.method.source if calculation.method else ""
    best = tuple(each.bidder for each in calculation.order[: at_most_shortlisted(inputs)])
    if not recorded.ranking or recorded.ranking != best[: len(recorded.ranking)]:
        yield Finding(
            "ranking-differs",
            source,
            {"recorded": _names(inputs, recorded.ranking), "computed": _names(inputs, best)},
        )
    if not recorded.awarded:
        return  # a round that was undone came to no award
    if not calculation.awardable:
        yield Finding("tie-left-open", source)
    elif recorded.awarded not in calculation.awardable or recorded.awarded not in recorded.ranking:
        yield Finding(
            "award-differs",
            law.rule("W22", on=inputs.law_on).source,
            {
                "recorded": _names(inputs, [recorded.awarded]),
                "computed": _names(inputs, calculation.awardable),
            },
        )
    prices = {each.bidder: each.price_fen for each in inputs.bids}
    if recorded.awarded in prices and recorded.price_fen != prices[recorded.awarded]:
        yield Finding(
            "award-price-differs",
            source,
            {
                "recorded_yuan": shown_yuan(recorded.price_fen),
                "price_yuan": shown_yuan(prices[recorded.awarded]),
            },
        )


def _names(inputs: Inputs, bidders: Sequence[str]) -> str:
    known = {each.bidder: each.name for each in inputs.bids}
    return "、".join(known.get(each, each) for each in bidders) or "—"


def compared(calculation: Calculation, recorded: Recorded, inputs: Inputs) -> Calculation:
    """The calculation beside what the record says; one that could not be made stays as it is."""
    if calculation.findings:
        return calculation
    ranking = Line(
        words=Words("评标报告的排序", "ranking in the evaluation report"),
        name=_names(inputs, recorded.ranking),
    )
    award = Line(
        words=Words(
            "中标通知书的中标人和中标价（即投标报价；评审价格只用于排序）",
            "awarded by the letter at its bid price (the evaluated price only ranks)",
        ),
        name=_names(inputs, [recorded.awarded]),
        value=recorded.price_fen,
        unit=FEN,
    )
    lines = (ranking, award) if recorded.awarded else (ranking,)
    return replace(
        calculation,
        sections=(*calculation.sections, Section(Words("记录的结果", "The recorded result"), lines)),
        recorded=recorded,
        differences=tuple(difference_findings(calculation, recorded, inputs)),
    )
