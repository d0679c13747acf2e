from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0007_causes_of_every_party"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="refundduty",
            name="owed_once",
        ),
        migrations.AddField(
            model_name="refundduty",
            name="paid_with",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddConstraint(
            model_name="refundduty",
            constraint=models.UniqueConstraint(
                fields=("about", "creditor", "cause", "arose_on", "paid_with"), name="owed_once_a_deposit"
            ),
        ),
    ]
