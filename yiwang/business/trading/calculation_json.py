"""A calculation as programs read it: every line of it, exact values as text."""

from __future__ import annotations

from yiwang.business.trading.rules.calculation import Calculation, Line
from yiwang.common.shell.api import finding_as_json
from yiwang.pure.kernel.words import Words


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _line(line: Line) -> dict[str, object]:
    return {
        "words": _words(line.words),
        "name": line.name,
        "said": line.said,
        "working": line.working,
        "value": None if line.value is None else str(line.value),
        "unit": line.unit,
    }


def calculation_json(calculation: Calculation) -> dict[str, object]:
    """The calculation of an award as the page of its project shows it."""
    method = calculation.method
    return {
        "lot": calculation.lot,
        "method": {"zh": method.title, "en": method.title_en} if method else None,
        "verdict": calculation.verdict,
        "sections": [
            {"title": _words(section.title), "lines": [_line(each) for each in section.lines]}
            for section in calculation.sections
        ],
        "order": [
            {"bidder": each.bidder, "name": each.name, "rank": each.rank, "value": str(each.value)}
            for each in calculation.order
        ],
        "awardable": list(calculation.awardable),
        "findings": [finding_as_json(each) for each in (*calculation.findings, *calculation.differences)],
    }
