"""Draws of experts, their tickets, and special tenders whose experts are named."""

import django.db.models.deletion
from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0020_parties_in_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExpertDraw",
            fields=[
                ("id", ID),
                ("number", models.PositiveSmallIntegerField()),
                ("wanted", models.JSONField()),
                ("representatives", models.JSONField(default=list)),
                ("secret", models.CharField(max_length=80)),
                ("commitment", models.CharField(max_length=64)),
                ("planned_at", models.DateTimeField()),
                ("opening", models.CharField(blank=True, default="", max_length=64)),
                ("orders", models.JSONField(default=list)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expert_draws",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [models.UniqueConstraint(fields=("lot", "number"), name="expert_draw_once")],
            },
        ),
        migrations.CreateModel(
            name="ExpertTicket",
            fields=[
                ("id", ID),
                ("code", models.CharField(max_length=20, unique=True)),
                ("person", models.CharField(db_index=True, max_length=16)),
                ("kind", models.CharField(max_length=20)),
                ("specialties", models.JSONField()),
                ("excluded", models.CharField(blank=True, default="", max_length=20)),
                ("place", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("turn", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("status", models.CharField(blank=True, default="", max_length=10)),
                ("why", models.CharField(blank=True, default="", max_length=20)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("called_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tickets",
                        to="trading.expertdraw",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "turn"), name="expert_turn_once"),
                    models.UniqueConstraint(fields=("draw", "person"), name="expert_ticket_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectNaming",
            fields=[
                ("id", ID),
                ("cause", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=500)),
                ("said_at", models.DateTimeField()),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="direct_naming",
                        to="trading.lot",
                    ),
                ),
            ],
        ),
    ]
