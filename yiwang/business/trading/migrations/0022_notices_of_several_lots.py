"""A notice can put the deadline of several lots off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0021_draws_of_experts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clarification",
            name="notice",
            field=models.CharField(db_index=True, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="clarification",
            constraint=models.UniqueConstraint(fields=("lot", "notice"), name="notice_does_it_once_a_lot"),
        ),
    ]
