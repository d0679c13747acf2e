"""Names and codes of projects and lots as lists search them, with their indices of words."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from yiwang.business.trading import wordlists

ROWS_AT_ONCE = 1000


def create(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    for index in (wordlists.PROJECTS, wordlists.LOTS):
        index.create(using)
    projects, lots = apps.get_model("trading", "Project"), apps.get_model("trading", "Lot")
    names = projects.objects.using(using).values_list("pk", "code", "name")
    _fill(
        apps.get_model("trading", "ProjectWords"),
        wordlists.PROJECTS,
        {pk: wordlists.project_text(code, name) for pk, code, name in names},
        using,
    )
    found = lots.objects.using(using).values_list("pk", "code", "name", "project__name")
    _fill(
        apps.get_model("trading", "LotWords"),
        wordlists.LOTS,
        {pk: wordlists.lot_text(code, name, project) for pk, code, name, project in found},
        using,
    )


def _fill(model: Any, index: Any, texts: dict[int, str], using: str) -> None:
    rows = [model(pk=pk, text=text) for pk, text in texts.items()]
    model.objects.using(using).bulk_create(rows, batch_size=ROWS_AT_ONCE)
    index.put_new(texts, using)


def drop(apps: Any, schema_editor: Any) -> None:
    for index in (wordlists.PROJECTS, wordlists.LOTS):
        index.drop(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("trading", "0016_rounds_of_the_evaluation")]
    operations = [
        migrations.CreateModel(
            name="ProjectWords",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="trading.project",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="LotWords",
            fields=[
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="trading.lot",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
