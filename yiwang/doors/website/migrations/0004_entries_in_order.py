"""Entries are numbered in the order in which lists show them, and single characters are indexed as such.

Numbers are given anew, then the index is built from the texts.
"""

from typing import Any

from django.db import migrations, models

from yiwang.doors.website import index
from yiwang.doors.website.models import place_of


def renumber(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("website", "SearchEntry")
    rows = list(entries.objects.order_by("shown_at", "id"))
    if not rows:
        return
    index.empty(schema_editor.connection.alias)
    entries.objects.all().delete()
    last = -1
    for row in rows:
        row.id = last = max(place_of(row.shown_at), last + 1)
    entries.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        index.put(row.id, index.marks_of(row.kind), row.text, None, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("website", "0003_calendar")]
    operations = [
        migrations.AlterField("searchentry", "id", models.BigAutoField(primary_key=True, serialize=False)),
        migrations.RunPython(renumber, migrations.RunPython.noop),
    ]
