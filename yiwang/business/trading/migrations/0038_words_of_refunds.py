from django.db import migrations


def note_words(apps, schema_editor):
    """What finds the lot of a refund, which never changes, beside the refund."""
    schema_editor.execute(
        "UPDATE funds_refundduty SET words = found.text "
        "FROM trading_lot AS lot JOIN trading_lotwords AS found ON found.lot_id = lot.id "
        "WHERE about = 'trading:lot:' || lot.code"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0037_refunds_know_their_agent"),
        ("funds", "0005_words_of_refunds"),
    ]

    operations = [migrations.RunPython(note_words, migrations.RunPython.noop)]
