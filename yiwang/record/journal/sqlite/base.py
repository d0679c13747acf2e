"""Every write of this process queues fairly: transactions from BEGIN IMMEDIATE to their end, and single statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations

from yiwang.pure.kernel.bigrams import contains
from yiwang.record.journal.compiling import KeptOperations
from yiwang.record.journal.fair import FairLock, lock_of

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class DatabaseOperations(KeptOperations, operations.DatabaseOperations):
    compiler_module = "yiwang.record.journal.sqlite.compiler"

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """As Django does, which asks the settings for each of the thousands of instants of a busy page."""
        if value.__class__ is datetime and value.tzinfo is None:
            return value.replace(tzinfo=self.connection.timezone)
        return super().convert_datetimefield_value(value, expression, connection)


@lru_cache(maxsize=2048)
def _with_question_marks(sql: str) -> str:
    """SQL as SQLite wants it; Django's own conversion, once for each text."""
    converted: str = base.FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
    return converted


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that converts no query twice."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        if param_names is None:
            return _with_question_marks(query)
        named: str = super().convert_query(query, param_names=param_names)
        return named


def _holds(text: str | None, query: str) -> bool:
    return text is not None and contains(text, query)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection (one a thread) that holds the writer lock exactly while it may write."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: FairLock | None = None
        self.execute_wrappers.append(self._single_statement)

    def get_new_connection(self, conn_params: Any) -> Any:
        """Queries may ask TEXT_HOLDS(text, query): whether every run of the query stands in the text."""
        connection = super().get_new_connection(conn_params)
        connection.create_function("TEXT_HOLDS", 2, _holds, deterministic=True)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def _take(self) -> None:
        if self._held is None:
            lock = lock_of(str(self.settings_dict["NAME"]))
            lock.acquire()
            self._held = lock

    def _give(self) -> None:
        if self._held is not None:
            lock, self._held = self._held, None
            lock.release()

    def _start_transaction_under_autocommit(self) -> None:
        self._take()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        # Every outermost block ends here, before its on_commit hooks run: they may write themselves.
        try:
            super()._set_autocommit(autocommit)
        finally:
            if autocommit:
                self._give()

    def _close(self) -> None:
        # A connection dropped inside a block never comes to _set_autocommit; SQLite rolls back on closing.
        try:
            super()._close()
        finally:
            self._give()

    def _single_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if self._held is not None or self.in_atomic_block or not sql.startswith(_WRITES):
            return execute(sql, params, many, context)
        self._take()
        try:
            return execute(sql, params, many, context)
        finally:
            self._give()
