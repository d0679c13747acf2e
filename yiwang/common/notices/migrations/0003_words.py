"""Titles and codes of notices as lists search them, with their index of words."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from yiwang.common.notices import wordlists

ROWS_AT_ONCE = 1000


def create(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    wordlists.NOTICES.create(using)
    named = apps.get_model("notices", "StoredNotice").objects.using(using).values_list("pk", "code", "title")
    texts = {pk: wordlists.notice_text(code, title) for pk, code, title in named}
    words = apps.get_model("notices", "NoticeWords")
    rows = [words(pk=pk, text=text) for pk, text in texts.items()]
    words.objects.using(using).bulk_create(rows, batch_size=ROWS_AT_ONCE)
    wordlists.NOTICES.put_new(texts, using)


def drop(apps: Any, schema_editor: Any) -> None:
    wordlists.NOTICES.drop(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_list_indices")]
    operations = [
        migrations.CreateModel(
            name="NoticeWords",
            fields=[
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="notices.storednotice",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
