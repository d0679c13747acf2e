"""The members of a consortium that bids."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0023_prequalification"),
    ]

    operations = [
        migrations.AddField(model_name="bid", name="consortium", field=models.JSONField(default=list)),
    ]
