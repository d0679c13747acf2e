from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0007_codes_in_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "publish_at"], name="notice_tenderee_by_due"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "published_at"], name="notice_tenderee_by_published"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "region", "id"], name="notice_tenderee_by_region"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "form", "id"], name="notice_tenderee_by_form"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "publish_at"], name="notice_drafted_by_due"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "published_at"], name="notice_drafted_by_published"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "region", "id"], name="notice_drafted_by_region"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "form", "id"], name="notice_drafted_by_form"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "status", "id"], name="notice_drafted_by_status"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "tenderee", "id"], name="notice_drafted_by_tenderee"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "title"], name="notice_tenderee_by_title"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "title"], name="notice_drafted_by_title"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "created_at", "id"], name="notice_tenderee_by_created"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["drafted_for", "created_at", "id"], name="notice_drafted_by_created"),
        ),
    ]
