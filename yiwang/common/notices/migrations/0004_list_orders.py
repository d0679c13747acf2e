"""What lists of lots are ordered and narrowed by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_words"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["form", "created_at"], name="notice_form"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["region", "created_at"], name="notice_region"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["status", "created_at"], name="notice_status_created"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["title"], name="notice_title"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["published_at"], name="notice_published"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["publish_at"], name="notice_publish"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["region", "id"], name="notice_region_in_order"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["status", "id"], name="notice_status_in_order"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "id"], name="notice_tenderee_in_order"),
        ),
    ]
