"""A member of a review committee is replaced, and what it voted is void."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0026_complaints"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewer",
            name="replaced_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reviewer",
            name="replaced_why",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="reviewer",
            name="replaces",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reviewvote",
            name="void",
            field=models.BooleanField(default=False),
        ),
    ]
