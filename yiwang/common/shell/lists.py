"""Lists whose filter, search, order and page live in the address, and that go to Excel as they are filtered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection, connections
from django.db.models import F, Func, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import OrderBy
from django.db.models.lookups import Contains, Exact, In, Range
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from yiwang.common.shell.sheets import Head, excel
from yiwang.common.shell.speech import language_now
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import Numbers, Slot

MOST_ROWS_IN_EXCEL = 10_000
SIZES = (20, 50, 100)  # rows a page, as the reader chooses
_LONGEST_QUERY = 80
COUNTED = 10_000  # rows are counted so far, those of a text search to the second; beyond it the page says "more than"
COUNTED_OF_TEXT = 1_000
SORTED = 2_000  # so many rows are sorted; of more, the order is walked
IN_A_ROW = 50  # so many numbers PostgreSQL looks through one after the other
FEW = 1_000  # so many rows are found once: counted, ordered and cut by their keys
Search = Callable[[QuerySet[Any], str, Mapping[str, str]], QuerySet[Any]]
ANY = "any"  # what the address says for all rows, where a filter is set unless it says so


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``value(row)`` gives text, Words, an instant, a day, or fen where ``amount`` is set.

    ``sort`` is the ORM name to order by for query sets; "self" orders a sequence by ``value``; "" cannot be
    sorted. ``link(row)`` gives the address of the cell ("" none). ``under`` names the column in whose cell it
    stands on the page, below; in Excel it is a column of its own. ``begins``: its instants begin something, so that
    midnight is 00:00 of the new day and not 24:00 of the day before. ``known`` is what else holds of every row, by ORM
    names: asked on SQLite where the column orders, so that it walks an index that begins with what is known; PostgreSQL
    walks that of the order by itself, and would take what is known for a second filter.
    """

    name: str
    words: Words
    value: Callable[[Any], object]
    sort: str = ""
    amount: bool = False
    link: Callable[[Any], str] | None = None
    under: str = ""
    begins: bool = False
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: ``options`` are (value, words); ``of`` is the ORM name, or gives a row's value for sequences.

    ``narrow(rows, value)`` replaces ``of`` where one value stands for more than equality; query sets only.
    ``first`` is the value taken where the address names none; "any" in the address then means all rows.
    """

    name: str
    words: Words
    options: Sequence[tuple[str, Words]]
    of: str | Callable[[Any], str] = ""
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    first: str = ""

    @property
    def all(self) -> str:
        """What the address says for all rows."""
        return ANY if self.first else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A filter into which the reader types: ``narrow(rows, text)`` gives what remains of a query set."""

    name: str
    words: Words
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]]


