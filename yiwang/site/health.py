"""Is this the server that was started, and how far behind is its worker?"""

from __future__ import annotations

import os

from django.http import HttpRequest, JsonResponse

from yiwang.common.shell.api import PUBLIC, route
from yiwang.record.journal.api import lag
from yiwang.site.readers import READERS


@route(PUBLIC)
def answer(request: HttpRequest) -> JsonResponse:
    """The start that this process belongs to (YIWANG_START) and how many entries each reader is behind."""
    behind = {each.reader: each.behind for each in lag(READERS)}
    return JsonResponse({"start": os.environ.get("YIWANG_START", ""), "behind": behind})
