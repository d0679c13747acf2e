from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0038_words_of_refunds"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="lot",
            name="lot_tenderee_in_order",
        ),
        migrations.RemoveIndex(
            model_name="lot",
            name="lot_agency_in_order",
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["tenderee", "id", "law_on", "project"], name="lot_tenderee_in_order"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["agency", "id", "law_on", "project"], name="lot_agency_in_order"),
        ),
    ]
