"""What an upheld complaint orders the tenderee to correct, and how it was carried out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0028_projects_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="corrected_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="corrected_by",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddField(
            model_name="complaint",
            name="corrected_how",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="complaint",
            name="correction",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddField(
            model_name="complaint",
            name="corrector",
            field=models.CharField(blank=True, default="", max_length=18),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["corrector", "corrected_at"], name="complaint_corrected"),
        ),
    ]
