"""The index of words knows the kind of each entry: it is built anew from the texts."""

from typing import Any

from django.db import migrations

from yiwang.doors.website import index

BATCH = 2_000


def mark(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    entries = apps.get_model("website", "SearchEntry").objects.using(using).order_by("id")
    rows = list(entries.values_list("id", "kind", "text")[:BATCH])
    if rows:
        index.empty(using)
    while rows:
        index.put_new([(pk, index.marks_of(kind), text) for pk, kind, text in rows], using)
        rows = list(entries.filter(id__gt=rows[-1][0]).values_list("id", "kind", "text")[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("website", "0008_region_in_order")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
