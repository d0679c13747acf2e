"""Lots in the order of their parties and districts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0019_list_orders"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "id"], name="lot_tenderee_in_order"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "id"], name="lot_agency_in_order"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["region", "id"], name="lot_region_in_order"),
        ),
    ]
