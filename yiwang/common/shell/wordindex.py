"""An index of words in the database at hand: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Neither keeps the text itself. Tokens reach the databases ready made (see ``kernel.bigrams``): PostgreSQL's parser,
which would cut digits and letters its own way, is not asked (the vector is written out), and FTS5 gets tokens apart
by spaces. Each entry has a number, which is that of the row it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Col, OrderBy, RawSQL
from django.db.models.lookups import Exact, In

from yiwang.common.shell.lists import HeldInOrder, TextInOrder, counted_to, one_of, ordered_by
from yiwang.pure.kernel.bigrams import SIX, Phrase, characters, phrases, runs, tokens
from yiwang.record.journal.api import Numbers

POSITIONS_A_TOKEN = 255  # PostgreSQL keeps no more
OFTEN = 5_000  # what more rows hold is found by walking rows in the order asked for
OFTEN_IN_GIN = 4_000  # the same on PostgreSQL, whose index of words tells no entry without reading it
SAMPLED = 250  # one page of so many of PostgreSQL's index of words tells about how many entries hold a text
LEADING = 4  # so many pairs of a run, at its beginning, narrow down where FTS5 looks for all of it
WHOLE, BEGINNING = 18, 6  # of a run of so many sixes FTS5 looks for all but so many: codes begin alike
WALKED = 30_000  # rows are walked beside the numbers of those that hold it; of what still more hold the texts are read
WALKED_IN_GIN = 20_000  # the same on PostgreSQL, where each of them has to be fetched
ASKED = 4  # so many tokens of a run are looked up in PostgreSQL's index: the text itself tells whether all stand there
ASKED_ONE_BY_ONE = 10_000  # so many texts are read by the numbers of their entries
GIVEN = 2_000  # so many numbers are looked up; among more, rows are asked for in their order
ALL = "all"  # instead of the numbers of those that hold a text
COMMON = 0.2  # what stands in more of the entries narrows nothing down, and PostgreSQL's index would read all of them


def vector(text: str, mark: str = "") -> str:
    """The tsvector of a text as PostgreSQL reads it: tokens are letters and digits, so quoting is safe."""
    places: dict[str, list[int]] = {}
    for number, token in enumerate([*tokens(text), *_marked(mark)], 1):
        places.setdefault(token, []).append(number)
    placed = [
        f"'{token}':{','.join(map(str, numbers[:POSITIONS_A_TOKEN]))}" for token, numbers in places.items()
    ]
    return " ".join([*placed, *(f"'{char}'" for char in characters(text) if char not in places)])


def words(text: str, mark: str = "") -> str:
    """The tokens of a text as FTS5 reads them."""
    return " ".join([*tokens(text), *characters(text), *_marked(mark)])


def _marked(mark: str) -> list[str]:
    """The tokens of marks: letters and digits, longer than any token of a text, so that no text is taken for one."""
    marks = mark.split()
    for each in marks:
        if not (len(each) > SIX and each.isascii() and each.isalnum()):
            raise ValueError(f"no mark: {each!r}")
    return marks


def fts5_query(wanted: tuple[Phrase, ...]) -> str:
    """The FTS5 expression: strings in quotes only, so that nothing a visitor types is an operator.

    The beginning of a long run of pairs stands before the whole of it: fewer entries are then looked through for all.
    """
    asked: list[tuple[str, ...]] = []
    for each in wanted:
        long = len(each.tokens) > LEADING and len(each.tokens[0]) < SIX
        asked += [each.tokens[:LEADING], each.tokens] if long else [each.tokens]
    return " AND ".join(f'"{" ".join(tokens)}"' for tokens in asked)


def without_beginnings(wanted: tuple[Phrase, ...]) -> tuple[tuple[Phrase, ...], str]:
    """The phrases without the beginnings of long codes, and these codes.

    The sixes with which every code begins stand in every entry, and FTS5 walks all of them: half of its work. What the
    rest of a code finds is asked whether it holds the whole (``TEXT_HOLDS`` of our connections to SQLite).
    """
    codes = [each.tokens for each in wanted if len(each.tokens) >= WHOLE and len(each.tokens[0]) == SIX]
    rest = tuple(Phrase(each.tokens[BEGINNING:]) if each.tokens in codes else each for each in wanted)
    return rest, " ".join(tokens[0] + "".join(six[-1] for six in tokens[1:]) for tokens in codes)


def ts_query(wanted: tuple[Phrase, ...]) -> str:
    """The tsquery as PostgreSQL reads it without a parser; every lexeme is quoted letters and digits."""
    return " & ".join("(" + " <-> ".join(f"'{each}'" for each in phrase.tokens) + ")" for phrase in wanted)


def ts_query_of_codes(wanted: tuple[Phrase, ...]) -> str:
    """The same, but of a code only that a few of its sixes stand anywhere: nearly all that hold these hold the code."""
    return " & ".join(
        _all_of(_spread(each.tokens))
        if len(each.tokens) > 1 and len(each.tokens[0]) == SIX
        else ts_query((each,))
        for each in wanted
    )


def _all_of(tokens: Sequence[str]) -> str:
    """The tsquery of tokens wherever they stand."""
    return " & ".join(f"'{each}'" for each in tokens)


def _spread(tokens: tuple[str, ...]) -> list[str]:
    """At most ``ASKED`` tokens of a run, from its beginning to its end: they overlap, so few tell as much as all."""
    last, gaps = len(tokens) - 1, ASKED - 1
    return list(tokens) if last < ASKED else [tokens[round(place * last / gaps)] for place in range(ASKED)]


def _along[T: QuerySet[Any]](rows: T, name: str) -> T:
    """``rows`` in the same order, by a column that is equal to that of the order."""
    first, *others = rows.query.order_by
    down = isinstance(first, OrderBy) and first.descending
    return rows.order_by(F(name).desc() if down else F(name).asc(), *others)


def _given(numbers: str) -> tuple[str, Sequence[Any]]:
    """Numbers as a query with its parameter."""
    return "SELECT unnest(%s::bigint[])", [Numbers(numbers).adapted("postgresql")]


def _theirs(rows: QuerySet[Any], entry: str, few: bool | str) -> tuple[str, Sequence[Any]]:
    """The query for the entries of ``rows``, which are ``few``: see :meth:`WordIndex.narrowed`."""
    if isinstance(few, str):
        return _given(few)
    sql, given = rows.order_by().values_list(entry).query.sql_with_params()
    return sql, given


def _words(rows: QuerySet[Any], folded: str) -> tuple[Any, str]:
    """The model that has the text under the ORM name ``folded`` from ``rows``, and the name of the text there."""
    *path, name = folded.split(LOOKUP_SEP)
    model: Any = rows.model
    for part in path:
        model = model._meta.get_field(part).related_model
    return model, name


def _held_by(rows: QuerySet[Any], folded: str, runs: Sequence[str], most: int) -> int:
    """How many texts hold all runs, counted up to ``most``, whatever else is asked of the rows they stand beside."""
    model, name = _words(rows, folded)
    holding = [TextInOrder(name, each) for each in runs]
    return counted_to(model._base_manager.using(rows.db).filter(*holding), most)


def _beside(rows: QuerySet[Any], entry: str, folded: str, run: str) -> Exists:
    """Whether the text of the entry of a row holds a run: without what stands between both."""
    model, name = _words(rows, folded)
    return Exists(model._base_manager.filter(TextInOrder(name, run), pk=OuterRef(entry)).order_by())


def _holding(
    rows: QuerySet[Any], asked: tuple[str, Sequence[Any]], folded: str, runs: Sequence[str]
) -> tuple[str, int] | None:
    """Those of the entries that a query (``asked``, with its parameters) gives whose texts, under the ORM name ``folded`` from ``rows``, hold all runs.

    Their numbers with commas between, or ALL, and how many; None where the query gives more than ASKED_ONE_BY_ONE.
    """
    entries, given = asked
    model, name = _words(rows, folded)
    key, text = model._meta.pk.column, model._meta.get_field(name).column
    holds = " AND ".join([f"strpos({text}, %s) > 0"] * len(runs))
    sql = (
        f"WITH asked (entry) AS MATERIALIZED (SELECT * FROM ({entries}) AS entries LIMIT {ASKED_ONE_BY_ONE + 1}) "  # noqa: S608 - the mapper's own text and constants
        f"SELECT (SELECT count(*) FROM asked), array_agg({key})::text, count(*) FROM {model._meta.db_table} "
        f"WHERE {key} = ANY (ARRAY(SELECT entry FROM asked)) AND {holds}"
    )
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, [*given, *runs])
        number, numbers, count = cursor.fetchone()
    if number > ASKED_ONE_BY_ONE:
        return None
    return (ALL if number and number == count else (numbers or "").strip("{}")), int(count)


def marks(values: Mapping[str, str]) -> str:
    """The marks of a row that has these values, by the names of their columns; what is empty gives none."""
    made = []
    for name, value in values.items():
        kept = "".join(each for each in value.lower() if each.isascii() and each.isalnum())
        made += [f"{name.replace('_', '')}{kept}"] if kept else []
    return " ".join(made)


def _fixed(rows: QuerySet[Any], names: Sequence[str]) -> dict[str, str]:
    """The values that every one of ``rows`` has in these columns, as their filters say."""
    where = rows.query.where
    if where.negated or where.connector != "AND":
        return {}
    return {
        each.lhs.target.name: each.rhs
        for each in where.children
        if isinstance(each, Exact)
        and isinstance(each.lhs, Col)
        and each.lhs.target.model is rows.model
        and each.lhs.target.name in names
        and isinstance(each.rhs, str)
    }


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The index named ``table``, a constant of its room.

    ``marked`` names columns, of the rows it belongs to, that never change: their values are indexed beside the words.
    ``beside`` names those of them that stand beside the folded text as well, in an index that holds the text.
    """

    table: str
    marked: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def _do(self, using: str, sql: str, params: list[Any] | None = None) -> None:
        with connections[using].cursor() as cursor:
            cursor.execute(sql, params or [])

    def create(self, using: str = "default") -> None:
        """Creates the index where it is missing (a migration calls this)."""
        if connections[using].vendor == "sqlite":
            # the ascii tokenizer takes every character beyond ASCII as part of a token, of whatever Unicode version
            options = "words, content='', tokenize='ascii'"
            self._do(using, f"CREATE VIRTUAL TABLE IF NOT EXISTS {self.table} USING fts5({options})")
            return
        columns = "entry bigint PRIMARY KEY, words tsvector NOT NULL"
        self._do(using, f"CREATE TABLE IF NOT EXISTS {self.table} ({columns})")
        self._do(using, f"CREATE INDEX IF NOT EXISTS {self.table}_gin ON {self.table} USING gin (words)")

    def drop(self, using: str = "default") -> None:
        """Removes the index."""
        self._do(using, f"DROP TABLE IF EXISTS {self.table}")

    def exists(self, using: str = "default") -> bool:
        """Whether the index is there."""
        return self.table in connections[using].introspection.table_names()

    def empty(self, using: str = "default") -> None:
        """Forgets all entries."""
        if connections[using].vendor == "sqlite":
            self._do(using, f"INSERT INTO {self.table}({self.table}) VALUES ('delete-all')")  # noqa: S608 - a constant
        else:
            self._do(using, f"DELETE FROM {self.table}")  # noqa: S608 - a constant

    def put(
        self,
        entry: int,
        text: str,
        old_text: str | None,
        using: str = "default",
        mark: str = "",
        old_mark: str | None = None,
    ) -> None:
        """Indexes ``text`` under ``entry``; ``old_text`` is what was indexed there before (None: nothing).

        ``mark``, of at least seven letters and digits, is found beside the words of the text and always the same.
        """
        if connections[using].vendor == "postgresql":
            self._do(
                using,
                f"INSERT INTO {self.table} (entry, words) VALUES (%s, %s::tsvector) "  # noqa: S608 - a constant
                "ON CONFLICT (entry) DO UPDATE SET words = excluded.words",
                [entry, vector(text, mark)],
            )
            return
        if old_text is not None:  # a contentless table must be told what it is to forget
            self._do(
                using,
                f"INSERT INTO {self.table}({self.table}, rowid, words) VALUES ('delete', %s, %s)",  # noqa: S608 - a constant
                [entry, words(old_text, mark if old_mark is None else old_mark)],
            )
        self._do(
            using,
            f"INSERT INTO {self.table}(rowid, words) VALUES (%s, %s)",  # noqa: S608 - a constant
            [entry, words(text, mark)],
        )

    def put_new(
        self, texts: Mapping[int, str], using: str = "default", marks: Mapping[int, str] | None = None
    ) -> None:
        """Indexes many texts under numbers that have none yet."""
        postgresql = connections[using].vendor == "postgresql"
        sql = (
            f"INSERT INTO {self.table} (entry, words) VALUES (%s, %s::tsvector)"  # noqa: S608 - a constant
            if postgresql
            else f"INSERT INTO {self.table}(rowid, words) VALUES (%s, %s)"  # noqa: S608 - a constant
        )
        make = vector if postgresql else words
        with connections[using].cursor() as cursor:
            marked = marks or {}
            cursor.executemany(
                sql, [(entry, make(text, marked.get(entry, ""))) for entry, text in texts.items()]
            )

    def matching(self, wanted: tuple[Phrase, ...]) -> RawSQL:
        """The numbers of the entries in which all phrases stand, as a subquery; SQLite only."""
        return RawSQL(f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s", [fts5_query(wanted)])  # noqa: S608, S611 - constants

    def held(self, wanted: tuple[Phrase, ...], most: int, using: str = "default") -> int:
        """How many entries hold all phrases; counting ends at ``most``."""
        sqlite = connections[using].vendor == "sqlite"
        where = f"{self.table} MATCH %s" if sqlite else "words @@ %s::tsquery"
        limited = f"SELECT 1 FROM {self.table} WHERE {where} LIMIT {most}"  # noqa: S608 - a constant
        with connections[using].cursor() as cursor:
            asked = fts5_query(wanted) if sqlite else ts_query(wanted)
            cursor.execute(f"SELECT count(*) FROM ({limited}) AS hits", [asked])  # noqa: S608 - constants
            return int(cursor.fetchone()[0])

    def sampled(self, asked: Sequence[str], always: Sequence[str], using: str) -> tuple[list[str], int]:
        """Which tokens of ``asked`` narrow down, beside those of ``always``, and about how many entries hold all.

        By a sample; PostgreSQL only.
        """
        several = asked if len(asked) + len(always) > 1 else []
        counts = [_all_of([*asked, *always]), *(_all_of([each]) for each in several)]
        each = ", ".join(["count(*) FILTER (WHERE words @@ %s::tsquery)"] * len(counts))
        sample = f"SELECT {each}, count(*) FROM {self.table} TABLESAMPLE SYSTEM ({100 / SAMPLED})"  # noqa: S608 - constants
        with connections[using].cursor() as cursor:
            cursor.execute(sample, counts)
            held, *apart, entries = cursor.fetchone()
        counted = zip(asked, apart if several else [held], strict=True)
        common = {token for token, count in counted if count > COMMON * entries}
        return [each for each in asked if each not in common], int(held) * SAMPLED

    def entries(self, asked: Sequence[str], most: int, using: str) -> tuple[str, int] | None:
        """The numbers of the entries that hold all tokens, with commas between, and how many; PostgreSQL only.

        None where they are more than ``most``.
        """
        found = f"SELECT entry FROM {self.table} WHERE words @@ %s::tsquery LIMIT {most + 1}"  # noqa: S608 - constants
        listed = f"SELECT array_agg(entry)::text, count(*) FROM ({found}) AS hits"  # noqa: S608 - constants
        with connections[using].cursor() as cursor:
            cursor.execute(listed, [_all_of(asked)])
            numbers, count = cursor.fetchone()
        return ((numbers or "").strip("{}"), int(count)) if count <= most else None

    def narrowed[T: QuerySet[Any]](
        self,
        rows: T,
        text: str,
        entry: str,
        folded: str,
        given: Mapping[str, str] | None = None,
        few: bool | str = False,
    ) -> T:
        """``rows`` in whose entry every run of ``text`` stands; none where it holds no letter or digit.

        ``entry`` is the ORM name of the number that is indexed, ``folded`` that of the text as ``bigrams.folded``
        gives it: what stands in very many entries is looked for there, row by row, until the page is full.
        ``given``: what the rows will be filtered by besides. What is marked of it, or of the filters that ``rows``
        have, is looked up in the index as well: a frequent text is then found in the few rows that are asked for.
        ``few``: the rows are likely to be few, so that it is quicker to read the texts of all of them; or the numbers of
        the entries to which they all belong, with commas between.
        """
        wanted = phrases(text)
        if not wanted:
            return rows.none()
        fixed = _fixed(rows, self.marked) if entry == "pk" else {}
        known = {**fixed, **{name: value for name, value in (given or {}).items() if name in self.marked}}
        marked = marks(known).split()
        if connections[rows.db].vendor != "sqlite":
            return self._by_gin(rows, wanted, marked, entry, folded, list(runs(text)), few)
        narrowed = self._by_rowids(rows, wanted, tuple(Phrase((each,)) for each in marked), entry)
        if not isinstance(narrowed, int):
            return narrowed
        for run in runs(text):
            held = TextInOrder(folded, run, narrowed) if entry == "pk" else _beside(rows, entry, folded, run)
            rows = rows.filter(held)
        return rows

    def _by_rowids[T: QuerySet[Any]](
        self, rows: T, text: tuple[Phrase, ...], marked: tuple[Phrase, ...], entry: str
    ) -> T | int:
        """``rows`` whose entries hold all phrases; how many at least, where so many do that the texts are looked through."""
        wanted = (*text, *marked)
        held = self.held(wanted, WALKED + 1, rows.db)
        if held > WALKED:
            return held
        entries = self.matching(wanted)
        if held <= OFTEN:
            return rows.filter(In(F(entry), entries))
        # What belongs to the rows that are indexed may be few, or none, however many of those hold the text.
        return rows.filter(HeldInOrder(entry, entries, held if entry == "pk" else 0))

    def _by_gin[T: QuerySet[Any]](
        self,
        rows: T,
        text: tuple[Phrase, ...],
        marked: Sequence[str],
        entry: str,
        folded: str,
        runs: list[str],
        few: bool | str,
    ) -> T:
        """The same on PostgreSQL: what its index found goes with every query of the page.

        Of a frequent text it is quicker to read the texts along the order, but for one that goes by a party or a
        district: the rows of one may all have a text that those of the next never have. Such an order is walked where
        it stands ``beside`` the texts. A sample says about how many hold it, and a few that stand together may look like
        many. The index is asked for tokens, not for their order: the texts of what it finds tell the rest.
        """
        asked = [token for each in text for token in _spread(each.tokens)]
        narrowing, about = self.sampled(asked, marked, rows.db)
        whole = all(len(each.tokens) == 1 for each in text) and len(narrowing) == len(asked)
        first = ordered_by(rows) if entry == "pk" else ""
        along = first in self.marked and first not in self.beside
        seldom = WALKED_IN_GIN if along else OFTEN if marked else OFTEN_IN_GIN
        most = WALKED_IN_GIN if entry == "pk" else OFTEN_IN_GIN
        looked_up = narrowing and about <= seldom  # what stands nearly everywhere is soon met along any order
        found = self.entries([*narrowing, *marked], most, rows.db) if looked_up else None
        if found is not None and not whole:
            held = _holding(rows, _given(found[0]), folded, runs)
            found, whole = (found if held is None or held[0] == ALL else held), held is not None
        if found is None and few:
            try:
                found, whole = _holding(rows, _theirs(rows, entry, few), folded, runs), True
            except EmptyResultSet:  # the filters of the rows leave none
                return rows.none()
            if found is not None and found[0] == ALL:  # the text narrows nothing down
                return rows
        if found is not None:
            numbers, count = found
            rows = rows.filter(one_of(entry, numbers, walked=count > GIVEN))
        elif first in self.beside:
            rows = _along(rows, f"{folded.rpartition(LOOKUP_SEP)[0]}{LOOKUP_SEP}{first}")
        counted = partial(_held_by, rows, folded, runs) if found is None and entry == "pk" else None
        for run in runs if found is None or not whole else ():
            rows = rows.filter(TextInOrder(folded, run, counted=counted))
        return rows
