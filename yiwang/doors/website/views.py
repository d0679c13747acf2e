"""The edge for readers: search, and every page whose file is not there (yet)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yiwang.common.shell.api import PUBLIC, route
from yiwang.doors.website import queries
from yiwang.doors.website.html import shared_context
from yiwang.doors.website.models import LOT, NOTICE
from yiwang.doors.website.rendering import UnknownPage, entry_shown, render
from yiwang.doors.website.words import listed_forms, stage_words
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import PDF
from yiwang.record.journal.api import business_now

SEARCH = "search/"
MEDIA_TYPES = {
    "xml": "application/xml",
    "txt": "text/plain",
    "json": "application/json",
    "ics": "text/calendar",
    "pdf": PDF,
}
ANY = Words("不限", "Any")
KINDS = {NOTICE: Words("公告", "Notices"), LOT: Words("项目标段", "Projects and lots")}
SORTS = {
    "newest": Words("最新发布在前", "Newest first"),
    "oldest": Words("最早发布在前", "Oldest first"),
    "deadline": Words("按开标时间", "By opening"),
}


def _language() -> str:
    return "zh-hans" if (get_language() or "zh").startswith("zh") else "en"


@route(PUBLIC)
@require_safe
def page(request: HttpRequest, path: str = "") -> HttpResponse:
    """The page at ``path``, rendered here because its file is not there; 404 where nothing public stands."""
    try:
        content = render(path, _language(), business_now())
    except UnknownPage as error:
        raise Http404(path) from error
    ending = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    media_type = MEDIA_TYPES.get(ending, "text/html")
    charset = "" if ending == "pdf" else "; charset=utf-8"
    return HttpResponse(content, content_type=media_type + charset, headers={"Cache-Control": "no-cache"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of the search form: its name, label, options and what is chosen."""

    name: str
    label: Words
    options: list[tuple[str, Words]]
    value: str


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def wanted_of(request: HttpRequest) -> queries.Wanted:
    """The search that a URL asks for; what it does not understand it leaves out."""
    asked = {name: value.replace("\x00", "") for name, value in request.GET.items()}
    sort = asked.get("sort", "newest")
    return queries.Wanted(
        query=asked.get("q", "").strip()[:100],
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        form=asked.get("form", "")[:60],
        region=asked.get("region", "") if asked.get("region") in REGIONS else "",
        stage=asked.get("stage", "")[:40],
        first_on=_day(asked.get("from", "")),
        last_on=_day(asked.get("to", "")),
        sort=sort if sort in SORTS else "newest",
        page=_number(asked.get("page", "1")),
    )


def _choices(wanted: queries.Wanted, on: date) -> list[Choice]:
    regions = {code: Words(*names) for code, names in REGIONS.items()}
    named: list[tuple[str, Words, dict[str, Words], str]] = [
        ("kind", Words("查找范围", "Look in"), KINDS, wanted.kind),
        ("form", Words("公告种类", "Kind of notice"), dict(listed_forms(on)), wanted.form),
        ("region", Words("地区", "Region"), regions, wanted.region),
        ("stage", Words("交易阶段", "Stage"), stage_words(on), wanted.stage),
    ]
    choices = [
        Choice(name, label, [("", ANY), *options.items()], value) for name, label, options, value in named
    ]
    return [*choices, Choice("sort", Words("排序", "Order"), list(SORTS.items()), wanted.sort)]


def _turned(request: HttpRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}"


@route(PUBLIC)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits the query and filters of the URL, page by page. One that is cut short says so."""
    wanted = wanted_of(request)
    on = local_day(business_now())
    found = queries.search(wanted)
    forms, stages = dict(listed_forms(on)), stage_words(on)
    context: dict[str, Any] = {
        **shared_context(SEARCH, _language()),
        "page_path": request.get_full_path(),
        "wanted": wanted,
        "choices": _choices(wanted, on),
        "found": found,
        "entries": [entry_shown(entry, forms, stages) for entry in found.entries],
        "previous_page": _turned(request, found.page - 1),
        "next_page": _turned(request, found.page + 1),
    }
    return render_template(request, "website/search.html", context)
