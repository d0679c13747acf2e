"""The index of words knows parties, district and form of each notice as well: it is built anew from the texts."""

from typing import Any

from django.db import migrations

from yiwang.common.notices import wordlists
from yiwang.common.shell.api import marks

BATCH = 2_000


def mark(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    columns = [f"notice__{each}" for each in wordlists.MARKED]
    words = apps.get_model("notices", "NoticeWords").objects.using(using)
    read = words.order_by("pk").values_list("pk", "text", *columns)
    rows = list(read[:BATCH])
    if rows:
        wordlists.NOTICES.empty(using)
    while rows:
        values = {pk: marks(dict(zip(wordlists.MARKED, given, strict=True))) for pk, _, *given in rows}
        wordlists.NOTICES.put_new({pk: text for pk, text, *_ in rows}, using, values)
        rows = list(read.filter(pk__gt=rows[-1][0])[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("notices", "0008_orders_of_parties")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
