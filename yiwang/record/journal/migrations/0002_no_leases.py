"""A duty is held by the lock of its row: a worker that dies holds nothing for a minute more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_entries_order_agenda_clock")]
    operations = [
        migrations.RemoveField(model_name="due", name="lease"),
        migrations.RemoveField(model_name="due", name="leased_until"),
    ]
