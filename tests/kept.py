"""Worlds with which many tests begin: built once by a process through the verbs, then put back row by row.

What is kept is the difference that building made: rows that came, changed or went, and the documents on the shelf.
Every test has a transaction and a world of its own all the same; only the work of building it is not done again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from yiwang.common.shell.wordindex import WordIndex

NOT_KEPT = ("django_session",)  # sessions run out in real time: each test logs in anew
Rows = dict[Any, tuple[Any, ...]]


@dataclass
class _Change:
    """What building changed: by table the rows that went, came and are different, and the new documents."""

    value: bytes
    before: int
    gone: dict[str, list[Any]] = field(default_factory=dict)
    new: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    changed: dict[str, Rows] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    indexed: list[tuple[str, str, tuple[Any, ...], dict[str, Any]]] = field(
        default_factory=list
    )  # an index of words is no model


_kept: dict[str, _Change] = {}


def kept[World](name: str, build: Callable[[], World]) -> World:
    """What ``build`` gives, and the database and documents as it leaves them.

    It must begin each time in the same state and depend on nothing else; what it gives must be picklable.
    """
    known = _kept.get(name)
    if known is None or known.before != _size():
        return _built(name, build)
    for table, keys in known.gone.items():
        _delete(table, keys)
    for table, rows in known.new.items():
        _insert(table, rows)
    for table, changed in known.changed.items():
        _update(table, changed)
    for index, verb, arguments, named in known.indexed:
        getattr(WordIndex(index), verb)(*arguments, **named)
    _put(known.documents)
    world: World = pickle.loads(known.value)
    return world


def _built[World](name: str, build: Callable[[], World]) -> World:
    size, before, documents = _size(), _everything(), set(_documents())
    with _indexing() as indexed:
        world = build()
    if name in _kept:  # another beginning: what was kept stays
        return world
    change = _Change(pickle.dumps(world), size, indexed=indexed)
    for table, rows in _everything().items():
        old = before[table]
        gone = [key for key in old if key not in rows]
        new = [row for key, row in rows.items() if key not in old]
        changed = {key: row for key, row in rows.items() if key in old and old[key] != row}
        if gone:
            change.gone[table] = gone
        if new:
            change.new[table] = new
        if changed:
            change.changed[table] = changed
    found = _documents()
    change.documents = {path: found[path].read_bytes() for path in found.keys() - documents}
    _kept[name] = change
    return world


@contextmanager
def _indexing() -> Iterator[list[tuple[str, str, tuple[Any, ...], dict[str, Any]]]]:
    """What is written into indexes of words meanwhile."""
    written: list[tuple[str, str, tuple[Any, ...], dict[str, Any]]] = []

    def noted(verb: str, put: Callable[..., None]) -> Callable[..., None]:
        def noting(index: WordIndex, *arguments: Any, **named: Any) -> None:
            written.append((index.table, verb, arguments, named))
            put(index, *arguments, **named)

        return noting

    with pytest.MonkeyPatch.context() as patch:
        for verb in ("put", "put_new"):
            patch.setattr(WordIndex, verb, noted(verb, getattr(WordIndex, verb)))
        yield written


def _tables() -> dict[str, tuple[str, list[str]]]:
    """The tables of all models: the column of the key, and all columns."""
    models = apps.get_models(include_auto_created=True)
    return {
        each._meta.db_table: (each._meta.pk.column, [f.column for f in each._meta.concrete_fields])
        for each in models
        if each._meta.managed and each._meta.db_table not in NOT_KEPT
    }


def _size() -> int:
    """How much is on record: what tells one beginning from another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry")
        return int(cursor.fetchone()[0])


def _everything() -> dict[str, Rows]:
    found = {}
    with connection.cursor() as cursor:
        for table, (key, columns) in _tables().items():
            place = columns.index(key)
            cursor.execute(f"SELECT {_names(columns)} FROM {table}")
            found[table] = {row[place]: _plain(row) for row in cursor.fetchall()}
    return found


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)


def _names(columns: list[str]) -> str:
    return ", ".join(f'"{each}"' for each in columns)


def _insert(table: str, rows: list[tuple[Any, ...]]) -> None:
    columns = _tables()[table][1]
    holes = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({_names(columns)}) VALUES ({holes})", rows)


def _delete(table: str, keys: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f'DELETE FROM {table} WHERE "{_tables()[table][0]}" = %s', [(each,) for each in keys]
        )


def _update(table: str, rows: Rows) -> None:
    key, columns = _tables()[table]
    put = ", ".join(f'"{each}" = %s' for each in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE {table} SET {put} WHERE "{key}" = %s', [(*row, k) for k, row in rows.items()]
        )


def _documents() -> dict[str, Path]:
    root = Path(settings.FILES_ROOT)
    return {str(each.relative_to(root)): each for each in root.rglob("*") if each.is_file()}


def _put(documents: dict[str, bytes]) -> None:
    for name, content in documents.items():
        path = Path(settings.FILES_ROOT) / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
