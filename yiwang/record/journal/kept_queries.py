"""Queries of a fixed shape on the busiest paths: Django writes their SQL once a process, later only values change.

Building and compiling a query of the object mapper costs several times what the database has with it.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Expression, F, QuerySet
from django.db.models.lookups import In


class Slot(Expression):
    """Where a value will stand; ``place`` is its number among the parameters."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Numbers(str):
    """Numbers with commas between: the value for a slot that stands for many of them."""

    __slots__ = ()

    def adapted(self, vendor: str) -> str:
        """As the database reads them: an array of PostgreSQL, JSON for SQLite."""
        return f"{{{self}}}" if vendor == "postgresql" else f"[{self}]"


class Texts(tuple[str, ...]):
    """Texts: the value for a slot of :func:`one_of_texts`."""

    __slots__ = ()

    def adapted(self, vendor: str) -> Any:
        """As the database reads them: an array of PostgreSQL, JSON for SQLite."""
        return list(self) if vendor == "postgresql" else json.dumps(self)


class _OneOfTexts(In):
    def __init__(self, name: str, texts: Slot) -> None:
        super().__init__(F(name), texts)

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        among = (
            "= ANY(%s::text[])"
            if connection.vendor == "postgresql"
            else "IN (SELECT value FROM json_each(%s))"
        )
        return f"{sql} {among}", (*params, self.rhs)


def one_of_texts(name: str, texts: Slot) -> In:
    """Whether what the ORM name gives is among texts, which go to the database as one value, however many they are."""
    return _OneOfTexts(name, texts)


Value = str | int | datetime | Texts


class KeptQuery:
    """``build`` gives a ``values_list`` from as many slots as it has parameters; ``rows`` asks with values for them.

    Values are texts, numbers and instants, compared with ``=``, ``<`` and the like, and many ``Numbers`` or ``Texts`` of which a
    column is one. Whatever ``build`` reads beside its slots is read once only.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._known: dict[str, tuple[str, Sequence[Any], list[tuple[int, list[Any], Any]]]] = {}

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """The rows, with what Django makes of their columns."""
        sql, asked, converters = self._known.get(connection.vendor) or self._compiled()
        adapted = [_adapted(each) for each in values]
        given = [adapted[each.place] if isinstance(each, Slot) else each for each in asked]
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            found = cursor.fetchall()
        return [_converted(row, converters) for row in found] if converters else found

    def first(self, *values: Value) -> tuple[Any, ...] | None:
        """The first row, if any."""
        found = self.rows(*values)
        return found[0] if found else None

    def _compiled(self) -> tuple[str, Sequence[Any], list[tuple[int, list[Any], Any]]]:
        slots = [Slot(place) for place in range(len(inspect.signature(self._build).parameters))]
        compiler = self._build(*slots).query.get_compiler(connection=connection)
        sql, asked = compiler.as_sql()
        converters = compiler.get_converters([each[0] for each in compiler.select])
        known = sql, asked, [(place, found, column) for place, (found, column) in converters.items()]
        self._known[connection.vendor] = known
        return known


def _adapted(value: Value) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.adapted(connection.vendor) if isinstance(value, (Numbers, Texts)) else value


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for place, found, column in converters:
        for convert in found:
            values[place] = convert(values[place], column, connection)
    return tuple(values)
