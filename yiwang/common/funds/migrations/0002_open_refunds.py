"""What lists of lots are ordered and narrowed by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0001_refund_duties"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(
                condition=models.Q(("done_on__isnull", True)), fields=["about"], name="refund_open"
            ),
        ),
    ]
