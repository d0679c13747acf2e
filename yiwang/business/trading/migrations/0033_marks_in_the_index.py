"""The indices of words know tenderee, agency and district of each entry as well: they are built anew from the texts."""

from typing import Any

from django.db import migrations

from yiwang.business.trading import wordlists
from yiwang.common.shell.api import WordIndex, marks

BATCH = 2_000


def mark(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    for name, index in (("Project", wordlists.PROJECTS), ("Lot", wordlists.LOTS)):
        _mark(apps.get_model("trading", f"{name}Words"), name.lower(), index, using)


def _mark(model: Any, owner: str, index: WordIndex, using: str) -> None:
    columns = [f"{owner}__{each}" for each in wordlists.MARKED]
    read = model.objects.using(using).order_by("pk").values_list("pk", "text", *columns)
    rows = list(read[:BATCH])
    if rows:
        index.empty(using)
    while rows:
        values = {pk: marks(dict(zip(wordlists.MARKED, given, strict=True))) for pk, _, *given in rows}
        index.put_new({pk: text for pk, text, *_ in rows}, using, values)
        rows = list(read.filter(pk__gt=rows[-1][0])[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("trading", "0032_deposit_payers")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
