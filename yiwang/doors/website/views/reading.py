"""The edge for readers: search, and every page whose file is not there (yet)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import PUBLIC, Head, excel, route, wants_excel
from yiwang.doors.website import queries
from yiwang.doors.website.html import shared_context
from yiwang.doors.website.models import LOT, NOTICE, SUPPLIER
from yiwang.doors.website.rendering import UnknownPage, entry_shown, render
from yiwang.doors.website.words import listed_forms, region_words, stage_words
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
KINDS = {
    NOTICE: Words("公告", "Notices"),
    LOT: Words("项目标段", "Projects and lots"),
    SUPPLIER: Words("供应商", "Suppliers"),
}
SORTS = {
    "newest": Words("最新发布在前", "Newest first"),
    "oldest": Words("最早发布在前", "Oldest first"),
    "deadline": Words("按截止（开标）时间", "By deadline"),
}
MOST_ROWS_IN_EXCEL = 5_000
EXCEL_HEADS = (
    Head(Words("种类", "Kind")),
    Head(Words("名称", "Title")),
    Head(Words("编号", "Code")),
    Head(Words("招标人", "Tenderee")),
    Head(Words("地区", "Region")),
    Head(Words("交易阶段", "Stage")),
    Head(Words("发布或登记时间", "Published or registered"), begins=True),
    Head(Words("截止（开标）时间", "Deadline")),
    Head(Words("是否仍有效", "What became of it")),
)


def language_of_page() -> str:
    return "zh-hans" if (get_language() or "zh").startswith("zh") else "en"


@route(PUBLIC)
@require_safe
def page(request: HttpRequest, path: str = "") -> HttpResponse:
    """The page at ``path``, rendered here because its file is not there; 404 where nothing public stands."""
    try:
        content = render(path, language_of_page(), business_now())
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


def feed_query(wanted: queries.Wanted) -> str:
    """The query string under which a search is followed: "" where it asks for everything."""
    asked = {
        "q": wanted.query,
        "kind": wanted.kind,
        "form": wanted.form,
        "region": wanted.region,
        "stage": wanted.stage,
    }
    given = urlencode({name: value for name, value in asked.items() if value})
    return f"?{given}" if given else ""


def _excel(wanted: queries.Wanted, on: date) -> HttpResponse:
    """Everything found (at most MOST_ROWS_IN_EXCEL), in the order of the page."""
    forms, stages = dict(listed_forms(on)), stage_words(on)
    rows = [
        (
            forms.get(each.form) or KINDS[each.kind],
            each.title,
            each.code,
            each.tenderee,
            region_words(each.region),
            stages.get(each.stage),
            each.shown_at,
            each.deadline_at,
            trading.STANDING_WORDS.get(each.standing),
        )
        for each in queries.listed(wanted, MOST_ROWS_IN_EXCEL)
    ]
    return excel(rows, EXCEL_HEADS, Words("公告查询", "search").in_language(language_of_page()))


def _turned(request: HttpRequest, number: int) -> str:
    return _changed(request, "page", str(number))


def _changed(request: HttpRequest, name: str, value: str) -> str:
    """The query of this address with one value set."""
    asked = request.GET.copy()
    asked[name] = value
    return f"?{asked.urlencode()}"


@route(PUBLIC)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits the query and filters of the URL, page by page. One that is cut short says so."""
    wanted = wanted_of(request)
    on = local_day(business_now())
    if wants_excel(request):
        return _excel(wanted, on)
    found = queries.search(wanted)
    forms, stages = dict(listed_forms(on)), stage_words(on)
    context: dict[str, Any] = {
        **shared_context(SEARCH, language_of_page()),
        "page_path": request.get_full_path(),
        "wanted": wanted,
        "choices": _choices(wanted, on),
        "found": found,
        "entries": [entry_shown(entry, forms, stages) for entry in found.entries],
        "follow": feed_query(wanted),
        "excel": _changed(request, "format", "excel"),
        "previous_page": _turned(request, found.page - 1),
        "next_page": _turned(request, found.page + 1),
    }
    return render_template(request, "website/search.html", context)
