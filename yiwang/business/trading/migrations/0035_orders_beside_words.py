"""Beside the words of lots and projects stands what they are ordered by; on PostgreSQL in indices that hold the text.

Such an index is walked in its order, and no row is fetched to read its text. Django cannot say it for one database only.
"""

from typing import Any

from django.db import migrations, models

BESIDE = ("tenderee", "agency", "region")
OWNERS = ("project", "lot")
BYTES, CHARACTERS = 2_600, 650  # an entry of an index holds no more


def fill(apps: Any, schema_editor: Any) -> None:
    for owner in OWNERS:
        given = ", ".join(f"{each} = owner.{each}" for each in BESIDE)
        schema_editor.execute(
            f"UPDATE trading_{owner}words SET {given} FROM trading_{owner} AS owner "  # noqa: S608 - constants
            f"WHERE owner.id = {owner}_id"
        )


def index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for owner in OWNERS:
        schema_editor.execute(
            f"UPDATE trading_{owner}words SET text = left(text, {CHARACTERS}) WHERE octet_length(text) > {BYTES}"  # noqa: S608 - constants
        )
        for each in BESIDE:
            schema_editor.execute(
                f"CREATE INDEX {owner}_words_by_{each} ON trading_{owner}words ({each}, {owner}_id) INCLUDE (text)"
            )


class Migration(migrations.Migration):
    dependencies = [("trading", "0034_announced_in_order")]
    operations = [
        *(
            migrations.AddField(
                f"{owner}words", name, models.CharField(max_length=size, default="", blank=blank)
            )
            for owner in OWNERS
            for name, size, blank in (("tenderee", 18, False), ("agency", 18, True), ("region", 6, False))
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, migrations.RunPython.noop),
    ]
