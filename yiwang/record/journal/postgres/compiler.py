"""Django's compilers, which keep what they found out (see ``journal.compiling``)."""

from django.db.backends.postgresql import compiler

from yiwang.record.journal.compiling import Kept
from yiwang.record.journal.setups import KeptSetup


class SQLCompiler(KeptSetup, Kept, compiler.SQLCompiler):
    """Of queries."""


class SQLInsertCompiler(Kept, compiler.SQLInsertCompiler):
    """Of INSERT."""


class SQLDeleteCompiler(Kept, compiler.SQLDeleteCompiler):
    """Of DELETE."""


class SQLUpdateCompiler(Kept, compiler.SQLUpdateCompiler):
    """Of UPDATE."""


class SQLAggregateCompiler(Kept, compiler.SQLAggregateCompiler):
    """Of aggregates over a query."""
