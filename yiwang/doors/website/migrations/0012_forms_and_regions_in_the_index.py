"""The index of words knows form and region of each entry as well: it is built anew from the texts."""

from typing import Any

from django.db import migrations

from yiwang.doors.website import index

BATCH = 2_000


def mark(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    entries = apps.get_model("website", "SearchEntry").objects.using(using).order_by("id")
    read = entries.values_list("id", "kind", "form", "region", "text")
    rows = list(read[:BATCH])
    if rows:
        index.empty(using)
    while rows:
        index.put_new([(pk, index.marks_of(*marks), text) for pk, *marks, text in rows], using)
        rows = list(read.filter(id__gt=rows[-1][0])[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("website", "0011_whether_a_notice_counts")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
