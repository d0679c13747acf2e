"""Reads contracts and bids from a CSV in the columns of the World Bank's award notices."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

COLUMNS = (
    "contract",
    "project",
    "country",
    "bidder",
    "status",
    "opening_currency",
    "opening_amount",
    "evaluated_currency",
    "evaluated_amount",
)
AWARDED, EVALUATED, REJECTED = "Awarded", "Evaluated", "Rejected"
SAMPLE = Path(__file__).parent / "sample.csv"


class BadRecords(ValueError):
    """The file cannot be read as contracts; the message names the row."""


@dataclass(frozen=True, slots=True)
class RecordedBid:
    """One bid as recorded. Amounts as printed, None where the notice has none."""

    bidder: str
    status: str
    opening: Decimal | None
    evaluated: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class RecordedContract:
    """One contract with its bids in the order of the file."""

    code: str
    project: str
    country: str
    bids: tuple[RecordedBid, ...]

    @property
    def responsive(self) -> tuple[RecordedBid, ...]:
        return tuple(each for each in self.bids if each.status != REJECTED)

    @property
    def awarded(self) -> tuple[RecordedBid, ...]:
        return tuple(each for each in self.bids if each.status == AWARDED)


def _amount(text: str, place: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BadRecords(f"{place}: 不是金额 / not an amount: {text!r}") from error


def _bid(row: dict[str, str], place: str) -> RecordedBid:
    if row["status"] not in (AWARDED, EVALUATED, REJECTED):
        raise BadRecords(f"{place}: 不认识的状态 / unknown status: {row['status']!r}")
    return RecordedBid(
        row["bidder"],
        row["status"],
        _amount(row["opening_amount"], place),
        _amount(row["evaluated_amount"], place),
        row["evaluated_currency"],
    )


def contracts(path: Path, country: str | None, limit: int | None) -> list[RecordedContract]:
    """The contracts of a file in its order. Raises BadRecords, OSError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(_grouped(csv.DictReader(file), path))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRecords(f"{path}: 不是 UTF-8 的 CSV / not a CSV in UTF-8: {error}") from error
    chosen = [each for each in found if country is None or each.country == country]
    return chosen[:limit]


def _grouped(rows: csv.DictReader[str], path: Path) -> Iterator[RecordedContract]:
    missing = [each for each in COLUMNS if each not in (rows.fieldnames or ())]
    if missing:
        raise BadRecords(f"{path}: 缺少列 / columns missing: {', '.join(missing)}")
    grouped: dict[str, list[RecordedBid]] = {}
    heads: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(rows, 2):
        heads.setdefault(row["contract"], (row["project"], row["country"]))
        grouped.setdefault(row["contract"], []).append(_bid(row, f"{path}:{number}"))
    for code, bids in grouped.items():
        yield RecordedContract(code, *heads[code], tuple(bids))


def scale(amounts: Iterable[Decimal | None]) -> int:
    """How many times a hundred the amounts must be multiplied to be whole: 100 for two decimals."""
    exponents = [each.as_tuple().exponent for each in amounts if each is not None]
    decimals = max((-each for each in exponents if isinstance(each, int)), default=0)
    return int(10 ** max(2, decimals))
