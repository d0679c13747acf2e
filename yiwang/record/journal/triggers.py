"""Triggers that keep the record append-only, on both databases.

A table rebuild (SQLite has no other way to alter a column) drops triggers silently, so they are set again after
every migrate, and start-up and ``yiwang check`` fail where one is missing.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from yiwang.pure.kernel.findings import Finding
from yiwang.record.journal.acts import is_postgres

# Table → its unique columns: SQLite's INSERT OR REPLACE deletes without firing a DELETE trigger.
GUARDED = {
    "journal_entry": (("id",), ("about", "n")),
    "journal_index": (("index",), ("entry_id",)),
    "journal_public": (("number",), ("entry_id",)),
    "journal_birth": (("id",),),
}
MESSAGE = "the journal is append-only"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}: % on %', TG_OP, TG_TABLE_NAME; END $$
"""


def _sqlite_triggers() -> dict[str, str]:
    """Name → SQL, exactly as the database keeps it."""
    made = {}
    for table, uniques in GUARDED.items():
        for verb in ("update", "delete"):
            name = f"{table}_no_{verb}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        taken = " OR ".join(
            "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")"
            for columns in uniques
        )
        name = f"{table}_no_replace"
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - constants of this file
        made[name] = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {exists} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    return made


def _postgres_triggers() -> dict[str, tuple[str, str]]:
    """Name → (table, SQL). ALWAYS: they fire for replication roles too."""
    made = {}
    for table in GUARDED:
        for name, when, level in (
            (f"{table}_no_change", "UPDATE OR DELETE", "ROW"),
            (f"{table}_no_truncate", "TRUNCATE", "STATEMENT"),
        ):
            made[name] = (
                table,
                f"DROP TRIGGER IF EXISTS {name} ON {table}; "
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} "
                f"FOR EACH {level} EXECUTE FUNCTION journal_append_only(); "
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
            )
    return made


def set_triggers() -> None:
    """Sets every trigger afresh. Idempotent; tables that are not there yet get none."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if is_postgres():
            cursor.execute(_FUNCTION)
            for table, sql in _postgres_triggers().values():
                if table in there:
                    cursor.execute(sql)
            return
        for name, sql in _sqlite_triggers().items():
            if name.rsplit("_no_", 1)[0] in there:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)


def drop_triggers() -> None:
    """Takes them all away: for tests that empty tables between them, and for nothing else."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if is_postgres():
            for name, (table, _) in _postgres_triggers().items():
                if table in there:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            return
        for name in _sqlite_triggers():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def _set_now(cursor: Any) -> set[str]:
    """The names of the triggers that are there and are the ones that we set."""
    if not is_postgres():
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        wanted = _sqlite_triggers()
        return {name for name, sql in cursor.fetchall() if wanted.get(name) == sql}
    cursor.execute(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE p.proname = 'journal_append_only' AND t.tgenabled = 'A' AND p.prosrc LIKE %s",
        [f"%RAISE EXCEPTION '{MESSAGE}%"],
    )
    return {name for (name,) in cursor.fetchall()}


def triggers_findings() -> list[Finding]:
    """One finding for each guard that is missing or not ours. Start-up and ``yiwang check`` fail on any."""
    wanted = _postgres_triggers() if is_postgres() else _sqlite_triggers()
    with connection.cursor() as cursor:
        there = _set_now(cursor)
    return [Finding("journal-trigger-missing", "", {"trigger": name}) for name in sorted(set(wanted) - there)]
