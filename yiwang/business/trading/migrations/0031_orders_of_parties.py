from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0030_consents_of_members"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "code"], name="lot_tenderee_by_code"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "estimate_fen"], name="lot_tenderee_by_estimate"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "deadline_at"], name="lot_tenderee_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "agency", "id"], name="lot_tenderee_by_agency"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "region", "id"], name="lot_tenderee_by_region"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "code"], name="lot_agency_by_code"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "estimate_fen"], name="lot_agency_by_estimate"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "deadline_at"], name="lot_agency_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "tenderee", "id"], name="lot_agency_by_tenderee"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "region", "id"], name="lot_agency_by_region"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["region", "law_on"], name="lot_region_announced"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("law_on__isnull", True)), fields=["project"], name="lot_unannounced"
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["tenderee", "name"], name="project_tenderee_by_name"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["tenderee", "code"], name="project_tenderee_by_code"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["tenderee", "agency", "id"], name="project_tenderee_by_agency"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["tenderee", "region", "id"], name="project_tenderee_by_region"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["agency", "name"], name="project_agency_by_name"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["agency", "code"], name="project_agency_by_code"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["agency", "tenderee", "id"], name="project_agency_by_tenderee"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["agency", "region", "id"], name="project_agency_by_region"),
        ),
    ]
