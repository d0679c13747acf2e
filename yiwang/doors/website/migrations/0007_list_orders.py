"""What lists of lots are ordered and narrowed by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("website", "0006_suppliers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="searchentry",
            name="search_newest",
        ),
        migrations.RemoveIndex(
            model_name="searchentry",
            name="search_by_form",
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["shown_at"], name="search_shown"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["kind", "form", "id"], name="search_form"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["kind", "region", "id"], name="search_region"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["kind", "stage", "id"], name="search_stage"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["kind", "category", "id"], name="search_category"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["region", "stage", "id"], name="search_region_stage"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["stage", "id"], name="search_of_stage"),
        ),
    ]
