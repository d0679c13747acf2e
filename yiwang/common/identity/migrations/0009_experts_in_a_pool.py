"""Experts as a pool to draw from: further specialties, city, equal standing, absence, declared interests."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0008_administrator_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="expert", name="also", field=models.JSONField(blank=True, default=list)
        ),
        migrations.AddField(
            model_name="expert",
            name="city",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="expert",
            name="standing",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="expert",
            name="away_until_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Avoidance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(max_length=18)),
                ("reason", models.CharField(max_length=200)),
                ("declared_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="avoidances",
                        to="identity.expert",
                    ),
                ),
            ],
            options={
                "db_table": "identity_avoidance",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("expert", "organisation"),
                        name="identity_avoidance_once",
                    )
                ],
            },
        ),
    ]
