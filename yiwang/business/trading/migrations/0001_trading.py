"""All tables of trading; the indices of words are tables of their own kind (see ``wordlists``)."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from yiwang.business.trading import wordlists


def create(apps: Any, schema_editor: Any) -> None:
    for index in (wordlists.PROJECTS, wordlists.LOTS):
        index.create(schema_editor.connection.alias)


def drop(apps: Any, schema_editor: Any) -> None:
    for index in (wordlists.PROJECTS, wordlists.LOTS):
        index.drop(schema_editor.connection.alias)


class Migration(migrations.Migration):
    # Databases of before have them all.
    replaces = [
        ("trading", "0001_projects_lots_bids"),
        ("trading", "0002_questions"),
        ("trading", "0003_clarifications"),
        ("trading", "0004_objections"),
        ("trading", "0005_methods_of_evaluation"),
        ("trading", "0006_messages"),
        ("trading", "0007_objections_to_opening_and_result"),
        ("trading", "0008_candidates_passed_over"),
        ("trading", "0009_why_a_tender_ended"),
        ("trading", "0010_committee_at_work"),
        ("trading", "0011_list_indices"),
        ("trading", "0012_written_reports"),
        ("trading", "0013_kinds_of_papers"),
        ("trading", "0014_division_of_work"),
        ("trading", "0015_motions_of_a_lot"),
        ("trading", "0016_rounds_of_the_evaluation"),
        ("trading", "0017_words"),
        ("trading", "0018_parties_of_lots"),
        ("trading", "0019_list_orders"),
        ("trading", "0020_parties_in_order"),
        ("trading", "0021_draws_of_experts"),
        ("trading", "0022_notices_of_several_lots"),
        ("trading", "0023_prequalification"),
        ("trading", "0024_consortia"),
        ("trading", "0025_reported_awards"),
        ("trading", "0026_complaints"),
        ("trading", "0027_replaced_reviewers"),
        ("trading", "0028_projects_in_order"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(max_length=18)),
                ("person", models.CharField(max_length=16)),
                ("deputy", models.CharField(max_length=16)),
                ("since_on", models.DateField()),
                ("until_on", models.DateField()),
                ("noted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("since_on", "id"),
                "indexes": [models.Index(fields=["organisation", "until_on"], name="absences_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("since_on"))), name="absence_has_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deputy", models.F("person")), _negated=True),
                        name="deputy_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=17, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("tenderee", models.CharField(db_index=True, max_length=18)),
                ("agency", models.CharField(blank=True, db_index=True, max_length=18)),
                ("region", models.CharField(db_index=True, max_length=6)),
                ("funds", models.CharField(max_length=100)),
                ("approval", models.CharField(max_length=100)),
                ("state_funded", models.BooleanField()),
                ("registered_by", models.CharField(max_length=20)),
                ("registered_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-registered_at", "-id"),
                "indexes": [
                    models.Index(fields=["name"], name="project_name"),
                    models.Index(fields=["registered_at"], name="project_registered"),
                    models.Index(fields=["tenderee", "registered_at"], name="project_of_tenderee"),
                    models.Index(fields=["agency", "registered_at"], name="project_of_agency"),
                    models.Index(fields=["tenderee", "id"], name="project_tenderee_in_order"),
                    models.Index(fields=["agency", "id"], name="project_agency_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=23, unique=True)),
                ("tenderee", models.CharField(blank=True, default="", max_length=18)),
                ("agency", models.CharField(blank=True, default="", max_length=18)),
                ("region", models.CharField(blank=True, default="", max_length=6)),
                ("name", models.CharField(max_length=200)),
                ("content", models.TextField()),
                ("estimate_fen", models.BigIntegerField()),
                ("procedure", models.CharField(max_length=40)),
                ("stage", models.CharField(db_index=True, max_length=40)),
                ("stage_since_at", models.DateTimeField()),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("retender_of", models.CharField(blank=True, max_length=23)),
                ("law_on", models.DateField(blank=True, null=True)),
                ("publish_at", models.DateTimeField(blank=True, null=True)),
                ("documents_from_at", models.DateTimeField(blank=True, null=True)),
                ("documents_until_on", models.DateField(blank=True, null=True)),
                ("deadline_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("opening_place", models.CharField(blank=True, max_length=200)),
                ("qualification", models.TextField(blank=True)),
                ("consortium_allowed", models.BooleanField(default=False)),
                ("ceiling_fen", models.BigIntegerField(blank=True, null=True)),
                ("deposit_fen", models.BigIntegerField(default=0)),
                ("validity_days", models.PositiveIntegerField(default=90)),
                ("period_days", models.PositiveIntegerField(default=0)),
                ("tender_notice", models.CharField(blank=True, max_length=40)),
                ("method", models.JSONField(default=dict)),
                ("draw_secret", models.CharField(blank=True, max_length=80)),
                ("draw_commitment", models.CharField(blank=True, max_length=64)),
                ("draw", models.JSONField(default=dict)),
                ("suspended_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("postponed_at", models.DateTimeField(blank=True, null=True)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("evaluation_until_at", models.DateTimeField(blank=True, null=True)),
                ("time_extended_at", models.DateTimeField(blank=True, null=True)),
                ("review_ended_at", models.DateTimeField(blank=True, null=True)),
                ("report_received_at", models.DateTimeField(blank=True, null=True)),
                ("publicity_notice", models.CharField(blank=True, max_length=40)),
                ("publicity_from_at", models.DateTimeField(blank=True, null=True)),
                ("publicity_until_at", models.DateTimeField(blank=True, null=True)),
                ("result_notice", models.CharField(blank=True, max_length=40)),
                ("outcome", models.TextField(blank=True)),
                ("ending", models.TextField(blank=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="trading.project"
                    ),
                ),
            ],
            options={
                "ordering": ("-stage_since_at", "-id"),
                "indexes": [
                    models.Index(fields=["stage", "stage_since_at"], name="lot_stage"),
                    models.Index(fields=["tenderee", "stage_since_at"], name="lot_of_tenderee"),
                    models.Index(fields=["tenderee", "stage"], name="lot_of_tenderee_in_stage"),
                    models.Index(fields=["agency", "stage_since_at"], name="lot_of_agency"),
                    models.Index(fields=["agency", "stage"], name="lot_of_agency_in_stage"),
                    models.Index(fields=["region", "stage_since_at"], name="lot_of_region"),
                    models.Index(fields=["tenderee", "id"], name="lot_tenderee_in_order"),
                    models.Index(fields=["agency", "id"], name="lot_agency_in_order"),
                    models.Index(fields=["region", "id"], name="lot_region_in_order"),
                    models.Index(fields=["stage", "law_on"], name="lot_stage_announced"),
                    models.Index(fields=["stage", "id"], name="lot_stage_in_order"),
                    models.Index(fields=["publicity_until_at"], name="lot_publicity_until"),
                    models.Index(
                        condition=models.Q(("retender_of", ""), _negated=True),
                        fields=["retender_of"],
                        name="lot_retender_of",
                    ),
                    models.Index(fields=["stage_since_at"], name="lot_since"),
                    models.Index(fields=["estimate_fen"], name="lot_estimate"),
                    models.Index(fields=["name"], name="lot_name"),
                    models.Index(
                        condition=models.Q(("suspended_at__isnull", False)),
                        fields=["suspended_at"],
                        name="lot_suspended",
                    ),
                    models.Index(
                        condition=models.Q(("postponed_at__isnull", False)),
                        fields=["postponed_at"],
                        name="lot_postponed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("estimate_fen__gt", 0)), name="lot_estimate_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deposit_fen__gte", 0)), name="lot_deposit_not_negative"
                    ),
                ],
            },
        ),
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
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("applicant", models.CharField(max_length=18)),
                ("number", models.PositiveIntegerField()),
                ("members", models.JSONField(default=list)),
                ("papers", models.JSONField()),
                ("received_at", models.DateTimeField()),
                ("leaf_hash", models.CharField(max_length=64)),
                ("over_at", models.DateTimeField(blank=True, null=True)),
                ("passed", models.BooleanField(blank=True, null=True)),
                ("points", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ("reasons", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("qualified", models.BooleanField(blank=True, null=True)),
                ("letter", models.CharField(blank=True, max_length=64)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["applicant", "lot"], name="application_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lot", "applicant", "number"), name="application_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="application_number_positive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("over_at__isnull", True)),
                        fields=("lot", "applicant"),
                        name="one_standing_application",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(max_length=18)),
                ("person", models.CharField(max_length=16)),
                ("given_by", models.CharField(max_length=16)),
                ("given_at", models.DateTimeField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="trading.lot"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "person"], name="in_charge")],
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "organisation"), name="one_in_charge")
                ],
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("notice", models.CharField(db_index=True, max_length=40)),
                ("content", models.TextField()),
                ("affects_bids", models.BooleanField()),
                ("planned_at", models.DateTimeField()),
                ("deadline_before_at", models.DateTimeField()),
                ("new_deadline_at", models.DateTimeField(blank=True, null=True)),
                ("papers", models.JSONField()),
                ("answers", models.JSONField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clarifications",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "notice"), name="notice_does_it_once_a_lot"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("new_deadline_at__isnull", True),
                            ("new_deadline_at__gt", models.F("deadline_before_at")),
                            _connector="OR",
                        ),
                        name="deadline_moves_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=20)),
                ("employer", models.CharField(blank=True, max_length=200)),
                ("employer_code", models.CharField(blank=True, max_length=18)),
                ("person", models.CharField(blank=True, db_index=True, max_length=16)),
                ("number", models.PositiveSmallIntegerField(default=0)),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                ("replaced_why", models.CharField(blank=True, max_length=40)),
                ("replaces", models.PositiveSmallIntegerField(default=0)),
                ("sheet", models.JSONField(default=dict)),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                ("judged", models.BooleanField(default=False)),
                ("asked_time_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="committee",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number__gt", 0)),
                        fields=("lot", "number"),
                        name="member_number_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("replaced_at__isnull", True), models.Q(("person", ""), _negated=True)
                        ),
                        fields=("lot", "person"),
                        name="member_seated_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("matter", models.CharField(max_length=16)),
                ("complainant", models.CharField(max_length=18)),
                ("respondent", models.CharField(max_length=18)),
                ("authority", models.CharField(max_length=18)),
                ("interest", models.TextField(blank=True)),
                ("learnt_on", models.DateField()),
                ("text", models.TextField()),
                ("request", models.TextField()),
                ("papers", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("stage", models.CharField(default="received", max_length=16)),
                ("warnings", models.JSONField(default=list)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("ground", models.CharField(blank=True, max_length=24)),
                ("reason", models.TextField(blank=True)),
                ("decision_papers", models.JSONField(default=list)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "indexes": [
                    models.Index(fields=["authority", "stage", "made_at"], name="complaint_to"),
                    models.Index(fields=["authority", "made_at"], name="complaint_to_in_order"),
                    models.Index(fields=["complainant", "made_at"], name="complaint_by"),
                    models.Index(fields=["respondent", "made_at"], name="complaint_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("amount_fen", models.BigIntegerField()),
                ("bond_fen", models.BigIntegerField(default=0)),
                ("signed_on", models.DateField()),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contract", to="trading.lot"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["signed_on"], name="contract_signed")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("bond_fen__gte", 0), ("bond_fen__lte", models.F("amount_fen"))),
                        name="bond_within",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectNaming",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
        migrations.CreateModel(
            name="Envelope",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("bidder", models.CharField(max_length=18)),
                ("number", models.PositiveIntegerField()),
                ("sheet", models.JSONField()),
                ("papers", models.JSONField()),
                ("kinds", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                ("entry", models.BigIntegerField()),
                ("leaf_hash", models.CharField(max_length=64)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="envelopes",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["bidder", "lot"], name="envelope_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "bidder", "number"), name="envelope_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="envelope_number_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpertDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
            name="LotDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phase", models.CharField(blank=True, default="", max_length=16)),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "phase", "sha256"), name="lot_document_once")
                ],
            },
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
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("matter", models.CharField(default="documents", max_length=16)),
                ("objector", models.CharField(max_length=18)),
                ("interest", models.TextField(blank=True)),
                ("text", models.TextField()),
                ("papers", models.JSONField()),
                ("raised_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answer_papers", models.JSONField(default=list)),
                ("amends", models.BooleanField(default=False)),
                ("remedy", models.CharField(blank=True, max_length=16)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("settled_in", models.CharField(blank=True, max_length=40)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("raised_at", "id"),
                "indexes": [
                    models.Index(fields=["raised_at"], name="objection_raised"),
                    models.Index(fields=["answered_at"], name="objection_answered"),
                    models.Index(fields=["objector"], name="objection_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Prequalification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(max_length=12)),
                ("most", models.PositiveSmallIntegerField(default=0)),
                ("criteria", models.TextField()),
                ("notice", models.CharField(blank=True, max_length=40)),
                ("publish_at", models.DateTimeField(blank=True, null=True)),
                ("documents_from_at", models.DateTimeField()),
                ("documents_until_on", models.DateField()),
                ("deadline_at", models.DateTimeField()),
                ("notified_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prequalification",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("method", "qualified"),
                            models.Q(("method", "limited"), ("most__gt", 0)),
                            _connector="OR",
                        ),
                        name="limited_says_how_many",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("phase", models.CharField(blank=True, default="", max_length=16)),
                ("asker", models.CharField(max_length=18)),
                ("text", models.TextField()),
                ("papers", models.JSONField()),
                ("asked_at", models.DateTimeField()),
                ("answered_in", models.CharField(blank=True, max_length=40)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("asked_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("ranking", models.JSONField()),
                ("tie_break", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("drawn_up_at", models.DateTimeField()),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="report", to="trading.lot"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=20)),
                ("employer", models.CharField(blank=True, max_length=200)),
                ("employer_code", models.CharField(blank=True, max_length=18)),
                ("person", models.CharField(blank=True, db_index=True, max_length=16)),
                ("number", models.PositiveSmallIntegerField()),
                ("replaces", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                ("replaced_why", models.CharField(blank=True, default="", max_length=20)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewers",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "number"), name="reviewer_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("why", models.CharField(max_length=20)),
                ("received_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("kept", models.JSONField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="trading.lot"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [models.UniqueConstraint(fields=("lot", "number"), name="round_once")],
            },
        ),
        migrations.CreateModel(
            name="Taking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("phase", models.CharField(blank=True, default="", max_length=16)),
                ("organisation", models.CharField(max_length=18)),
                ("taken_at", models.DateTimeField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="takings", to="trading.lot"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "lot"], name="taken_by")],
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "organisation", "phase"), name="taken_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(max_length=18)),
                ("matter", models.CharField(max_length=40)),
                ("told_at", models.DateTimeField()),
                ("document", models.CharField(blank=True, max_length=64)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("person", models.CharField(blank=True, default="", max_length=16)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("read_by", models.CharField(blank=True, default="", max_length=16)),
                ("copied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="told", to="trading.lot"
                    ),
                ),
            ],
            options={
                "ordering": ("-told_at", "-id"),
                "indexes": [
                    models.Index(fields=["organisation", "read_at", "told_at"], name="told_to"),
                    models.Index(
                        condition=models.Q(("copied_at__isnull", True)), fields=["id"], name="told_uncopied"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Warned",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=40)),
                ("rule", models.CharField(max_length=60)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("params", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="warnings", to="trading.lot"
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["at"], name="warned_at")],
            },
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="trading.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ("begun_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="one_open_appraisal",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintInquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(max_length=18)),
                ("text", models.TextField()),
                ("until_on", models.DateField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answer_papers", models.JSONField(default=list)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="trading.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ("asked_at", "id"),
                "indexes": [models.Index(fields=["organisation", "answered_at"], name="inquiry_to")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("complaint",),
                        name="one_open_inquiry",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StopOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("ordered_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="trading.complaint",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="trading.lot"
                    ),
                ),
            ],
            options={
                "ordering": ("ordered_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("lot",),
                        name="one_order_stands",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Bid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("bidder", models.CharField(max_length=18)),
                ("place", models.PositiveIntegerField()),
                ("price_fen", models.BigIntegerField()),
                ("period_days", models.PositiveIntegerField()),
                ("deposit_fen", models.BigIntegerField()),
                ("quality", models.CharField(max_length=100)),
                ("manager", models.CharField(max_length=100)),
                ("manager_certificate", models.CharField(max_length=100)),
                ("consortium", models.JSONField(default=list)),
                ("status", models.CharField(default="open", max_length=10)),
                ("evaluated_fen", models.BigIntegerField(blank=True, null=True)),
                ("evaluation_note", models.TextField(blank=True)),
                ("ground", models.CharField(blank=True, max_length=40)),
                ("ground_note", models.TextField(blank=True)),
                ("rank", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("points", models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                (
                    "envelope",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bid", to="trading.envelope"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bids", to="trading.lot"
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "bidder"), name="one_bid_a_bidder"),
                    models.UniqueConstraint(fields=("lot", "rank"), name="one_bid_a_rank"),
                    models.CheckConstraint(
                        condition=models.Q(("rank__isnull", True), ("rank__lte", 3), _connector="OR"),
                        name="at_most_three_ranked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rank__isnull", True),
                            models.Q(("evaluated_fen__isnull", False), ("status", "valid")),
                            _connector="OR",
                        ),
                        name="ranked_is_valid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField()),
                (
                    "envelope",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="trading.envelope",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExpertTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("how", models.CharField(max_length=10)),
                ("text", models.TextField(blank=True)),
                ("signed_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="trading.committeemember",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="trading.report",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("report", "member"), name="signed_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("how", "dissent"), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dissent_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("passes", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("points", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ("cast_at", models.DateTimeField()),
                ("void", models.BooleanField(default=False)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="trading.application",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="trading.reviewer",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("application", "reviewer"), name="review_vote_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("letter", models.CharField(max_length=64)),
                ("letter_number", models.CharField(max_length=60)),
                ("sent_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="awards", to="trading.bid"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="awards", to="trading.lot"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sent_at"], name="award_sent"),
                    models.Index(
                        condition=models.Q(("reported_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=["sent_at"],
                        name="award_unreported",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("lot",),
                        name="one_standing_award",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("unclear", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("accepted", models.BooleanField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="trading.bid",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="trading.committeemember",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Motion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("matter", models.CharField(max_length=10)),
                ("ground", models.CharField(blank=True, max_length=40)),
                ("basis", models.CharField(blank=True, max_length=40)),
                ("before_fen", models.BigIntegerField(blank=True, null=True)),
                ("evaluated_fen", models.BigIntegerField(blank=True, null=True)),
                ("reason", models.TextField()),
                ("papers", models.JSONField(default=list)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("carried", models.BooleanField(blank=True, null=True)),
                (
                    "bid",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="motions",
                        to="trading.bid",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="motions", to="trading.lot"
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="motions",
                        to="trading.committeemember",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evaluated_fen__gt", 0), ("matter", "correct")),
                            models.Q(
                                models.Q(("matter", "correct"), _negated=True),
                                ("evaluated_fen__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="motion_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bid__isnull", True), ("matter", "reject-all")),
                            models.Q(
                                models.Q(("matter", "reject-all"), _negated=True), ("bid__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="motion_says_about_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ground", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("papers", models.JSONField()),
                ("after_letter", models.BooleanField(default=False)),
                ("passed_at", models.DateTimeField()),
                (
                    "bid",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passing", to="trading.bid"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passings", to="trading.lot"
                    ),
                ),
            ],
            options={
                "ordering": ("passed_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Reexamination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("papers", models.JSONField()),
                ("ordered_at", models.DateTimeField()),
                ("stands", models.BooleanField(blank=True, null=True)),
                ("conclusion", models.TextField(blank=True)),
                ("conclusion_papers", models.JSONField(default=list)),
                ("concluded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reexaminations",
                        to="trading.bid",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reexaminations",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("ordered_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("concluded_at__isnull", True)),
                        fields=("lot",),
                        name="one_reexamination_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WrittenReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document", models.CharField(max_length=64)),
                ("handed_in_at", models.DateTimeField()),
                ("late", models.BooleanField()),
                (
                    "award",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="written_report",
                        to="trading.award",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="written_reports",
                        to="trading.lot",
                    ),
                ),
            ],
            options={
                "ordering": ("handed_in_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_favour", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("cast_at", models.DateTimeField()),
                ("void", models.BooleanField(default=False)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="trading.committeemember",
                    ),
                ),
                (
                    "motion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="trading.motion"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [models.UniqueConstraint(fields=("motion", "member"), name="vote_once")],
            },
        ),
        migrations.RunPython(create, drop),
    ]
