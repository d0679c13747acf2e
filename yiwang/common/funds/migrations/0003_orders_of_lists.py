from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0002_open_refunds"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(
                condition=models.Q(("done_on__isnull", True)), fields=["due_at"], name="refund_open_by_due"
            ),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(
                condition=models.Q(("done_on__isnull", True)),
                fields=["debtor", "due_at"],
                name="refund_open_of_debtor",
            ),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["done_on"], name="refund_by_day_paid"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["principal_fen"], name="refund_by_principal"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["debtor", "due_at", "id"], name="refund_debtor_by_due"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["debtor", "done_on"], name="refund_debtor_by_day_paid"),
        ),
        migrations.AddIndex(
            model_name="refundduty",
            index=models.Index(fields=["debtor", "principal_fen"], name="refund_debtor_by_principal"),
        ),
    ]
