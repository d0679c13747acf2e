"""A database that was prepared at some expense, to be had again as it was: copied once, put back as often as asked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


@contextmanager
def prepared() -> Iterator[Callable[[], None]]:
    """Gives what puts the home and the database of this process back as they are now. No other process may use them."""
    connection.close()
    with tempfile.TemporaryDirectory(prefix="yiwang-prepared-") as folder:
        home, copy = Path(settings.HOME), Path(folder) / "home"
        shutil.copytree(home, copy)
        put_back_database = _postgres() if connection.vendor == "postgresql" else lambda: None

        def put_back() -> None:
            connection.close()
            for each in home.iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
            shutil.copytree(copy, home, dirs_exist_ok=True)
            put_back_database()

        yield put_back


def _postgres() -> Callable[[], None]:
    """The same for a database of PostgreSQL: a copy of it is its template."""
    import psycopg
    from psycopg import sql

    given = connection.get_connection_params()
    name, server = given["dbname"], {**given, "dbname": "template1"}
    for each in ("cursor_factory", "context", "prepare_threshold"):
        server.pop(each, None)
    names = {"name": sql.Identifier(name), "kept": sql.Identifier(f"{name}_prepared")}

    def do(*statements: str) -> None:
        with psycopg.connect(**server, autocommit=True) as there:
            for each in statements:
                there.execute(sql.SQL(each).format(**names))

    do("CREATE DATABASE {kept} TEMPLATE {name}")
    return lambda: do("DROP DATABASE {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE {kept}")
