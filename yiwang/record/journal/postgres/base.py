"""PostgreSQL as Django knows it, with compilers that keep what they found out."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base, operations

from yiwang.record.journal.compiling import KeptOperations


class DatabaseOperations(KeptOperations, operations.DatabaseOperations):
    compiler_module = "yiwang.record.journal.postgres.compiler"


PREPARED = 300  # queries a connection keeps prepared: the usual pages ask about so many; psycopg alone would keep 100


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        made.prepared_max = PREPARED
        return made