class _Rows:
    """A query set as a paginator wants it: keys first, then only the rows of the page, from ``source`` (or ``whole``).

    Sorting and skipping touches indices instead of whole rows. Rows are counted up to ``most``. ``equal`` are the
    filters by a value: where many rows pass them, the order is walked until the page is full; where few do, they are
    found by their indices and sorted. What filters leave few of is searched for once: the rows are then known by their
    keys. ``blank`` is the ORM name that orders, where it may be empty: those rows come last on every database,
    whichever way it goes. ``total`` counts them where that is known better. ``left_out``: how many rows of the table
    ``source`` leaves out at most. ``known``: see :class:`Column`.
    """

    def __init__(
        self,
        source: QuerySet[Any],
        rows: QuerySet[Any],
        equal: Mapping[str, str],
        most: int,
        sorted_by: str,
        total: Callable[[], int] | None = None,
        whole: QuerySet[Any] | None = None,
        known: Mapping[str, str] | None = None,
        left_out: Callable[[], int] | None = None,
    ) -> None:
        self.left_out = left_out
        self.known = known if known and connection.vendor == "sqlite" else {}
        self.whole = source if whole is None else whole
        self.source, self.equal, self.most, self.total = source, equal, most, total
        self.sign, name = ("-", sorted_by[1:]) if sorted_by.startswith("-") else ("", sorted_by)
        self.rows = rows.order_by(sorted_by, f"{self.sign}pk") if name else rows
        self.blank = name if name and _may_be_empty(rows.model, name) else ""
        self.found, self.frequent = 0, set[str]()
        self.few: list[Any] | None = None
        self.in_order: list[Any] | None = None  # the few, in the order asked for

    @property
    def more(self) -> bool:
        return self.found > self.most

    def count(self) -> int:
        if self.total is not None:
            self.found = self.total()
            return min(self.found, self.most)
        if self._more_are_known():
            self.found = self.most + 1
            return self.most
        known = self._exactly()
        if known is not None:
            self.found = known
            return min(self.found, self.most)
        if self._few_are_known():
            self.few = self.in_order = self._every_key(self._narrowed(()))
            self.found = len(self.few)
            return self.found
        self.frequent = self._frequent()
        rows = self._narrowed(self.frequent).order_by()
        first = list(rows.values_list("pk", flat=True)[: FEW + 1])
        self.few = first if len(first) <= FEW else None
        enough = self.few is not None or self.most <= FEW
        self.found = len(first) if enough else counted_to(rows, self.most + 1)
        return min(self.found, self.most)

    def _more_are_known(self) -> bool:
        """Whether nothing narrows the rows but a text that stands in far more of them than are counted."""
        where = self.rows.query.where.children
        before = self.source.query.where.children if self.left_out else []
        texts = [each for each in where if each not in before]
        if self.equal or not texts or len(texts) + len(before) != len(where):
            return False
        held = [each.rows for each in texts if isinstance(each, _HELD)]
        if len(held) < len(texts):
            return False
        out = self.left_out() if self.left_out else 0
        if min(held) > 2 * self.most + out:
            return True
        counts = [each.counted for each in texts if isinstance(each, TextInOrder) and each.counted]
        enough = self.most + out
        return len(counts) == len(texts) and counts[0](enough + 1) > enough

    def _exactly(self) -> int | None:
        """How many rows there are where nothing narrows them but a text that stands in so many as have been found already."""
        where = self._conditions()
        only = where[0] if len(where) == 1 and not self.equal else None
        if not isinstance(only, _OneOf) or not only.of_rows or isinstance(only.rhs, Slot):
            return None
        return only.number if only.number > FEW else None

    def _few_are_known(self) -> bool:
        """Whether the rows are among a few whose keys are known already: these are then put in order at once."""
        return any(
            isinstance(each, _OneOf)
            and each.of_rows
            and not isinstance(each.rhs, Slot)
            and each.number <= FEW
            for each in self._conditions()
        )

    def _conditions(self) -> list[Any]:
        """What every row passes, but for the filters by a value."""
        where = self.rows.query.where
        return [] if where.negated or where.connector != "AND" else where.children

    def _frequent(self) -> set[str]:
        """Of several filters those that many rows pass, where another is passed by few: that one shall be looked up."""
        if len(self.equal) < 2:
            return set()
        every = self.rows.model._default_manager.order_by()
        often = {
            name
            for name, value in self.equal.items()
            if every.filter(**{name: value})[: SORTED + 1].count() > SORTED
        }
        return often if len(often) < len(self.equal) else set()

    def _narrowed(self, hidden: Collection[str]) -> QuerySet[Any]:
        seen = {name: value for name, value in self.equal.items() if name not in hidden}
        return self.rows.filter(*[Exact(unindexed(name), self.equal[name]) for name in hidden], **seen)

    def known_rows(self) -> QuerySet[Any]:
        """All rows found, by their keys where they are few."""
        if self.few is None:
            return self._narrowed(())
        numbers = all(isinstance(each, int) for each in self.few)
        return self.whole.filter(one_of("pk", self.few) if numbers else Q(pk__in=self.few))

    def __getitem__(self, part: slice) -> list[Any]:
        keys = self._page(part.start, part.stop) if self.in_order is None else self.in_order[part]
        found = {row.pk: row for row in self.whole.filter(pk__in=keys).order_by()}
        return [found[key] for key in keys if key in found]

    def _page(self, start: int, stop: int) -> list[Any]:
        if self.few is not None:
            return self._every_key(self.known_rows().order_by(*self.rows.query.order_by))[start:stop]
        many = self.found > SORTED
        rows = self._narrowed(self.equal if many else self.frequent).filter(**(self.known if many else {}))
        filled, empty = self._parts(rows)
        keys = _keys(filled[start:stop])
        left = stop - start - len(keys)
        if left and empty is not None:
            first = 0 if keys else start - filled.order_by().count()
            keys += _keys(empty[first : first + left])
        return keys

    def _parts(self, rows: QuerySet[Any]) -> tuple[QuerySet[Any], QuerySet[Any] | None]:
        """The rows that have what orders them, and those that have not, which come last."""
        if not self.blank:
            return rows, None
        empty = rows.filter(**{f"{self.blank}__isnull": True}).order_by(f"{self.sign}pk")
        return rows.filter(**{f"{self.blank}__isnull": False}), empty

    def _every_key(self, rows: QuerySet[Any]) -> list[Any]:
        """The keys of few rows, all read: with a limit PostgreSQL would walk the order of all rows."""
        return [key for each in self._parts(rows) if each is not None for key in _keys(each)]


