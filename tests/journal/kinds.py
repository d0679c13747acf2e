"""Kinds, subjects and small verbs for the tests of the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.db import connection

from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import SHANGHAI
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import Entry, act, kind, record, sequence

AT = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
BY = Actor("P-CENTRE000001", "91620500MA0000003X", "centre")

ANNOUNCED = kind("lot-announced", public="now", zh="公告发布", en="Lot announced")
HANDED_IN = kind("bid-handed-in", public="after:bids-opened", zh="递交投标文件", en="Bid handed in")
OPENED = kind("bids-opened", public="now", zh="开标", en="Bids opened")
FETCHED = kind("documents-fetched", public="never", zh="获取招标文件", en="Documents fetched")
GIVEN_UP = kind("bid-given-up", public="never", silences=True, zh="撤回", en="Bid given up")
KINDS = (ANNOUNCED, HANDED_IN, OPENED, FETCHED)


def lot(code: str = "L1") -> Ref:
    return Ref("trading", "lot", code)


def envelope(code: str = "E1") -> Ref:
    return Ref("trading", "envelope", code)


def note(kind_of=ANNOUNCED, about: Ref | None = None, **given: Any) -> Entry:
    """Records one entry in an act of its own, and has it placed in the order."""
    given = {"by": BY, "at": AT, "facts": {}} | given
    with act():
        entry = record(kind_of, about=about or lot(), **given)
    sequence()
    return entry


def at_once(run: Callable[[int], Any], numbers: Iterable[int], threads: int) -> list[Any]:
    """The results of ``run`` in so many threads, each with a connection of its own; the first error rises."""

    def alone(number: int) -> Any:
        try:
            return run(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(alone, numbers))
