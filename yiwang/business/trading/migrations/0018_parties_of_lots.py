"""A lot knows its tenderee, agency and region, which are those of its project and never change."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    project = apps.get_model("trading", "Project").objects.using(using).filter(pk=OuterRef("project_id"))
    apps.get_model("trading", "Lot").objects.using(using).update(
        tenderee=Subquery(project.values("tenderee")[:1]),
        agency=Subquery(project.values("agency")[:1]),
        region=Subquery(project.values("region")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [("trading", "0017_words")]
    operations = [
        migrations.AddField(
            model_name="lot",
            name="agency",
            field=models.CharField(blank=True, default="", max_length=18),
        ),
        migrations.AddField(
            model_name="lot",
            name="tenderee",
            field=models.CharField(blank=True, default="", max_length=18),
        ),
        migrations.AddField(
            model_name="lot",
            name="region",
            field=models.CharField(blank=True, default="", max_length=6),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
