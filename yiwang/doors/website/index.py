"""The index of search entries, and how it is walked in the order of lists.

An entry's number follows the order in which lists show entries (see ``models.place_of``). SQLite walks its index
in that order and stops when the page is full. PostgreSQL's GIN knows no order: where the newest entries show that
a page will be full soon, the newest are walked and looked at one by one; else all that fit are found and sorted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from yiwang.common.shell.api import WordIndex, fts5_query, ts_query, ts_query_of_codes, without_beginnings
from yiwang.pure.kernel.bigrams import Phrase

TABLE = "website_words"
NEWEST_LOOKED_AT = 500
OFTEN = 10  # so many among the newest: every fiftieth

INDEX = WordIndex(TABLE)
create, drop, exists, empty = INDEX.create, INDEX.drop, INDEX.exists, INDEX.empty


def marks_of(kind: str = "", form: str = "", region: str = "") -> tuple[str, ...]:
    """What is indexed with every entry beside its text: what few of many entries are is then looked up as well.

    What no entry can be, such as a visitor may write into an address, has no mark.
    """
    given = (("kind", kind), ("formof", form.replace("-", "")), ("region", region))
    return tuple(f"{name}{value}" for name, value in given if value.isascii() and value.isalnum())


def put(
    entry: int,
    marks: tuple[str, ...],
    text: str,
    old: tuple[tuple[str, ...], str] | None,
    using: str = "default",
) -> None:
    """Indexes the text of an entry with its marks; ``old``: marks and text indexed before (None: nothing)."""
    old_marks, old_text = old or ((), None)
    INDEX.put(entry, text, old_text, using, " ".join(marks), " ".join(old_marks))


def put_new(entries: Iterable[tuple[int, tuple[str, ...], str]], using: str = "default") -> None:
    """Indexes many entries that never were: number, marks and text of each."""
    given = list(entries)
    marks = {number: " ".join(each) for number, each, _ in given}
    INDEX.put_new({number: text for number, _, text in given}, using, marks)


def _often(query: str, using: str) -> bool:
    """Whether the newest entries hold a tsquery so often that walking them fills a page soon."""
    newest = f"(SELECT words FROM {TABLE} ORDER BY entry DESC LIMIT {NEWEST_LOOKED_AT})"  # noqa: S608 - constants
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {newest} newest WHERE words @@ %s::tsquery", [query])  # noqa: S608
        return int(cursor.fetchone()[0]) >= OFTEN


def found_in[T: QuerySet[Any]](
    rows: T, wanted: tuple[Phrase, ...], order: tuple[str, ...], marks: tuple[str, ...] = ()
) -> T:
    """``rows`` (search entries that have these marks) in which all phrases stand, in this order of fields.

    ``("-id",)`` and ``("id",)``, newest and oldest first, are the orders that can be walked.
    """
    if not wanted:
        return rows.order_by(*order)
    wanted = (*wanted, *(Phrase((each,)) for each in marks))
    if connections[rows.db].vendor == "postgresql":
        return _found_by_gin(rows, wanted, order)
    wanted, codes = without_beginnings(wanted)
    where = [f'{TABLE}.rowid = "website_searchentry"."id"', f"{TABLE} MATCH %s"]
    if codes:
        where.append('TEXT_HOLDS("website_searchentry"."text", %s)')
    params = [fts5_query(wanted), codes][: len(where) - 1]
    found = rows.extra(tables=[TABLE], where=where, params=params)  # noqa: S610 - constants
    if order[0].endswith("id"):  # FTS5 walks its own numbers only
        return found.extra(order_by=[order[0].replace("id", f"{TABLE}.rowid")])
    return found.order_by(*order)


# CASE: the planner would take a comparison with a sub-select to be rare, and walk no more.
_PROBE = f'CASE WHEN (SELECT words FROM {TABLE} WHERE entry = "website_searchentry"."id") @@ %s::tsquery THEN TRUE END'  # noqa: S608 - constants


def _found_by_gin[T: QuerySet[Any]](rows: T, wanted: tuple[Phrase, ...], order: tuple[str, ...]) -> T:
    query = ts_query(wanted)
    often = order != ("id",) and _often(query, rows.db)
    if often and order != ("-id",):
        # Asked of each row of the order, until the page is full: what is found often need not be sorted.
        hits = f"SELECT entry FROM {TABLE} WHERE words @@ %s::tsquery"  # noqa: S608 - a constant
        where = f'("website_searchentry"."id" IN ({hits})) IS TRUE'
        return rows.extra(where=[where], params=[query]).order_by(*order)  # noqa: S610 - constants
    if often:
        return rows.extra(where=[_PROBE], params=[query]).order_by(*order)  # noqa: S610 - constants
    # An array: what is rare is found by the index of words first, never by walking all entries for it.
    rare = f'"website_searchentry"."id" = ANY(ARRAY(SELECT entry FROM {TABLE} WHERE words @@ %s::tsquery))'  # noqa: S608
    few = ts_query_of_codes(wanted)
    if few == query or not order[0].endswith("id"):
        return rows.extra(where=[rare], params=[query]).order_by(*order)  # noqa: S610 - constants
    # Where the parts of a code stand is read of the entries of the page only, not of all that hold them.
    return rows.extra(where=[rare, _PROBE], params=[few, query]).order_by(*order)  # noqa: S610 - constants
