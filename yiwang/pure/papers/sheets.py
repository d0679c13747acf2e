"""Excel files in which no text can become a formula, and no clock leaves a trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767  # the most that a cell of Excel holds, in units of UTF-16


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in fen, written in yuan with two decimals."""

    fen: int


@dataclass(frozen=True, slots=True)
class Begins:
    """An instant at which something begins: its midnight is 00:00 of the new day."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``name`` on its tab (cut to 31 signs), ``above`` lines over the heads, then rows.

    Cells are text, whole numbers, :class:`Amount`, days, instants (wall clock of Asia/Shanghai), :class:`Begins`, Words
    or None. An instant at midnight reads 24:00 of the day that it ends, as everywhere; its value is the last second of
    that day, so that it is sorted, filtered and counted as a time of that day.
    """

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    above: Sequence[str] = ()
    widths: Sequence[int] = ()


def workbook(sheets: Sequence[Sheet], language: str, made_at: datetime) -> bytes:
    """An ``.xlsx``. Text stays text even where it begins like a formula; the same facts give the same bytes."""
    from yiwang.pure.papers.excel import written  # its library takes memory: only where Excel is asked for

    return written(sheets, language, made_at)
