"""A notice for several lots is listed by the stage of each of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("website", "0009_kinds_in_the_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="FurtherLot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lot", models.CharField(max_length=64)),
                ("stage", models.CharField(blank=True, max_length=40)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="further_lots",
                        to="website.searchentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stage", "entry"], name="further_lot_stage"),
                    models.Index(fields=["lot"], name="further_lot_code"),
                ],
                "constraints": [models.UniqueConstraint(fields=("entry", "lot"), name="further_lot_once")],
            },
        ),
    ]
