from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0005_words_of_refunds"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["debtor", "about"], name="refund_debtor_by_matter"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["debtor", "creditor"], name="refund_debtor_by_creditor"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["agent", "about"], name="refund_agent_by_matter"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["agent", "creditor"], name="refund_agent_by_creditor"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["agent", "debtor"], name="refund_agent_by_debtor"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["creditor", "about"], name="refund_creditor_by_matter"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["creditor", "debtor"], name="refund_creditor_by_debtor"),
        ),
    ]
