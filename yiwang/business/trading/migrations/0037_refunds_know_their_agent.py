from django.db import migrations
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Concat, Substr

BEFORE = "trading:lot:"


def note_agents(apps, schema_editor):
    """Who acts for the debtor of a refund: the agency of its lot, which never changes."""
    duty, lot = apps.get_model("funds", "RefundDuty"), apps.get_model("trading", "Lot")
    matter = Substr("about", len(BEFORE) + 1, output_field=CharField())
    of_agencies = lot.objects.exclude(agency="").annotate(
        matter=Concat(Value(BEFORE), F("code"), output_field=CharField())
    )
    agency = lot.objects.filter(code=OuterRef("matter")).values("agency")[:1]
    rows = duty.objects.filter(about__in=of_agencies.values("matter"))
    rows.annotate(matter=matter).update(agent=Subquery(agency))


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0036_new_committees"),
        ("funds", "0004_refunds_of_agents"),
    ]

    operations = [migrations.RunPython(note_agents, migrations.RunPython.noop)]