def _keys(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.values_list("pk", flat=True))


class _Unindexed(Func):
    """A column that SQLite, which does not know how few rows a page asks for, shall not look up by its index."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


def counted_to(rows: QuerySet[Any], most: int | None, by: str = "pk") -> int:
    """How many ``rows`` there are; counting ends at ``most``, if given. As ``rows[:most].count()``, written in half the time.

    ``by``: an ORM name whose index finds the rows, so that nothing else is read.
    """
    try:
        sql, given = rows.order_by().values_list(by)[:most].query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:  # nothing could be among them: the mapper would not ask either
        return 0
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS counted", given)  # noqa: S608 - the mapper's own text
        return int(cursor.fetchone()[0])


def counts_by(rows: QuerySet[Any], name: str, values: Sequence[str], most: int) -> dict[str, int]:
    """How many ``rows`` have each of ``values`` under an ORM name, each counted up to ``most``: one question for all."""
    asked = rows.order_by().filter(**{name: Slot(0)}).values_list("pk")[:most]
    try:
        sql, given = asked.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return dict.fromkeys(values, 0)
    each = f"(SELECT COUNT(*) FROM ({sql}) AS counted)"  # noqa: S608 - the mapper's own text
    parameters = [value if isinstance(part, Slot) else part for value in values for part in given]
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([each] * len(values))}", parameters)
        return dict(zip(values, cursor.fetchone(), strict=True))


def unindexed(name: str) -> Func:
    """A column by its ORM name, for filters that many rows pass: see ``_Unindexed``."""
    return _Unindexed(F(name))


class _Among(In):
    """``IN`` that PostgreSQL, too, asks of each row of the order: as a join it would read and sort all rows first."""

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.as_sql(compiler, connection)
        return f"({sql}) IS TRUE", params


class HeldInOrder(In):
    """Whether a row is among those that a query gives, asked on SQLite of each row of the order.

    ``rows``: how many rows these are at least; 0 where that is not known.
    """

    def __init__(self, name: str, keys: Any, rows: int) -> None:
        super().__init__(unindexed(name), keys)
        self.rows = rows


class TextInOrder(Contains):
    """Whether a text holds another, asked of each row of the order. ``rows``: as of :class:`HeldInOrder`.

    ``counted`` counts, up to a number, the rows that hold this and all other parts that are asked for.
    """

    def __init__(
        self, name: str, part: str, rows: int = 0, counted: Callable[[int], int] | None = None
    ) -> None:
        super().__init__(F(name), part)
        self.rows, self.counted = rows, counted
        self.part = part

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """In two thirds of the time of LIKE, which goes from character to character; and PostgreSQL takes it to hold often."""
        sql, params = compiler.compile(self.lhs)
        return f"strpos({sql}, %s) > 0", (*params, self.part)


class BetweenInOrder(Range):
    """Whether a text lies between two, both included, asked of each row of the order. ``rows``: as of :class:`HeldInOrder`.

    PostgreSQL would plan for any two alike, and for most of them read and sort all that lie between.
    """

    def __init__(self, name: str, first: str, last: str, rows: int) -> None:
        super().__init__(F(name), (first, last))
        self.rows = rows

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.as_sql(compiler, connection)
        return f"({sql}) IS TRUE", params


def among(name: str, keys: Any) -> In:
    """Whether a column is among the keys that a query gives: many, so that the order is walked until a page is full."""
    return _Among(unindexed(name), keys)


class _OneOf(In):
    """Whether a number is among given ones, which go to the database as one text, however many they are.

    A thousand parameters take Django longer to bind, and PostgreSQL longer to plan, than the look itself takes. A lookup, not
    a function: of that Django asks whether it ``= 1``, for which SQLite walks the whole table.
    """

    walked = False

    def __init__(self, name: str, keys: Any) -> None:
        super().__init__(F(name), keys)
        self.of_rows = name == "pk"

    def get_prep_lookup(self) -> Any:
        given = isinstance(self.rhs, (str, Slot))
        return self.rhs if given else ",".join(map(str, self.rhs))

    @property
    def number(self) -> int:
        """How many they are."""
        return int(self.rhs.count(",")) + bool(self.rhs)

    def _given(self, vendor: str) -> Any:
        return self.rhs if isinstance(self.rhs, Slot) else Numbers(self.rhs).adapted(vendor)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} {_OF_JSON}", (*params, self._given(connection.vendor))

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        among = _IN_ORDER if self.walked else _OF_ROWS if self._many else _OF_ARRAY
        return f"{sql} {among}", (*params, self._given(connection.vendor))

    @property
    def _many(self) -> bool:
        return not isinstance(self.rhs, Slot) and self.number > IN_A_ROW


_OF_JSON, _OF_ARRAY = "IN (SELECT value FROM json_each(%s))", "= ANY(%s::bigint[])"
_OF_ROWS = "IN (SELECT unnest(%s::bigint[]))"  # a prepared query would look through a long array for each row
# Hashed once; as a plain IN it would be joined, and all rows read and sorted first.
_IN_ORDER = "IN (SELECT unnest(%s::bigint[])) IS TRUE"


class _OneOfInOrder(_OneOf):
    """The same, asked of each row of the order."""

    walked = True

    @property
    def rows(self) -> int:
        """As of :class:`HeldInOrder`: what rows belong to may be many, and have none of them."""
        return self.number if self.of_rows else 0


_HELD = (_OneOfInOrder, HeldInOrder, TextInOrder, BetweenInOrder)


def one_of(name: str, keys: Iterable[int] | str | Slot, *, walked: bool = False) -> In:
    """Whether the number of the ORM name is among ``keys``, numbers or a text of them with commas between, or a slot for such.

    ``walked``: they are many, so PostgreSQL asks each row in the order asked for, until the page is full.
    """
    return (_OneOfInOrder if walked else _OneOf)(name, keys)


def numbers_of(rows: QuerySet[Any], most: int) -> tuple[str, int] | None:
    """The numbers that a query gives, with commas between as :func:`one_of` takes them, and how many; None for more than ``most``."""
    try:
        sql, given = rows.all()[: most + 1].query.sql_with_params()
    except EmptyResultSet:  # nothing could be among them
        return "", 0
    listed = (
        "array_agg(number)::text" if connections[rows.db].vendor == "postgresql" else "group_concat(number)"
    )
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"WITH numbers (number) AS ({sql}) SELECT {listed}, count(*) FROM numbers", given)  # noqa: S608 - the mapper's own text
        numbers, count = cursor.fetchone()
    return ((numbers or "").strip("{}"), int(count)) if count <= most else None


def ordered_by(rows: QuerySet[Any]) -> str:
    """The ORM name by which ``rows`` are ordered first; "" for none."""
    first = next(iter(rows.query.order_by), "")
    name = first.expression if isinstance(first, OrderBy) else first
    return name.name if isinstance(name, F) else str(name).removeprefix("-")


def _may_be_empty(model: Any, name: str) -> bool:
    """Whether a row may have nothing to be ordered by under an ORM name; what stands beside every row never is."""
    for part in name.split(LOOKUP_SEP):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if field.null and not field.one_to_one:
            return True
        model = field.related_model
    return False


@dataclass(frozen=True, slots=True)
class Listing:
    """A filtered, ordered page of rows, for ``{% listing %}`` and for Excel."""

    columns: Sequence[Column]
    choices: Sequence[Choice]
    found: Any
    page: Page
    query: str
    chosen: dict[str, str]
    order: str
    searchable: bool
    extra: dict[str, str] = field(default_factory=dict)
    size: str = ""
    fields: Sequence[Typed] = ()

    def under(self, column: Column) -> list[Column]:
        """The columns in whose cell of ``column`` they stand."""
        return [each for each in self.columns if each.under == column.name]

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def counted(self) -> str:
        """How many rows there are, for reading: "10000+" where there are more than are counted."""
        rows = self.page.paginator.object_list
        return f"{self.count}+" if isinstance(rows, _Rows) and rows.more else str(self.count)

    @property
    def narrowed(self) -> bool:
        """Somebody searched or filtered: an empty list then says that nothing matches."""
        usual = {each.name: {"", each.all, each.first} for each in self.choices}
        return bool(
            self.query or any(value not in usual.get(name, {""}) for name, value in self.chosen.items())
        )

    def address(self, **changes: str) -> str:
        """The query string of this list with ``changes``; empty values are left out."""
        values = {**self.extra, "q": self.query, **self.chosen, "order": self.order, "size": self.size}
        values |= changes
        return "?" + urlencode({key: value for key, value in values.items() if value})

    @property
    def heads(self) -> list[dict[str, Any]]:
        """For each column: its words, whether and how it is ordered, the address that orders by it, those below."""
        return [
            {**self._head(column), "below": [self._head(each) for each in self.under(column)]}
            for column in self.columns
            if not column.under
        ]

    def _head(self, column: Column) -> dict[str, Any]:
        now = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.order, "none")
        turned = f"-{column.name}" if now == "ascending" else column.name
        return {"column": column, "url": self.address(order=turned) if column.sort else "", "now": now}

    @property
    def typed(self) -> list[dict[str, object]]:
        return [{"field": each, "text": self.chosen[each.name]} for each in self.fields]

    @property
    def filters(self) -> list[dict[str, object]]:
        return [{"choice": each, "chosen": self.chosen[each.name]} for each in self.choices]

    @property
    def sizes(self) -> list[dict[str, object]]:
        """How many rows a page may have; none where one page of the smallest size holds all."""
        if self.count <= SIZES[0]:
            return []
        here = self.page.paginator.per_page
        return [{"size": each, "url": self.address(size=str(each)), "here": each == here} for each in SIZES]

    @property
    def excel_url(self) -> str:
        return self.address(format="excel")

    @property
    def previous_url(self) -> str:
        return self.address(page=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.address(page=str(self.page.next_page_number())) if self.page.has_next() else ""

    def counted_with(self, **filters: Any) -> int:
        """How many of all rows found pass ``filters`` besides, by ORM names; for query sets."""
        rows = self.page.paginator.object_list
        return counted_to(rows.known_rows().filter(**filters), None)

    def excel(self, name: str) -> HttpResponse:
        """All rows found (at most 10,000), in the language of the page; ``name`` is the file's name without ending."""
        heads = [Head(each.words, each.amount, each.begins) for each in self.columns]
        rows = [[each.value(row) for each in self.columns] for row in self.found[:MOST_ROWS_IN_EXCEL]]
        return excel(rows, heads, name)


