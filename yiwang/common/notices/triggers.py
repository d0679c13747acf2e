"""A published notice cannot be changed or deleted, whoever asks the database.

Re-created after every migrate: on SQLite a rebuilt table silently loses its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

SQLITE = (
    "DROP TRIGGER IF EXISTS notices_published_update",
    "DROP TRIGGER IF EXISTS notices_published_delete",
    """CREATE TRIGGER notices_published_update BEFORE UPDATE ON notices_storednotice
       WHEN OLD.status = 'published'
       BEGIN SELECT RAISE(ABORT, 'a published notice is never changed'); END""",
    """CREATE TRIGGER notices_published_delete BEFORE DELETE ON notices_storednotice
       WHEN OLD.status = 'published'
       BEGIN SELECT RAISE(ABORT, 'a published notice is never deleted'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION notices_published_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'a published notice is never changed or deleted'
             USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    "DROP TRIGGER IF EXISTS notices_published_update ON notices_storednotice",
    """CREATE TRIGGER notices_published_update BEFORE UPDATE OR DELETE ON notices_storednotice
       FOR EACH ROW WHEN (OLD.status = 'published') EXECUTE FUNCTION notices_published_fixed()""",
)
_NAMES = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'notices_published_%%'",
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname = 'notices_published_update'",
}
_WANTED = {"sqlite": 2, "postgresql": 1}


def create_triggers(using: str = "default", **_: Any) -> None:
    """Creates the triggers anew; a receiver of ``post_migrate``, harmless when repeated."""
    connection = connections[using]
    if "notices_storednotice" not in connection.introspection.table_names():
        return  # migrated back to nothing
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)


def triggers_stand(using: str = "default") -> bool:
    """Whether the database itself guards published notices now."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_NAMES[connection.vendor].replace("%%", "%"))
        (count,) = cursor.fetchone()
    return bool(count == _WANTED[connection.vendor])
