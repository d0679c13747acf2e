from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0006_orders_of_every_party"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["cause"], name="refund_by_cause"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["debtor", "cause"], name="refund_debtor_by_cause"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["agent", "cause"], name="refund_agent_by_cause"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["creditor", "cause"], name="refund_creditor_by_cause"),
        ),
    ]