def _typed(request: HttpRequest, name: str) -> str:
    """What the address says under ``name``, cut; without NUL, which PostgreSQL cannot compare with."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:_LONGEST_QUERY]


def listing(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    columns: Sequence[Column],
    *,
    search: Sequence[str] | Search = (),
    choices: Sequence[Choice] = (),
    order: str = "",
    per_page: int = 20,
    extra: dict[str, str] | None = None,
    fields: Sequence[Typed] = (),
    total: Callable[[], int] | None = None,
    whole: QuerySet[Any] | None = None,
    left_out: Callable[[], int] | None = None,
) -> Listing:
    """``rows`` as the address asks: ``q``, the names of ``choices``, ``order`` (``name`` or ``-name``), ``page``.

    ``search``: ORM names for a query set, or what narrows it to a text (it is told by which values, by ORM name, the rows
    will be filtered besides); for a sequence any text here makes all
    shown cells searchable. ``size`` in the address chooses one of SIZES.
    What the address asks for and does not exist is ignored. ``extra`` stays in every address. ``total`` counts
    ``rows`` where that is cheaper than to look through them: asked while nothing narrows the list. ``whole`` are the rows
    before it was asked which of them may be seen: those of a page are read from it by keys that were found in ``rows``. ``left_out``: how many rows of
    the table at most are not among ``rows``, where that is known without looking through it.
    """
    query = _typed(request, "q") if search else ""
    shown = {each.name: _option(each, request.GET.get(each.name, each.first)) for each in choices}
    source = rows
    for typed in fields:
        shown[typed.name] = _typed(request, typed.name)
        if shown[typed.name] and isinstance(rows, QuerySet):
            rows = typed.narrow(rows, shown[typed.name])
    chosen = shown | {each.name: "" for each in choices if shown[each.name] == each.all}
    equal = dict[str, str]()
    sortable = {each.name for each in columns if each.sort}
    asked = request.GET.get("order", "")
    by = asked if asked.removeprefix("-") in sortable else order
    if isinstance(rows, QuerySet):
        equal = {str(each.of): chosen[each.name] for each in choices if chosen[each.name] and not each.narrow}
        narrowed = _narrowed_set(rows, columns, search, query, choices, chosen, by, equal)
        found: Any = narrowed.filter(**equal)
    else:
        found = _narrowed_sequence(rows, columns, query, choices, chosen, by)
    size = request.GET.get("size", "")
    size = size if size in {str(each) for each in SIZES} else ""
    paged = found
    if isinstance(found, QuerySet) and isinstance(source, QuerySet):
        sorts = {each.name: each.sort for each in columns if each.sort}
        sign, name = ("-", by[1:]) if by.startswith("-") else ("", by)
        text = query or any(shown[each.name] for each in fields)
        most = COUNTED_OF_TEXT if text else COUNTED
        counted = None if query or any(chosen.values()) else total
        known = next((each.known for each in columns if each.name == name), None)
        # A text may have been looked for along the same column as it stands beside the text.
        sort = sign + (ordered_by(narrowed) if text else sorts[name]) if name in sorts else ""
        paged = _Rows(source, narrowed, equal, most, sort, counted, whole, known, left_out)
    page = Paginator(paged, int(size or per_page)).get_page(request.GET.get("page"))
    return Listing(columns, choices, found, page, query, shown, by, bool(search), extra or {}, size, fields)


def wants_excel(request: HttpRequest) -> bool:
    """The address asks for the Excel file of a list."""
    return request.GET.get("format") == "excel"


def _option(choice: Choice, asked: str) -> str:
    return asked if any(asked == value for value, _ in choice.options) else choice.all


def _narrowed_set(
    rows: QuerySet[Any],
    columns: Sequence[Column],
    search: Sequence[str] | Search,
    query: str,
    choices: Sequence[Choice],
    chosen: dict[str, str],
    by: str,
    equal: Mapping[str, str],
) -> QuerySet[Any]:
    sorts = {each.name: each.sort for each in columns if each.sort}
    if by.removeprefix("-") in sorts:  # before the text: how that is looked for depends on the order
        name, down = F(sorts[by.removeprefix("-")]), by.startswith("-")
        last = name.desc(nulls_last=True) if down else name.asc(nulls_last=True)
        rows = rows.order_by(last, "-pk" if down else "pk")
    for each in choices:
        if chosen[each.name] and each.narrow is not None:
            rows = each.narrow(rows, chosen[each.name])
    if query and callable(search):
        rows = search(rows, query, equal)
    elif query and not callable(search):
        matches = Q()
        for field_name in search:
            matches |= Q(**{f"{field_name}__icontains": query})
        rows = rows.filter(matches)
    return rows if rows.ordered else rows.order_by("pk")


def _narrowed_sequence(
    rows: Sequence[Any],
    columns: Sequence[Column],
    query: str,
    choices: Sequence[Choice],
    chosen: dict[str, str],
    by: str,
) -> list[Any]:
    found = [
        row
        for row in rows
        if (not query or any(query.casefold() in _text(each, row).casefold() for each in columns))
        and all(not chosen[each.name] or _of(each, row) == chosen[each.name] for each in choices)
    ]
    for each in columns:
        if each.sort and each.name == by.removeprefix("-"):
            found.sort(key=lambda row: _orderable(each.value(row)), reverse=by.startswith("-"))
    return found


def _of(choice: Choice, row: Any) -> str:
    return choice.of(row) if callable(choice.of) else str(getattr(row, choice.of))


def _orderable(value: object) -> tuple[bool, Any]:
    if isinstance(value, Words):
        return (True, value.in_language(language_now()))
    return (value is not None, "" if value is None else value)


def _text(column: Column, row: Any) -> str:
    value = column.value(row)
    if isinstance(value, Words):
        return f"{value.zh} {value.en}"
    if column.amount and isinstance(value, int):
        return shown_yuan(value)
    return shown(value, begins=column.begins) if isinstance(value, datetime) else str(value)
