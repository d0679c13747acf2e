from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trading", "0035_orders_beside_words")]

    operations = [
        migrations.AddField(
            model_name="lot", name="panel", field=models.PositiveSmallIntegerField(default=1)
        ),
        migrations.AddField(
            model_name="expertdraw", name="panel", field=models.PositiveSmallIntegerField(default=1)
        ),
    ]
