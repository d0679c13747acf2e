"""Heads of organisations, and who controls or manages them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0009_experts_in_a_pool"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ties",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("head_name", models.CharField(max_length=60)),
                ("head_mark", models.CharField(db_index=True, max_length=64)),
                ("controllers", models.JSONField(default=list)),
                ("managers", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("submitted", "submitted"),
                            ("returned", "returned"),
                            ("verified", "verified"),
                        ],
                        default="submitted",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("submitted_by", models.CharField(max_length=16)),
                ("submitted_at", models.DateTimeField()),
                ("reviewed_by", models.CharField(blank=True, default="", max_length=16)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "db_table": "identity_ties",
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "number"), name="identity_ties_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "submitted")),
                        fields=("organisation",),
                        name="identity_ties_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", ""),
                            models.Q(("reviewed_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="identity_ties_four_eyes",
                    ),
                ],
            },
        ),
    ]
