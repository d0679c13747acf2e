"""What was stored so far is marked: whether it was handed in can no longer be told, so it is never collected."""

from typing import Any

from django.db import migrations, models


def mark(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    apps.get_model("files", "StoredDocument").objects.using(using).update(older=True)


class Migration(migrations.Migration):
    dependencies = [("files", "0002_uploads")]
    operations = [
        migrations.AddField("storeddocument", "older", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
