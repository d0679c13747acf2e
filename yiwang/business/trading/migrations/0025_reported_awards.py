"""An award knows when its written report came; whose a lot is stands in the indexes of takings, bids, applications."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def _reported(apps: Any, schema: Any) -> None:
    reports = apps.get_model("trading", "WrittenReport").objects.filter(award=OuterRef("pk")).order_by()
    awards = apps.get_model("trading", "Award").objects
    awards.update(reported_at=Subquery(reports.values("handed_in_at")[:1]))


def _kept(apps: Any, schema: Any) -> None:
    """Nothing is lost on the way back: the reports themselves say when they came."""


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0024_consortia"),
    ]

    operations = [
        migrations.AddField(
            model_name="award", name="reported_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(_reported, _kept),
        migrations.AddIndex(
            model_name="award",
            index=models.Index(
                condition=Q(withdrawn_at__isnull=True, reported_at__isnull=True),
                fields=["sent_at"],
                name="award_unreported",
            ),
        ),
        migrations.RemoveIndex(model_name="taking", name="taken_by"),
        migrations.AddIndex(
            model_name="taking", index=models.Index(fields=["organisation", "lot"], name="taken_by")
        ),
        migrations.RemoveIndex(model_name="envelope", name="envelope_of"),
        migrations.AddIndex(
            model_name="envelope", index=models.Index(fields=["bidder", "lot"], name="envelope_of")
        ),
        migrations.RemoveIndex(model_name="application", name="application_of"),
        migrations.AddIndex(
            model_name="application", index=models.Index(fields=["applicant", "lot"], name="application_of")
        ),
    ]
