"""The same SQL from the object mapper with less work: what every query would find out anew is kept.

For each query Django works out the columns of the model, their quoted names and their converters, and hashes all of
them to look for the one that it is ordered by: several times the work that the database has with it. Here columns and
converters are kept by model and alias; whatever is not plain goes Django's own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.db.models.expressions import Col
from django.db.models.options import Options

_MOST = 1024


@lru_cache(maxsize=_MOST)
def _columns(opts: Options[Model], alias: str) -> tuple[Col, ...]:
    """The columns of a model without parents, as they stand under an alias of its table."""
    return tuple(field.get_col(alias) for field in opts.concrete_fields)


class Kept:
    """What Django's compilers find out anew for each query; stands before them in a class of a backend."""

    query: Any
    connection: Any
    select: Any

    def compile(self, node: Any) -> Any:
        if node.__class__ is Col and node.alias:
            return self._named(node), ()
        return super().compile(node)  # type: ignore[misc]

    def _named(self, column: Col) -> str:
        names = self.connection.ops.kept_names
        key = (column.alias, column.target.column)
        named: str | None = names.get(key)
        if named is None:
            quote = self.connection.ops.quote_name
            named = names[key] = f"{quote(key[0])}.{quote(key[1])}"
        return named

    def get_default_columns(
        self, select_mask: Any, start_alias: Any = None, opts: Any = None, from_parent: Any = None
    ) -> Any:
        opts = opts or self.query.get_meta()
        if select_mask or from_parent or opts is None or opts.parents or opts.proxy:
            return super().get_default_columns(select_mask, start_alias, opts, from_parent)  # type: ignore[misc]
        return list(_columns(opts, start_alias or self.query.get_initial_alias()))

    def get_select(self, with_col_aliases: bool = False) -> Any:
        query = self.query
        plain = (
            query.default_cols
            and query.selected is None
            and not query.select_related
            and not query.extra_select
            and not query.annotation_select
            and not with_col_aliases
        )
        if not plain:
            return super().get_select(with_col_aliases)  # type: ignore[misc]
        columns = self.get_default_columns(query.get_select_mask())
        select = [(column, column.select_format(self, *self.compile(column)), None) for column in columns]
        return select, {"model": query.model, "select_fields": list(range(len(columns)))}, {}

    def _order_by_pairs(self) -> Iterator[Any]:
        """Names of fields are never found among columns without a name of their own: the search is left out."""
        query = self.query
        ordering = query.order_by or (query.default_ordering and query.get_meta().ordering) or ()
        if (
            query.extra_order_by
            or query.combinator
            or not all(isinstance(each, str) for each in ordering)
            or not self.select
            or any(alias for _, _, alias in self.select)
        ):
            yield from super()._order_by_pairs()  # type: ignore[misc]
            return
        select, self.select = self.select, None
        try:
            yield from list(super()._order_by_pairs())  # type: ignore[misc]
        finally:
            self.select = select

    def get_converters(self, expressions: Iterable[Any]) -> Any:
        expressions = list(expressions)
        if not all(each.__class__ is Col for each in expressions):
            return super().get_converters(expressions)  # type: ignore[misc]
        converters = {}
        for place, column in enumerate(expressions):
            found = self._converters_of(column)
            if found:
                converters[place] = (found, column)
        return converters

    def _converters_of(self, column: Col) -> list[Any]:
        kept = self.connection.ops.kept_converters
        key = (column.target, column.output_field)
        found: list[Any] | None = kept.get(key)
        if found is None:
            own = self.connection.ops.get_db_converters(column)
            found = kept[key] = own + column.get_db_converters(self.connection)
        return found


class KeptOperations:
    """The operations of a connection: they know the names and converters of its compilers."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)  # type: ignore[call-arg]
        self.kept_names: dict[tuple[str, str], str] = {}
        self.kept_converters: dict[tuple[Any, Any], list[Any]] = {}
        self.kept_setups: dict[Any, Any] = {}
