"""Entries of a district in the order of lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("website", "0007_list_orders"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["region", "id"], name="search_of_region"),
        ),
    ]
