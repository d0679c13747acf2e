"""Killed at any moment: what was acknowledged is there, what is there is whole."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from yiwang.record.journal.api import sequence

KILLS = int(os.environ.get("YIWANG_KILLS", "5"))


def recorder(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.journal.recorder", *arguments]
    return subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE)


def acknowledged_until_killed(environment: dict[str, str], seconds: float) -> list[tuple[str, int, str]]:
    """What a recorder said it had committed before it was killed; whole lines only."""
    process = recorder(environment)
    assert process.stdout is not None
    try:
        first = process.stdout.readline()  # it is at work now
        time.sleep(seconds)
    finally:
        process.send_signal(signal.SIGKILL)
    text = (first + process.stdout.read()).decode()
    process.stdout.close()
    assert process.wait(20) == -signal.SIGKILL
    lines = text[: text.rindex("\n")].splitlines()
    return [(about, int(n), leaf_hash) for about, n, leaf_hash in (line.split(" ") for line in lines)]


def check(cursor: Any, acknowledged: list[tuple[str, int, str]]) -> None:
    cursor.execute("SELECT id, about, n, leaf, leaf_hash, kind FROM journal_entry ORDER BY id")
    rows = cursor.fetchall()
    there = {(about, n, leaf_hash) for _, about, n, _, leaf_hash, _ in rows}
    assert set(acknowledged) <= there
    numbers = defaultdict(list)
    last: dict[str, str] = {}
    for _, about, n, leaf, leaf_hash, _ in rows:
        assert hashlib.sha256(b"\0" + bytes(leaf)).hexdigest() == leaf_hash
        body = json.loads(bytes(leaf))
        assert body.get("prev", last.get(about)) == last.get(about)
        numbers[about].append(n)
        last[about] = leaf_hash
    for about, given in numbers.items():
        assert given == list(range(1, len(given) + 1)), about
    kinds = [kind for *_, kind in rows]
    assert kinds.count("thing-done") == kinds.count(
        "thing-hidden"
    )  # an act is there as a whole or not at all
    cursor.execute('SELECT "index", entry_id FROM journal_index ORDER BY "index"')
    placed = cursor.fetchall()
    assert [index for index, _ in placed] == list(range(len(rows)))
    assert len({entry for _, entry in placed}) == len(rows)
    cursor.execute("SELECT number FROM journal_public ORDER BY number")
    assert [number for (number,) in cursor.fetchall()] == list(range(1, len(rows) + 1))


@pytest.mark.sqlite
def test_on_sqlite_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    environment = {"YIWANG_HOME": str(tmp_path), "YIWANG_SECRET_KEY": "for this test only"}
    with recorder(environment, "migrate") as migration:
        migration.communicate(timeout=60)
    assert migration.returncode == 0
    acknowledged: list[tuple[str, int, str]] = []
    for _ in range(KILLS):
        acknowledged += acknowledged_until_killed(environment, random.uniform(0.01, 0.4))
        database = sqlite3.connect(tmp_path / "yiwang.sqlite3")
        check(database.cursor(), acknowledged)
        database.close()
    assert len(acknowledged) > KILLS


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_a_kill_loses_nothing_that_was_acknowledged() -> None:
    given = connection.settings_dict
    address = (
        f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    )
    acknowledged: list[tuple[str, int, str]] = []
    for _ in range(KILLS):
        acknowledged += acknowledged_until_killed({"YIWANG_DATABASE": address}, random.uniform(0.01, 0.4))
        _wait_for_the_dead()
        while sequence():
            pass
        with connection.cursor() as cursor:
            check(cursor, acknowledged)
    assert len(acknowledged) > KILLS


def _wait_for_the_dead() -> None:
    """Until the server has noticed that its clients are gone: their last transactions end one way or the other."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("the server still has clients")
