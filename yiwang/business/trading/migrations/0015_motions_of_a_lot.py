"""A motion says of which lot it is; those that stand say it by their bid."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_lot(apps, schema_editor) -> None:
    """Fills in the lot of every motion from its bid."""
    motions, bids = apps.get_model("trading", "Motion"), apps.get_model("trading", "Bid")
    motions.objects.update(lot_id=Subquery(bids.objects.filter(pk=OuterRef("bid_id")).values("lot_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("trading", "0014_division_of_work")]

    operations = [
        migrations.AddField(
            model_name="motion",
            name="lot",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="motions",
                to="trading.lot",
            ),
        ),
        migrations.RunPython(name_the_lot, migrations.RunPython.noop),
    ]
