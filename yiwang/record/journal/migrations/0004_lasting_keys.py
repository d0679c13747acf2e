"""Keys of marks of their own. Marks that were made with SECRET_KEY stay comparable: it becomes the first of them."""

from django.conf import settings
from django.db import migrations, models

from yiwang.record.journal.lasting import MARKS, seal


def keep_the_key_in_use(apps, schema_editor):
    """A house that has begun made its marks with SECRET_KEY. A new one draws a key when it first needs it."""
    if apps.get_model("journal", "Entry").objects.exists():
        apps.get_model("journal", "LastingKey").objects.create(
            name=MARKS, number=1, sealed=seal(settings.SECRET_KEY)
        )


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_documents_of_entries")]

    operations = [
        migrations.CreateModel(
            name="LastingKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("sealed", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "number"), name="journal_lasting_key")
                ],
            },
        ),
        migrations.RunPython(keep_the_key_in_use, migrations.RunPython.noop),
    ]
