"""A published notice cannot be changed or deleted, whoever asks the database.

Set again after every migrate: on SQLite a rebuilt table silently loses its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from yiwang.pure.kernel.findings import Finding

TABLE = "notices_storednotice"
MESSAGE = "a published notice is never changed or deleted"
_ABORT = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"

# SQLite's INSERT OR REPLACE deletes without asking a DELETE trigger, hence the third. Its plus sign keeps the planner
# from walking all published notices for every draft: each key is looked up instead.
SQLITE = {
    "notices_published_no_update": f"BEFORE UPDATE ON {TABLE} WHEN OLD.status = 'published' {_ABORT}",
    "notices_published_no_delete": f"BEFORE DELETE ON {TABLE} WHEN OLD.status = 'published' {_ABORT}",
    "notices_published_no_replace": f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} "  # noqa: S608 - constants
    "WHERE +status = 'published' AND (id = NEW.id OR code = NEW.code "
    f"OR (about = NEW.about AND serial = NEW.serial))) {_ABORT}",
}
POSTGRESQL = {
    "notices_published_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW "
    "WHEN (OLD.status = 'published') EXECUTE FUNCTION notices_published_fixed()",
    "notices_published_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT "
    "EXECUTE FUNCTION notices_published_fixed()",
}
_FUNCTION = f"""CREATE OR REPLACE FUNCTION notices_published_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""


def _wanted(vendor: str) -> dict[str, str]:
    return SQLITE if vendor == "sqlite" else POSTGRESQL


def _drop(vendor: str, name: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name}" + ("" if vendor == "sqlite" else f" ON {TABLE}")


def set_triggers(using: str = "default", **_: Any) -> None:
    """Sets every trigger afresh; a receiver of ``post_migrate``. Idempotent."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return  # migrated back to nothing
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for name, when in _wanted(connection.vendor).items():
            cursor.execute(_drop(connection.vendor, name))
            cursor.execute(f"CREATE TRIGGER {name} {when}")
            if connection.vendor == "postgresql":  # they fire for replication roles too
                cursor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")


def drop_triggers(using: str = "default") -> None:
    """Takes them away: for tests that empty tables between them, and for nothing else."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in _wanted(connection.vendor):
            cursor.execute(_drop(connection.vendor, name))


def triggers_findings(using: str = "default") -> list[Finding]:
    """One finding for each trigger that is missing. Start-up and ``yiwang check`` fail on any."""
    connection = connections[using]
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        there = {name for (name,) in cursor.fetchall()}
    missing = sorted(set(_wanted(connection.vendor)) - there)
    return [Finding("notice-trigger-missing", "", {"trigger": name}) for name in missing]
