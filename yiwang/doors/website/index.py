"""The index of search entries in the database at hand: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Neither keeps the text itself. Tokens reach the databases ready made: PostgreSQL's parser, which would cut
digits and letters its own way, is not asked (the vector is written out), and FTS5 gets tokens apart by spaces.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from yiwang.doors.website.bigrams import Phrase, tokens

TABLE = "website_words"
POSITIONS_A_TOKEN = 255  # PostgreSQL keeps no more

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
    return " ".join(
        f"'{token}':{','.join(map(str, numbers[:POSITIONS_A_TOKEN]))}" for token, numbers in places.items()
    )


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
                [entry, " ".join(tokens(old_text))],
            )
        cursor.execute(
            f"INSERT INTO {TABLE}(rowid, words) VALUES (%s, %s)",  # noqa: S608 - a constant
            [entry, " ".join(tokens(text))],
        )


def fts5_query(wanted: tuple[Phrase, ...]) -> str:
    """The FTS5 expression: strings in quotes only, so that nothing a visitor types is an operator."""
    return " AND ".join(
        f'"{phrase.beginning}"*' if phrase.beginning else f'"{" ".join(phrase.pairs)}"' for phrase in wanted
    )


def ts_query(wanted: tuple[Phrase, ...]) -> str:
    """The tsquery as PostgreSQL reads it without a parser; every lexeme is quoted letters and digits."""
    parts = []
    for phrase in wanted:
        if phrase.beginning:
            parts.append(f"'{phrase.beginning}':*")
        else:
            parts.append("(" + " <-> ".join(f"'{pair}'" for pair in phrase.pairs) + ")")
    return " & ".join(parts)


def found_in[T: QuerySet[Any]](rows: T, wanted: tuple[Phrase, ...]) -> T:
    """``rows`` (search entries) restricted to those in which all phrases stand."""
    if not wanted:
        return rows
    if connections[rows.db].vendor == "postgresql":
        sql, query = f"SELECT entry FROM {TABLE} WHERE words @@ %s::tsquery", ts_query(wanted)  # noqa: S608 - a constant
    else:
        sql, query = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", fts5_query(wanted)  # noqa: S608 - a constant
    return rows.filter(id__in=RawSQL(sql, [query]))  # noqa: S611 - a constant statement, the query a parameter
