"""What stands before and behind WHERE is the same for all queries of a shape: columns, joins and order are kept.

Django works out for each query which columns it selects, which tables it joins for ``select_related`` and by what it
sorts: half of what a query costs. Kept are queries of models, whole or with some of their columns, by what their
conditions have joined already; every other query goes Django's own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, ManyToOneRel, OneToOneField, OneToOneRel
from django.db.models.sql.datastructures import BaseTable, Join

_MOST = 2048
_USUAL = frozenset((ForeignKey, OneToOneField, ManyToOneRel, OneToOneRel))  # join by their columns alone


@dataclass(slots=True)
class Setup:
    """What was found out once: columns, what becomes of them, order and tables; converters once rows were asked for."""

    select: list[Any]
    klass_info: dict[str, Any]
    order_by: list[Any]
    tables: list[str]
    converters: dict[int, Any] | None = None


def _hashable(related: Any) -> Any:
    """What ``select_related`` asks for, as part of a key."""
    if isinstance(related, Mapping):
        return tuple((name, _hashable(more)) for name, more in related.items())
    return related


class KeptSetup:
    """Stands before the compiler of queries of a backend."""

    query: Any
    connection: Any
    select: Any
    klass_info: Any
    annotation_col_map: Any
    where: Any
    having: Any
    qualify: Any
    has_extra_select: bool
    col_count: int
    _setup: Setup | None = None

    def pre_sql_setup(self, with_col_aliases: bool = False) -> Any:
        self._setup = None
        key = None if with_col_aliases else self._shape()
        if key is None:
            return super().pre_sql_setup(with_col_aliases)  # type: ignore[misc]
        kept = self.connection.ops.kept_setups.get(key)
        if kept is None:
            found = super().pre_sql_setup()  # type: ignore[misc]
            self._keep(key, found[1])
            return found
        self._setup = kept
        self.select, self.klass_info, self.annotation_col_map = kept.select, kept.klass_info, {}
        self.col_count, self.has_extra_select = len(kept.select), False
        self.where, self.having, self.qualify = self.query.where.split_having_qualify(must_group_by=False)
        return [], kept.order_by, []

    def _keep(self, key: Any, order_by: list[Any]) -> None:
        tables, values = super().get_from_clause()  # type: ignore[misc]
        if values or any(given for _, (_, given, _) in order_by):
            return
        setups = self.connection.ops.kept_setups
        if len(setups) >= _MOST:
            setups.clear()
        setups[key] = Setup(self.select, self.klass_info, order_by, tables)

    def get_from_clause(self) -> Any:
        if self._setup is not None:
            return list(self._setup.tables), []
        return super().get_from_clause()  # type: ignore[misc]

    def get_converters(self, expressions: Any) -> Any:
        setup = self._setup
        if setup is None:
            return super().get_converters(expressions)  # type: ignore[misc]
        if setup.converters is None:
            setup.converters = super().get_converters(expressions)  # type: ignore[misc]
        return setup.converters

    def _shape(self) -> Any:
        """What tells the setup of this query from that of any other; None where it is not plain."""
        query = self.query
        if (
            not query.default_cols
            or query.selected is not None
            or query.annotations
            or query.extra
            or query.extra_tables
            or query.extra_order_by
            or query.distinct
            or query.combinator
            or query.group_by is not None
            or query._filtered_relations
        ):
            return None
        tables = self._tables()
        ordering = query.order_by or (query.default_ordering and query.get_meta().ordering) or ()
        if tables is None or not all(isinstance(each, str) for each in ordering):
            return None
        return (
            query.model,
            query.alias_prefix,
            tables,
            tuple(ordering),
            query.standard_ordering,
            _hashable(query.select_related),
            query.max_depth,
            (frozenset(query.deferred_loading[0]), query.deferred_loading[1]),
        )

    def _tables(self) -> tuple[Any, ...] | None:
        """What is joined so far, and whether it is used: what comes has its names and kinds by that. None where it is unusual."""
        query = self.query
        found: list[tuple[Any, ...]] = []
        for alias, join in query.alias_map.items():
            used = query.alias_refcount[alias] > 0
            if join.__class__ is BaseTable:
                found.append((alias, join.table_name, used))
            elif join.__class__ is Join and join.join_field.__class__ in _USUAL:
                found.append(
                    (alias, join.table_name, used, join.parent_alias, join.join_type, join.join_cols)
                )
            else:
                return None
        return tuple(found)
