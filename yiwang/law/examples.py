"""Worked cases: a rule, a beginning and the result that a lawyer worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from yiwang.law.library import Law
from yiwang.law.limits import MOMENT_UNITS
from yiwang.law.reading import BadLaw, Row, files
from yiwang.pure.kernel.days import SHANGHAI, local_day


@dataclass(frozen=True, slots=True)
class Example:
    """``result`` is an ISO day, or an instant of Asia/Shanghai for limits in hours and minutes."""

    title: str
    rule: str
    begins: datetime | date
    on: date
    result: str
    strict_result: str
    not_counted: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class ScoringExample:
    """A worked evaluation by 综合评估法: the room that calculates runs it.

    Amounts are texts of yuan, coefficients shares, ``judged`` what the experts gave each bid for the one criterion of
    the case ("36 37 38"). ``benchmark``, ``deviations``, ``scores`` and, where bids are judged, ``totals`` and the
    ``order`` (numbers of the bids, best first) were worked out by hand.
    """

    title: str
    method: str
    prices: tuple[str, ...]
    price_full: str
    above: str
    below: str
    coefficients: Mapping[str, str]
    trim_from: int
    trim_each: int
    ceiling: str
    judged: tuple[str, ...]
    benchmark: str
    deviations: tuple[str, ...]
    scores: tuple[str, ...]
    totals: tuple[str, ...]
    order: tuple[str, ...]
    place: str


def _scoring_example(row: Row) -> ScoringExample:
    example = ScoringExample(
        title=row.text("title"),
        method=row.text("method"),
        prices=row.texts("prices"),
        price_full=row.text("price_full", "60"),
        above=row.text("above", "2"),
        below=row.text("below", "1"),
        coefficients={name: row.text(name) for name in ("down", "k", "q") if row.has(name)},
        trim_from=int(row.number("trim_from")) if row.has("trim_from") else 5,
        trim_each=int(row.number("trim_each")) if row.has("trim_each") else 1,
        ceiling=row.text("ceiling", ""),
        judged=row.texts("judged"),
        benchmark=row.text("benchmark"),
        deviations=row.texts("deviations"),
        scores=row.texts("scores"),
        totals=row.texts("totals"),
        order=row.texts("order"),
        place=row.place,
    )
    row.done()
    return example


def read_scoring_examples(directory: Path) -> tuple[ScoringExample, ...]:
    """The worked evaluations in ``directory``/examples. Raises BadLaw with the place."""
    return tuple(
        _scoring_example(row) for file in files(directory / "examples") for row in file.rows("scoring")
    )


def day_or_instant(text: str) -> datetime | date:
    """The day or instant that ``text`` writes; an instant without a zone is read in Asia/Shanghai. ValueError."""
    if len(text) == 10:
        return date.fromisoformat(text)
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def read_examples(directory: Path) -> tuple[Example, ...]:
    """The cases in ``directory``/examples. Raises BadLaw with the place."""
    found = []
    for file in files(directory / "examples"):
        for row in file.rows("example"):
            try:
                begins = day_or_instant(row.text("from"))
            except ValueError as error:
                raise BadLaw(f"{row.place}: {error}") from error
            day = local_day(begins) if isinstance(begins, datetime) else begins
            found.append(
                Example(
                    title=row.text("title"),
                    rule=row.text("rule"),
                    begins=begins,
                    on=row.optional_day("on") or day,
                    result=row.text("result"),
                    strict_result=row.text("strict_result", ""),
                    not_counted=row.texts("not_counted"),
                    place=row.place,
                )
            )
            row.done()
        for row in file.rows("scoring"):
            _scoring_example(row)  # read for its form; the room that calculates runs it
        file.done()
    return tuple(found)


def example_objection(law: Law, example: Example) -> str:
    """How the counted result differs from the worked one; "" where it agrees. Raises NoSuchRule, NotAClock."""
    clock = law.clock(example.rule, example.begins, example.on)
    moment = clock.limit.unit in MOMENT_UNITS
    result = clock.result_at.isoformat() if moment else clock.result_on.isoformat()
    strict = clock.strict_on.isoformat() if clock.strict_differs else ""
    left_out = tuple(day.isoformat() for day, _ in clock.not_counted)
    if result != example.result:
        return f"{example.place} ({example.title}): {result}, worked out {example.result}"
    if strict != example.strict_result:
        return f"{example.place} ({example.title}): strictly {strict}, worked out {example.strict_result}"
    if example.not_counted and left_out != example.not_counted:
        return f"{example.place} ({example.title}): left out {', '.join(left_out)}"
    if clock.provisional:
        return f"{example.place} ({example.title}): the calendar is not published"
    return ""
