"""Login names are kept in plain signs; one that somebody else already has in plain signs stays as it is."""

from typing import Any

from django.db import migrations

from yiwang.common.identity.rules.register import login_name


def narrow(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("identity", "Person").objects.using(schema_editor.connection.alias)
    for row in people.order_by("pk").only("username").iterator():
        plain = login_name(row.username)
        if plain != row.username and not people.filter(username=plain).exists():
            people.filter(pk=row.pk).update(username=plain)


class Migration(migrations.Migration):
    dependencies = [("identity", "0011_numbers_by_their_keys")]
    operations = [migrations.RunPython(narrow, migrations.RunPython.noop)]
