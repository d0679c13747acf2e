"""How the hall answers with a list: its page with the saved views of it, or its Excel file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from yiwang.common.shell.api import Listing, wants_excel
from yiwang.doors.hall.edge import render
from yiwang.doors.hall.saved import views_of


def answered(
    request: HttpRequest, page: str, shown: Listing, learn: Callable[[Sequence[Any]], None], **more: Any
) -> HttpResponse:
    """The page of a list with its saved views, or its Excel file; ``learn`` looks up names for the rows shown."""
    if wants_excel(request):
        learn(shown.found)
        return shown.excel(page)
    learn(shown.page.object_list)
    context = {"listing": shown, "page_name": page, "saved_views": views_of(request, page), **more}
    context["query"] = request.GET.urlencode()
    return render(request, f"hall/{page}.html", context)


def nothing_to_learn(rows: Sequence[Any]) -> None:
    """For lists without names to look up."""
