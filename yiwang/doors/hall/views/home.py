"""The one entry: what I have to do, what I was told, what is mine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import route
from yiwang.doors.hall.edge import ENTER_HALL, render
from yiwang.doors.hall.links import queues, tasks, verifications
from yiwang.doors.hall.messages import SHOWN, shown_messages
from yiwang.doors.hall.views.lots import counted
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

SHOWN_TASKS, SHOWN_LOTS, SHOWN_MESSAGES = 12, 8, 5


@route(ENTER_HALL)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To-dos with their clocks, unread messages first, my lots."""
    now = business_now()
    actor = request.actor
    found = trading.todos(actor, now)
    unread = trading.messages_for(actor).only(*SHOWN).filter(read_at__isnull=True)
    told = trading.urgent_first(unread, now)
    ready = [each for each in found if each.waiting is None]
    later = [each for each in found if each.waiting is not None]
    taken = trading.taken_by(actor)
    lots = trading.my_lots(actor, taken=taken)
    newest = list(
        lots.values_list("pk", flat=True)[:SHOWN_LOTS]
    )  # whole lots are read when it is known which
    context = {
        "now": now,
        "ready": tasks(ready[:SHOWN_TASKS], now),
        "queues": queues(ready),
        "verifications": verifications(actor),
        "ready_total": len(ready),
        "later": tasks(later[:SHOWN_TASKS], now),
        "more_tasks": len(found) > SHOWN_TASKS,
        "tasks_total": len(found),
        "messages_told": shown_messages(told[:SHOWN_MESSAGES], now),
        "lots": [(each, _stage_words(each, now)) for each in trading.every_lot().filter(pk__in=newest)],
        "lots_total": counted(trading.number_of_my_lots(actor, taken)),
    }
    return render(request, "hall/home.html", context)


def _stage_words(lot: Any, now: datetime) -> Words:
    """Where a lot stands, by the procedure of the law under which it began."""
    return law.procedure(lot.procedure, on=lot.law_on or local_day(now)).stage(lot.stage).words
