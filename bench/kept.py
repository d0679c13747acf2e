"""Databases of a bench that are kept: filled once, used again by the next run (``--keep FOLDER``).

FOLDER/sqlite and FOLDER/postgres each hold a home, and what ``fill`` noted there when it had filled the database.
A PostgreSQL of our own is started over its folder and stopped afterwards.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.servers import POSTGRES, database

NOTED = "filled.json"


@contextmanager
def kept_database(which: str, folder: Path | None) -> Iterator[dict[str, str]]:
    """The environment of a home with its database: empty and gone afterwards without ``folder``, else the kept one."""
    if folder is None:
        with database(which) as environment:
            yield environment
        return
    from tests.postgres import postgres

    home = folder / which / "home"
    home.mkdir(parents=True, exist_ok=True)
    if which == POSTGRES:
        with postgres(durable=True, kept=folder / which / "base") as address:
            yield {"YIWANG_HOME": str(home), "YIWANG_DATABASE": address}
    else:
        yield {"YIWANG_HOME": str(home), "YIWANG_DATABASE": ""}


def filled(asked: dict[str, Any], fill: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``fill`` gave when it filled the database of this process for ``asked``; it is called where it never was.

    SystemExit where the kept database was filled for something else.
    """
    noted = Path(os.environ["YIWANG_HOME"]) / NOTED
    if noted.exists():
        known: dict[str, Any] = json.loads(noted.read_text())
        if known["asked"] != asked:
            raise SystemExit(f"{noted} was filled for {known['asked']}, not for {asked}: give another folder")
        found: dict[str, Any] = known["found"]
        return found
    found = fill()
    noted.write_text(json.dumps({"asked": asked, "found": found}))
    return found


def settle(more: Callable[[], bool] = lambda: False) -> None:
    """Migrates a kept database to the code of today and counts its tables for the planner where anything changed.

    ``more`` fills in what the code of today also wants to be there, and says whether anything was missing.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    counted = Path(os.environ["YIWANG_HOME"]) / "counted"
    executor = MigrationExecutor(connection)
    planned = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if planned:
        call_command("migrate", verbosity=0)
    if not more() and not planned and counted.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    counted.touch()
