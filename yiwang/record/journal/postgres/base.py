"""PostgreSQL as Django knows it, with compilers that keep what they found out."""

from __future__ import annotations

from django.db.backends.postgresql import base, operations

from yiwang.record.journal.compiling import KeptOperations


class DatabaseOperations(KeptOperations, operations.DatabaseOperations):
    compiler_module = "yiwang.record.journal.postgres.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    ops_class = DatabaseOperations
