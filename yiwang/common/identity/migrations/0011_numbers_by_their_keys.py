"""Certificates are found again by the key of their number: full-width forms, capitals and hyphens are no difference."""

from typing import Any

from django.db import migrations

from yiwang.common.identity.rules.credentials import certificate_key

BATCH = 2_000


def fold(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    versions = apps.get_model("identity", "CredentialVersion").objects.using(using)
    changed = []
    for row in versions.only("certificate").iterator(BATCH):
        found = certificate_key(row.certificate)
        if found != row.certificate:
            row.certificate = found
            changed.append(row)
    versions.bulk_update(changed, ["certificate"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("identity", "0010_ties")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
