"""One notice for several matters, each with its own part."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_list_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="storednotice",
            name="parts",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.CreateModel(
            name="NoticeMatter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(max_length=120)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matters",
                        to="notices.storednotice",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["about", "notice"], name="notice_matter_about")],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "about"), name="notice_matter_once")
                ],
            },
        ),
    ]
