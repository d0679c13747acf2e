"""The index of search entries in the database at hand: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Neither keeps the text itself. Tokens reach the databases ready made: PostgreSQL's parser, which would cut
digits and letters its own way, is not asked (the vector is written out), and FTS5 gets tokens apart by spaces.

An entry's number follows the order in which lists show entries (see ``models.place_of``). SQLite walks its index
in that order and stops when the page is full. PostgreSQL's GIN knows no order: where the newest entries show that
a page will be full soon, the newest are walked and looked at one by one; else all that fit are found and sorted.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import QuerySet

from yiwang.doors.website.bigrams import Phrase, characters, tokens

TABLE = "website_words"
POSITIONS_A_TOKEN = 255  # PostgreSQL keeps no more
NEWEST_LOOKED_AT = 500
OFTEN = 10  # so many among the newest: every fiftieth

CREATE = {
    "sqlite": (
        # the ascii tokenizer takes every character beyond ASCII as part of a token, of whatever Unicode version
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(words, content='', tokenize='ascii')",
    ),
    "postgresql": (
        f"CREATE TABLE IF NOT EXISTS {TABLE} (entry bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_gin ON {TABLE} USING gin (words)",
    ),
}


def create(using: str = "default") -> None:
    """Creates the index where it is missing (a migration calls this)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in CREATE[connection.vendor]:
            cursor.execute(statement)


def drop(using: str = "default") -> None:
    """Removes the index."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def exists(using: str = "default") -> bool:
    """Whether the index is there."""
    return TABLE in connections[using].introspection.table_names()


def empty(using: str = "default") -> None:
    """Forgets all entries."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")  # noqa: S608 - a constant
        else:
            cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608 - a constant


def vector(text: str) -> str:
    """The tsvector of a text as PostgreSQL reads it: tokens are letters and digits, so quoting is safe."""
    places: dict[str, list[int]] = {}
    for number, token in enumerate(tokens(text), 1):
        places.setdefault(token, []).append(number)
    placed = [
        f"'{token}':{','.join(map(str, numbers[:POSITIONS_A_TOKEN]))}" for token, numbers in places.items()
    ]
    return " ".join([*placed, *(f"'{char}'" for char in characters(text) if char not in places)])


def words(text: str) -> str:
    """The tokens of a text as FTS5 reads them."""
    return " ".join([*tokens(text), *characters(text)])


def put(entry: int, text: str, old_text: str | None, using: str = "default") -> None:
    """Indexes ``text`` under ``entry``; ``old_text`` is what was indexed there before (None: nothing)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {TABLE} (entry, words) VALUES (%s, %s::tsvector) "  # noqa: S608 - a constant
                "ON CONFLICT (entry) DO UPDATE SET words = excluded.words",
                [entry, vector(text)],
            )
            return
        if old_text is not None:  # a contentless table must be told what it is to forget
            cursor.execute(
                f"INSERT INTO {TABLE}({TABLE}, rowid, words) VALUES ('delete', %s, %s)",  # noqa: S608 - a constant
                [entry, words(old_text)],
            )
        cursor.execute(
            f"INSERT INTO {TABLE}(rowid, words) VALUES (%s, %s)",  # noqa: S608 - a constant
            [entry, words(text)],
        )


def fts5_query(wanted: tuple[Phrase, ...]) -> str:
    """The FTS5 expression: strings in quotes only, so that nothing a visitor types is an operator."""
    return " AND ".join(f'"{" ".join(phrase.tokens)}"' for phrase in wanted)


def ts_query(wanted: tuple[Phrase, ...]) -> str:
    """The tsquery as PostgreSQL reads it without a parser; every lexeme is quoted letters and digits."""
    return " & ".join("(" + " <-> ".join(f"'{each}'" for each in phrase.tokens) + ")" for phrase in wanted)


def _often(query: str, using: str) -> bool:
    """Whether the newest entries hold a tsquery so often that walking them fills a page soon."""
    newest = f"(SELECT words FROM {TABLE} ORDER BY entry DESC LIMIT {NEWEST_LOOKED_AT})"  # noqa: S608 - constants
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {newest} newest WHERE words @@ %s::tsquery", [query])  # noqa: S608
        return int(cursor.fetchone()[0]) >= OFTEN


def found_in[T: QuerySet[Any]](rows: T, wanted: tuple[Phrase, ...], order: tuple[str, ...]) -> T:
    """``rows`` (search entries) in which all phrases stand, in the order of these fields.

    ``("-id",)`` and ``("id",)``, newest and oldest first, are the orders that can be walked.
    """
    if not wanted:
        return rows.order_by(*order)
    if connections[rows.db].vendor == "postgresql":
        return _found_by_gin(rows, ts_query(wanted), order)
    where = [f'{TABLE}.rowid = "website_searchentry"."id"', f"{TABLE} MATCH %s"]
    found = rows.extra(tables=[TABLE], where=where, params=[fts5_query(wanted)])  # noqa: S610 - constants
    if order[0].endswith("id"):  # FTS5 walks its own numbers only
        return found.extra(order_by=[order[0].replace("id", f"{TABLE}.rowid")])
    return found.order_by(*order)


def _found_by_gin[T: QuerySet[Any]](rows: T, query: str, order: tuple[str, ...]) -> T:
    if order == ("-id",) and _often(query, rows.db):
        # CASE: the planner would take a comparison with a sub-select to be rare, and walk no more.
        words = f'(SELECT words FROM {TABLE} WHERE entry = "website_searchentry"."id")'  # noqa: S608 - constants
        probe = f"CASE WHEN {words} @@ %s::tsquery THEN TRUE END"
        return rows.extra(where=[probe], params=[query]).order_by(*order)  # noqa: S610 - constants
    # An array: what is rare is found by the index of words first, never by walking all entries for it.
    rare = f'"website_searchentry"."id" = ANY(ARRAY(SELECT entry FROM {TABLE} WHERE words @@ %s::tsquery))'  # noqa: S608
    return rows.extra(where=[rare], params=[query]).order_by(*order)  # noqa: S610 - constants
