"""The index of words: a virtual table or a vector column, which Django's models do not know."""

from typing import Any

from django.db import migrations

from yiwang.doors.website import index


def create(apps: Any, schema_editor: Any) -> None:
    index.create(schema_editor.connection.alias)


def drop(apps: Any, schema_editor: Any) -> None:
    index.drop(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("website", "0001_search")]
    operations = [migrations.RunPython(create, drop)]
