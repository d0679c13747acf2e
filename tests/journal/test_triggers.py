"""Append-only is kept by the database itself, also after its tables were rebuilt."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from tests.journal.kinds import note
from yiwang.pure.kernel.findings import Sentences
from yiwang.record.journal import triggers
from yiwang.record.journal.api import triggers_findings
from yiwang.record.journal.models import Entry

CHANGES = {
    "journal_entry": ("SET n = n + 1", "SET leaf = ''"),
    "journal_index": ('SET "index" = "index" + 5',),
    "journal_public": ("SET number = number + 5",),
    "journal_birth": ("SET kind = 'real'",),
}


@pytest.fixture
def _recorded(rehearsal) -> None:
    note()


def refused(sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.usefixtures("_recorded")
@pytest.mark.parametrize("table", CHANGES)
def test_no_row_of_the_record_is_changed_or_deleted(table: str) -> None:
    for change in CHANGES[table]:
        refused(f"UPDATE {table} {change}")
    refused(f"DELETE FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        assert cursor.fetchone() == (1,)


@pytest.mark.sqlite
@pytest.mark.usefixtures("_recorded")
@pytest.mark.parametrize("table", CHANGES)
def test_no_row_of_the_record_is_replaced(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        columns = [f'"{each[0]}"' for each in cursor.description]
    refused(f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM {table}")


@pytest.mark.sqlite
@pytest.mark.usefixtures("_recorded")
def test_a_row_with_a_new_id_replaces_no_number() -> None:
    refused(
        "INSERT OR REPLACE INTO journal_entry (kind, about, within, n, at, actor, public, leaf, leaf_hash) "
        "SELECT kind, about, within, n, at, actor, public, 'x', 'x' FROM journal_entry"
    )


@pytest.mark.postgres
@pytest.mark.usefixtures("_recorded")
@pytest.mark.parametrize("table", CHANGES)
def test_no_table_of_the_record_is_emptied(table: str) -> None:
    connection.check_constraints()  # PostgreSQL does not truncate while constraints are pending
    refused(f"TRUNCATE {table} CASCADE")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    refused(f"DELETE FROM {table}")


@pytest.mark.django_db(transaction=True)
def test_after_a_rebuild_and_a_migrate_the_triggers_are_back() -> None:
    assert triggers_findings() == []
    original = Entry._meta.get_field("kind")
    with connection.schema_editor() as editor:
        editor.alter_field(Entry, original, _like(original, models.TextField()))
    if connection.vendor == "sqlite":
        assert {finding.rule for finding in triggers_findings()} == {"journal-trigger-missing"}
    with connection.schema_editor() as editor:
        editor.alter_field(Entry, _like(original, models.TextField()), original)
    call_command("migrate", verbosity=0, skip_checks=True)
    assert triggers_findings() == []
    note()
    refused("DELETE FROM journal_entry")


def _like(original: models.Field, field: models.Field) -> models.Field:
    field.set_attributes_from_name(original.name)
    field.model = original.model
    return field


@pytest.mark.django_db
def test_a_trigger_that_is_gone_is_found() -> None:
    triggers.drop_triggers()
    wanted = (
        triggers._postgres_triggers() if connection.vendor == "postgresql" else triggers._sqlite_triggers()
    )
    found = triggers_findings()
    assert [finding.params["trigger"] for finding in found] == sorted(wanted)
    sentences = Sentences([Path(triggers.__file__).parent / "sentences.toml"])
    assert "journal_entry" in sentences.say(found[0], "en") or "journal_birth" in sentences.say(
        found[0], "en"
    )
    triggers.set_triggers()
    assert triggers_findings() == []


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_trigger_of_our_name_that_does_nothing_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER journal_entry_no_update")
        cursor.execute(
            "CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry BEGIN SELECT 1; END"
        )
    assert [finding.params["trigger"] for finding in triggers_findings()] == ["journal_entry_no_update"]


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("how", ["DISABLE", "ENABLE", "ENABLE REPLICA"])
def test_a_trigger_that_was_switched_off_is_found(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE journal_entry {how} TRIGGER journal_entry_no_change")
    assert [finding.params["trigger"] for finding in triggers_findings()] == ["journal_entry_no_change"]
