"""What lists of lots are ordered and narrowed by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0018_parties_of_lots"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="award",
            index=models.Index(fields=["sent_at"], name="award_sent"),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(fields=["signed_on"], name="contract_signed"),
        ),
        migrations.AddIndex(
            model_name="envelope",
            index=models.Index(fields=["bidder"], name="envelope_of"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "stage_since_at"], name="lot_of_tenderee"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "stage"], name="lot_of_tenderee_in_stage"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "stage_since_at"], name="lot_of_agency"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "stage"], name="lot_of_agency_in_stage"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["region", "stage_since_at"], name="lot_of_region"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["stage", "law_on"], name="lot_stage_announced"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["stage", "id"], name="lot_stage_in_order"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["publicity_until_at"], name="lot_publicity_until"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("retender_of", ""), _negated=True),
                fields=["retender_of"],
                name="lot_retender_of",
            ),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(fields=["raised_at"], name="objection_raised"),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(fields=["answered_at"], name="objection_answered"),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(fields=["objector"], name="objection_of"),
        ),
        migrations.AddIndex(
            model_name="taking",
            index=models.Index(fields=["organisation"], name="taken_by"),
        ),
    ]
