"""Which documents an entry names, so that a content can be asked whether it is on record."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_no_leases")]
    operations = [
        migrations.CreateModel(
            name="EntryDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="named", to="journal.entry"
                    ),
                ),
            ],
            options={"db_table": "journal_document"},
        ),
    ]
