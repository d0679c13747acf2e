from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0006_pointing_notices"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["code", "created_at"], name="notice_code_created"),
        ),
        migrations.AddIndex(
            model_name="storednotice",
            index=models.Index(fields=["tenderee", "code", "created_at"], name="notice_tenderee_code"),
        ),
    ]
