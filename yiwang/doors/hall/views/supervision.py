"""The time line of a lot taken away as a file: JSON for programs, Excel for people. On record for supervisors."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import KIND_WORDS, permissions
from yiwang.common.shell.api import Head, excel, route
from yiwang.doors.hall.edge import visible_lot
from yiwang.pure.kernel.days import from_iso
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

COLUMNS = (
    Words("时间（北京时间）", "Instant (Beijing time)"),
    Words("事项", "What"),
    Words("类型", "Kind"),
    Words("对象", "About"),
    Words("序号", "Number"),
    Words("内容", "Facts"),
    Words("文件摘要", "Digests of documents"),
    Words("记录散列", "Hash of the record"),
)


@route(permissions.EXPORT_TIMELINE)
@require_GET
def timeline_json(request: HttpRequest, code: str) -> HttpResponse:
    """Every public entry of a lot with its leaf hash."""
    actor, now = request.actor, business_now()
    visible_lot(actor, code)
    entries = trading.export_timeline(actor, code, now)
    response = JsonResponse(
        {"lot": code, "entries": entries}, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="timeline-{code}.json"'
    return response


@route(permissions.EXPORT_TIMELINE)
@require_GET
def timeline_excel(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a sheet."""
    actor, now = request.actor, business_now()
    visible_lot(actor, code)
    rows = [
        (
            from_iso(each["at"]),
            KIND_WORDS.get(each["kind"], Words(each["kind"], each["kind"])),
            each["kind"],
            each["about"],
            each["n"],
            json.dumps(each["facts"], ensure_ascii=False, sort_keys=True),
            " ".join(each["documents"]),
            each["leaf_hash"],
        )
        for each in trading.export_timeline(actor, code, now)
    ]
    return excel(rows, [Head(each) for each in COLUMNS], f"timeline-{code}")
