from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("funds", "0004_refunds_of_agents")]

    operations = [
        migrations.AddField("refundduty", "words", models.TextField(blank=True, default="")),
    ]
