from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0004_marks_of_making")]

    operations = [
        migrations.AddField(
            model_name="storeddocument",
            name="marked_by",
            field=models.CharField(blank=True, db_index=True, default="", max_length=16),
        ),
    ]
